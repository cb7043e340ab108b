"""Pattern × Spec × Bindings → Bindings, or a Mismatch.

Every axis gives an equation; equations that cannot be decided yet stay pending and are looked at again whenever a
name becomes known. So the order in which arguments are unified does not matter, and an unknown size (``None``)
never decides anything: it is compatible with everything and equal to nothing.
"""

from __future__ import annotations

import enum
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from typedlayers.contracts.bound import Bound, Source
from typedlayers.contracts.dims import (
    Anonymous,
    Axis,
    Constant,
    Expression,
    Hole,
    Name,
    Number,
    UnknownSize,
    Unresolved,
    Variadic,
    evaluate,
    linear_in,
    names_in,
    substitute,
)
from typedlayers.contracts.dtypes import DtypeFault, Policy
from typedlayers.contracts.parse import Pattern, PatternError, parse_dims
from typedlayers.contracts.runs import Clash, broadcast_together, broadcasts_to, equal
from typedlayers.spec import Shape, Size, Spec, SpecTree

_EMPTY: Final[Mapping[str, object]] = MappingProxyType({})


class Fault(enum.Enum):
    """The kinds of mismatch."""

    RANK = "rank"
    """Too many or too few axes."""
    SIZE = "size"
    """An axis has another size than the contract fixes."""
    NAME = "name"
    """A name would have to be two sizes at once."""
    DTYPE = "dtype"
    """The dtype does not fit."""
    STRUCTURE = "structure"
    """A list, a dict or a tensor was given where another was declared."""
    RULE = "rule"
    """A rule of the layer that no equation of axes says: a number of elements, a window that does not fit."""
    ANNOTATION = "annotation"
    """The contract itself cannot be read: it names a missing attribute or argument."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A contract and a spec that do not fit: a fact, not a text.

    Attributes:
        fault: the kind of mismatch.
        argument: the argument of the call it was found in (``"inputs"``, ``"mask"``, ``"output"``).
        spec: the given tensor; None where no tensor was given.
        pattern: the contract's pattern; None for a `Fault.RULE` or `Fault.STRUCTURE`.
        axis: the axis, counted from the front, where one is to blame.
        got: the given size.
        needed: the size that was needed.
        name: the dimension (a name or an expression) that did not fit.
        bound: the source of the needed size.
        dtype: the reason that the dtype does not fit.
        detail: the clause of a layer's rule.
        nest: all given tensors, where a rule of the layer found it.
    """

    fault: Fault
    argument: str
    spec: Spec | None
    pattern: Pattern | None = None
    axis: int | None = None
    got: Size = None
    needed: Number | None = None
    name: str | None = None
    bound: Bound | None = None
    dtype: DtypeFault | None = None
    detail: str = ""
    nest: SpecTree = None


@dataclass(frozen=True, slots=True)
class _Equation:
    """One axis whose expression could not be compared yet."""

    expression: Expression
    size: int
    source: Source
    argument: str
    axis: int
    spec: Spec
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class _Run:
    """The binding of ``*name``: the axes that it must equal, and those that it must broadcast with."""

    exact: tuple[tuple[Size, Source], ...] | None = None
    broadcast: tuple[tuple[Size, Source], ...] = ()


@dataclass(frozen=True, slots=True)
class Bindings:
    """The sizes of the names of a contract.

    Attributes:
        sizes: the names of single axes.
        runs: the names of runs of axes.
        pending: equations that wait for a name.
    """

    sizes: Mapping[str, Bound] = field(default_factory=dict)
    runs: Mapping[str, _Run] = field(default_factory=dict)
    pending: tuple[_Equation, ...] = ()

    def size(self, name: str) -> Size:
        """The size that a name is bound to, None while unknown."""
        bound = self.sizes.get(name)
        return None if bound is None else bound.size

    def plain(self) -> dict[str, Size]:
        """Names and sizes without their sources."""
        return {name: bound.size for name, bound in self.sizes.items()}

    def run(self, name: str) -> Shape | None:
        """The sizes that ``*name`` is bound to, None while its length is unknown."""
        found = self.runs.get(name)
        if found is None:
            return None
        if found.exact is not None:
            return tuple(size for size, _ in found.exact)
        return tuple(size for size, _ in found.broadcast)


def unify(
    pattern: Pattern,
    spec: Spec,
    bindings: Bindings,
    *,
    argument: str = "inputs",
    policy: Policy | None = None,
    scope: Mapping[str, object] = _EMPTY,
    leaf: str = "",
) -> Bindings | Mismatch:
    """Unifies a spec with a pattern.

    Args:
        pattern: the parsed annotation.
        spec: the tensor's spec.
        bindings: the sizes of names so far.
        argument: the name of the argument, for messages.
        policy: dtypes of the layer; a float32 layer's by default.
        scope: the objects of ``{self.x}`` and ``{x}``.
        leaf: the path of the spec in a nest, for ``?names``.

    Returns:
        The bindings with what this spec adds, or the first mismatch.
    """
    fault = pattern.dtype.fault(spec, policy or Policy())
    if fault is not None:
        return Mismatch(Fault.DTYPE, argument, spec, pattern, dtype=fault)
    if spec.shape is None:
        return bindings
    split = _split(pattern, spec.shape)
    if split is None:
        return Mismatch(Fault.RANK, argument, spec, pattern, got=len(spec.shape), needed=pattern.least_rank)
    state = _State(bindings, argument, spec, pattern, scope, leaf)
    for axis, dim, sizes in split:
        mismatch = state.add(axis, dim, sizes)
        if mismatch is not None:
            return mismatch
    return state.settled()


def _split(pattern: Pattern, shape: Shape) -> list[tuple[int, Anonymous | Axis | Variadic, Shape]] | None:
    """Each dimension with its first axis and its sizes; None if the rank does not fit."""
    at, rank, count = pattern.variadic, len(shape), len(pattern.dims)
    if rank < pattern.least_rank or (at is None and rank > count):
        return None
    if at is None:
        return [(axis, dim, shape[axis : axis + 1]) for axis, dim in enumerate(pattern.dims)]
    length, out, axis = rank - (count - 1), [], 0
    for index, dim in enumerate(pattern.dims):
        step = length if index == at else 1
        out.append((axis, dim, shape[axis : axis + step]))
        axis += step
    return out


class _State:
    """One unification at work. Its `Bindings` are exchanged, never changed."""

    def __init__(
        self,
        bindings: Bindings,
        argument: str,
        spec: Spec,
        pattern: Pattern,
        scope: Mapping[str, object],
        leaf: str,
    ) -> None:
        self.sizes = dict(bindings.sizes)
        self.runs = dict(bindings.runs)
        self.pending = list(bindings.pending)
        self.argument, self.spec, self.pattern, self.scope, self.leaf = argument, spec, pattern, scope, leaf

    def add(self, axis: int, dim: Anonymous | Axis | Variadic, sizes: Shape) -> Mismatch | None:
        """Adds what one dimension says of its sizes."""
        if isinstance(dim, Anonymous):
            return None
        if isinstance(dim, Variadic):
            return None if dim.name is None else self._add_run(axis, dim, sizes)
        (size,) = sizes
        if size is None or (dim.broadcast and size == 1):
            return None
        try:
            expression = resolve(dim.size, self.scope)
        except UnknownSize:
            return None
        except (Unresolved, PatternError) as error:
            return self._mismatch(Fault.ANNOTATION, axis, name=str(dim.size), detail=str(error))
        if dim.per_leaf and isinstance(expression, Name):
            expression = Name(f"{self.leaf}.{expression.name}")
        source = Source(f"axis {axis} of {self.argument}")
        return self._solve(_Equation(expression, size, source, self.argument, axis, self.spec, self.pattern))

    def _solve(self, equation: _Equation) -> Mismatch | None:
        known = {name: bound.size for name, bound in self.sizes.items()}
        try:
            value = evaluate(equation.expression, known)
        except ArithmeticError as error:
            return _of(equation, Fault.SIZE, detail=f"{equation.expression} has no value: {error}")
        if value is not None:
            return None if value == equation.size else self._unequal(equation, value)
        form = linear_in(equation.expression, known)
        if form is None:
            self.pending.append(equation)
            return None
        size = form.solve(equation.size)
        if size is None:
            return _of(equation, Fault.SIZE, detail=f"no size of {form.name} makes {equation.expression} that")
        self.sizes[form.name] = Bound(size, equation.source)
        return None

    def _unequal(self, equation: _Equation, value: Number) -> Mismatch:
        names = names_in(equation.expression)
        bound = self.sizes[min(names)] if names else None
        return _of(equation, Fault.NAME if names else Fault.SIZE, needed=value, bound=bound)

    def settled(self) -> Bindings | Mismatch:
        """Looks at the waiting equations until none of them can be decided any more."""
        while True:
            waiting, self.pending = self.pending, []
            before = len(self.sizes)
            for equation in waiting:
                mismatch = self._solve(equation)
                if mismatch is not None:
                    return mismatch
            if len(self.sizes) == before:
                return Bindings(self.sizes, self.runs, tuple(self.pending))

    def _add_run(self, axis: int, dim: Variadic, sizes: Shape) -> Mismatch | None:
        name = f"{self.leaf}.{dim.name}" if dim.per_leaf else str(dim.name)
        entry = tuple((size, Source(f"axis {axis + i} of {self.argument}")) for i, size in enumerate(sizes))
        run = self.runs.get(name, _Run())
        merged = broadcast_together(run.broadcast, entry) if dim.broadcast else equal(run.exact, entry)
        if not isinstance(merged, tuple):
            return self._run_mismatch(axis, dim, sizes, merged)
        run = replace(run, broadcast=merged) if dim.broadcast else replace(run, exact=merged)
        if run.exact is not None:
            came, before = (entry, run.exact) if dim.broadcast else (run.broadcast, run.broadcast)
            clash = broadcasts_to(came, run.exact)
            if clash is not None:
                bound = None if clash.at is None else before[clash.at]
                return self._run_mismatch(axis, dim, sizes, replace(clash, bound=bound))
        self.runs[name] = run
        return None

    def _run_mismatch(self, axis: int, dim: Variadic, sizes: Shape, clash: Clash) -> Mismatch:
        needed, source = clash.bound or (None, None)
        bound = None if needed is None or source is None else Bound(needed, source)
        if clash.at is None:
            return self._mismatch(Fault.NAME, axis, name=str(dim), bound=bound, detail=clash.detail)
        at = axis + clash.at % len(sizes)
        facts = {"name": str(dim), "got": sizes[clash.at], "needed": needed, "bound": bound, "detail": clash.detail}
        return self._mismatch(Fault.NAME, at, **facts)

    def _mismatch(self, fault: Fault, axis: int, **facts: object) -> Mismatch:
        return Mismatch(fault, self.argument, self.spec, self.pattern, axis, **facts)  # pyright: ignore


def _of(equation: _Equation, fault: Fault, **facts: object) -> Mismatch:
    facts = {"got": equation.size, "name": str(equation.expression), **facts}
    return Mismatch(fault, equation.argument, equation.spec, equation.pattern, equation.axis, **facts)  # pyright: ignore


def resolve(expression: Expression, scope: Mapping[str, object]) -> Expression:
    """Replaces every ``{...}`` by its value; a string value is read as a dimension, as in jaxtyping.

    Raises:
        UnknownSize: if something it names is a size that is not known.
        Unresolved: if something it names is not there.
        PatternError: if a string value is not a dimension.
    """

    def read(hole: Hole) -> Expression:
        value = hole.read(scope)
        if value is None:
            raise Unresolved(f"{hole} is None")
        if isinstance(value, str):
            (dim,) = parse_dims(value) if len(value.split()) == 1 else (None,)
            # a string with `{...}` of its own could name itself; jaxtyping reads none either
            if not isinstance(dim, Axis) or dim != Axis(dim.size) or "{" in value:
                raise PatternError(f"{hole} is {value!r}, which is not a single dimension")
            return dim.size
        try:
            if isinstance(value, bool):
                raise TypeError
            return Constant(operator.index(value))  # pyright: ignore[reportArgumentType]
        except TypeError:
            raise Unresolved(f"{hole} is {value!r}, not a whole number") from None

    return substitute(expression, read)


def shape_from(pattern: Pattern, bindings: Bindings, scope: Mapping[str, object] = _EMPTY) -> Shape | None:
    """Returns the shape that a pattern describes under bindings: an unknown name is an unknown size.

    Raises:
        ArithmeticError: if the arithmetic of a dimension has no result.
    """
    sizes: list[Size] = []
    known = bindings.plain()
    for dim in pattern.dims:
        if isinstance(dim, Variadic):
            run = None if dim.name is None else bindings.run(dim.name)
            if run is None:
                return None
            sizes.extend(run)
            continue
        value = None
        if isinstance(dim, Axis) and not dim.broadcast:
            try:
                value = evaluate(resolve(dim.size, scope), known)
            except Unresolved:
                value = None
        sizes.append(None if value is None or value != int(value) else int(value))
    return tuple(sizes)
