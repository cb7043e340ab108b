"""What is asked of the backend, as TensorFlow answers it; JAX and PyTorch have tests/backends."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from typedlayers.bridge import backend
from typedlayers.bridge.tensors import dtype_of


class FromTorch:
    """A dtype that has no name but the one it prints."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


@pytest.mark.parametrize("name", ["float32", "bfloat16", "uint8", "bool", "complex64"])
def test_dtypes_of_pytorch_have_names(name: str) -> None:
    assert dtype_of(FromTorch(f"torch.{name}")) == name


def test_tensors_of_a_trace_lack_values() -> None:
    found = []

    @tf.function
    def traced(x: tf.Tensor) -> tf.Tensor:
        found.append((backend.is_traced(), backend.lacks_values(x)))
        return x

    traced(tf.ones(2))
    assert found == [(True, True)]
    assert not backend.is_traced()
    assert not any(map(backend.lacks_values, (tf.ones(2), tf.Variable(1.0), np.ones(2), keras.Input((2,)), "a")))


def test_failures_of_ops_are_those_of_tensorflow() -> None:
    with pytest.raises(backend.failures_of_ops()):
        tf.reshape(tf.ones(3), (2, 2))


def test_on_tensorflow_nothing_is_noted(caplog: pytest.LogCaptureFixture) -> None:
    backend.note_backend()
    assert not caplog.records
