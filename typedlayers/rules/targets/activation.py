"""The activation of a head, against what its loss takes."""

from __future__ import annotations

from typedlayers.catalogue.activations import Activation
from typedlayers.catalogue.losses import Family, Labels, LossFacts
from typedlayers.diagnostics.edit import Argument, Data, Loss, LossArgument
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.outputs import Squash
from typedlayers.facts.values import Rows
from typedlayers.rules.targets.pair import Pair, diagnostic, fixes, with_logits


def _is_softmax(activation: Activation | None) -> bool:
    return activation is not None and activation.sums_to_one


def check_activation(pair: Pair, loss: LossFacts) -> Diagnostic | None:
    """Returns how a head's activation and its loss contradict each other, None if they do not."""
    head, activation, family = pair.head, pair.head.activation, loss.contract.family
    one = head.classes == 1 and len(head.shape or ()) > 1
    if one and _is_softmax(activation):
        return _softmax_of_one(pair)
    if one and family is Family.CATEGORICAL and loss.axis == -1:
        return _one_class(pair, loss)
    if activation is None:
        return None
    if head.again is not None:
        return _squashed_again(pair, head.again, activation)
    if loss.wants_logits:
        return _not_logits(pair, loss, activation)
    low, high = loss.contract.low, loss.contract.high
    if activation.low < low or activation.high > high:
        return _not_probable(pair, loss, activation)
    if family is Family.CATEGORICAL and activation.name == "relu":
        return _not_probable(pair, loss, activation)
    return _unlike(pair, loss, activation)


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


def _squashed_again(pair: Pair, first: Squash, activation: Activation) -> Diagnostic:
    return diagnostic(
        pair,
        "TL604",
        f"{pair.head.subject.label} applies {activation} to what {first.subject.label} gives through an activation"
        " already",
        why="the values come from 0 to 1, so that the second one makes nearly the same of all of them",
        fixes=fixes(first.to(None)),
    )


def _two_classes(pair: Pair, wider: Argument) -> Fix:
    rows = (wider, Data("y", "keras.utils.to_categorical(y, 2)")) if pair.what == "y" else ()
    return Fix(f"{wider} with one-hot targets", edits=rows)


def _one_class(pair: Pair, loss: LossFacts) -> Diagnostic:
    logits = loss.wants_logits or (pair.head.activation is not None and pair.head.activation.name == "linear")
    binary = with_logits("binary_crossentropy", pair) if logits else Loss('"binary_crossentropy"', pair.output)
    usable = pair.seen is None or pair.seen.binary
    return diagnostic(
        pair,
        "TL603",
        f"{pair.named} compares classes but {pair.head.subject.label} gives only one column",
        why="over one class every distribution is 1: the loss is 0, or no label but 0 is valid, and nothing is learned",
        fixes=fixes(binary) if usable else _as_regression(pair),
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


def _not_logits(pair: Pair, loss: LossFacts, activation: Activation) -> Diagnostic | None:
    name, family = activation.name, loss.contract.family
    probable = (activation.low, activation.high) == (0, 1)
    halved = name in ("relu", "relu6", "softplus", "exponential") and family is Family.BINARY
    if not (probable or halved):
        return None
    linear = pair.head.activated(None)
    headline = f"{pair.named} needs logits but {pair.head.subject.label} gives {activation.values} ({name})"
    if halved:
        why = "a logit below 0 stands for a probability below 0.5, which this output can never give"
        return diagnostic(pair, "TL604", headline, why=why, fixes=fixes(linear))
    back = fixes(LossArgument("from_logits", "False", pair.output)) if not loss.contract.takes_logits else ()
    if pair.head.bare and loss.contract.finds_logits and name in ("softmax", "sigmoid"):
        why = f"Keras finds the logits behind the {name} here and warns; another backend or precision applies it twice"
        return diagnostic(pair, "TL605", headline, why=why, fixes=(*back, *fixes(linear)))
    why = f"the loss applies its own {'sigmoid' if family is Family.BINARY else 'softmax'} to what is one already"
    return diagnostic(pair, "TL604", headline, why=why, fixes=(*back, *fixes(linear)))


def _not_probable(pair: Pair, loss: LossFacts, activation: Activation) -> Diagnostic | None:
    if activation.name == "linear" and not pair.head.trained:
        return None
    family, low, high = loss.contract.family, loss.contract.low, loss.contract.high
    needed = "values from 0 to 1" if high == 1 else f"values from {low:g} up"
    if family is Family.REGRESSION:
        why, wanted = "it takes the logarithm of the output: NaN below 0", "exponential"
    else:
        wanted = "softmax" if family is Family.CATEGORICAL else "sigmoid"
        why = "Keras clips the output to what it needs; where it clips, nothing is learned"
        if activation.name == "relu" and family is Family.CATEGORICAL:
            needed = "a distribution"
            why = "where every value is 0 the output has no sum to divide by: NaN, or nothing is learned"
    logits = activation.name == "linear" and family in (Family.BINARY, Family.CATEGORICAL)
    told = [with_logits(loss.name, pair)] if logits and loss.name in LOGITS else []
    return diagnostic(
        pair,
        "TL604",
        f"{pair.named} needs {needed} but {pair.head.subject.label} gives {activation.values} ({activation})",
        why=why,
        fixes=fixes(*told, pair.head.activated(wanted)),
    )


LOGITS = frozenset(
    {
        "binary_crossentropy",
        "binary_focal_crossentropy",
        "categorical_crossentropy",
        "categorical_focal_crossentropy",
        "sparse_categorical_crossentropy",
    }
)
"""Losses that can be told to take logits."""


def _unlike(pair: Pair, loss: LossFacts, activation: Activation) -> Diagnostic | None:
    """A head of another kind than the loss: it trains, and its values are not what they seem."""
    family, classes = loss.contract.family, pair.head.classes
    if family is Family.BINARY and activation.sums_to_one and (classes is None or classes > 2):
        several = pair.seen is not None and pair.seen.rows is Rows.MULTI_HOT
        sigmoid = pair.head.activated("sigmoid")
        return diagnostic(
            pair,
            "TL605",
            f"{pair.named} takes each column for itself but {pair.head.subject.label} gives {activation.values}",
            why=f"the {classes or ''} columns are trained as decisions of their own, though a softmax joins them",
            fixes=fixes(*(() if several else (Loss('"categorical_crossentropy"', pair.output),)), sigmoid),
            certainty=Certainty.PERHAPS,
        )
    if family is Family.CATEGORICAL and activation.name == "sigmoid" and loss.contract.finds_logits:
        rows = loss.contract.labels is not Labels.CLASS_IDS
        binary = Fix.of(Loss('"binary_crossentropy"', pair.output), condition="if a sample can have several labels")
        more = (binary,) if rows else ()
        return diagnostic(
            pair,
            "TL605",
            f"{pair.named} compares distributions but {pair.head.subject.label} gives {activation.values} (sigmoid)",
            why="the columns do not sum to 1: what predict gives are no probabilities of classes",
            fixes=fixes(pair.head.activated("softmax"), *more),
            certainty=Certainty.PERHAPS,
        )
    return None
