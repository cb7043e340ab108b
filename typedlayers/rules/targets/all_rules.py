"""Output against loss and targets: every rule, less what only follows from another mistake."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic
from typedlayers.rules.targets import half_precision_head
from typedlayers.rules.targets.activation import check_activation
from typedlayers.rules.targets.matching import check_dtype, check_shape
from typedlayers.rules.targets.pair import Pair
from typedlayers.rules.targets.sample_weights import check_weights
from typedlayers.rules.targets.values import check_values, is_regression


def check_pair(pair: Pair) -> Iterator[Diagnostic]:
    """Yields what is wrong with one output, its loss and its targets."""
    if pair.loss is None:
        return
    first = check_dtype(pair, pair.loss) or check_shape(pair, pair.loss)
    if first is not None:
        yield first
    activation = None if is_regression(pair, pair.loss) else check_activation(pair, pair.loss)
    if activation is not None and (first is None or first.code != "TL602"):
        yield activation
    if first is not None or (activation is not None and activation.code == "TL603"):
        return
    for found in (
        check_values(pair, pair.loss),
        check_weights(pair, pair.loss),
        next(half_precision_head.find(pair), None),
    ):
        if found is not None:
            yield found
