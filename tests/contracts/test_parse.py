"""The dimension syntax: text → dimensions → text, and every kind of text that is none."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

import jaxtyping
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import typedlayers
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
    Unresolved,
    Variadic,
    evaluate,
    is_constant,
    linear_in,
)
from typedlayers.contracts.dtypes import Tensor
from typedlayers.contracts.parse import PatternError, is_annotation, parse_dims, pattern_of

PACKAGE = Path(typedlayers.__path__[0])

a, b, c = Name("a"), Name("b"), Name("c")
units, n, first = Hole("self", ("units",)), Hole("n", ()), Hole("x", ("shape", (0,)))


def op(left: Expression, sign: str, right: Expression) -> Operation:
    return Operation(sign, left, right)


READ = [
    # text                    the dimension                                                    printed, if otherwise
    ("batch",                 Axis(Name("batch")),                                             None),
    ("B2",                    Axis(Name("B2")),                                                None),
    ("größe",                 Axis(Name("größe")),                                             None),
    ("None",                  Axis(Name("None")),                                              None),
    ("3",                     Axis(Constant(3)),                                               None),
    ("0",                     Axis(Constant(0)),                                               None),
    ("03",                    Axis(Constant(3)),                                               "3"),
    ("+3",                    Axis(Constant(3)),                                               "3"),
    ("1_000",                 Axis(Constant(1000)),                                            "1000"),
    ("_",                     Anonymous(),                                                     None),
    ("_name",                 Anonymous(),                                                     "_"),
    ("?_name",                Anonymous(),                                                     "_"),
    ("...",                   Variadic(None),                                                  None),
    ("*_",                    Variadic(None),                                                  "..."),
    ("*_name",                Variadic(None),                                                  "..."),
    ("_*name",                Variadic(None),                                                  "..."),
    ("*name",                 Variadic("name"),                                                None),
    ("#name",                 Axis(Name("name"), broadcast=True),                              None),
    ("#3",                    Axis(Constant(3), broadcast=True),                               None),
    ("#a+1",                  Axis(op(a, "+", Constant(1)), broadcast=True),                   None),
    ("*#name",                Variadic("name", broadcast=True),                                "#*name"),
    ("#*name",                Variadic("name", broadcast=True),                                None),
    ("?name",                 Axis(Name("name"), per_leaf=True),                               None),
    ("?#name",                Axis(Name("name"), broadcast=True, per_leaf=True),               "#?name"),
    ("*?name",                Variadic("name", per_leaf=True),                                 "?*name"),
    ("?*#name",               Variadic("name", broadcast=True, per_leaf=True),                 "#?*name"),
    ("rows=4",                Axis(Constant(4)),                                               "4"),
    ("rows=b",                Axis(b),                                                         "b"),
    ("#rows=4",               Axis(Constant(4), broadcast=True),                               "#4"),
    ("rows=#4",               Axis(Constant(4), broadcast=True),                               "#4"),
    ("rows={self.units}",     Axis(units),                                                     "{self.units}"),
    ("dim+1",                 Axis(op(Name("dim"), "+", Constant(1))),                         None),
    ("2*b",                   Axis(op(Constant(2), "*", b)),                                   None),
    ("a*b",                   Axis(op(a, "*", b)),                                             None),
    ("a-b-c",                 Axis(op(op(a, "-", b), "-", c)),                                 None),
    ("a-(b-c)",               Axis(op(a, "-", op(b, "-", c))),                                 None),
    ("(a+b)*c",               Axis(op(op(a, "+", b), "*", c)),                                 None),
    ("a+(b*c)",               Axis(op(a, "+", op(b, "*", c))),                                 "a+b*c"),
    ("a//2",                  Axis(op(a, "//", Constant(2))),                                  None),
    ("a/2",                   Axis(op(a, "/", Constant(2))),                                   None),
    ("a%2",                   Axis(op(a, "%", Constant(2))),                                   None),
    ("a**b**c",               Axis(op(a, "**", op(b, "**", c))),                               None),
    ("(a**b)**c",             Axis(op(op(a, "**", b), "**", c)),                               None),
    ("-a**2",                 Axis(Negative(op(a, "**", Constant(2)))),                        None),
    ("(-a)**2",               Axis(op(Negative(a), "**", Constant(2))),                        None),
    ("a**-1",                 Axis(op(a, "**", Negative(Constant(1)))),                        "a**(-1)"),
    ("a--b",                  Axis(op(a, "-", Negative(b))),                                   None),
    ("-3",                    Axis(Negative(Constant(3))),                                     None),
    ("0.5*a",                 Axis(op(Constant(0.5), "*", a)),                                 None),
    ("min(a,b)",              Axis(Call("min", (a, b))),                                       None),
    ("max(a,b,3)",            Axis(Call("max", (a, b, Constant(3)))),                          None),
    ("abs(a-b)",              Axis(Call("abs", (op(a, "-", b),))),                             None),
    ("int(a/2)",              Axis(Call("int", (op(a, "/", Constant(2)),))),                   None),
    ("round(a/2)",            Axis(Call("round", (op(a, "/", Constant(2)),))),                 None),
    ("{self.units}",          Axis(units),                                                     None),
    ("#{self.units}",         Axis(units, broadcast=True),                                     None),
    ("{self.units}+1",        Axis(op(units, "+", Constant(1))),                               None),
    ("{self.units+1}",        Axis(op(units, "+", Constant(1))),                               "{self.units}+1"),
    ("{self.units+1}*2",      Axis(op(op(units, "+", Constant(1)), "*", Constant(2))),         "({self.units}+1)*2"),
    ("{-n}",                  Axis(Negative(n)),                                               "-{n}"),
    ("{3}",                   Axis(Constant(3)),                                               "3"),
    ("{x.shape[0]}",          Axis(first),                                                     None),
    ("{x.shape[-1]}",         Axis(Hole("x", ("shape", (-1,)))),                               None),
    ("{x['k'].shape[0]}",     Axis(Hole("x", (("k",), "shape", (0,)))),                        None),
    ("{n}",                   Axis(n),                                                         None),
    ("{n}*{self.units}",      Axis(op(n, "*", units)),                                         None),
    ("min({n},hole0)",        Axis(Call("min", (n, Name("hole0")))),                           None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "dim", "printed"), READ, ids=[row[0] for row in READ])
def test_read(text: str, dim: Dim, printed: str | None) -> None:
    assert parse_dims(text) == (dim,)
    assert str(dim) == (text if printed is None else printed)
    assert parse_dims(str(dim)) == (dim,)


@pytest.mark.parametrize("text", [row[0] for row in READ])
def test_jaxtyping_takes_what_we_take(text: str) -> None:
    annotation = jaxtyping.Float[Tensor, text]
    assert is_annotation(annotation)
    assert pattern_of(annotation).dims == parse_dims(text)


NEITHER = "names, numbers, {...}, + - * / // % **, parentheses and min, max, abs, int, round, and nothing else"
BEFORE = "`*`, `_` and `?` go before a name, not before a number or expression"
SPACES = "is not a name, number or arithmetic expression (written without spaces)"
BRACES = "write `self.attribute` or an argument in braces, with attributes, indices and arithmetic"

REFUSED = [
    # text               what the message says of it
    ("##a",              "`#` is there twice in `##a`"),
    ("**a",              "`*` is there twice in `**a`"),
    ("__a",              "`_` is there twice in `__a`"),
    ("??a",              "`?` is there twice in `??a`"),
    ("#",                "`#` names no axis; write a name, a number, `_` or `...`"),
    ("*",                "`*` names no axis; write a name, a number, `_` or `...`"),
    ("?",                "`?` names no axis; write a name, a number, `_` or `...`"),
    ("#_",               "`#_` names no axis; write a name, a number, `_` or `...`"),
    ("#_a",              "`#_a` names no axis; write a name, a number, `_` or `...`"),
    ("#*_a",             "`#*_a` names no axis; write a name, a number, `_` or `...`"),
    ("rows=",            "`rows=` names no axis; write a name, a number, `_` or `...`"),
    ("*4",               f"`*4`: {BEFORE}"),
    ("_4",               f"`_4`: {BEFORE}"),
    ("?4",               f"`?4`: {BEFORE}"),
    ("*a+1",             f"`*a+1`: {BEFORE}"),
    ("_a+1",             f"`_a+1`: {BEFORE}"),
    ("?a+1",             f"`?a+1`: {BEFORE}"),
    ("*{self.units}",    f"`*{{self.units}}`: {BEFORE}"),
    ("*... a",           "write `...` by itself, not as in `*...`"),
    ("a...",             "write `...` by itself, not as in `a...`"),
    ("*a *b",            "a shape can have only one `*name` or `...`"),
    ("... a ...",        "a shape can have only one `*name` or `...`"),
    ("*a ...",           "a shape can have only one `*name` or `...`"),
    ("a, b",             "axes are separated by spaces, not by commas as in `a,`"),
    ("a,b",              "axes are separated by spaces, not by commas as in `a,b`"),
    ("a#",               "write `#` at the start, not as in `a#`"),
    ("a+1#b",            "write `#` at the start, not as in `a+1#b`"),
    ("a=3=4",            "`a=3=4`: write one name before `=` and the size after it"),
    ("a==3",             "`a==3`: write one name before `=` and the size after it"),
    ("a>=3",             "`a>=3`: write one name before `=` and the size after it"),
    ("=3",               "`=3`: write one name before `=` and the size after it"),
    ("(a:=3)",           "`(a:=3)`: write one name before `=` and the size after it"),
    ("a + 1",            f"`+` {SPACES}"),
    ("min(a, b)",        f"`min(a,` {SPACES}"),
    ("a+",               f"`a+` {SPACES}"),
    ("(a",               f"`(a` {SPACES}"),
    ("2a",               f"`2a` {SPACES}"),
    ("class+1",          f"`class+1` {SPACES}"),
    ("dim{n}",           f"`dim{{n}}` {SPACES}"),
    ("{n}{m}",           f"`{{n}}{{m}}` {SPACES}"),
    ("{n}0",             f"`{{n}}0` {SPACES}"),
    ("{n",               f"`{{n` {SPACES}"),
    ("a\0",              f"`a\0` {SPACES}"),
    ("a<b",              f"`a<b` may use {NEITHER}"),
    ("a@b",              f"`a@b` may use {NEITHER}"),
    ("a.b",              f"`a.b` may use {NEITHER}"),
    ("a[0]",             f"`a[0]` may use {NEITHER}"),
    ("~a",               f"`~a` may use {NEITHER}"),
    ("'a'",              f"`'a'` may use {NEITHER}"),
    ("3j",               f"`3j` may use {NEITHER}"),
    ("1e999",            f"`1e999` may use {NEITHER}"),
    ("True+1",           f"`True+1` may use {NEITHER}"),
    ("f(a)",             f"`f(a)` may use {NEITHER}"),
    ("eval('1')",        f"`eval('1')` may use {NEITHER}"),
    ("a.f(b)",           f"`a.f(b)` may use {NEITHER}"),
    ("min(*a)",          "`min(*a)`: `min` takes two or more arguments"),
    ("min(*a,b)",        f"`min(*a,b)` may use {NEITHER}"),
    ("min(a)",           "`min(a)`: `min` takes two or more arguments"),
    ("max()",            "`max()`: `max` takes two or more arguments"),
    ("abs(a,b)",         "`abs(a,b)`: `abs` takes one argument"),
    ("int()",            "`int()`: `int` takes one argument"),
    ("1+_a",             "`1+_a`: `_a` binds nothing that could be computed with"),
    ("{{n}}",            f"`{{{{n}}}}` may use {NEITHER}"),
    ("{}",               "`{}` names no attribute and no argument"),
    ("{self.}",          "`{self.}` names no attribute and no argument"),
    ("{n:d}",            "`{n:d}` names no attribute and no argument"),
    ("{n!r}",            "`{n!r}` names no attribute and no argument"),
    ("{len(x)}",         f"`{{len(x)}}`: {BRACES}"),
    ("{x[y]}",           f"`{{x[y]}}`: {BRACES}"),
    ("{x[0:1]}",         f"`{{x[0:1]}}`: {BRACES}"),
    ("{'a'}",            f"`{{'a'}}`: {BRACES}"),
    ("{x.f()}",          f"`{{x.f()}}`: {BRACES}"),
    ("9**9**9**9",       "`9**9**9**9` has no value: 9**387420489 is beyond 2**63"),
    ("2**60*16",         "`2**60*16` has no value: the result is beyond 2**63"),
    ("3%0",              "`3%0` has no value: integer modulo by zero"),
    ("{1e999}",          f"`{{1e999}}`: {BRACES}"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused(text: str, message: str) -> None:
    with pytest.raises(PatternError) as caught:
        parse_dims(text)
    assert str(caught.value) == f'"{text}": {message}'


def test_an_annotation_that_jaxtyping_takes_and_we_do_not_is_refused_when_it_is_read() -> None:
    with pytest.raises(PatternError, match=r"`3\*__import__\('os'\)\.getpid\(\)` may use"):
        pattern_of(jaxtyping.Float[Tensor, "a 3*__import__('os').getpid()"])


def test_what_is_no_annotation_is_refused() -> None:
    for value in (np.ndarray, 3, "a b", jaxtyping.Float, list[int]):
        assert not is_annotation(value)
        with pytest.raises(TypeError, match="not a jaxtyping annotation such as"):
            pattern_of(value)


RESULTS = [
    # text            a   b  value
    ("a+b",           2,  3, 5),
    ("2*a-b",         2,  3, 1),
    ("a/b",           3,  2, 1.5),
    ("a//b",          7,  2, 3),
    ("a%b",           7,  2, 1),
    ("a**b",          2,  3, 8),
    ("-a**b",         2,  2, -4),
    ("min(a,b)",      2,  3, 2),
    ("max(a,b,5)",    2,  3, 5),
    ("int(a/b)",      7,  2, 3),
    ("round(a/b)",    7,  4, 2),
    ("abs(a-b)",      2,  3, 1),
    ("a//b",          1,  0, ZeroDivisionError),
    ("a**9**9**b",    9,  9, ArithmeticError),
    ("a*9**b",        9, 19, ArithmeticError),
    ("(-a)**9**b",    1,  9, -1),
    ("(-a)**(b/2)",   1,  1, ArithmeticError),
]  # fmt: skip


@pytest.mark.parametrize(("text", "one", "two", "value"), RESULTS)
def test_the_value_of_an_expression(text: str, one: int, two: int, value: float | type[ArithmeticError]) -> None:
    (dim,) = parse_dims(text)
    assert isinstance(dim, Axis)
    if isinstance(value, type):
        with pytest.raises(value):
            evaluate(dim.size, {"a": one, "b": two})
    else:
        assert evaluate(dim.size, {"a": one, "b": two}) == value
        assert evaluate(dim.size, {"a": None, "b": two}) is None


LINEAR = [
    # text           known       solved for  size → size
    ("a",            {},         "a",        3, 3),
    ("a+1",          {},         "a",        3, 2),
    ("1-a",          {},         "a",        0, 1),
    ("2*a",          {},         "a",        6, 3),
    ("2*a",          {},         "a",        5, None),
    ("a+5",          {},         "a",        3, None),
    ("-a+5",         {},         "a",        3, 2),
    ("a*b",          {"b": 4},   "a",        8, 2),
    ("(a+b)*2-a",    {"b": 1},   "a",        5, 3),
    ("a+b//2",       {"b": 5},   "a",        5, 3),
    ("a+min(b,2)",   {"b": 5},   "a",        5, 3),
    ("a+b",          {},         None,       0, None),
    ("a*a",          {},         None,       0, None),
    ("a//2",         {},         None,       0, None),
    ("a-a",          {},         None,       0, None),
    ("b",            {"b": 4},   None,       0, None),
    ("min(a,2)",     {},         None,       0, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "known", "name", "size", "solved"), LINEAR)
def test_an_expression_is_solved_for_its_one_unknown_name(
    text: str, known: dict[str, int | None], name: str | None, size: int, solved: int | None
) -> None:
    (dim,) = parse_dims(text)
    assert isinstance(dim, Axis)
    form = linear_in(dim.size, known)
    assert (None if form is None else form.name) == name
    if form is not None:
        assert form.solve(size) == solved


class Layer:
    units = 4
    kernel_size = (3, 5)
    table: dict[str, int] = {"k": 7}  # noqa: RUF012 - a plain attribute is what is read

    @property
    def output(self) -> object:
        raise ValueError("the layer was never called")


HOLES = [
    # hole                     what it reads; an exception for nothing
    ("{self.units}",           4),
    ("{self.kernel_size[1]}",  5),
    ("{self.kernel_size[-1]}", 5),
    ("{self.table['k']}",      7),
    ("{n}",                    9),
    ("{self.filters}",         Unresolved),
    ("{self.kernel_size[2]}",  Unresolved),
    ("{self.units[0]}",        Unresolved),
    ("{self.output.shape}",    Unresolved),
    ("{m}",                    Unresolved),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), HOLES)
def test_a_hole_reads_attributes_and_arguments(text: str, value: int | type[Exception]) -> None:
    (dim,) = parse_dims(text)
    assert isinstance(dim, Axis)
    assert isinstance(dim.size, Hole)
    scope = {"self": Layer(), "n": 9}
    if isinstance(value, type):
        with pytest.raises(value):
            dim.size.read(scope)
    else:
        assert dim.size.read(scope) == value


# ------------------------------------------------------------------------------------------------- properties
names = st.sampled_from(["a", "b", "time", "hole0", "h2", "größe"])
holes = st.builds(
    Hole,
    st.sampled_from(["self", "x", "n"]),
    st.lists(
        st.sampled_from(["units", "shape"]) | st.tuples(st.integers(-3, 3) | st.sampled_from(["k", "a-b"])), max_size=3
    ).map(tuple),
)
constants = st.builds(Constant, st.integers(0, 10**6) | st.floats(0, 1e30, exclude_min=True).map(abs))


def _deeper(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.builds(Operation, st.sampled_from(sorted(OPERATORS)), inner, inner),
        st.builds(Negative, inner),
        st.sampled_from(sorted(FUNCTIONS)).flatmap(
            lambda f: st.builds(
                functools.partial(Call, f),
                st.lists(inner, min_size=1 + (f in OF_SEVERAL), max_size=1 + 2 * (f in OF_SEVERAL)).map(tuple),
            )
        ),
    )


expressions = st.recursive(constants | st.builds(Name, names) | holes, _deeper, max_leaves=8)
axes = st.one_of(
    st.builds(Anonymous),
    st.builds(Axis, st.builds(Name, names), st.booleans(), st.booleans()),
    st.builds(Axis, expressions, st.booleans()),
)
runs = st.builds(Variadic, st.none()) | st.builds(Variadic, names, st.booleans(), st.booleans())


@st.composite
def shapes(draw: st.DrawFn) -> tuple[Dim, ...]:
    dims: list[Dim] = draw(st.lists(axes, max_size=4))
    if draw(st.booleans()):
        dims.insert(draw(st.integers(0, len(dims))), draw(runs))
    return tuple(dims)


@given(shapes())
@settings(max_examples=300, deadline=None)
def test_parse_reads_what_is_printed(dims: tuple[Dim, ...]) -> None:
    assume(all(map(has_a_value, dims)))
    assert parse_dims(" ".join(map(str, dims))) == dims


def has_a_value(dim: Dim) -> bool:
    """False of arithmetic of numbers alone that has no result."""
    if not isinstance(dim, Axis) or not is_constant(dim.size):
        return True
    try:
        evaluate(dim.size, {})
    except ArithmeticError:
        return False
    return True


pieces = st.sampled_from([*"ab_#*?=+-(){}.,3", "...", "self.", "min(", "[0]", "**", "//", "{n}", "{self.u}", " ", " "])


@given(st.lists(pieces, max_size=8).map("".join))
@settings(max_examples=500, deadline=None)
def test_what_is_read_prints_stably_and_any_other_text_is_a_pattern_error(text: str) -> None:
    try:
        dims = parse_dims(text)
    except PatternError:
        return
    printed = " ".join(map(str, dims))
    assert parse_dims(printed) == dims
    assert " ".join(map(str, parse_dims(printed))) == printed


@given(st.lists(pieces, max_size=6).map("".join))
@settings(max_examples=500, deadline=None)
def test_we_take_no_text_that_jaxtyping_refuses(text: str) -> None:
    try:
        jaxtyping.Float[np.ndarray, text]
    except ValueError:
        with pytest.raises(PatternError):
            parse_dims(text.strip())
    else:
        assume(False)


# ------------------------------------------------------------------------------------------------- the promise
def test_no_text_is_ever_run() -> None:
    sources = sorted(PACKAGE.rglob("*.py"))
    assert PACKAGE / "contracts" / "parse.py" in sources
    calls = [
        f"{source.relative_to(PACKAGE)}:{node.lineno}"
        for source in sources
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name) and node.id in {"eval", "exec"}
    ]
    assert {call.partition(":")[0] for call in calls} == {"cli/run.py"}  # which runs the user's script
