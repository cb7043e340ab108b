"""Contracts of ``keras.layers``' normalization family."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from typedlayers.catalogue.axes import AXIS_IN_RANGE, NORMALIZED_ALONE, axes_of
from typedlayers.contracts.contract import Contract, Positions, Rule
from typedlayers.contracts.dtypes import Compute, Integers, Tensor
from typedlayers.spec import Shape


def _groups_divide(layer: Any, shape: Shape) -> str | None:
    axis = next(iter(axes_of(layer.axis)), 0)
    size = shape[axis] if axis and -len(shape) <= axis < len(shape) else None
    if size is None or layer.groups == -1 or (size and size % layer.groups == 0):
        return None
    return f"groups={layer.groups} does not divide the {size} channels of axis {axis}"


GROUPS_DIVIDE: Final = Rule(
    "TL208",
    _groups_divide,
    why="each group takes an equal share of the channels",
    fixes=("groups=1", "groups=-1"),
)

BATCH_NORMALIZATION: Final = Contract(
    inputs=Compute[Tensor, "*axes features"],
    outputs=Compute[Tensor, "*axes features"],
    positions=Positions.APART,
    rules=(AXIS_IN_RANGE,),
)

# It works out mean and variance of integers in integers, and only then converts the result.
LAYER_NORMALIZATION: Final = Contract(
    inputs=Compute[Tensor, "*axes features"],
    outputs=Compute[Tensor, "*axes features"],
    integers=Integers.TRUNCATES,
    positions=Positions.APART,
    rules=(AXIS_IN_RANGE, NORMALIZED_ALONE),
)

# It casts the normalized values back to integers before it converts them.
GROUP_NORMALIZATION: Final = Contract(
    inputs=Compute[Tensor, "batch *axes channels"],
    outputs=Compute[Tensor, "batch *axes channels"],
    integers=Integers.TRUNCATES,
    rules=(AXIS_IN_RANGE, GROUPS_DIVIDE),
)

UNIT_NORMALIZATION: Final = Contract(
    inputs=Compute[Tensor, "*axes features"],
    outputs=Compute[Tensor, "*axes features"],
    integers=Integers.FAILS,
    positions=Positions.APART,
    rules=(AXIS_IN_RANGE,),
)

RMS_NORMALIZATION: Final = Contract(
    inputs=Compute[Tensor, "*axes features"],
    outputs=Compute[Tensor, "*axes features"],
    integers=Integers.TRUNCATES,
    positions=Positions.APART,
    rules=(AXIS_IN_RANGE,),
)

CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {
        "BatchNormalization": BATCH_NORMALIZATION,
        "LayerNormalization": LAYER_NORMALIZATION,
        "GroupNormalization": GROUP_NORMALIZATION,
        "UnitNormalization": UNIT_NORMALIZATION,
        "RMSNormalization": RMS_NORMALIZATION,
    }
)
