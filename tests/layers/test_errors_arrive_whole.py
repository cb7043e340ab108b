"""An error arrives whole, wherever it is raised: class, diagnostics and text are equal (DESIGN 2)."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers

IMAGES = np.ones((4, 8, 8), "float32")


def direct() -> Any:
    return layers.Conv2D(2, 3, name="conv")


def in_custom_layer() -> Any:
    class Inner(tl.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.conv = layers.Conv2D(2, 3, name="conv")

        def call(self, x: Any) -> Any:
            return self.conv(x)

    return Inner()


def in_plain_layer() -> Any:
    class Inner(keras.layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.conv = layers.Conv2D(2, 3, name="conv")

        def call(self, x: Any) -> Any:
            return self.conv(x)

    return Inner()


def in_subclassed_model() -> Any:
    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.conv = layers.Conv2D(2, 3, name="conv")

        def call(self, x: Any) -> Any:
            return self.conv(x)

    return Net()


def in_typed_subclassed_model() -> Any:
    class Net(tl.Model):
        def __init__(self) -> None:
            super().__init__()
            self.conv = layers.Conv2D(2, 3, name="conv")

        def call(self, x: Any) -> Any:
            return self.conv(x)

    return Net()


def in_model_of_its_own_step() -> Any:
    class Net(tl.Model):
        def __init__(self) -> None:
            super().__init__()
            self.conv = layers.Conv2D(2, 3, name="conv")

        def call(self, x: Any) -> Any:
            return self.conv(x)

        def train_step(self, data: Any) -> Any:
            x, _ = data
            return {"loss": tf.reduce_mean(self(x, training=True))}

    return Net()


def eager(layer: Any) -> None:
    layer(tf.constant(IMAGES))


def symbolic(layer: Any) -> None:
    layer(keras.Input((8, 8), batch_size=4))


def typed_sequential(layer: Any) -> None:
    tl.Sequential([keras.Input((8, 8), batch_size=4), layer])


def plain_sequential(layer: Any) -> None:
    keras.Sequential([keras.Input((8, 8), batch_size=4), layer])


def functional(layer: Any) -> None:
    x = keras.Input((8, 8), batch_size=4)
    tl.Model(x, layer(x))


def model_of(layer: Any) -> Any:
    if isinstance(layer, keras.Model):
        return layer

    class Around(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.inner = layer

        def call(self, x: Any) -> Any:
            return self.inner(x)

    return Around()


def fit(layer: Any, **how: Any) -> None:
    model = model_of(layer)
    model.compile("sgd", "mse", **how)
    model.fit(IMAGES, np.ones((4, 1), "float32"), batch_size=4, verbose=0)


def fit_eagerly(layer: Any) -> None:
    fit(layer, run_eagerly=True)


def fit_compiled(layer: Any) -> None:
    fit(layer, jit_compile=True)


def predict(layer: Any) -> None:
    model_of(layer).predict(IMAGES, verbose=0)


def function(layer: Any) -> None:
    tf.function(lambda x: layer(x))(tf.constant(IMAGES))


def converted_function(layer: Any) -> None:
    @tf.function
    def run(x: Any) -> Any:
        if tf.reduce_sum(x) > 0.0:
            x = x + 1.0
        return layer(x)

    run(tf.constant(IMAGES))


def dataset_map(layer: Any) -> None:
    tf.data.Dataset.from_tensors(IMAGES).map(lambda x: layer(x))


OWNERS = [
    direct,
    in_custom_layer,
    in_plain_layer,
    in_subclassed_model,
    in_typed_subclassed_model,
    in_model_of_its_own_step,
]
WAYS = [
    eager,
    symbolic,
    typed_sequential,
    plain_sequential,
    functional,
    fit,
    fit_eagerly,
    fit_compiled,
    predict,
    function,
    converted_function,
    dataset_map,
]


def error_of(owner: Callable[[], Any], way: Callable[[Any], None]) -> tl.ContractError:
    with pytest.raises(tl.ContractError) as caught:
        way(owner())
    return caught.value


@pytest.mark.parametrize("way", WAYS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("owner", OWNERS, ids=lambda f: f.__name__)
def test_class_diagnostics_and_text(owner: Callable[[], Any], way: Callable[[Any], None]) -> None:
    error = error_of(owner, way)
    assert type(error) is tl.ContractError
    (diagnostic,) = error.diagnostics
    assert diagnostic.code == "TL201"
    assert diagnostic.headline == 'Conv2D "conv" needs 4 dimensions but gets 3'
    assert str(error).startswith("error[TL201] ")
    assert str(error).count("error[TL201]") == 1
    assert "Exception encountered" not in str(error)
    assert diagnostic.where.file == __file__


def test_the_text_is_the_same_eagerly_and_inside_a_model() -> None:
    one, two = error_of(direct, eager), error_of(in_subclassed_model, eager)

    def without_lines(error: tl.ContractError) -> list[str]:
        return [line for line in str(error).splitlines() if "where" not in line]

    assert without_lines(one) == without_lines(two)


def test_it_is_a_value_error_that_pickles_and_copies_with_its_diagnostics() -> None:
    error = error_of(direct, eager)
    assert isinstance(error, ValueError)
    assert not isinstance(error, TypeError | NotImplementedError)
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert again.diagnostics == error.diagnostics
        assert str(again) == str(error)
    assert f"{type(error).__module__}.{type(error).__qualname__}" == "typedlayers.ContractError"


def test_rebuilt_from_its_text_it_takes_its_diagnostics_back() -> None:
    error = error_of(direct, eager)
    again = type(error)(f"Exception encountered when calling X.call().\n\n{error}\n\nArguments received: ...")
    assert again.diagnostics == error.diagnostics
    assert str(again) == str(error)
    assert tl.ContractError("some other text").diagnostics == ()


def test_nothing_runs_before_the_error() -> None:
    """No step is entered and no weight is made."""
    ran: list[int] = []

    class Watched(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            ran.append(batch)

    model = tl.Sequential([layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(tl.ContractError):
        model.fit(IMAGES, np.ones((4, 1), "float32"), verbose=0, callbacks=[Watched()])
    assert ran == []
    assert model.weights == []
