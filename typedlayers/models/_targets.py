"""A model's outputs against its loss, its metrics and the targets that it is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.data import Batch, Source
from typedlayers.bridge.heads import heads_given, heads_of
from typedlayers.bridge.losses import for_outputs, loss_facts, metric_facts, metrics_given
from typedlayers.bridge.members import location_of
from typedlayers.bridge.model_state import model_state
from typedlayers.bridge.tensors import specs_of
from typedlayers.diagnostics.model import Diagnostic, Location, Repair
from typedlayers.facts.data import Path
from typedlayers.facts.outputs import Head
from typedlayers.facts.targets import Paired, paired
from typedlayers.facts.values import seen_of
from typedlayers.modes import Mode
from typedlayers.rules.targets.all_rules import check_pair
from typedlayers.rules.targets.metrics import check_metric
from typedlayers.rules.targets.pair import Pair
from typedlayers.rules.targets.repairs import repairs_of
from typedlayers.rules.targets.structure import check_structure
from typedlayers.spec import Spec
from typedlayers.verdict.gate import tell


def check_traced(model: Any, y: Any, y_pred: Any, weight: Any, mode: Mode, where: Location) -> None:
    """Checks targets and loss as the loss of a step is traced: of outputs that were unknown before.

    Raises:
        ContractError: with every mistake, before a step has run.
    """
    if not computes_loss(model):
        return
    known = heads_of(model, location_of) if _steps_as_keras(model) else ()
    heads = known or heads_given(model, y_pred, location_of)
    batch = Batch(None, specs_of(y), specs_of(weight), what="the data", source=Source.OTHER)
    found = [one.diagnostic.with_(repairs=()) for one in found_in(model, heads, batch, where)]
    warned = [] if known else [one for one in found if not one.is_error]  # what is known was warned of before
    tell([*(one for one in found if one.is_error), *warned], mode, set(), model_state(model).allowed)


def is_trained_by_loss(model: Any) -> bool:
    """Whether the model's outputs and the targets that it is given are what its compiled loss compares."""
    return computes_loss(model) and _steps_as_keras(model)


def computes_loss(model: Any) -> bool:
    """Whether Keras computes the loss that the model was compiled with."""
    ours = all(_is_library(type(model), name) for name in ("compute_loss", "_compute_loss"))
    return ours and getattr(model, "compiled", False) and getattr(model, "loss", None) is not None


def _steps_as_keras(model: Any) -> bool:
    return all(_is_library(type(model), name) for name in ("train_step", "test_step"))


def _is_library(cls: type, name: str) -> bool:
    """Whether a method is Keras's or ours, not one of the user's."""
    owner = next((base for base in cls.__mro__ if name in vars(base)), None)
    return owner is None or owner.__module__.partition(".")[0] in ("keras", "typedlayers")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A mistake, and how lenient mode mends it.

    Attributes:
        diagnostic: the mistake.
        path: where the targets stand in y.
        repairs: the repairs of these targets, in order; none if it cannot be mended so.
    """

    diagnostic: Diagnostic
    path: Path = ()
    repairs: tuple[Repair, ...] = ()


def found_in(model: Any, heads: tuple[Head, ...], batch: Batch, where: Location) -> Iterator[Wrong]:
    """Yields what is wrong with targets, losses and metrics, output by output."""
    label, names = label_of(model), tuple(head.name for head in heads)
    place = Location(where.file, where.line, label, where.within)
    losses = for_outputs(model.loss, names)
    if not heads or losses is None:
        return
    unlike = check_structure(label, place, heads, losses, batch.y, has_y=_has_targets(batch))
    if unlike is not None:
        yield Wrong(unlike)
        return
    compiled = [loss is not None for loss in losses]
    targets = paired(names, compiled, batch.y)
    values = paired(names, compiled, batch.targets)
    weights = paired(names, compiled, batch.weight)
    metrics = metrics_given(model, names)
    for index, head in enumerate(heads):
        parts = (targets, values, weights)
        yield from _found_at(index, head, label, place, losses[index], parts, metrics[index], batch.source)


def _has_targets(batch: Batch) -> bool | None:
    """Whether there are targets, None if it is unknown."""
    if batch.y is not None:
        return True
    return False if batch.x is not None and batch.source in KNOWN else None


KNOWN: Final = (Source.ARRAYS, Source.DATASET, Source.DRAWN)
"""Sources that tell whether they hold targets."""


def _found_at(
    index: int,
    head: Head,
    label: str,
    where: Location,
    given: Any,
    parts: tuple[Paired, Paired, Paired],
    metrics: tuple[Any, ...],
    source: Source,
) -> Iterator[Wrong]:
    target = parts[0].values[index]
    target = target if isinstance(target, Spec) else None
    shape = None if target is None else target.shape
    loss = None if given is None else loss_facts(given, shape, head.shape)
    weighted = head.masked or parts[2].values[index] is not None
    seen = None
    if loss is not None:
        seen = seen_of(parts[1].values[index], ignore=loss.ignore_class, weighted=weighted)
    weight = parts[2].values[index]
    weight = weight if isinstance(weight, Spec) else None
    pair = Pair(label, where, head, loss, target, seen, parts[0].name(index), weight, source)
    found = list(check_pair(pair))
    for one in found:
        repairs = repairs_of(pair, one)
        yield Wrong(one.with_(repairs=repairs), parts[0].paths[index], repairs)
    if any(d.code in ("TL601", "TL602", "TL610") for d in found):
        return
    for metric in metrics:
        facts = metric_facts(metric, shape, head.shape)
        if facts is not None:
            yield from map(Wrong, check_metric(pair, facts))
