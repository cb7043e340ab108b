"""A fault of our own never breaks a user's program: it becomes one warning, and the program runs on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import typedlayers as tl
from typedlayers import errors, layers
from typedlayers.verdict.boundary import guarded

X, Y = np.ones((8, 6), "float32"), np.ones((8, 1), "float32")


def broken(*_: object, **__: object) -> None:
    raise RuntimeError("broken by the test")


def layer() -> Any:
    return layers.Dense(1)(X)


def sequential() -> Any:
    return tl.Sequential([tl.Input((6,)), layers.Dense(1)])(X)


def training() -> Any:
    model = tl.Sequential([layers.Dense(1)])
    model.compile("sgd", "mse")
    return model.fit(X, Y, verbose=0)


PLACES = {
    "the check of a call": ("typedlayers.layers._call.check", layer),
    "the contract of a layer": ("typedlayers.bridge.resolved._resolve", layer),
    "the walk along a chain": ("typedlayers.models._examine.walk", sequential),
    "the look at data": ("typedlayers.models._intake.batch_of", training),
    "the check of data": ("typedlayers.models._examine.findings", training),
}


@pytest.mark.parametrize("place", PLACES)
def test_the_program_runs_on_with_one_warning(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    target, program = PLACES[place]
    monkeypatch.setattr(target, broken)
    errors.raise_faults(False)
    with pytest.warns(tl.ContractWarning, match="TL901") as caught:
        assert program() is not None
    text = str(caught[0].message)
    assert "RuntimeError: broken by the test" in text
    assert "runs on unchecked" in text


def test_in_our_own_tests_it_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typedlayers.layers._call.check", broken)
    with pytest.raises(RuntimeError, match="broken by the test"):
        layer()


@pytest.mark.parametrize("program", [layer, training], ids=lambda f: f.__name__)
def test_the_user_s_own_exception_is_not_touched(program: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    errors.raise_faults(False)

    class Mine(Exception):
        pass

    def call(self: Any, inputs: Any, training: bool | None = None) -> Any:
        raise Mine("the user's own")

    monkeypatch.setattr("keras.layers.Dense.call", call)
    with pytest.raises(Mine, match="the user's own"):
        program()


def test_what_a_check_finds_passes() -> None:
    def found() -> None:
        raise tl.ContractError("found")

    with pytest.raises(tl.ContractError, match="found"):
        guarded("Dense", found)
