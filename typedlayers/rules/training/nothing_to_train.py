"""TL623: no weight of a model that is trained is trainable."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix, Location
from typedlayers.facts.evidence import Evidence
from typedlayers.rules.rule import Rule, Topic


def find(evidence: Evidence) -> Iterator[Diagnostic]:
    """Yields the finding for a model all of whose layers are frozen; it may be run for its metrics alone."""
    if evidence.idle:
        where = evidence.where
        yield Diagnostic(
            RULE.code,
            f"{evidence.label} is trained, and none of its weights is trainable",
            where=Location(where.file, where.line, evidence.label, where.within),
            needs="a layer with trainable=True",
            why="trainable is False for all its layers, as of a frozen part of another one: nothing is learned",
            fixes=(
                Fix("trainable = True before this training, and False only while the model around it is trained"),
                Fix("evaluate(...) if only the loss and metrics are wanted"),
            ),
            certainty=Certainty.PERHAPS,
        )


def _trained(evidence: Evidence) -> Iterator[Evidence]:
    if evidence.use is not None and evidence.use.trains:
        yield evidence


RULE = Rule(code="TL623", about=Topic("the weights of a model in training", (), _trained), find=find)
