"""TL518: ``validation_split`` leaves whole classes to the validation data."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from typedlayers.catalogue.losses import Family, Pairing
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.classes import LateClass
from typedlayers.facts.data import Source
from typedlayers.facts.values import late_classes
from typedlayers.rules.rule import Rule
from typedlayers.rules.targets.pair import Pair
from typedlayers.rules.training.topics import FIT, Fit

FEWEST: Final = 10
"""Samples of a class, of which some would surely be trained on if the order were random."""

BY_CHANCE: Final = 1e-4
"""How likely it may be at most that a random order does the same."""


def find(fit: Fit) -> Iterator[Diagnostic]:
    """Yields the finding if classes that are not rare are never trained on."""
    split, count = fit.fitting.split, _samples(fit)
    if not 0 < split < 1 or count is None or fit.fitting.source is not Source.ARRAYS or not _has_classes(fit.pair):
        return
    cut = math.floor(count * (1.0 - split))  # as in train_validation_split of Keras
    late = [one for one in late_classes(fit.batch.targets, cut) or () if _is_no_chance(one, split, count, cut)]
    if not late:
        return
    if all(one.early for one in late):
        yield _mostly(fit, late[0], cut)
        return
    late = [one for one in late if not one.early]
    ids = ", ".join(str(one.id) for one in late[:5]) + (", ..." if len(late) > 5 else "")
    some = f"class {ids} is" if len(late) == 1 else f"classes {ids} are"
    yield Diagnostic(
        RULE.code,
        f"{some} in the validation data only: validation_split={split:g} of {fit.model} takes the last samples of y",
        where=fit.where,
        gets=f"{late[0].count} samples of class {late[0].id}, all of them from sample {cut} on",
        why="Keras cuts off the end before it shuffles; the targets seem to be sorted by class",
        fixes=(_SHUFFLED,),
    )


def _samples(fit: Fit) -> int | None:
    target = fit.target
    return target.shape[0] if target is not None and target.shape else None


def _has_classes(pair: Pair | None) -> bool:
    """True if each target is one class."""
    if pair is None or pair.loss is None or pair.shape is None or len(pair.shape) > 2:
        return False
    contract = pair.loss.contract
    if contract.family is Family.CATEGORICAL:
        return contract.pairing is Pairing.CLASS_IDS or len(pair.shape) == 2
    return contract.family is Family.BINARY and pair.head.classes == 1


def _mostly(fit: Fit, late: LateClass, cut: int) -> Diagnostic:
    split = f"validation_split={fit.fitting.split:g}"
    return Diagnostic(
        RULE.code,
        f"most of class {late.id} is in the validation data: {split} of {fit.model} takes the last samples of y",
        where=fit.where,
        gets=f"{late.count - late.early} of the {late.count} samples of class {late.id} from sample {cut} on",
        why="Keras cuts off the end before it shuffles; the targets are sorted by class",
        fixes=(_SHUFFLED,),
    )


_SHUFFLED: Final = Fix("shuffle first: order = np.random.permutation(len(x)); x, y = x[order], y[order]")


def _is_no_chance(late: LateClass, split: float, count: int, cut: int) -> bool:
    """Whether a random order would hardly put as many samples of a class behind the cut.

    For each choice of so many of them, the chance that all of these lie there, added up: a bound of the hypergeometric
    distribution from above.
    """
    if late.count < FEWEST:
        return False
    if not late.early:
        return late.classes * split**late.count < BY_CHANCE
    behind, last = late.count - late.early, count - cut
    chance = _choices(late.count, behind) + _choices(count - behind, last - behind) - _choices(count, last)
    return math.log(late.classes) + chance < math.log(BY_CHANCE)


def _choices(of: int, some: int) -> float:
    """The logarithm of a binomial coefficient."""
    return math.lgamma(of + 1) - math.lgamma(some + 1) - math.lgamma(of - some + 1)


RULE = Rule(code="TL518", about=FIT, find=find)
