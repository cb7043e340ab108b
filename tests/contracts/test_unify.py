"""Unification: a table of what fits, and the algebra that must hold for every pattern and every spec."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from types import SimpleNamespace

import jaxtyping
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jaxtyping import Float, Int, Shaped, jaxtyped

from typedlayers.contracts.dims import UnknownSize, Unresolved
from typedlayers.contracts.dtypes import Compute, DtypeFault, Tensor
from typedlayers.contracts.parse import Pattern, PatternError, parse_dims, pattern_of
from typedlayers.contracts.unify import Bindings, Fault, Mismatch, resolve, shape_from, unify
from typedlayers.spec import Carrier, Shape, Spec

SCOPE = {
    "self": SimpleNamespace(units=3, name="a", other="b+1", broad="#a", two="a b", loop="{self.loop}", gone=None),
    "n": 2,
    "x": SimpleNamespace(shape=(None, 4)),
    "ragged": SimpleNamespace(shape=None),
}

Result = Bindings | Mismatch
Pair = tuple[str, Shape | None]


def unify_all(pairs: Sequence[Pair], scope: Mapping[str, object] = SCOPE) -> Result:
    """Unifies one float32 spec after the other; arguments are named by their place."""
    found: Result = Bindings()
    for place, (text, shape) in enumerate(pairs):
        found = unify(_pattern(text), Spec("float32", shape), found, argument=f"x{place}", scope=scope)
        if isinstance(found, Mismatch):
            return found
    return found


@functools.cache
def _pattern(text: str) -> Pattern:
    return pattern_of(Float[Tensor, text])


def pairs_of(*flat: object) -> list[Pair]:
    return list(zip(flat[::2], flat[1::2], strict=True))  # type: ignore[arg-type]


N = None
FITS = [
    # patterns and shapes                                              sizes                runs
    (["", ()],                                                         {},                  {}),
    (["a b", (2, 3)],                                                  {"a": 2, "b": 3},    {}),
    (["a b", (N, 3)],                                                  {"b": 3},            {}),
    (["a b", N],                                                       {},                  {}),
    (["_ a", (2, 3)],                                                  {"a": 3},            {}),
    (["3 a", (3, 0)],                                                  {"a": 0},            {}),
    (["7 3", (N, 3)],                                                  {},                  {}),
    (["b b", (N, 3)],                                                  {"b": 3},            {}),
    (["2*b 3", (N, 3)],                                                {},                  {}),
    (["... a", (5, 4, 3)],                                             {"a": 3},            {}),
    (["... a", (3,)],                                                  {"a": 3},            {}),
    (["*r a", (5, N, 3)],                                              {"a": 3},            {"r": (5, N)}),
    (["*r a", (3,)],                                                   {"a": 3},            {"r": ()}),
    (["a *r b", (1, 2, 3, 4)],                                         {"a": 1, "b": 4},    {"r": (2, 3)}),
    (["*r", (5, N), "*r", (N, 3)],                                     {},                  {"r": (5, 3)}),
    (["*r", N, "*r", (N, 3)],                                          {},                  {"r": (N, 3)}),
    # a run's name and an axis's name are two names, as in jaxtyping
    (["*a a", (5, 3)],                                                 {"a": 3},            {"a": (5,)}),
    # `#`: 1 fits, and says nothing of the name
    (["#a", (1,), "a", (3,)],                                          {"a": 3},            {}),
    (["#a", (3,), "a", (3,)],                                          {"a": 3},            {}),
    (["#a", (N,), "a", (3,)],                                          {"a": 3},            {}),
    (["#3", (1,)],                                                     {},                  {}),
    (["#a+1", (1,)],                                                   {},                  {}),
    (["#*r", (2, 1), "#*r", (5, 1, 3)],                                {},                  {"r": (5, 2, 3)}),
    (["#*r", (1, 3), "*r", (2, 3), "#*r", (3,)],                       {},                  {"r": (2, 3)}),
    (["#*r", (1, N), "*r", (2, 3)],                                    {},                  {"r": (2, 3)}),
    (["#*r", (N, 3), "#*r", (1, 1)],                                   {},                  {"r": (N, 3)}),
    (["#*r", (0,), "#*r", (1,)],                                       {},                  {"r": (0,)}),
    # expressions are solved for one unknown name, and wait for several
    (["a+1", (4,)],                                                    {"a": 3},            {}),
    (["2*a", (4,), "a", (2,)],                                         {"a": 2},            {}),
    (["a+b", (5,), "a", (2,)],                                         {"a": 2, "b": 3},    {}),
    (["a+b", (5,), "b+c", (4,), "a", (2,)],                            {"a": 2, "b": 3, "c": 1}, {}),
    (["b+c", (4,), "a+b", (5,), "a", (2,)],                            {"a": 2, "b": 3, "c": 1}, {}),
    (["a+b", (5,)],                                                    {},                  {}),
    (["a//2", (3,), "a", (7,)],                                        {"a": 7},            {}),
    (["a a+1", (N, 4)],                                                {"a": 3},            {}),
    (["min(a,b)", (2,), "a b", (2, 9)],                                {"a": 2, "b": 9},    {}),
    # `{...}`
    (["{self.units}", (3,)],                                           {},                  {}),
    (["{self.units}*a", (6,)],                                         {"a": 2},            {}),
    (["{n}", (2,)],                                                    {},                  {}),
    (["{x.shape[1]}", (4,)],                                           {},                  {}),
    (["{self.name}", (5,)],                                            {"a": 5},            {}),
    (["{self.other}", (5,)],                                           {"b": 4},            {}),
    # a size that is not known, or one of a shape whose rank is not, fits everything
    (["{x.shape[0]}", (7,)],                                           {},                  {}),
    (["{x.shape[0]}+a", (7,)],                                         {},                  {}),
    (["{ragged.shape[0]}", (7,)],                                      {},                  {}),
    # an axis of unknown size asks nothing of its dimension
    (["{self.filters}", (N,)],                                         {},                  {}),
]  # fmt: skip


@pytest.mark.parametrize(("flat", "sizes", "runs"), FITS, ids=[str(row[0]) for row in FITS])
def test_fits(flat: list[object], sizes: dict[str, int], runs: dict[str, Shape]) -> None:
    result = unify_all(pairs_of(*flat))
    assert isinstance(result, Bindings), result
    assert result.plain() == sizes
    assert {name: result.run(name) for name in result.runs} == runs


REFUSED = [
    # patterns and shapes                     fault             axis  got   needed  name            bound
    (["a b", (3,)],                           Fault.RANK,       N,    1,    2,      N,              N),
    (["a", (3, 4)],                           Fault.RANK,       N,    2,    1,      N,              N),
    (["*r a b", (3,)],                        Fault.RANK,       N,    1,    2,      N,              N),
    (["3", (4,)],                             Fault.SIZE,       0,    4,    3,      "3",            N),
    (["a 4", (N, 3)],                         Fault.SIZE,       1,    3,    4,      "4",            N),
    (["#3", (2,)],                            Fault.SIZE,       0,    2,    3,      "3",            N),
    (["a a", (2, 3)],                         Fault.NAME,       1,    3,    2,      "a",            "2: axis 0 of x0"),
    (["a", (2,), "a", (3,)],                  Fault.NAME,       0,    3,    2,      "a",            "2: axis 0 of x0"),
    (["a", (0,), "#a", (3,)],                 Fault.NAME,       0,    3,    0,      "a",            "0: axis 0 of x0"),
    (["a+1", (4,), "a", (4,)],                Fault.NAME,       0,    4,    3,      "a",            "3: axis 0 of x0"),
    (["2*a", (5,)],                           Fault.SIZE,       0,    5,    N,      "2*a",          N),
    (["a+5", (3,)],                           Fault.SIZE,       0,    3,    N,      "a+5",          N),
    # an equation that waited is to blame where it stands, not where it was decided
    (["a//2", (3,), "a", (9,)],               Fault.NAME,       0,    3,    4,      "a//2",         "9: axis 0 of x1"),
    (["a//b", (3,), "a b", (9, 0)],           Fault.SIZE,       0,    3,    N,      "a//b",         N),
    (["*r", (2,), "*r", (3,)],                Fault.NAME,       0,    3,    2,      "*r",           "2: axis 0 of x0"),
    (["*r a", (2, 9), "_ *r", (9, 3)],        Fault.NAME,       1,    3,    2,      "*r",           "2: axis 0 of x0"),
    (["*r", (2,), "*r", (2, 2)],              Fault.NAME,       0,    N,    N,      "*r",           N),
    (["#*r", (2,), "#*r", (3,)],              Fault.NAME,       0,    3,    2,      "#*r",          "2: axis 0 of x0"),
    (["#*r", (0,), "#*r", (3,)],              Fault.NAME,       0,    3,    0,      "#*r",          "0: axis 0 of x0"),
    (["*r", (1,), "#*r", (3,)],               Fault.NAME,       0,    3,    1,      "#*r",          "1: axis 0 of x0"),
    (["#*r", (3,), "*r", (1,)],               Fault.NAME,       0,    1,    3,      "*r",           "3: axis 0 of x0"),
    (["#*r", (3, 2), "*r", (9, 4, 2)],        Fault.NAME,       1,    4,    3,      "*r",           "3: axis 0 of x0"),
    (["*r", (9, 4, 2), "#*r", (3, 2)],        Fault.NAME,       0,    3,    4,      "#*r",          "4: axis 1 of x0"),
    (["*r", (2,), "#*r", (4, 2)],             Fault.NAME,       0,    N,    N,      "#*r",          N),
    (["#*r", (5, 3), "*r", (3,)],             Fault.NAME,       0,    N,    N,      "*r",           N),
    (["{self.units}", (4,)],                  Fault.SIZE,       0,    4,    3,      "3",            N),
    (["{self.filters}", (4,)],                Fault.ANNOTATION, 0,    N,    N,      "{self.filters}", N),
    (["{self.gone}", (4,)],                   Fault.ANNOTATION, 0,    N,    N,      "{self.gone}",  N),
    (["{self.broad}", (4,)],                  Fault.ANNOTATION, 0,    N,    N,      "{self.broad}", N),
    (["{self.two}", (4,)],                    Fault.ANNOTATION, 0,    N,    N,      "{self.two}",   N),
    (["{self.loop}", (4,)],                   Fault.ANNOTATION, 0,    N,    N,      "{self.loop}",  N),
    (["{m}", (4,)],                           Fault.ANNOTATION, 0,    N,    N,      "{m}",          N),
]  # fmt: skip


@pytest.mark.parametrize(
    ("flat", "fault", "axis", "got", "needed", "name", "bound"), REFUSED, ids=[str(row[0]) for row in REFUSED]
)
def test_refused(
    flat: list[object],
    fault: Fault,
    axis: int | None,
    got: int | None,
    needed: int | None,
    name: str | None,
    bound: str | None,
) -> None:
    result = unify_all(pairs_of(*flat))
    assert isinstance(result, Mismatch), result
    assert (result.fault, result.axis, result.name) == (fault, axis, name)
    if result.bound is not None:
        assert f"{result.bound.size}: {result.bound.source}" == bound
    else:
        assert bound is None
    assert result.needed == needed
    assert got is None or result.got == got


DTYPES = [
    # annotation        dtype       carrier           fault
    (Float,             "float32",  Carrier.TENSOR,   None),
    (Float,             "bfloat16", Carrier.TENSOR,   None),
    (Float,             "int32",    Carrier.TENSOR,   DtypeFault.NOT_LISTED),
    (Float,             None,       Carrier.TENSOR,   None),
    (Int,               "int64",    Carrier.TENSOR,   None),
    (Int,               "uint8",    Carrier.TENSOR,   DtypeFault.NOT_LISTED),
    (jaxtyping.Bool,    "bool",     Carrier.TENSOR,   None),
    (Shaped,            "string",   Carrier.TENSOR,   None),
    (Compute,           "uint8",    Carrier.TENSOR,   None),
    (Compute,           "bool",     Carrier.TENSOR,   None),
    (Compute,           "float64",  Carrier.ARRAY,    None),
    (Compute,           "float64",  Carrier.TENSOR,   DtypeFault.DOUBLE),
    (Compute,           "string",   Carrier.DATASET,  DtypeFault.TEXT),
    (Compute,           "complex64", Carrier.TENSOR,  DtypeFault.COMPLEX),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "dtype", "carrier", "fault"), DTYPES)
def test_dtype(kind: type, dtype: str | None, carrier: Carrier, fault: DtypeFault | None) -> None:
    result = unify(pattern_of(kind[Tensor, "a"]), Spec(dtype, (3,), carrier), Bindings())  # type: ignore[index]
    assert (result.dtype if isinstance(result, Mismatch) else None) == fault


def test_each_leaf_of_a_nest_has_its_own_question_mark_names() -> None:
    pattern = _pattern("?a b")
    found = unify(pattern, Spec("float32", (2, 3)), Bindings(), leaf="[0]")
    assert isinstance(found, Bindings)
    other = unify(pattern, Spec("float32", (4, 3)), found, leaf="[1]")
    assert isinstance(other, Bindings)
    assert isinstance(unify(pattern, Spec("float32", (4, 3)), found, leaf="[0]"), Mismatch)
    assert isinstance(unify(pattern, Spec("float32", (4, 5)), found, leaf="[1]"), Mismatch)


def test_bindings_are_exchanged_and_never_changed() -> None:
    before = unify_all([("a *r", (2, 3)), ("b+c", (4,))])
    assert isinstance(before, Bindings)
    copy = Bindings(dict(before.sizes), dict(before.runs), before.pending)
    unify(_pattern("b *r"), Spec("float32", (1, 3)), before)
    unify(_pattern("b *r"), Spec("float32", (9, 4)), before)
    assert before == copy


RESOLVED = [
    # value       the expression, or why there is none
    (3,            "3"),
    (np.int64(3),  "3"),
    ("a",          "a"),
    ("a+1",        "a+1"),
    ("rows=4",     "4"),
    (True,         Unresolved),
    (2.5,          Unresolved),
    (np.arange(2), Unresolved),
    ((3, 3),       Unresolved),
    (None,         Unresolved),
    ("#a",         PatternError),
    ("*a",         PatternError),
    ("_",          PatternError),
    ("",           PatternError),
    ("a b",        PatternError),
    ("a,",         PatternError),
    ("{n}",        PatternError),
]  # fmt: skip


@pytest.mark.parametrize(("value", "text"), RESOLVED, ids=[repr(row[0]) for row in RESOLVED])
def test_what_stands_for_a_hole(value: object, text: str | type[Exception]) -> None:
    (dim,) = parse_dims("{n}")
    expression = dim.size  # type: ignore[union-attr]
    if isinstance(text, str):
        assert str(resolve(expression, {"n": value})) == text
    else:
        with pytest.raises(text):
            resolve(expression, {"n": value})


def test_an_unknown_size_is_told_from_an_attribute_that_is_none() -> None:
    for text in ("{x.shape[0]}", "{ragged.shape[0]}", "{ragged.shape[-1]}+1"):
        (dim,) = parse_dims(text)
        with pytest.raises(UnknownSize):
            resolve(dim.size, SCOPE)  # type: ignore[union-attr]


INFERRED = [
    # bound by                               pattern              shape
    (["a *r b", (2, 5, N, 3)],               "a *r b",            (2, 5, N, 3)),
    (["a *r b", (N, 5, N, 3)],               "a *r 2*b",          (N, 5, N, 6)),
    (["a", (2,)],                            "a {self.units}",    (2, 3)),
    (["a", (2,)],                            "a {self.filters}",  (2, N)),
    (["a", (2,)],                            "a {x.shape[0]}",    (2, N)),
    (["a", (2,)],                            "a c",               (2, N)),
    (["a", (2,)],                            "a #a _",            (2, N, N)),
    (["a", (2,)],                            "... a",             N),
    (["a", (2,)],                            "*r a",              N),
    (["*r", N],                              "*r",                N),
    (["#*r", (1, 3), "#*r", (2, 1)],         "*r",                (2, 3)),
    (["a", (3,)],                            "a/2 int(a/2)",      (N, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("flat", "text", "shape"), INFERRED, ids=[f"{row[0]}-{row[1]}" for row in INFERRED])
def test_the_shape_that_a_pattern_describes(flat: list[object], text: str, shape: Shape | None) -> None:
    bindings = unify_all(pairs_of(*flat))
    assert isinstance(bindings, Bindings)
    assert shape_from(_pattern(text), bindings, SCOPE) == shape


# ------------------------------------------------------------------------------------------------- properties
SIMPLE = ["a", "b", "c", "_", "0", "1", "3", "#a", "#b", "#3"]
READABLE = ["{self.units}", "{n}", "#{self.units}", "{self.units}+1", "{x.shape[0]}", "{n}*{self.units}", "{n}+a"]
COMPUTED = [
    "a+1", "2*b", "a+b", "a-b", "2*a-b", "a*b", "#a+b", "#2*b", "min(a,b)", "max(a,b,c)", "a//2", "a%2", "a//b", "a/2",
    "a**2", "abs(a-b)", "int(a/2)", "-a+4", "(a+b)*2", "a+b//2", "a*(b-1)", "2**a", "rows=a+1",
]  # fmt: skip
RUNS = ["...", "*r", "*s", "#*r", "#*s"]
WORLD = SimpleNamespace(self=SimpleNamespace(units=3), n=2, x=np.zeros((2, 1), "float32"))
WORLD_SCOPE = vars(WORLD)
size = st.integers(0, 5)


@st.composite
def texts(draw: st.DrawFn, dims: Sequence[str]) -> str:
    parts = draw(st.lists(st.sampled_from(dims), max_size=3))
    if draw(st.booleans()):
        parts.insert(draw(st.integers(0, len(parts))), draw(st.sampled_from(RUNS)))
    return " ".join(parts)


@st.composite
def problems(
    draw: st.DrawFn, dims: Sequence[str], last: Sequence[str] | None = None
) -> list[tuple[str, tuple[int, ...]]]:
    """A few patterns, each with a shape that mostly fits: sizes are drawn for the names first."""
    sizes = {name: draw(size) for name in "abc"}
    runs = {name: draw(st.lists(size, max_size=3)) for name in "rs"}
    out = []
    count = draw(st.integers(1, 4))
    for place in range(count):
        text = draw(texts(dims if last is None or place < count - 1 else [*dims, *last]))
        shape: list[int] = []
        for part in text.split():
            if "*" in part and (run := runs.get(part.lstrip("#*"))) is not None:
                keep = draw(st.integers(0, len(run))) if "#" in part else 0
                shape += [1 if "#" in part and draw(st.booleans()) else s for s in run[keep:]]
            elif part == "...":
                shape += draw(st.lists(size, max_size=2))
            else:
                shape.append(_size(part, sizes, draw))
        if shape and draw(st.integers(0, 5)) == 0:
            shape[draw(st.integers(0, len(shape) - 1))] = draw(size)
        out.append((text, tuple(shape)))
    return out


run_problems = st.lists(
    st.tuples(st.sampled_from(["#*r", "*r", "#*r _"]), st.lists(st.sampled_from([1, 2, 2, 3]), max_size=3).map(tuple)),
    min_size=2,
    max_size=4,
)
"""Runs of one name, exact and broadcast, with shapes that have nothing to do with each other."""


def _size(part: str, sizes: dict[str, int], draw: st.DrawFn) -> int:
    if part.startswith("#") and draw(st.booleans()):
        return 1
    try:
        (value,) = shape_from(_pattern(part.lstrip("#")), _bound(sizes), WORLD_SCOPE) or (None,)
    except ArithmeticError:
        value = None
    return value if value is not None and value >= 0 else draw(size)


def _bound(sizes: dict[str, int]) -> Bindings:
    result = unify_all([(" ".join(sizes), tuple(sizes.values()))])
    assert isinstance(result, Bindings)
    return result


def _facts(result: Result) -> object:
    """What must not depend on the order: sizes and runs, or only that it was refused."""
    if isinstance(result, Mismatch):
        return "refused"
    return result.plain(), {name: result.run(name) for name in result.runs}, len(result.pending)


@st.composite
def masked(draw: st.DrawFn, pairs: list[tuple[str, tuple[int, ...]]]) -> list[Pair]:
    """The same problem, less well known: some sizes are None, some ranks unknown."""
    out: list[Pair] = []
    for text, shape in pairs:
        if draw(st.integers(0, 9)) == 0:
            out.append((text, None))
        else:
            out.append((text, tuple(None if draw(st.integers(0, 3)) == 0 else s for s in shape)))
    return out


ALL = [*SIMPLE, *READABLE, *COMPUTED]
LIMITS = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given((problems(ALL) | run_problems).flatmap(masked), st.data())
@LIMITS
def test_the_order_of_the_arguments_does_not_matter(pairs: list[Pair], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(pairs))
    assert _facts(unify_all(shuffled, WORLD_SCOPE)) == _facts(unify_all(pairs, WORLD_SCOPE))


@given(problems(ALL) | run_problems, st.data())
@LIMITS
def test_more_knowledge_never_turns_refused_into_accepted(
    full: list[tuple[str, tuple[int, ...]]], data: st.DataObject
) -> None:
    some = data.draw(masked(full))
    less = [
        (text, shape if shape is None or data.draw(st.booleans()) else tuple(None for _ in shape))
        for text, shape in some
    ]
    refused = [isinstance(unify_all(pairs, WORLD_SCOPE), Mismatch) for pairs in (less, some, full)]
    assert refused == sorted(refused), "refused while less was known, accepted when more was"


@given(problems(ALL))
@LIMITS
def test_what_was_accepted_is_accepted_again_and_says_nothing_new(pairs: list[Pair]) -> None:
    once = unify_all(pairs, WORLD_SCOPE)
    assume(isinstance(once, Bindings))
    again = unify_all([*pairs, *pairs], WORLD_SCOPE)
    assert isinstance(again, Bindings)
    assert _facts(again)[:2] == _facts(once)[:2]  # type: ignore[index]


@given(problems(SIMPLE))
@LIMITS
def test_infer_gives_back_a_shape_that_its_own_pattern_takes(pairs: list[Pair]) -> None:
    bindings = unify_all(pairs)
    assume(isinstance(bindings, Bindings))
    for text, shape in pairs:
        told = shape_from(_pattern(text), bindings)  # type: ignore[arg-type]
        assert isinstance(unify(_pattern(text), Spec("float32", told), bindings), Bindings)  # type: ignore[arg-type]
        if told is not None and "#" not in text:
            assert all(one in (None, two) for one, two in zip(told, shape or (), strict=True))


@jaxtyped(typechecker=None)
def _jaxtyping_accepts(self: object, n: int, x: np.ndarray, pairs: Sequence[tuple[str, tuple[int, ...]]]) -> bool:
    """What jaxtyping itself says; it reads ``{...}`` from the arguments of this function."""
    return all(isinstance(np.broadcast_to(np.float32(0), shape), Float[np.ndarray, text]) for text, shape in pairs)


@given(
    problems([*SIMPLE, "{self.units}", "{n}", "#{self.units}", "{self.units}+1", "{x.shape[0]}"], ALL) | run_problems
)
@settings(LIMITS, max_examples=400, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_agrees_with_jaxtyping_where_every_size_is_known(pairs: list[tuple[str, tuple[int, ...]]]) -> None:
    """On known shapes we accept what jaxtyping accepts, wherever it gives an answer.

    It gives none (AnnotationError) for an expression with a name that no earlier axis has bound; we solve such an
    expression or let it wait. Expressions therefore stand in the last argument here. `*name` and `#*name` of one
    name mixed are no exception: jaxtyping 0.3.11 keeps the exact run whichever came first, and so do we.
    """
    try:
        accepted = _jaxtyping_accepts(WORLD.self, WORLD.n, WORLD.x, pairs)
    except (jaxtyping.AnnotationError, ZeroDivisionError):
        assume(False)
        return
    result = unify_all(pairs, WORLD_SCOPE)
    assert isinstance(result, Bindings) == accepted, result


DIFFERENCES = [
    # patterns and shapes            self.units   jaxtyping                    we
    # it needs the names of an expression first; we solve, or wait
    (["2*b", (6,)],                  3,           jaxtyping.AnnotationError,   True),
    (["2*b", (5,)],                  3,           jaxtyping.AnnotationError,   False),
    (["a+b", (5,), "a b", (2, 9)],   3,           jaxtyping.AnnotationError,   False),
    # it pastes the text of `{...}` into the expression; for us `{...}` is one value
    (["a 2*{self.units}", (3, 8)],   "a+1",       False,                       True),
    (["a 2*{self.units}", (3, 7)],   "a+1",       True,                        False),
    (["{self.units}**2", (4,)],      -2,          False,                       True),
    # it compares `{...}` with any number; we want a whole one
    (["2*{self.units}", (5,)],       2.5,         True,                        False),
    # it takes None for a value
    (["a a", (N, N)],                3,           True,                        True),
    (["3 a", (N, 2)],                3,           False,                       True),
    (["*r", (N, 2), "*r", (4, 2)],   3,           False,                       True),
    # it lets an expression of 0 divide; for us it has no value
    (["a 4//a", (0, 4)],             3,           ZeroDivisionError,           False),
]  # fmt: skip


class Shaped32:
    """An array-like of a shape that no array has: with None in it."""

    dtype = np.dtype("float32")

    def __init__(self, shape: Shape) -> None:
        self.shape = shape


@pytest.mark.parametrize(("flat", "units", "theirs", "ours"), DIFFERENCES, ids=[str(row[0]) for row in DIFFERENCES])
def test_known_differences_to_jaxtyping(
    flat: list[object], units: object, theirs: bool | type[Exception], ours: bool
) -> None:
    pairs, layer = pairs_of(*flat), SimpleNamespace(units=units)

    @jaxtyped(typechecker=None)
    def accepts(self: object) -> bool:
        return all(isinstance(Shaped32(shape or ()), Float[Tensor, text]) for text, shape in pairs)

    if isinstance(theirs, bool):
        assert accepts(layer) is theirs
    else:
        with pytest.raises(theirs):
            accepts(layer)
    assert isinstance(unify_all(pairs, {"self": layer}), Bindings) is ours
