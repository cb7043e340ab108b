"""Sample weights, against the values that a loss gives."""

from __future__ import annotations

from typedlayers.catalogue.losses import LossFacts, Pairing
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.facts.pairing import aligned, compatible
from typedlayers.rules.targets.pair import Pair, diagnostic, fixes
from typedlayers.spec import Shape, shape_text


def check_weights(pair: Pair, loss: LossFacts) -> Diagnostic | None:
    """Returns what is wrong with the sample weights of an output, None if nothing is."""
    weights = None if pair.weight is None else pair.weight.shape
    values = _values(pair, loss)
    if not weights or not values or fit(values, (None, *weights[1:])):
        return None
    weights = (None, *weights[1:])
    spread = (None, *[1] * (len(values) - 1))
    index = ", ".join((":", *["np.newaxis"] * (len(values) - 1)))
    return diagnostic(
        pair,
        "TL611",
        f"{pair.named} gives values {shape_text(values)} but the sample weights are {shape_text(weights)}",
        gets=f"{pair.weight} as sample_weight",
        why="the weights are multiplied into the values of the loss, and no axis is added between them",
        fixes=fixes(f"sample_weight[{index}]: one weight for all values of a sample")
        if len(weights) == 1 and fit(values, spread)
        else (),
    )


def fit(values: Shape, weights: Shape) -> bool:
    """Whether weights can be multiplied into the values of a loss, as ``reduce_weighted_values`` of Keras does it."""
    one, two = aligned(values, weights)
    return len(one) == len(two) and all(w == 1 or compatible(v, w) for v, w in zip(one[1:], two[1:], strict=True))


def _values(pair: Pair, loss: LossFacts) -> Shape | None:
    """The shape of what a loss gives before it is reduced; None if it is unknown."""
    output, target = pair.head.shape, pair.shape
    if output is None or target is None or len(output) < 2 or loss.axis not in (-1, len(output) - 1):
        return None
    match loss.contract.pairing:
        case Pairing.SAME | Pairing.BROADCAST:
            return aligned(target, output)[1][:-1]
        case Pairing.CLASS_IDS:
            return output[:-1]
    return None
