"""The types of constructor arguments, by name: as permissive as Keras is, and only about types.

A value that Keras itself refuses for its value (``units=-1``, ``padding="wide"``) is left to Keras's own message.
"""

from __future__ import annotations

import abc
import collections.abc
import numbers
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from typedlayers.contracts.contract import Contract


class Array(abc.ABC):  # noqa: B024 - known by what it has
    """A NumPy array, a tensor of a backend, or anything else that can become an array."""

    @classmethod
    def __subclasshook__(cls, other: type) -> bool:
        return hasattr(other, "__array__")


class Series(abc.ABC):  # noqa: B024 - known by what it has
    """An iterable that is not a text: an array, a generator, a ``map``."""

    @classmethod
    def __subclasshook__(cls, other: type) -> bool:
        return hasattr(other, "__iter__") and not issubclass(other, (str, bytes, Sequence, Mapping))


INTEGER: Final = numbers.Integral
OPTIONAL_INTEGER: Final = INTEGER | None
NUMBER: Final = numbers.Real | Array
OPTIONAL_NUMBER: Final = numbers.Real | Array | None
NUMBERS: Final = numbers.Real | Sequence[numbers.Real | list | tuple | Array] | Array
FLAG: Final = bool | np.bool_ | numbers.Integral | None
TEXT: Final = str
OPTIONAL_TEXT: Final = str | None

SIZES: Final = numbers.Integral | Sequence[numbers.Real] | Series
"""One size for all axes, or one for each; Keras takes whole floats among several."""
OPTIONAL_SIZES: Final = numbers.Integral | Sequence[numbers.Real] | Series | None
SIZES_OF_AXES: Final = numbers.Integral | Sequence[numbers.Real | Sequence[numbers.Real] | Series] | Series
"""One amount for all ends of all axes, one for each axis, or a pair for each axis."""
SHAPE: Final = Sequence[numbers.Integral | Array | None] | Series
PARTIAL_SHAPE: Final = numbers.Integral | Sequence[numbers.Integral | None] | Series
AXES: Final = numbers.Integral | Sequence[numbers.Integral] | Series
AXES_OR_NONE: Final = numbers.Integral | Sequence[numbers.Integral] | Series | None

FUNCTION: Final = str | dict | Callable[..., Any] | None
"""A name, a config or a function: the argument of ``get`` of activations, regularizers and constraints."""
INITIALIZER: Final = str | dict | Callable[..., Any] | Array | None
TAKE_FUNCTIONS: Final = (FUNCTION, INITIALIZER)


def _each(kinds: Iterable[str], of: Iterable[str], hint: object) -> dict[str, object]:
    return {f"{part}_{kind}": hint for kind in kinds for part in of}


_WEIGHTS: Final = ("kernel", "recurrent", "bias", "depthwise", "pointwise", "embeddings", "beta", "gamma", "alpha")

PARAMETERS: Final[Mapping[str, object]] = MappingProxyType(
    {
        **_each(("initializer",), (*_WEIGHTS, "moving_mean", "moving_variance"), INITIALIZER),
        **_each(("regularizer", "constraint"), _WEIGHTS, FUNCTION),
        "activation": FUNCTION,
        "recurrent_activation": FUNCTION,
        "activity_regularizer": FUNCTION,
        # sizes
        "units": INTEGER,
        "filters": INTEGER,
        "input_dim": INTEGER,
        "output_dim": INTEGER,
        "groups": INTEGER,
        "depth_multiplier": INTEGER,
        "n": INTEGER,
        "lora_rank": OPTIONAL_INTEGER,
        "kernel_size": SIZES,
        "pool_size": SIZES,
        "strides": OPTIONAL_SIZES,
        "dilation_rate": SIZES,
        "output_padding": OPTIONAL_SIZES,
        "output_size": SIZES,
        # shapes and axes
        "target_shape": SHAPE,
        "output_shape": PARTIAL_SHAPE,
        "noise_shape": SHAPE | None,
        "dims": AXES,
        "axis": AXES,
        "shared_axes": AXES_OR_NONE,
        # numbers
        "rate": NUMBER,
        "dropout": NUMBER,
        "recurrent_dropout": NUMBER,
        "stddev": NUMBER,
        "epsilon": NUMBER,
        "momentum": NUMBER,
        "renorm_momentum": NUMBER,
        "negative_slope": NUMBER,
        "threshold": NUMBER,
        "alpha": NUMBER,
        "max_value": OPTIONAL_NUMBER,
        "lora_alpha": OPTIONAL_NUMBER,
        "l1": OPTIONAL_NUMBER,
        "l2": OPTIONAL_NUMBER,
        "seed": OPTIONAL_INTEGER,
        # text
        "padding": str | Sequence,
        "data_format": OPTIONAL_TEXT,
        "interpolation": TEXT,
        "equation": TEXT,
        "bias_axes": str | Sequence[str] | None,
        "name": OPTIONAL_TEXT,
        # flags
        "use_bias": FLAG,
        "unit_forget_bias": FLAG,
        "reset_after": FLAG,
        "return_sequences": FLAG,
        "return_state": FLAG,
        "go_backwards": FLAG,
        "stateful": FLAG,
        "unroll": FLAG,
        "zero_output_for_mask": FLAG,
        "use_cudnn": str | bool | np.bool_,
        "mask_zero": FLAG,
        "center": FLAG,
        "scale": FLAG,
        "renorm": FLAG,
        "synchronized": FLAG,
        "keepdims": FLAG,
        "invert": FLAG,
        # others
        "function": Callable[..., Any],
        "arguments": Mapping[str, Any] | None,
        "renorm_clipping": Mapping[str, Any] | None,
    }
)
"""The type of each constructor argument; an argument that is not here may be anything."""


def parameter_type(contract: Contract, name: str) -> object | None:
    """Returns the type of a constructor argument, None if it may be anything."""
    return contract.parameters.get(name, PARAMETERS.get(name))


_WORDS: Final[Mapping[object, str]] = {
    numbers.Integral: "an integer",
    numbers.Real: "a number",
    str: "a string",
    bool: "a bool",
    np.bool_: "a bool",
    type(None): "None",
    dict: "a dict",
    collections.abc.Mapping: "a dict",
    collections.abc.Sequence: "a sequence",
    collections.abc.Callable: "a function",
    typing.Any: "anything",
    Array: "an array",
    Series: "an iterable",
}


def spelled(hint: object) -> str:
    """Returns a type of an argument in words.

    >>> spelled(numbers.Integral | None), spelled(collections.abc.Sequence[numbers.Real]), spelled(None)
    ('an integer or None', 'a sequence', 'anything')
    """
    if hint is None:
        return "anything"
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        words = list(dict.fromkeys(spelled(part) for part in typing.get_args(hint)))
        return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
    origin = typing.get_origin(hint) or hint
    return _WORDS.get(origin) or getattr(origin, "__name__", str(origin))
