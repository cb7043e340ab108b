"""TL620: layers were frozen or made trainable after the train step was traced, which goes on as before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.rules.rule import Rule
from typedlayers.rules.training.topics import FIT, Fit


def find(fit: Fit) -> Iterator[Diagnostic]:
    """Yields the finding for a training that follows another one: code that trains in turns may mean it so."""
    frozen, unfrozen = fit.fitting.frozen, fit.fitting.unfrozen
    if not frozen and not unfrozen:
        return
    said = [f"{_listed(frozen)} still trained"] if frozen else []
    said += [f"{_listed(unfrozen)} still not trained"] if unfrozen else []
    yield Diagnostic(
        RULE.code,
        f"`trainable` of layers of {fit.model} was changed after its step was traced: {'; '.join(said)}",
        where=fit.where,
        needs="compile() after trainable was set",
        why="the step trains the weights that were trainable as it was traced; compile() makes a new one",
        fixes=(Fix("model.compile(...) once more, after trainable was set"),),
        certainty=Certainty.PERHAPS,
    )


def _listed(labels: Sequence[str]) -> str:
    shown = ", ".join(labels[:3])
    more = f" and {len(labels) - 3} more" if len(labels) > 3 else ""
    return f"{shown}{more} {'are' if len(labels) > 1 else 'is'}"


RULE = Rule(code="TL620", about=FIT, find=find)
