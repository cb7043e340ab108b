"""Contracts of ``keras.layers``' convolutions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from typedlayers.catalogue.layout import SPATIAL, channel_size, dims, images, spatial_sizes
from typedlayers.catalogue.windows import (
    FITS_FIXES,
    FITS_WHY,
    UNKNOWN,
    reach,
    shifted,
    too_large,
    transposed,
    transposed_size,
    turned,
    windowed,
)
from typedlayers.contracts.contract import Contract, Derived, Proposal, Rule, Values
from typedlayers.contracts.dtypes import Compute, Integers, Tensor
from typedlayers.diagnostics.edit import Argument
from typedlayers.spec import Shape

NEW: Final = {rank: " ".join(f"new_{name}" for name in names) for rank, names in SPATIAL.items()}


def _outputs(layer: Any) -> object:
    return Compute[Tensor, dims(layer.data_format, _windowed(layer), _filters(layer))]


def _depthwise_outputs(layer: Any) -> object:
    channels = shifted("channels", 0, factor=layer.depth_multiplier)
    return Compute[Tensor, dims(layer.data_format, _windowed(layer), channels)]


def _transposed_outputs(layer: Any) -> object:
    sizes = [
        transposed(name, covered, stride, layer.padding, extra)
        for name, (covered, stride, extra) in zip(SPATIAL[layer.rank], _transposing(layer), strict=True)
    ]
    return Compute[Tensor, dims(layer.data_format, sizes, _filters(layer))]


def _filters(layer: Any) -> str:
    return UNKNOWN if layer.filters is None else str(int(layer.filters))


def _windowed(layer: Any) -> list[str]:
    return [
        windowed(name, covered, int(stride), layer.padding)
        for name, covered, stride in zip(SPATIAL[layer.rank], _reaches(layer), layer.strides, strict=True)
    ]


def _reaches(layer: Any) -> list[int]:
    return [reach(int(k), int(d)) for k, d in zip(layer.kernel_size, layer.dilation_rate, strict=True)]


def _transposing(layer: Any) -> list[tuple[int, int, int | None]]:
    """Returns each window of a transposed convolution: its reach, stride and output padding."""
    extra = layer.output_padding or (None,) * layer.rank
    return list(zip(_reaches(layer), map(int, layer.strides), extra, strict=True))


def _window_fits(layer: Any, shape: Shape) -> str | None:
    if layer.padding != "valid":
        return None
    return too_large(spatial_sizes(layer, shape), layer.kernel_size, _reaches(layer))


def _something_is_left(layer: Any, shape: Shape) -> str | None:
    """Finds an ``output_padding`` so small that Keras returns an output without elements."""
    sizes = spatial_sizes(layer, shape)
    for name, size, (covered, stride, extra) in zip(SPATIAL[layer.rank], sizes, _transposing(layer), strict=True):
        if size is not None and transposed_size(size, covered, stride, layer.padding, extra) <= 0:
            return f"output_padding={extra} leaves nothing of {name} {size}"
    return None


def _groups_divide(layer: Any, shape: Shape) -> str | None:
    channels = channel_size(layer, shape)
    if channels is None or channels % layer.groups == 0:
        return None
    return f"groups={layer.groups} does not divide the {channels} channels"


WINDOW_FITS: Final = Rule("TL205", _window_fits, why=FITS_WHY, fixes=FITS_FIXES, propose=turned)
SOMETHING_IS_LEFT: Final = Rule(
    "TL205",
    _something_is_left,
    why='with padding="same" and an output_padding, (size-1)*stride + kernel%2 + output_padding positions come out',
    fixes=("output_padding=None",),
)


def _fitting_groups(layer: Any, shape: Shape) -> Iterator[Proposal]:
    """The number of groups nearest to the one given that divides channels and filters."""
    both = math.gcd(channel_size(layer, shape) or 1, layer.filters)
    fitting = [count for count in range(2, both + 1) if both % count == 0]
    if fitting:
        yield Argument("", "groups", str(min(fitting, key=lambda count: abs(math.log(count / layer.groups)))))
    yield Argument("", "groups", "1")


GROUPS_DIVIDE: Final = Rule(
    "TL208", _groups_divide, why="each group takes an equal share of the channels", propose=_fitting_groups
)


def _plain(rank: int) -> Contract:
    return Contract(
        inputs=images(rank),
        outputs=Derived(_outputs, Compute[Tensor, f"batch {NEW[rank]} {{self.filters}}"]),
        integers=Integers.FAILS,
        values=Values.WEIGHTED,
        rules=(WINDOW_FITS, GROUPS_DIVIDE),
    )


def _transpose(rank: int) -> Contract:
    return Contract(
        inputs=images(rank),
        outputs=Derived(_transposed_outputs, Compute[Tensor, f"batch {NEW[rank]} {{self.filters}}"]),
        integers=Integers.FAILS,
        values=Values.WEIGHTED,
        rules=(SOMETHING_IS_LEFT,),
    )


def _depthwise(rank: int) -> Contract:
    return Contract(
        inputs=images(rank),
        outputs=Derived(_depthwise_outputs, Compute[Tensor, f"batch {NEW[rank]} channels*{{self.depth_multiplier}}"]),
        integers=Integers.FAILS,
        values=Values.WEIGHTED,
        rules=(WINDOW_FITS,),
    )


def _separable(rank: int) -> Contract:
    return Contract(
        inputs=images(rank),
        outputs=Derived(_outputs, Compute[Tensor, f"batch {NEW[rank]} {{self.filters}}"]),
        integers=Integers.FAILS,
        values=Values.WEIGHTED,
        rules=(WINDOW_FITS,),
    )


CONV_1D: Final = _plain(1)
CONV_2D: Final = _plain(2)
CONV_3D: Final = _plain(3)
CONV_1D_TRANSPOSE: Final = _transpose(1)
CONV_2D_TRANSPOSE: Final = _transpose(2)
CONV_3D_TRANSPOSE: Final = _transpose(3)
DEPTHWISE_CONV_1D: Final = _depthwise(1)
DEPTHWISE_CONV_2D: Final = _depthwise(2)
SEPARABLE_CONV_1D: Final = _separable(1)
SEPARABLE_CONV_2D: Final = _separable(2)

CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {
        "Conv1D": CONV_1D,
        "Conv2D": CONV_2D,
        "Conv3D": CONV_3D,
        "Conv1DTranspose": CONV_1D_TRANSPOSE,
        "Conv2DTranspose": CONV_2D_TRANSPOSE,
        "Conv3DTranspose": CONV_3D_TRANSPOSE,
        "DepthwiseConv1D": DEPTHWISE_CONV_1D,
        "DepthwiseConv2D": DEPTHWISE_CONV_2D,
        "SeparableConv1D": SEPARABLE_CONV_1D,
        "SeparableConv2D": SEPARABLE_CONV_2D,
    }
)

ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Convolution1D": "Conv1D",
        "Convolution2D": "Conv2D",
        "Convolution3D": "Conv3D",
        "Convolution1DTranspose": "Conv1DTranspose",
        "Convolution2DTranspose": "Conv2DTranspose",
        "Convolution3DTranspose": "Conv3DTranspose",
        "SeparableConvolution1D": "SeparableConv1D",
        "SeparableConvolution2D": "SeparableConv2D",
    }
)
