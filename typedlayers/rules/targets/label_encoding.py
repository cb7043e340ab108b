"""TL602: class ids where one-hot rows are needed, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.catalogue.losses import ONE_HOT_TWIN, SPARSE_TWIN, Family
from typedlayers.diagnostics.edit import Loss
from typedlayers.diagnostics.model import Diagnostic, Fix, Repair
from typedlayers.facts.data import Source
from typedlayers.facts.labels import Rows
from typedlayers.facts.pairing import Disagreement, Fault
from typedlayers.rules.rule import Need, Rule
from typedlayers.rules.targets.encoding import is_encoding, shape_fault
from typedlayers.rules.targets.pair import OUTPUTS, Offer, Pair, diagnostic, fixes, with_logits
from typedlayers.spec import shape_text


def find(pair: Pair) -> Iterator[Diagnostic]:
    """Yields the finding, with the loss or the encoding that fits."""
    found = shape_fault(pair)
    if found is None or not is_encoding(pair, found):
        return
    match found.fault:
        case Fault.COLUMN:
            yield _column(pair, found)
        case Fault.ONE_HOT:
            yield _one_hot(pair, found)
        case _:
            yield _ids(pair, found)


def _column(pair: Pair, found: Disagreement) -> Diagnostic:
    return diagnostic(
        pair,
        RULE.code,
        f"{pair.named} needs class ids of shape {shape_text(found.needed)} but gets {shape_text(pair.shape)}",
        why="this loss takes no column of ids: it compares every sample with the ids of all others",
        fixes=fixes(pair.changed("np.squeeze(y, axis=-1)", "tf.squeeze(y, axis=-1)")),
    )


def _one_hot(pair: Pair, found: Disagreement) -> Diagnostic:
    assert pair.loss is not None
    several = pair.seen is not None and pair.seen.rows is Rows.MULTI_HOT
    ids = pair.changed("np.argmax(y, axis=-1)", "tf.argmax(y, axis=-1)")
    way = Fix.of(ids, condition="or label_mode='int' where the loader makes the labels")
    came = "several labels for a sample" if several else "one-hot targets"
    return diagnostic(
        pair,
        RULE.code,
        f"{pair.named} needs class ids of shape {shape_text(found.needed)} but gets {came} {shape_text(pair.shape)}",
        why=f"{pair.by} gives {pair.head.classes} classes, and the targets have {pair.head.classes} columns",
        fixes=() if several else fixes(_spelled(ONE_HOT_TWIN[pair.loss.name], pair), way),
        repairs=_as_ids(pair),
        place=pair.place,
    )


def _as_ids(pair: Pair) -> tuple[Repair, ...]:
    """The ids of one-hot rows, where every row is one; rows that a weight takes out say nothing."""
    rows, seen = pair.rows, pair.seen
    proven = rows is not None and rows.one_hot and seen is not None and not seen.weighted
    return (Repair("argmax", dtype="int64"),) if proven and pair.source is Source.ARRAYS else ()


NEEDS_ROWS: Final = frozenset({"categorical_crossentropy", "categorical_focal_crossentropy"})
"""Losses that one-hot rows are meant for and nothing else."""


def _as_rows(pair: Pair) -> tuple[Repair, ...]:
    """One-hot rows of ids, where every target is the id of a class and several occur."""
    seen, classes, shape, output = pair.seen, pair.head.classes, pair.shape, pair.head.shape
    if seen is None or classes is None or shape is None or output is None or pair.source is not Source.ARRAYS:
        return ()
    if pair.loss is None or pair.loss.name not in NEEDS_ROWS:
        return ()
    if not (pair.is_softmax and seen.whole and seen.low >= 0 and seen.high < classes):
        return ()
    column = (Repair("squeeze", axis=-1),) if len(shape) == len(output) and shape[-1] == 1 else ()
    if len(shape) - len(column) != len(output) - 1:
        return ()
    return (*column, Repair("one_hot", dtype="float32", size=classes))


def _ids(pair: Pair, found: Disagreement) -> Diagnostic:
    assert pair.loss is not None
    classes, twin = pair.head.classes, SPARSE_TWIN.get(pair.loss.name)
    soft = pair.loss.contract.family is not Family.BINARY or pair.is_softmax
    proposed = [_spelled(twin, pair)] if twin is not None and soft else []
    broadcast = "; Keras broadcasts the two in silence" if found.silent else ""
    return diagnostic(
        pair,
        RULE.code,
        f"{pair.named} needs one-hot targets {shape_text(found.needed)} but gets class ids {shape_text(pair.shape)}",
        why=f"{pair.by} gives one column for each of {classes} classes, the targets have one id{broadcast}",
        fixes=fixes(*proposed, pair.changed(f"keras.utils.to_categorical(y, {classes})")) if _may_be_ids(pair) else (),
        repairs=_as_rows(pair),
        place=pair.place,
    )


def _may_be_ids(pair: Pair) -> bool:
    """True if the targets, as far as they were seen, are ids of the output's classes."""
    seen, classes = pair.seen, pair.head.classes
    if seen is None:
        return True
    return seen.whole and seen.low >= 0 and (classes is None or seen.high < classes)


def _spelled(name: str, pair: Pair) -> Offer:
    """A loss as a user writes it: by name, or as an instance where the loss takes logits."""
    logits = pair.loss is not None and pair.loss.from_logits
    return with_logits(name, pair) if logits else Loss(f'"{name}"', pair.output)


RULE = Rule(code="TL602", about=OUTPUTS, find=find, needs=(Need.TARGETS,), after=frozenset({"TL214", "TL610"}))
