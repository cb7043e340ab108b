"""Typed classes as drop-ins in ``isinstance``: a plain layer is one of ours where it is one of Keras's."""

from __future__ import annotations

import abc
import pickle

import keras
import pytest

from typedlayers import layers
from typedlayers.bridge.kin import Kin
from typedlayers.catalogue import CONTRACTS


@pytest.mark.parametrize(
    "name", ["Layer", *sorted(name for name in CONTRACTS if isinstance(getattr(layers, name), Kin))]
)
def test_every_typed_class_stands_for_keras_s(name: str) -> None:
    assert issubclass(getattr(keras.layers, name), getattr(layers, name))


def test_no_typed_class_is_forgotten() -> None:
    plain = {name for name in CONTRACTS if hasattr(layers, name) and not isinstance(getattr(layers, name), Kin)}
    assert plain == {"InputLayer"}


def test_layers_are_picked_out_of_a_plain_model() -> None:
    base = keras.applications.MobileNetV2(input_shape=(32, 32, 3), weights=None, include_top=False)
    picked = [layer for layer in base.layers if isinstance(layer, layers.BatchNormalization)]
    assert picked == [layer for layer in base.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert picked


def test_no_other_class_is_one_of_ours() -> None:
    assert not isinstance(keras.layers.Dense(1), layers.Conv2D)
    assert not issubclass(keras.layers.Conv2D, layers.Dense)


def test_a_user_s_class_stands_for_nothing() -> None:
    class Mine(layers.Dense):
        pass

    assert not isinstance(layers.Dense(1), Mine)
    assert not isinstance(keras.layers.Dense(1), Mine)
    assert isinstance(Mine(1), Mine)
    assert isinstance(Mine(1), layers.Dense)


def test_a_subclass_may_have_abstract_methods() -> None:
    class Base(layers.Layer, abc.ABC):
        @abc.abstractmethod
        def width(self) -> int: ...

    class Concrete(Base):
        def width(self) -> int:
            return 3

    with pytest.raises(TypeError, match="abstract"):
        Base()
    assert Concrete().width() == 3


def test_typed_layers_pickle() -> None:
    assert isinstance(pickle.loads(pickle.dumps(layers.Dense(2, name="head"))), layers.Dense)
