"""Contracts of ``keras.layers``' regularization family."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from typedlayers.catalogue.instance import InstanceContract
from typedlayers.catalogue.layout import images
from typedlayers.contracts.contract import Contract, Form, Positions, Values
from typedlayers.contracts.dtypes import Compute, Integers, Tensor


def _dropout_integers(layer: Any) -> Integers:
    return Integers.FAILS if layer.rate > 0 else Integers.KEPT


def _noise_integers(layer: Any) -> Integers:
    return Integers.FAILS if layer.stddev > 0 else Integers.KEPT


def _dropping(form: Form, values: Values) -> InstanceContract:
    """In training, integers fail; kept values are scaled by ``1 / (1 - rate)``, which leaves bytes bytes."""
    return InstanceContract(
        inputs=form,
        outputs=form,
        integers=Integers.FAILS,
        integers_of=_dropout_integers,
        values=values,
        positions=Positions.APART,
    )


ANY_SHAPE: Final = Compute[Tensor, "*axes"]

DROPOUT: Final = _dropping(ANY_SHAPE, Values.KEPT)
SPATIAL_DROPOUT_1D: Final = _dropping(Compute[Tensor, "batch time channels"], Values.KEPT)
SPATIAL_DROPOUT_2D: Final = _dropping(images(2), Values.KEPT)
SPATIAL_DROPOUT_3D: Final = _dropping(images(3), Values.KEPT)
ALPHA_DROPOUT: Final = _dropping(ANY_SHAPE, Values.CHANGED)
GAUSSIAN_DROPOUT: Final = _dropping(ANY_SHAPE, Values.CHANGED)

GAUSSIAN_NOISE: Final = InstanceContract(
    inputs=ANY_SHAPE,
    outputs=ANY_SHAPE,
    integers=Integers.FAILS,
    integers_of=_noise_integers,
    positions=Positions.APART,
)

ACTIVITY_REGULARIZATION: Final = Contract(
    inputs=ANY_SHAPE,
    outputs=ANY_SHAPE,
    integers=Integers.KEPT,
    values=Values.KEPT,
    positions=Positions.APART,
)

CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {
        "Dropout": DROPOUT,
        "SpatialDropout1D": SPATIAL_DROPOUT_1D,
        "SpatialDropout2D": SPATIAL_DROPOUT_2D,
        "SpatialDropout3D": SPATIAL_DROPOUT_3D,
        "AlphaDropout": ALPHA_DROPOUT,
        "GaussianDropout": GAUSSIAN_DROPOUT,
        "GaussianNoise": GAUSSIAN_NOISE,
        "ActivityRegularization": ACTIVITY_REGULARIZATION,
    }
)
