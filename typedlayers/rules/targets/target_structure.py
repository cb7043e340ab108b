"""TL609: targets are missing, or are not numbered or named as the outputs."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic
from typedlayers.facts.evidence import Evidence
from typedlayers.rules.rule import Rule
from typedlayers.rules.targets.pair import STRUCTURE
from typedlayers.rules.targets.structure import CODE, structure_fault


def find(evidence: Evidence) -> Iterator[Diagnostic]:
    """Yields the finding for the targets of a model as a whole."""
    found = structure_fault(evidence)
    if found is not None:
        yield found


RULE = Rule(code=CODE, about=STRUCTURE, find=find)
