"""Subclasses, layers that were changed after they were made, and files that are none."""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import typedlayers as tl
from tests.saving.zoo import PACKAGE, Net, outputs, same_bits, table
from typedlayers import layers
from typedlayers.bridge import saving
from typedlayers.bridge.model_state import model_state


class Sub(tl.Model):
    """A functional model with a step of its own."""

    def train_step(self, data: Any) -> Any:
        return super().train_step(data)


class Seq(tl.Sequential):
    """A Sequential under another name."""


class Own(tl.Sequential):
    """A Sequential whose config is its own."""

    def __init__(self, units: int = 3, **kwargs: Any) -> None:
        super().__init__([layers.Dense(units), layers.Dense(2)], **kwargs)
        self.units = units

    def get_config(self) -> dict[str, Any]:
        return {"units": self.units, "name": self.name, "trainable": self.trainable}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        return cls(**config)


def functional() -> Any:
    inputs = tl.Input((4,))
    return Sub(inputs, layers.Dense(2)(inputs), mode="lenient")


def own() -> Any:
    model = Own(5, mode="lenient")
    model.build((None, 4))
    return model


def around() -> Any:
    """A subclassed model inside a functional one, each with a mode."""
    inputs = tl.Input((4,))
    return tl.Model(inputs, Net(3, mode="lenient", name="net")(inputs), mode="lenient")


CLASSES: dict[str, tuple[Callable[[], Any], type]] = {
    # name         the model                                                                       its class
    "functional": (functional, Sub),
    "sequential": (lambda: Seq([tl.Input((4,)), layers.Dense(2)], mode="lenient"), Seq),
    "own config": (own, Own),
    "inside": (around, Net),
}


@pytest.mark.parametrize("name", CLASSES)
def test_a_subclass_comes_back_with_what_it_remembers(name: str, tmp_path: Path) -> None:
    make, cls = CLASSES[name]
    model = make()
    model.save(tmp_path / "model.keras")
    again = tl.load_model(tmp_path / "model.keras", custom_objects={cls.__name__: cls})
    assert type(again) is type(model)
    assert model_state(again).mode == model_state(model).mode
    assert same_bits(outputs(again, table()), outputs(model, table()))
    if name == "inside":
        assert model_state(again.get_layer("net")).mode == model_state(model.get_layer("net")).mode


def mixed() -> Any:
    return tl.Sequential([tl.Input((4,)), layers.Dense(8, dtype="mixed_float16")])


def adapted() -> Any:
    model = tl.Sequential([tl.Input((4,)), layers.Dense(8)])
    model.layers[0].enable_lora(2)
    return model


def quantized() -> Any:
    model = tl.Sequential([tl.Input((4,)), layers.Dense(8)])
    model.layers[0].quantize("int8")
    return model


def normalizing() -> Any:
    layer = layers.Normalization()
    layer.adapt(table())
    return tl.Sequential([tl.Input((4,)), layer])


@pytest.mark.parametrize("make", [mixed, adapted, quantized, normalizing], ids=lambda make: make.__name__)
def test_layers_of_a_special_kind(make: Callable[[], Any], tmp_path: Path) -> None:
    model = make()
    model.save(tmp_path / "model.keras")
    expected = outputs(model, table())
    for again in (tl.load_model(tmp_path / "model.keras"), copy.deepcopy(model), tl.from_keras(tl.to_keras(model))):
        assert type(again.layers[0]) is type(model.layers[0])
        assert again.layers[0].dtype_policy.name == model.layers[0].dtype_policy.name
        assert same_bits(outputs(again, table()), expected)
    assert same_bits(outputs(keras.saving.load_model(tmp_path / "model.keras"), table()), expected)


@keras.saving.register_keras_serializable(PACKAGE)
class Scaled(tl.Layer):
    """A layer with a value that its config says nothing of."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seen: list[str] = []

    def save_assets(self, dir_path: str) -> None:
        Path(dir_path, "seen.txt").write_text("\n".join(self.seen))

    def load_assets(self, dir_path: str) -> None:
        self.seen = Path(dir_path, "seen.txt").read_text().split("\n")

    def call(self, x: Any) -> Any:
        return x


def test_assets_of_the_user_s_own_are_left_alone(tmp_path: Path) -> None:
    model = tl.Sequential([tl.Input((4,)), Scaled()], mode="lenient")
    model.layers[0].seen.extend(["one", "two"])
    model.save(tmp_path / "model.keras")
    for again in (tl.load_model(tmp_path / "model.keras"), copy.deepcopy(model)):
        assert again.layers[0].seen == ["one", "two"]


# -------------------------------------------------------------------------------------- files that are none
def archive(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in members.items():
            made.writestr(name.replace("_", "."), content)
    return buffer.getvalue()


BROKEN = {
    "no archive": b"nothing",
    "empty": b"",
    "no config": archive(metadata_json=b"{}"),
    "unreadable config": archive(config_json=b"{"),
    "no model": archive(config_json=b'{"class_name": "Nothing", "config": {}, "module": null}'),
    "config is a list": archive(config_json=b"[]"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gives_keras_s_own_error(name: str, tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    path.write_bytes(BROKEN[name])
    messages = []
    for load in (keras.saving.load_model, tl.load_model):
        with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever Keras raises
            load(path)
        messages.append((type(caught.value), str(caught.value)))
    assert messages[0] == messages[1]


def test_only_the_config_of_an_archive_is_exchanged(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]).save(path)
    before = path.read_bytes()
    with saving.changed_file(path, lambda config: {**config, "more": 1}) as changed, zipfile.ZipFile(path) as source:
        assert changed != path
        with zipfile.ZipFile(changed) as copied:
            assert sorted(copied.namelist()) == sorted(source.namelist())
            assert b'"more": 1' in copied.read("config.json")
            for member in set(source.namelist()) - {"config.json"}:
                assert copied.read(member) == source.read(member)
    assert path.read_bytes() == before
    assert not Path(changed).exists()
    with saving.changed_file(path, lambda config: config) as same:
        assert same == path


def test_what_claims_to_be_a_config_of_boundless_size_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "LARGEST", 1)
    buffer = io.BytesIO(archive(config_json=b'{"a": 1}'))
    assert saving.changed_archive(buffer, lambda _: pytest.fail("it was read")) is buffer


def test_a_file_of_the_wrong_weights_gives_keras_s_own_error(tmp_path: Path) -> None:
    path = tmp_path / "model.weights.h5"
    tl.Sequential([tl.Input((4,)), layers.Dense(2)]).save_weights(path)
    with pytest.raises(ValueError, match="could not be loaded"):
        tl.Sequential([tl.Input((4,)), layers.Dense(3)]).load_weights(path)
    again = tl.Sequential([tl.Input((4,)), layers.Dense(2)])
    again.load_weights(path)
    np.testing.assert_array_equal(again.layers[0].bias, np.zeros(2))
