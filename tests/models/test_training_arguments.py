"""The arguments of ``fit`` beside the data: class weights, callbacks that watch a value, a validation split."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers

X, Y = np.random.default_rng(0).normal(size=(24, 4)).astype("float32"), np.arange(24) % 3
XT, YT = np.random.default_rng(0).normal(size=(24, 5, 4)).astype("float32"), np.arange(120).reshape(24, 5) % 3
BOTH, ALL = {0: 1.0, 1: 2.0}, {0: 1.0, 1: 2.0, 2: 3.0}


def said(program: Callable[[], Any]) -> list[str]:
    """Returns the codes that a program raises or warns of; whatever else it raises comes out."""
    found: list[Any] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            program()
        except tl.ContractError as error:
            found += error.diagnostics
    found += [d for w in caught if isinstance(w.message, tl.ContractWarning) for d in w.message.diagnostics]
    return [d.code for d in found]


def model(shape: Any = (4,), loss: str = "sparse_categorical_crossentropy", **given: Any) -> Any:
    made = tl.Sequential([tl.Input(shape), layers.Dense(3, activation="softmax")])
    made.compile("sgd", loss, **given)
    return made


def two() -> Any:
    x = tl.Input((4,))
    made = tl.Model(x, [layers.Dense(3, activation="softmax", name=name)(x) for name in "ab"])
    made.compile("sgd", "sparse_categorical_crossentropy", metrics=[["accuracy"], ["accuracy"]])
    return made


def batches(x: Any = X, y: Any = Y) -> Any:
    return tf.data.Dataset.from_tensor_slices((x, y)).batch(8)


def drawn() -> Iterator[Any]:
    while True:
        yield X, Y


def fit(made: Any, *data: Any, **given: Any) -> Callable[[], Any]:
    return lambda: made.fit(*data, verbose=0, **given)


CLASS_WEIGHTS = [
    # what                    a call                                                                    code
    ("a list",                lambda: model().fit(X, Y, class_weight=[1, 2, 3], verbose=0),             "TL613"),
    ("by position",           lambda: model().fit(X, Y, 8, 1, 0, None, 0.0, None, True, [1, 2, 3]),     "TL613"),
    ("balanced",              lambda: model().fit(X, Y, class_weight="balanced", verbose=0),            "TL613"),
    ("a list and a dataset",  lambda: model().fit(batches(), class_weight=[1, 2, 3], verbose=0),        "TL613"),
    ("a generator",           lambda: model().fit(drawn(), class_weight=ALL, steps_per_epoch=2),        "TL613"),
    ("a batch",               lambda: model().train_on_batch(X, Y, class_weight=[1, 2, 3]),             "TL613"),
    ("names",                 lambda: model().fit(X, Y, class_weight={"a": 1.0}, verbose=0),            "TL613"),
    ("both",                  lambda: model().fit(X, Y, class_weight=BOTH, sample_weight=X[:, 0] ** 2), "TL613"),
    ("two outputs",           lambda: two().fit(X, [Y, Y], class_weight=BOTH, verbose=0),               "TL613"),
    ("ids of steps",          lambda: model((5, 4)).fit(XT, YT, class_weight=BOTH, verbose=0),          "TL613"),
    ("too short a table",     lambda: model().fit(batches(X[:8], Y[:8] % 2), class_weight=BOTH),        "TL613"),
    ("ids",                   lambda: model().fit(X, Y, class_weight=ALL, verbose=0),                   None),
    ("a missing class",       lambda: model().fit(X, Y, class_weight=BOTH, verbose=0),                  None),
    ("a dataset",             lambda: model().fit(batches(), class_weight=ALL, verbose=0),              None),
    ("a batch of ids",        lambda: model().train_on_batch(X, Y, class_weight=BOTH),                  None),
]  # fmt: skip


@pytest.mark.parametrize(("what", "call", "code"), CLASS_WEIGHTS, ids=[row[0] for row in CLASS_WEIGHTS])
def test_class_weights(what: str, call: Callable[[], Any], code: str | None) -> None:
    assert said(call) == ([] if code is None else [code])


def test_weights_of_a_later_batch_are_looked_at() -> None:
    made = model()
    made.train_on_batch(X, Y)
    assert said(lambda: made.train_on_batch(X, Y, class_weight=[1, 2, 3])) == ["TL613"]


def test_a_plain_model_under_install() -> None:
    tl.install()
    try:
        made = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
        made.compile("sgd", "sparse_categorical_crossentropy")
        assert said(fit(made, X, Y, class_weight=[1, 2, 3])) == ["TL613"]
    finally:
        tl.uninstall()
