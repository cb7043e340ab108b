"""TL605: the activation of an output is made for another loss; it trains, and its values are not what they seem."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.catalogue.losses import Labels
from typedlayers.diagnostics.edit import Loss
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.values import Rows
from typedlayers.rules.rule import Rule
from typedlayers.rules.targets.activation import HeadFault, head_fault
from typedlayers.rules.targets.head_activation import needs_logits, without_activation
from typedlayers.rules.targets.pair import OUTPUTS, Pair, diagnostic, fixes


def find(pair: Pair) -> Iterator[Diagnostic]:
    """Yields the finding for an activation of another kind than the loss."""
    match head_fault(pair):
        case HeadFault.LOGITS_FOUND:
            yield _logits_found(pair)
        case HeadFault.JOINED_COLUMNS:
            yield _joined_columns(pair)
        case HeadFault.NO_DISTRIBUTION:
            yield _no_distribution(pair)


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


RULE = Rule(code="TL605", about=OUTPUTS, find=find, after=frozenset({"TL602"}))
