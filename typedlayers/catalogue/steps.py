"""From the contract of one step to the contract over time, and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from typedlayers.contracts.dims import Axis, Dim, Variadic, names_in
from typedlayers.contracts.parse import Pattern, parse_dims
from typedlayers.spec import Shape

TIME: Final = ("time", "steps", "outer_steps")
"""The names of the axis after the batch: the first one that is not a name of the step's own axes."""


def time_beside(pattern: Pattern) -> str:
    """Returns a name for the time axis that none of a step's own axes has."""
    taken = {name for dim in pattern.dims if isinstance(dim, Axis) for name in names_in(dim.size)}
    return next(name for name in TIME if name not in taken)


def over_time(pattern: Pattern, name: str) -> Pattern:
    """Returns the pattern of a sequence from the pattern of its steps: the time is the axis after the batch.

    >>> from typedlayers.contracts.dtypes import Compute, Tensor
    >>> from typedlayers.contracts.parse import pattern_of
    >>> str(over_time(pattern_of(Compute[Tensor, "batch height width channels"]), "time"))
    'Compute "batch time height width channels"'
    >>> str(over_time(pattern_of(Compute[Tensor, "*axes"]), "time"))
    'Compute "batch time *axes"'
    """
    return replace(pattern, dims=_over_time(pattern.dims, name))


def text_over_time(text: str, name: str) -> str:
    """Returns the dimension string of a whole sequence from that of one step.

    >>> text_over_time("batch 12", "time"), text_over_time("...", "time")
    ('batch time 12', 'batch time ...')
    """
    return " ".join(map(str, _over_time(parse_dims(text), name)))


def _over_time(dims: tuple[Dim, ...], name: str) -> tuple[Dim, ...]:
    if not dims or isinstance(dims[0], Variadic):  # the run is then the axes of a step, without the batch
        return (*parse_dims(f"batch {name}"), *dims)
    return (dims[0], *parse_dims(name), *dims[1:])


def one_step(shape: Shape) -> Shape:
    """Returns the shape of one step of a sequence.

    >>> one_step((None, 8, 28, 28, 1))
    (None, 28, 28, 1)
    """
    return (*shape[:1], *shape[2:])
