"""TL402 `not-finite`: NaN and infinity on the way to weights that are trained."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.rules.values.facts import IMAGES, TABLE, UNIT, a_layer, chained, custom, seen, told, values
from typedlayers.facts.evidence import Use
from typedlayers.facts.graph import Edge, Node
from typedlayers.rules.values.not_finite import RULE

DENSE = a_layer("Dense")
HOLES, ENDLESS = values(0, 1, nan=3), values(0, 1, infinite=2)

WRONG = {
    "NaN": (seen(TABLE, HOLES, DENSE), "3 of 192 values", "NaN"),
    "infinity": (seen(TABLE, ENDLESS, DENSE), "2 of 192 values", "infinity"),
    "NaN before infinity": (seen(TABLE, values(0, 1, nan=1, infinite=9), DENSE), "1 of 192 values", "NaN"),
    "in images": (seen(IMAGES, HOLES, a_layer("Flatten"), DENSE), "3 of 192 values", "NaN"),
    "through a Rescaling": (
        seen(TABLE, HOLES, a_layer("Rescaling", scale=2, offset=0), DENSE),
        "3 of 192 values",
        "NaN",
    ),
}


def beside(*layers: Node) -> Any:
    """Returns an input with NaN that a Concatenate joins with another before the last of the layers."""
    graph = chained(TABLE, layers)
    other = Edge(-1, TABLE)
    nodes = (replace(one, gets=(*one.gets, other)) if one.kind == "Concatenate" else one for one in graph.nodes)
    return replace(seen(TABLE, HOLES, *layers), graph=replace(graph, nodes=tuple(nodes)))


WRONG |= {
    "beside another input": (beside(a_layer("Concatenate", axis=-1), DENSE), "3 of 192 values", "NaN"),
    "behind a Normalization": (seen(TABLE, HOLES, a_layer("Normalization"), DENSE), "3 of 192 values", "NaN"),
}

LOOKS_WRONG = {
    "a Masking may take it out": seen(TABLE, HOLES, a_layer("Masking", mask_value=0.0), DENSE),
    "a Masking before it is joined": beside(a_layer("Masking", mask_value=0.0), a_layer("Concatenate", axis=-1), DENSE),
    "an evaluation shows it as its loss": seen(TABLE, HOLES, DENSE, use=Use.EVALUATE),
    "ranges of a Discretization have a place for it": seen(TABLE, HOLES, a_layer("Discretization"), DENSE),
    "a layer of the user's may fill it": seen(TABLE, HOLES, custom(), DENSE),
    "a prediction of it is the user's own matter": seen(TABLE, HOLES, DENSE, use=Use.PREDICT),
    "it reaches no weights": seen(TABLE, HOLES, a_layer("Flatten")),
}

RIGHT = {"finite numbers": seen(TABLE, UNIT, DENSE)}


@pytest.mark.parametrize(("subject", "count", "what"), WRONG.values(), ids=list(WRONG))
def test_what_is_not_finite_is_said(subject: Any, count: str, what: str) -> None:
    (one,) = told(RULE, subject)
    verbs = ("is", "reaches") if count.startswith("1 ") else ("are", "reach")
    assert one.headline == f'{count} of the input of Sequential "net" {verbs[0]} {what} and {verbs[1]} Dense "dense"'
    assert one.why == f"one {what} in a batch makes the loss NaN, and with it every weight"


def test_validation_data_make_their_own_loss_nan() -> None:
    (one,) = told(RULE, seen(TABLE, HOLES, DENSE, use=Use.VALIDATION))
    assert one.why.startswith("one NaN in a batch makes the validation loss NaN, and what watches it")


@pytest.mark.parametrize("subject", [*LOOKS_WRONG.values(), *RIGHT.values()], ids=[*LOOKS_WRONG, *RIGHT])
def test_nothing_is_said(subject: Any) -> None:
    assert told(RULE, subject) == []
