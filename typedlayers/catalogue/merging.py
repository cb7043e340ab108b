"""Contracts of ``keras.layers``' merging layers: how several tensors meet."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from jaxtyping import Float, Shaped

from typedlayers.catalogue.axes import axes_of
from typedlayers.catalogue.parameters import AXES, FLAG
from typedlayers.catalogue.windows import UNKNOWN
from typedlayers.contracts.contract import Call, Contract, Inferred, Positions, Proposal, Rule, Values
from typedlayers.contracts.dtypes import Compute, Integers, Tensor
from typedlayers.diagnostics.edit import Argument, Insert
from typedlayers.diagnostics.model import Fix
from typedlayers.spec import Shape, Size, leaves, shape_text

Shapes: TypeAlias = tuple[Shape, ...]

ROUNDED_BY: Final = (2, 4, 8, 16, 32)
"""The total strides of networks that go down and up again, such as U-Nets."""


# ----------------------------------------------------------------------------------------- elementwise
def aligned(shapes: Shapes) -> Shapes:
    """Returns shapes as Keras aligns them: axes of size 1 after the batch of the shorter ones.

    >>> aligned(((None, 8), (None, 4, 8)))
    ((None, 1, 8), (None, 4, 8))
    """
    rank = max(map(len, shapes))
    return tuple((*shape[:1], *(1,) * (rank - len(shape)), *shape[1:]) for shape in shapes)


def _clash(shapes: Shapes) -> tuple[int, int, int] | None:
    """Returns the first axis after the batch, counted from the end, that does not broadcast, and the two shapes."""
    meeting = aligned(shapes)
    for axis in range(1, len(meeting[0])):
        known = [(size, at) for at, shape in enumerate(meeting) if (size := shape[axis]) not in (None, 1)]
        other = next((at for size, at in known if size != known[0][0]), None)
        if other is not None:
            return axis - len(meeting[0]), known[0][1], other
    return None


def _sizes_agree(_: Any, shapes: Shapes) -> str | None:
    return _clause(shapes) if len(set(map(len, shapes))) == 1 else None


def _last_axes_agree(_: Any, shapes: Shapes) -> str | None:
    return _clause(shapes) if len(set(map(len, shapes))) > 1 else None


def _clause(shapes: Shapes) -> str | None:
    found = _clash(shapes)
    if found is None:
        return None
    back, one, other = found
    first, second = (_size_at(shapes[at], back, at) for at in (one, other))
    return f"{first}, {second}"


def _size_at(shape: Shape, back: int, at: int) -> str:
    return f"{{{at}}} has {shape[back]} along axis {len(shape) + back}"


def _reshapes(_: Any, shapes: Shapes) -> Iterator[Proposal]:
    """Yields reshapes of shorter tensors: their axes after the batch, then axes of size 1."""
    longest = max(map(len, shapes))
    for at, shape in enumerate(shapes):
        target = (*shape[1:], *(1,) * (longest - len(shape)))
        if len(shape) in (0, longest) or target.count(None) > 1:
            continue
        changed = (*shapes[:at], (*shape[:1], *target), *shapes[at + 1 :])
        if _clash(changed) is None:
            yield _behind(f"layers.Reshape({tuple(-1 if size is None else size for size in target)})", at)


def _behind(code: str, at: int) -> Fix:
    """Returns the fix that puts a layer between a tensor and the merge."""
    return Fix(f"{code} after {{{at}}}", edits=(Insert(code, "", index=at),))


def _batches_agree(layer: Any, shapes: Shapes) -> str | None:
    """Finds unlike batches: Keras compares them when it builds; later it broadcasts."""
    known = [(shape[0], at) for at, shape in enumerate(shapes) if shape and shape[0] is not None]
    if layer.built:
        known = [(size, at) for size, at in known if size != 1]
    other = next(((size, at) for size, at in known if size != known[0][0]), None)
    if other is None:
        return None
    (size, at), (more, beside) = known[0], other
    return f"{{{at}}} has a batch of {size}, {{{beside}}} has one of {more}"


def _table_without_batch(_: Any, shapes: Shapes) -> int | None:
    """Returns the index of a table for all samples: ``(time, features)`` beside ``(batch, time, features)``."""
    longest = max(shapes, key=len)
    if longest[:1] != (None,):
        return None
    for at, shape in enumerate(shapes):
        if len(shape) > 1 and None not in shape and shape[0] != 1 and shape == longest[1:]:
            return at
    return None


def _tables_have_a_batch(layer: Any, shapes: Shapes) -> str | None:
    at = _table_without_batch(layer, shapes)
    if at is None:
        return None
    return f"{{{at}}} has no batch axis: in {shape_text(shapes[at])} the {shapes[at][0]} is taken for the batch"


def _one_batch(layer: Any, shapes: Shapes) -> Iterator[str]:
    at = _table_without_batch(layer, shapes)
    if at is not None:
        yield f"ops.expand_dims(x, 0) for {{{at}}}"


def _steps_stay_steps(_: Any, call: Call) -> str | None:
    """Weights of steps, known as such by where they come from, meet the last axis where the sizes let them."""
    specs = [spec for _, spec in leaves(call.specs["inputs"])]
    for (at, vector), (beside, sequence) in itertools.permutations(enumerate(specs), 2):
        if vector.rank != 2 or (sequence.rank or 0) < 3 or vector.origin is None or sequence.origin is None:
            continue
        if vector.origin.steps & sequence.origin.steps:
            return f"axis 1 of {{{at}}} is axis 1 of {{{beside}}}, but it meets the last axis"
    return None


def _merged(_: Any, shapes: Shapes) -> object:
    batches = {shape[0] for shape in shapes if shape}
    batch = batches - {None, 1} or batches
    sizes = [_broadcast({shape[axis] for shape in aligned(shapes)}) for axis in range(1, max(map(len, shapes)))]
    return Compute[Tensor, _text([batch.pop() if len(batch) == 1 else None, *sizes] if batches else [])]


def _averaged(layer: Any, shapes: Shapes) -> object:
    return Float[Tensor, _merged(layer, shapes).dim_str]  # pyright: ignore


def _broadcast(sizes: set[Size]) -> Size:
    known = sizes - {None, 1}
    if known:
        return known.pop()
    return None if None in sizes else 1


def _text(sizes: Iterable[Size]) -> str:
    return " ".join(UNKNOWN if size is None else str(size) for size in sizes)


BATCHES_AGREE: Final = Rule("TL209", _batches_agree, why="Keras refuses to merge batches of different sizes")
TABLES_HAVE_A_BATCH: Final = Rule(
    "TL209",
    _tables_have_a_batch,
    why="Keras reads the first axis of a tensor with fewer axes as the batch and adds axes of size 1 after it",
    propose=_one_batch,
)
SIZES_AGREE: Final = Rule(
    "TL209", _sizes_agree, why="merged tensors have the same size along each axis, or a size of 1"
)
LAST_AXES_AGREE: Final = Rule(
    "TL209",
    _last_axes_agree,
    why="Keras adds axes of size 1 after the batch of a tensor with fewer axes, so the last axes are aligned",
    propose=_reshapes,
)
STEPS_STAY_STEPS: Final = Rule(
    "TL211",
    _steps_stay_steps,
    about="inputs",
    why="Keras adds axes of size 1 after the batch of the shorter tensor: (batch, steps) becomes (batch, 1, steps)",
    fixes=("perhaps weights of shape (batch, steps, 1): layers.Reshape((-1, 1)) before they are merged",),
)


# ----------------------------------------------------------------------------------------- Concatenate
def _ranks_agree(_: Any, shapes: Shapes) -> str | None:
    other = next((at for at, shape in enumerate(shapes) if len(shape) != len(shapes[0])), None)
    return None if other is None else f"{{0}} has {len(shapes[0])} axes, {{{other}}} has {len(shapes[other])}"


def _repeats(layer: Any, shapes: Shapes) -> Iterator[Proposal]:
    """A vector fits beside sequences if it is repeated for every step."""
    longest = max(shapes, key=len)
    for at, shape in enumerate(shapes):
        if len(longest) != 3 or len(shape) != 2 or longest[1] is None:
            continue
        changed = (*shapes[:at], (shape[0], longest[1], shape[1]), *shapes[at + 1 :])
        if not any(rule.check(layer, changed) for rule in CONCATENATE.rules):
            yield _behind(f"layers.RepeatVector({longest[1]})", at)


def _axis_is_there(layer: Any, shapes: Shapes) -> str | None:
    rank = len(shapes[0])
    return None if -rank <= layer.axis < rank else f"axis={layer.axis} is not one of the {rank} axes"


def _others_agree(layer: Any, shapes: Shapes) -> str | None:
    found = _unequal(shapes, layer.axis)
    if found is None:
        return None
    axis, one, other = found
    return (
        f"{_size_at(shapes[one], axis, one)}, {_size_at(shapes[other], axis, other)}, and axis={layer.axis} is joined"
    )


def _unequal(shapes: Shapes, joined: int) -> tuple[int, int, int] | None:
    """The first axis but the joined one on which two shapes differ, counted from the end; and those two."""
    rank = len(shapes[0])
    for axis in range(rank):
        if axis == joined % rank:
            continue
        known = [(shape[axis], at) for at, shape in enumerate(shapes) if shape[axis] is not None]
        other = next((at for size, at in known if size != known[0][0]), None)
        if other is not None:
            return axis - rank, known[0][1], other
    return None


def _mendings(layer: Any, shapes: Shapes) -> Iterator[Proposal]:
    """Yields another axis to join, and advice on sizes that strides rounded down."""
    rank = len(shapes[0])
    spatial = [axis for axis in range(1, rank) if axis != layer.axis % rank]
    pairs = [sorted({size for shape in shapes if (size := shape[axis]) is not None}) for axis in spatial]
    if rank > 2 and all(len(pair) <= 1 or _rounded(pair) for pair in pairs):
        yield "perhaps pad or resize the inputs to a multiple of the total stride: sizes are rounded down"
        return
    yield from (Argument("", "axis", str(axis)) for axis in range(1, rank) if _unequal(shapes, axis) is None)


def _rounded(sizes: list[int]) -> bool:
    """Returns True if one size is the other, rounded down to a multiple of a total stride."""
    small, large = sizes[0], sizes[-1]
    return len(sizes) == 2 and small > 0 and any(small == large - large % by for by in ROUNDED_BY)


def _concatenated(layer: Any, shapes: Shapes) -> object:
    rank = len(shapes[0])
    joined = [shape[layer.axis % rank] for shape in shapes]
    sizes = [next((shape[axis] for shape in shapes if shape[axis] is not None), None) for axis in range(rank)]
    sizes[layer.axis % rank] = None if None in joined else sum(size for size in joined if size is not None)
    return Compute[Tensor, _text(sizes)]


RANKS_AGREE: Final = Rule(
    "TL209", _ranks_agree, why="only tensors with the same number of axes can be joined", propose=_repeats
)
AXIS_IS_THERE: Final = Rule("TL208", _axis_is_there, why="axes are counted from 0, or backwards from -1")
OTHERS_AGREE: Final = Rule(
    "TL209", _others_agree, why="all axes but the joined one must have the same sizes", propose=_mendings
)


# ------------------------------------------------------------------------------------------------- Dot
def dot_axes(layer: Any, shapes: Shapes) -> tuple[int, int]:
    """Returns the axes of both tensors that ``axes`` names; they may be out of range."""
    axes = axes_of(layer.axes)
    one, other = axes if len(axes) == 2 else axes * 2
    ranks = len(shapes[0]), len(shapes[1])
    return tuple(axis + rank if axis < 0 else axis for axis, rank in zip((one, other), ranks, strict=True))  # pyright: ignore


def _axes_are_there(layer: Any, shapes: Shapes) -> str | None:
    for at, (axis, shape) in enumerate(zip(dot_axes(layer, shapes), shapes, strict=True)):
        if not 0 <= axis < len(shape):
            return f"axes={layer.axes} names an axis that {{{at}}} {shape_text(shape)} does not have"
        if axis == 0:
            return f"axes={layer.axes} names the batch of {{{at}}}"
    return None


def _contracted_agree(layer: Any, shapes: Shapes) -> str | None:
    sizes = [shape[axis] for shape, axis in zip(shapes, dot_axes(layer, shapes), strict=True)]
    if None in sizes or sizes[0] == sizes[1]:
        return None
    one, other = dot_axes(layer, shapes)
    return f"{{0}} has {sizes[0]} along axis {one}, {{1}} has {sizes[1]} along axis {other}"


def _axes_that_agree(_: Any, shapes: Shapes) -> Iterator[Proposal]:
    """The axes that can be multiplied, if there is only one way."""
    one, other = shapes
    pairs = itertools.product(range(1, len(one)), range(1, len(other)))
    agree = [(i, j) for i, j in pairs if one[i] is not None and one[i] == other[j]]
    if len(agree) == 1:
        yield Argument("", "axes", str(agree[0]))


def _dotted(layer: Any, shapes: Shapes) -> object:
    one, other = (list(shape) for shape in shapes)
    axes = dot_axes(layer, shapes)
    batch = one[0] if one[0] is not None else other[0]
    sizes = [size for at, size in enumerate(one) if at not in (0, axes[0])]
    sizes += [size for at, size in enumerate(other) if at not in (0, axes[1])]
    return Shaped[Tensor, _text([batch, *(sizes or [1])])]


AXES_ARE_THERE: Final = Rule("TL208", _axes_are_there, why="axes are counted from 1, the first one after the batch")
CONTRACTED_AGREE: Final = Rule(
    "TL209",
    _contracted_agree,
    why="the two axes that are multiplied and summed over must have one size",
    propose=_axes_that_agree,
)

ELEMENTWISE: Final = (BATCHES_AGREE, TABLES_HAVE_A_BATCH, SIZES_AGREE, LAST_AXES_AGREE, STEPS_STAY_STEPS)
SEVERAL: Final = list[Compute[Tensor, "..."]]
TWO: Final = tuple[Compute[Tensor, "..."], Compute[Tensor, "..."]]
MERGED: Final = Inferred(_merged, Compute[Tensor, "..."])


def _elementwise(inputs: object, integers: Integers, values: Values = Values.CHANGED) -> Contract:
    return Contract(
        inputs=inputs,
        outputs=MERGED,
        integers=integers,
        values=values,
        positions=Positions.APART,
        rules=ELEMENTWISE,
    )


ADD: Final = _elementwise(SEVERAL, Integers.WRAPS)
SUBTRACT: Final = _elementwise(TWO, Integers.WRAPS)
MULTIPLY: Final = _elementwise(SEVERAL, Integers.WRAPS)
MAXIMUM: Final = _elementwise(SEVERAL, Integers.KEPT, Values.KEPT)
MINIMUM: Final = _elementwise(SEVERAL, Integers.KEPT, Values.KEPT)

# Integers are added before they are divided; the quotient of 32 bits is a float64 that Keras calls float32.
AVERAGE: Final = Contract(
    inputs=SEVERAL,
    outputs=Inferred(_averaged, Float[Tensor, "..."]),
    integers=Integers.WRAPS,
    values=Values.KEPT,
    positions=Positions.APART,
    rules=ELEMENTWISE,
)

# What only moves values takes strings too.
CONCATENATE: Final = Contract(
    inputs=list[Shaped[Tensor, "..."]],
    outputs=Inferred(_concatenated, Compute[Tensor, "..."]),
    integers=Integers.KEPT,
    values=Values.KEPT,
    rules=(RANKS_AGREE, AXIS_IS_THERE, OTHERS_AGREE),
)

# A product of int8 is int32: only Keras knows the dtype.
DOT: Final = Contract(
    inputs=tuple[Compute[Tensor, "batch *axes"], Compute[Tensor, "batch *more_axes"]],
    outputs=Inferred(_dotted, Shaped[Tensor, "batch ..."]),
    integers=Integers.KEPT,
    rules=(AXES_ARE_THERE, CONTRACTED_AGREE),
    parameters={"axes": AXES, "normalize": FLAG},
)

CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {
        "Add": ADD,
        "Subtract": SUBTRACT,
        "Multiply": MULTIPLY,
        "Average": AVERAGE,
        "Maximum": MAXIMUM,
        "Minimum": MINIMUM,
        "Concatenate": CONCATENATE,
        "Dot": DOT,
    }
)
