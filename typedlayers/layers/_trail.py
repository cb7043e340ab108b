"""What the outermost call of a custom layer did: the layers it called, in order.

A forgotten flatten is seen only from there: ``Dense`` on images is legal by itself.
"""

from __future__ import annotations

import contextvars
from dataclasses import dataclass
from typing import Any, Final

from typedlayers.bridge.tensors import is_tensor, spec_of
from typedlayers.contracts.contract import Contract, Positions
from typedlayers.diagnostics.edit import Insert
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix, Location
from typedlayers.rules.contracts.repair_plan import CHANNEL_COUNTS


@dataclass(frozen=True, slots=True)
class Step:
    """One inner layer that was called.

    Attributes:
        layer: the layer.
        contract: the catalogue's contract of it, None if unknown.
        came: what it was called on.
        gave: what it returned.
    """

    layer: Any
    contract: Contract | None
    came: Any
    gave: Any


Trail = list[Step]

trail: Final[contextvars.ContextVar[Trail | None]] = contextvars.ContextVar("typedlayers_trail", default=None)


def forgotten_flatten(steps: Trail, x: Any, y: Any, label: str, where: Location) -> Diagnostic | None:
    """Returns a *perhaps* if a layer classified each pixel of an image by itself.

    The rule asks for all of this: images of 1, 3 or 4 channels came; each inner layer got just what the one before
    it gave, the first one the images themselves, and what the last one gave was returned; all of them compute each
    position by itself; the last is a Dense with softmax; and the result has the images' height and width. A layer
    that pools, convolves, attends, flattens or computes between its layers is left alone, and so is one whose head
    is no classifier.
    """
    if not is_tensor(x) or not is_tensor(y):
        return None
    came, gave = spec_of(x), spec_of(y)
    if came.shape is None or gave.shape is None or len(came.shape) != 4 or came.shape[-1] not in CHANNEL_COUNTS:
        return None
    if len(gave.shape) != 4 or gave.shape[1:3] != came.shape[1:3] or 1 in came.shape[1:3]:
        return None
    # To build what is inside, Keras runs `call` once before it counts: the last run is the one that gave the result.
    starts = [i for i, step in enumerate(steps) if step.came is x]
    steps = steps[starts[-1] :] if starts else []
    passed = [x, *(step.gave for step in steps)]
    handed_on = all(step.came is before for step, before in zip(steps, passed, strict=False))
    if not steps or not handed_on or passed[-1] is not y:
        return None
    if not all(map(_works_on_the_last_axis, steps)):
        return None
    head = steps[-1].layer
    if getattr(getattr(head, "activation", None), "__name__", "") != "softmax" or not hasattr(head, "units"):
        return None
    dense = f'Dense "{head.name}"'
    return Diagnostic(
        "TL206",
        f"{label} classifies every pixel by itself: {head.units} probabilities for each of "
        f"{came.shape[1]} x {came.shape[2]} positions",
        where=where,
        gets=f"{came}, and gives {gave}",
        why=f'nothing mixes the positions of the image: Dense "{head.name}" works on the last axis only',
        fixes=(
            Fix.of(Insert("layers.Flatten()", dense), condition="if there is one answer for the image"),
            Fix.of(Insert("layers.GlobalAveragePooling2D()", dense), condition="for one number per channel"),
            Fix('tl.allow(layer, "forgotten-flatten"), if there is one answer for each pixel'),
        ),
        certainty=Certainty.PERHAPS,
    )


def _works_on_the_last_axis(step: Step) -> bool:
    """Whether a layer computes each position of an image by itself; one with an ``axis`` may be made for others."""
    if step.contract is None or step.contract.positions is not Positions.APART:
        return False
    axis = getattr(step.layer, "axis", -1)
    axes = axis if isinstance(axis, list | tuple) else (axis,)
    return all(one in (-1, 3) for one in axes)
