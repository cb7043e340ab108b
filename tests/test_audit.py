"""`tl.check`: what it takes, what it refuses, and what it makes of what its engine finds."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers.bridge.contracts import label_of
from typedlayers.diagnostics.model import Diagnostic, Location, Repair
from typedlayers.spec import Spec
from typedlayers.verdict.ledger import Entry
from typedlayers.verdict.report import Report

ERROR = Diagnostic("TL201", "a tensor has too few axes")
WARNING = Diagnostic("TL206", "nothing flattens the images")
SPEC = Spec("uint8", (None, 8))
ENTRY = Entry(Repair("cast", "float32"), "the data", Location(), "integers", "TL304", SPEC, SPEC)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """A stand-in for the engine; the calls that it got."""
    calls: list[tuple[Any, ...]] = []

    def audited(*arguments: Any) -> Report:
        calls.append(arguments)
        return Report((ERROR,), (WARNING,), (ENTRY,), label_of(arguments[0]))

    stand_in = ModuleType("typedlayers.models._audit")
    vars(stand_in)["audited"] = audited
    monkeypatch.setitem(sys.modules, stand_in.__name__, stand_in)
    return calls


def plain() -> keras.Model:
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)], name="net")


class Subclassed(keras.Model):
    def call(self, x: Any) -> Any:
        return x


MODELS = {
    "plain Sequential": plain,
    "typed Sequential": lambda: tl.Sequential([tl.Input((4,)), tl.layers.Dense(1)], name="net"),
    "functional": lambda: keras.Model(i := keras.Input((4,)), keras.layers.Dense(1)(i), name="net"),
    "subclassed": lambda: Subclassed(name="net"),
}


@pytest.mark.parametrize("make", MODELS.values(), ids=list(MODELS))
def test_any_keras_model_is_taken(make: Any, engine: list[tuple[Any, ...]]) -> None:
    model = make()
    report = tl.check(model)
    assert engine == [(model, None, None)]
    assert report == tl.Report((ERROR,), (WARNING,), (ENTRY,), f'{type(model).__name__} "net"')
    assert not report.ok


X, Y = np.zeros((8, 4)), np.zeros((8, 1))
DATA = {
    "an array": X,
    "a pair": (X, Y),
    "a list": [[1.0], [2.0]],
    "a dict": {"a": X},
    "a tensor": tf.zeros((8, 4)),
    "a dataset": tf.data.Dataset.from_tensors((X, Y)),
    "a generator": (batch for batch in [(X, Y)]),
}


@pytest.mark.parametrize("data", DATA.values(), ids=list(DATA))
def test_any_data_are_handed_on_untouched(data: Any, engine: list[tuple[Any, ...]]) -> None:
    model = plain()
    tl.check(model, data, targets=Y)
    ((given, handed, targets),) = engine
    assert given is model
    assert handed is data
    assert targets is Y


def foreign(package: str, base: str) -> Any:
    """An object of a class that derives from another framework's base."""
    parent = type(base, (), {"__module__": f"{package}.nn.modules"})
    return type("Net", (parent,), {"__module__": "__main__"})()


NO_MODELS = {
    "PyTorch": (foreign("torch", "Module"), "a PyTorch module, Net"),
    "scikit-learn": (foreign("sklearn", "BaseEstimator"), "a scikit-learn estimator, Net"),
    "tf_keras": (foreign("tf_keras", "Model"), "a model of tf_keras (Keras 2), Net"),
    "flax": (foreign("flax", "Module"), "a Flax module, Net"),
    "tf.Module": (tf.Module(), "a TensorFlow module that is no Keras model, Module"),
    "a tensor": (tf.zeros(()), "the EagerTensor <tf.Tensor: s...32, numpy=0.0>"),
    "a class": (Subclassed, "the class Subclassed, not an object of it"),
    "a function": (plain, "the function plain, not what it returns"),
    "a layer": (keras.layers.Dense(1, name="out"), 'the layer Dense "out", which is part of a model'),
    "a path": ("model.keras", "the text 'model.keras'"),
    "a list": ([1, 2], "the list [1, 2]"),
    "None": (None, "None"),
}


@pytest.mark.parametrize(("given", "described"), NO_MODELS.values(), ids=list(NO_MODELS))
def test_what_is_no_keras_model_is_named(given: Any, described: str, engine: list[tuple[Any, ...]]) -> None:
    with pytest.raises(TypeError) as caught:
        tl.check(given)
    assert str(caught.value) == f"check needs a Keras model, whose layers it can follow; given was {described}"
    assert not engine


NO_DATA = {
    "a path": ("train.csv", "the text 'train.csv'"),
    "a function": (plain, "the function plain, not what it returns"),
    "a class": (Subclassed, "the class Subclassed, not an object of it"),
}


@pytest.mark.parametrize("name", ["data", "targets"])
@pytest.mark.parametrize(("given", "described"), NO_DATA.values(), ids=list(NO_DATA))
def test_what_can_be_no_data_is_named(given: Any, described: str, name: str, engine: list[tuple[Any, ...]]) -> None:
    with pytest.raises(TypeError) as caught:
        tl.check(plain(), **{name: given})
    assert str(caught.value).startswith(f"check({name}=) takes arrays, ")
    assert str(caught.value).endswith(f"given was {described}")
    assert not engine
