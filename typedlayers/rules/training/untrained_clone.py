"""TL806: a clone of a trained model is asked for outputs before it has been given weights."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.evidence import Evidence, Use
from typedlayers.rules.rule import Rule, Topic

_ASK = frozenset({Use.PREDICT, Use.PREDICT_ON_BATCH, Use.EVALUATE, Use.TEST_ON_BATCH})


def _clones(evidence: Evidence) -> Iterator[Evidence]:
    if evidence.copied and evidence.use in _ASK:
        yield evidence


CLONES = Topic("clones of trained models", (), _clones)
"""A clone with new weights that is asked for outputs."""


def find(evidence: Evidence) -> Iterator[Diagnostic]:
    """Yields the finding."""
    yield Diagnostic(
        RULE.code,
        f"{evidence.label} is a clone of {evidence.copied} with new weights: it answers at random",
        where=evidence.where,
        needs="clone.set_weights(model.get_weights())",
        why="clone_model makes each layer anew from its config, and a config holds no weights",
        fixes=(Fix("clone.set_weights(model.get_weights()) before it is asked"),),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL806", about=CLONES, find=find)
