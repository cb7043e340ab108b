"""TL405 `value-range`: image augmentations that suppose another range than the images have."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.values.facts import IMAGES, RAW, SIGNED, TABLE, UNIT, a_layer, custom, seen, told, values
from typedlayers.rules.values.value_range import RULE


def augments(value_range: Any) -> Any:
    """Returns an augmentation that supposes a range."""
    return a_layer("RandomBrightness", value_range=value_range)


WRONG = {
    "a unit range where bytes are supposed": (seen(IMAGES, UNIT, augments((0, 255))), "(0.0, 1.0)"),
    "the same as a list": (seen(IMAGES, UNIT, augments([0, 255])), "(0.0, 1.0)"),
    "bytes where a unit range is supposed": (seen(IMAGES, RAW, augments((0, 1))), "(0, 255)"),
    "after a Rescaling": (
        seen(IMAGES, RAW, a_layer("Rescaling", scale=1 / 255, offset=0), augments((0, 255))),
        "(0.0, 1.0)",
    ),
}

LOOKS_WRONG = {
    "a batch of 0 and 1 may be dark bytes": seen(IMAGES, values(0, 1, whole=True), augments((0, 255))),
    "values below zero are of no range that is known": seen(IMAGES, SIGNED, augments((0, 255))),
    "a range with another form": seen(IMAGES, UNIT, augments("bytes")),
    "a table": seen(TABLE, UNIT, augments((0, 255))),
    "a layer of the user's is before it": seen(IMAGES, UNIT, custom(), augments((0, 255))),
}

RIGHT = {
    "bytes as supposed": seen(IMAGES, RAW, augments((0, 255))),
    "a unit range as supposed": seen(IMAGES, UNIT, augments((0, 1))),
    "no augmentation": seen(IMAGES, UNIT, a_layer("Conv2D")),
}


@pytest.mark.parametrize(("subject", "needed"), WRONG.values(), ids=list(WRONG))
def test_another_range_is_said(subject: Any, needed: str) -> None:
    (one,) = told(RULE, subject)
    assert one.headline.startswith('RandomBrightness "randombrightness" supposes values 0..')
    (edit,) = one.fixes[0].edits
    assert f"value_range={needed}" in str(edit)


@pytest.mark.parametrize("subject", [*LOOKS_WRONG.values(), *RIGHT.values()], ids=[*LOOKS_WRONG, *RIGHT])
def test_nothing_is_said(subject: Any) -> None:
    assert told(RULE, subject) == []
