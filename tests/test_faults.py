"""A fault of ours, planted wherever an entry may meet it: plain Keras's numbers, and one warning."""

from __future__ import annotations

import functools

import pytest

from tests.planted import code_of, plain, run

PLACES = [
    "typedlayers.layers._arguments:check_arguments",  # a layer is made
    "typedlayers.bridge.layer_state:State.forget",
    "typedlayers.models.model:_remember",  # a model is made
    "typedlayers.models._stack:_single_shape",  # a Sequential is built
    "typedlayers.bridge.members:own_layers",
    "typedlayers.layers._typed:_checked_call",  # a layer is called
    "typedlayers.bridge.annotations:policy_of",
    "typedlayers.bridge.data:signature_of",  # data are looked at
    "typedlayers.models._intake:admit",
    "typedlayers.bridge.members:weights_changed",  # a training ends
    "typedlayers.facts.front_notes:front_data",  # a model is saved
    "typedlayers.facts.front_notes:read_front",  # and loaded
    "typedlayers.verdict.allow:enter",
]


@functools.cache
def expected() -> list[float]:
    return plain()


@pytest.mark.parametrize("mode", ["strict", "lenient"])
@pytest.mark.parametrize("place", PLACES)
def test_the_program_runs_on_with_one_warning(place: str, mode: str) -> None:
    assert run(code_of(place), mode) == (expected(), ["TL901"])
