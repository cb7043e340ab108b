"""TL603: a softmax, a loss of classes or a loss of directions over one column."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.catalogue.losses import Family
from typedlayers.diagnostics.edit import Argument, Data, Loss
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.rules.rule import Rule
from typedlayers.rules.targets.activation import HeadFault, head_fault
from typedlayers.rules.targets.pair import OUTPUTS, Pair, diagnostic, fixes, with_logits


def find(pair: Pair) -> Iterator[Diagnostic]:
    """Yields the finding: over one column every distribution is 1."""
    fault = head_fault(pair)
    if fault is HeadFault.SOFTMAX_OF_ONE:
        yield _softmax_of_one(pair)
    elif fault is HeadFault.ONE_CLASS:
        yield _one_class(pair)
    elif pair.loss is not None and pair.loss.name == "cosine_similarity" and _is_one_column(pair):
        yield _one_direction(pair)


def _is_one_column(pair: Pair) -> bool:
    loss, shape = pair.loss, pair.head.shape
    return loss is not None and loss.axis == -1 and len(shape or ()) > 1 and pair.head.classes == 1


def _one_direction(pair: Pair) -> Diagnostic:
    return diagnostic(
        pair,
        RULE.code,
        f"{pair.named} compares directions but {pair.head.subject.label} gives only one column",
        why="one number has no direction but its sign: the loss is -1 or 1 and has no slope, nothing is learned",
        fixes=fixes(Loss('"mse"', pair.output)),
    )


def _softmax_of_one(pair: Pair) -> Diagnostic:
    width, seen = pair.head.width, pair.seen
    yes_or_no = seen is None or (seen.low >= 0 and seen.high <= 1)
    sigmoid, loss = pair.head.activated("sigmoid"), Loss('"binary_crossentropy"', pair.output)
    binary = Fix(f"{sigmoid} with {loss}", edits=(sigmoid, loss))
    two = () if width is None else (_two_classes(pair, width.of(2)),)
    return diagnostic(
        pair,
        "TL603",
        f"{pair.head.subject.label} is a softmax over one value, which is always 1",
        why=f"a softmax divides by the sum of its {width.argument if width else 'values'}, and there is only one",
        fixes=fixes(binary, *two) if yes_or_no else _as_regression(pair),
    )


def _two_classes(pair: Pair, wider: Argument) -> Fix:
    rows = (wider, Data("y", "keras.utils.to_categorical(y, 2)")) if pair.what == "y" else ()
    return Fix(f"{wider} with one-hot targets", edits=rows)


def _one_class(pair: Pair) -> Diagnostic:
    loss, activation = pair.loss, pair.head.activation
    linear = activation is not None and activation.name == "linear"
    binary = fixes(Loss('"binary_crossentropy"', pair.output))
    if linear or (loss is not None and loss.wants_logits):
        binary = fixes(with_logits("binary_crossentropy", pair))
    usable = pair.seen is None or pair.seen.binary
    return diagnostic(
        pair,
        RULE.code,
        f"{pair.named} compares classes but {pair.head.subject.label} gives only one column",
        why="over one class every distribution is 1: the loss is 0, or no label but 0 is valid, and nothing is learned",
        fixes=binary if usable else _as_regression(pair),
    )


def _as_regression(pair: Pair) -> tuple[Fix, ...]:
    """What makes a regression of a model whose targets are numbers."""
    if pair.seen is None or pair.seen.whole or pair.loss is None or not pair.seen.finite:
        return ()
    linear = pair.head.activated(None)
    squared = Loss('"mse"', pair.output)
    if pair.loss.contract.family is Family.REGRESSION:
        return fixes(linear)
    bounded = pair.head.activation is None or pair.head.activation.is_bounded
    return (Fix.of(squared, linear),) if bounded else fixes(squared)


RULE = Rule(code="TL603", about=OUTPUTS, find=find, after=frozenset({"TL214", "TL602"}))
