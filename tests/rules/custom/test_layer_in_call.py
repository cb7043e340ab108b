"""TL718: the ``call`` of a layer makes a layer with weights, anew each time that it runs."""

from __future__ import annotations

import pytest

from tests.rules.custom.seen import N, a_call, late, raised, spec
from typedlayers.facts.calls import At, Made
from typedlayers.rules.custom.layer_in_call import RULE

DENSE = Made('Dense "dense"', "Dense", At("net.py", 7, "return Dense(4)(x)"))
CONV = Made('Conv2D "conv"', "Conv2D", At("net.py", 8, "x = Conv2D(4, 3)(x)"))

WRONG = {
    "one": (
        a_call(made=(DENSE,)),
        'Mine "mine" makes Dense "dense" inside call: its weights are new each time',
        "self.dense = Dense(...) in __init__, and self.dense(...) at net.py:7",
    ),
    "two": (
        a_call(came=spec(N, 4), gives=spec(N, 4), made=(CONV, DENSE)),
        'Mine "mine" makes Conv2D "conv" and 1 more inside call: its weights are new each time',
        "self.conv2d = Conv2D(...) in __init__, and self.conv2d(...) at net.py:8",
    ),
    "what was too late": (
        a_call(came=spec(N, 4), failed=late("self.dense = Dense(4)")),
        'Mine "mine" makes weights or a layer inside call, where it is too late',
        "make it in __init__, or in build if it needs a shape, keep it on self, and use it at net.py:7",
    ),
}

RIGHT = {
    "it made none": a_call(came=spec(N, 4), gives=spec(N, 4)),
    "it raised something else": a_call(failed=raised("no such key")),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    call, headline, fix = WRONG[name]
    (found,) = RULE.find(call)
    assert found.headline == headline
    assert [one.text for one in found.fixes] == [fix]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert list(RULE.find(RIGHT[name])) == []
