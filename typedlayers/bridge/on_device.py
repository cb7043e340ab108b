"""Tensors on an accelerator, reduced where they lie: one compiled function, of which a few numbers come to the host."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

import keras
import numpy as np

from typedlayers.bridge.backend import BACKEND, lacks_values
from typedlayers.bridge.tensors import dtype_of
from typedlayers.facts.far import Far, Reduced

SMALL: Final = 1 << 14
"""Values that are copied as they are: a reduction would take longer."""

ops: Any = keras.ops


def is_far(tensor: Any) -> bool:
    """Returns True for a tensor of the backend whose values lie on an accelerator."""
    match BACKEND:
        case "tensorflow":
            return any(kind in str(getattr(tensor, "device", "")) for kind in ("GPU", "TPU"))
        case "jax":
            return any(one.platform != "cpu" for one in tensor.devices())
        case "torch":
            return tensor.device.type != "cpu"
    return False


def readable(value: Any) -> Any:
    """Returns a large tensor on an accelerator as one that is reduced there, everything else as it can be read."""
    if not keras.ops.is_tensor(value) or lacks_values(value) or not hasattr(value, "__getitem__"):
        return value
    dtype = dtype_of(value.dtype) or ""
    if not is_far(value) or not dtype.startswith(("float", "bfloat", "int", "uint", "bool")):
        return value.detach() if BACKEND == "torch" else value
    return OnDevice(value) if np.prod(tuple(value.shape), dtype=np.int64) > SMALL else to_host(value)


def to_host(tensor: Any) -> np.ndarray[Any, Any]:
    """Copies a tensor to the host; all that is copied goes through here."""
    array = np.asarray(keras.ops.convert_to_numpy(tensor))
    return array.astype("float32") if array.dtype.isbuiltin != 1 else array


class OnDevice(Far):
    """A tensor of numbers on an accelerator, as the looks at values take it."""

    __slots__ = ("tensor",)

    def __init__(self, tensor: Any) -> None:
        self.tensor = tensor
        self.shape = tuple(map(int, tensor.shape))
        self.dtype = dtype_of(tensor.dtype) or ""

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        """Copies everything: for what is read value by value."""
        return np.asarray(self.host(), dtype)

    def __getitem__(self, places: Any) -> OnDevice:
        """Returns a part of it, cut where it lies."""
        return OnDevice(self.tensor[places])

    def host(self) -> np.ndarray[Any, Any]:
        """Returns all values on the host."""
        return to_host(self.tensor)

    def reduced(self) -> Reduced:
        """Returns what one pass over it gives."""
        *ends, nan, infinite, whole = (to_host(one).item() for one in _compiled(_reduced)(self.tensor))
        low, high, least, most = map(float, ends)
        return Reduced(low, high, least, most, nan, infinite, whole)

    def along(self, axis: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Returns the least and the greatest value at each place of an axis."""
        others = tuple(one for one in range(self.ndim) if one != axis % self.ndim)
        return to_host(ops.min(self.tensor, axis=others)), to_host(ops.max(self.tensor, axis=others))

    def are_all(self, low: float, high: float) -> bool:
        """Returns True if there is no third value."""
        x = self.tensor
        least, most = (ops.convert_to_tensor(np.asarray(one), dtype=self.dtype) for one in (low, high))
        return bool(to_host(ops.all(ops.logical_or(ops.equal(x, least), ops.equal(x, most)))))

    def fraction(self) -> float:
        """Returns the first value that is not whole."""
        flat = ops.reshape(self.tensor, (-1,))
        first = int(to_host(ops.argmax(ops.cast(_broken(flat), "int32"))))
        return float(to_host(flat[first]))


@functools.cache
def _compiled(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Compiles a function by XLA, which makes one pass of several reductions and has kernels for every dtype."""
    match BACKEND:
        case "tensorflow":
            import tensorflow as tf

            return tf.function(function, jit_compile=True, autograph=False)
        case "jax":
            import jax  # pyright: ignore[reportMissingImports] - not a dependency

            return jax.jit(function)
    return function


def _reduced(x: Any) -> tuple[Any, ...]:
    if dtype_of(x.dtype) in ("bool", "float16", "bfloat16"):
        x = ops.cast(x, "uint8" if dtype_of(x.dtype) == "bool" else "float32")
    low, high = ops.min(x), ops.max(x)
    if "float" not in (dtype_of(x.dtype) or ""):
        none = ops.zeros((), "int32")
        return low, high, low, high, none, none, ops.ones((), "bool")
    finite, nan = ops.isfinite(x), ops.isnan(x)
    huge = ops.full_like(x, np.inf)
    return (
        ops.min(ops.where(finite, x, huge)),
        ops.max(ops.where(finite, x, -huge)),
        ops.min(ops.where(nan, huge, x)),
        ops.max(ops.where(nan, -huge, x)),
        _count(nan),
        _count(ops.isinf(x)),
        ops.logical_not(ops.any(_broken(x))),
    )


def _count(flags: Any) -> Any:
    return ops.sum(ops.cast(flags, "int32"))


def _broken(x: Any) -> Any:
    return ops.logical_and(ops.not_equal(x, ops.floor(x)), ops.logical_not(ops.isnan(x)))
