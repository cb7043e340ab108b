"""TL719: Python or NumPy code asks a tensor for its values while a model is traced."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.custom.seen import N, a_call, raised, spec
from typedlayers.facts.calls import At, Reading
from typedlayers.rules.custom.values_in_trace import RULE


def reads(reading: Reading, line: str) -> Any:
    """A call that failed at a line which asked a tensor for values."""
    return a_call(came=spec(N, 4), failed=raised("...", At("net.py", 7, line), reading=reading))


WRONG = {
    "a function that keras.ops has": (
        reads(Reading.NUMPY, "return np.mean(x)"),
        "gives NumPy",
        "keras.ops.mean in place of np.mean at net.py:7",
    ),
    "one of linalg": (
        reads(Reading.NUMPY, "return np.linalg.norm(x)"),
        "gives NumPy",
        "keras.ops.norm in place of np.linalg.norm at net.py:7",
    ),
    "one that it has not": (
        reads(Reading.NUMPY, "return np.asarray(x)"),
        "gives NumPy",
        "a function of keras.ops in place of NumPy's at net.py:7",
    ),
    "two: nothing says which one": (
        reads(Reading.NUMPY, "return np.sqrt(4) * np.mean(x)"),
        "gives NumPy",
        "a function of keras.ops in place of NumPy's at net.py:7",
    ),
    "a function of math": (
        reads(Reading.NUMBER, "return math.exp(x)"),
        "makes a Python number of",
        "keras.ops.exp in place of math.exp at net.py:7",
    ),
    "float": (
        reads(Reading.NUMBER, "return float(x)"),
        "makes a Python number of",
        "keep the tensor: keras.ops.cast in place of int() or float(), keras.ops.arange for range() at net.py:7",
    ),
    "a condition": (
        reads(Reading.TRUTH, "if x > 0:"),
        "decides in Python by",
        "keras.ops.where(condition, a, b), or keras.ops.cond, for the Python condition at net.py:7",
    ),
    "a loop": (
        reads(Reading.ITERATION, "for row in x:"),
        "iterates in Python over",
        "keras.ops.vectorized_map, or keras.ops.unstack over an axis of known size, for the loop at net.py:7",
    ),
    "numpy()": (
        reads(Reading.METHOD, "return x.numpy()"),
        "calls numpy() of",
        "the tensor itself in place of its numpy(): keras.ops takes it at net.py:7",
    ),
}

RIGHT = {
    "it gave a result": a_call(came=spec(N, 4), gives=spec(N, 4)),
    "it raised something else": a_call(failed=raised("no such key")),
}

NUMPY = At("net.py", 7, "np.mean(x)")

LOOKS_WRONG = {"NumPy stands in the line that raised something else": a_call(failed=raised("no such key", NUMPY))}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    call, does, fix = WRONG[name]
    (found,) = RULE.find(call)
    assert found.headline == f'Mine "mine" {does} a tensor that has no values while the model is traced'
    assert [one.text for one in found.fixes] == [fix]


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert list(RULE.find({**RIGHT, **LOOKS_WRONG}[name])) == []
