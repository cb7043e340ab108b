"""TL521: the target of each window stands in it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.rules.data.facts import an_input, array, evidence
from typedlayers.diagnostics.model import Certainty
from typedlayers.facts.data import Batch
from typedlayers.facts.evidence import Evidence, Use
from typedlayers.rules.data.target_in_window import RULE
from typedlayers.rules.engine import findings

SERIES = np.random.default_rng(0).normal(size=(60, 2)).astype("float32")
WINDOWS = np.stack([SERIES[start : start + 10] for start in range(40)])
ROWS = np.random.default_rng(1).normal(size=(40, 10, 2)).astype("float32")


def trained(x: Any, y: Any, use: Use = Use.FIT) -> Evidence:
    """What is known of a model that is trained on sequences."""
    batch = Batch(array(x.shape), array(y.shape), values=x, targets=y)
    return evidence(an_input((10, 2)), batch, use)


WRONG = {
    "the first value": (trained(WINDOWS, SERIES[:40, :1]), 0),
    "the first row": (trained(WINDOWS, SERIES[:40]), 0),
    "the last value": (trained(WINDOWS, SERIES[9:49, 1]), 9),
}

RIGHT = {"the value after the window": trained(WINDOWS, SERIES[10:50, :1])}

LOOKS_WRONG = {
    "a task to remember the first value": trained(ROWS, ROWS[:, 0, :1]),
    "the windows do not follow each other": trained(WINDOWS[::2], SERIES[:40:2, :1]),
    "a series that stands still": trained(WINDOWS * 0, SERIES[:40, :1] * 0),
    "an evaluation": trained(WINDOWS, SERIES[:40, :1], Use.EVALUATE),
    "whole windows are given back": trained(WINDOWS, WINDOWS),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    known, step = WRONG[name]
    (one,) = findings([RULE], known)
    assert one.headline == f"the target of each window stands in the window already, at step {step}"
    assert one.certainty is Certainty.PERHAPS
    assert one.fixes[0].text.endswith("series[10:]")


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert findings([RULE], {**RIGHT, **LOOKS_WRONG}[name]) == []
