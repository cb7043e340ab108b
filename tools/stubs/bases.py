"""The bases of typed classes in stubs: Keras's own for pyright, which reads Keras's source, and a list for mypy.

To mypy, which reads no source without ``py.typed``, Keras's classes are ``Any``: no misspelt method would be one.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator

import keras

BASES = """
MYPY = False  # mypy takes this name for true
if MYPY:
    from typedlayers._typing.listed import LayerBase as LayerBase
    from typedlayers._typing.listed import ModelBase as ModelBase
    from typedlayers._typing.listed import SequentialBase as SequentialBase
else:
    from keras import Model as ModelBase
    from keras import Sequential as SequentialBase
    from keras.layers import Layer as LayerBase
""".lstrip()

_LISTED = (
    ("LayerBase", keras.layers.Layer, None),
    ("ModelBase", keras.Model, "LayerBase"),
    ("SequentialBase", keras.Sequential, "ModelBase"),
)


def listed() -> str:
    """Returns the stub that lists the public members of Keras's base classes."""
    lines, known = ["from typing import Any", ""], set[str]()
    for name, cls, base in _LISTED:
        lines += [f"class {name}{f'({base})' if base else ''}:"]
        members = {member: line for member, line in _members(cls) if member not in known}
        known |= set(members)
        lines += [f"    {members[member]}" for member in sorted(members)]
        if base is None:
            lines += ["    def __setattr__(self, name: str, value: Any) -> None: ..."]
        lines += [""]
    return "\n".join(lines)


def public_members(cls: type) -> set[str]:
    """Returns the public names of a class and of what its methods assign to ``self``."""
    return {name for name in dir(cls) if not name.startswith("_")} | _attributes(cls)


def _members(cls: type) -> Iterator[tuple[str, str]]:
    for name in dir(cls):
        if not name.startswith("_"):
            yield name, _member(name, inspect.getattr_static(cls, name))
    methods = set(dir(cls))
    for name in _attributes(cls) - methods:
        yield name, f"{name}: Any"


def _member(name: str, value: object) -> str:
    if isinstance(value, property):
        return f"{name}: Any" if value.fset is not None else f"@property\n    def {name}(self) -> Any: ..."
    if isinstance(value, classmethod):
        return f"@classmethod\n    def {name}(cls, *args: Any, **kwargs: Any) -> Any: ..."
    if inspect.isroutine(value):
        return f"def {name}(self, *args: Any, **kwargs: Any) -> Any: ..."
    return f"{name}: Any"


def _attributes(cls: type) -> set[str]:
    """The public names that Keras's methods assign to ``self``."""
    found = set()
    for base in cls.__mro__:
        if not base.__module__.startswith("keras."):
            continue
        for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(base)))):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.ctx, ast.Store)
                and ast.unparse(node.value) == "self"
            ):
                found.add(node.attr)
    return {name for name in found if not name.startswith("_")}
