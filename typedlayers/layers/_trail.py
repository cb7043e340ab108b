"""What the outermost call of a custom layer did: the layers it called, in order.

A forgotten flatten is seen only from there: ``Dense`` on images is legal by itself.
"""

from __future__ import annotations

import contextvars
from dataclasses import dataclass
from typing import Any, Final

from typedlayers.contracts.contract import Contract, Positions
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix, Location
from typedlayers.enforce.plan import CHANNEL_COUNTS
from typedlayers.spec import Spec, SpecTree


@dataclass(frozen=True, slots=True)
class Step:
    """One inner layer that was called.

    Attributes:
        layer: the layer.
        contract: the catalogue's contract of it, None if unknown.
    """

    layer: Any
    contract: Contract | None


Trail = list[Step]

trail: Final[contextvars.ContextVar[Trail | None]] = contextvars.ContextVar("typedlayers_trail", default=None)


def forgotten_flatten(steps: Trail, came: SpecTree, gave: SpecTree, label: str, where: Location) -> Diagnostic | None:
    """Returns a *perhaps* if a layer classified each pixel of an image by itself.

    The rule asks for all of this: images of 1, 3 or 4 channels came; only layers ran that compute each position by
    itself; the last of them is a Dense with softmax; and the result still has the images' height and width. A layer
    that pools, convolves, attends or flattens anywhere is left alone, and so is one whose head is no classifier.
    """
    if not isinstance(came, Spec) or not isinstance(gave, Spec) or came.shape is None or gave.shape is None:
        return None
    image = len(came.shape) == 4 and came.shape[-1] in CHANNEL_COUNTS
    if not image or len(gave.shape) != 4 or gave.shape[1:3] != came.shape[1:3] or 1 in came.shape[1:3]:
        return None
    if not steps or any(s.contract is None or s.contract.positions is not Positions.APART for s in steps):
        return None
    head = steps[-1].layer
    if getattr(getattr(head, "activation", None), "__name__", "") != "softmax" or not hasattr(head, "units"):
        return None
    return Diagnostic(
        "TL206",
        f"{label} classifies every pixel by itself: {head.units} probabilities for each of "
        f"{came.shape[1]} x {came.shape[2]} positions",
        where=where,
        gets=f"{came}, and gives {gave}",
        why=f'nothing mixes the positions of the image: Dense "{head.name}" works on the last axis only',
        fixes=(
            Fix(f'layers.Flatten() before Dense "{head.name}", if there is one answer for the image'),
            Fix(f'layers.GlobalAveragePooling2D() before Dense "{head.name}", for one number per channel'),
            Fix(f'tl.allow(layer, "forgotten-flatten"), if there is one answer for each pixel'),  # noqa: F541
        ),
        certainty=Certainty.PERHAPS,
    )
