"""TL709: a last batch that is smaller than a stateful layer's states."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.graphs import Net, known
from typedlayers.facts.data import Batch, Source
from typedlayers.facts.evidence import Evidence, Use
from typedlayers.facts.fitting import Fitting
from typedlayers.rules.engine import findings
from typedlayers.rules.training.smaller_last_batch import RULE
from typedlayers.spec import Carrier, Spec


def fitted(count: int | None, size: int | None, *, stateful: bool = True, layer: str = "LSTM", **more: Any) -> Evidence:
    """What is known of a recurrent model that arrays are given to."""
    net = Net()
    graph = net.to(net.call(f"{layer} reader", net.input(6, 2), 4, stateful=stateful))
    batch = Batch(Spec("float32", (count, 6, 2), Carrier.ARRAY))
    return known(graph, use=Use.FIT, batch=batch, fitting=Fitting(batch_size=size, **more))


KEEPS = 'LSTM "reader" keeps the states of'

WRONG = {
    "a rest": (fitted(50, 16), f"{KEEPS} 16 samples but the last batch has 2"),
    "Keras's own batch size": (fitted(40, 32), f"{KEEPS} 32 samples but the last batch has 8"),
}

SPLIT = fitted(48, 16, split=0.25)

RIGHT = {"a multiple": fitted(48, 16), "a single batch": fitted(16, 16)}

LOOKS_WRONG = {
    "states are not kept": fitted(50, 16, stateful=False),
    "one small batch": fitted(10, 16),
    "a dataset makes its batches": fitted(50, None, source=Source.DATASET),
    "an unknown number": fitted(None, 16),
    "another layer": fitted(50, 16, layer="Dense"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    (one,) = findings([RULE], evidence)
    assert one.headline == headline
    assert "a multiple of the batch size" in one.fixes[0].text


def test_what_is_split_off_is_not_trained_on() -> None:
    (one,) = findings([RULE], SPLIT)
    assert one.gets == "36 samples in batches of 16"


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert findings([RULE], {**RIGHT, **LOOKS_WRONG}[name]) == []
