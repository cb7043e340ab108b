"""Layers that hold variables of TensorFlow themselves."""

from __future__ import annotations

from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.diagnostics.subject import Subject
from typedlayers.facts.evidence import Evidence, Use
from typedlayers.facts.graph import BareVariable
from typedlayers.facts.layers import LayerFacts
from typedlayers.rules.engine import findings
from typedlayers.rules.rule import AnyRule


def layer(*bare: BareVariable, allowed: str = "") -> LayerFacts:
    """Returns a layer of the user's that holds these variables."""
    subject = Subject.of("Scale", "mine", Location("net.py", 3))
    return LayerFacts(subject, frozenset({allowed} - {""}), bare)


def told(rule: AnyRule, *layers: LayerFacts, use: Use | None = Use.FIT) -> list[Diagnostic]:
    """Returns what one rule finds in a model of these layers."""
    return findings([rule], Evidence(label='Functional "net"', use=use, layers=layers))
