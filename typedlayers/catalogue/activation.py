"""Contracts of ``keras.layers``' activation layers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from typedlayers.catalogue.axes import AXIS_IN_RANGE, SOFTMAX_OF_ONE
from typedlayers.catalogue.instance import InstanceContract
from typedlayers.contracts.contract import Contract, Positions, Rule
from typedlayers.contracts.dtypes import Compute, Integers, Tensor
from typedlayers.spec import Shape


def _relu_integers(layer: Any) -> Integers:
    if not layer.negative_slope:
        return Integers.KEPT
    return Integers.FAILS if layer.max_value is not None or layer.threshold else Integers.CONVERTED


def _shared_axes_exist(layer: Any, shape: Shape) -> str | None:
    """Keras counts the axes that share a slope from 1, the first one after the batch."""
    count = len(shape) - 1
    bad = next((axis for axis in layer.shared_axes or () if not -count <= axis - 1 < count), None)
    return None if bad is None else f"shared_axes has {bad}, but {count} axes follow the batch"


SHARED_AXES_EXIST: Final = Rule(
    "TL208",
    _shared_axes_exist,
    why="shared_axes counts from 1, the first axis after the batch",
    fixes=("shared_axes=None",),
)

RELU: Final = InstanceContract(
    inputs=Compute[Tensor, "*axes"],
    outputs=Compute[Tensor, "*axes"],
    integers=Integers.KEPT,
    integers_of=_relu_integers,
    positions=Positions.APART,
)

LEAKY_RELU: Final = Contract(
    inputs=Compute[Tensor, "*axes"],
    outputs=Compute[Tensor, "*axes"],
    positions=Positions.APART,
)

ELU: Final = Contract(
    inputs=Compute[Tensor, "*axes"],
    outputs=Compute[Tensor, "*axes"],
    integers=Integers.FAILS,
    positions=Positions.APART,
)

PRELU: Final = Contract(
    inputs=Compute[Tensor, "*axes"],
    outputs=Compute[Tensor, "*axes"],
    integers=Integers.FAILS,
    positions=Positions.APART,
    rules=(SHARED_AXES_EXIST,),
)

SOFTMAX: Final = Contract(
    inputs=Compute[Tensor, "*axes classes"],
    outputs=Compute[Tensor, "*axes classes"],
    integers=Integers.FAILS,
    positions=Positions.APART,
    rules=(AXIS_IN_RANGE, SOFTMAX_OF_ONE),
)

CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {"ReLU": RELU, "LeakyReLU": LEAKY_RELU, "ELU": ELU, "PReLU": PRELU, "Softmax": SOFTMAX}
)
