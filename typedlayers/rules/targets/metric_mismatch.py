"""TL608: a metric means nothing for this output and these targets."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.catalogue.losses import Family, Pairing
from typedlayers.catalogue.metrics import MetricFacts, Takes
from typedlayers.diagnostics.edit import Loss, Metric, MetricArgument
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.labels import Rows
from typedlayers.facts.pairing import Disagreement, Fault, disagreement
from typedlayers.rules.rule import Rule
from typedlayers.rules.targets.label_faults import fault_of
from typedlayers.rules.targets.pair import OUTPUTS, Offer, Pair, diagnostic, fixes
from typedlayers.spec import Shape, shape_text


def find(pair: Pair) -> Iterator[Diagnostic]:
    """Yields what is wrong with each metric of an output."""
    for metric in pair.metrics:
        yield from _first_mistake(pair, metric)


def _first_mistake(pair: Pair, metric: MetricFacts) -> Iterator[Diagnostic]:
    """The first mistake only: the others follow from it."""
    for mistake in _MISTAKES:
        found = mistake(pair, metric)
        if found is not None:
            yield found
            return


def _named(pair: Pair, metric: MetricFacts) -> str:
    return f'the metric {metric.text} of output "{pair.head.name}"'


def _ids(pair: Pair, metric: MetricFacts) -> Diagnostic | None:
    """Class ids are compared for equality, and the head gives probabilities."""
    if metric.contract.takes is not Takes.CLASS_IDS or not metric.pred_ids or pair.head.activation is None:
        return None
    classes = pair.head.classes
    if metric.cls == "Accuracy":
        better = "metrics.BinaryAccuracy()" if classes == 1 else _accuracy(pair)
        by_name = Fix(
            'metrics=["accuracy"], which Keras chooses by the shapes', edits=(_instead(pair, metric, '"accuracy"'),)
        )
        proposed = fixes(_instead(pair, metric, better), by_name)
    elif classes == 1:
        proposed = fixes(_instead(pair, metric, "metrics.BinaryIoU()"))
    else:
        proposed = fixes(*_of_ids(pair, metric))
    return diagnostic(
        pair,
        RULE.code,
        f"{_named(pair, metric)} needs class ids but {pair.head.subject.label} gives"
        f" {pair.head.activation.values} ({pair.head.activation})",
        why="it compares outputs and targets for equality"
        if metric.cls == "Accuracy"
        else "it cuts outputs off to whole numbers: every value below 1 is class 0",
        fixes=proposed,
    )


def _of_ids(pair: Pair, metric: MetricFacts) -> Iterator[Offer]:
    """What makes ids of the columns: in the metric, or in that of one-hot rows."""
    classes, shape = pair.head.classes, pair.shape
    hot = shape is not None and pair.head.shape is not None and not _holds_ids(shape, pair.head.shape)
    if hot and metric.cls == "MeanIoU" and classes is not None:
        yield _instead(pair, metric, f"metrics.OneHotMeanIoU(num_classes={classes})")
    else:
        yield _given(pair, metric, "sparse_y_pred", "False")


def _given(pair: Pair, metric: MetricFacts, name: str, value: str) -> MetricArgument:
    return MetricArgument(metric.text, name, value, pair.output)


def _argument(pair: Pair, metric: MetricFacts, name: str, value: str) -> Fix:
    return Fix(f"metrics.{metric.cls}({name}={value})", edits=(_given(pair, metric, name, value),))


def _instead(pair: Pair, metric: MetricFacts, code: str) -> Metric:
    return Metric(metric.text, code, pair.output)


def _accuracy(pair: Pair) -> str:
    sparse = pair.shape is not None and pair.head.shape is not None and _holds_ids(pair.shape, pair.head.shape)
    return "metrics.SparseCategoricalAccuracy()" if sparse else "metrics.CategoricalAccuracy()"


def _holds_ids(target: Shape, output: Shape) -> bool:
    return disagreement(Pairing.CLASS_IDS, target, output) is None


def _found(pair: Pair, metric: MetricFacts) -> Disagreement | None:
    if metric.contract.pairing is None or pair.shape is None or pair.head.shape is None:
        return None
    return disagreement(metric.contract.pairing, pair.shape, pair.head.shape)


def _encoding(pair: Pair, metric: MetricFacts) -> Diagnostic | None:
    """One-hot rows for a metric of class ids, or the other way round."""
    found = _found(pair, metric)
    if found is None or found.fault not in (Fault.IDS, Fault.ONE_HOT):
        return None
    ids = found.fault is Fault.IDS
    twin = metric.contract.twin
    proposed = fixes(_instead(pair, metric, f"metrics.{twin}()")) if twin else _one_hot(pair) if ids else ()
    return diagnostic(
        pair,
        RULE.code,
        f"{_named(pair, metric)} needs {'one-hot targets' if ids else 'class ids'} {shape_text(found.needed)}"
        f" but gets {'class ids' if ids else 'one-hot targets'} {shape_text(pair.shape)}",
        why="it takes the greatest of each row of targets, and a row of one is always class 0"
        if ids and metric.contract.takes is Takes.SCORES
        else "",
        fixes=proposed,
    )


def _one_hot(pair: Pair) -> tuple[Fix, ...]:
    """One-hot targets for loss and metric alike."""
    classes = pair.head.classes
    if classes is None or pair.loss is None or not pair.loss.name.startswith("sparse_"):
        return ()
    rows = pair.changed(f"keras.utils.to_categorical(y, {classes})", f"tf.one_hot(y, {classes})")
    loss = Loss(f'"{pair.loss.name.removeprefix("sparse_")}"', pair.output)
    return fixes(Fix(f"{rows} and {loss}", edits=(rows, loss)))


def _shape(pair: Pair, metric: MetricFacts) -> Diagnostic | None:
    target, output = pair.shape, pair.head.shape
    if metric.contract.pairing not in (Pairing.SAME, Pairing.BROADCAST) or target is None or output is None:
        return None
    found = _found(pair, metric)
    if found is None and not metric.contract.aligns and len(target) + 1 == len(output) and output[-1] == 1:
        return diagnostic(
            pair,
            RULE.code,
            f"{_named(pair, metric)} needs targets of shape {shape_text(output)} but gets {shape_text(target)}",
            why="a loss adds the missing axis, this metric does not: it compares every sample with all others",
            fixes=fixes(Fix("y[..., np.newaxis]", edits=(pair.changed("y[..., np.newaxis]"),))),
        )
    if found is None:
        return None
    return diagnostic(
        pair,
        RULE.code,
        f"{_named(pair, metric)} needs targets of shape {shape_text(found.needed)} but gets {shape_text(target)}",
        why="Keras broadcasts the two in silence" if found.silent else "",
    )


_ACCURACIES = ("BinaryAccuracy", "SparseCategoricalAccuracy", "Accuracy")


def _regression(pair: Pair, metric: MetricFacts) -> Diagnostic | None:
    """Accuracy of targets that are no classes."""
    seen, loss = pair.seen, pair.loss
    if metric.cls not in _ACCURACIES or seen is None or loss is None or seen.whole or not seen.finite:
        return None
    if loss.contract.family is not Family.REGRESSION:
        return None
    return diagnostic(
        pair,
        RULE.code,
        f"{_named(pair, metric)} needs classes for targets but gets numbers {seen}",
        why="it counts outputs that equal their target after rounding; no real number is ever hit",
        fixes=(
            Fix(
                'metrics=["mae"], the mean absolute error, for a regression',
                edits=(_instead(pair, metric, '"mae"'),),
            ),
        ),
    )


def _numbers(pair: Pair, metric: MetricFacts) -> Diagnostic | None:
    """Binary accuracy of whole numbers beyond 1, such as counts and years."""
    seen, loss = pair.seen, pair.loss
    if metric.cls != "BinaryAccuracy" or metric.thresholds or seen is None or loss is None or not seen.finite:
        return None
    if loss.contract.family is not Family.REGRESSION or not seen.whole or seen.high <= 1:
        return None
    return _harmless(
        pair,
        f"{_named(pair, metric)} needs targets of 0 and 1 but gets {seen}",
        "an output is made 0 or 1 by a threshold and compared with the target: no other number is ever hit",
        Fix('metrics=["mae"], the mean absolute error, for a regression', edits=(_instead(pair, metric, '"mae"'),)),
    )


def _logits(pair: Pair, metric: MetricFacts) -> Diagnostic | None:
    """Thresholds between 0 and 1 on outputs that are logits."""
    activation, loss = pair.head.activation, pair.loss
    if metric.contract.takes is not Takes.PROBABILITIES or metric.from_logits or metric.thresholds:
        return None
    if activation is None or loss is None or activation.is_bounded or not loss.wants_logits or not pair.head.trained:
        return None
    can = metric.cls in ("AUC", "BinaryCrossentropy")
    return diagnostic(
        pair,
        RULE.code,
        f"{_named(pair, metric)} needs values from 0 to 1 but {pair.head.subject.label} gives {activation.values}",
        why="the loss takes logits; this metric takes probabilities and compares them with thresholds from 0 to 1",
        fixes=fixes(_argument(pair, metric, "from_logits", "True")) if can else (),
    )


# ------------------------------------------------------- numbers that mean nothing beside a model that learns all right
def _harmless(pair: Pair, headline: str, why: str, *offers: Offer) -> Diagnostic:
    """A finding that stops nobody: the metric alone is meaningless."""
    return diagnostic(pair, RULE.code, headline, why=why, fixes=fixes(*offers), certainty=Certainty.PERHAPS)


_GREATEST = (
    "CategoricalAccuracy",
    "SparseCategoricalAccuracy",
    "TopKCategoricalAccuracy",
    "SparseTopKCategoricalAccuracy",
)


def _one_column(pair: Pair, metric: MetricFacts) -> Diagnostic | None:
    """The greatest of one column is always that column."""
    if pair.head.classes != 1:
        return None
    logits = pair.loss is not None and pair.loss.wants_logits
    if metric.cls in _GREATEST:
        better = "metrics.BinaryAccuracy(threshold=0.0)" if logits else "metrics.BinaryAccuracy()"
        why = "it takes the greatest column for the class: of one column that is always class 0"
        offers = (_instead(pair, metric, better),)
    elif metric.cls in ("F1Score", "FBetaScore") and not metric.thresholds:
        why = "without a threshold it takes the greatest column for the class: every sample counts as positive"
        offers = () if logits else (_given(pair, metric, "threshold", "0.5"),)
    else:
        return None
    headline = f"{_named(pair, metric)} needs one column per class but {pair.head.subject.label} gives one column"
    return _harmless(pair, headline, why, *offers)


def _several_numbers(pair: Pair, metric: MetricFacts) -> Diagnostic | None:
    """Accuracy of rows of numbers that are no distributions."""
    seen, loss, activation = pair.seen, pair.loss, pair.head.activation
    if not metric.named or metric.cls != "CategoricalAccuracy" or seen is None or loss is None:
        return None
    if loss.contract.family is not Family.REGRESSION or seen.whole or not seen.finite:
        return None
    if (seen.low >= 0 and seen.high <= 1) or (activation is not None and activation.sums_to_one):
        return None  # they may be soft labels
    return _harmless(
        pair,
        f"{_named(pair, metric)} needs classes for targets but gets rows of numbers {seen}",
        "it counts rows whose greatest column is that of the target, however far off the numbers are",
        Fix('metrics=["mae"], the mean absolute error, for a regression', edits=(_instead(pair, metric, '"mae"'),)),
    )


def _signs(pair: Pair, metric: MetricFacts) -> Diagnostic | None:
    """Decisions are 0 and 1, and never -1."""
    seen, loss = pair.seen, pair.loss
    if metric.cls != "BinaryAccuracy" or seen is None or seen.few != (-1, 1) or loss is None:
        return None
    if fault_of(seen, loss, pair.head.classes) is not None:
        return None  # the labels are to be changed anyway: TL606
    margin = loss.contract.family is Family.MARGIN
    turned = Fix("(y + 1) // 2 for y: the loss makes signs of 0 and 1 itself", edits=(pair.changed("(y + 1) // 2"),))
    return _harmless(
        pair,
        f"{_named(pair, metric)} needs targets of 0 and 1 but gets -1 and 1",
        "an output is made 0 or 1 by a threshold and compared with the target: a -1 is never hit",
        *((turned,) if margin else ()),
    )


def _overlap(pair: Pair, metric: MetricFacts) -> Diagnostic | None:
    """A threshold of 0.5 on logits, which are cut at 0."""
    activation, loss = pair.head.activation, pair.loss
    decides = metric.cls == "BinaryIoU" or (metric.cls == "BinaryAccuracy" and not metric.named)
    if not decides or metric.thresholds or activation is None or loss is None:
        return None
    if activation.is_bounded or not loss.wants_logits or not pair.head.trained:
        return None
    return _harmless(
        pair,
        f"{_named(pair, metric)} needs values from 0 to 1 but {pair.head.subject.label} gives {activation.values}",
        "it compares them with 0.5; the loss takes logits, of which 0 is the even chance",
        _given(pair, metric, "threshold", "0.0"),
    )


def _all_columns(pair: Pair, metric: MetricFacts) -> Diagnostic | None:
    """A class among the k greatest, where there are no more than k."""
    k, classes = metric.k, pair.head.classes
    if metric.cls not in _GREATEST or k is None or classes is None or not 1 < classes <= k:
        return None
    fewer = (_argument(pair, metric, "k", "2"),) if classes > 2 else ()
    return _harmless(
        pair,
        f"{_named(pair, metric)} takes the {k} greatest of {classes} columns",
        "every class is among them: the metric is always 1",
        *fewer,
        _instead(pair, metric, '"accuracy"'),
    )


_DISTRIBUTIONS = ("CategoricalCrossentropy", "SparseCategoricalCrossentropy", "categorical_focal_crossentropy")


def _logits_of_classes(pair: Pair, metric: MetricFacts) -> Diagnostic | None:
    """A crossentropy of rows that are no distributions: they are divided by their sums."""
    activation, loss = pair.head.activation, pair.loss
    if metric.cls not in _DISTRIBUTIONS or metric.from_logits or activation is None or loss is None:
        return None
    if activation.is_bounded or not loss.wants_logits or not pair.head.trained:
        return None
    return diagnostic(
        pair,
        RULE.code,
        f"{_named(pair, metric)} needs rows that sum to 1 but {pair.head.subject.label} gives {activation.values}",
        why="the loss takes logits; this metric takes probabilities, and divides each row by its sum",
        fixes=fixes(_argument(pair, metric, "from_logits", "True")),
    )


def _two_columns(pair: Pair, metric: MetricFacts) -> Diagnostic | None:
    """Over both columns of a decision between two, every true positive is a true negative of the other column."""
    activation = pair.head.activation
    if metric.cls not in ("Precision", "Recall") or metric.thresholds or metric.chosen or pair.head.classes != 2:
        return None
    if activation is None or not activation.sums_to_one:
        return None
    return _harmless(
        pair,
        f"{_named(pair, metric)} counts both classes of {pair.head.subject.label} together",
        "of two columns that sum to 1 one is above 0.5: precision, recall and accuracy are then the same number",
        _argument(pair, metric, "class_id", "1"),
    )


def _several_labels(pair: Pair, metric: MetricFacts) -> Diagnostic | None:
    """The greatest column is the only one that counts, where rows have several labels."""
    if metric.cls not in ("F1Score", "FBetaScore") or metric.thresholds or pair.loss is None or pair.seen is None:
        return None
    if pair.loss.contract.family is not Family.BINARY or pair.seen.rows is not Rows.MULTI_HOT or pair.head.classes == 1:
        return None
    return _harmless(
        pair,
        f"{_named(pair, metric)} finds one label in each row but the targets have several",
        "without a threshold it takes the greatest column of each row, and no other",
        *(() if pair.loss.wants_logits else (_given(pair, metric, "threshold", "0.5"),)),
    )


_MISTAKES = (
    _ids,
    _encoding,
    _shape,
    _one_column,
    _all_columns,
    _two_columns,
    _several_labels,
    _regression,
    _numbers,
    _several_numbers,
    _signs,
    _logits,
    _logits_of_classes,
    _overlap,
)


RULE = Rule(code="TL608", about=OUTPUTS, find=find, after=frozenset({"TL214", "TL601", "TL602", "TL610"}))
