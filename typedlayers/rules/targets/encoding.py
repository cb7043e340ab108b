"""Whether the shapes of targets and output differ by the encoding of classes, or otherwise."""

from __future__ import annotations

from typedlayers.catalogue.losses import SPARSE_TWIN, Family
from typedlayers.facts.pairing import Disagreement, Fault, disagreement
from typedlayers.rules.targets.pair import Pair

ENCODINGS = (Fault.ONE_HOT, Fault.IDS, Fault.COLUMN)


def shape_fault(pair: Pair) -> Disagreement | None:
    """Returns how the shapes of targets and output disagree, None if they fit or are unknown."""
    output, target, loss = pair.head.shape, pair.shape, pair.loss
    if output is None or target is None or loss is None:
        return None
    return disagreement(loss.contract.pairing, target, output)


def is_encoding(pair: Pair, found: Disagreement) -> bool:
    """Returns True if class ids stand where one-hot rows are needed, or the other way round."""
    return found.fault in ENCODINGS and not _is_width(pair, found)


def _is_width(pair: Pair, found: Disagreement) -> bool:
    """True if one column of targets beside several of the output means too many units, and not class ids."""
    loss = pair.loss
    if found.fault is not Fault.IDS or pair.is_softmax or loss is None:
        return False
    match loss.contract.family:
        case Family.CATEGORICAL:
            return False
        case Family.BINARY:
            return pair.seen is None or pair.seen.binary
    return loss.name not in SPARSE_TWIN
