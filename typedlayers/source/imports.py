"""Imports of Keras exchanged for typed ones, and back; nothing else of a file is touched.

Each way to import Keras has one typed way of its own, so that the way back is known:

    import keras                               from typedlayers import keras
    from keras import layers                   from typedlayers import layers
    from keras.layers import Dense             from typedlayers.keras.layers import Dense
    import keras.layers                        import keras.layers, typedlayers.keras as keras
    import tensorflow as tf                    import typedlayers.tensorflow as tf
    from tensorflow.keras import models        from typedlayers.tensorflow.keras import models

TensorFlow is exchanged where ``tf.keras`` is used. Imports of what is not typed (``keras.backend``) stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import libcst as cst

from typedlayers.source.program import Program, dotted

OURS: Final = "typedlayers"
EXCHANGED: Final = frozenset({"layers", "models", "saving", "Sequential", "Model", "Layer"})
"""The names of ``keras`` that are typed in `typedlayers.keras`."""

MODULES: Final = frozenset({"layers", "models", "saving"})
ROOTS: Final = ("keras", "tensorflow")
_IN_FRONT: Final = frozenset({"layers", "Sequential", "Model", "Layer", "Input"})
"""The names that both ``typedlayers`` and ``keras`` have."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A file with other imports.

    Attributes:
        data: its bytes.
        left: the lines of imports that have no way back, as a person wrote them.
    """

    data: bytes
    left: tuple[int, ...] = ()


def typed(program: Program) -> Exchanged:
    """Returns a file with typed imports in the place of Keras's."""
    return _exchanged(program, _Typed(program))


def untyped(program: Program) -> Exchanged:
    """Returns a file with Keras's imports in the place of typed ones."""
    return _exchanged(program, _Untyped(program))


def _exchanged(program: Program, change: _Typed | _Untyped) -> Exchanged:
    changed = program.module.visit(change)
    return Exchanged(changed.bytes, tuple(sorted(change.left)))


class _Exchange(cst.CSTTransformer):
    def __init__(self, program: Program) -> None:
        super().__init__()
        self.program = program
        self.left: set[int] = set()


# ---------------------------------------------------------------------------------------------- typed
class _Typed(_Exchange):
    def leave_Import(self, original_node: cst.Import, updated_node: cst.Import) -> Any:
        names = updated_node.names
        if len(names) == 1 and names[0].evaluated_name == "keras":
            return _from(updated_node, OURS, names[0])
        new = [one for i, alias in enumerate(names) for one in self._alias(original_node, names, i, alias)]
        return updated_node if new == list(names) else updated_node.with_changes(names=_with_commas(names, new))

    def _alias(
        self, node: cst.Import, names: Sequence[cst.ImportAlias], at: int, alias: cst.ImportAlias
    ) -> Iterator[cst.ImportAlias]:
        name = alias.evaluated_name
        root, _, below = name.partition(".")
        is_wanted = root == "keras" or (root == "tensorflow" and self._uses_keras(node, root))
        if not below and is_wanted:
            yield _renamed(alias, f"{OURS}.{name}", root)
        elif root in ROOTS and alias.asname is not None and _is_typed_module(name):
            yield _renamed(alias, f"{OURS}.{name}")
        elif below and alias.asname is None and is_wanted and not _is_rebound(names, at, root):
            yield alias
            yield _renamed(cst.ImportAlias(cst.Name(root)), f"{OURS}.{root}", root)
        else:
            yield alias

    def _uses_keras(self, node: cst.Import, root: str) -> bool:
        """Returns True if what an import of TensorFlow binds is asked for a typed name of ``tf.keras``."""
        names = {
            alias.evaluated_alias or root for alias in node.names if alias.evaluated_name.partition(".")[0] == root
        }
        return any(self._asks_for_typed(name) for one in names for name in self.program.accesses(node, one))

    def _asks_for_typed(self, name: cst.CSTNode) -> bool:
        keras = self.program.parent(name)
        if not isinstance(keras, cst.Attribute) or keras.attr.value != "keras":
            return False
        asked = self.program.parent(keras)
        return not isinstance(asked, cst.Attribute) or asked.attr.value in EXCHANGED

    def leave_ImportFrom(self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom) -> Any:
        module = _module(updated_node)
        names = _names(updated_node)
        if module == "keras" and names == ["layers"]:
            return updated_node.with_changes(module=cst.Name(OURS))
        is_typed = _is_typed_module(module) if module not in _OPEN else not names or bool(_OPEN[module] & set(names))
        return updated_node.with_changes(module=_dotted(f"{OURS}.{module}")) if is_typed else updated_node


_OPEN: Final = {"keras": EXCHANGED, "tensorflow.keras": EXCHANGED, "tensorflow": frozenset({"keras"})}
"""Modules of which only some names are typed; a star takes them all."""


def _is_typed_module(name: str) -> bool:
    root, _, last = name.rpartition(".")
    return name == "tensorflow.keras" or (root in ("keras", "tensorflow.keras") and last in MODULES)


def _is_rebound(names: Sequence[cst.ImportAlias], at: int, root: str) -> bool:
    """Returns True if a later part of the same import binds the root once more, typed or not."""
    return any(one.evaluated_name.partition(".")[0] == root and one.asname is None for one in names[at + 1 :]) or any(
        one.evaluated_name == f"{OURS}.{root}" and one.evaluated_alias == root for one in names[at + 1 :]
    )


# -------------------------------------------------------------------------------------------- untyped
class _Untyped(_Exchange):
    def leave_Import(self, original_node: cst.Import, updated_node: cst.Import) -> Any:
        names = updated_node.names
        new = [one for i, alias in enumerate(names) for one in self._alias(original_node, names[:i], alias)]
        return updated_node if new == list(names) else updated_node.with_changes(names=_with_commas(names, new))

    def _alias(
        self, node: cst.Import, before: Sequence[cst.ImportAlias], alias: cst.ImportAlias
    ) -> Iterator[cst.ImportAlias]:
        ours, _, name = alias.evaluated_name.partition(".")
        root = name.partition(".")[0]
        if ours != OURS:
            yield alias
        elif root not in ROOTS or alias.asname is None:
            self.left.add(self.program.line_of(node))
            yield alias
        elif name != root or alias.evaluated_alias != root:
            yield _renamed(alias, name)
        elif not any(one.asname is None and one.evaluated_name.startswith(f"{root}.") for one in before):
            yield alias.with_changes(name=cst.Name(root), asname=None)

    def leave_ImportFrom(self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom) -> Any:
        module, names = _module(updated_node), _names(updated_node)
        ours, _, below = module.partition(".")
        if ours != OURS:
            return updated_node
        if not below and names == ["keras"]:
            return _import(updated_node)
        if not below and names and set(names) <= _IN_FRONT:
            return updated_node.with_changes(module=cst.Name("keras"))
        if below.partition(".")[0] in ROOTS:
            return updated_node.with_changes(module=_dotted(below))
        if len(_by_kind(updated_node)) > 1 and self.program.statement(original_node) is not None:
            return updated_node  # its line is taken apart
        self.left.add(self.program.line_of(original_node))
        return updated_node

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> Any:
        """Gives each of several names of ``typedlayers`` its own kind of import."""
        node = updated_node.body[0]
        if len(updated_node.body) > 1 or not isinstance(node, cst.ImportFrom) or _module(node) != OURS:
            return updated_node
        groups = _by_kind(node)
        if len(groups) < 2:
            return updated_node
        kept = [_with_names(node, names) for names in groups]
        new = [self.leave_ImportFrom(original_node.body[0], one) for one in kept]  # pyright: ignore
        first = updated_node.with_changes(body=[new[0]], trailing_whitespace=cst.TrailingWhitespace())
        between = [cst.SimpleStatementLine([one]) for one in new[1:-1]]
        last = cst.SimpleStatementLine([new[-1]], trailing_whitespace=updated_node.trailing_whitespace)
        return cst.FlattenSentinel([first, *between, last])


# ------------------------------------------------------------------------------------------------ nodes
def _by_kind(node: cst.ImportFrom) -> list[list[cst.ImportAlias]]:
    """Returns the names of an import of ``typedlayers``: ``keras``, those that Keras has too, and the others."""
    if isinstance(node.names, cst.ImportStar):
        return []
    keras = [one for one in node.names if one.evaluated_name == "keras"]
    front = [one for one in node.names if one.evaluated_name in _IN_FRONT]
    rest = [one for one in node.names if one not in keras and one not in front]
    return [group for group in (keras, front, rest) if group]


def _with_names(node: cst.ImportFrom, names: list[cst.ImportAlias]) -> cst.ImportFrom:
    bare = [one.with_changes(comma=cst.MaybeSentinel.DEFAULT) for one in names]
    return node.with_changes(names=bare, lpar=None, rpar=None)


def _module(node: cst.ImportFrom) -> str:
    return "" if node.module is None or node.relative else dotted(node.module)


def _names(node: cst.ImportFrom) -> list[str]:
    """Returns the names of an import, none for a star."""
    return [] if isinstance(node.names, cst.ImportStar) else [alias.evaluated_name for alias in node.names]


def _dotted(name: str) -> Any:
    return cst.parse_expression(name)


def _renamed(alias: cst.ImportAlias, name: str, known_as: str = "") -> cst.ImportAlias:
    """Returns an import of another name, bound to the same one."""
    bound = alias.asname
    if bound is None and known_as:
        space = cst.SimpleWhitespace(" ")
        bound = cst.AsName(cst.Name(known_as), whitespace_before_as=space, whitespace_after_as=space)
    return alias.with_changes(name=_dotted(name), asname=bound)


def _with_commas(before: Sequence[cst.ImportAlias], names: Sequence[cst.ImportAlias]) -> list[cst.ImportAlias]:
    comma = before[0].comma if len(before) > 1 else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    between = [one if isinstance(one.comma, cst.Comma) else one.with_changes(comma=comma) for one in names[:-1]]
    return [*between, names[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)]


def _from(node: cst.Import, module: str, alias: cst.ImportAlias) -> cst.ImportFrom:
    return cst.ImportFrom(
        module=_dotted(module),
        names=[alias],
        semicolon=node.semicolon,
        whitespace_after_import=node.whitespace_after_import,
    )


def _import(node: cst.ImportFrom) -> cst.Import:
    assert not isinstance(node.names, cst.ImportStar)
    return cst.Import(
        names=[node.names[0].with_changes(comma=cst.MaybeSentinel.DEFAULT)],
        semicolon=node.semicolon,
        whitespace_after_import=node.whitespace_after_import,
    )


Exchange = Callable[[Program], Exchanged]
