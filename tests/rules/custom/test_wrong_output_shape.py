"""TL711: ``compute_output_shape`` contradicts what ``call`` gives."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.custom.seen import N, a_call, spec
from typedlayers.facts.calls import At, Declaration, UsersCall
from typedlayers.rules.custom.wrong_output_shape import RULE

METHOD = At("net.py", 5, "compute_output_shape")


def declares(says: Any, gives: Any, *, inherited: bool = False) -> UsersCall:
    return a_call(gives=gives, declared=Declaration(METHOD, inherited, says, gives))


WRONG = {
    "another size": (
        declares(spec(N, 4), spec(N, 8)),
        'Mine "mine" gives (batch, 8) but its compute_output_shape says (batch, 4)',
        "let compute_output_shape return (batch, 8) for this input, or leave it out: Keras then traces call",
    ),
    "another number of axes": (
        declares(spec(N, 4), spec(N, 2, 2)),
        'Mine "mine" gives (batch, 2, 2) but its compute_output_shape says (batch, 4)',
        "let compute_output_shape return (batch, 2, 2) for this input, or leave it out: Keras then traces call",
    ),
    "the second of two results": (
        declares([spec(N, 4), spec(N, 4)], [spec(N, 4), spec(N, 8)]),
        'Mine "mine" gives (batch, 8) but its compute_output_shape says (batch, 4)',
        "let compute_output_shape return (batch, 8) for this input, or leave it out: Keras then traces call",
    ),
    "a method of Keras": (
        declares(spec(N, 4), spec(N, 8), inherited=True),
        'Mine "mine" gives (batch, 8) but its compute_output_shape says (batch, 4)',
        "give it a compute_output_shape of its own that returns (batch, 8) for this input",
    ),
}

RIGHT = {
    "the same": declares(spec(N, 4), spec(N, 4)),
    "nothing is declared": a_call(gives=spec(N, 8)),
}

LOOKS_WRONG = {
    "a size that is left open": declares(spec(N, N), spec(N, 8)),
    "a number of axes that is not known": declares(spec(N, 4).with_(shape=None), spec(N, 8)),
    "another dtype: only shapes are declared": declares(spec(N, 4), spec(N, 4, dtype="float64")),
    "results that are nested differently": declares([spec(N, 4)], {"a": spec(N, 8)}),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    call, headline, fix = WRONG[name]
    (found,) = RULE.find(call)
    assert found.headline == headline
    assert [one.text for one in found.fixes] == [fix]


def test_the_method_is_shown() -> None:
    own, of_keras = (WRONG[name][0] for name in ("another size", "a method of Keras"))
    assert [one.needs for one in RULE.find(own)] == ["(batch, 4), as compute_output_shape says, at net.py:5"]
    assert [one.needs for one in RULE.find(of_keras)] == [
        "(batch, 4), as compute_output_shape says, of the Keras class that it derives from"
    ]


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert list(RULE.find({**RIGHT, **LOOKS_WRONG}[name])) == []
