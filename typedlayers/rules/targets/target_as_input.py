"""TL533: the targets are one of several inputs, id for id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from typedlayers.catalogue.losses import Pairing
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.evidence import Evidence
from typedlayers.rules.rule import Need, Rule, Stage, Topic
from typedlayers.rules.targets.pair import pairs
from typedlayers.spec import Spec, leaves

MOST: Final = 256
"""Samples that are compared."""


def _given(evidence: Evidence) -> Iterator[Evidence]:
    batch = evidence.batch
    several = batch is not None and not isinstance(batch.x, Spec)
    if several and evidence.use is not None and evidence.use.trains and evidence.hands_over:
        yield evidence


GIVEN = Topic("targets beside several inputs", (Need.INPUT_VALUES, Need.TARGET_VALUES, Need.LOSS), _given, Stage.VALUES)
"""A model of several inputs in training, whose data can be looked at."""


def find(evidence: Evidence) -> Iterator[Diagnostic]:
    """Yields the finding for sequences of ids."""
    pair, batch = next(pairs(evidence), None), evidence.batch
    if pair is None or batch is None or pair.loss is None or pair.values is None or not isinstance(batch.y, Spec):
        return
    if pair.loss.contract.pairing is not Pairing.CLASS_IDS:
        return
    targets = _rows(pair.values.given)
    if targets is None or targets.min() == targets.max():
        return
    for path, _ in leaves(batch.x):
        if _same(_rows(getattr(batch.value_at(path), "given", batch.value_at(path))), targets):
            yield Diagnostic(
                RULE.code,
                f"the targets of {evidence.label} are {batch.called(path)} itself, id for id",
                where=evidence.where,
                needs="an input that is a step behind the targets",
                why="what is to be written at a step is read at that step: the model hands its input on",
                fixes=(Fix("ids[:, :-1] as the input, and ids[:, 1:] as the targets"),),
                certainty=Certainty.PERHAPS,
            )
            return


def _rows(given: Any) -> np.ndarray[Any, Any] | None:
    """The first sequences of ids, None of anything else."""
    if not hasattr(given, "shape") or not hasattr(given, "__getitem__"):
        return None
    found = np.asarray(given[:MOST])
    found = found[..., 0] if found.ndim == 3 and found.shape[-1] == 1 else found
    return found if found.ndim == 2 and found.shape[1] > 2 and found.dtype.kind in "iuf" and found.size else None


def _same(one: np.ndarray[Any, Any] | None, two: np.ndarray[Any, Any]) -> bool:
    return one is not None and one.shape == two.shape and bool((one == two).all())


RULE = Rule(code="TL533", about=GIVEN, find=find)
