"""TL605: the activation of an output is made for another loss; it trains, and its values are not what they seem."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.catalogue.losses import Labels
from typedlayers.diagnostics.edit import Loss
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.labels import Rows
from typedlayers.rules.rule import Rule
from typedlayers.rules.targets.activation import HeadFault, head_fault
from typedlayers.rules.targets.head_activation import needs_logits, without_activation
from typedlayers.rules.targets.pair import OUTPUTS, Pair, diagnostic, fixes, with_logits


def find(pair: Pair) -> Iterator[Diagnostic]:
    """Yields the finding for an activation of another kind than the loss."""
    match head_fault(pair):
        case HeadFault.LOGITS_FOUND:
            yield _logits_found(pair)
        case HeadFault.JOINED_COLUMNS:
            yield _joined_columns(pair)
        case HeadFault.NO_DISTRIBUTION:
            yield _no_distribution(pair)
        case HeadFault.ONE_SIDE:
            yield _on_one_side(pair)
        case None if _is_one_of_many(pair):
            yield _one_of_many(pair)
        case None if _are_several_of_many(pair):
            yield _several_of_many(pair)


def _logits_found(pair: Pair) -> Diagnostic:
    why = f"Keras finds the logits behind the {pair.head.activation} here and warns; another backend or precision"
    return diagnostic(
        pair, RULE.code, needs_logits(pair), why=f"{why} applies it twice", fixes=without_activation(pair)
    )


def _joined_columns(pair: Pair) -> Diagnostic:
    activation, classes = pair.head.activation, pair.head.classes
    assert activation is not None
    several = pair.seen is not None and pair.seen.rows is Rows.MULTI_HOT
    joined = () if several else (Loss('"categorical_crossentropy"', pair.output),)
    return diagnostic(
        pair,
        RULE.code,
        f"{pair.named} takes each column for itself but {pair.head.subject.label} gives {activation.values}",
        why=f"the {classes or ''} columns are trained as decisions of their own, though a softmax joins them",
        fixes=fixes(*joined, pair.head.activated("sigmoid")),
        certainty=Certainty.PERHAPS,
    )


def _no_distribution(pair: Pair) -> Diagnostic:
    activation, loss = pair.head.activation, pair.loss
    assert activation is not None
    assert loss is not None
    rows = loss.contract.labels is not Labels.CLASS_IDS
    binary = Fix.of(Loss('"binary_crossentropy"', pair.output), condition="if a sample can have several labels")
    more = (binary,) if rows else ()
    return diagnostic(
        pair,
        RULE.code,
        f"{pair.named} compares distributions but {pair.head.subject.label} gives {activation.values} (sigmoid)",
        why="the columns do not sum to 1: predict() does not return class probabilities",
        fixes=fixes(pair.head.activated("softmax"), *more),
        certainty=Certainty.PERHAPS,
    )


def _on_one_side(pair: Pair) -> Diagnostic:
    activation = pair.head.activation
    assert activation is not None
    of_classes = Loss('"categorical_hinge"', pair.output)
    offers = (of_classes,) if activation.sums_to_one else (pair.head.activated("tanh"), pair.head.activated(None))
    return diagnostic(
        pair,
        RULE.code,
        f"{pair.named} wants -1 for one class, but {pair.head.subject.label} gives {activation.values} ({activation})",
        why="a hinge compares signs, and makes -1 of labels 0: the loss of a sample of -1 is never below 1",
        fixes=fixes(*offers),
        certainty=Certainty.PERHAPS,
    )


MANY_ROWS: Final = 100
"""So many rows, each with one label by chance, are no rows of several labels."""


def _is_one_of_many(pair: Pair) -> bool:
    """Whether columns are trained as decisions of their own though every row has one class, and each class occurs."""
    loss, activation, classes = pair.loss, pair.head.activation, pair.head.classes
    if loss is None or loss.name != "binary_crossentropy" or classes is None or classes < 3 or loss.smoothing:
        return False
    if activation is None or activation.name not in ("sigmoid", "linear"):
        return False
    one_hot = pair.seen is not None and pair.seen.rows is Rows.ONE_HOT
    rows = pair.rows if one_hot else None
    return rows is not None and rows.one_hot and rows.count >= MANY_ROWS and rows.used == classes


def _one_of_many(pair: Pair) -> Diagnostic:
    loss, rows = pair.loss, pair.rows
    assert loss is not None
    assert rows is not None
    if loss.wants_logits:
        fix = with_logits("categorical_crossentropy", pair)
    else:
        fix = Fix.of(pair.head.activated("softmax"), Loss('"categorical_crossentropy"', pair.output))
    return diagnostic(
        pair,
        RULE.code,
        f"{pair.named} takes each column for itself but each row of the targets is of one of {rows.used} classes",
        why=f"all {rows.count} rows are one-hot: with a softmax the columns are the probabilities of the classes",
        fixes=(fix,),
        certainty=Certainty.PERHAPS,
    )


SEVERAL: Final = 0.5
"""The share of rows with more than one label at the least: a few may be mistakes of the data."""


def _are_several_of_many(pair: Pair) -> bool:
    """Whether classes compete by a softmax though most samples have several of them."""
    if pair.loss is None or pair.loss.name != "categorical_crossentropy" or not pair.is_softmax:
        return False
    several = pair.seen is not None and pair.seen.rows is Rows.MULTI_HOT
    rows = pair.rows if several else None
    return rows is not None and rows.beyond >= SEVERAL


def _several_of_many(pair: Pair) -> Diagnostic:
    rows = pair.rows
    assert rows is not None
    return diagnostic(
        pair,
        RULE.code,
        f"{pair.head.subject.label} gives a softmax of classes, but {rows.beyond:.0%} of the rows have several labels",
        why="the columns of a softmax sum to 1: they share what each label could have for itself",
        fixes=(
            Fix.of(
                pair.head.activated("sigmoid"),
                Loss('"binary_crossentropy"', pair.output),
                condition="if each label is a decision of its own",
            ),
        ),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL605", about=OUTPUTS, find=find, after=frozenset({"TL602"}))
