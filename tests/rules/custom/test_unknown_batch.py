"""TL713: a layer needs the number of samples as a number."""

from __future__ import annotations

import pytest

from tests.rules.custom.seen import N, a_call, raised, spec
from typedlayers.facts.calls import At
from typedlayers.rules.custom.unknown_batch import RULE

NONE = raised("Expected int32, but got None.")
ELSEWHERE = raised("Expected int32, but got None.", At("net.py", 9, "ones = keras.ops.ones((n, 1))"))
RUNS = {2: None, 3: None}

HEADLINE = 'Mine "mine" needs the number of samples as a number, but it is None while the model is traced'

WRONG = {
    "x.shape[0]": (
        a_call(came=spec(N, 10), failed=NONE, tried=RUNS),
        "keras.ops.shape(x)[0] in place of x.shape[0] at net.py:7",
    ),
    "a number that was read before": (
        a_call(came=spec(N, 10), failed=ELSEWHERE, tried=RUNS),
        "keras.ops.shape(x)[0] at net.py:9",
    ),
}

RIGHT = {
    "it gave a result": a_call(came=spec(N, 10), gives=spec(N, 10)),
    "the number of samples is known": a_call(failed=NONE, tried=RUNS),
}

LOOKS_WRONG = {
    "it fails for 3 samples too: the cause is another": a_call(
        came=spec(N, 10), failed=NONE, tried={2: None, 3: raised("no such key")}
    ),
    "it was tried for 2 samples only": a_call(came=spec(N, 10), failed=NONE, tried={2: None}),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    call, fix = WRONG[name]
    (found,) = RULE.find(call)
    assert found.headline == HEADLINE
    assert found.fixes[0].text == fix


def test_the_users_line_and_what_was_raised_are_told() -> None:
    (found,) = RULE.find(WRONG["x.shape[0]"][0])
    assert found.why == (
        "call fails at net.py:7: return x + tf.zeros((x.shape[0], 10)) (Expected int32, but got None); "
        "for 2 and for 3 samples it runs"
    )


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert list(RULE.find({**RIGHT, **LOOKS_WRONG}[name])) == []
