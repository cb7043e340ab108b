"""Whether weights are still what they were: a few of them are kept as they are, and compared when it matters.

Weights change in many ways that no method of a model sees: a checkpoint, ``variable.assign``, a loop with a
GradientTape, an interrupted ``fit``. TensorFlow copies a variable when it is written while a reading of it is held
(copy on write), JAX never writes in place: so to keep a reading costs nothing until the weights change. PyTorch
writes in place: there a copy is kept.
"""

from __future__ import annotations

import contextlib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final

import keras
import numpy as np

LARGEST: Final = 1 << 20
"""Values of a variable that is kept, at the most: a copy of it is made when it changes."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A few weights of a model as they are at one time.

    Attributes:
        variables: the variables.
        values: what they held.
    """

    variables: tuple[Any, ...]
    values: tuple[Any, ...]

    @property
    def holds(self) -> bool:
        """Whether the variables hold the same values now."""
        try:
            with _outside_the_trace():
                now = tuple(map(_read, self.variables))
                return all(map(_equal, self.values, now))
        except RuntimeError:  # JAX gave the memory to a later step: the weights were trained
            return False

    def again(self) -> Mark:
        """Returns the same variables as they are now."""
        return Mark(self.variables, tuple(map(_read, self.variables)))


def mark_of(model: Any) -> Mark | None:
    """Returns a few weights of a model as they are: its first and last kernels, or whatever there is instead.

    Returns:
        None if no variable has a value that can be read now.
    """
    if not _can_read():
        return None
    floats = [one for one in model.weights if keras.backend.is_float_dtype(one.dtype)]
    kernels = [one for one in floats if len(one.shape) > 1] or floats
    small = [one for one in kernels if int(np.prod(one.shape)) <= LARGEST] or kernels
    chosen = {id(one): one for one in (*small[:1], *small[-1:])}
    if not chosen or any(getattr(one, "_value", one) is None for one in chosen.values()):
        return None
    return Mark(tuple(chosen.values()), tuple(map(_read, chosen.values())))


def _can_read() -> bool:
    """Whether code runs eagerly: a trace has no values."""
    if keras.backend.backend() != "tensorflow":
        return True
    import tensorflow as tf

    return tf.executing_eagerly()


def _outside_the_trace() -> AbstractContextManager[Any]:
    """A scope in which weights have values, in the middle of a trace too."""
    if _can_read():
        return contextlib.nullcontext()
    import tensorflow as tf

    return tf.init_scope()


def _read(variable: Any) -> Any:
    """Reads a variable; of TensorFlow's by the bare op, at half the cost: a batch of its own waits for this."""
    held = variable.value
    backend = keras.backend.backend()
    if backend == "torch":  # which writes in place
        return np.array(keras.ops.convert_to_numpy(held))
    if backend != "tensorflow":
        return held
    import tensorflow as tf

    if isinstance(held, tf.distribute.DistributedValues) or not hasattr(held, "handle"):
        read = getattr(held, "value", None)
        return read() if callable(read) else held
    return tf.raw_ops.ReadVariableOp(resource=held.handle, dtype=held.dtype)


def _equal(before: Any, now: Any) -> bool:
    if before is now:
        return True
    one, two = np.asarray(before), np.asarray(now)
    # readings of a variable that nobody wrote to meanwhile are the same memory
    return one.__array_interface__["data"] == two.__array_interface__["data"] or np.array_equal(one, two)
