"""The entry functions of before the engine, over the rules: goes once `models/_examination.py` asks the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from typedlayers.diagnostics.model import Diagnostic
from typedlayers.facts.data import Batch, Finding, Part
from typedlayers.facts.evidence import Evidence, Use
from typedlayers.facts.inputs import Inputs
from typedlayers.facts.training import Training
from typedlayers.rules import engine
from typedlayers.rules.data import (
    batched_twice,
    complex_input,
    data_rank,
    data_shape,
    exchanged_inputs,
    float64_tensor,
    id_range,
    input_count,
    input_keys,
    not_numeric,
    numbers_for_text,
    python_list,
    ragged_data,
    rounded_ids,
    sample_count,
    text_array,
    unbatched_data,
    unknown_rank,
)
from typedlayers.rules.rule import AnyRule

OF_X: Final[tuple[AnyRule, ...]] = (
    float64_tensor.RULE,
    not_numeric.RULE,
    complex_input.RULE,
    data_rank.RULE,
    data_shape.RULE,
    unbatched_data.RULE,
    batched_twice.RULE,
    input_keys.RULE,
    input_count.RULE,
    exchanged_inputs.RULE,
    python_list.RULE,
    ragged_data.RULE,
    id_range.RULE,
    rounded_ids.RULE,
    numbers_for_text.RULE,
)
"""Rules on x for the inputs of a model."""


def findings(inputs: Inputs, batch: Batch, look: Any = None) -> list[Finding]:
    """Returns what is wrong with x for a model's inputs."""
    # a call has no lists elsewhere and compares nothing: what is left is said of the inputs alone
    return _placed(engine.findings(OF_X, _evidence(inputs, batch, Use.CALL)))


def check_lists(inputs: Inputs, batch: Batch) -> Iterator[Finding]:
    """Yields TL509 for lists in y and weights, and in x where no input is declared."""
    yield from _without_inputs(python_list.RULE, inputs, batch, Use.FIT)


def check_text_arrays(inputs: Inputs, batch: Batch) -> Iterator[Finding]:
    """Yields TL515."""
    yield from _without_inputs(text_array.RULE, inputs, batch, Use.FIT)


def check_ranks(inputs: Inputs, batch: Batch) -> Iterator[Finding]:
    """Yields TL510."""
    yield from _without_inputs(unknown_rank.RULE, inputs, batch, Use.FIT)


def check_batched(inputs: Inputs, batch: Batch) -> Iterator[Finding]:
    """Yields TL503 where y shows it."""
    yield from _without_inputs(unbatched_data.RULE, inputs, batch, Use.FIT)


def check_counts(inputs: Inputs, batch: Batch) -> Iterator[Finding]:
    """Yields TL505."""
    yield from _without_inputs(sample_count.RULE, inputs, batch, Use.FIT)


def _without_inputs(rule: AnyRule, inputs: Inputs, batch: Batch, use: Use) -> Iterable[Finding]:
    """Runs a rule on the data alone: whoever asks has looked at the inputs before."""
    return _placed(engine.findings([rule], _evidence(inputs, batch, use, hands_over=False)))


def _evidence(inputs: Inputs, batch: Batch, use: Use, *, hands_over: bool = True) -> Evidence:
    return Evidence(
        label=inputs.label,
        where=inputs.where,
        use=use,
        inputs=inputs,
        batch=batch,
        training=Training(()),
        hands_over=hands_over,
    )


def _placed(found: Iterable[Diagnostic]) -> list[Finding]:
    return [
        Finding(one, None) if one.place is None else Finding(one, one.place.path, Part(one.place.part)) for one in found
    ]
