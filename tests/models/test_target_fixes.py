"""Every fix that is offered for a wrong target, loss, head or metric, applied: the program then has nothing wrong."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from tests.models.test_targets import (
    BINARY,
    CATEGORICAL,
    GREY,
    IDS,
    IMAGES,
    NUMBERS,
    ROWS,
    SPARSE,
    TABLE,
    WRONG,
    YES,
    N,
    Program,
    after,
    dense,
    found,
)
from typedlayers import keras
from typedlayers import layers as L
from typedlayers.keras import losses, metrics


def but(name: str, **changes: Any) -> Program:
    """A wrong program with something exchanged."""
    return dataclasses.replace(WRONG[name][0], **changes)


def column(y: Any) -> Any:
    return keras.utils.to_categorical(y, 4)


CHOICES = losses.SparseCategoricalCrossentropy
SIGMOID_LOGITS = losses.BinaryCrossentropy(from_logits=True)

FIXED: dict[str, list[Program]] = {
    "a sigmoid of a relu": [
        but("a sigmoid of a relu", stack=after(lambda: L.Dense(1), lambda: L.Activation("sigmoid"))),
    ],
    "three units, one column": [but("three units, one column", stack=dense(1))],
    "three units, a flat target": [but("three units, a flat target", stack=dense(1))],
    "one unit, four columns": [but("one unit, four columns", stack=dense(4, "sigmoid"))],
    "one channel, three of the target": [but("one channel, three of the target", stack=after(lambda: L.Conv2D(3, 1)))],
    "maps against ids": [
        but(
            "maps against ids",
            stack=after(lambda: L.Conv2D(2, 3), make, lambda: L.Dense(4, activation="softmax")),
        )
        for make in (L.Flatten, L.GlobalAveragePooling2D)
    ],
    "maps against numbers": [
        but("maps against numbers", stack=after(lambda: L.Conv2D(2, 3), make, lambda: L.Dense(1)))
        for make in (L.Flatten, L.GlobalAveragePooling2D)
    ],
    "every step against one number": [
        but("every step against one number", stack=after(lambda: L.LSTM(4), lambda: L.Dense(1)))
    ],
    "the last step against all": [
        but("the last step against all", stack=after(lambda: L.GRU(4, return_sequences=True), lambda: L.Dense(1)))
    ],
    "a longer sequence": [
        but(
            "a longer sequence",
            stack=after(
                lambda: L.GRU(4),
                lambda: L.RepeatVector(3),
                lambda: L.GRU(4, return_sequences=True),
                lambda: L.Dense(1),
            ),
        )
    ],
    "an autoencoder fed with labels": [but("an autoencoder fed with labels", y=IMAGES)],
    "images against rows of pixels": [but("images against rows of pixels", y=GREY.reshape(len(GREY), 64))],
    "borders that a convolution loses": [
        but("borders that a convolution loses", stack=after(lambda: L.Conv2D(1, 3, padding="same"))),
        but("borders that a convolution loses", stack=after(lambda: L.Conv2D(1, 3), lambda: L.ZeroPadding2D(1))),
    ],
    "numbers with a loss of shares": [but("numbers with a loss of shares", loss="mse")],
    "numbers with a loss of classes": [but("numbers with a loss of classes", loss="mse")],
    "a softmax of one number": [but("a softmax of one number", stack=dense(1))],
    "a softmax of a softmax": [
        but("a softmax of a softmax", stack=after(lambda: L.Dense(4, name="scores"), L.Softmax))
    ],
    "shares of zeros": [but("shares of zeros", loss="mae")],
    "ids for rows": [but("ids for rows", loss=SPARSE), but("ids for rows", y=column(IDS))],
    "ids in a column for rows": [
        but("ids in a column for rows", loss=SPARSE),
        but("ids in a column for rows", y=column(IDS[:, None])),
    ],
    "rows for ids": [but("rows for ids", loss=CATEGORICAL), but("rows for ids", y=np.argmax(ROWS, axis=-1))],
    "ids for a divergence": [
        but("ids for a divergence", loss=SPARSE),
        but("ids for a divergence", y=column(IDS[:, None])),
    ],
    "ids for a squared error of a softmax": [but("ids for a squared error of a softmax", y=column(IDS))],
    "a column for generalized cross-entropy": [but("a column for generalized cross-entropy", y=IDS)],
    "a softmax over one unit": [
        but("a softmax over one unit", stack=dense(1, "sigmoid"), loss=BINARY),
        but("a softmax over one unit", stack=dense(2, "softmax"), y=keras.utils.to_categorical(YES, 2)),
    ],
    "a softmax over one unit with a squared error": [
        but("a softmax over one unit with a squared error", stack=dense(1, "sigmoid"), loss=BINARY),
        but(
            "a softmax over one unit with a squared error",
            stack=dense(2, "softmax"),
            y=keras.utils.to_categorical(YES, 2),
        ),
    ],
    "classes of one column": [but("classes of one column", loss=BINARY)],
    "ids of one column": [but("ids of one column", loss=BINARY)],
    "a linear probability": [
        but("a linear probability", loss=SIGMOID_LOGITS),
        but("a linear probability", stack=dense(1, "sigmoid")),
    ],
    "linear classes": [
        but("linear classes", loss=CHOICES(from_logits=True)),
        but("linear classes", stack=dense(4, "softmax")),
    ],
    "relu classes": [but("relu classes", stack=dense(4, "softmax"))],
    "a relu probability": [but("a relu probability", stack=dense(1, "sigmoid"))],
    "a tanh probability": [but("a tanh probability", stack=dense(1, "sigmoid"))],
    "a relu of logits": [but("a relu of logits", stack=dense(1))],
    "a sigmoid behind a reshape as logits": [
        but("a sigmoid behind a reshape as logits", loss=losses.BinaryCrossentropy(from_logits=False)),
        but("a sigmoid behind a reshape as logits", stack=after(lambda: L.Dense(1), L.Flatten)),
    ],
    "a sigmoid as focal logits": [
        but("a sigmoid as focal logits", loss=losses.BinaryFocalCrossentropy(from_logits=False)),
        but("a sigmoid as focal logits", stack=dense(1)),
    ],
    "a linear rate": [but("a linear rate", stack=dense(1, "exponential"))],
    "a softmax for ctc": [but("a softmax for ctc", stack=dense(6))],
    "a softmax as logits": [
        but("a softmax as logits", loss=CHOICES(from_logits=False)),
        but("a softmax as logits", stack=dense(4)),
    ],
    "a softmax with binary cross-entropy": [
        but("a softmax with binary cross-entropy", loss=CATEGORICAL),
        but("a softmax with binary cross-entropy", stack=dense(4, "sigmoid")),
    ],
    "sigmoids of classes": [
        but("sigmoids of classes", stack=dense(4, "softmax")),
        but("sigmoids of classes", loss=BINARY),
    ],
    "-1 and 1": [
        but("-1 and 1", y=(2 * YES - 1 + 1) / 2),
        but("-1 and 1", loss="hinge", stack=dense(1, "tanh")),
    ],
    "0 and 255": [but("0 and 255", y=255 * YES / 255)],
    "ids of one probability": [but("ids of one probability", stack=dense(4, "softmax"), loss=SPARSE)],
    "ids from 1": [but("ids from 1", y=IDS + 1 - 1)],
    "more classes": [but("more classes", stack=dense(4, "softmax"))],
    "-1": [but("-1", loss=CHOICES(ignore_class=-1))],
    "-1 with a weight of 0": [but("-1 with a weight of 0", loss=CHOICES(ignore_class=-1))],
    "fractions": [],
    "NaN": [but("NaN", y=NUMBERS[NUMBERS[:, 0] > 0], x=TABLE[NUMBERS[:, 0] > 0])],
    "ids with hinge": [],
    "counts below 0": [],
    "relu below 0": [but("relu below 0", stack=dense(1))],
    "sigmoid above 1": [but("sigmoid above 1", stack=dense(1))],
    "bytes of a sigmoid": [
        but("bytes of a sigmoid", y=(255 * IMAGES).astype("uint8") / 255),
        but("bytes of a sigmoid", stack=after(lambda: L.Conv2D(3, 1))),
    ],
    "a gated state of large numbers": [
        but("a gated state of large numbers", stack=after(lambda: L.LSTM(1), lambda: L.Dense(1)))
    ],
    "equality of probabilities": [
        but("equality of probabilities", metrics=[metrics.BinaryAccuracy()]),
        but("equality of probabilities", metrics=["accuracy"]),
    ],
    "accuracy of a regression": [but("accuracy of a regression", metrics=["mae"])],
    "accuracy of rows for ids": [but("accuracy of rows for ids", metrics=[metrics.SparseCategoricalAccuracy()])],
    "accuracy of ids for rows": [but("accuracy of ids for rows", metrics=[metrics.CategoricalAccuracy()])],
    "yes or no of ids": [
        but("yes or no of ids", y=column(IDS), loss="categorical_crossentropy"),
    ],
    "thresholds on logits": [but("thresholds on logits", metrics=[metrics.AUC(from_logits=True)])],
    "overlap of probabilities": [but("overlap of probabilities", metrics=[metrics.MeanIoU(4, sparse_y_pred=False)])],
    "a metric that adds no axis": [but("a metric that adds no axis", y=IDS[..., np.newaxis] * 1.0)],
    "names of classes": [but("names of classes", y=np.unique(WRONG["names of classes"][0].y, return_inverse=True)[1])],
    "complex numbers": [
        but("complex numbers", stack=dense(2), y=np.concatenate([NUMBERS, 0 * NUMBERS], axis=-1)),
    ],
    "no targets": [but("no targets", y=NUMBERS)],
    "one weight for all steps": [but("one weight for all steps", fit={"sample_weight": np.ones(N)[:, np.newaxis]})],
}
"""For each wrong program of the table, the programs that its fixes make of it, in the order in which they stand."""


def test_the_table_is_complete() -> None:
    assert set(FIXED) == set(WRONG)


@pytest.mark.parametrize("name", FIXED)
def test_a_wrong_program_is_offered_as_many_fixes_as_are_applied_here(name: str) -> None:
    (one,) = found(WRONG[name][0])
    assert len(one.fixes) == len(FIXED[name]), [fix.text for fix in one.fixes]


@pytest.mark.parametrize("name", FIXED)
def test_a_fix_makes_the_program_right(name: str) -> None:
    assert [str(d) for program in FIXED[name] for d in found(program)] == []
