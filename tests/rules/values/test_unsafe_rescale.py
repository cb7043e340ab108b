"""TL801 `unsafe-rescale`: raw bytes on weights of which nobody knows what they were trained on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.values.facts import BYTES, IMAGES, RAW, SIGNED, UNIT, a_layer, seen, told, values
from typedlayers.facts.evidence import Use
from typedlayers.rules.values.unsafe_rescale import RULE

OLD, NEW = a_layer("Conv2D", fresh=False), a_layer("Conv2D")


def served(spec: Any, facts: Any, layer: Any, **more: Any) -> Any:
    """Returns an input of a prediction in a mode that repairs raw bytes."""
    return seen(spec, facts, layer, use=Use.PREDICT, **{"rescales": True, **more})


WRONG = {
    "weights that were loaded": served(BYTES, RAW, OLD),
}

LOOKS_WRONG = {
    "the mode does not rescale": served(BYTES, RAW, OLD, rescales=False),
    "floats would not be rescaled": served(IMAGES, RAW, OLD),
    "weights that were trained on another range: TL406 says it": served(BYTES, RAW, OLD, trained=values(-4, 4)),
    "trained on bytes": served(BYTES, RAW, OLD, trained=RAW),
}

RIGHT = {
    "weights that nobody trained": served(BYTES, RAW, NEW),
    "trained on a unit range": served(BYTES, RAW, OLD, trained=UNIT),
    "trained on a signed unit range": served(BYTES, RAW, OLD, trained=SIGNED),
    "a unit range": served(BYTES, UNIT, OLD),
}


@pytest.mark.parametrize("subject", WRONG.values(), ids=list(WRONG))
def test_bytes_that_were_only_cast_are_said(subject: Any) -> None:
    (one,) = told(RULE, subject)
    assert one.headline == (
        'raw bytes 0..255 from the input of Sequential "net" reach the weights of Conv2D "conv2d"; they were only cast'
    )
    assert one.repairs == ()
    assert one.allowed_by == {"TL801", "TL401"}


@pytest.mark.parametrize("subject", [*LOOKS_WRONG.values(), *RIGHT.values()], ids=[*LOOKS_WRONG, *RIGHT])
def test_nothing_is_said(subject: Any) -> None:
    assert told(RULE, subject) == []
