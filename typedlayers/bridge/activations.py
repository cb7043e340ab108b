"""Activations that are functions of the user's: whether the values of a sample depend on the others of its batch.

Such a function is traced by itself, for samples as its layer makes them. Where the trace reads or changes no state,
what it computes of three samples is compared with what it computes of each alone.
"""

from __future__ import annotations

import random
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from weakref import WeakKeyDictionary

import keras
import numpy as np

from typedlayers.bridge.backend import on_tensorflow
from typedlayers.bridge.gradients import names_in_function
from typedlayers.bridge.node_facts import kind_of
from typedlayers.spec import Spec
from typedlayers.verdict.source import is_installed

_JOINING: Final = frozenset(
    {
        "amax", "amin", "cumprod", "cumsum", "l2_normalize", "log_softmax", "logsumexp", "max", "mean", "min", "norm",
        "normalize", "prod", "reduce_max", "reduce_mean", "reduce_min", "reduce_sum", "reduce_variance", "softmax",
        "sparsemax", "std", "sum", "var",
    }
)  # fmt: skip
"""Names in a function without which it is not traced: what joins values along an axis is called so."""

_PARTS: Final = ("Activation", "Dense", "EinsumDense", "Conv", "DepthwiseConv", "SeparableConv")
"""Beginnings of the names of layers that apply their activation to their result as it is."""

_MOST: Final = 2**18
"""Values of a sample that are computed with."""

_OPEN: Final = 4
"""The size in place of an open one."""

_SAMPLES: Final = 3

_found: WeakKeyDictionary[types.FunctionType, dict[tuple[int, ...], bool]] = WeakKeyDictionary()


def joins_samples(layer: Any, result: Spec) -> bool:
    """Returns True if the activation of a layer makes the values of a sample depend on the others of its batch.

    Args:
        layer: any operation.
        result: the spec of what it returns.
    """
    function = getattr(layer, "activation", None)
    if not isinstance(function, types.FunctionType) or not kind_of(layer).startswith(_PARTS):
        return False
    if is_installed(function.__code__.co_filename) or not names_in_function(function) & _JOINING:
        return False
    sizes = tuple(_OPEN if size is None else size for size in (result.shape or ())[1:])
    if not on_tensorflow() or not sizes or np.prod(sizes) > _MOST:
        return False
    known = _found.setdefault(function, {})
    if sizes not in known:
        known[sizes] = _depends(function, sizes, result.dtype or keras.config.floatx())
    return known[sizes]


def _depends(function: Callable[[Any], Any], sizes: tuple[int, ...], dtype: str) -> bool:
    """Whether three samples together become something else than each alone; False where that cannot be said."""
    import tensorflow as tf

    given = np.random.default_rng(0).normal(size=(_SAMPLES, *sizes))
    try:
        with tf.init_scope(), _same_numbers_after():
            traced = tf.function(function, autograph=False).get_concrete_function(tf.TensorSpec((None, *sizes), dtype))
            if traced.variables or any(op.op_def.is_stateful for op in traced.graph.get_operations()):
                return False
            samples = tf.cast(given, dtype)
            together, again = (np.asarray(traced(samples), "float32") for _ in range(2))
            alone = np.concatenate([traced(samples[i : i + 1]) for i in range(_SAMPLES)]).astype("float32")
    except Exception:  # noqa: BLE001 - the user's code may not be made for this; a run will show it
        return False
    if together.shape != alone.shape or not np.array_equal(together, again, equal_nan=True):
        return False
    finite = np.isfinite(together) & np.isfinite(alone)
    return not np.allclose(together[finite], alone[finite], rtol=1e-2, atol=1e-3)


@contextmanager
def _same_numbers_after() -> Iterator[None]:
    """Gives the generators of Python and NumPy back as they were: the trace may draw from them."""
    states = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
