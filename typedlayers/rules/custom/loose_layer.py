"""TL741: code of a model uses a layer that no layer of the model holds: ``fit`` does not train it."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix, Location
from typedlayers.facts.traced import Loose
from typedlayers.rules.custom.topics import LOOSE
from typedlayers.rules.rule import Rule


def find(layer: Loose) -> Iterator[Diagnostic]:
    """Yields the finding, a perhaps: random weights may be meant to stay as they are."""
    name = layer.label.partition(" ")[2].strip('"')
    yield Diagnostic(
        RULE.code,
        f"{layer.label} is used in {layer.where}, but is no layer of {layer.model}: "
        "its weights are not trained or saved",
        where=Location(layer.at.file, layer.at.number, layer.where),
        gets=layer.at.text,
        needs=f"{layer.label} as a layer of {layer.model}",
        why="Keras knows the layers of a model by the attributes of its layers; it does not look into functions",
        fixes=(
            Fix(f"{layer.label} as a layer of the model itself, in place of the Lambda")
            if layer.function
            else Fix(f"self.{name} = ... in __init__, so that it is an attribute of the layer that calls it"),
            Fix(f"{layer.label}.trainable = False, if it is to stay as it is"),
        ),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL741", about=LOOSE, find=find)
