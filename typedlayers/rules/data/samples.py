"""What ``fit``, ``evaluate`` and ``predict`` ask of data, whatever the model: sample counts, arrays, known ranks.

Each rule holds where its docstring says. What `check_inputs` finds comes before them: they look at what is left.
"""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Data, Edit
from typedlayers.diagnostics.model import Diagnostic, Fix, Repair
from typedlayers.facts.data import Batch, Finding, Part, Path, Source
from typedlayers.facts.inputs import Inputs, Intake
from typedlayers.rules.data.shape import batched
from typedlayers.spec import Carrier, Kind, Shape, Spec, SpecTree, leaves, place_of, shape_text

KEPT_TYPES = (Kind.INTEGER, Kind.BOOL)
"""Kinds of dtype that Keras leaves as NumPy has them; floats become ``floatx``."""


def _parts(batch: Batch) -> Iterator[tuple[Part, SpecTree]]:
    yield from ((Part.X, batch.x), (Part.Y, batch.y), (Part.WEIGHT, batch.weight))


def _placed(batch: Batch) -> Iterator[tuple[Part, Path, str, Spec]]:
    """Every tensor with its part, its path and its name."""
    for part, tree in _parts(batch):
        for path, spec in leaves(tree):
            yield part, path, place_of(part.value, path), spec


# ------------------------------------------------------------------------------------------------ lists and text
def check_lists(inputs: Inputs, batch: Batch) -> Iterator[Finding]:
    """TL509, wherever data are given but in a call: lists in y and weights, and in x where no input is declared."""
    for part, path, place, spec in _placed(batch):
        if place in batch.lists and not (part is Part.X and inputs.tree is not None):
            yield Finding(_python_list(inputs, batch, place, spec), path, part)


def _python_list(inputs: Inputs, batch: Batch, place: str, spec: Spec) -> Diagnostic:
    even = spec.shape is not None and None not in spec.shape
    numbers = even and spec.kind in (*KEPT_TYPES, Kind.FLOAT)
    dtype = "float32" if spec.kind is Kind.FLOAT else spec.dtype
    return Diagnostic(
        "TL509",
        f"{place} for {inputs.label} is a Python list where an array is needed",
        where=inputs.where,
        gets=f"a list that would make {spec}",
        needs="an array or a tensor",
        why="Keras takes a list for several tensors, and every number in it for one",
        fixes=(Fix(f"an array: np.array({place})", edits=_edits(place)),) if even else (),
        repairs=(Repair("cast", dtype=dtype),) if numbers and batch.source is Source.ARRAYS else (),
    )


def _edits(place: str) -> tuple[Edit, ...]:
    return (Data(place, f"np.array({place})"),) if place.isidentifier() else ()


def check_text_arrays(inputs: Inputs, batch: Batch) -> Iterator[Finding]:
    """TL515, where Keras draws batches: its adapter asks for the dtype of every array, and knows none for text."""
    if batch.source is not Source.ARRAYS:
        return
    for path, spec in leaves(batch.x):
        texts = spec.kind is Kind.STRING or (spec.dtype == "object" and spec.rank is not None and spec.rank > 1)
        if spec.carrier is Carrier.ARRAY and texts and batch.called(path) not in batch.lists:
            yield Finding(_text_array(inputs, batch.called(path), spec), path)


def _text_array(inputs: Inputs, place: str, spec: Spec) -> Diagnostic:
    text = spec.kind is Kind.STRING
    fixes = (Fix(f"a tensor of text: tf.constant({place})"),)
    if not text:
        fixes = (
            Fix(f"if they are text, a tensor of it: tf.constant({place}.tolist()), of a column of pandas too"),
            Fix(f'if they are numbers: {place}.astype("float32")'),
        )
    return Diagnostic(
        "TL515",
        f"{place} for {inputs.label} is an array of {'text' if text else 'objects'}, which Keras draws no batches from",
        where=inputs.where,
        gets=f"{spec} as {place}",
        needs="numbers, or a tensor of the dtype string",
        why="Keras asks for its own name of an array's dtype, and has none for this one of NumPy's",
        fixes=fixes,
    )


# ------------------------------------------------------------------------------------------------ samples
def check_counts(inputs: Inputs, batch: Batch) -> Iterator[Finding]:
    """TL505, where Keras draws from arrays, and where its own steps compare outputs with y: the same number of samples.

    Steps of the user's own may take the elements of a dataset, or one batch, apart as they like.
    """
    counted = [(part, place, spec.shape[0]) for part, _, place, spec in _placed(batch) if spec.shape]
    known = [(f"the targets {place}" if part is Part.Y else place, n) for part, place, n in counted if n is not None]
    if len({size for _, size in known}) > 1:
        yield Finding(_unlike_counts(inputs, batch, known), None)


def _unlike_counts(inputs: Inputs, batch: Batch, known: list[tuple[str, int]]) -> Diagnostic:
    first, size = known[0]
    other, count = next((place, other) for place, other in known if other != size)
    return Diagnostic(
        "TL505",
        f"{inputs.label} gets {size} samples as {first} but {count} as {other}",
        where=inputs.where,
        gets=", ".join(f"{place}: {size}" for place, size in known),
        needs="the same number of samples in everything that is given together",
        why="the first axis counts the samples, and every sample needs its own of each"
        + ("" if batch.what == "x" else f"; in {batch.what} they differ"),
        fixes=(Fix(f"if {other} is another split than {first}: the part of it that belongs to {first}"),),
    )


def check_batched(inputs: Inputs, batch: Batch) -> Iterator[Finding]:
    """TL503, where Keras's own steps compare outputs with y: y has no axis for a batch, or one label for many rows.

    The data alone do not tell where a layer takes any number of axes: a sequence for every element is also a batch of
    vectors.
    """
    x, y = batch.x, batch.y
    if batch.source not in (Source.DATASET, Source.DRAWN) or not isinstance(x, Spec) or not isinstance(y, Spec):
        return
    if not x.shape or x.shape[0] is None or y.shape is None or (y.shape and (x.shape[0] == 1 or y.shape != (1,))):
        return
    yield Finding(_unbatched(inputs, batch, x.shape, y.shape), None)


def _unbatched(inputs: Inputs, batch: Batch, x: Shape, y: Shape) -> Diagnostic:
    label = "one label" if y else "a single number"
    return Diagnostic(
        "TL503",
        f"{batch.what} for {inputs.label} is not batched: an element is one sample with its label",
        where=inputs.where,
        gets=f"{shape_text(x, batch=False)} as x and {shape_text(y, batch=False)} as y in each element",
        needs="elements whose first axis counts the samples, in x and in y",
        why=f"y is {label} for {x[0]} rows of x; Keras takes every row for a sample",
        fixes=(batched(batch.source),),
    )


def check_ranks(inputs: Inputs, batch: Batch) -> Iterator[Finding]:
    """TL510, where Keras traces steps that compare outputs with y: it asks for the number of axes before the first."""
    if batch.source is not Source.DATASET:
        return
    unknown = [found for found in _placed(batch) if found[3].shape is None and found[0] is not Part.WEIGHT]
    for part, path, place, spec in unknown[:1]:
        sole = inputs.tree if part is Part.X and not path and isinstance(inputs.tree, Intake) else None
        declared = None if sole is None else sole.spec.shape
        yield Finding(_unranked(inputs, batch, place, spec, declared), None)


def _unranked(inputs: Inputs, batch: Batch, place: str, spec: Spec, declared: Shape | None) -> Diagnostic:
    known = f"tf.TensorSpec({'...' if declared is None else declared}, tf.{spec.dtype})"
    return Diagnostic(
        "TL510",
        f"{batch.what} for {inputs.label} does not say how many axes {place} has",
        where=inputs.where,
        gets=f"{spec} as {place}",
        needs="a known number of axes; their sizes may be unknown",
        why="from_generator with output_types, py_function and numpy_function forget shapes, and Keras asks for the"
        " number of axes before the first step",
        fixes=(
            Fix(f"output_signature= of from_generator in place of output_types=: {known} for {place}"),
            Fix(f"tf.ensure_shape({place}, ...) in a ds.map()"),
        ),
    )
