"""TL502: the data have another size along an axis than the input."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from typedlayers.diagnostics.edit import Data
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.shapes import compatible, fits
from typedlayers.rules.data.given import Given, diagnostic
from typedlayers.rules.data.misfit import IMAGE_RANK, Misfit, MisfitKind
from typedlayers.rules.data.topics import INPUTS
from typedlayers.rules.rule import Rule
from typedlayers.spec import Shape

Cause: TypeAlias = tuple[str, Fix]
"""A cause in words, and the fix that makes the shape fit."""


def find(misfit: Misfit) -> Iterator[Diagnostic]:
    """Yields the finding with the first cause that explains the size."""
    given, needed, got = misfit.given, misfit.given.input.spec.shape, misfit.given.spec.shape
    if misfit.kind is not MisfitKind.SIZE or needed is None or got is None:
        return
    axis = next(index for index in range(len(got)) if not compatible(needed[index], got[index]))
    unexplained = f"axis {axis} is {needed[axis]} in the model and {got[axis]} in the data"
    why, fix = next(_causes(given, needed, got, axis), (unexplained, None))
    yield diagnostic(
        given,
        "TL502",
        f"{given.input.label} needs {needed[axis]} along axis {axis} but gets {got[axis]}",
        why=why,
        fixes=() if fix is None else (fix,),
    )


def _causes(given: Given, needed: Shape, got: Shape, axis: int) -> Iterator[Cause]:
    """Yields the causes that explain a wrong size, the likeliest first."""
    if len(got) == IMAGE_RANK and axis == IMAGE_RANK - 1:
        yield from _other_channels(given, needed[-1], got[-1])
    if len(got) > 2:
        yield from _moved_channels(given, needed, got)
    if len(got) == 2 and got[1] == 1 and got[0] == needed[1] and not given.has_targets:
        row = "np.reshape(x, (1, -1))"
        why = f"it is one sample of {got[0]} numbers: what stands for the batch are its columns"
        yield why, Fix.of(Data("x", row)) if given.is_x else Fix(f"one row: {row}")
    yield from _exchanged_axes(given, needed, got)


def _other_channels(given: Given, needed: int | None, got: int | None) -> Iterator[Cause]:
    x = given.code
    match needed, got:
        case 3, 4:
            kept = f"{x}[..., :3]"
            fix = given.changed("drop the alpha channel", kept, kept)
            yield "the images have an alpha channel (RGBA) but RGB is needed", fix
        case 3, 1:
            tensor = f"tf.image.grayscale_to_rgb({x})"
            fix = given.changed("repeat the grey channel", f"np.repeat({x}, 3, axis=-1)", tensor)
            yield "the images are grey but RGB is needed", fix
        case 1, 3:
            grey = f"tf.image.rgb_to_grayscale({x})"
            yield "the images are RGB but grey ones are needed", given.changed("grey images", grey, grey)


def _moved_channels(given: Given, needed: Shape, got: Shape) -> Iterator[Cause]:
    x, last = given.code, len(got) - 1
    if fits(needed, (got[0], *got[2:], got[1])):
        if last == 2:  # of a sequence, nothing tells channels from steps
            fix = given.changed("exchange them", f"np.swapaxes({x}, 1, 2)", f"tf.transpose({x}, (0, 2, 1))")
            yield "the last two axes are exchanged", fix
        order = (0, *range(2, last + 1), 1)
        fix = given.changed("move the channel axis", f"np.moveaxis({x}, 1, -1)", f"tf.transpose({x}, {order})")
        fix = replace(fix, text=f"{fix.text}, or data_format='channels_first' in the model")
        yield "the channels come first, the input has them last", fix
    if fits(needed, (got[0], got[-1], *got[1:-1])):
        order = (0, last, *range(1, last))
        fix = given.changed("move the channel axis", f"np.moveaxis({x}, -1, 1)", f"tf.transpose({x}, {order})")
        yield "the channels come last, the input has them first", fix


def _exchanged_axes(given: Given, needed: Shape, got: Shape) -> Iterator[Cause]:
    for one, two in itertools.combinations(range(len(got)), 2):
        if None in (got[one], got[two]) or (one == 0 and given.counts(got)):
            continue  # an unknown size fits everything; an axis that counts the targets too is the batch
        order = list(range(len(got)))
        order[one], order[two] = two, one
        if fits(needed, tuple(got[axis] for axis in order)):
            array = f"np.swapaxes({given.code}, {one}, {two})"
            fix = given.changed("perhaps exchange them", array, f"tf.transpose({given.code}, {tuple(order)})")
            yield f"axes {one} and {two} are exchanged", fix


RULE = Rule(code="TL502", about=INPUTS, find=find)
