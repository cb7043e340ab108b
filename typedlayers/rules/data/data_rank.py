"""TL501: the data have another number of axes than the input."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from typedlayers.diagnostics.model import Diagnostic, Fix, Repair
from typedlayers.facts.shapes import fits, without
from typedlayers.rules.data.given import Given, diagnostic
from typedlayers.rules.data.misfit import IMAGE_RANK, Misfit, MisfitKind
from typedlayers.rules.data.topics import INPUTS
from typedlayers.rules.rule import Rule
from typedlayers.spec import Shape, shape_text


@dataclass(frozen=True, slots=True)
class Cause:
    """A likely cause of a wrong number of axes.

    Attributes:
        why: the cause in words.
        fixes: what makes the data fit.
        repair: the repair that needs no guess, None if there is none.
    """

    why: str
    fixes: tuple[Fix, ...] = ()
    repair: Repair | None = None


def find(misfit: Misfit) -> Iterator[Diagnostic]:
    """Yields the finding with the first cause that explains the number of axes."""
    given, needed, got = misfit.given, misfit.given.input.spec.shape, misfit.given.spec.shape
    if misfit.kind is not MisfitKind.RANK or needed is None or got is None:
        return
    found = (cause(given, needed, got) for cause in CAUSES)
    known = next((one for one in found if one is not None), _unexplained(needed))
    yield diagnostic(
        given,
        "TL501",
        f"{given.input.label} needs {len(needed)} dimensions but gets {len(got)}",
        why=known.why,
        fixes=known.fixes,
        repair=known.repair,
    )


def _unexplained(needed: Shape) -> Cause:
    return Cause(f"the first axis is the batch; one sample is {shape_text(needed[1:], batch=False)}")


def _axis_too_many(given: Given, needed: Shape, got: Shape) -> Cause | None:
    axes = [axis for axis in range(len(got)) if got[axis] == 1 and fits(needed, without(got, axis))]
    if not axes:
        return None
    # an axis 0 of size 1 may be the batch, of which the next one is a part
    repair = Repair("squeeze", axis=axes[0]) if len(axes) == 1 and axes[0] != 0 else None
    code = f"squeeze({given.code}, axis={axes[0]})"
    fix = given.changed("squeeze it", f"np.{code}", f"tf.{code}", repair)
    return Cause(f"axis {axes[0]} of size 1 is one too many", (fix,), repair)


def _axis_missing(given: Given, needed: Shape, got: Shape) -> Cause | None:
    axes = [axis for axis in range(1, len(needed)) if needed[axis] == 1 and fits(without(needed, axis), got)]
    if not axes:
        return None
    # the same shape may also be one whole sample, if the batch axis is missing
    clear = len(axes) == 1 and not fits(needed[1:], got)
    repair = Repair("expand_dims", axis=axes[0]) if clear else None
    code = f"expand_dims({given.code}, axis={axes[0]})"
    fix = given.changed("add it", f"np.{code}", f"tf.{code}", repair)
    return Cause(f"the axis of size 1 in place {axes[0]} is missing", (fix,), repair)


def _grey_images(given: Given, needed: Shape, got: Shape) -> Cause | None:
    if len(needed) != IMAGE_RANK or needed[-1] != 3 or not fits(needed[:-1], got):
        return None
    array = f"np.repeat({given.code}[..., np.newaxis], 3, axis=-1)"
    tensor = f"tf.image.grayscale_to_rgb({given.code}[..., tf.newaxis])"
    fix = given.changed("repeat the grey channel", array, tensor)
    return Cause("the images are grey, without a channel axis, but RGB is needed", (fix,))


def _not_flat(given: Given, needed: Shape, got: Shape) -> Cause | None:
    count = _values(got[1:])
    if len(needed) != 2 or count is None or count != _values(needed[1:]):
        return None
    repair, x = Repair("flatten"), given.code
    fix = given.changed("flatten the samples", f"{x}.reshape(len({x}), -1)", f"tf.reshape({x}, (-1, {count}))", repair)
    layer = Fix("layers.Flatten() as the first layer, and an Input of the shape of the samples")
    return Cause(f"a sample has {count} values in {len(got) - 1} axes; the input has them in one", (fix, layer), repair)


def _other_axes(given: Given, needed: Shape, got: Shape) -> Cause | None:
    count = _values(got[1:])
    if not got or count is None or count != _values(needed[1:]):
        return None
    shape = (-1, *needed[1:])
    fix = given.changed(
        "give the samples their axes", f"{given.code}.reshape({shape})", f"tf.reshape({given.code}, {shape})"
    )
    return Cause(f"a sample has the {count} values of {shape_text(needed[1:], batch=False)}, in another shape", (fix,))


def _row_for_sequence(given: Given, needed: Shape, got: Shape) -> Cause | None:
    if len(needed) != 3 or not fits(without(needed, 1), got):
        return None
    code = f"expand_dims({given.code}, axis=1)"
    fix = given.changed("if a row is one step of a sequence", f"np.{code}", f"tf.{code}")
    return Cause(f"a sample is a sequence, {shape_text(needed[1:], batch=False)}; a row is not a sequence", (fix,))


def _two_batch_axes(given: Given, needed: Shape, got: Shape) -> Cause | None:
    if len(got) <= 2 or not fits(needed[1:], got[2:]):
        return None
    sample = shape_text(needed[1:], batch=False)
    return Cause(f"there are two leading axes before the shape of one sample, {sample}")


CAUSES: Final[tuple[Callable[[Given, Shape, Shape], Cause | None], ...]] = (
    _axis_too_many,
    _axis_missing,
    _grey_images,
    _not_flat,
    _other_axes,
    _row_for_sequence,
    _two_batch_axes,
)
"""The causes that are looked for, the surest first."""


def _values(shape: Shape) -> int | None:
    """The number of values in a shape, None if a size is unknown."""
    sizes = [size for size in shape if size is not None]
    return math.prod(sizes) if len(sizes) == len(shape) else None


RULE = Rule(code="TL501", about=INPUTS, find=find)
