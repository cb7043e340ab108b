"""TL716: a layer holds a bare ``tf.Variable`` of one number: perhaps a knob that a callback turns."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic
from typedlayers.facts.layers import LayerFacts
from typedlayers.rules.custom.bare_variable import untracked
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import TRAINED_LAYERS


def find(layer: LayerFacts) -> Iterator[Diagnostic]:
    """Yields each such variable of a layer."""
    for bare in layer.bare:
        if not bare.shape:
            yield untracked(RULE.code, layer, bare, Certainty.PERHAPS)


RULE = Rule(code="TL716", about=TRAINED_LAYERS, find=find)
