"""What was seen of the values of targets, against what a loss and a head can do with them."""

from __future__ import annotations

import enum

from typedlayers.catalogue.activations import Activation
from typedlayers.catalogue.losses import Family, Labels, LossFacts
from typedlayers.facts.labels import Rows, Seen
from typedlayers.rules.targets.pair import Pair
from typedlayers.spec import Size

TOLERANCE = 1e-3
"""How far values may be outside of their range by rounding and resampling."""


NOISE = 0.1
"""How far noisy labels may be outside of 0 to 1 before it is a mistake for certain."""


class Fault(enum.Enum):
    """What is wrong with the values of targets."""

    NOT_FINITE = "NaN or infinite"
    BYTES = "0 and 255, or bytes, where 0 to 1 is needed"
    SIGNS = "-1 and 1, where 0 to 1 is needed"
    IDS = "class ids, where 0 to 1 is needed"
    RANGE = "outside of what the loss takes"
    NOISE = "a little outside of 0 to 1"
    PADDING = "-1, which no class is"
    FROM_ONE = "class ids that start at 1"
    MORE_CLASSES = "class ids beyond the output's classes"
    ZEROS = "0, by which the loss divides"
    FRACTIONS = "no whole numbers, where class ids are needed"


def fault_of(seen: Seen, loss: LossFacts, classes: Size) -> Fault | None:
    """Returns what a loss cannot do with values of targets, None if nothing is wrong.

    Args:
        seen: the values, less the class that the loss ignores.
        loss: the loss.
        classes: the size of the output's last axis.
    """
    if not seen.finite:
        return Fault.NOT_FINITE
    match loss.contract.labels:
        case Labels.UNIT:
            # -sum(y * log p) is linear in y: an advantage or a class weight times a one-hot row is a policy gradient
            if loss.name == "categorical_crossentropy" and seen.rows is Rows.SINGLE:
                return None
            return None if seen.weighted else _unit(seen)
        case Labels.CLASS_IDS:
            return _class_ids(seen, classes)
        case Labels.TOKENS:
            return _class_ids(seen, classes) if seen.low >= 0 else Fault.RANGE
        case Labels.SIGNS:
            outside = seen.low < -1 or seen.high > 1
            return Fault.RANGE if outside and not seen.weighted else None
        case Labels.DIVISORS:
            return Fault.ZEROS if seen.zeros and not seen.weighted else None
        case Labels.COUNTS:
            below = seen.low < -TOLERANCE * max(1.0, seen.high)
            return Fault.RANGE if below and not seen.weighted else None
        case Labels.ANY:
            return None


def _unit(seen: Seen) -> Fault | None:
    if seen.low >= -TOLERANCE and seen.high <= 1 + TOLERANCE:
        return None
    if seen.few == (-1, 1):
        return Fault.SIGNS
    if seen.bytes:
        return Fault.BYTES
    if seen.whole:
        return Fault.IDS if seen.low >= 0 else Fault.RANGE
    return Fault.NOISE if seen.low >= -NOISE and seen.high <= 1 + NOISE else Fault.RANGE


def _class_ids(seen: Seen, classes: Size) -> Fault | None:
    if not seen.whole:
        return Fault.FRACTIONS
    if seen.low == -1 and (classes is None or seen.high < classes):
        return Fault.PADDING
    if seen.low < 0:
        return Fault.RANGE
    if classes is None or seen.high < classes:
        return None
    return Fault.FROM_ONE if seen.low >= 1 and seen.high == classes else Fault.MORE_CLASSES


BEYOND = 0.2
"""How far targets may be beyond what a head can give, as a part of their own size, before it is a mistake: noise of
a measurement and overshoot of a resampling are none."""


def is_out_of_reach(seen: Seen, loss: LossFacts, activation: Activation) -> bool:
    """Whether a head can never give targets that a regression asks for."""
    if loss.contract.family is not Family.REGRESSION or not seen.finite or seen.weighted:
        return False
    margin = BEYOND * max(abs(seen.low), abs(seen.high))
    return seen.low < activation.low - margin or seen.high > activation.high + margin


def is_regression(pair: Pair, loss: LossFacts) -> bool:
    """Returns True if numbers meet a linear output, so that only the loss is made for something else."""
    linear = pair.head.activation is not None and pair.head.activation.name == "linear"
    if not linear or loss.contract.family is not Family.BINARY or pair.seen is None or pair.seen.whole:
        return False
    return fault_of(pair.seen, loss, pair.head.classes) is Fault.RANGE


def most_are_within(seen: Seen, activation: Activation) -> bool:
    """Returns True if half of the targets or more can be reached: such a program trains."""
    return seen.share_outside(activation.low, activation.high) <= 0.5
