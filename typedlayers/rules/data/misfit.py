"""How a tensor misfits the input that it is given to: classified once, each rule speaks of its own kind."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from typedlayers.contracts.dtypes import DtypeFault, DtypeRule, Policy
from typedlayers.facts.shapes import fits, fits_after_keras
from typedlayers.rules.data.given import Given
from typedlayers.spec import Kind, Shape, kind_of

COMPUTE = DtypeRule("Compute", None, compute=True)

NUMBERS = (Kind.FLOAT, Kind.INTEGER, Kind.BOOL, Kind.COMPLEX)

IMAGE_RANK = 4
"""Axes of a batch of images: batch, height, width, channels."""

CHANNEL_COUNTS = frozenset({1, 3, 4})
"""Sizes of a last axis that make it a channel axis: grey, RGB, RGBA."""


class MisfitKind(enum.Enum):
    """The ways in which a tensor misfits an input."""

    PYTHON_LIST = "a Python list, not an array"
    RAGGED = "ragged, for a layer that takes dense tensors only"
    NUMBERS = "numbers, for an input that takes text"
    FLOAT64 = "a float64 tensor, for an input of lower precision"
    TEXT = "text or objects, for an input that takes numbers"
    COMPLEX = "complex numbers, for an input that takes real ones"
    UNBATCHED = "one sample without a batch axis"
    BATCHED_TWICE = "two batch axes"
    RANK = "another number of axes"
    SIZE = "another size along an axis"


@dataclass(frozen=True, slots=True)
class Misfit:
    """A tensor that does not fit its input.

    Attributes:
        kind: how.
        given: the input and the tensor.
    """

    kind: MisfitKind
    given: Given

    @property
    def matter(self) -> object:
        """What is wrong: the same of two tensors if one change of the dataset ends both."""
        batching = self.kind in (MisfitKind.UNBATCHED, MisfitKind.BATCHED_TWICE)
        if batching and self.given.is_element:
            return self.kind
        if self.kind is MisfitKind.RAGGED:
            return self.kind, self.given.input.dense_only
        return self.given.path


def misfit_of(given: Given) -> Misfit | None:
    """Returns how a tensor misfits its input, None if it fits, or if Keras itself changes it rightly.

    A list or a ragged tensor comes first, then the dtype, then the shape: the later ones are often due to the earlier.
    """
    kind = _held(given) or _dtype(given) or shape_misfit(given)
    return None if kind is None else Misfit(kind, given)


def _held(given: Given) -> MisfitKind | None:
    if given.code in given.batch.lists:
        return MisfitKind.PYTHON_LIST
    ragged = given.code in given.batch.ragged and given.input.dense_only is not None
    return MisfitKind.RAGGED if ragged else None


_DTYPE_KINDS = {DtypeFault.TEXT: MisfitKind.TEXT, DtypeFault.COMPLEX: MisfitKind.COMPLEX}


def _dtype(given: Given) -> MisfitKind | None:
    needed, spec = given.input.spec.dtype, given.spec
    if needed is None or spec.dtype is None:
        return None
    if kind_of(needed) is Kind.STRING:
        return MisfitKind.NUMBERS if spec.kind in NUMBERS else None
    if kind_of(needed) is spec.kind is Kind.COMPLEX:
        return None
    fault = COMPUTE.fault(spec, Policy(needed, given.input.variable))
    if fault is DtypeFault.DOUBLE:
        # ids and masks of an integer input are cast on purpose
        return MisfitKind.FLOAT64 if kind_of(needed) is Kind.FLOAT else None
    return None if fault is None else _DTYPE_KINDS.get(fault)


def shape_misfit(given: Given) -> MisfitKind | None:
    """Returns how the shape of a tensor misfits its input, None if it fits."""
    needed, got = given.input.spec.shape, given.spec.shape
    if needed is None:
        return _rank_misfit(given, got)
    if got is None or fits(needed, got):
        return None
    if fits_after_keras(given.input.made or needed, got):
        return MisfitKind.UNBATCHED if _is_one_image(needed, got) else None
    if len(got) == len(needed):
        return MisfitKind.SIZE
    if _is_one_sample(needed, got) and (is_surely_one_sample(needed, got) or not given.counts(got)):
        return MisfitKind.UNBATCHED
    extra_axis = len(got) == len(needed) + 1 and fits(needed[1:], got[2:])
    if extra_axis and got[1] != 1 and given.is_element:
        return MisfitKind.BATCHED_TWICE
    return MisfitKind.RANK


def _rank_misfit(given: Given, got: Shape | None) -> MisfitKind | None:
    """Returns how data misfit an input of no declared shape, by the number of axes that its layer takes.

    What is left unsaid here the layer's contract says when the data get there.
    """
    ranks = given.input.ranks
    if ranks is None or not got:
        return None
    if len(got) == ranks.least - 1 and got[0] is not None and _shows_one_sample(given, got, ranks.last):
        return MisfitKind.UNBATCHED
    if ranks.most is not None and len(got) == ranks.most + 1 and given.is_element and got[1] != 1:
        return MisfitKind.BATCHED_TWICE
    made = given.batch.pipeline
    twice = made is not None and made.batched > 1 and got[:2] == (None, None)
    return MisfitKind.BATCHED_TWICE if twice and ranks.most is None and len(got) > ranks.least else None


def _shows_one_sample(given: Given, got: Shape, last: int | None) -> bool:
    """Whether nothing but the batch axis can be missing: with an axis of features missing the targets would count.

    Keras itself adds a last axis to ``(batch,)``; where the layer's weights take one feature, that is what is meant.
    """
    if given.has_targets:
        return not given.counts(got)
    if last is not None:
        return got[-1] == last and (len(got) > 1 or last != 1)
    return len(got) == 1 or (len(got) == IMAGE_RANK - 1 and got[-1] in CHANNEL_COUNTS)


def _is_one_image(needed: Shape, got: Shape) -> bool:
    """Whether ``(height, width, 1)`` is given where images of any size are taken.

    Keras adds a last axis and goes on: the rows of the image become images one pixel wide. A sequence of that shape is
    not judged: it may be one step for each sample.
    """
    return len(needed) == IMAGE_RANK and len(got) == IMAGE_RANK - 1 and got[-1] == 1 and fits(needed[1:], got)


def _is_one_sample(needed: Shape, got: Shape) -> bool:
    sample = needed[1:]
    if not got:
        return fits((), sample) or fits((1,), sample)
    grey = len(sample) > 1 and sample[-1] == 1 and None not in sample and fits(sample[:-1], got)
    return fits(sample, got) or grey


def is_surely_one_sample(needed: Shape, got: Shape) -> bool:
    """Whether the sizes leave no other reading: all are declared, or it is an image with channels."""
    sample = needed[1:]
    image = len(needed) == IMAGE_RANK and sample[-1] in CHANNEL_COUNTS and got[-1:] == sample[-1:]
    return (None not in sample or image) and _is_one_sample(needed, got)
