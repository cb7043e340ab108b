"""How the activation of an output and its loss contradict each other: the classification that three rules share."""

from __future__ import annotations

import enum
from typing import Final

from typedlayers.catalogue.activations import Activation
from typedlayers.catalogue.losses import Family, LossFacts
from typedlayers.rules.targets.label_faults import is_regression
from typedlayers.rules.targets.pair import Pair


class HeadFault(enum.Enum):
    """How an output's activation and its loss contradict each other."""

    SOFTMAX_OF_ONE = "a softmax over one value"
    ONE_CLASS = "a loss of classes over one column"
    SQUASHED_AGAIN = "an activation on what an activation returned"
    NOT_LOGITS = "probabilities where logits are needed"
    LOGITS_FOUND = "probabilities where logits are needed, which Keras looks behind"
    HALF_THE_LOGITS = "no logit below 0"
    HALF_THE_PROBABILITIES = "no probability below 0.5"
    NOT_PROBABLE = "values that the loss cannot take"
    JOINED_COLUMNS = "a softmax for a loss of independent columns"
    OTHER_AXIS = "a softmax along another axis than the loss takes for the classes"
    NO_DISTRIBUTION = "a sigmoid for a loss of distributions"
    ONE_SIDE = "values from 0 up for a loss of signs"


_NEVER_NEGATIVE: Final = ("relu", "relu6", "softplus", "exponential")


def head_fault(pair: Pair) -> HeadFault | None:
    """Returns how an output's activation and its loss contradict each other, None if they do not."""
    head, loss, activation = pair.head, pair.loss, pair.head.activation
    if loss is None or is_regression(pair, loss):
        return None  # of numbers for a loss of labels, the labels are said
    if head.classes == 1 and len(head.shape or ()) > 1:
        if activation is not None and activation.sums_to_one:
            return HeadFault.SOFTMAX_OF_ONE
        if loss.contract.family is Family.CATEGORICAL and loss.axis == -1:
            return HeadFault.ONE_CLASS
    if head.sums_along not in (None, 0) and loss.contract.family is Family.CATEGORICAL and loss.axis == -1:
        return HeadFault.OTHER_AXIS
    if activation is None:
        return None
    if head.again is not None:
        return HeadFault.SQUASHED_AGAIN
    if loss.wants_logits:
        return _as_logits(pair, loss, activation)
    return _as_probabilities(pair, loss, activation)


def _as_logits(pair: Pair, loss: LossFacts, activation: Activation) -> HeadFault | None:
    if activation.name in _NEVER_NEGATIVE and loss.contract.family is Family.BINARY:
        return HeadFault.HALF_THE_LOGITS
    if (activation.low, activation.high) != (0, 1):
        return None
    found = pair.head.bare and loss.contract.finds_logits and activation.name in ("softmax", "sigmoid")
    return HeadFault.LOGITS_FOUND if found else HeadFault.NOT_LOGITS


def _is_upper_half(pair: Pair, activation: Activation) -> bool:
    """True of a sigmoid of what is never negative, unless no target is below 0.5 either."""
    under, seen = pair.head.under, pair.seen
    if activation.name not in ("sigmoid", "hard_sigmoid") or under is None or under.activation.low < 0:
        return False
    return seen is None or seen.low < 0.5


def _as_probabilities(pair: Pair, loss: LossFacts, activation: Activation) -> HeadFault | None:
    family, classes = loss.contract.family, pair.head.classes
    beyond = activation.low < loss.contract.low or activation.high > loss.contract.high
    if beyond or (family is Family.CATEGORICAL and activation.name == "relu"):
        fixed = activation.name == "linear" and not pair.head.trained  # its values may be anything, on purpose
        return None if fixed else HeadFault.NOT_PROBABLE
    if loss.contract.high == 1 and _is_upper_half(pair, activation):
        return HeadFault.HALF_THE_PROBABILITIES
    if family is Family.MARGIN and activation.low >= 0:
        return None if pair.seen is not None and pair.seen.low > 0 else HeadFault.ONE_SIDE
    if family is Family.BINARY and activation.sums_to_one and (classes is None or classes > 2):
        return HeadFault.JOINED_COLUMNS
    if family is Family.CATEGORICAL and activation.name == "sigmoid" and loss.contract.finds_logits:
        return HeadFault.NO_DISTRIBUTION
    return None
