"""TL606: targets have values that the loss does not take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from typedlayers.catalogue.losses import Family, Labels, LossFacts
from typedlayers.diagnostics.edit import Data, Loss, LossArgument, Rewrite
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix, Repair
from typedlayers.facts.data import Source
from typedlayers.facts.ids import NAN_AS_ID
from typedlayers.facts.labels import Seen
from typedlayers.facts.tokens import TokenFacts
from typedlayers.rules.rule import Need, Rule
from typedlayers.rules.targets.label_faults import Fault, fault_of, is_regression
from typedlayers.rules.targets.pair import OUTPUTS, Offer, Pair, diagnostic, fixes


def find(pair: Pair) -> Iterator[Diagnostic]:
    """Yields the finding, with what the distinct values allow to do about it."""
    if pair.seen is None or pair.loss is None:
        return
    fault = fault_of(pair.seen, pair.loss, pair.head.classes)
    if fault is not None:
        yield _labels(pair, pair.loss, pair.seen, fault)
    elif pair.loss.name in _OF_ROWS and not pair.seen.weighted:
        yield from _from_one(pair)
    elif pair.loss.name == "ctc":
        yield from _of_tokens(pair)


def _of_tokens(pair: Pair) -> Iterator[Diagnostic]:
    tokens = None if pair.values is None else pair.values.tokens
    if tokens is None:
        return
    if tokens.interrupted and not (pair.seen is not None and pair.seen.weighted):
        yield _blank_before_labels(pair, tokens)
    else:
        yield from _longer_than_steps(pair, tokens)


def _blank_before_labels(pair: Pair, tokens: TokenFacts) -> Diagnostic:
    if tokens.led:
        fixes = (Fix('pad_sequences(labels, padding="post"): the labels first, then 0'),)
    elif tokens.padded > tokens.interrupted:
        fixes = (Fix("labels + 1 before they are padded with 0, and one unit more of the output"),)
    else:
        fixes = _from_one_on(pair)
    return diagnostic(
        pair,
        RULE.code,
        f"{pair.named} needs 0 at the end of a row alone, but {tokens.interrupted:.0%} of the targets have a 0 before"
        " another label",
        needs="labels from 1 on, and 0 where a row is padded",
        why="0 is the blank: Keras counts the labels that are not 0, and takes so many from the front of the row",
        fixes=fixes,
        certainty=Certainty.CERTAIN if tokens.interrupted >= MANY_ROWS else Certainty.PERHAPS,
    )


MANY_ROWS: Final = 0.05
"""The share of rows with a 0 among their labels which no slip of the data explains."""


def _from_one_on(pair: Pair) -> tuple[Fix, ...]:
    """The labels moved by one, and a unit more where the greatest would be beyond the output."""
    classes, width, seen = pair.head.classes, pair.head.width, pair.seen
    moved = pair.changed("y + 1")
    if classes is None or seen is None or seen.high + 1 < classes:
        return (Fix.of(moved),)
    return () if width is None else (Fix.of(moved, width.of(int(seen.high) + 2)),)


def _longer_than_steps(pair: Pair, tokens: TokenFacts) -> Iterator[Diagnostic]:
    shape = pair.head.shape
    steps = shape[1] if shape is not None and len(shape) == 3 else None
    if steps is None or tokens.longest <= steps:
        return
    yield diagnostic(
        pair,
        RULE.code,
        f"{pair.named} needs {tokens.longest} steps for the longest label but {pair.head.subject.label} gives {steps}",
        needs=f"an output of {tokens.longest} steps or more",
        why="each label takes a step, and a blank between two equal ones another: with fewer steps no path exists, and"
        " the loss of the sample means nothing",
        fixes=(Fix(f"fewer strides or poolings along the steps, so that {tokens.longest} or more are left"),),
        certainty=Certainty.CERTAIN if tokens.median > steps else Certainty.PERHAPS,
    )


_OF_ROWS: Final = ("categorical_crossentropy", "categorical_focal_crossentropy")


def _from_one(pair: Pair) -> Iterator[Diagnostic]:
    """Rows of labels that count from 1: nothing is in the first column, and the last class has rows of zeros.

    Rows of zeros alone are samples without a class; an empty first column alone is a class that did not occur.
    """
    classes = pair.head.classes
    if classes is None or classes < 3 or pair.seen is None or pair.seen.first:
        return
    rows = pair.rows  # all of them: a class may be rare
    if rows is None or rows.first or not rows.empty or rows.used != classes - 1:
        return
    yield diagnostic(
        pair,
        RULE.code,
        f"{pair.named} needs one-hot rows but {rows.empty} of {rows.count} rows hold nothing but 0",
        why="nothing is in the first column and everything else occurs: the labels may count from 1, and the rows of"
        f" class {classes} are empty; their loss is 0",
        fixes=(
            Fix(
                "one_hot(labels - 1, ...): Keras counts classes from 0",
                edits=(Rewrite("one_hot(_labels, ...)", "one_hot(_labels - 1, ...)"),),
            ),
            Fix.of(pair.changed("np.concatenate([y[:, 1:], 1 - y.sum(axis=1, keepdims=True)], axis=1)")),
        ),
        certainty=Certainty.PERHAPS,
    )


_TWO_VALUES: Final[Mapping[tuple[float, ...], Repair]] = {
    (-1.0, 1.0): Repair("rescale", dtype="float32", scale=0.5, offset=0.5),
    (0.0, 255.0): Repair("rescale", dtype="float32", scale=1 / 255),
}
"""Two values that leave no choice of what 0 and 1 are."""


def _two_values(seen: Seen, loss: LossFacts) -> tuple[Repair, ...]:
    repair = _TWO_VALUES.get(seen.few) if loss.contract.labels is Labels.UNIT else None
    return () if repair is None else (repair,)


_GETS: Final = {Fault.NOT_FINITE: "NaN or infinity", Fault.FRACTIONS: "fractions in {}"}
"""What the targets are, where their range does not show the fault."""


def _labels(pair: Pair, loss: LossFacts, seen: Seen, fault: Fault) -> Diagnostic:
    classes = pair.head.classes
    needed = str(loss.contract.labels.value)
    if loss.contract.labels in (Labels.CLASS_IDS, Labels.TOKENS) and classes is not None:
        needed = f"class ids 0..{classes - 1}"
    gets = _GETS.get(fault, "{}").format(seen)
    why, proposed = _explained(pair, loss, seen, fault)
    return diagnostic(
        pair,
        RULE.code,
        f"{pair.named} needs {needed} but the targets are {gets}",
        why=why,
        fixes=fixes(*proposed),
        certainty=Certainty.PERHAPS if fault is Fault.NOISE else Certainty.CERTAIN,
        repairs=_two_values(seen, loss),
        place=pair.place,
    )


def _explained(pair: Pair, loss: LossFacts, seen: Seen, fault: Fault) -> tuple[str, tuple[Offer, ...]]:
    head, classes = pair.head, pair.head.classes
    one = classes == 1
    match fault:
        case Fault.NOT_FINITE:
            why = "one such value makes the loss NaN, and with it every weight; a sample weight of 0 does not help"
            return why, _finite(pair)
        case Fault.SIGNS:
            zero_one, hinge = Data("y", "(y + 1) / 2"), Loss('"hinge"', pair.output)
            tanh = head.activated("tanh")
            # an accuracy would count no -1 (TL608)
            counted = any(metric.cls == "BinaryAccuracy" for metric in pair.metrics)
            return "labels -1 and 1 are for hinge losses", (
                Fix(f"{zero_one} makes 0 and 1 of them", edits=(zero_one,)),
                *(() if counted else (Fix(f"{hinge} with {tanh}", edits=(hinge, tanh)),)),
            )
        case Fault.BYTES:
            return "masks read from image files hold bytes", _of_counts(pair, loss, seen) or (Data("y", "y / 255"),)
        case Fault.IDS if one and head.width is not None:
            count = int(seen.high) + 1
            units, softmax = head.width.of(count), head.activated("softmax")
            sparse = Loss('"sparse_categorical_crossentropy"', pair.output)
            wanted = Fix(f"{units}, {softmax} and {sparse}", edits=(units, softmax, sparse))
            return f"they look like ids of {count} classes, and the output is one probability", (wanted,)
        case Fault.PADDING:
            if loss.name == "sparse_categorical_crossentropy":
                ignored = LossArgument("ignore_class", "-1", pair.output)
                return "-1 marks what is not to be learned; a mask or a sample weight of 0 does not make it valid", (
                    Fix("ignore_class=-1 in losses.SparseCategoricalCrossentropy", edits=(ignored,)),
                )
            return "-1 marks what is not to be learned", ()
        case Fault.FROM_ONE:
            starts = f"the ids start at {seen.low:g}" if seen.low < 2 else f"ids up to {seen.high:g} are counted from 1"
            return f"{starts}, Keras counts classes from 0", (
                Data("y", "y - 1"),
                *(() if pair.source is Source.ARRAYS else (_WITHOUT_UNKNOWN,)),
            )
        case Fault.MORE_CLASSES:
            count = int(seen.high) + 1
            more = () if head.width is None or seen.low < 0 else (head.width.of(count),)
            why = f"ids up to {count - 1} are {count} classes; the output has {classes}"
            return why, (*_of_gaps(pair, seen), *more)
        case Fault.FRACTIONS:
            return "Keras cuts fractions off to make ids of them: 1.7 becomes class 1", _of_a_map(pair)
        case Fault.RANGE if seen.low in NAN_AS_ID:
            return "NaN becomes this number where it is cast to whole numbers: some labels are missing", (
                "leave out the samples without a label, before the labels are cast: x[~np.isnan(y)], y[~np.isnan(y)]",
            )
        case Fault.RANGE if is_regression(pair, loss):
            return "they look like numbers to be predicted, which a squared error is for", (Loss('"mse"', pair.output),)
        case Fault.ZEROS:
            return "the error is divided by the target: Keras takes 1e-7 for 0", (Loss('"mae"', pair.output),)
        case Fault.IDS | Fault.RANGE | Fault.NOISE if loss.contract.labels is Labels.UNIT:
            return "a target beyond 1 or below 0 rewards an output without bound", _of_counts(pair, loss, seen)
        case Fault.RANGE if loss.contract.labels is Labels.SIGNS:
            return "a hinge compares signs: it takes two classes", ()
        case Fault.RANGE if loss.name == "poisson":
            return "a count below 0 rewards an output without bound", _of_numbers(pair)
        case Fault.RANGE if loss.contract.labels is Labels.COUNTS:
            return "Keras takes every target below 0 for 0, in silence", (Loss('"mse"', pair.output),)
        case _:
            return "", ()


_WITHOUT_UNKNOWN: Final = Fix(
    "num_oov_indices=0 where a StringLookup or an IntegerLookup makes the ids: its first entry is then 0",
    edits=(Rewrite("StringLookup(...)", "StringLookup(..., num_oov_indices=0)"),),
)


def _finite(pair: Pair) -> tuple[Offer, ...]:
    """Samples without a number are left out, of x and y alike."""
    if pair.source is not Source.ARRAYS or pair.what != "y" or pair.target is None or pair.target.rank is None:
        return ()
    rank = pair.target.rank
    finite = "np.isfinite(y)" if rank == 1 else f"np.isfinite(y).all(axis={1 if rank == 2 else tuple(range(1, rank))})"
    return (Fix.of(Data("y", f"y[{finite}]"), Data("x", f"x[{finite}]"), condition="without these samples"),)


def _of_gaps(pair: Pair, seen: Seen) -> tuple[Offer, ...]:
    """Ids with gaps between them, no more of them than there are classes: each id becomes its place among them."""
    classes, ids = pair.head.classes, np.unique(seen.near)
    if classes is None or pair.source is not Source.ARRAYS or pair.what != "y" or len(ids) > classes:
        return ()
    if len(ids) < classes and len(ids) > 0.8 * (seen.high + 1):
        return ()  # nearly all that there may be: a class more is missing
    listed = ", ".join(f"{one:g}" for one in ids[:MOST_LISTED])
    made = Data("y", "np.unique(y, return_inverse=True)[1].reshape(y.shape)")
    return (Fix.of(made, condition=f"which numbers the {len(ids)} ids that occur: {listed}, ..."),)


MOST_LISTED: Final = 4
"""Ids that a text lists."""


def _of_numbers(pair: Pair) -> tuple[Offer, ...]:
    """A squared error, where the output can be below 0 too."""
    activation = pair.head.activation
    return (Loss('"mse"', pair.output),) if activation is not None and activation.name == "linear" else ()


def _of_counts(pair: Pair, loss: LossFacts, seen: Seen) -> tuple[Offer, ...]:
    """Counts for each class, where a loss compares distributions: their shares."""
    shape, share = pair.shape, pair.changed("y / y.sum(axis=-1, keepdims=True)", _SHARES)
    columns = shape is not None and len(shape) > 1 and shape[-1] == pair.head.classes and (shape[-1] or 0) > 1
    if not columns or seen.low < 0 or seen.few or loss.contract.family is Family.BINARY:
        return ()
    return (Fix.of(share, condition="the share of each class"),)


_SHARES: Final = "y / tf.reduce_sum(y, axis=-1, keepdims=True)"


def _of_a_map(pair: Pair) -> tuple[Offer, ...]:
    """The usual cause of fractions in a map of ids, one for each pixel: it was resized like a picture."""
    if pair.target is None or (pair.target.rank or 0) < 3:
        return ()
    smooth = Rewrite('resize(..., method="bilinear")', 'resize(..., method="nearest")')
    text = 'resize maps of ids by method="nearest": interpolation makes numbers between the ids'
    return (Fix(text, edits=(smooth,)),)


RULE = Rule(
    code="TL606",
    about=OUTPUTS,
    find=find,
    needs=(Need.TARGET_VALUES,),
    after=frozenset({"TL214", "TL601", "TL602", "TL603", "TL610"}),
)
