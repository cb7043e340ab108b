"""The kinds of dimension of a pattern, and their arithmetic.

A dimension is a value; its text is parsed in `typedlayers.contracts.parse`. Expressions are small trees of our
own, evaluated by walking them: no text of an annotation is ever given to ``eval``.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from typedlayers.contracts.attributes import CodeOfTheUsers, attribute, item
from typedlayers.spec import Size

Number: TypeAlias = int | float


LARGEST: Final = 2**63
"""No size, and nothing on the way to one, is larger: a file or an annotation cannot ask for endless arithmetic."""


def _power(base: Number, exponent: Number) -> Number:
    if abs(base) > 1 and exponent * math.log2(abs(base)) > math.log2(LARGEST):
        raise ArithmeticError(f"{base}**{exponent} is beyond 2**63")
    result = base**exponent
    if isinstance(result, complex):
        raise ArithmeticError(f"{base}**{exponent} is not a real number")
    return result


OPERATORS: Final[Mapping[str, tuple[int, Callable[[Number, Number], Number]]]] = {
    "+": (1, operator.add),
    "-": (1, operator.sub),
    "*": (2, operator.mul),
    "/": (2, operator.truediv),
    "//": (2, operator.floordiv),
    "%": (2, operator.mod),
    "**": (4, _power),
}
"""Binding strength and meaning of each operator, as in Python."""

FUNCTIONS: Final[Mapping[str, Callable[..., Number]]] = {
    "min": min,
    "max": max,
    "abs": abs,  # pyright: ignore[reportAssignmentType] - its own type says only "object that has __abs__"
    "int": int,
    "round": round,
}
"""The functions that an expression may call."""

OF_SEVERAL: Final = frozenset({"min", "max"})
"""Those of them that take two or more arguments; the others take one."""


class Unresolved(Exception):
    """A ``{...}`` names an attribute or argument that does not exist (yet)."""


class UnknownSize(Unresolved):
    """A ``{...}`` reads the size of an axis, and that size is not known: it is compatible with everything."""


# --------------------------------------------------------------------------------------------- expressions
@dataclass(frozen=True, slots=True)
class Constant:
    """A number."""

    value: Number

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True, slots=True)
class Name:
    """The size bound to a dimension's name."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Hole:
    """``{self.units}``, ``{n}``, ``{x.shape[0]}``: a value read from the layer or from an argument of the call.

    Attributes:
        root: ``"self"`` or the name of an argument.
        path: attribute names (str) and indices (in a one-tuple), read in order.
    """

    root: str
    path: tuple[str | tuple[int | str], ...]

    def __str__(self) -> str:
        steps = (f"[{step[0]!r}]" if isinstance(step, tuple) else f".{step}" for step in self.path)
        return "{" + self.root + "".join(steps) + "}"

    def read(self, scope: Mapping[str, object]) -> object:
        """Returns the value.

        Raises:
            UnknownSize: if the value at an index is None (unknown size), the indexed value is None (unknown rank), or
                only code of the user's can tell.
            Unresolved: if the root, an attribute or an index is not there.
        """
        if self.root not in scope:
            raise Unresolved(f"{self}: there is no argument named {self.root!r}")
        value = scope[self.root]
        for step in self.path:
            if value is None and isinstance(step, tuple):
                raise UnknownSize(f"{self} is not known")
            try:
                value = item(value, step[0]) if isinstance(step, tuple) else attribute(value, step)
            except CodeOfTheUsers as error:
                raise UnknownSize(f"{self} is not known: {error}") from error
            except (AttributeError, LookupError, TypeError, ValueError) as error:
                raise Unresolved(f"{self}: {error}") from error
        if value is None and self.path and isinstance(self.path[-1], tuple):
            raise UnknownSize(f"{self} is not known")
        return value


@dataclass(frozen=True, slots=True)
class Operation:
    """Two expressions and an operator between them."""

    operator: str
    left: Expression
    right: Expression

    def __str__(self) -> str:
        strength = OPERATORS[self.operator][0]
        right_binds = self.operator == "**"
        left = _wrapped(self.left, strength + right_binds)
        return f"{left}{self.operator}{_wrapped(self.right, strength + (not right_binds))}"


@dataclass(frozen=True, slots=True)
class Negative:
    """Minus an expression."""

    operand: Expression

    def __str__(self) -> str:
        return f"-{_wrapped(self.operand, 3)}"


@dataclass(frozen=True, slots=True)
class Call:
    """``min(a,b)``, ``max(...)``, ``abs(a)``."""

    function: str
    arguments: tuple[Expression, ...]

    def __str__(self) -> str:
        return f"{self.function}({','.join(map(str, self.arguments))})"


Expression: TypeAlias = Constant | Name | Hole | Operation | Negative | Call


def _wrapped(expression: Expression, strength: int) -> str:
    text = str(expression)
    if isinstance(expression, Operation):
        own = OPERATORS[expression.operator][0]
    else:
        own = 3 if text.startswith("-") else 9
    return f"({text})" if own < strength else text


def names_in(expression: Expression) -> frozenset[str]:
    """Returns the dimension names that an expression reads."""
    match expression:
        case Name(name):
            return frozenset({name})
        case Operation(_, left, right):
            return names_in(left) | names_in(right)
        case Negative(operand):
            return names_in(operand)
        case Call(_, arguments):
            return frozenset().union(*map(names_in, arguments))
    return frozenset()


def substitute(expression: Expression, read: Callable[[Hole], Expression]) -> Expression:
    """Returns the expression with every ``{...}`` replaced by ``read`` of it."""
    match expression:
        case Hole():
            return read(expression)
        case Operation(sign, left, right):
            return Operation(sign, substitute(left, read), substitute(right, read))
        case Negative(operand):
            return Negative(substitute(operand, read))
        case Call(function, arguments):
            return Call(function, tuple(substitute(a, read) for a in arguments))
    return expression


def evaluate(expression: Expression, sizes: Mapping[str, Size]) -> Number | None:
    """Returns the value of an expression without ``{...}``, or None while a name in it is unknown.

    Raises:
        ArithmeticError: if the arithmetic has no result (a division by 0).
    """
    match expression:
        case Constant(value):
            return value
        case Name(name):
            return sizes.get(name)
        case Negative(operand):
            value = evaluate(operand, sizes)
            return None if value is None else -value
        case Operation(sign, left, right):
            one, two = evaluate(left, sizes), evaluate(right, sizes)
            return None if one is None or two is None else _bounded(OPERATORS[sign][1](one, two))
        case Call(function, arguments):
            values = [evaluate(a, sizes) for a in arguments]
            return None if any(v is None for v in values) else FUNCTIONS[function](*values)
    raise TypeError(f"{expression} must be substituted before it is evaluated")


def _bounded(value: Number) -> Number:
    if abs(value) > LARGEST:
        raise ArithmeticError("the result is beyond 2**63")
    return value


def is_constant(expression: Expression) -> bool:
    """Returns True if an expression reads no name and no ``{...}``."""
    match expression:
        case Constant():
            return True
        case Operation(_, left, right):
            return is_constant(left) and is_constant(right)
        case Negative(operand):
            return is_constant(operand)
        case Call(_, arguments):
            return all(map(is_constant, arguments))
    return False


@dataclass(frozen=True, slots=True)
class Linear:
    """``factor * name + offset``: the form of an expression that can be solved for its one name."""

    name: str
    factor: int
    offset: int

    def solve(self, size: int) -> int | None:
        """Returns the size of the name for which the expression is ``size``, or None."""
        quotient, rest = divmod(size - self.offset, self.factor)
        return quotient if rest == 0 and quotient >= 0 else None


def linear_in(expression: Expression, sizes: Mapping[str, Size]) -> Linear | None:
    """Returns the expression as `Linear` in its one unknown name, or None if it has no such form."""
    unknown = {name for name in names_in(expression) if sizes.get(name) is None}
    if len(unknown) != 1:
        return None
    (name,) = unknown
    form = _linear(expression, name, sizes)
    if form is None or form[0] == 0 or not all(isinstance(part, int) for part in form):
        return None
    return Linear(name, int(form[0]), int(form[1]))


def _linear(expression: Expression, name: str, sizes: Mapping[str, Size]) -> tuple[Number, Number] | None:
    """(factor, offset) of an expression in one name, or None where it is not linear."""
    value = None if name in names_in(expression) else evaluate(expression, sizes)
    if value is not None:
        return 0, value
    match expression:
        case Name(other) if other == name:
            return 1, 0
        case Negative(operand):
            inner = _linear(operand, name, sizes)
            return None if inner is None else (-inner[0], -inner[1])
        case Operation(sign, left, right):
            one, two = _linear(left, name, sizes), _linear(right, name, sizes)
            if one is None or two is None:
                return None
            if sign in "+-":
                turn = OPERATORS[sign][1]
                return turn(one[0], two[0]), turn(one[1], two[1])
            if sign == "*" and one[0] == 0:
                return one[1] * two[0], one[1] * two[1]
            if sign == "*" and two[0] == 0:
                return one[0] * two[1], one[1] * two[1]
    return None


# ---------------------------------------------------------------------------------------------- dimensions
@dataclass(frozen=True, slots=True)
class Anonymous:
    """``_``: any size, bound to nothing."""

    def __str__(self) -> str:
        return "_"


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: a name, a number, or an expression.

    Attributes:
        size: the expression for its size.
        broadcast: ``#``: a size of 1 fits too.
        per_leaf: ``?``: the name is one of its own for each leaf of a nest.
    """

    size: Expression
    broadcast: bool = False
    per_leaf: bool = False

    def __str__(self) -> str:
        return ("#" if self.broadcast else "") + ("?" if self.per_leaf else "") + str(self.size)


@dataclass(frozen=True, slots=True)
class Variadic:
    """``*batch`` or ``...``: any number of axes.

    Attributes:
        name: the name that the run of sizes is bound to, or None for ``...``.
        broadcast: ``#``: the run only has to broadcast with the run that the name is bound to.
        per_leaf: as for `Axis`.
    """

    name: str | None
    broadcast: bool = False
    per_leaf: bool = False

    def __str__(self) -> str:
        if self.name is None:
            return "..."
        return ("#" if self.broadcast else "") + ("?" if self.per_leaf else "") + f"*{self.name}"


Dim: TypeAlias = Anonymous | Axis | Variadic
