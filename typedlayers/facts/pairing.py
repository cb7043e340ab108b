"""Whether the shape of targets fits the shape of an output, as Keras's losses compare them."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from typedlayers.catalogue.losses import Pairing
from typedlayers.spec import Shape, Size


class Fault(enum.Enum):
    """How shapes disagree."""

    RANK = "another number of axes"
    SIZE = "another size along an axis"
    ONE_HOT = "one column per class, where class ids are needed"
    IDS = "class ids, where one column per class is needed"
    COLUMN = "class ids in a column, where none is taken"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two shapes that do not fit.

    Attributes:
        fault: how they disagree.
        needed: the shape that the targets should have.
        axis: the axis of a wrong size, None of another fault.
        silent: whether Keras goes on in silence and compares the wrong pairs.
    """

    fault: Fault
    needed: Shape
    axis: int | None = None
    silent: bool = False


def compatible(one: Size, two: Size) -> bool:
    """Whether two sizes can be the same; an unknown one can be any."""
    return one is None or two is None or one == two


def fits(one: Shape, two: Shape) -> bool:
    """Whether two shapes can be the same, the batch axis apart."""
    return len(one) == len(two) and all(map(compatible, one[1:], two[1:]))


def aligned(target: Shape, output: Shape) -> tuple[Shape, Shape]:
    """Returns both shapes after what Keras does to them: a last axis of 1 is added or taken away.

    That is ``squeeze_or_expand_to_same_rank`` of ``keras/src/losses/loss.py``, which every loss of Keras goes through.
    """
    if len(target) == len(output) + 1 and target[-1] == 1:
        return (target, (*output, 1)) if len(output) == 1 else (target[:-1], output)
    if len(output) == len(target) + 1 and output[-1] == 1:
        return ((*target, 1), output) if len(target) == 1 else (target, output[:-1])
    return target, output


def disagreement(pairing: Pairing, target: Shape, output: Shape) -> Disagreement | None:
    """Returns how targets and output disagree, None if they fit or if it cannot be known.

    Args:
        pairing: what the loss asks for.
        target: the targets' shape, batch axis first.
        output: the output's shape.
    """
    if not target or not output:
        return None  # a single number per batch: nothing is known of what is meant
    match pairing:
        case Pairing.SAME | Pairing.BROADCAST:
            return _same(target, output, silent=pairing is Pairing.BROADCAST)
        case Pairing.CLASS_IDS | Pairing.BARE_CLASS_IDS:
            return _class_ids(target, output, column=pairing is Pairing.CLASS_IDS)
        case Pairing.TOKENS:
            return None if len(target) == 2 else Disagreement(Fault.RANK, (None, None))
        case Pairing.GROUPS:
            fitting = len(target) == 1 or (len(target) == 2 and compatible(target[1], 1))
            return None if fitting else Disagreement(Fault.RANK, (None,))


def _same(target: Shape, output: Shape, *, silent: bool) -> Disagreement | None:
    one, two = aligned(target, output)
    if fits(one, two):
        return None
    if _holds_ids(target, output):
        return Disagreement(Fault.IDS, output, silent=silent and len(target) == len(output))
    if len(one) != len(two):
        if None in (target[-1], output[-1]) and abs(len(one) - len(two)) == 1:
            return None  # the unknown size may be the 1 that Keras takes away
        return Disagreement(Fault.RANK, output, silent=silent and _broadcast(one, two))
    axis = next(i for i in range(1, len(one)) if not compatible(one[i], two[i]))
    return Disagreement(Fault.SIZE, output, axis, silent and _broadcast(one, two))


def _class_ids(target: Shape, output: Shape, *, column: bool) -> Disagreement | None:
    if len(output) == 1:
        return None
    needed, classes = output[:-1], output[-1]
    if fits(target, needed):
        return None
    with_column = len(target) == len(output) and target[-1] == 1 and fits(target[:-1], needed)
    if with_column:
        return None if column or classes == 1 else Disagreement(Fault.COLUMN, needed, silent=True)
    if fits(target, output) and target[-1] is None:
        return None
    if fits(target, output):
        return Disagreement(Fault.ONE_HOT, needed)
    axis = next((i for i in range(1, len(needed)) if len(target) == len(needed) and target[i] != needed[i]), None)
    return Disagreement(Fault.RANK if axis is None else Fault.SIZE, needed, axis)


def _holds_ids(target: Shape, output: Shape) -> bool:
    """Whether the targets have the output's shape without its class axis, or with 1 there."""
    if len(output) < 2 or output[-1] is None or output[-1] < 2:
        return False
    bare = target[:-1] if len(target) == len(output) and target[-1] == 1 else target
    return fits(bare, output[:-1])


def _broadcast(one: Shape, two: Shape) -> bool:
    """Whether NumPy's rules broadcast two shapes; the batch axis may meet another one of the same size."""
    pairs = zip(reversed(one), reversed(two), strict=False)
    return all(None in pair or 1 in pair or pair[0] == pair[1] for pair in pairs)
