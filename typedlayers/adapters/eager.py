"""A repair of a large eager batch: one compiled kernel in place of several passes over memory.

XLA compiles anew for every shape, so compiled repairs are kept for few shapes, and only for those met again.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

import keras

from typedlayers.adapters.ops import apply
from typedlayers.diagnostics.model import Repair
from typedlayers.diagnostics.repair_kinds import kind_of_repair

LARGE: Final = 1 << 20
"""Elements from which a compiled repair is worth its look-up."""

KEPT: Final = 8
"""Shapes for which a compiled repair is kept."""

_lock = threading.Lock()
_compiled: OrderedDict[tuple[Repair, str, tuple[int, ...]], Callable[[Any], Any] | None] = OrderedDict()


def repaired(repair: Repair, x: Any) -> Any:
    """Returns the repaired tensor; large eager tensors of a shape met before go through a compiled function."""
    if not kind_of_repair(repair).elementwise or not _is_large_and_eager(x):
        return apply(repair, x)
    key = (repair, str(x.dtype), tuple(x.shape))
    with _lock:
        met = key in _compiled
        function = _compiled.pop(key, None)
        if met and function is None:
            function = _compile(repair)
        _compiled[key] = function
        while len(_compiled) > KEPT:
            _compiled.popitem(last=False)
    return apply(repair, x) if function is None else function(x)


def _is_large_and_eager(x: Any) -> bool:
    return (
        keras.backend.backend() == "tensorflow"
        and not isinstance(x, keras.KerasTensor)
        and hasattr(x, "numpy")
        and None not in tuple(x.shape)
        and math.prod(x.shape) >= LARGE
    )


def _compile(repair: Repair) -> Callable[[Any], Any]:
    import tensorflow as tf

    return tf.function(lambda x: apply(repair, x), jit_compile=True, autograph=False)
