"""Candidates where tensors are merged: each branch is brought to the shape of another, or all of them alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.edit import Edit, Exchange, Insert
from typedlayers.facts.graph import Node
from typedlayers.fixes.candidate import Candidate
from typedlayers.spec import Shape

ORDER: Final = "the order is [query, value, key]"
"""What an attention layer is called on."""

MOST_SCALE: Final = 8
"""By how much one map may be larger than another for a step or a repetition to be meant."""

PLANNED: Final = -0.5
"""A projection where maps are added: residual blocks have one as soon as sizes change."""


def of_merged(place: Node) -> Iterator[Candidate]:
    """Yields what brings branches of other shapes together."""
    shapes = [edge.shape for edge in place.gets]
    if "Attention" in place.kind:
        for one, two in ((1, 2), (0, 1), (0, 2)):
            if max(one, two) < len(shapes) and shapes[one] != shapes[two]:
                yield Candidate((Exchange(place.subject.label, one, two),), note=ORDER)
    most = max((len(shape) for shape in shapes if shape is not None), default=0)
    for index, shape in enumerate(shapes):
        if shape is not None and 2 <= len(shape) == most - 1 and None not in shape[1:]:
            yield Candidate((Insert(f"layers.Reshape({(*shape[1:], 1)})", place.subject.short, index=index),))
        for other in shapes:
            if shape is None or other is None or other == shape or len(other) != len(shape) or len(shape) < 2:
                continue
            for code, unlike in _adapted(shape, other, joined=place.kind == "Concatenate"):
                yield Candidate((Insert(code, place.subject.short, index=index),), unlike=unlike)


def of_all(place: Node) -> Iterator[Candidate]:
    """Yields what is done to each branch alike: rows of numbers in place of sequences of one step."""
    shapes = [edge.shape for edge in place.gets]
    if all(shape is not None and len(shape) == 3 and shape[1] == 1 and shape[2] is not None for shape in shapes):
        yield Candidate(tuple(_on_each(place, "layers.Flatten()", len(shapes))))


def _on_each(place: Node, code: str, count: int) -> Iterator[Edit]:
    yield from (Insert(code, place.subject.short, index=index) for index in range(count))


def _adapted(shape: Shape, other: Shape, *, joined: bool) -> Iterator[tuple[str, float]]:
    """Layers that give one tensor the shape of another; those that are joined need no channels alike."""
    alike, dims = joined or shape[-1] == other[-1], len(shape) - 2
    if shape[1:-1] == other[1:-1]:
        if other[-1] is not None:
            yield (f"layers.Dense({other[-1]})" if dims < 2 else f"layers.Conv{dims}D({other[-1]}, 1)"), 0.0
        return
    if not 1 <= dims <= 3:
        return
    step = _scale(shape, other)
    if step and joined:
        yield f"layers.MaxPooling{dims}D({step})", 0.0
    elif step and other[-1] is not None:
        yield f"layers.Conv{dims}D({other[-1]}, 1, strides={step})", PLANNED
    times = _scale(other, shape)
    if times and alike and _is_multiple(other, shape):
        yield f"layers.UpSampling{dims}D({times})", PLANNED
    if alike and shape[0] is None and dims == 2:
        yield from ((code, 0.0) for code in fitted(shape, other))


def _scale(shape: Shape, other: Shape) -> int:
    """The step that makes the axes between batch and channels of one those of the other, 0 if there is none."""
    pairs = list(zip(shape[1:-1], other[1:-1], strict=True))
    for step in range(2, MOST_SCALE + 1):
        if all(one and two and -(-one // step) == two for one, two in pairs):
            return step
    return 0


def _is_multiple(larger: Shape, smaller: Shape) -> bool:
    return all(one and two and one % two == 0 for one, two in zip(larger[1:-1], smaller[1:-1], strict=True))


def fitted(shape: Shape | None, wanted: Shape | None) -> Iterator[str]:
    """Yields what fits maps of other sides than those wanted: cut, or bordered with zeros."""
    if shape is None or wanted is None or len(shape) not in (3, 4) or len(wanted) not in (len(shape), len(shape) - 1):
        return
    dims = len(shape) - 2
    pairs = list(zip(shape[1:-1], wanted[1 : dims + 1], strict=False))
    if any(None in pair for pair in pairs):
        return
    more = [(one or 0) - (two or 0) for one, two in pairs]
    if any(more) and (min(more) >= 0 or max(more) <= 0):
        name = "Cropping" if max(more) > 0 else "ZeroPadding"
        ends = tuple((abs(size) // 2, abs(size) - abs(size) // 2) for size in more)
        yield f"layers.{name}{dims}D({ends if dims > 1 else ends[0]})"
