"""TL412: a Masking of a value that pads nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.rules.values.facts import a_layer, seen, told, values
from typedlayers.diagnostics.model import Certainty
from typedlayers.facts.evidence import Use
from typedlayers.facts.values import Values
from typedlayers.rules.values.mask_value import RULE
from typedlayers.spec import Carrier, Spec


def given(pad: float | None, mask: float, *, ends: Any = (2, 4, 6, 9), use: Use = Use.FIT, first: float = 0.5) -> Any:
    """Sequences of nine steps, cut off at some of them and padded, behind them a Masking."""
    came = np.random.default_rng(0).normal(size=(16, 9, 3))
    came[:, 0] = first
    for index, one in enumerate(came):
        if pad is not None:
            one[ends[index % len(ends)] :] = pad
    spec = Spec("float32", (None, 9, 3), Carrier.ARRAY)
    layer = a_layer("Masking", mask_value=mask)
    return replace(seen(spec, values(-3, 3), layer, use=use), values=Values(came.astype("float32")))


WRONG = {
    "zeros": given(0.0, -1.0),
    "ninety-nines": given(-99.0, 0.0),
    "all end in padding": given(0.0, -1.0, ends=(2, 7)),
}
RIGHT = {"the value that pads": given(0.0, 0.0), "no padding": given(None, 0.0)}
LOOKS_WRONG = {
    "the value occurs elsewhere": given(0.0, -1.0, first=-1.0),
    "all end in the same step": given(0.0, -1.0, ends=(8,)),
    "a prediction, of few": given(0.0, -1.0, use=Use.PREDICT),
}


def of_ids(ids: Any, *, mask_zero: bool = True, size: int = 26, **more: Any) -> Any:
    """Sequences of ids, behind them an Embedding."""
    spec = Spec("int64", (None, ids.shape[1]), Carrier.ARRAY)
    layer = a_layer("Embedding", input_dim=size, output_dim=2, mask_zero=mask_zero)
    low, high = float(ids.min()), float(ids.max())
    return replace(seen(spec, values(low, high, whole=True), layer, **more), values=Values(ids))


RNG = np.random.default_rng(0)
LETTERS = RNG.integers(0, 26, (256, 40))
PADDED = np.where(np.arange(40) < RNG.integers(10, 40, (256, 1)), LETTERS, 0)
GAPS = np.where(RNG.random((256, 40)) < 0.3, 0, LETTERS + 1)

HIDDEN = {
    "letters from 0 on": (of_ids(LETTERS), "x = x + 1 and input_dim=27"),
    "an id is left": (of_ids(LETTERS, size=27), "x = x + 1, so"),
}
NOT_HIDDEN = {
    "no mask": of_ids(LETTERS, mask_zero=False),
    "letters from 1 on": of_ids(LETTERS + 1),
    "padded": of_ids(np.where(PADDED > 0, PADDED, 0)),
    "gaps, which are common": of_ids(GAPS, size=27),
    "few sequences try a program out": of_ids(LETTERS[:64]),
    "many ids, of which 0 is rare": of_ids(RNG.integers(0, 5000, (256, 40)), size=5000),
    "a prediction": of_ids(LETTERS, use=Use.PREDICT),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_an_id_of_0_that_is_masked(name: str) -> None:
    subject, fix = HIDDEN[name]
    (one,) = told(RULE, subject)
    assert one.headline.startswith('Embedding "embedding" masks the id 0, which stands between other ids in ')
    assert one.fixes[0].text.startswith(fix)
    assert one.certainty is Certainty.PERHAPS


@pytest.mark.parametrize("name", NOT_HIDDEN)
def test_zeros_that_are_padding(name: str) -> None:
    assert told(RULE, NOT_HIDDEN[name]) == []


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    (one,) = told(RULE, WRONG[name])
    assert "and there are none: the sequences are padded with" in one.headline
    assert one.certainty is Certainty.PERHAPS


def test_the_fix_names_the_value() -> None:
    (one,) = told(RULE, WRONG["ninety-nines"])
    assert one.fixes[0].text == 'mask_value=-99 in Masking "masking"'


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert told(RULE, {**RIGHT, **LOOKS_WRONG}[name]) == []
