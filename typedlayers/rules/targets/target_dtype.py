"""TL610: targets are text, objects or complex numbers."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Data
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.data import Source
from typedlayers.rules.rule import Need, Rule
from typedlayers.rules.targets.pair import OUTPUTS, Pair, diagnostic, fixes
from typedlayers.spec import Kind


def find(pair: Pair) -> Iterator[Diagnostic]:
    """Yields the finding for targets that are not real numbers."""
    if pair.loss is None or pair.target is None:
        return
    kind = pair.target.kind
    if kind in (Kind.STRING, Kind.OTHER):
        text = kind is Kind.STRING or (pair.values is not None and pair.values.holds_texts)
        yield diagnostic(
            pair,
            RULE.code,
            f"{pair.named} needs numbers for targets but gets {'strings' if text else 'objects'}",
            why="Keras casts targets to the dtype of the loss, which no text has",
            fixes=fixes(_encoded(pair)) if text else _of_objects(pair),
        )
    elif kind is Kind.COMPLEX:
        yield diagnostic(
            pair,
            RULE.code,
            f"{pair.named} needs real targets but gets {pair.target.dtype}",
            why="Keras casts targets to the dtype of the loss and throws the imaginary part away",
            fixes=(_two_reals(pair),),
        )


def _of_objects(pair: Pair) -> tuple[Fix, ...]:
    """Numbers that an array of objects holds, or lists of the classes of each sample."""
    if pair.values is None or pair.what != "y" or pair.source is not Source.ARRAYS:
        return ()
    if pair.values.holds_numbers:
        return (Fix.of(Data("y", 'y.astype("float32")')),)
    parts, classes = pair.values.parts, pair.head.classes
    if parts is None:
        return ()
    if len(parts.shapes) == 1:
        return (Fix.of(Data("y", "np.stack(y)")),)
    low, high = parts.ids or (-1, 0)
    if parts.rank == 1 and classes is not None and 0 <= low <= high < classes:
        flags = Data("y", f'np.array([np.isin(np.arange({classes}), one) for one in y], dtype="float32")')
        return (Fix.of(flags, condition="a flag for each class"),)
    return ()


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


RULE = Rule(code="TL610", about=OUTPUTS, find=find, needs=(Need.TARGETS,))
