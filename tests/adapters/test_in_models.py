"""The repairs of raw bytes at a model's front: a Rescaling layer in training, a scale by their dtype after floats."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl

RAW = np.random.default_rng(0).integers(0, 256, (16, 8, 8, 1)).astype("uint8")
READY = RAW.astype("float32") * np.float32(1 / 255)
DARK = np.zeros_like(RAW)
LABELS = (np.arange(16) % 3).astype("int32")


def made(layers: Any, sequential: Any, front: list[Any], **arguments: Any) -> Any:
    keras.utils.clear_session()
    keras.utils.set_random_seed(5)
    body = [layers.Conv2D(2, 3, activation="relu", name="conv"), layers.Flatten(), layers.Dense(3)]
    model = sequential([keras.Input((8, 8, 1)), *front, *body])
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True), **arguments)
    return model


def lenient(**arguments: Any) -> Any:
    return made(tl.layers, lambda stack: tl.Sequential(stack, mode="lenient"), [], **arguments)


def data(x: np.ndarray) -> Any:
    return tf.data.Dataset.from_tensor_slices((x, LABELS)).batch(4)


@pytest.mark.parametrize("source", ["arrays", "tf.data"])
@pytest.mark.parametrize("jit", [False, True], ids=["graph", "xla"])
def test_training_on_bytes_gives_the_bits_of_a_rescaling_layer(source: str, jit: bool) -> None:
    def trained(model: Any) -> tuple[Any, ...]:
        given = (data(RAW),) if source == "tf.data" else (RAW, LABELS)
        history = model.fit(*given, batch_size=None if source == "tf.data" else 4, epochs=2, shuffle=False, verbose=0)
        return history.history, [w.tobytes() for w in model.get_weights()]

    plain = made(keras.layers, keras.Sequential, [keras.layers.Rescaling(1 / 255)], jit_compile=jit)
    model = lenient(jit_compile=jit)
    assert trained(model) == trained(plain)
    assert [entry.repair.kind for entry in tl.repairs(model)] == ["rescale"]


def test_bytes_are_what_the_ready_floats_of_the_training_were() -> None:
    model = lenient()
    model.fit(data(READY), verbose=0)
    assert model.predict(RAW, verbose=0).tobytes() == model.predict(READY, verbose=0).tobytes()
    assert model(RAW).numpy().tobytes() == model(READY).numpy().tobytes()
    assert model.layers[0].name == "conv"


def test_one_trace_per_dtype() -> None:
    model = lenient()
    model.fit(data(READY), epochs=2, verbose=0)
    model.fit(data(READY), verbose=0)
    model.predict(RAW, batch_size=16, verbose=0)
    model.predict(RAW, batch_size=16, verbose=0)
    assert model.predict_function.experimental_get_tracing_count() == 1
    model.predict(READY, batch_size=16, verbose=0)
    assert model.predict_function.experimental_get_tracing_count() == 2


@pytest.mark.parametrize("method", ["predict", "evaluate"])
def test_what_is_done_to_bytes_reaches_functions_traced_before(method: str) -> None:
    model = lenient()
    run = {
        "predict": lambda x: model.predict(x, batch_size=16, verbose=0).tolist(),
        "evaluate": lambda x: model.evaluate(data(x), verbose=0),
    }[method]
    run(DARK)
    model.fit(data(READY), verbose=0)
    late = run(RAW)
    assert [entry.repair.kind for entry in tl.repairs(model)] == ["rescale"]
    assert late == run(READY)
