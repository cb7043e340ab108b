"""TL503: the data are one sample, or the elements of a dataset that was not batched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from typedlayers.diagnostics.edit import Data as DataEdit
from typedlayers.diagnostics.edit import Rewrite
from typedlayers.diagnostics.model import Diagnostic, Fix, Repair
from typedlayers.facts.data import Batch, Source
from typedlayers.facts.inputs import InputSpec
from typedlayers.rules.data.given import Given, diagnostic
from typedlayers.rules.data.misfit import MisfitKind, is_surely_one_sample
from typedlayers.rules.data.topics import DATA, Data
from typedlayers.rules.rule import Rule
from typedlayers.spec import Shape, Spec, SpecTree, shape_text

WHOLE_BATCHES = Fix("give whole batches: the first axis of everything that it gives counts the samples")

BATCH = DataEdit("ds", "ds.batch(32)")

BATCHED = Fix(f"batch the dataset: {BATCH} (the result of .batch() has to be kept)", edits=(BATCH,))


def find(data: Data) -> Iterator[Diagnostic]:
    """Yields the finding for each input that gets one sample, or for elements whose y shows that they are samples."""
    for misfit in data.misfits:
        if misfit.kind is MisfitKind.UNBATCHED:
            yield _element(misfit.given) if misfit.given.is_element else _array(misfit.given)
    if data.is_clear and data.compared and data.is_elements:
        yield from _shown_by_targets(data)


def _batching(batch: Batch) -> Iterator[Fix]:
    if batch.source is not Source.DRAWN:
        yield BATCHED
        return
    signature = [_signature(tree) for tree in (batch.x, batch.y, batch.weight) if tree is not None]
    if batch.what == GENERATOR and batch.y is not None and None not in signature:
        given = f"output_signature=({', '.join(map(str, signature))})"
        yield Fix.of(DataEdit("ds", f"tf.data.Dataset.from_generator(lambda: ds, {given}).batch(32)"))
    yield WHOLE_BATCHES


GENERATOR: Final = "the generator"


def _signature(tree: SpecTree) -> str | None:
    """The element of a dataset as TensorFlow declares it, None if it is not known."""
    if isinstance(tree, Mapping):
        parts = {key: _signature(one) for key, one in tree.items()}
        said = ", ".join(f"{key!r}: {one}" for key, one in parts.items())
        return None if None in parts.values() else f"{{{said}}}"
    if not isinstance(tree, Spec) or tree.shape is None or tree.dtype in (None, "object"):
        return None
    return f'tf.TensorSpec({tree.shape}, "{tree.dtype}")'


def _element(given: Given) -> Diagnostic:
    sample = shape_text(given.spec.shape, batch=False)
    return diagnostic(
        given,
        "TL503",
        f"{given.what} for {given.input.model} is not batched: an element is one sample",
        why=f"an element is one sample, {sample}; no axis is left for the batch",
        fixes=tuple(_batching(given.batch)),
    )


def _array(given: Given) -> Diagnostic:
    needed, got = given.input.spec.shape or (), given.spec.shape or ()
    added = f"{given.code}[np.newaxis]" if got else f"np.reshape({given.code}, {(1, *(1 for _ in needed[1:]))})"
    # beside targets the batch may be meant, and an axis of unknown size could be either
    sure = bool(needed) and not given.has_targets and is_surely_one_sample(needed, got)
    return diagnostic(
        given,
        "TL503",
        f"{given.input.label} gets one sample without a batch axis",
        why=f"{shape_text(got, batch=False)} is one sample; Keras would take its first axis for the batch",
        fixes=(Fix(f"{added}, a batch of one: shape {shape_text((1, *got))}", edits=given.edits(added)),),
        repair=Repair("expand_dims", axis=0) if sure else None,
    )


def _shown_by_targets(data: Data) -> Iterator[Diagnostic]:
    """Yields the finding if y has no batch axis, or one label for many rows of x.

    x alone does not show it where a layer takes any number of axes: one sequence is also a batch of vectors.
    """
    x, y = data.batch.x, data.batch.y
    if not isinstance(x, Spec) or not isinstance(y, Spec) or not x.shape or y.shape is None:
        return
    rows = x.shape[0]
    if rows is None:
        return
    if not y.shape:
        yield _one_label(data, x.shape, y.shape, "a single number")
    elif y.shape == (1,) and rows != 1:
        yield _one_label(data, x.shape, y.shape, "one label")


def _both(data: Data, x: Shape) -> Iterator[Fix]:
    """X is a batch as the model declares it, so y alone was not batched before the two were zipped."""
    if isinstance(data.inputs, InputSpec) and len(data.inputs.spec.shape or ()) == len(x):
        apart, together = "zip((_x.batch(_size), _y))", "zip((_x, _y)).batch(_size)"
        yield Fix("batch x and y together: Dataset.zip((x, y)).batch(...)", edits=(Rewrite(apart, together),))


def _one_label(data: Data, x: Shape, y: Shape, label: str) -> Diagnostic:
    return Diagnostic(
        "TL503",
        f"{data.batch.what} for {data.model} is not batched: an element is one sample with its label",
        where=data.where,
        gets=f"{shape_text(x, batch=False)} as x and {shape_text(y, batch=False)} as y in each element",
        needs="elements whose first axis counts the samples, in x and in y",
        why=f"y is {label} for {x[0]} rows of x; Keras takes every row for a sample",
        fixes=(*_both(data, x), *_batching(data.batch)),
    )


RULE = Rule(code="TL503", about=DATA, find=find)
