"""TL613: class weights that Keras cannot use, or that weight other samples than they seem to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from typedlayers.catalogue.losses import Family, Pairing
from typedlayers.diagnostics.edit import Data
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.data import Source
from typedlayers.facts.fitting import ClassWeight
from typedlayers.facts.labels import Rows
from typedlayers.facts.pairing import fits
from typedlayers.rules.rule import Rule
from typedlayers.rules.targets.pair import Pair
from typedlayers.rules.training.topics import FIT, Fit
from typedlayers.spec import Shape, shape_text

_LOOKED_UP = "class_weight.get"
"""How the weights of samples are looked up in code."""


def find(fit: Fit) -> Iterator[Diagnostic]:
    """Yields the first mistake in the class weights: the others follow from it."""
    given = fit.fitting.class_weight
    if given is None:
        return
    for mistake in (_type, _source, _both, _several, _number, _text, _shape, _no_class, _columns):
        found = mistake(fit, given)
        if found is not None:
            yield found
            return


def _said(fit: Fit, headline: str, why: str, *fixes: str | Fix, **more: object) -> Diagnostic:
    made = Diagnostic(
        RULE.code,
        headline,
        where=fit.where,
        why=why,
        fixes=tuple(Fix(one) if isinstance(one, str) else one for one in fixes),
    )
    return made.with_(**more)


# ---------------------------------------------------------------------------------------- what Keras refuses
def _type(fit: Fit, given: ClassWeight) -> Diagnostic | None:
    if given.looks_up:
        return None
    enumerated = Data("class_weight", "dict(enumerate(class_weight))")
    fixes: tuple[str | Fix, ...] = (Fix("class_weight=dict(enumerate(weights))", edits=(enumerated,)),)
    if given.kind == "str":
        fixes = ("class_weight={0: ..., 1: ...}, with the numbers that make up for rare classes",)
    return _said(
        fit,
        f"class_weight of {fit.model} needs a dict from class ids to weights but gets a {given.kind}",
        "Keras looks up the weight of each class by its id",
        *fixes,
    )


def _source(fit: Fit, given: ClassWeight) -> Diagnostic | None:
    if fit.fitting.source is not Source.GENERATOR:
        return None
    return _said(
        fit,
        f"{fit.model} gets class_weight together with a generator, which cannot have any",
        "Keras makes sample weights of class weights for arrays and datasets only",
        f"yield x, y, np.vectorize({_LOOKED_UP})(y) from the generator",
    )


def _both(fit: Fit, given: ClassWeight) -> Diagnostic | None:
    if fit.batch.weight is None or fit.batch.source not in (Source.ARRAYS, Source.DATASET):
        return None
    return _said(
        fit,
        f"{fit.model} gets both class_weight and sample weights",
        "Keras makes sample weights of class weights, and takes one of the two",
        f"multiply them: sample_weight * np.vectorize({_LOOKED_UP})(y), without class_weight",
    )


def _several(fit: Fit, given: ClassWeight) -> Diagnostic | None:
    targets, fitting = fit.batch.y, fit.fitting
    count = len(targets) if isinstance(targets, tuple | Mapping) else 1
    nested = fitting.nested and "y" not in fit.batch.lists
    if fitting.batch or not (nested or (count > 1 and fit.batch.source is Source.DATASET)):
        return None
    if count == 1:
        return _said(
            fit,
            f"{fit.model} gets class_weight together with targets in a list or dict",
            "Keras takes class weights for one bare array of targets only",
            "give the array itself as y",
        )
    return _said(
        fit,
        f"{fit.model} gets class_weight together with targets for {count} outputs",
        "class weights are for models of one output: it is unknown whose classes they weight",
        "sample weights for each output in place of class_weight: sample_weight=[weights_a, weights_b]",
    )


# ------------------------------------------------------------------------------------- the dict by itself
def _number(fit: Fit, given: ClassWeight) -> Diagnostic | None:
    for key, weight in zip(given.keys, given.weights, strict=True):
        name = f"{key:g}" if isinstance(key, float) else key
        if weight is None or not math.isfinite(weight):
            return _said(
                fit,
                f"class_weight of {fit.model} has no finite number for class {name}",
                "the weight is multiplied into the loss" if weight is not None else "a weight is one number",
                f"a finite number: class_weight={{{name}: 1.0, ...}}",
            )
        if weight < 0:
            return _said(
                fit,
                f"class_weight of {fit.model} has the negative weight {weight:g} for class {name}",
                "training makes the loss of that class as large as it can",
                f"a weight from 0 up: class_weight={{{name}: {-weight:g}, ...}}",
                certainty=Certainty.PERHAPS,
            )
    return None


def _text(fit: Fit, given: ClassWeight) -> Diagnostic | None:
    text = next((key for key in given.keys if isinstance(key, str)), None)
    if text is None:
        return None
    return _said(
        fit,
        f"class_weight of {fit.model} has the key {text}, which is no class id",
        "Keras looks up whole numbers, and gives the weight 1 to each class that it does not find",
        "class_weight={0: ..., 1: ...}, with the ids that the targets hold",
    )


# ------------------------------------------------------------------------------------------- against the targets
def _shape(fit: Fit, given: ClassWeight) -> Diagnostic | None:
    """A class for each sample is needed; Keras takes the greatest along the last axis."""
    target = fit.target
    if target is None or not target.shape or len(target.shape) < 2:
        return None
    shape = (None, *target.shape[1:])
    if fit.pair is not None and _holds_ids(fit.pair, shape):
        of_ids = "y"
        why = "Keras takes the place of the greatest number along the last axis for the class, as in one-hot rows"
    elif fit.fitting.source is Source.ARRAYS and any((size or 0) > 1 for size in shape[1:-1]):
        of_ids = "y[..., 0]" if shape[-1] == 1 else "y.argmax(-1)"
        why = "Keras looks up one class for each sample of an array, and finds several"
    else:
        return None
    return _said(
        fit,
        f"class_weight of {fit.model} needs one class for each sample but the targets are {shape_text(shape)}",
        why,
        Fix(
            f"sample_weight=np.vectorize({_LOOKED_UP})({of_ids}) in place of class_weight",
            edits=(Data("sample_weight", f"np.vectorize({_LOOKED_UP})({of_ids})"),),
        ),
        gets=f"{target} as y",
    )


def _holds_ids(pair: Pair, target: Shape) -> bool:
    """True if the targets are one class id for each of several positions of the output."""
    output, loss = pair.head.shape, pair.loss
    if output is None or loss is None or len(output) != len(target) + 1 or not fits(output[:-1], target):
        return False
    return (target[-1] or 0) > 1 and (loss.contract.pairing is Pairing.CLASS_IDS or output[-1] == 1)


def _no_class(fit: Fit, given: ClassWeight) -> Diagnostic | None:
    """Keys that no target can equal."""
    pair = fit.pair
    if pair is None or pair.loss is None or not given.keys:
        return None
    count = _count(pair)
    if count is not None:
        return _of_width(fit, pair, given, count)
    seen = pair.seen
    if seen is None or not seen.finite or seen.weighted or (pair.head.classes or 0) != 1:
        return None
    if any(seen.low - 0.5 <= key <= seen.high + 0.5 for key in given.classes):
        return None
    return _said(
        fit,
        f"class_weight of {fit.model} weights {_listed(given)} but the targets are {seen}",
        "a target is rounded and looked up; what is not found has the weight 1",
        "keys that are among the targets: np.unique(y.round())",
    )


def _count(pair: Pair) -> int | None:
    """How many classes there are, None if the loss is not one of classes."""
    assert pair.loss is not None
    family, width, output = pair.loss.contract.family, pair.head.classes, pair.head.shape or ()
    if pair.loss.axis not in (-1, len(output) - 1):
        return None
    if family is Family.CATEGORICAL and width is not None and width > 1:
        return width
    smooth = pair.seen is not None and not pair.seen.binary
    return 2 if family is Family.BINARY and width == 1 and not smooth else None


def _of_width(fit: Fit, pair: Pair, given: ClassWeight, count: int) -> Diagnostic | None:
    outside = [key for key in given.keys if isinstance(key, float) and not (0 <= key < count and key.is_integer())]
    ids = f"{count} classes, 0..{count - 1}"
    if outside:
        return _said(
            fit,
            f"class_weight of {fit.model} weights class {outside[0]:g} but {pair.head.subject.label} has {ids}",
            "class ids count from 0; a weight that is never looked up is without effect",
            f"the keys 0..{count - 1}",
            certainty=Certainty.CERTAIN if len(outside) == len(given.keys) else Certainty.PERHAPS,
        )
    last = int(max(given.classes))
    if fit.fitting.source is not Source.DATASET or last == count - 1:
        return None
    return _said(
        fit,
        f"class_weight of {fit.model} ends at class {last} but {pair.head.subject.label} has {ids}",
        "for a dataset Keras makes a table up to the greatest key, and fails at a class beyond it",
        f"a weight for the last class too: class_weight={{..., {count - 1}: 1.0}}",
        certainty=Certainty.PERHAPS,
    )


def _listed(given: ClassWeight) -> str:
    keys = [f"{key:g}" for key in given.keys if isinstance(key, float)]
    return f"class {keys[0]}" if len(keys) == 1 else f"the classes {', '.join(keys)}"


def _columns(fit: Fit, given: ClassWeight) -> Diagnostic | None:
    """Rows that are no single class: several labels, or several numbers."""
    pair = fit.pair
    if pair is None or pair.loss is None or pair.seen is None or pair.shape is None or (pair.shape[-1] or 0) < 2:
        return None
    if len(pair.shape) < 2:
        return None
    family, rows = pair.loss.contract.family, pair.seen.rows
    if family is Family.BINARY and rows is Rows.MULTI_HOT:
        what, why = "several labels in a row", "a sample gets the weight of the first label that it has"
    elif family is Family.REGRESSION and rows is Rows.OTHER:
        what, why = "several numbers in a row", "a sample gets the weight of the column with its greatest number"
    else:
        return None
    return _said(
        fit,
        f"class_weight of {fit.model} needs one class for each sample but the targets have {what}",
        why,
        "sample_weight=..., one number for each sample, in place of class_weight",
        gets=f"{pair.target} as {pair.what}",
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL613", about=FIT, find=find)
