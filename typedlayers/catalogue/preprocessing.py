"""Contracts of ``keras.layers``' preprocessing family, as far as it is numeric."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from typedlayers.catalogue.axes import AXIS_IN_RANGE
from typedlayers.catalogue.parameters import AXES_OR_NONE, NUMBERS
from typedlayers.contracts.contract import Contract, Positions, Rule
from typedlayers.contracts.dtypes import Compute, Stage, Tensor
from typedlayers.spec import Shape


def _statistics_fit(layer: Any, shape: Shape) -> str | None:
    """A mean, given or learnt from data, is spread over the kept axes, the last to the last."""
    adapted = layer.input_mean is None
    mean, rank = _shape_of(_learnt(layer) if adapted else layer.input_mean), len(shape)
    has = "it was adapted to" if adapted else "mean has"
    kept = sorted(axis % rank for axis in layer.axis)
    for back in range(1, min(len(mean), len(kept)) + 1):
        size, axis = shape[kept[-back]], kept[-back]
        if size is not None and mean[-back] not in (1, size):
            return f"{has} {mean[-back]} values for axis {axis}, which has size {size}"
    return None


def _learnt(layer: Any) -> Any:
    return getattr(layer, "adapt_mean", None)


def _adapted(layer: Any, _: Shape) -> tuple[str, ...]:
    if layer.input_mean is not None or _learnt(layer) is None:
        return ()
    return (f"{layer.name}.adapt(x_train), the very columns that the model gets",)


def _shape_of(value: Any) -> tuple[int, ...]:
    """The shape of a number, an array or lists of numbers."""
    shape = getattr(value, "shape", None)
    if shape is not None:
        return tuple(shape)
    return (len(value), *_shape_of(value[0])) if isinstance(value, tuple | list) and value else ()


STATISTICS_FIT: Final = Rule(
    "TL208",
    _statistics_fit,
    why="mean and variance have one value for each position along `axis`, or one for all",
    propose=_adapted,
)

RESCALING: Final = Contract(
    inputs=Compute[Tensor, "*axes"],
    outputs=Compute[Tensor, "*axes"],
    positions=Positions.APART,
    stage=Stage.DATA,
    parameters={"scale": NUMBERS, "offset": NUMBERS},
)

NORMALIZATION: Final = Contract(
    inputs=Compute[Tensor, "*axes"],
    outputs=Compute[Tensor, "*axes"],
    positions=Positions.APART,
    stage=Stage.DATA,
    rules=(AXIS_IN_RANGE, STATISTICS_FIT),
    parameters={"axis": AXES_OR_NONE},
)

CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType({"Rescaling": RESCALING, "Normalization": NORMALIZATION})
