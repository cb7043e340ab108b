"""The values of targets, against what their loss takes and what the head can give."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.catalogue.activations import Activation
from typedlayers.catalogue.losses import Family, Labels, LossFacts
from typedlayers.diagnostics.edit import Data, Insert, Loss, LossArgument, Side
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.outputs import Kind
from typedlayers.facts.values import Seen
from typedlayers.rules.targets.label_faults import Fault, fault_of, is_out_of_reach
from typedlayers.rules.targets.pair import Offer, Pair, diagnostic, fixes


def check_values(pair: Pair, loss: LossFacts) -> Diagnostic | None:
    """Returns what is wrong with the values of targets, None if nothing is or if they were not looked at."""
    seen = pair.seen
    if seen is None:
        return None
    fault = fault_of(seen, loss, pair.head.classes)
    if fault is not None:
        return _labels(pair, loss, seen, fault)
    activation = pair.head.activation
    if activation is None or not is_out_of_reach(seen, loss, activation):
        return None
    return diagnostic(
        pair,
        "TL607",
        f'the targets of output "{pair.head.name}" are {seen} but {pair.head.subject.label} gives'
        f" {activation.values} ({activation})",
        why="what the output can never give stays in the loss, whatever is learned",
        fixes=fixes(*_within_reach(pair, loss, seen, activation)),
    )


def _within_reach(pair: Pair, loss: LossFacts, seen: Seen, activation: Activation) -> Iterator[Offer]:
    head, short = pair.head, pair.head.subject.short
    if (activation.low, activation.high) == (0, 1) and seen.bytes:
        yield Data("y", "y / 255")
    if head.stages and head.stages[0].kind in (Kind.ALL_STEPS, Kind.LAST_STEP):
        yield Fix.of(Insert(f"layers.Dense({head.classes})", short, Side.AFTER), condition="a linear output")
    elif seen.low < 0 or loss.contract.low < 0:
        yield Fix.of(head.activated(None), condition="a linear output")
    else:
        yield head.activated("softplus")


def _labels(pair: Pair, loss: LossFacts, seen: Seen, fault: Fault) -> Diagnostic:
    classes = pair.head.classes
    needed = str(loss.contract.labels.value)
    if loss.contract.labels in (Labels.CLASS_IDS, Labels.TOKENS) and classes is not None:
        needed = f"class ids 0..{classes - 1}"
    gets = "NaN or infinity" if fault is Fault.NOT_FINITE else str(seen)
    why, proposed = _explained(pair, loss, seen, fault)
    return diagnostic(
        pair, "TL606", f"{pair.named} needs {needed} but the targets are {gets}", why=why, fixes=fixes(*proposed)
    )


def _explained(pair: Pair, loss: LossFacts, seen: Seen, fault: Fault) -> tuple[str, tuple[Offer, ...]]:
    head, classes = pair.head, pair.head.classes
    one = classes == 1
    match fault:
        case Fault.NOT_FINITE:
            return "one such value makes the loss NaN, and with it every weight; a sample weight of 0 does not help", ()
        case Fault.SIGNS:
            zero_one, hinge = Data("y", "(y + 1) / 2"), Loss('"hinge"', pair.output)
            tanh = head.activated("tanh")
            return "labels -1 and 1 are for hinge losses", (
                Fix(f"{zero_one} makes 0 and 1 of them", edits=(zero_one,)),
                Fix(f"{hinge} with {tanh}", edits=(hinge, tanh)),
            )
        case Fault.BYTES:
            return "masks read from image files hold bytes", (Data("y", "y / 255"),)
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
            return f"the ids start at {seen.low:g}, Keras counts classes from 0", (Data("y", "y - 1"),)
        case Fault.MORE_CLASSES:
            count = int(seen.high) + 1
            if head.width is None or seen.low < 0:
                return f"the greatest id makes {count} classes, the output has {classes}", ()
            return f"the greatest id makes {count} classes, the output has {classes}", (head.width.of(count),)
        case Fault.FRACTIONS:
            return "Keras cuts fractions off to make ids of them: 1.7 becomes class 1", ()
        case Fault.RANGE if is_regression(pair, loss):
            return "they look like numbers to be predicted, which a squared error is for", (Loss('"mse"', pair.output),)
        case Fault.ZEROS:
            return "the error is divided by the target: Keras takes 1e-7 for 0", (Loss('"mae"', pair.output),)
        case Fault.IDS | Fault.RANGE if loss.contract.labels is Labels.UNIT:
            return "a target beyond 1 or below 0 rewards an output without bound", ()
        case Fault.RANGE if loss.contract.labels is Labels.SIGNS:
            return "a hinge compares signs: it takes two classes", ()
        case Fault.RANGE if loss.name == "poisson":
            return "a count below 0 rewards an output without bound", ()
        case Fault.RANGE if loss.contract.labels is Labels.COUNTS:
            return "Keras takes every target below 0 for 0, in silence", ()
        case _:
            return "", ()


def is_regression(pair: Pair, loss: LossFacts) -> bool:
    """Whether numbers meet a linear output, so that only the loss is made for something else."""
    linear = pair.head.activation is not None and pair.head.activation.name == "linear"
    if not linear or loss.contract.family is not Family.BINARY or pair.seen is None or pair.seen.whole:
        return False
    return fault_of(pair.seen, loss, pair.head.classes) is Fault.RANGE
