"""Contracts of ``keras.layers``' pooling family."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from typedlayers.catalogue.layout import SPATIAL, dims, images, spatial_sizes
from typedlayers.catalogue.windows import FITS_FIXES, FITS_WHY, too_large, turned, windowed
from typedlayers.contracts.contract import Contract, Derived, Rule, Values
from typedlayers.contracts.dtypes import Compute, Integers, Tensor
from typedlayers.spec import Shape


def _pooled(layer: Any) -> object:
    names = SPATIAL[len(layer.pool_size)]
    sizes = [
        windowed(name, int(window), int(stride), layer.padding)
        for name, window, stride in zip(names, layer.pool_size, layer.strides, strict=True)
    ]
    return Compute[Tensor, dims(layer.data_format, sizes, "channels")]


def _window_fits(layer: Any, shape: Shape) -> str | None:
    if not isinstance(layer.padding, str) or layer.padding.lower() != "valid":
        return None
    return too_large(spatial_sizes(layer, shape), layer.pool_size, layer.pool_size)


def _adapted(layer: Any) -> object:
    return Compute[Tensor, dims(layer.data_format, [str(int(size)) for size in layer.output_size], "channels")]


WINDOW_FITS: Final = Rule("TL205", _window_fits, why=FITS_WHY, fixes=FITS_FIXES, propose=turned)


def _local(rank: int, integers: Integers, values: Values) -> Contract:
    new = [f"new_{name}" for name in SPATIAL[rank]]
    return Contract(
        inputs=images(rank),
        outputs=Derived(_pooled, Compute[Tensor, dims("channels_last", new, "channels")]),
        integers=integers,
        values=values,
        rules=(WINDOW_FITS,),
    )


def _global(rank: int, integers: Integers, values: Values) -> Contract:
    def outputs(layer: Any) -> object:
        kept = ["1"] * rank if layer.keepdims else []
        return Compute[Tensor, dims(layer.data_format, kept, "channels")]

    return Contract(
        inputs=images(rank),
        outputs=Derived(outputs, Compute[Tensor, "batch channels"]),
        integers=integers,
        values=values,
    )


def _adaptive(rank: int, integers: Integers, values: Values) -> Contract:
    new = [f"new_{name}" for name in SPATIAL[rank]]
    return Contract(
        inputs=images(rank),
        outputs=Derived(_adapted, Compute[Tensor, dims("channels_last", new, "channels")]),
        integers=integers,
        values=values,
    )


# TensorFlow's kernels take integers for the maximum of one and two spatial axes, and for no average.
MAX_POOLING_1D: Final = _local(1, Integers.KEPT, Values.KEPT)
MAX_POOLING_2D: Final = _local(2, Integers.KEPT, Values.KEPT)
MAX_POOLING_3D: Final = _local(3, Integers.FAILS, Values.KEPT)
AVERAGE_POOLING_1D: Final = _local(1, Integers.FAILS, Values.CHANGED)
AVERAGE_POOLING_2D: Final = _local(2, Integers.FAILS, Values.CHANGED)
AVERAGE_POOLING_3D: Final = _local(3, Integers.FAILS, Values.CHANGED)
GLOBAL_MAX_POOLING_1D: Final = _global(1, Integers.KEPT, Values.KEPT)
GLOBAL_MAX_POOLING_2D: Final = _global(2, Integers.KEPT, Values.KEPT)
GLOBAL_MAX_POOLING_3D: Final = _global(3, Integers.KEPT, Values.KEPT)
GLOBAL_AVERAGE_POOLING_1D: Final = _global(1, Integers.CONVERTED, Values.CHANGED)
GLOBAL_AVERAGE_POOLING_2D: Final = _global(2, Integers.CONVERTED, Values.CHANGED)
GLOBAL_AVERAGE_POOLING_3D: Final = _global(3, Integers.CONVERTED, Values.CHANGED)
ADAPTIVE_MAX_POOLING_1D: Final = _adaptive(1, Integers.KEPT, Values.KEPT)
ADAPTIVE_MAX_POOLING_2D: Final = _adaptive(2, Integers.KEPT, Values.KEPT)
ADAPTIVE_MAX_POOLING_3D: Final = _adaptive(3, Integers.FAILS, Values.KEPT)
ADAPTIVE_AVERAGE_POOLING_1D: Final = _adaptive(1, Integers.FAILS, Values.CHANGED)
ADAPTIVE_AVERAGE_POOLING_2D: Final = _adaptive(2, Integers.FAILS, Values.CHANGED)
ADAPTIVE_AVERAGE_POOLING_3D: Final = _adaptive(3, Integers.FAILS, Values.CHANGED)

CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {
        "MaxPooling1D": MAX_POOLING_1D,
        "MaxPooling2D": MAX_POOLING_2D,
        "MaxPooling3D": MAX_POOLING_3D,
        "AveragePooling1D": AVERAGE_POOLING_1D,
        "AveragePooling2D": AVERAGE_POOLING_2D,
        "AveragePooling3D": AVERAGE_POOLING_3D,
        "GlobalMaxPooling1D": GLOBAL_MAX_POOLING_1D,
        "GlobalMaxPooling2D": GLOBAL_MAX_POOLING_2D,
        "GlobalMaxPooling3D": GLOBAL_MAX_POOLING_3D,
        "GlobalAveragePooling1D": GLOBAL_AVERAGE_POOLING_1D,
        "GlobalAveragePooling2D": GLOBAL_AVERAGE_POOLING_2D,
        "GlobalAveragePooling3D": GLOBAL_AVERAGE_POOLING_3D,
        "AdaptiveMaxPooling1D": ADAPTIVE_MAX_POOLING_1D,
        "AdaptiveMaxPooling2D": ADAPTIVE_MAX_POOLING_2D,
        "AdaptiveMaxPooling3D": ADAPTIVE_MAX_POOLING_3D,
        "AdaptiveAveragePooling1D": ADAPTIVE_AVERAGE_POOLING_1D,
        "AdaptiveAveragePooling2D": ADAPTIVE_AVERAGE_POOLING_2D,
        "AdaptiveAveragePooling3D": ADAPTIVE_AVERAGE_POOLING_3D,
    }
)

ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "MaxPool1D": "MaxPooling1D",
        "MaxPool2D": "MaxPooling2D",
        "MaxPool3D": "MaxPooling3D",
        "AvgPool1D": "AveragePooling1D",
        "AvgPool2D": "AveragePooling2D",
        "AvgPool3D": "AveragePooling3D",
        "GlobalMaxPool1D": "GlobalMaxPooling1D",
        "GlobalMaxPool2D": "GlobalMaxPooling2D",
        "GlobalMaxPool3D": "GlobalMaxPooling3D",
        "GlobalAvgPool1D": "GlobalAveragePooling1D",
        "GlobalAvgPool2D": "GlobalAveragePooling2D",
        "GlobalAvgPool3D": "GlobalAveragePooling3D",
    }
)
