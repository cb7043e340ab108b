"""TL709: the last batch is smaller than the others, and a layer keeps states for each sample of a batch."""

from __future__ import annotations

import math
from collections.abc import Iterator

from typedlayers.diagnostics.edit import Data, Edit
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.rules.rule import Rule
from typedlayers.rules.training.topics import FIT, Fit
from typedlayers.spec import Spec, leaves


def find(fit: Fit) -> Iterator[Diagnostic]:
    """Yields the finding for arrays of a number of samples that the batch size does not divide."""
    layer, size = fit.keeps_states, fit.fitting.batch_size
    shapes = [spec.shape for _, spec in leaves(fit.batch.x)]
    if layer is None or size is None or size < 1 or not shapes or not shapes[0]:
        return
    count = shapes[0][0]
    if count is None:
        return
    count = math.floor(count * (1 - fit.fitting.split)) if 0 < fit.fitting.split < 1 else count
    rest = count % size
    if count <= size or not rest:
        return
    whole = count - rest
    yield Diagnostic(
        RULE.code,
        f"{layer.label} keeps the states of {size} samples but the last batch has {rest}",
        where=layer.where,
        gets=f"{count} samples in batches of {size}",
        needs=f"a number of samples that is a multiple of {size}, or a batch size that divides {count}",
        why="a stateful layer has one state for each sample of a batch, made for the size of the first",
        fixes=(
            Fix(
                f"x[:{whole}], and y alike: a multiple of the batch size, which drops the remainder",
                edits=tuple(_cut(fit, whole)),
            ),
        ),
    )


def _cut(fit: Fit, whole: int) -> Iterator[Edit]:
    """The edits of x and y, where each is one array."""
    if isinstance(fit.batch.x, Spec) and not fit.fitting.split and not fit.fitting.nested:
        yield Data("x", f"x[:{whole}]")
        if fit.batch.y is not None:
            yield Data("y", f"y[:{whole}]")


RULE = Rule(code="TL709", about=FIT, find=find)
