"""The user's own functions, read but not run: their syntax trees, and what their names stand for.

Functions that are defined inside another one are left out: whether they run in the trace, or on values in a
``py_function``, is not known.
"""

from __future__ import annotations

import ast
import functools
import inspect
import linecache
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from typedlayers.contracts.syntax import statements
from typedlayers.facts.calls import At
from typedlayers.verdict.source import is_installed

MOST: Final = 50
"""Functions that are read from one on."""

_OTHERS: Final = ("keras", "tensorflow", "typedlayers", "builtins")

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True)
class Read:
    """A function of the user's.

    Attributes:
        code: its code.
        named: what a name in it stands for, None if that is made as it runs.
        owner: the object whose method it is, None if it is none.
        node: its definition; the whole file of code that stands in no function.
        file: its file.
        lines: the lines of the file.
    """

    code: types.CodeType
    named: Callable[[str], Any]
    owner: Any
    node: Definition | ast.Module
    file: str
    lines: tuple[str, ...]

    def at(self, node: ast.expr | ast.stmt) -> At:
        """Returns the line where a node stands."""
        return At(self.file, node.lineno, self.lines[node.lineno - 1].strip())

    def walk(self, *, sure: bool = False) -> Iterator[ast.AST]:
        """Yields the nodes of the function that may run: not those of functions inside it, nor of dead branches.

        A branch is dead where values that names have now settle its condition, such as a flag around the function.

        Args:
            sure: whether branches whose condition is not settled are left out too.
        """
        body = self.node.body
        waiting: list[ast.AST] = list(body) if isinstance(body, list) else [body]
        while waiting:
            node = waiting.pop(0)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
                continue
            yield node
            waiting += (
                self._parts(node, sure=sure) if isinstance(node, ast.If | ast.IfExp) else ast.iter_child_nodes(node)
            )

    def _parts(self, node: ast.If | ast.IfExp, *, sure: bool) -> Iterator[ast.AST]:
        yield node.test
        settled = self.truth(node.test)
        for branch, taken in ((node.body, True), (node.orelse, False)):
            if settled is taken or (settled is None and not sure):
                yield from branch if isinstance(branch, list) else [branch]

    def truth(self, node: ast.expr) -> bool | None:
        """Returns what a condition is, as far as names stand for plain values now; None if it is not settled."""
        match node:
            case ast.UnaryOp(op=ast.Not()):
                inner = self.truth(node.operand)
                return None if inner is None else not inner
            case ast.BoolOp():
                parts = [self.truth(one) for one in node.values]
                decides = isinstance(node.op, ast.Or)
                if decides in parts:
                    return decides
                return None if None in parts else not decides
            case ast.Compare(ops=[ast.Eq() | ast.NotEq() as op], comparators=[other]):
                one, two = self._plain(node.left), self._plain(other)
                return None if None in (one, two) else (one == two) is isinstance(op, ast.Eq)
        value = self._plain(node)
        return None if value is None else bool(value)

    def _plain(self, node: ast.expr) -> bool | int | float | str | None:
        value = node.value if isinstance(node, ast.Constant) else self.stands_for(node)
        return value if isinstance(value, bool | int | float | str) else None

    def stands_for(self, node: ast.AST) -> Any:
        """Returns what a name or an attribute stands for, None where that is made as the function runs."""
        match node:
            case ast.Name():
                return self.named(node.id)
            case ast.Attribute():
                return _attribute(self.stands_for(node.value), node.attr, self.owner)
        return None


def _named_in(function: types.FunctionType, owner: Any, name: str) -> Any:
    code = function.__code__
    if owner is not None and code.co_argcount and name == code.co_varnames[0]:
        return owner
    if name in code.co_freevars and function.__closure__ is not None:
        cell = function.__closure__[code.co_freevars.index(name)]
        try:
            return cell.cell_contents
        except ValueError:  # it is given its value later
            return None
    if name in code.co_varnames or name in code.co_cellvars:
        return None
    return function.__globals__.get(name)


def _attribute(base: Any, name: str, owner: Any) -> Any:
    """An attribute, without running a property of the user's."""
    if base is None:
        return None
    if base is owner:
        held = vars(base).get(name)
        if held is not None:
            return held
        found = inspect.getattr_static(type(base), name, None)
        return types.MethodType(found, base) if isinstance(found, types.FunctionType) else None
    if isinstance(base, types.ModuleType | type) or type(base).__module__.partition(".")[0] in ("numpy", "random"):
        return getattr(base, name, None)
    return getattr(base, "__dict__", {}).get(name)


def read(function: Any, owner: Any = None) -> Read | None:
    """Returns a function of the user's with its tree, None if it is not hers or its source is not at hand.

    Args:
        function: a function, a bound method, or what ``tf.function`` made of one.
        owner: the object whose method it is, if it is no bound method.
    """
    function = inspect.unwrap(getattr(function, "python_function", function))
    owner = getattr(function, "__self__", owner)
    function = getattr(function, "__func__", function)
    if not isinstance(function, types.FunctionType) or not _is_users(function):
        return None
    code = function.__code__
    lines = tuple(linecache.getlines(code.co_filename))
    node = next((one for one in _definitions(lines) if _is_of(one, code)), None)
    named = functools.partial(_named_in, function, owner)
    return None if node is None else Read(code, named, owner, node, code.co_filename, lines)


def read_frame(frame: types.FrameType) -> Read | None:
    """Returns the function that runs in a frame, with the values that its names have now; None if it is not known."""
    code = frame.f_code
    lines = tuple(linecache.getlines(code.co_filename))
    if code.co_name == "<module>":
        node: Definition | ast.Module | None = tree_of(lines)
    else:
        node = next((one for one in _definitions(lines) if _is_of(one, code)), None)
    names = {**frame.f_globals, **frame.f_locals}
    return None if node is None or not lines else Read(code, names.get, None, node, code.co_filename, lines)


def _is_users(function: types.FunctionType) -> bool:
    return function.__module__.partition(".")[0] not in _OTHERS and not is_installed(function.__code__.co_filename)


@functools.lru_cache(maxsize=16)
def _definitions(lines: tuple[str, ...]) -> tuple[Definition, ...]:
    """The functions that a file defines."""
    tree = tree_of(lines)
    return () if tree is None else tuple(node for node in ast.walk(tree) if isinstance(node, Definition))


@functools.lru_cache(maxsize=16)
def tree_of(lines: tuple[str, ...]) -> ast.Module | None:
    """Returns the tree of a file; None if it has changed since it was run, so that it is no Python any more."""
    try:
        return statements("".join(lines))
    except SyntaxError:
        return None


def _is_of(node: Definition, code: types.CodeType) -> bool:
    """Whether a function was compiled from a definition; several lambdas may stand in one line."""
    if not isinstance(node, ast.Lambda):
        first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
        return node.name == code.co_name and first == code.co_firstlineno
    if code.co_name != "<lambda>" or node.lineno != code.co_firstlineno:
        return False
    body = node.body
    starts = {(line, column) for line, _, column, _ in code.co_positions() if line is not None and column is not None}
    within = (start for start in starts if start > (node.lineno, node.col_offset))
    return (body.lineno, body.col_offset) == min(within, default=None)


def reached(function: Any, owner: Any = None) -> list[Read]:
    """Returns a function of the user's and those of hers that it calls by name, and so on."""
    found: dict[types.CodeType, Read] = {}
    waiting: list[tuple[Any, Any]] = [(function, owner)]
    while waiting and len(found) < MOST:
        one = read(*waiting.pop(0))
        if one is None or one.code in found:
            continue
        found[one.code] = one
        waiting += [(called, None) for called in _called(one)]
    return list(found.values())


def _called(one: Read) -> Iterator[Callable[..., Any]]:
    for node in one.walk():
        if isinstance(node, ast.Call):
            called = one.stands_for(node.func)
            if isinstance(called, types.FunctionType | types.MethodType):
                yield called
