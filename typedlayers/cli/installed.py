"""The public names and arguments of the installed Keras, read from its source text without an import.

Importing Keras takes seconds; a name and the arguments of a constructor can be read without.
"""

from __future__ import annotations

import ast
import functools
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

_FRONT_PAGES: Final = ("layers/__init__.py", "api/layers/__init__.py")
"""The files in which ``keras.layers`` lists its public names, in this and in earlier versions."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a constructor.

    Attributes:
        name: its name.
        default: the source text of its default, None if it has to be given.
    """

    name: str
    default: str | None

    def __str__(self) -> str:
        return self.name if self.default is None else f"{self.name}={self.default}"


@dataclass(frozen=True, slots=True)
class _Home:
    """The module and the name that define a public name."""

    module: str
    name: str


@functools.cache
def public_names() -> Mapping[str, _Home]:
    """Returns the public names of ``keras.layers`` with their definitions; none if Keras is not installed."""
    root = _root()
    page = None if root is None else next((root / p for p in _FRONT_PAGES if (root / p).is_file()), None)
    if page is None:
        return MappingProxyType({})
    found = {}
    for node in ast.walk(ast.parse(page.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            found |= {alias.asname or alias.name: _Home(node.module, alias.name) for alias in node.names}
    return MappingProxyType({name: home for name, home in found.items() if not name.startswith("_")})


def constructor(name: str) -> tuple[Argument, ...] | None:
    """Returns the arguments that a layer's own ``__init__`` names, None if they cannot be read.

    >>> [str(argument) for argument in constructor("Flatten") or ()]
    ['data_format=None']
    """
    home, root = public_names().get(name), _root()
    if home is None or root is None:
        return None
    file = root.joinpath(*home.module.split(".")[1:]).with_suffix(".py")
    if not file.is_file():
        return None
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and node.name == home.name:
            return next((_arguments(f.args) for f in node.body if _is_init(f)), None)  # pyright: ignore
    return None


def _root() -> Path | None:
    try:
        spec = importlib.util.find_spec("keras")
    except (ImportError, ValueError):
        return None
    return None if spec is None or spec.origin is None else Path(spec.origin).parent


def _is_init(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == "__init__"


def _arguments(given: ast.arguments) -> tuple[Argument, ...]:
    positional = [*given.posonlyargs, *given.args]
    defaults = [None] * (len(positional) - len(given.defaults)) + list(given.defaults)
    pairs = [*zip(positional, defaults, strict=True), *zip(given.kwonlyargs, given.kw_defaults, strict=True)]
    return tuple(
        Argument(argument.arg, None if default is None else ast.unparse(default))
        for argument, default in pairs
        if argument.arg != "self"
    )
