"""TL407 `never-adapted`: preprocessing layers that learned nothing before the model is trained."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.values.facts import told
from typedlayers.diagnostics.model import Location
from typedlayers.diagnostics.subject import Subject
from typedlayers.facts.layers import LayerFacts
from typedlayers.rules.values.never_adapted import RULE


def layer(kind: str, **facts: Any) -> LayerFacts:
    """Returns what is known of one layer."""
    return LayerFacts(Subject.of(kind, "first", Location("train.py", 3)), **facts)


WRONG = {
    "a Normalization": (layer("Normalization", unadapted=True, normalizes=True), "subtracts 0 and divides by 1"),
    "a lookup": (layer("StringLookup", unadapted=True), "knows no vocabulary or boundaries"),
}

RIGHT = {
    "a Normalization that was adapted": layer("Normalization", normalizes=True),
    "a layer that learns nothing by adapt": layer("Dense"),
}


@pytest.mark.parametrize(("facts", "does"), WRONG.values(), ids=list(WRONG))
def test_a_layer_that_learned_nothing_is_said(facts: LayerFacts, does: str) -> None:
    (one,) = told(RULE, facts)
    assert one.headline == f"{facts.subject.label} was never adapted: it {does}"
    assert "first.adapt(x_train)" in str(one.fixes[0])


@pytest.mark.parametrize("facts", RIGHT.values(), ids=list(RIGHT))
def test_nothing_is_said(facts: LayerFacts) -> None:
    assert told(RULE, facts) == []
