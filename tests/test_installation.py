"""`install` and `uninstall`: contracts for plain Keras, however it was imported, and none afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers as early_layers
from keras.layers import Conv2D as EarlyConv2D

import typedlayers as tl
from typedlayers.bridge.layer_state import STATE

OWNERS = [cls for cls in (*keras.Sequential.__mro__, keras.layers.Layer) if cls.__module__.startswith("keras")]


def methods() -> dict[tuple[type, str], Any]:
    return {(cls, name): value for cls in OWNERS for name, value in vars(cls).items() if callable(value)}


@pytest.fixture
def installed() -> Iterator[None]:
    tl.install()
    yield
    tl.uninstall()


def test_it_is_undone_exactly() -> None:
    before = methods()
    tl.install()
    tl.install()
    assert methods() != before
    made = keras.layers.Dense(2)
    assert STATE in vars(made)
    tl.uninstall()
    assert methods() == before
    assert STATE not in vars(made)
    tl.uninstall()
    assert methods() == before


def test_what_another_library_wrapped_since_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    before = methods()
    tl.install()
    ours = keras.Model.fit

    def theirs(self: Any, *args: Any, **kwargs: Any) -> Any:
        return ours(self, *args, **kwargs)

    owner = next(base for base in keras.Model.__mro__ if "fit" in vars(base))
    monkeypatch.setattr(owner, "fit", theirs)
    tl.uninstall()
    assert keras.Model.fit is theirs
    model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Conv2D(2, 3), keras.layers.Flatten()])
    model.compile("sgd", "mse")
    raw = np.full((4, 4, 4, 1), 255, "uint8")
    raw[0] = 0
    model.fit(raw, np.ones((4, 8)), verbose=0)  # ours is under theirs, and checks nothing any more
    tl.install()
    with pytest.raises(tl.ContractError, match="TL505"):
        model.fit(raw, np.ones((3, 8)), verbose=0)
    tl.uninstall()
    assert keras.Model.fit is theirs
    monkeypatch.setattr(owner, "fit", before[owner, "fit"])
    assert methods() == before


def test_a_layer_made_before_is_checked_too() -> None:
    layer = keras.layers.Conv2D(8, 3, name="early")
    tl.install()
    try:
        with pytest.raises(tl.ContractError, match="early"):
            layer(keras.Input((28, 28)))
    finally:
        tl.uninstall()
    with pytest.raises(ValueError, match="expected min_ndim=4"):
        layer(keras.Input((28, 28)))


WAYS = {
    "keras.layers": lambda: keras.layers.Conv2D(8, 3, name="conv"),
    "from keras import layers": lambda: early_layers.Conv2D(8, 3, name="conv"),
    "a name bound earlier": lambda: EarlyConv2D(8, 3, name="conv"),
    "tf.keras.layers": lambda: tf.keras.layers.Conv2D(8, 3, name="conv"),
}


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("way", WAYS)
def test_every_import_form_is_covered(way: str) -> None:
    with pytest.raises(tl.ContractError) as caught:
        WAYS[way]()(keras.Input((28, 28), name="image"))
    (found,) = caught.value.diagnostics
    assert (found.code, found.where.file) == ("TL201", __file__)


@pytest.mark.usefixtures("installed")
def test_from_tensorflow_keras_layers() -> None:
    from tensorflow.keras.layers import Conv2D  # pyright: ignore

    with pytest.raises(tl.ContractError):
        Conv2D(8, 3)(tf.keras.Input((28, 28)))


@pytest.mark.usefixtures("installed")
def test_all_mistakes_of_a_sequential_at_once() -> None:
    with pytest.raises(tl.ContractError) as caught:
        keras.Sequential(
            [
                keras.Input((28, 28)),
                keras.layers.Conv2D(8, 3, name="first"),
                keras.layers.Flatten(),
                keras.layers.Dense(3),
                keras.layers.Conv1D(8, 3, name="second"),
            ]
        )
    assert [d.where.what for d in caught.value.diagnostics] == ['Conv2D "first"', 'Conv1D "second"']
    assert len({d.where.line for d in caught.value.diagnostics}) == 2


@pytest.mark.usefixtures("installed")
def test_the_fit_of_an_application_is_checked() -> None:
    model = keras.applications.MobileNet(weights=None, input_shape=(32, 32, 3), classes=3)
    model.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(tl.ContractError) as caught:
        model.fit(np.zeros((4, 32, 32, 1), "float32"), np.zeros(4), verbose=0)
    assert caught.value.diagnostics[0].code == "TL502"


class Plain(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.hidden = keras.layers.Dense(4)
        self.conv = keras.layers.Conv2D(8, 3, name="conv")

    def call(self, x: Any) -> Any:
        return self.conv(self.hidden(x))


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("eagerly", [False, True])
def test_a_layer_in_a_subclassed_model_raises_whole(eagerly: bool) -> None:
    model = Plain()
    model.compile("sgd", "mse", run_eagerly=eagerly)
    with pytest.raises(tl.ContractError) as caught:
        model.fit(np.ones((4, 8)), np.ones((4, 3)), verbose=0)
    (found,) = caught.value.diagnostics
    assert found.where.what == 'Conv2D "conv"'
    assert int(model.optimizer.iterations) == 0


@pytest.mark.usefixtures("installed")
def test_lenient_repairs_a_plain_sequential() -> None:
    with tl.mode("lenient"):
        model = keras.Sequential([keras.Input((8, 8)), keras.layers.Conv2D(2, 3, name="conv")])
    assert [str(entry.repair) for entry in tl.repairs(model)] == ["expand_dims(axis=-1)"]
    assert model.output_shape == (None, 6, 6, 2)


@pytest.mark.usefixtures("installed")
def test_an_export_serves_bytes_as_lenient_mode_takes_them(tmp_path: Any) -> None:
    ready = np.linspace(0, 1, 4 * 64, dtype="float32").reshape(4, 8, 8, 1)
    model = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(2)])
    model.compile("sgd", "mse")
    with tl.mode("lenient"):
        model.fit(ready, np.zeros((4, 2)), verbose=0)
        model.export(tmp_path / "artefact", verbose=False)
    artefact: Any = tf.saved_model.load(str(tmp_path / "artefact"))
    served = artefact.serve((ready * 255).round().astype("uint8"))
    np.testing.assert_allclose(served, model((ready * 255).round() / 255), atol=1e-5)


@pytest.mark.usefixtures("installed")
def test_isinstance_saving_and_names_stay_keras_s(tmp_path: Any) -> None:
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    assert type(model) is keras.Sequential
    assert type(model.layers[0]) is keras.layers.Dense
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    x = np.ones((1, 4), "float32")
    np.testing.assert_array_equal(again(x), model(x))
    assert "typedlayers" not in str(model.get_config())


@pytest.mark.usefixtures("installed")
def test_typed_layers_are_checked_once() -> None:
    from typedlayers import layers

    with pytest.raises(tl.ContractError) as caught:
        layers.Conv2D(8, 3)(tl.Input((28, 28)))
    assert len(caught.value.diagnostics) == 1


@pytest.mark.usefixtures("installed")
def test_a_user_s_annotations_of_plain_classes_are_not_read() -> None:
    class Odd(keras.layers.Layer):
        def __init__(self, units: "whatever that is") -> None:
            super().__init__()

        def call(self, x: "no such name") -> Any:
            return x

    assert Odd("text")(np.ones((2, 3), "float32")).shape == (2, 3)
