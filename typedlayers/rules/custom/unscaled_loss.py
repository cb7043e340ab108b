"""TL744: a step of the user's does not scale its loss, though the optimizer divides its gradients by the scale."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix, Location
from typedlayers.facts.traced import Unscaled
from typedlayers.rules.custom.topics import UNSCALED
from typedlayers.rules.rule import Rule


def find(loss: Unscaled) -> Iterator[Diagnostic]:
    """Yields the finding."""
    yield Diagnostic(
        RULE.code,
        f"{loss.step} does not scale its loss: its gradients are 32768 times too small, to begin with",
        where=Location(loss.at.file, loss.at.number, loss.step),
        gets=loss.at.text,
        needs="loss = self.optimizer.scale_loss(loss) before the gradient is taken",
        why="under mixed_float16 compile makes a LossScaleOptimizer, which divides all gradients by its scale",
        fixes=(Fix("loss = self.optimizer.scale_loss(loss), under the tape"),),
    )


RULE = Rule(code="TL744", about=UNSCALED, find=find)
