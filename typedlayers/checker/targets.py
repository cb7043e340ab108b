"""Output against loss and targets: every rule, less what only follows from another mistake."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.checker.activity import check_activation
from typedlayers.checker.fitting import check_dtype, check_shape
from typedlayers.checker.pair import Pair
from typedlayers.checker.precision import check_precision
from typedlayers.checker.reach import check_values, is_regression
from typedlayers.checker.weights import check_weights
from typedlayers.diagnostics.model import Diagnostic


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
    for found in (check_values(pair, pair.loss), check_weights(pair, pair.loss), check_precision(pair, pair.loss)):
        if found is not None:
            yield found
