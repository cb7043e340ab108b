"""Custom layers: what their result, their declared shape and their failures say, as diagnostics."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix, Location
from typedlayers.diagnostics.render.text import short
from typedlayers.spec import Spec, SpecTree, leaves, shape_text

COUNTS: Final = (2, 3)
"""Numbers of samples for which a layer must run before it is said that only the unknown number stops it."""


@dataclass(frozen=True, slots=True)
class At:
    """A line of the user's own code.

    Attributes:
        file: its file.
        number: from 1.
        text: the line itself, empty if the file cannot be read.
    """

    file: str
    number: int
    text: str

    @property
    def place(self) -> str:
        """File and line as a user writes them."""
        return f"{short(self.file)}:{self.number}"

    def __str__(self) -> str:
        return f"{self.place}: {self.text}" if self.text else self.place


# ------------------------------------------------------------------------- compute_output_shape
def disagree(says: SpecTree, gives: SpecTree) -> bool:
    """Whether two results have a different number of axes, or a different size where both sizes are known.

    Results that are nested differently are not compared.
    """
    one, two = dict(leaves(says)), dict(leaves(gives))
    return one.keys() == two.keys() and any(_differ(one[path], two[path]) for path in one)


def _differ(one: Spec, two: Spec) -> bool:
    if one.shape is None or two.shape is None:
        return False
    if len(one.shape) != len(two.shape):
        return True
    return any(None not in pair and pair[0] != pair[1] for pair in zip(one.shape, two.shape, strict=True))


def wrong_output_shape(
    label: str, where: Location, method: At, inherited: bool, says: SpecTree, gives: SpecTree
) -> Diagnostic | None:
    """Returns the diagnostic for a ``compute_output_shape`` that ``call`` contradicts, None if it does not.

    Args:
        label: the layer.
        where: the line that made it.
        method: the method; its text is the method's name.
        inherited: whether the method is one of Keras, which the user's class took over.
        says: what the method says.
        gives: what ``call`` gives for the same arguments.
    """
    if not disagree(says, gives):
        return None
    one, two = dict(leaves(says)), dict(leaves(gives))
    path = next(path for path in one if _differ(one[path], two[path]))
    declared, given = shape_text(one[path].shape), shape_text(two[path].shape)
    place = "of the Keras class that it derives from" if inherited else f"at {short(method.file)}:{method.number}"
    mended = Fix(f"give it a {method.text} of its own that returns {given} for this input")
    if not inherited:
        mended = Fix(f"let {method.text} return {given} for this input, or leave it out: Keras then traces call")
    return Diagnostic(
        "TL711",
        f"{label} gives {given} but its {method.text} says {declared}",
        where=where,
        gets=f"{two[path]} from call",
        needs=f"{declared}, as {method.text} says, {place}",
        why="Keras asks that method, not call, what the layer gives: for model.output_shape and the layers behind it",
        fixes=(mended,),
    )


# -------------------------------------------------------------------------------- the batch axis
def fixed_counts(came: Spec, gives: SpecTree) -> Iterator[int]:
    """Yields the numbers of samples that a result of fixed size may have been made for.

    That is the size of its first axis, or the samples whose numbers fill it, where patches were joined to the batch.
    """
    for _, spec in leaves(gives):
        if not spec.shape or None in spec.shape:
            continue
        sizes = [size for size in spec.shape if size is not None]
        yield sizes[0]
        sample = [size for size in (came.shape or ())[1:] if size is not None]
        if came.shape is None or len(sample) != len(came.shape) - 1 or 0 in sample:
            continue
        whole, rest = divmod(math.prod(sizes), math.prod(sample))
        if not rest and whole not in (0, sizes[0]):
            yield whole


def fixed_batch(label: str, where: Location, came: Spec, gives: SpecTree, count: int, said: str, at: At) -> Diagnostic:
    """Returns the diagnostic for a layer that was shown to run for one number of samples only."""
    made = next((str(spec) for _, spec in leaves(gives) if spec.shape and None not in spec.shape), "")
    return Diagnostic(
        "TL712",
        f"{label} works for a batch size of {count} only, but the batch size is left open",
        where=where,
        gets=str(came),
        needs="a result for every number of samples",
        why=f"it gives {made} for any number of samples; for {count + 1} call fails at {at} ({_one_line(said)})",
        fixes=(
            Fix(f"-1 in a reshape, keras.ops.shape(x)[0] elsewhere, for the batch axis at {at.place}"),
            Fix(f"Input(..., batch_size={count}), if every batch has {count} samples, the last one too"),
        ),
        certainty=Certainty.PERHAPS,
    )


def unknown_batch(label: str, where: Location, came: Spec, said: str, at: At) -> Diagnostic:
    """Returns the diagnostic for a layer that runs for every number of samples tried, but not for an unknown one."""
    instead = " in place of x.shape[0]" if ".shape[0]" in at.text else ""
    return Diagnostic(
        "TL713",
        f"{label} needs the number of samples as a number, but it is None while the model is traced",
        where=where,
        gets=str(came),
        needs="code that leaves the number of samples open",
        why=f"call fails at {at} ({_one_line(said).rstrip('.')}); for {COUNTS[0]} and for {COUNTS[1]} samples it runs",
        fixes=(Fix(f"keras.ops.shape(x)[0]{instead} at {at.place}"), Fix("keras.ops.ones_like of a slice of x")),
    )


# ---------------------------------------------------------------------------------------- dtypes
def dtype_clash(label: str, where: Location, computes: str, dtypes: tuple[str, str], op: str, at: At) -> Diagnostic:
    """Returns the diagnostic for two dtypes that met inside ``call``."""
    other = next((dtype for dtype in dtypes if dtype != computes), computes)
    within = f" in {op}" if op else ""
    numpy = "; what NumPy makes is float64" if other == "float64" else ""
    return Diagnostic(
        "TL714",
        f"{label} computes in {computes}, but a {other} tensor of its call meets it{within}",
        where=where,
        gets=f"{computes} and {other} at {at}",
        needs=f"{computes} on both sides: TensorFlow converts no tensor by itself",
        why=f"Keras casts what a layer is given, not what its call makes or takes from elsewhere{numpy}",
        fixes=(Fix(f"keras.ops.cast(..., self.compute_dtype) around the {other} tensor at {at.place}"),),
    )


def _one_line(text: str) -> str:
    line = " ".join(text.split()).partition(" for '{{node")[0]
    return line if len(line) <= 120 else line[:117] + "..."
