"""TL735: a step of the user's takes its data apart in another number of parts than it gets."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.refusals import FailedStep
from typedlayers.rules.custom.topics import FAILED_STEPS
from typedlayers.rules.rule import Rule


def find(step: FailedStep) -> Iterator[Diagnostic]:
    """Yields the line that takes the data apart."""
    weighted = ", and sample_weight=sample_weight in compute_loss" if "sample_weight" in step.parts else ""
    came = f"({', '.join(step.parts)})" if len(step.parts) > 1 else "x alone"
    yield Diagnostic(
        RULE.code,
        f"{step.label} takes its data apart otherwise than they come",
        where=step.where,
        gets=came,
        needs="code for x, y and sample weights, of which the last two may be missing",
        why=f"it fails at: {step.text}",
        fixes=(Fix(f"x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(data){weighted}"),),
    )


RULE = Rule(code="TL735", about=FAILED_STEPS, find=find)
