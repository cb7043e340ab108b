"""Every kind of model by every way of saving: it comes back typed, with the same bits."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import typedlayers as tl
from tests.saving.zoo import NO_H5, ZOO, Net, as_typed_as, outputs, same_bits
from typedlayers import layers


def by_file(suffix: str) -> Callable[[Any, Path], Any]:
    def saved(model: Any, folder: Path) -> Any:
        model.save(folder / f"model{suffix}")
        return tl.load_model(folder / f"model{suffix}")

    return saved


def unzipped(model: Any, folder: Path) -> Any:
    keras.saving.save_model(model, folder / "model", zipped=False)
    return tl.load_model(folder / "model")


def by_json(model: Any, folder: Path) -> Any:
    model.save_weights(folder / "model.weights.h5")
    again = tl.keras.models.model_from_json(model.to_json())
    again.load_weights(folder / "model.weights.h5")
    return again


def by_config(model: Any, _: Path) -> Any:
    again = type(model).from_config(model.get_config())
    if not again.built:
        again(ZOO["subclassed"][1]())
    again.set_weights(model.get_weights())
    return again


def cloned(model: Any, _: Path) -> Any:
    again = tl.keras.models.clone_model(model)
    if not again.built:
        again.build(model.input_shape)
    again.set_weights(model.get_weights())
    return again


WAYS: dict[str, Callable[[Any, Path], Any]] = {
    "keras": by_file(".keras"),
    "h5": by_file(".h5"),
    "folder": unzipped,
    "json": by_json,
    "pickle": lambda model, _: pickle.loads(pickle.dumps(model)),
    "deepcopy": lambda model, _: copy.deepcopy(model),
    "config": by_config,
    "clone": cloned,
}
KEEPS_NO_VOCABULARY = {"json", "config", "clone"}


def held(name: str, way: str) -> bool:
    """Whether Keras's own format holds a model."""
    return not ((way == "h5" and name in NO_H5) or (way in KEEPS_NO_VOCABULARY and name == "words"))


@pytest.mark.parametrize(("name", "way"), [(name, way) for name in ZOO for way in WAYS if held(name, way)])
def test_it_comes_back_typed_with_the_same_bits(name: str, way: str, tmp_path: Path) -> None:
    make, given = ZOO[name]
    model = make()
    again = WAYS[way](model, tmp_path)
    assert again is not model
    assert type(again) is type(model)
    assert as_typed_as(again, model)
    assert same_bits(outputs(again, given()), outputs(model, given()))


@pytest.mark.parametrize("way", ["keras", "folder", "pickle", "deepcopy"])
def test_the_compiled_state_comes_along(way: str, tmp_path: Path) -> None:
    model = ZOO["compiled"][0]()
    again = WAYS[way](model, tmp_path)
    assert again.compiled
    assert type(again.optimizer) is type(model.optimizer)
    for one, two in zip(again.optimizer.variables, model.optimizer.variables, strict=True):
        np.testing.assert_array_equal(one, two)
    x, y = ZOO["compiled"][1](), np.ones((2, 2), "float32")
    assert again.evaluate(x, y, verbose=0) == model.evaluate(x, y, verbose=0)


# ------------------------------------------------------------------------------------------ lone layers
LAYERS: dict[str, Callable[[], Any]] = {
    "Dense": lambda: layers.Dense(3),
    "LSTM": lambda: layers.LSTM(3),
    "Bidirectional": lambda: layers.Bidirectional(layers.LSTM(2)),
    "TimeDistributed": lambda: layers.TimeDistributed(layers.Dense(2)),
    "RNN": lambda: layers.RNN([layers.GRUCell(2), layers.LSTMCell(3)]),
}


@pytest.mark.parametrize("built", [False, True])
@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("way", ["pickle", "deepcopy"])
def test_a_lone_layer(name: str, way: str, built: bool, tmp_path: Path) -> None:
    layer, x = LAYERS[name](), ZOO["sequences"][1]()
    if built:
        layer(x)
    again = WAYS[way](layer, tmp_path)
    assert type(again) is type(layer)
    assert as_typed_as(again, layer)
    assert again.built is built
    if built:
        assert same_bits(outputs(again, x), outputs(layer, x))


# ------------------------------------------------------------------------------- classes of the user's own
Mine = type("Dense", (keras.layers.Dense,), {})
"""A user's class under a name of Keras's."""


class Attention(tl.Layer):
    """A user's own, registered nowhere, that has the name of a layer of Keras's."""

    def call(self, x: Any) -> Any:
        return 2 * x


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_a_class_of_the_user_s_goes_before_ours(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"model{suffix}"
    ZOO["sequential"][0]().save(path)
    for load in (keras.saving.load_model, tl.load_model, tl.keras.models.load_model, tl.keras.saving.load_model):
        model = load(path, custom_objects={"Dense": Mine})
        assert {type(layer) for layer in model.layers if isinstance(layer, keras.layers.Dense)} == {Mine}
    with keras.saving.custom_object_scope({"Dense": Mine}):
        assert type(tl.load_model(path).layers[0]) is Mine


def test_a_class_of_the_user_s_goes_before_ours_in_a_file_of_plain_keras(tmp_path: Path) -> None:
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]).save(tmp_path / "model.keras")
    assert type(tl.load_model(tmp_path / "model.keras", custom_objects={"Dense": Mine}).layers[0]) is Mine


def test_a_user_s_layer_is_not_taken_for_one_of_keras_s_of_that_name(tmp_path: Path) -> None:
    model = tl.Sequential([tl.Input((4,)), Attention(), layers.Dense(2)])
    model.save(tmp_path / "model.keras")
    with pytest.raises(TypeError, match="Could not locate class 'Attention'"):  # as plain Keras
        tl.load_model(tmp_path / "model.keras")
    with pytest.raises(TypeError, match="Could not locate class 'Attention'"):
        copy.deepcopy(model)
    again = tl.load_model(tmp_path / "model.keras", custom_objects={"Attention": Attention})
    assert [type(layer) for layer in again.layers] == [Attention, layers.Dense]


def test_an_unregistered_model_needs_custom_objects(tmp_path: Path) -> None:
    class Local(Net):
        pass

    model = Local(3)
    model(ZOO["subclassed"][1]())
    model.save(tmp_path / "model.keras")
    again = tl.load_model(tmp_path / "model.keras", custom_objects={"Local": Local})
    assert type(again) is Local
    assert same_bits(outputs(again, ZOO["subclassed"][1]()), outputs(model, ZOO["subclassed"][1]()))


# --------------------------------------------------------------------------------------------- bad input
def test_a_mode_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"load_model\(mode=\) is 'stric'; valid are 'strict'"):
        tl.load_model(tmp_path / "model.keras", mode="stric")


@pytest.mark.parametrize("name", ["nothing.keras", "nothing.h5", "nothing.txt"])
def test_a_file_that_is_not_there_gives_keras_s_own_error(name: str, tmp_path: Path) -> None:
    with pytest.raises((ValueError, OSError)) as theirs:
        keras.saving.load_model(tmp_path / name)
    with pytest.raises(type(theirs.value)) as ours:
        tl.load_model(tmp_path / name)
    assert str(ours.value) == str(theirs.value)


def test_an_unsafe_lambda_is_refused_as_in_keras(tmp_path: Path) -> None:
    model = tl.Sequential([tl.Input((4,)), layers.Lambda(lambda x: 2 * x)])
    model.save(tmp_path / "model.keras")
    with pytest.raises(ValueError, match="lambda"):
        tl.load_model(tmp_path / "model.keras")
    assert tl.load_model(tmp_path / "model.keras", safe_mode=False).output_shape == (None, 4)
