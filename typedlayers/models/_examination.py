"""Everything that can be said of a model and one batch before it runs: the model, its data, its targets and loss."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import keras

from typedlayers.bridge.data import Batch, Source
from typedlayers.bridge.heads import heads_of
from typedlayers.bridge.inputs import inputs_of, steps_as_keras
from typedlayers.bridge.members import location_of
from typedlayers.bridge.model_state import model_state
from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.facts.data import Finding, Part
from typedlayers.facts.inputs import Inputs
from typedlayers.facts.values import id_facts
from typedlayers.models._adapted import unadapted
from typedlayers.models._chain import declared_spec, input_dtype, walked
from typedlayers.models._targets import Wrong, found_in, is_trained_by_loss
from typedlayers.modes import Action, Mode
from typedlayers.rules.contracts.walk import Walk
from typedlayers.rules.data.transition import (
    check_batched,
    check_counts,
    check_lists,
    check_ranks,
    check_text_arrays,
    findings,
)
from typedlayers.spec import Carrier, Origin, Spec
from typedlayers.verdict.allow import is_allowed

Rule = Callable[[Inputs, Batch], Iterable[Finding]]
"""A rule on data, whatever inputs a model declares."""


class Use(enum.Enum):
    """What data are given for."""

    CALL = "call"
    FIT = "fit"
    EVALUATE = "evaluate"
    PREDICT = "predict"
    TRAIN_ON_BATCH = "train_on_batch"
    TEST_ON_BATCH = "test_on_batch"
    PREDICT_ON_BATCH = "predict_on_batch"
    VALIDATION = "validation"

    @property
    def trains(self) -> bool:
        """Whether the model learns from the data."""
        return self in (Use.FIT, Use.TRAIN_ON_BATCH)

    @property
    def steps(self) -> tuple[str, ...]:
        """The step of the model that takes the data apart: Keras's own hands x to the model."""
        if self is Use.CALL:
            return ()
        if not self.compares:
            return ("predict_step",)
        return ("train_step",) if self.trains else ("test_step",)

    @property
    def draws(self) -> bool:
        """Whether Keras draws batches from the data."""
        return self in (Use.FIT, Use.EVALUATE, Use.PREDICT)

    @property
    def compares(self) -> bool:
        """Whether the model's outputs are compared with targets."""
        return self in (Use.FIT, Use.EVALUATE, Use.TRAIN_ON_BATCH, Use.TEST_ON_BATCH, Use.VALIDATION)


@dataclass(slots=True)
class Examined:
    """What was found.

    Attributes:
        errors: what is wrong: the model, then the data, then targets and loss.
        warned: what may be wrong.
        mends: repairs of the data that the mode asks for.
        walk: a Sequential's chain with what reaches it, None for every other model.
        outputs: whether the outputs, and so their targets, could be looked at.
    """

    errors: list[Diagnostic] = field(default_factory=list)
    warned: list[Diagnostic] = field(default_factory=list)
    mends: list[Finding] = field(default_factory=list)
    walk: Walk | None = None
    outputs: bool = True

    def add(self, found: Iterable[Diagnostic]) -> None:
        """Adds diagnostics: what is certain and an error, and everything else."""
        for one in found:
            (self.errors if one.is_error else self.warned).append(one)


def examined(model: Any, batch: Batch, mode: Mode, use: Use, where: Location) -> Examined:
    """Examines a model with what is known of the data for it.

    Args:
        model: any Keras model.
        batch: what is known of the data.
        mode: what to do with a mistake that a repair could mend.
        use: what the data are given for.
        where: the line that gives the data, and the model that gets them.
    """
    found = Examined()
    if use is Use.FIT:
        found.add(unadapted(model, data="x_train"))
    if batch.x is not None:
        found.walk = chain_with(model, batch, mode)
        if found.walk is not None and not model.built:
            found.add(found.walk.diagnostics)
    unclear = _data(model, batch, mode, use, where, found)
    if use.compares and not unclear and is_trained_by_loss(model):
        heads = heads_of(model, location_of)
        found.outputs = bool(heads)
        for one in found_in(model, heads, batch, where):
            _target(model, one, batch, mode, use, found)
    return found


def _target(model: Any, wrong: Wrong, batch: Batch, mode: Mode, use: Use, found: Examined) -> None:
    """Adds what is wrong with targets, or its repair, where they are at hand and Keras has not got them yet."""
    at_hand = batch.source is Source.ARRAYS and use is not Use.VALIDATION
    if not wrong.repairs or not at_hand:
        found.add([wrong.diagnostic.with_(repairs=())])
    elif mode.targets is Action.REPAIR and not is_allowed(wrong.diagnostic, model_state(model).allowed):
        mends = (wrong.diagnostic.with_(repairs=(repair,)) for repair in wrong.repairs)
        found.mends += [Finding(one, wrong.path, Part.Y) for one in mends]
    elif mode.targets is Action.WARN:
        found.warned.append(wrong.diagnostic)
    else:
        found.add([wrong.diagnostic])


def _data(model: Any, batch: Batch, mode: Mode, use: Use, where: Location, found: Examined) -> bool:
    """Adds what is wrong with the data; tells whether it is unclear what is meant to be x and y."""
    inputs, allowed = inputs_of(model, where), model_state(model).allowed
    handed_over = batch.x is not None and steps_as_keras(model, *use.steps)
    wrong: list[Finding] = findings(inputs, batch, id_facts) if handed_over else []
    if use is not Use.CALL:
        wrong += check_lists(inputs, batch)
    for rule in _rules(model, batch, use):
        wrong += rule(inputs, batch) if not wrong else ()
    for one in wrong:
        repair = one.diagnostic.lenient
        mends = repair is not None and _can_be_mended(one, batch, use) and not is_allowed(one.diagnostic, allowed)
        if mends and repair is not None and mode.action(repair.kind) is Action.REPAIR:
            found.mends.append(one)
        elif mends and repair is not None and mode.action(repair.kind) is Action.WARN:
            found.warned.append(one.diagnostic)
        else:
            found.add([one.diagnostic])
    return any(one.path is None and one.diagnostic.is_error for one in wrong)


def _rules(model: Any, batch: Batch, use: Use) -> Iterator[Rule]:
    """Yields the rules that hold for data of this use, whatever inputs the model declares."""
    adapted, compared = use.draws or use is Use.VALIDATION, use.compares and is_trained_by_loss(model)
    if adapted:
        yield check_text_arrays
    if compared and not model.run_eagerly:
        yield check_ranks
    if compared:
        yield check_batched
    if compared or (adapted and batch.source is Source.ARRAYS):
        yield check_counts


def _can_be_mended(finding: Finding, batch: Batch, use: Use) -> bool:
    """Whether the data are at hand: Keras casts by itself, everything else is done to arrays before it sees them."""
    repair = finding.diagnostic.lenient
    if use is Use.VALIDATION and batch.lists:
        return False
    if repair is None or finding.part is Part.WEIGHT or finding.path is None:
        return False
    return repair.kind == "cast" or (use is not Use.VALIDATION and batch.values is not None and finding.part is Part.X)


# -------------------------------------------------------------------------------------------- a Sequential
def chain_with(model: Any, batch: Batch, mode: Mode) -> Walk | None:
    """Returns a Sequential's chain with what reaches it: the input as declared, or as the data are."""
    if not isinstance(model, keras.Sequential) or not model.layers or not isinstance(batch.x, Spec):
        return None
    return walked(model, _first_spec(model, batch.x))


def _first_spec(model: Any, x: Spec) -> Spec:
    """What reaches the first layer, in the dtype that Keras casts to."""
    declared = declared_spec(model)
    if declared is not None:
        return declared
    shape = None if x.shape is None else (None, *x.shape[1:]) if x.shape else x.shape
    return Spec(input_dtype(model), shape, Carrier.INPUT, origin=Origin("the data"))
