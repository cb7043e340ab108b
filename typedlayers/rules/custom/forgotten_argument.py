"""TL804: the config of a layer of the user's does not keep an argument that it was given."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.saving import Forgotten, SavedLayer
from typedlayers.rules.custom.topics import SAVED_LAYERS
from typedlayers.rules.rule import Rule


def find(layer: SavedLayer) -> Iterator[Diagnostic]:
    """Yields each argument of a layer that a layer made from its config lacks."""
    for one in () if RULE.code in layer.allowed else layer.forgotten:
        loaded = f"loads with {one.name}={one.becomes}" if one.becomes else "cannot be loaded"
        yield Diagnostic(
            RULE.code,
            f"{layer.subject.label} is saved without its {one.name}={one.given}: the file {loaded}",
            where=layer.subject.where,
            needs=f'"{one.name}" in what get_config returns',
            why=_why(layer, one),
            fixes=(Fix(f'get_config that returns {{**super().get_config(), "{one.name}": self.{one.name}}}'),),
        )


def _why(layer: SavedLayer, one: Forgotten) -> str:
    if layer.written:
        return f"loading calls {layer.subject.kind}(**config), and its get_config leaves out {one.name}"
    return f"loading calls {layer.subject.kind}(**config); the config that Keras makes itself lacks {one.name}"


RULE = Rule(code="TL804", about=SAVED_LAYERS, find=find)
