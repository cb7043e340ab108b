"""TL510: a dataset does not say how many axes its elements have."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Data as Edits
from typedlayers.diagnostics.edit import Edit
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.data import Source
from typedlayers.facts.inputs import InputSpec
from typedlayers.rules.data.topics import DATA, Data, Part
from typedlayers.rules.rule import Rule
from typedlayers.spec import Shape


def find(data: Data) -> Iterator[Diagnostic]:
    """Yields the finding for the first tensor of unknown rank that Keras asks for its axes while it traces a step.

    A prediction is traced on a batch that was drawn before: its axes are known.
    """
    compares = data.use is not None and data.use.compares
    if data.batch.source is not Source.DATASET or not compares or not data.traced:
        return
    unknown = next((part for part in data.parts() if part.spec.shape is None and _is_asked(data, part)), None)
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
            *(Fix.of(edit) for edit in _ensured(data)),
            Fix(f"output_signature= of from_generator in place of output_types=: {known} for {unknown.code}"),
            Fix(f"tf.ensure_shape({unknown.code}, ...) in a ds.map()"),
        ),
    )


def _ensured(data: Data) -> Iterator[Edit]:
    """The shapes that the model declares, for an element of one x and one y."""
    parts = {part.code: part for part in data.parts()}
    x = None if "x" not in parts else _declared(data, parts["x"])
    if x is None or not parts.keys() <= {"x", "y"}:
        return
    shapes = {"x": x, **({"y": data.wanted} if "y" in parts and data.wanted is not None else {})}
    given = [f"tf.ensure_shape({name}, {shapes[name]})" if name in shapes else name for name in parts]
    mapped = given[0] if len(given) == 1 else f"({', '.join(given)})"
    yield Edits("ds", f"ds.map(lambda {', '.join(parts)}: {mapped})")


def _is_asked(data: Data, part: Part) -> bool:
    """Its loss asks x and y for their axes, its functional models x; nothing asks sample weights."""
    if part.place.part == "sample_weight":
        return False
    return data.compared or (
        part.place.part == "x" and data.arrangement is not None and _declared(data, part) is not None
    )


def _declared(data: Data, part: Part) -> Shape | None:
    """The shape that the input declares for a tensor, if x is that tensor."""
    is_x = part.place.part == "x" and not part.place.path
    return data.inputs.spec.shape if is_x and isinstance(data.inputs, InputSpec) else None


RULE = Rule(code="TL510", about=DATA, find=find)
