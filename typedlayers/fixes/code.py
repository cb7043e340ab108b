"""The code of an edit, worked out without running it: calls, literals, arithmetic and indices, and nothing else."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from typedlayers.contracts.syntax import expression
from typedlayers.fixes.case import Unprovable

_BINARY: Final[Mapping[type, Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}

_COMPARE: Final[Mapping[type, Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def value_of(code: str, names: Mapping[str, Any]) -> Any:
    """Returns the value of an expression.

    Args:
        code: the expression.
        names: what its names stand for.

    Raises:
        Unprovable: if it is no such expression, or fails.

    >>> value_of("(x - 1) * 2", {"x": 3}), value_of("'same'", {}), value_of("x[0]", {"x": (4, 5)})
    (4, 'same', 4)
    """
    try:
        return _value(expression(code), names)
    except (SyntaxError, ValueError, TypeError, AttributeError, IndexError, KeyError, ArithmeticError) as error:
        raise Unprovable(f"{code}: {error}") from error


def called(code: str) -> tuple[str, bool]:
    """Returns the function that an expression calls, or the name that it is; and whether it calls it.

    >>> called("layers.Dense(3)"), called("layers.GRU"), called("x / 255")
    (('layers.Dense', True), ('layers.GRU', False), ('', False))
    """
    try:
        tree = expression(code)
    except SyntaxError:
        return "", False
    function = tree.func if isinstance(tree, ast.Call) else tree
    named = isinstance(function, ast.Attribute | ast.Name)
    return (ast.unparse(function) if named else ""), isinstance(tree, ast.Call)


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    def inner(one: ast.expr) -> Any:
        return _value(one, names)

    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return names[node.id]
        case ast.Attribute() if not node.attr.startswith("_"):
            return getattr(inner(node.value), node.attr)
        case ast.Call():
            words = {word.arg: inner(word.value) for word in node.keywords if word.arg is not None}
            return inner(node.func)(*map(inner, node.args), **words)
        case ast.Subscript():
            return inner(node.value)[inner(node.slice)]
        case ast.Slice():
            return slice(*(None if part is None else inner(part) for part in (node.lower, node.upper, node.step)))
        case ast.Tuple():
            return tuple(map(inner, node.elts))
        case ast.List():
            return list(map(inner, node.elts))
        case ast.Dict():
            return {inner(key): inner(item) for key, item in zip(node.keys, node.values, strict=True) if key}
        case ast.UnaryOp(ast.USub(), operand):
            return -inner(operand)
        case ast.BinOp(left, op, right) if type(op) in _BINARY:
            return _BINARY[type(op)](inner(left), inner(right))
        case ast.Compare(left, [op], [right]) if type(op) in _COMPARE:
            return _COMPARE[type(op)](inner(left), inner(right))
    raise Unprovable(f"{ast.unparse(node)} is not worked out")
