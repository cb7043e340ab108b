"""The names in the code of an edit (``layers.Flatten``, ``np``) as the user's file calls them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import libcst as cst

from typedlayers.source.plan import Plan
from typedlayers.source.program import NoPlace, dotted, last_name

HOMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "keras": "keras",
        "layers": "keras.layers",
        "losses": "keras.losses",
        "metrics": "keras.metrics",
        "ops": "keras.ops",
        "optimizers": "keras.optimizers",
        "np": "numpy",
        "tf": "tensorflow",
    }
)
"""The modules that the names in the code of an edit stand for."""

_SAME: Final = (("typedlayers.keras", "keras"), ("typedlayers.layers", "keras.layers"), ("tensorflow.keras", "keras"))
"""Modules that stand for another one."""


def canonical(module: str) -> str:
    """Returns the name of the module of Keras that a dotted name stands for.

    >>> canonical("tensorflow.keras.layers.Dense"), canonical("typedlayers.layers"), canonical("numpy")
    ('keras.layers.Dense', 'keras.layers', 'numpy')
    """
    for spelled, meant in _SAME:
        if module == spelled or module.startswith(f"{spelled}."):
            return meant + module[len(spelled) :]
    return module


def expression(plan: Plan, code: str, near: cst.CSTNode, put: Mapping[str, cst.BaseExpression] | None = None) -> Any:
    """Returns code of an edit as a node, in the names of the file.

    Args:
        plan: the plan of the file.
        code: the code.
        near: the node that it will stand beside, whose names hold for it.
        put: expressions to put in the place of names: ``x`` by the user's data.

    Raises:
        NoPlace: if the code is no expression, or a name that it needs means something else there.
    """
    return parsed(code).visit(_Renamed(plan, near, put or {}))


def parsed(code: str) -> cst.BaseExpression:
    """Returns the code of an edit as a node.

    Raises:
        NoPlace: if it is no expression.
    """
    try:
        return cst.parse_expression(code)
    except cst.ParserSyntaxError:
        raise NoPlace(f"`{code}` is no code to be put in") from None


class _Renamed(cst.CSTTransformer):
    """Names of an edit's code exchanged; parameters of a lambda in it are its own."""

    def __init__(self, plan: Plan, near: cst.CSTNode, put: Mapping[str, cst.BaseExpression]) -> None:
        super().__init__()
        self.plan, self.near, self.put = plan, near, put
        self.own: list[set[str]] = []

    def visit_Lambda(self, node: cst.Lambda) -> None:
        self.own.append({parameter.name.value for parameter in node.params.params})

    def leave_Lambda(self, original_node: cst.Lambda, updated_node: cst.Lambda) -> Any:
        self.own.pop()
        return updated_node

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        return not self._is_home(node.value)

    def visit_Attribute_attr(self, node: cst.Attribute) -> None:
        self.own.append({node.attr.value})

    def leave_Attribute_attr(self, node: cst.Attribute) -> None:
        self.own.pop()

    def visit_Arg_keyword(self, node: cst.Arg) -> None:
        self.own.append({node.keyword.value} if node.keyword is not None else set())

    def leave_Arg_keyword(self, node: cst.Arg) -> None:
        self.own.pop()

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> Any:
        if not self._is_home(original_node.value):
            return updated_node
        name = original_node.attr.value
        return cst.parse_expression(reference(self.plan, f"{HOMES[dotted(original_node.value)]}.{name}", self.near))

    def leave_Subscript(self, original_node: cst.Subscript, updated_node: cst.Subscript) -> Any:
        """Takes an entry of a dict, a list or a tuple that stands there as such."""
        match updated_node:
            case cst.Subscript(
                value=cst.Dict(elements), slice=[cst.SubscriptElement(cst.Index(cst.SimpleString() as key))]
            ):
                found = [one for one in elements if isinstance(one, cst.DictElement) and _is_key(one, key)]
                return found[0].value if len(found) == 1 else updated_node
            case cst.Subscript(
                value=cst.List(elements) | cst.Tuple(elements),
                slice=[cst.SubscriptElement(cst.Index(cst.Integer(number)))],
            ) if int(number) < len(elements) and all(isinstance(one, cst.Element) for one in elements):
                return elements[int(number)].value
        return updated_node

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> Any:
        name = original_node.value
        if name in self.put and not any(name in own for own in self.own):
            return in_brackets(self.put[name])
        return updated_node

    def _is_home(self, node: cst.CSTNode) -> bool:
        name = node.value if isinstance(node, cst.Name) else ""
        return name in HOMES and not any(name in own for own in self.own)


_WHOLE: Final = (cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.List, cst.Dict, cst.SimpleString, cst.Integer)


def _is_key(element: cst.DictElement, key: cst.SimpleString) -> bool:
    return isinstance(element.key, cst.SimpleString) and element.key.evaluated_value == key.evaluated_value


def in_brackets(node: cst.BaseExpression) -> cst.BaseExpression:
    """Returns an expression that can stand inside another one."""
    node = node.deep_clone()
    if isinstance(node, _WHOLE) or node.lpar:
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


# ---------------------------------------------------------------------------------------------- names
def reference(plan: Plan, path: str, near: cst.CSTNode) -> str:
    """Returns a dotted name of Keras, NumPy or TensorFlow as it can be written near a node.

    Args:
        plan: the plan of the file, to which an import is added if none is there.
        path: the name: ``keras.layers.Flatten``.
        near: the node; where it is a call of a layer, its own spelling is followed.
    """
    module, _, name = path.rpartition(".")
    beside = _as_beside(plan, module, name, near)
    if beside is not None:
        return beside
    known = _imported(plan, module, near)
    return f"{known}.{name}" if known is not None else _with_import(plan, module, name, near)


def _as_beside(plan: Plan, module: str, name: str, near: cst.CSTNode) -> str | None:
    """Returns a name in the spelling of a call: ``k.layers.Flatten`` beside ``k.layers.Dense``."""
    if not isinstance(near, cst.Call) or not module.startswith("keras"):
        return None
    program, spelled = plan.program, dotted(near.func)
    _, _, below = module.partition(".")
    if spelled == f"layers.{last_name(near.func)}" and module == "keras.layers":
        return f"layers.{name}"
    if spelled.endswith(f".layers.{last_name(near.func)}"):
        namespace = spelled.removesuffix(f".layers.{last_name(near.func)}")
        return ".".join(part for part in (namespace, below, name) if part)
    meant = None if not spelled or "." in spelled else program.module_of(spelled, near)
    if meant is None or module != "keras.layers" or not canonical(meant).startswith("keras.layers."):
        return None
    here = next(
        (n for n in program.imported if program.module_of(n, near) == f"{meant.rpartition('.')[0]}.{name}"), None
    )
    if here is None and program.is_bound(name, near):
        return None
    if here is None and not _is_star(program.module):
        plan.need(meant.rpartition(".")[0], name)
    return here or name


def _is_star(module: cst.Module) -> bool:
    lines = (part for line in module.body if isinstance(line, cst.SimpleStatementLine) for part in line.body)
    return any(isinstance(p, cst.ImportFrom) and isinstance(p.names, cst.ImportStar) for p in lines)


def _imported(plan: Plan, module: str, near: cst.CSTNode) -> str | None:
    """Returns the shortest way that the file's imports give to a module."""
    program, ways = plan.program, []
    for name in program.imported:
        meant = program.module_of(name, near)
        for spelled in () if meant is None else dict.fromkeys((canonical(meant), meant)):
            if spelled == module:
                ways.append(name)
            elif module.startswith(f"{spelled}."):
                ways.append(f"{name}{module[len(spelled) :]}")
            elif spelled == "tensorflow" and module.startswith("keras"):
                ways.append(f"{name}.{module}")
    keras = [way for way in ways if ".keras" not in way]
    return min(keras or ways, key=len, default=None)


def _with_import(plan: Plan, module: str, name: str, near: cst.CSTNode) -> str:
    """Adds the import of a module and returns the name below it."""
    home = next(short for short, path in HOMES.items() if path == module)
    if plan.program.is_bound(home, near):
        raise NoPlace(f"`{home}` means something else there")
    package, _, last = module.rpartition(".")
    if home in ("np", "tf"):
        plan.need(module, None, home)
    elif package:
        plan.need(package, last)
    else:
        plan.need(module)
    return f"{home}.{name}"
