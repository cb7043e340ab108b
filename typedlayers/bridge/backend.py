"""The backend of Keras, and what each calls a trace, a strategy and a failure.

TensorFlow is imported where it is used: Keras on JAX or PyTorch runs without it.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import sys
from types import ModuleType
from typing import Any, Final

import keras

BACKEND: Final[str] = keras.backend.backend()


def on_tensorflow() -> bool:
    """Returns True if Keras computes with TensorFlow."""
    return BACKEND == "tensorflow"


@functools.cache
def note_backend() -> None:
    """Says once, where Keras computes with another backend, what is not judged there."""
    if not on_tensorflow():
        logging.getLogger("typedlayers").warning("typedlayers: Keras computes with %s; %s", BACKEND, _NOT_JUDGED)


_NOT_JUDGED: Final = "integers that a kernel refuses, cut gradients and steps of your own are not judged there"


def loaded_tensorflow() -> ModuleType | None:
    """Returns TensorFlow if the program has imported it: before that, no object of it exists."""
    return sys.modules.get("tensorflow")


def has_strategy() -> bool:
    """Returns True inside the scope or a replica of a ``tf.distribute`` strategy."""
    if not on_tensorflow():
        return False
    import tensorflow as tf

    return tf.distribute.has_strategy()


NO_FIT_ON_SEVERAL_WORKERS: Final = (
    "typedlayers: fit, evaluate and predict of Keras 3 do not run under MultiWorkerMirroredStrategy with several"
    " workers; a loop of your own does: strategy.run in a tf.function, over"
    " strategy.experimental_distribute_dataset(data) (docs/distribution.md)"
)
"""What is said beside the error of Keras's, which names a PerReplica and no way out."""


def has_several_workers(model: Any) -> bool:
    """Returns True if a model was made in the scope of a strategy of several machines."""
    strategy = getattr(model, "distribute_strategy", None)
    cluster = getattr(strategy, "cluster_resolver", None)
    return cluster is not None and len(cluster.cluster_spec().as_dict().get("worker", ())) > 1


def is_traced() -> bool:
    """Returns True while code is traced to be compiled."""
    match BACKEND:
        case "tensorflow":
            import tensorflow as tf

            return not tf.executing_eagerly()
        case "jax":
            import jax  # pyright: ignore[reportMissingImports] - not a dependency

            return isinstance(jax.numpy.zeros(()), jax.core.Tracer)
    return False


def lacks_values(value: Any) -> bool:
    """Returns True for a tensor of the backend without values: one that stands for others in a trace."""
    if not keras.ops.is_tensor(value):
        return False
    match BACKEND:
        case "jax":
            import jax  # pyright: ignore[reportMissingImports] - not a dependency

            return isinstance(value, jax.core.Tracer)
        case "torch":
            return value.device.type == "meta"
    return not hasattr(value, "numpy")  # an EagerTensor's


def outside_the_trace() -> Any:
    """Returns a context in which values can be read while a step is traced."""
    if not on_tensorflow():
        return contextlib.nullcontext()
    import tensorflow as tf

    return tf.init_scope()


def failures_of_ops() -> tuple[type[Exception], ...]:
    """Returns what ops raise beside Python's own exceptions."""
    if not on_tensorflow():
        return ()  # those of JAX and PyTorch are RuntimeErrors, TypeErrors and IndexErrors
    import tensorflow as tf

    return (tf.errors.OpError,)
