"""What an installed package does inside its own layers is no mistake of the user's."""

from __future__ import annotations

import importlib
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl

SOURCE = """
    import keras
    import tensorflow as tf


    class Doubled(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = keras.layers.Dense(3)

        def call(self, x):
            return self.inner(keras.ops.cast(x, "float64"))


    class Stacked(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = keras.Sequential([keras.layers.Dense(3), keras.layers.BatchNormalization()])

        def call(self, x):
            return self.inner(keras.ops.cast(x, "float64"))


    class Says(keras.layers.Layer):
        def call(self, x):
            return x[:, :2]

        def compute_output_shape(self, shape):
            return shape


    class Counts(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.gain = tf.Variable([1.0, 2.0, 3.0])

        def call(self, x):
            return x * self.gain


    def double(x):
        return keras.ops.cast(x, "float64")


    def make():
        return keras.layers.Dense(3)


    def functional():
        x = keras.Input((3,))
        return keras.Model(x, keras.layers.Dense(1)(keras.ops.cast(x, "float64")))


    def run(function):
        return function()
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A package that is installed, and plain Keras under contracts."""
    folder: Path = tmp_path_factory.mktemp("lib") / "site-packages"
    folder.mkdir()
    (folder / "tl_test_package.py").write_text(textwrap.dedent(SOURCE))
    sys.path.insert(0, str(folder))
    tl.install()
    try:
        yield importlib.import_module("tl_test_package")
    finally:
        tl.uninstall()
        sys.path.remove(str(folder))
        del sys.modules["tl_test_package"]


X = np.ones((4, 3), "float32")


def fitted(*stack: Any) -> None:
    model = keras.Sequential([keras.Input((3,)), *stack])
    model.compile("sgd", "mse")
    model.fit(X, np.ones((4, 1)), verbose=0)


@pytest.mark.parametrize("name", ["Doubled", "Stacked", "Says", "Counts"])
@pytest.mark.filterwarnings("error::typedlayers.ContractWarning")
def test_nothing_is_said_of_what_it_does(package: Any, name: str) -> None:
    getattr(package, name)()(X)
    if name != "Says":  # Keras itself believes what it says
        fitted(getattr(package, name)(), keras.layers.Dense(1))


@pytest.mark.filterwarnings("error::typedlayers.ContractWarning")
def test_nor_of_a_model_that_it_makes(package: Any) -> None:
    model = package.functional()
    model.predict(X, verbose=0)
    assert tl.check(model, X).ok


def test_what_the_user_does_with_its_layers_is_said(package: Any) -> None:
    with pytest.raises(tl.ContractError, match="TL301"):
        package.make()(tf.constant(X, "float64"))
    with pytest.raises(tl.ContractError, match="TL502"):
        package.functional().predict(X[:, :2], verbose=0)


def test_a_layer_of_the_user_s_that_a_package_calls_is_the_user_s(package: Any) -> None:
    with pytest.raises(tl.ContractError, match="TL301"):
        package.run(lambda: keras.layers.Dense(3)(tf.constant(X, "float64")))

    class Mine(keras.layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.inner = keras.layers.Dense(3)

        def call(self, x: Any) -> Any:
            return self.inner(package.double(x))

    with pytest.raises(tl.ContractError, match="TL301"):
        package.run(lambda: Mine()(X))
