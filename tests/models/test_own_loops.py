"""A loss of Keras's in a loop or step of the user's, on the direct output of a model: judged as `compile`'s is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl

X = np.random.default_rng(0).normal(size=(8, 3)).astype("float32")
YES_OR_NO = (X.sum(axis=1, keepdims=True) > 0).astype("float32")
IDS = np.arange(8) % 4
ONE_HOT = np.eye(4, dtype="float32")[IDS]
L = keras.losses


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    tl.install()
    yield
    tl.uninstall()


def net(units: int, activation: str | None) -> Any:
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(units, activation=activation, name="head")])


def eager(model: Any, loss: Any, y: Any) -> Any:
    with tf.GradientTape() as tape:
        value = loss(y, model(X, training=True))
    return tape.gradient(value, model.trainable_variables)


def traced(model: Any, loss: Any, y: Any) -> Any:
    @tf.function
    def step(x: Any, targets: Any) -> Any:
        with tf.GradientTape() as tape:
            value = loss(targets, model(x, training=True))
        return tape.gradient(value, model.trainable_variables)

    return step(X, y)


def in_a_step(model: Any, loss: Any, y: Any) -> None:
    class Own(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.net = model

        def call(self, x: Any) -> Any:
            return self.net(x)

        def train_step(self, data: Any) -> dict[str, Any]:
            x, targets = data
            with tf.GradientTape() as tape:
                value = loss(targets, self.net(x, training=True))
            self.optimizer.apply(tape.gradient(value, self.trainable_variables), self.trainable_variables)
            return {"loss": value}

    own = Own()
    own.compile("sgd")
    own.fit(X, y, verbose=0)  # pyright: ignore[reportArgumentType]


Way = Callable[[Any, Any, Any], Any]
WAYS = pytest.mark.parametrize("way", [eager, traced, in_a_step])

WRONG: dict[str, tuple[Any, ...]] = {
    # what                          units, activation, loss, targets, code
    "one column, many classes": (1, "sigmoid", L.CategoricalCrossentropy(), YES_OR_NO, "TL603"),
    "logits for probabilities": (4, None, L.CategoricalCrossentropy(), ONE_HOT, "TL604"),
    "ids for one-hot rows": (4, "softmax", L.CategoricalCrossentropy(), IDS, "TL602"),
}
RIGHT: dict[str, tuple[Any, ...]] = {
    "one column, two classes": (1, "sigmoid", L.BinaryCrossentropy(), YES_OR_NO),
    "logits": (1, None, L.BinaryCrossentropy(from_logits=True), YES_OR_NO),
    "ids": (4, "softmax", L.SparseCategoricalCrossentropy(), IDS),
    "a row for a column, which the loss repairs": (1, None, L.MeanSquaredError(), YES_OR_NO[:, 0]),
    "all real, as a discriminator is told": (1, None, L.BinaryCrossentropy(from_logits=True), np.ones((8, 1), "f")),
}


@WAYS
@pytest.mark.parametrize(("units", "activation", "loss", "y", "code"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_pair_is_said(way: Way, units: int, activation: Any, loss: Any, y: Any, code: str) -> None:
    with pytest.raises(tl.ContractError) as caught:
        way(net(units, activation), loss, y)
    assert [one.code for one in caught.value.diagnostics] == [code]
    assert caught.value.diagnostics[0].where.file == __file__  # also where AutoGraph wrote it anew


@pytest.mark.filterwarnings("error::typedlayers.ContractWarning")
@WAYS
@pytest.mark.parametrize(("units", "activation", "loss", "y"), RIGHT.values(), ids=list(RIGHT))
def test_a_right_pair_passes(way: Way, units: int, activation: Any, loss: Any, y: Any) -> None:
    way(net(units, activation), loss, y)


def test_values_are_looked_at_where_there_are_some() -> None:
    model, loss = net(4, "softmax"), L.SparseCategoricalCrossentropy()
    with pytest.raises(tl.ContractError) as caught:
        eager(model, loss, IDS + 1)
    assert [one.code for one in caught.value.diagnostics] == ["TL606"]


@pytest.mark.filterwarnings("error::typedlayers.ContractWarning")
def test_what_ops_made_of_an_output_is_unknown() -> None:
    eager(net(1, "sigmoid"), lambda y, p: L.CategoricalCrossentropy()(y, tf.concat([1 - p, p], 1)), np.eye(2)[IDS % 2])


@pytest.mark.filterwarnings("error::typedlayers.ContractWarning")
def test_two_predictions_are_compared_with_each_other() -> None:
    teacher, student = net(4, None), net(4, "softmax")
    eager(student, lambda _, p: L.CosineSimilarity()(teacher(X), p), None)


def test_a_mistake_may_be_allowed_or_unchecked() -> None:
    model = net(1, "sigmoid")
    with tl.mode("off"):
        eager(model, L.CategoricalCrossentropy(), YES_OR_NO)
    tl.allow(model, "TL603")
    eager(model, L.CategoricalCrossentropy(), YES_OR_NO)


def test_the_loss_of_compile_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from typedlayers.models import _own_loss

    judged: list[Any] = []
    monkeypatch.setattr(_own_loss, "_found", lambda *given: judged.append(given) or [])
    model = net(1, "sigmoid")
    model.compile("sgd", L.BinaryCrossentropy())
    model.fit(X, YES_OR_NO, verbose=0)
    model.evaluate(X, YES_OR_NO, verbose=0)
    assert judged == []


def test_a_signature_is_judged_once_and_every_step_computes_what_keras_does(monkeypatch: pytest.MonkeyPatch) -> None:
    from typedlayers.models import _own_loss

    judged: list[Any] = []
    monkeypatch.setattr(_own_loss, "_found", lambda *given: judged.append(given) or [])
    model = net(1, "sigmoid")
    gave = [eager(model, L.BinaryCrossentropy(), YES_OR_NO) for _ in range(3)]
    assert len(judged) == 1
    tl.uninstall()
    plain = eager(model, L.BinaryCrossentropy(), YES_OR_NO)
    assert all(np.array_equal(a, b) for one in gave for a, b in zip(one, plain, strict=True))
