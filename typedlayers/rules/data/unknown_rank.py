"""TL510: a dataset does not say how many axes its elements have."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.data import Source
from typedlayers.facts.inputs import InputSpec
from typedlayers.rules.data.topics import DATA, Data, Part
from typedlayers.rules.rule import Rule
from typedlayers.spec import Shape


def find(data: Data) -> Iterator[Diagnostic]:
    """Yields the finding for the first tensor of unknown rank, where Keras traces a step that compares it.

    Keras asks for the number of axes of x and y before the first step; it never does for sample weights.
    """
    if data.batch.source is not Source.DATASET or not data.compared or not data.traced:
        return
    parts = (part for part in data.parts() if part.place.part != "sample_weight")
    unknown = next((part for part in parts if part.spec.shape is None), None)
    if unknown is None:
        return
    shape = _declared(data, unknown)
    known = f"tf.TensorSpec({'...' if shape is None else shape}, tf.{unknown.spec.dtype})"
    yield Diagnostic(
        "TL510",
        f"{data.batch.what} for {data.model} does not say how many axes {unknown.code} has",
        where=data.where,
        gets=f"{unknown.spec} as {unknown.code}",
        needs="a known number of axes; their sizes may be unknown",
        why="from_generator with output_types, py_function and numpy_function forget shapes, and Keras asks for the"
        " number of axes before the first step",
        fixes=(
            Fix(f"output_signature= of from_generator in place of output_types=: {known} for {unknown.code}"),
            Fix(f"tf.ensure_shape({unknown.code}, ...) in a ds.map()"),
        ),
    )


def _declared(data: Data, part: Part) -> Shape | None:
    """The shape that the input declares for a tensor, if x is that tensor."""
    is_x = part.place.part == "x" and not part.place.path
    return data.inputs.spec.shape if is_x and isinstance(data.inputs, InputSpec) else None


RULE = Rule(code="TL510", about=DATA, find=find)
