"""The dtype, the shape and the encoding of targets, against an output and its loss."""

from __future__ import annotations

from typedlayers.catalogue.losses import ONE_HOT_TWIN, SPARSE_TWIN, Family, LossFacts
from typedlayers.diagnostics.edit import Loss
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.data import Source
from typedlayers.facts.pairing import Disagreement, Fault, disagreement
from typedlayers.facts.values import Rows
from typedlayers.rules.targets.causes import cause_of
from typedlayers.rules.targets.pair import Offer, Pair, diagnostic, fixes, with_logits
from typedlayers.spec import Kind, Shape, shape_text


def check_dtype(pair: Pair, loss: LossFacts) -> Diagnostic | None:
    """Returns what is wrong with the dtype of targets, None if nothing is."""
    kind = None if pair.target is None else pair.target.kind
    if kind in (Kind.STRING, Kind.OTHER):
        return diagnostic(
            pair,
            "TL610",
            f"{pair.named} needs numbers for targets but gets {'strings' if kind is Kind.STRING else 'objects'}",
            why="Keras casts targets to the dtype of the loss, which no text has",
            fixes=fixes(_encoded(pair)) if kind is Kind.STRING else (),
        )
    if kind is Kind.COMPLEX:
        return diagnostic(
            pair,
            "TL610",
            f"{pair.named} needs real targets but gets {pair.target.dtype if pair.target else ''}",
            why="Keras casts targets to the dtype of the loss and throws the imaginary part away",
            fixes=(_two_reals(pair),),
        )
    return None


def _encoded(pair: Pair) -> Fix:
    ids = "np.unique(y, return_inverse=True)[1]"
    if pair.source is Source.DATASET:
        return Fix("encode the class names as integers: layers.StringLookup(num_oov_indices=0, ...) in the dataset")
    text = f"encode the class names as integers: {ids}, or layers.StringLookup in the dataset"
    return Fix(text, edits=(pair.changed(ids),) if pair.what == "y" else ())


def _two_reals(pair: Pair) -> Fix:
    columns, width = pair.shape[-1] if pair.shape else None, pair.head.width
    parts = pair.changed(
        "np.concatenate([y.real, y.imag], axis=-1)", "tf.concat([tf.math.real(y), tf.math.imag(y)], axis=-1)"
    )
    if columns is None or width is None:
        return Fix(f"two real outputs: {parts}")
    doubled = width.of(2 * columns)
    return Fix(f"two real outputs, {doubled}: {parts}", edits=(doubled, parts))


def check_shape(pair: Pair, loss: LossFacts) -> Diagnostic | None:
    """Returns how the shapes of targets and output disagree, None if they fit or are unknown."""
    output, target = pair.head.shape, pair.shape
    if output is None or target is None:
        return None
    found = disagreement(loss.contract.pairing, target, output)
    if found is None:
        return None
    if found.fault in (Fault.ONE_HOT, Fault.IDS, Fault.COLUMN) and not _is_width(pair, loss, found):
        return _encoding(pair, loss, found, target)
    cause = cause_of(pair.head, loss.contract.pairing, target, found)
    silent = "Keras broadcasts the two in silence and compares every pair" if found.silent else ""
    why = "; ".join(part for part in (cause.why, silent) if part)
    return diagnostic(
        pair,
        "TL601",
        f"{pair.named} needs targets of shape {shape_text(found.needed)} but gets {shape_text(target)}",
        why=why,
        fixes=fixes(*cause.fixes),
    )


def _is_width(pair: Pair, loss: LossFacts, found: Disagreement) -> bool:
    """Whether one column of targets beside several of the output means too many units, and not class ids."""
    if found.fault is not Fault.IDS or _is_softmax(pair):
        return False
    if loss.contract.family is Family.CATEGORICAL:
        return False
    if loss.contract.family is Family.BINARY:
        return pair.seen is None or pair.seen.binary
    return loss.name not in SPARSE_TWIN


def _encoding(pair: Pair, loss: LossFacts, found: Disagreement, target: Shape) -> Diagnostic:
    if found.fault is Fault.COLUMN:
        return diagnostic(
            pair,
            "TL602",
            f"{pair.named} needs class ids of shape {shape_text(found.needed)} but gets {shape_text(target)}",
            why="this loss takes no column of ids: it compares every sample with the ids of all others",
            fixes=fixes(pair.changed("np.squeeze(y, axis=-1)", "tf.squeeze(y, axis=-1)")),
        )
    classes = pair.head.classes
    if found.fault is Fault.ONE_HOT:
        several = pair.seen is not None and pair.seen.rows is Rows.MULTI_HOT
        twin = ONE_HOT_TWIN[loss.name]
        ids = pair.changed("np.argmax(y, axis=-1)", "tf.argmax(y, axis=-1)")
        way = Fix.of(ids, condition="or label_mode='int' where the loader makes the labels")
        return diagnostic(
            pair,
            "TL602",
            f"{pair.named} needs class ids of shape {shape_text(found.needed)}"
            f" but gets {'several labels for a sample' if several else 'one-hot targets'} {shape_text(target)}",
            why=f"{pair.by} gives {classes} classes, and so many columns the targets have",
            fixes=() if several else fixes(_spelled(twin, loss, pair), way),
        )
    twin = SPARSE_TWIN.get(loss.name)
    soft = loss.contract.family is not Family.BINARY or _is_softmax(pair)
    proposed = [_spelled(twin, loss, pair)] if twin is not None and soft else []
    return diagnostic(
        pair,
        "TL602",
        f"{pair.named} needs one-hot targets {shape_text(found.needed)} but gets class ids {shape_text(target)}",
        why=f"{pair.by} gives one column for each of {classes} classes, the targets have one id"
        + ("; Keras broadcasts the two in silence" if found.silent else ""),
        fixes=fixes(*proposed, pair.changed(f"keras.utils.to_categorical(y, {classes})")) if _may_be_ids(pair) else (),
    )


def _may_be_ids(pair: Pair) -> bool:
    """Whether the targets, as far as they were seen, are ids of the output's classes."""
    seen, classes = pair.seen, pair.head.classes
    if seen is None:
        return True
    return seen.whole and seen.low >= 0 and (classes is None or seen.high < classes)


def _spelled(name: str, loss: LossFacts, pair: Pair) -> Offer:
    """A loss as a user writes it: by name, or as an instance where the loss takes logits."""
    return with_logits(name, pair) if loss.from_logits else Loss(f'"{name}"', pair.output)


def _is_softmax(pair: Pair) -> bool:
    return pair.head.activation is not None and pair.head.activation.sums_to_one
