"""Contracts of ``keras.layers``' core family."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from jaxtyping import Shaped

from typedlayers.catalogue.instance import InstanceContract
from typedlayers.contracts.contract import Contract, Derived, Positions, Values
from typedlayers.contracts.dtypes import Compute, Integers, Stage, Tensor

ACTIVATIONS: Final[Mapping[str, Integers]] = MappingProxyType(
    {
        "linear": Integers.KEPT,
        "relu": Integers.KEPT,
        "relu6": Integers.KEPT,
        "exponential": Integers.CONVERTED,
        "leaky_relu": Integers.CONVERTED,
        "tanh": Integers.CONVERTED,
    }
)
"""The effect of ``keras.activations`` functions on integers; the others fail."""


# ------------------------------------------------------------------------------------------ EinsumDense
def _einsum_inputs(layer: Any) -> object:
    """The input's axes, with the sizes that ``output_shape`` fixes for those that are kept."""
    source, _, target = _subscripts(layer)
    sizes = _output_sizes(layer, target)
    letters = [_axis(letter, sizes.get(letter)) for letter in source.replace("...", "")]
    if source.startswith("..."):
        return Compute[Tensor, " ".join(["batch", "*more", *letters])]
    return Compute[Tensor, " ".join([*letters, *(["*more"] if source.endswith("...") else [])])]


def _einsum_outputs(layer: Any) -> object:
    """The output's axes: those of the input keep their size, the others have that of ``output_shape``."""
    source, _, target = _subscripts(layer)
    sizes = _output_sizes(layer, target)
    letters = [
        _axis(letter, sizes.get(letter)) if letter in source else str(sizes.get(letter) or "_")
        for letter in target.replace("...", "")
    ]
    if target.startswith("..."):
        return Compute[Tensor, " ".join(["batch", "*more", *letters])]
    return Compute[Tensor, " ".join([*letters, *(["*more"] if target.endswith("...") else [])])]


def _subscripts(layer: Any) -> tuple[str, str, str]:
    inputs, target = layer.equation.split("->")
    source, kernel = inputs.split(",")
    return source, kernel, target


def _output_sizes(layer: Any, target: str) -> dict[str, int | None]:
    """Returns the sizes in ``output_shape``, which has neither the batch nor the axes of an ellipsis."""
    letters, given = target.replace("...", ""), layer.partial_output_shape
    return dict(zip(reversed(letters), reversed(given), strict=False))


def _axis(letter: str, size: int | None) -> str:
    return f"axis_{letter}" if size is None else str(size)


# ------------------------------------------------------------------------------------------- Activation
def _activation_integers(layer: Any) -> Integers:
    """Returns the effect of the layer's function on integers; a user's own function is trusted."""
    function = layer.activation
    if _is_keras(function):
        return ACTIVATIONS.get(function.__name__, Integers.FAILS)
    return Integers.KEPT


def _activation_outputs(layer: Any) -> object:
    """Returns the same shape; the result's dtype is unknown for a user's own function."""
    return Compute[Tensor, "*axes"] if _is_keras(layer.activation) else Shaped[Tensor, "*axes"]


def _is_keras(function: object) -> bool:
    return getattr(function, "__module__", "").startswith("keras.") and hasattr(function, "__name__")


DENSE: Final = Contract(
    inputs=Compute[Tensor, "batch *axes features"],
    outputs=Compute[Tensor, "batch *axes {self.units}"],
    values=Values.WEIGHTED,
    positions=Positions.APART,
)

EINSUM_DENSE: Final = Contract(
    inputs=Derived(_einsum_inputs, Compute[Tensor, "..."]),
    outputs=Derived(_einsum_outputs, Compute[Tensor, "..."]),
    values=Values.WEIGHTED,
)

EMBEDDING: Final = Contract(
    inputs=Compute[Tensor, "*indices"],
    outputs=Compute[Tensor, "*indices {self.output_dim}"],
    integers=Integers.LOOKED_UP,
    positions=Positions.APART,
    # Any ids are cast to int32: a float64 tensor of them is not rounded to float32 before.
    stage=Stage.DATA,
)

ACTIVATION: Final = InstanceContract(
    inputs=Compute[Tensor, "*axes"],
    outputs=Derived(_activation_outputs, Compute[Tensor, "*axes"]),
    integers=Integers.KEPT,
    integers_of=_activation_integers,
    positions=Positions.APART,
)

MASKING: Final = Contract(
    inputs=Compute[Tensor, "*axes features"],
    outputs=Compute[Tensor, "*axes features"],
    integers=Integers.KEPT,
    values=Values.KEPT,
    positions=Positions.APART,
)

LAMBDA: Final = Contract(inputs=None, parameters={"output_shape": Any, "mask": Any})

IDENTITY: Final = Contract(inputs=None, integers=Integers.KEPT, values=Values.KEPT, positions=Positions.APART)

INPUT_LAYER: Final = Contract(inputs=None, integers=Integers.KEPT, values=Values.KEPT, positions=Positions.APART)

CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {
        "Dense": DENSE,
        "EinsumDense": EINSUM_DENSE,
        "Embedding": EMBEDDING,
        "Activation": ACTIVATION,
        "Masking": MASKING,
        "Lambda": LAMBDA,
        "Identity": IDENTITY,
        "InputLayer": INPUT_LAYER,
    }
)
