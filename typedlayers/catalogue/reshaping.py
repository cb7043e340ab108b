"""Contracts of ``keras.layers``' reshaping family."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from jaxtyping import Shaped

from typedlayers.catalogue.layout import SPATIAL, data_format_of, dims, images, spatial_sizes
from typedlayers.catalogue.parameters import SIZES, SIZES_OF_AXES
from typedlayers.catalogue.windows import UNKNOWN, shifted
from typedlayers.contracts.contract import Contract, Derived, Form, Inferred, Positions, Rule, Values
from typedlayers.contracts.dtypes import Compute, Integers, Tensor
from typedlayers.spec import Shape


# ------------------------------------------------------------------------------------ Reshape, Permute
def _reshaped(layer: Any, shape: Shape) -> object:
    sizes = [str(size) if isinstance(size, int) and size >= 0 else UNKNOWN for size in layer.target_shape]
    known = math.prod(int(size) for size in sizes if size != UNKNOWN)
    if sizes.count(UNKNOWN) == 1 and None not in shape[1:] and known:
        total = math.prod(size for size in shape[1:] if size is not None)
        sizes[sizes.index(UNKNOWN)] = str(total // known)
    return Compute[Tensor, " ".join(["batch", *sizes])]


def _flattened(_: Any, shape: Shape) -> object:
    sizes = shape[1:]
    return Compute[Tensor, f"batch {UNKNOWN if None in sizes else math.prod(s for s in sizes if s is not None)}"]


def _elements_agree(layer: Any, shape: Shape) -> str | None:
    came, target = shape[1:], layer.target_shape
    if None in came or not all(isinstance(size, int) for size in target):
        return None
    count = math.prod(size for size in came if size is not None)
    known = math.prod(size for size in target if size != -1)
    if known == count or (-1 in target and known and count % known == 0):
        return None
    has = f"a multiple of {known}" if -1 in target else str(known)
    return f"each sample has {count} elements, target_shape={tuple(target)} needs {has}"


def _permute_inputs(layer: Any) -> object:
    return Shaped[Tensor, _axes(sorted(layer.dims))]


def _permute_outputs(layer: Any) -> object:
    return Compute[Tensor, _axes(layer.dims)]


def _axes(order: Any) -> str:
    return " ".join(["batch", *(f"axis{index}" for index in order)])


# ------------------------------------------------------------------------ cropping, padding, upsampling
def _cropped(layer: Any) -> object:
    return _each(layer, [shifted(name, -sum(amount)) for name, amount in _amounts(layer, layer.cropping)])


def _padded(layer: Any) -> object:
    return _each(layer, [shifted(name, sum(amount)) for name, amount in _amounts(layer, layer.padding)])


def _upsampled(layer: Any) -> object:
    factors = layer.size if isinstance(layer.size, tuple | list) else (layer.size,)
    return _each(
        layer, [shifted(name, 0, factor=int(f)) for name, f in zip(SPATIAL[len(factors)], factors, strict=True)]
    )


def _each(layer: Any, sizes: list[str]) -> object:
    return Compute[Tensor, dims(data_format_of(layer), sizes, "channels")]


def _amounts(layer: Any, given: Any) -> list[tuple[str, tuple[int, int]]]:
    """Yields the axes with the sizes removed or added at their ends; for one axis Keras keeps a bare pair."""
    pairs = given if isinstance(given[0], tuple | list) else (given,)
    return list(zip(SPATIAL[len(pairs)], pairs, strict=True))


def _something_is_left(layer: Any, shape: Shape) -> str | None:
    for (name, amount), size in zip(_amounts(layer, layer.cropping), spatial_sizes(layer, shape), strict=True):
        if size is not None and sum(amount) >= size:
            return f"cropping={tuple(amount)} leaves nothing of {name} {size}"
    return None


ELEMENTS_AGREE: Final = Rule("TL204", _elements_agree, why="a reshape moves elements: it makes none and loses none")
SOMETHING_IS_LEFT: Final = Rule("TL205", _something_is_left, why="cropping is taken away at both ends")


def _spatial(
    rank: int,
    inputs: Form,
    outputs: Callable[[Any], object],
    *,
    positions: Positions = Positions.APART,
    rules: tuple[Rule, ...] = (),
    parameters: Mapping[str, object] | None = None,
) -> Contract:
    new = [f"new_{name}" for name in SPATIAL[rank]]
    return Contract(
        inputs=inputs,
        outputs=Derived(outputs, Compute[Tensor, dims("channels_last", new, "channels")]),
        integers=Integers.KEPT,
        values=Values.KEPT,
        positions=positions,
        rules=rules,
        parameters=parameters or {},
    )


# What only moves values takes strings too, in front of StringLookup and its like.
FLATTEN: Final = Contract(
    inputs=Shaped[Tensor, "batch *axes"],
    outputs=Inferred(_flattened, Compute[Tensor, "batch features"]),
    integers=Integers.KEPT,
    values=Values.KEPT,
)

RESHAPE: Final = Contract(
    inputs=Shaped[Tensor, "batch *axes"],
    outputs=Inferred(_reshaped, Compute[Tensor, "batch ..."]),
    integers=Integers.KEPT,
    values=Values.KEPT,
    rules=(ELEMENTS_AGREE,),
)

PERMUTE: Final = Contract(
    inputs=Derived(_permute_inputs, Shaped[Tensor, "batch ..."]),
    outputs=Derived(_permute_outputs, Compute[Tensor, "batch ..."]),
    integers=Integers.KEPT,
    values=Values.KEPT,
)

REPEAT_VECTOR: Final = Contract(
    inputs=Shaped[Tensor, "batch features"],
    outputs=Compute[Tensor, "batch {self.n} features"],
    integers=Integers.KEPT,
    values=Values.KEPT,
)

SEQUENCE: Final = Compute[Tensor, "batch time channels"]
CROPPED: Final = {"cropping": SIZES_OF_AXES}
PADDED: Final = {"padding": SIZES_OF_AXES}
SIZED: Final = {"size": SIZES}

CROPPING_1D: Final = _spatial(1, SEQUENCE, _cropped, rules=(SOMETHING_IS_LEFT,), parameters=CROPPED)
CROPPING_2D: Final = _spatial(2, images(2), _cropped, rules=(SOMETHING_IS_LEFT,), parameters=CROPPED)
CROPPING_3D: Final = _spatial(3, images(3), _cropped, rules=(SOMETHING_IS_LEFT,), parameters=CROPPED)
ZERO_PADDING_1D: Final = _spatial(1, images(1), _padded, parameters=PADDED)
ZERO_PADDING_2D: Final = _spatial(2, images(2), _padded, parameters=PADDED)
ZERO_PADDING_3D: Final = _spatial(3, images(3), _padded, parameters=PADDED)
# Interpolation returns values between those of neighbours: a range of bytes stays one.
UP_SAMPLING_1D: Final = _spatial(1, SEQUENCE, _upsampled, positions=Positions.MIXED, parameters=SIZED)
UP_SAMPLING_2D: Final = _spatial(2, images(2), _upsampled, positions=Positions.MIXED, parameters=SIZED)
UP_SAMPLING_3D: Final = _spatial(3, images(3), _upsampled, positions=Positions.MIXED, parameters=SIZED)

CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {
        "Flatten": FLATTEN,
        "Reshape": RESHAPE,
        "Permute": PERMUTE,
        "RepeatVector": REPEAT_VECTOR,
        "Cropping1D": CROPPING_1D,
        "Cropping2D": CROPPING_2D,
        "Cropping3D": CROPPING_3D,
        "ZeroPadding1D": ZERO_PADDING_1D,
        "ZeroPadding2D": ZERO_PADDING_2D,
        "ZeroPadding3D": ZERO_PADDING_3D,
        "UpSampling1D": UP_SAMPLING_1D,
        "UpSampling2D": UP_SAMPLING_2D,
        "UpSampling3D": UP_SAMPLING_3D,
    }
)
