"""TL510: datasets that do not say how many axes their elements have."""

from __future__ import annotations

import pytest

from tests.rules.data.facts import N, an_input, array, arrays, dataset, drawn, element, headlines, told
from typedlayers.facts.data import Batch
from typedlayers.facts.evidence import Use
from typedlayers.rules.data.unknown_rank import RULE

WRONG: dict[str, tuple[Batch, str]] = {
    "x": (dataset(element(None), element((N, 1))), "x"),
    "y": (dataset(element((N, 3)), element(None)), "y"),
    "one of two inputs": (dataset({"a": element((N, 3)), "b": element(None)}, element((N, 1))), "x['b']"),
    "both, said once": (dataset(element(None), element(None)), "x"),
}

RIGHT: dict[str, Batch] = {
    "a known rank": dataset(element((N, N)), element((N, 1))),
    "weights": dataset(element((N, 3)), element((N, 1)), element(None)),
    "a batch": drawn(element(None), element((8,))),
    "arrays": arrays(array(None), array((8,))),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    batch, place = WRONG[name]
    headline = f'the dataset for Functional "net" does not say how many axes {place} has'
    assert headlines(RULE, None, batch) == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, None, RIGHT[name]) == []


def test_only_traced_steps_that_compare_ask_for_it() -> None:
    batch, _ = WRONG["x"]
    assert told(RULE, None, batch, eager=True) == []
    assert told(RULE, None, batch, compiled=False) == []
    assert told(RULE, None, batch, Use.PREDICT) == []


def test_a_model_that_declares_its_input_asks_x_in_any_step() -> None:
    assert len(told(RULE, an_input((3,)), WRONG["x"][0], compiled=False)) == 1
    assert told(RULE, an_input((3,)), WRONG["y"][0], compiled=False) == []
    assert told(RULE, an_input(None), WRONG["x"][0], compiled=False) == []


def test_the_declared_shape_is_proposed() -> None:
    (one,) = told(RULE, an_input((3,)), WRONG["x"][0])
    assert "tf.TensorSpec((None, 3), tf.float32) for x" in str(one.fixes)
    (one,) = told(RULE, an_input((3,)), WRONG["y"][0])
    assert "tf.TensorSpec(..., tf.float32) for y" in str(one.fixes)
