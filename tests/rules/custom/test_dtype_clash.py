"""TL714: two dtypes meet inside the ``call`` of a layer."""

from __future__ import annotations

import pytest

from tests.rules.custom.seen import N, a_call, raised, spec
from typedlayers.rules.custom.dtype_clash import RULE

WRONG = {
    "what NumPy makes": (
        a_call(failed=raised("...", clash=("float32", "float64"), op="AddV2")),
        'Mine "mine" computes in float32, but a float64 tensor of its call meets it in AddV2',
        "keras.ops.cast(..., self.compute_dtype) around the float64 tensor at net.py:7",
    ),
    "a weight in half precision, the other way round": (
        a_call(computes="float16", failed=raised("...", clash=("float32", "float16"))),
        'Mine "mine" computes in float16, but a float32 tensor of its call meets it',
        "keras.ops.cast(..., self.compute_dtype) around the float32 tensor at net.py:7",
    ),
}

RIGHT = {
    "it gave a result": a_call(came=spec(N, 4), gives=spec(N, 4)),
    "it raised something else": a_call(failed=raised("no such key")),
}

LOOKS_WRONG = {
    "neither dtype is the layer's": a_call(failed=raised("...", clash=("int32", "int64"), op="Mul")),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    call, headline, fix = WRONG[name]
    (found,) = RULE.find(call)
    assert found.headline == headline
    assert [one.text for one in found.fixes] == [fix]


def test_numpy_is_named_where_float64_comes_in() -> None:
    assert [("NumPy" in one.why) for row in WRONG.values() for one in RULE.find(row[0])] == [True, False]


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert list(RULE.find({**RIGHT, **LOOKS_WRONG}[name])) == []


def test_a_long_message_is_told_in_one_line() -> None:
    assert raised("a\n  b for '{{node add}}' = Add[T=float]").in_short == "a b"
    assert raised("x" * 200).in_short == "x" * 117 + "..."
