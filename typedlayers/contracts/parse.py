"""From the text of an annotation to a pattern: the only place where contract text is read.

jaxtyping itself makes the annotation and so validates it; here only its public attributes are read: ``dim_str``,
``dtypes`` and ``array_type``.
"""

from __future__ import annotations

import ast
import functools
import math
import re
from dataclasses import dataclass
from typing import TypeGuard

from typedlayers.contracts.dims import (
    FUNCTIONS,
    OF_SEVERAL,
    OPERATORS,
    Anonymous,
    Axis,
    Call,
    Constant,
    Dim,
    Expression,
    Hole,
    Name,
    Negative,
    Operation,
    Variadic,
    evaluate,
    is_constant,
)
from typedlayers.contracts.dtypes import DtypeRule, rule_of
from typedlayers.contracts.syntax import expression

_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
}


class PatternError(ValueError):
    """The text of a dimension string is not jaxtyping's syntax."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A parsed annotation: which dtypes fit, and one dimension per axis (or per run of axes).

    Attributes:
        dtype: which dtypes fit.
        dims: the dimensions; at most one of them is a `Variadic`.
    """

    dtype: DtypeRule
    dims: tuple[Dim, ...]

    @property
    def variadic(self) -> int | None:
        """The index of the run of axes, or None if the rank is fixed."""
        return next((i for i, dim in enumerate(self.dims) if isinstance(dim, Variadic)), None)

    @property
    def least_rank(self) -> int:
        """The least number of axes that fits."""
        return len(self.dims) - (self.variadic is not None)

    @property
    def text(self) -> str:
        """The dimension string."""
        return " ".join(map(str, self.dims))

    def __str__(self) -> str:
        return f'{self.dtype.label} "{self.text}"'


def pattern_of(annotation: object) -> Pattern:
    """Returns the pattern of a jaxtyping annotation such as ``Float[Tensor, "batch features"]``.

    Raises:
        PatternError: if its dimension string has an expression that cannot be read without running it.
        TypeError: if it is not a jaxtyping annotation.
    """
    if not is_annotation(annotation):
        raise TypeError(f"{annotation!r} is not a jaxtyping annotation such as Float[Tensor, 'batch features']")
    return Pattern(rule_of(annotation), parse_dims(annotation.dim_str))  # pyright: ignore


def is_annotation(value: object) -> bool:
    """Returns True for a jaxtyping array annotation."""
    return isinstance(value, type) and hasattr(value, "dim_str") and hasattr(value, "dtypes")


@functools.lru_cache(maxsize=4096)
def parse_dims(text: str) -> tuple[Dim, ...]:
    """Parses a dimension string.

    Raises:
        PatternError: if it is not jaxtyping's syntax; the message says which part.

    >>> " | ".join(str(dim) for dim in parse_dims("*batch time+1 rows=3 _ #c {self.units}"))
    '*batch | time+1 | 3 | _ | #c | {self.units}'
    """
    dims = tuple(_dim(part, text) for part in text.split())
    if sum(isinstance(dim, Variadic) for dim in dims) > 1:
        raise PatternError(f'"{text}": a shape can have only one `*name` or `...`')
    return dims


def _dim(part: str, whole: str) -> Dim:
    if part == "...":
        return Variadic(None)
    if "..." in part:
        raise PatternError(f'"{whole}": write `...` by itself, not as in `{part}`')
    if "," in part and "(" not in part:
        raise PatternError(f'"{whole}": axes are separated by spaces, not by commas as in `{part}`')
    rest, marks = part, set[str]()
    while rest and (rest[0] in "#*_?" or "=" in rest):
        if rest[0] in "#*_?":
            if rest[0] in marks:
                raise PatternError(f'"{whole}": `{rest[0]}` is there twice in `{part}`')
            marks.add(rest[0])
            rest = rest[1:]
        else:
            label, rest = rest.split("=", 1)
            if not label.isidentifier() or "=" in rest:
                raise PatternError(f'"{whole}": `{part}`: write one name before `=` and the size after it')
    if "#" in rest:
        raise PatternError(f'"{whole}": write `#` at the start, not as in `{part}`')
    broadcast, per_leaf = "#" in marks, "?" in marks
    if not rest or (rest.isidentifier() and "_" in marks):
        if broadcast or (not rest and "_" not in marks):
            raise PatternError(f'"{whole}": `{part}` names no axis; write a name, a number, `_` or `...`')
        return Variadic(None) if "*" in marks else Anonymous()
    if rest.isidentifier():
        if "*" in marks:
            return Variadic(rest, broadcast, per_leaf)
        return Axis(Name(rest), broadcast, per_leaf)
    if marks & {"*", "_", "?"}:
        raise PatternError(f'"{whole}": `{part}`: `*`, `_` and `?` go before a name, not before a number or expression')
    if rest.removeprefix("+").isdecimal():  # as jaxtyping reads it: `03` and `+3` are numbers too
        return Axis(Constant(int(rest)), broadcast)
    return Axis(_expression(rest, part, whole), broadcast)


def _expression(text: str, part: str, whole: str) -> Expression:
    holes: dict[str, Expression] = {}
    stem = "hole"
    while stem in text:
        stem += "_"

    def keep(found: re.Match[str]) -> str:
        name = f"{stem}{len(holes)}"
        holes[name] = _hole(found[1], part, whole)
        return f" {name} "  # the spaces keep `dim{n}` from becoming a name of its own

    plain = re.sub(r"\{([^{}]*)\}", keep, text).strip()
    try:
        tree = expression(plain)
    except (SyntaxError, ValueError):
        raise PatternError(
            f'"{whole}": `{part}` is not a name, number or arithmetic expression (written without spaces)'
        ) from None

    def read(node: ast.expr) -> Expression:
        match node:
            case ast.Constant(value) if _is_number(value):
                return Constant(value)
            case ast.Name(name) if name in holes:
                return holes[name]
            case ast.Name(name) if name.startswith("_"):
                raise PatternError(f'"{whole}": `{part}`: `{name}` binds nothing that could be computed with')
            case ast.Name(name):
                return Name(name)
            case ast.UnaryOp(ast.USub(), operand):
                return Negative(read(operand))
            case ast.BinOp(left, sign, right) if type(sign) in _SIGNS:
                return Operation(_SIGNS[type(sign)], read(left), read(right))
            case ast.Call(ast.Name(function), arguments, []) if function in FUNCTIONS:
                several = function in OF_SEVERAL
                if (len(arguments) > 1) is not several or not arguments:
                    takes = "two or more arguments" if several else "one argument"
                    raise PatternError(f'"{whole}": `{part}`: `{function}` takes {takes}')
                return Call(function, tuple(map(read, arguments)))
        raise PatternError(
            f'"{whole}": `{part}` may use names, numbers, {{...}}, {" ".join(OPERATORS)}, '
            f"parentheses and {', '.join(FUNCTIONS)}, and nothing else"
        )

    found = read(tree)
    if is_constant(found):
        try:
            evaluate(found, {})
        except ArithmeticError as error:
            raise PatternError(f'"{whole}": `{part}` has no value: {error}') from None
    return found


def _hole(text: str, part: str, whole: str) -> Expression:
    """The inside of ``{...}``: names of arguments and ``self``, attributes, indices, and arithmetic on them."""

    def path(node: ast.expr) -> Hole | None:
        match node:
            case ast.Name(root):
                return Hole(root, ())
            case ast.Attribute(value, name) if inner := path(value):
                return Hole(inner.root, (*inner.path, name))
            case ast.Subscript(value, ast.Constant(int() | str() as index)) if inner := path(value):
                return Hole(inner.root, (*inner.path, (index,)))
            case ast.Subscript(value, ast.UnaryOp(ast.USub(), ast.Constant(int() as index))) if inner := path(value):
                return Hole(inner.root, (*inner.path, (-index,)))
        return None

    def read(node: ast.expr) -> Expression:
        if (found := path(node)) is not None:
            return found
        match node:
            case ast.Constant(value) if _is_number(value):
                return Constant(value)
            case ast.UnaryOp(ast.USub(), operand):
                return Negative(read(operand))
            case ast.BinOp(left, sign, right) if type(sign) in _SIGNS:
                return Operation(_SIGNS[type(sign)], read(left), read(right))
        raise PatternError(
            f'"{whole}": `{part}`: write `self.attribute` or an argument in braces, with attributes, indices '
            "and arithmetic"
        )

    try:
        tree = expression(text)
    except (SyntaxError, ValueError):
        raise PatternError(f'"{whole}": `{{{text}}}` names no attribute and no argument') from None
    return read(tree)


def _is_number(value: object) -> TypeGuard[int | float]:
    """Returns True for a finite number; ``True`` and ``1e999`` are not."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
