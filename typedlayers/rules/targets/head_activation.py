"""TL604: the activation of an output and its loss contradict each other."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.catalogue.losses import LOGITS, Family
from typedlayers.diagnostics.edit import Argument, LossArgument
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.rules.rule import Rule
from typedlayers.rules.targets.activation import HeadFault, head_fault
from typedlayers.rules.targets.pair import OUTPUTS, Pair, diagnostic, fixes, with_logits


def find(pair: Pair) -> Iterator[Diagnostic]:
    """Yields the finding for an activation that the loss cannot work with."""
    match head_fault(pair):
        case HeadFault.SQUASHED_AGAIN:
            yield _squashed_again(pair)
        case HeadFault.NOT_LOGITS:
            yield _not_logits(pair)
        case HeadFault.HALF_THE_LOGITS:
            yield _half_the_logits(pair)
        case HeadFault.HALF_THE_PROBABILITIES:
            yield _half_the_probabilities(pair)
        case HeadFault.NOT_PROBABLE:
            yield _not_probable(pair)
        case HeadFault.OTHER_AXIS:
            yield _along_another_axis(pair)


def _squashed_again(pair: Pair) -> Diagnostic:
    first, activation = pair.head.again, pair.head.activation
    assert first is not None
    return diagnostic(
        pair,
        RULE.code,
        f"{pair.head.subject.label} applies {activation} to the output of {first.subject.label}, which already has an"
        " activation",
        why="its input is between 0 and 1, so that the second activation makes nearly the same of all values",
        fixes=fixes(first.to(None)),
    )


def needs_logits(pair: Pair) -> str:
    """Returns the headline for an output that is not logits."""
    activation = pair.head.activation
    assert activation is not None
    return f"{pair.named} needs logits but {pair.head.subject.label} gives {activation.values} ({activation})"


def without_activation(pair: Pair) -> tuple[Fix, ...]:
    """Returns the fixes for an output that is not logits: tell the loss, or take the activation away."""
    linear = fixes(pair.head.activated(None))
    if pair.loss is None or pair.loss.contract.takes_logits:
        return linear
    return (*fixes(LossArgument("from_logits", "False", pair.output)), *linear)


def _not_logits(pair: Pair) -> Diagnostic:
    binary = pair.loss is not None and pair.loss.contract.family is Family.BINARY
    why = f"the loss applies its own {'sigmoid' if binary else 'softmax'} to what is one already"
    return diagnostic(pair, RULE.code, needs_logits(pair), why=why, fixes=without_activation(pair))


def _half_the_logits(pair: Pair) -> Diagnostic:
    return diagnostic(
        pair,
        RULE.code,
        needs_logits(pair),
        why="a logit below 0 stands for a probability below 0.5, which this output can never give",
        fixes=fixes(pair.head.activated(None)),
    )


def _half_the_probabilities(pair: Pair) -> Diagnostic:
    under, activation = pair.head.under, pair.head.activation
    assert under is not None
    assert activation is not None
    before = under.squash.subject
    return diagnostic(
        pair,
        RULE.code,
        f"{pair.named} needs values from 0 to 1 but {pair.head.subject.label} gives values from 0.5 to 1: the"
        f" {activation} of what is never negative",
        why=f"{before.line} gives {under.activation.values} ({under.activation}), and the sigmoid of 0 is 0.5",
        fixes=fixes(under.squash.to(None)),
    )


def _not_probable(pair: Pair) -> Diagnostic:
    loss, activation = pair.loss, pair.head.activation
    assert loss is not None
    assert activation is not None
    needed, why, wanted = _demand(pair)
    logits = activation.name == "linear" and loss.name in LOGITS
    told = [with_logits(loss.name, pair)] if logits else []
    return diagnostic(
        pair,
        RULE.code,
        f"{pair.named} needs {needed} but {pair.head.subject.label} gives {activation.values} ({activation})",
        why=why,
        fixes=fixes(*told, pair.head.activated(wanted)),
    )


def _along_another_axis(pair: Pair) -> Diagnostic:
    axis, last = pair.head.sums_along, len(pair.head.shape or ()) - 1
    return diagnostic(
        pair,
        RULE.code,
        f"{pair.head.subject.label} sums to 1 along axis {axis}, but {pair.named} takes the classes from axis {last}",
        why="the loss divides each row by its own sum: positions compete for a class, not classes for a position",
        fixes=fixes(Argument(pair.head.subject.short, "axis", "-1")),
    )


def _demand(pair: Pair) -> tuple[str, str, str]:
    """What the loss needs of the output, why, and the activation that gives it."""
    assert pair.loss is not None
    contract, activation = pair.loss.contract, pair.head.activation
    needed = "values from 0 to 1" if contract.high == 1 else f"values from {contract.low:g} up"
    if contract.family is Family.REGRESSION:
        return needed, "it takes the logarithm of the output: NaN below 0", "exponential"
    clipped = "Keras clips the output to what it needs; where it clips, nothing is learned"
    if contract.family is not Family.CATEGORICAL:
        return needed, clipped, "sigmoid"
    if activation is not None and activation.name == "relu":
        no_sum = "where every value is 0 the output has no sum to divide by: NaN, or nothing is learned"
        return "a distribution", no_sum, "softmax"
    return needed, clipped, "softmax"


RULE = Rule(code="TL604", about=OUTPUTS, find=find, after=frozenset({"TL602"}))
