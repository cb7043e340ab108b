"""TL611: sample weights do not fit the values of the loss."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.catalogue.losses import LossFacts, Pairing
from typedlayers.diagnostics.edit import Data
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.pairing import aligned, compatible
from typedlayers.rules.rule import Need, Rule
from typedlayers.rules.targets.pair import OUTPUTS, Pair, diagnostic
from typedlayers.spec import Shape, shape_text


def find(pair: Pair) -> Iterator[Diagnostic]:
    """Yields the finding for weights that do not broadcast to the values of the loss."""
    weights = None if pair.weight is None else pair.weight.shape
    values = _values(pair, pair.loss)
    if not weights or not values or fit(values, (None, *weights[1:])):
        return
    weights = (None, *weights[1:])
    yield diagnostic(
        pair,
        RULE.code,
        f"{pair.named} gives values {shape_text(values)} but the sample weights are {shape_text(weights)}",
        gets=f"{pair.weight} as sample_weight",
        why="the weights are multiplied into the values of the loss, and no axis is added between them",
        fixes=_fixes(values, weights),
    )


def _fixes(values: Shape, weights: Shape) -> tuple[Fix, ...]:
    """One weight for each sample: spread over its values, or made of the weights of its values."""
    spread = (None, *[1] * (len(values) - 1))
    if len(weights) == 1 and fit(values, spread):
        code = f"sample_weight[{', '.join((':', *['np.newaxis'] * (len(values) - 1)))}]"
        return (Fix(f"{code}: one weight for all values of a sample", edits=(Data("sample_weight", code),)),)
    more = tuple(range(len(values), len(weights)))
    if not more or not fit(values, weights[: len(values)]):
        return ()
    code = f"sample_weight.mean(axis={more[0] if len(more) == 1 else more})"
    how = "one weight for each value of the loss, which is the mean over the last axis"
    return (Fix(f"{code}: {how}", edits=(Data("sample_weight", code),)),)


def fit(values: Shape, weights: Shape) -> bool:
    """Returns True if ``reduce_weighted_values`` of Keras can multiply weights into the values of a loss."""
    one, two = aligned(values, weights)
    return len(one) == len(two) and all(w == 1 or compatible(v, w) for v, w in zip(one[1:], two[1:], strict=True))


def _values(pair: Pair, loss: LossFacts | None) -> Shape | None:
    """The shape of what a loss gives before it is reduced; None if it is unknown."""
    output, target = pair.head.shape, pair.shape
    if loss is None or output is None or target is None or len(output) < 2 or loss.axis not in (-1, len(output) - 1):
        return None
    match loss.contract.pairing:
        case Pairing.SAME | Pairing.BROADCAST:
            return aligned(target, output)[1][:-1]
        case Pairing.CLASS_IDS:
            return output[:-1]
    return None


RULE = Rule(
    code="TL611", about=OUTPUTS, find=find, needs=(Need.TARGETS,), after=frozenset({"TL601", "TL602", "TL603", "TL610"})
)
