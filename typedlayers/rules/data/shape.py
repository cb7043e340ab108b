"""Data of another shape than a model's input: which mistake it is."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace

from typedlayers.diagnostics.edit import Data
from typedlayers.diagnostics.model import Diagnostic, Fix, Repair
from typedlayers.facts.data import Source
from typedlayers.facts.inputs import Intake
from typedlayers.facts.shapes import compatible, fits, mended
from typedlayers.rules.data.given import Given, diagnostic
from typedlayers.spec import Shape, shape_text

IMAGE_RANK = 4
"""Axes of a batch of images: batch, height, width, channels."""

CHANNEL_COUNTS = frozenset({1, 3, 4})
"""Sizes of a last axis that make it a channel axis: grey, RGB, RGBA."""


def shape_misfit(intake: Intake, given: Given) -> Diagnostic | None:
    """Returns what is wrong with the shape of data for an input, None if nothing is, or Keras mends it."""
    needed, got = intake.spec.shape, given.spec.shape
    if needed is None or got is None or fits(needed, got):
        return None
    if mended(needed, got):
        return _unbatched(intake, given, needed, got) if _is_one_image(needed, got) else None
    if len(got) == len(needed):
        return _sizes(intake, given, needed, got)
    if _is_one_sample(needed, got) and (_is_proven(needed, got) or not given.counts(got)):
        return _unbatched(intake, given, needed, got)
    if len(got) == len(needed) + 1 and got[1] != 1 and fits(needed[1:], got[2:]) and given.is_element:
        return _batched_twice(intake, given, needed, got)
    return _rank(intake, given, needed, got)


def _is_one_image(needed: Shape, got: Shape) -> bool:
    """Whether ``(height, width, 1)`` came where images of any size are taken.

    Keras adds a last axis and goes on: the rows of the image become images one pixel wide. Of a sequence the same could
    be meant, one step for each sample.
    """
    return len(needed) == IMAGE_RANK and len(got) == IMAGE_RANK - 1 and got[-1] == 1 and fits(needed[1:], got)


def _is_one_sample(needed: Shape, got: Shape) -> bool:
    sample = needed[1:]
    if not got:
        return fits((), sample) or fits((1,), sample)
    grey = len(sample) > 1 and sample[-1] == 1 and None not in sample and fits(sample[:-1], got)
    return fits(sample, got) or grey


def _is_proven(needed: Shape, got: Shape) -> bool:
    """Whether the sizes leave no other reading than one sample: all are declared, or it is an image with channels."""
    sample = needed[1:]
    image = len(needed) == IMAGE_RANK and sample[-1] in CHANNEL_COUNTS and got[-1:] == sample[-1:]
    return (None not in sample or image) and _is_one_sample(needed, got)


# ------------------------------------------------------------------------------------------------ the batch
def _unbatched(intake: Intake, given: Given, needed: Shape, got: Shape) -> Diagnostic:
    sample = shape_text(got, batch=False)
    if given.is_element:
        fix = batched(given.source)
        return diagnostic(
            intake,
            given,
            "TL503",
            f"{given.what} for {intake.label} is not batched: an element is one sample",
            why=f"an element is one sample, {sample}; no axis is left for the batch",
            fixes=(fix,),
        )
    x = given.named
    added = f"{x}[np.newaxis]" if got else f"np.reshape({x}, {(1, *(1 for _ in needed[1:]))})"
    return diagnostic(
        intake,
        given,
        "TL503",
        f"{intake.who} gets one sample without a batch axis",
        why=f"{sample} is one sample; Keras would take its first axis for the batch",
        fixes=(Fix(f"{added}, a batch of one: shape {shape_text((1, *got))}", edits=given.edits(added)),),
        repairs=(Repair("expand_dims", axis=0),) if given.alone and _is_proven(needed, got) else (),
    )


def batched(source: Source) -> Fix:
    """The fix for elements that are one sample each."""
    if source is Source.DRAWN:
        return Fix("give whole batches: the first axis of everything that it gives counts the samples")
    kept = Data("ds", "ds.batch(32)")
    return Fix(f"batch the dataset: {kept} (the result of .batch() has to be kept)", edits=(kept,))


def _batched_twice(intake: Intake, given: Given, needed: Shape, got: Shape) -> Diagnostic:
    once = "remove the second .batch(), or .unbatch() before it: the dataset is already batched"
    fix = Fix(once, edits=(Data("ds", "ds.unbatch()"),))
    if given.source is Source.DRAWN:
        fix = Fix("give batches, not lists of batches: one axis before the shape of a sample")
    return diagnostic(
        intake,
        given,
        "TL504",
        f"{given.what} for {intake.label} is batched twice: {len(got)} axes where {len(needed)} are needed",
        why=f"two leading axes stand before the shape of one sample, {shape_text(needed[1:], batch=False)}",
        fixes=(fix,),
    )


# ------------------------------------------------------------------------------------------------ the number of axes
def _rank(intake: Intake, given: Given, needed: Shape, got: Shape) -> Diagnostic:
    why, fixes, repair = _rank_cause(given, needed, got)
    return diagnostic(
        intake,
        given,
        "TL501",
        f"{intake.who} needs {len(needed)} dimensions but gets {len(got)}",
        why=why or f"the first axis is the batch; one sample is {shape_text(needed[1:], batch=False)}",
        fixes=tuple(fixes),
        repairs=() if repair is None else (repair,),
    )


def _rank_cause(given: Given, needed: Shape, got: Shape) -> tuple[str, list[Fix], Repair | None]:
    """The cause of a wrong number of axes, what mends it, and the repair that needs no guess."""
    x = given.named
    squeezed = [axis for axis in range(len(got)) if got[axis] == 1 and fits(needed, _without(got, axis))]
    if len(got) == len(needed) + 1 and squeezed:
        repair = Repair("squeeze", axis=squeezed[0]) if len(squeezed) == 1 else None
        code = f"squeeze({x}, axis={squeezed[0]})"
        fix = given.changed("squeeze it", f"np.{code}", f"tf.{code}", repair)
        return f"axis {squeezed[0]} of size 1 is one too many", [fix], repair
    added = [axis for axis in range(1, len(needed)) if needed[axis] == 1 and fits(_without(needed, axis), got)]
    if len(got) == len(needed) - 1 and added:
        repair = Repair("expand_dims", axis=added[0]) if len(added) == 1 and not fits(needed[1:], got) else None
        code = f"expand_dims({x}, axis={added[0]})"
        fix = given.changed("add it", f"np.{code}", f"tf.{code}", repair)
        return f"the axis of size 1 in place {added[0]} is missing", [fix], repair
    if len(needed) == IMAGE_RANK and needed[-1] == 3 and fits(needed[:-1], got):
        grey = f"tf.image.grayscale_to_rgb({x}[..., tf.newaxis])"
        fix = given.changed("repeat the grey channel", f"np.repeat({x}[..., np.newaxis], 3, axis=-1)", grey)
        return "grey images without a channel axis come where RGB is needed", [fix], None
    count, wanted = _product(got[1:]), _product(needed[1:])
    if count is not None and count == wanted and len(needed) == 2:
        repair = Repair("flatten")
        rows = f"tf.reshape({x}, (-1, {count}))"
        fix = given.changed("flatten the samples", f"{x}.reshape(len({x}), -1)", rows, repair)
        why = f"a sample has {count} values in {len(got) - 1} axes; the input has them in one"
        return why, [fix, Fix("layers.Flatten() as the first layer, and an Input of the shape of the samples")], repair
    if count is not None and count == wanted and len(got) > 0:
        shape = (-1, *needed[1:])
        fix = given.changed("give the samples their axes", f"{x}.reshape({shape})", f"tf.reshape({x}, {shape})")
        why = f"a sample has the {count} values of {shape_text(needed[1:], batch=False)}, in another shape"
        return why, [fix], None
    if len(got) == len(needed) - 1 and len(needed) == 3 and fits(_without(needed, 1), got):
        code = f"expand_dims({x}, axis=1)"
        fix = given.changed("if a row is one step of a sequence", f"np.{code}", f"tf.{code}")
        return f"a sample is a sequence, {shape_text(needed[1:], batch=False)}; a row is no sequence", [fix], None
    if len(got) == len(needed) + 1 and len(got) > 2 and fits(needed[1:], got[2:]):
        return f"two leading axes stand before the shape of one sample, {shape_text(needed[1:], batch=False)}", [], None
    return "", [], None


def _without(shape: Shape, axis: int) -> Shape:
    return (*shape[:axis], *shape[axis + 1 :])


def _product(shape: Shape) -> int | None:
    sizes = [size for size in shape if size is not None]
    return math.prod(sizes) if len(sizes) == len(shape) else None


# ------------------------------------------------------------------------------------------------ sizes
def _sizes(intake: Intake, given: Given, needed: Shape, got: Shape) -> Diagnostic:
    axis = next(i for i in range(len(got)) if not compatible(needed[i], got[i]))
    why, fix = next(_size_causes(given, needed, got, axis), (None, None))
    return diagnostic(
        intake,
        given,
        "TL502",
        f"{intake.who} needs {needed[axis]} along axis {axis} but gets {got[axis]}",
        why=why or f"axis {axis} is {needed[axis]} in the model and {got[axis]} in the data",
        fixes=() if fix is None else (fix,),
    )


def _size_causes(given: Given, needed: Shape, got: Shape, axis: int) -> Iterator[tuple[str, Fix]]:
    """Yields what may be the cause of a wrong size, with what mends it; each makes the shape fit."""
    x, last = given.named, len(got) - 1
    only_last = axis == last
    if only_last and needed[-1] == 3 and got[-1] == 4 and len(got) == IMAGE_RANK:
        kept = f"{x}[..., :3]"
        yield (
            "images with an alpha channel (RGBA) come where RGB is needed",
            given.changed("drop the alpha channel", kept, kept),
        )
    if only_last and needed[-1] == 3 and got[-1] == 1 and len(got) == IMAGE_RANK:
        rgb = given.changed("repeat the grey channel", f"np.repeat({x}, 3, axis=-1)", f"tf.image.grayscale_to_rgb({x})")
        yield "grey images come where RGB is needed", rgb
    if only_last and needed[-1] == 1 and got[-1] == 3 and len(got) == IMAGE_RANK:
        grey = f"tf.image.rgb_to_grayscale({x})"
        yield "RGB images come where grey ones are needed", given.changed("grey images", grey, grey)
    if last >= 2 and fits(needed, (got[0], *got[2:], got[1])):
        if last == 2:
            yield (
                "the last two axes are exchanged",
                given.changed("exchange them", f"np.swapaxes({x}, 1, 2)", f"tf.transpose({x}, (0, 2, 1))"),
            )
        order = (0, *range(2, last + 1), 1)
        fix = given.changed("move the channel axis", f"np.moveaxis({x}, 1, -1)", f"tf.transpose({x}, {order})")
        fix = replace(fix, text=f"{fix.text}, or data_format='channels_first' in the model")
        yield "the channels come first, the input has them last", fix
    if last >= 2 and fits(needed, (got[0], got[-1], *got[1:-1])):
        order = (0, last, *range(1, last))
        fix = given.changed("move the channel axis", f"np.moveaxis({x}, -1, 1)", f"tf.transpose({x}, {order})")
        yield "the channels come last, the input has them first", fix
    for one, two in itertools.combinations(range(last + 1), 2):
        order = list(got)
        order[one], order[two] = order[two], order[one]
        if fits(needed, tuple(order)):
            turned = list(range(last + 1))
            turned[one], turned[two] = two, one
            fix = given.changed(
                "perhaps exchange them", f"np.swapaxes({x}, {one}, {two})", f"tf.transpose({x}, {tuple(turned)})"
            )
            yield f"axes {one} and {two} are exchanged", fix
