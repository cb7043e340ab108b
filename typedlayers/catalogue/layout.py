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
