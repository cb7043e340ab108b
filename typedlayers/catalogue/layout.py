"""The axes of sequences, images and volumes, in both data formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from typedlayers.contracts.contract import Choice, by
from typedlayers.contracts.dtypes import Compute, Tensor
from typedlayers.spec import Shape, Size

SPATIAL: Final[Mapping[int, tuple[str, ...]]] = {1: ("time",), 2: ("height", "width"), 3: ("depth", "height", "width")}
"""The names of the axes between batch and channels, by their number."""

CHANNELS_FIRST: Final = "channels_first"


def dims(data_format: str, spatial: Sequence[str], channels: str) -> str:
    """Returns a dimension string with the channels where the data format has them.

    >>> dims("channels_last", ("height-2", "width-2"), "8")
    'batch height-2 width-2 8'
    >>> dims("channels_first", ("time",), "channels")
    'batch channels time'
    """
    inner = (channels, *spatial) if data_format == CHANNELS_FIRST else (*spatial, channels)
    return " ".join(("batch", *inner))


def images(rank: int) -> Choice:
    """Returns the input of a layer with ``rank`` spatial axes, by its ``data_format``."""
    options = ("channels_last", CHANNELS_FIRST)
    return by("data_format", {option: Compute[Tensor, dims(option, SPATIAL[rank], "channels")] for option in options})


def spatial_sizes(layer: Any, shape: Shape) -> Shape:
    """Returns the sizes between batch and channels of a layer's input."""
    return shape[2:] if data_format_of(layer) == CHANNELS_FIRST else shape[1:-1]


def channel_size(layer: Any, shape: Shape) -> Size:
    """Returns the number of channels of a layer's input."""
    return shape[1] if data_format_of(layer) == CHANNELS_FIRST else shape[-1]


def data_format_of(layer: Any) -> str:
    """Returns a layer's data format; a layer without one has the channels last."""
    return getattr(layer, "data_format", "channels_last")


COLOURS: Final = (1, 3)
SIDE_OF_SQUARE: Final = 16
SIDE: Final = 64
"""A square of at least 16, and two sides of at least 64, are no numbers of channels."""


def turned_picture(data_format: str, shape: Shape) -> tuple[int, ...] | None:
    """Returns how to permute a picture whose sizes say that it has the other data format, None if they do not.

    >>> turned_picture("channels_last", (None, 3, 32, 32)), turned_picture("channels_last", (None, 32, 32, 3))
    ((2, 3, 1), None)
    >>> turned_picture("channels_first", (None, 480, 640, 1)), turned_picture("channels_last", (None, 3, 3, 200))
    ((3, 1, 2), None)
    """
    if len(shape) != 4:
        return None
    first = data_format == CHANNELS_FIRST
    channels, one, two = (shape[3], *shape[1:3]) if first else shape[1:]
    if channels not in COLOURS or one is None or two is None:
        return None
    large = one == two >= SIDE_OF_SQUARE or min(one, two) >= SIDE
    return ((3, 1, 2) if first else (2, 3, 1)) if large else None
