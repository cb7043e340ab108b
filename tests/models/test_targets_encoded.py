"""Lenient mode gives one-hot rows or ids to losses that need them, where all targets prove what they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers

X = np.random.default_rng(0).normal(size=(12, 4)).astype("float32")
IDS = np.arange(12) % 3
ROWS = np.eye(3, dtype="float32")[IDS]
SMOOTH = ROWS * 0.9 + 0.1 / 3


def net(loss: str, mode: str = "lenient") -> Any:
    model = tl.Sequential([tl.Input((4,)), layers.Dense(3, activation="softmax", name="head")], mode=mode)
    model.compile("sgd", loss)
    model.set_weights([np.full((4, 3), 0.1), np.zeros(3)])
    return model


def trained(loss: str, y: Any, mode: str = "lenient") -> list[np.ndarray]:
    model = net(loss, mode)
    model.fit(X, y, verbose=0, shuffle=False)
    return model.get_weights()


RIGHT = {"categorical_crossentropy": ROWS, "sparse_categorical_crossentropy": IDS}

ENCODED = {
    "ids": ("categorical_crossentropy", IDS),
    "ids in a column": ("categorical_crossentropy", IDS[:, None]),
    "ids as floats": ("categorical_crossentropy", IDS.astype("float32")),
    "ids as a tensor": ("categorical_crossentropy", tf.constant(IDS)),
    "one-hot rows": ("sparse_categorical_crossentropy", ROWS),
    "one-hot rows of whole numbers": ("sparse_categorical_crossentropy", ROWS.astype("int32")),
    "one-hot rows as a tensor": ("sparse_categorical_crossentropy", tf.constant(ROWS)),
}


@pytest.mark.parametrize(("loss", "y"), ENCODED.values(), ids=list(ENCODED))
def test_targets_are_encoded_as_the_loss_needs_them(loss: str, y: Any) -> None:
    expected = trained(loss, RIGHT[loss], "off")
    for one, other in zip(trained(loss, y), expected, strict=True):
        np.testing.assert_array_equal(one, other)


UNPROVEN = {
    "smoothed rows": ("sparse_categorical_crossentropy", SMOOTH),
    "several labels a row": ("sparse_categorical_crossentropy", np.maximum(ROWS, np.eye(3)[0])),
    "one row that is empty": ("sparse_categorical_crossentropy", ROWS * (np.arange(12) > 0)[:, None]),
    "an id too many": ("categorical_crossentropy", IDS + 1),
    "an id below 0": ("categorical_crossentropy", IDS - 1),
    "a dataset": ("categorical_crossentropy", None),
}


@pytest.mark.parametrize(("loss", "y"), UNPROVEN.values(), ids=list(UNPROVEN))
def test_what_not_every_target_proves_is_refused(loss: str, y: Any) -> None:
    given = (X, y) if y is not None else (tf.data.Dataset.from_tensor_slices((X, IDS)).batch(4),)
    with pytest.raises(tl.ContractError):
        net(loss).fit(*given, verbose=0)


def test_each_batch_is_encoded_by_itself() -> None:
    model, by_hand = net("categorical_crossentropy"), net("categorical_crossentropy", "off")
    for part in (slice(0, 4), slice(0, 1), slice(4, 12)):
        model.train_on_batch(X[part], IDS[part])
        by_hand.train_on_batch(X[part], ROWS[part])
    np.testing.assert_array_equal(model.get_weights()[0], by_hand.get_weights()[0])
    assert {entry.repair.kind for entry in tl.repairs(model)} == {"one_hot"}


def test_validation_targets_are_refused_before_the_training() -> None:
    with pytest.raises(tl.ContractError, match="validation data"):
        net("categorical_crossentropy").fit(X, ROWS, validation_data=(X, IDS), verbose=0)
