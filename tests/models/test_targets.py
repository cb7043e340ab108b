"""Output against loss, metrics and targets, as `fit` meets them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers as L
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.keras import losses, metrics

N = 12
rng = np.random.default_rng(0)

TABLE = rng.normal(size=(N, 8)).astype("float32")
STEPS = rng.normal(size=(N, 5, 3)).astype("float32")
IMAGES = rng.random(size=(N, 8, 8, 3)).astype("float32")
GREY = rng.random(size=(N, 8, 8, 1)).astype("float32")
IDS = np.arange(N) % 4
ROWS = np.eye(4, dtype="float32")[IDS]
SEVERAL = (rng.random(size=(N, 4)) > 0.4).astype("float32")
SEVERAL[0] = 1
YES = (np.arange(N) % 2).astype("float32")
NUMBERS = TABLE.sum(axis=-1, keepdims=True)


@dataclass(frozen=True)
class Program:
    """A model that is compiled and fitted.

    Attributes:
        stack: makes the layers of a Sequential.
        x: the inputs.
        y: the targets.
        loss: the loss.
        metrics: the metrics.
        fit: further arguments of ``fit``.
        compile: further arguments of ``compile``.
    """

    stack: Callable[[], list[Any]]
    x: Any
    y: Any
    loss: Any
    metrics: list[Any] = field(default_factory=list)
    fit: Mapping[str, Any] = field(default_factory=dict)
    compile: Mapping[str, Any] = field(default_factory=dict)

    def model(self) -> Any:
        shape = self.x.shape[1:]
        model = tl.Sequential([tl.Input(shape), *self.stack()])
        model.compile("sgd", loss=self.loss, metrics=list(self.metrics) or None, **self.compile)
        return model


def found(program: Program) -> list[Diagnostic]:
    """Runs a program; returns what was said."""
    said: list[Diagnostic] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            program.model().fit(program.x, program.y, verbose=0, batch_size=4, **program.fit)
        except tl.ContractError as error:
            said += error.diagnostics
    return said + [d for w in caught if isinstance(w.message, tl.ContractWarning) for d in w.message.diagnostics]


def dense(units: int, activation: str | None = None) -> Callable[[], list[Any]]:
    return lambda: [L.Dense(units, activation=activation, name="head")]


def after(*make: Callable[[], Any]) -> Callable[[], list[Any]]:
    return lambda: [one() for one in make]


class Own(keras.losses.Loss):
    """A loss of the user's own: anything goes."""

    def call(self, y_true: Any, y_pred: Any) -> Any:
        return keras.ops.mean(keras.ops.square(y_pred)) + 0 * keras.ops.sum(y_true)


class OfKeras(keras.losses.BinaryCrossentropy):
    """A subclass of Keras's that computes something else."""

    def call(self, y_true: Any, y_pred: Any) -> Any:
        return keras.ops.mean(keras.ops.square(y_true - y_pred), axis=-1)


def quantile(y_true: Any, y_pred: Any) -> Any:
    return keras.ops.mean(keras.ops.abs(y_true - y_pred))


SPARSE, CATEGORICAL, BINARY = (
    "sparse_categorical_crossentropy",
    "categorical_crossentropy",
    "binary_crossentropy",
)

RIGHT = {
    # what Keras itself repairs rightly
    "a column with a flat target": Program(dense(1), TABLE, NUMBERS[:, 0], "mse"),
    "a flat output with a column": Program(after(lambda: L.Dense(1), lambda: L.Flatten()), TABLE, NUMBERS, "mse"),
    "images with a last axis of 1": Program(after(lambda: L.Conv2D(1, 3, padding="same")), GREY, GREY[..., 0], "mse"),
    "maps against masks without it": Program(
        after(lambda: L.Conv2D(1, 1, activation="sigmoid")), IMAGES, (IMAGES[..., 0] > 0.5).astype("uint8"), BINARY
    ),
    "ids in a column": Program(dense(4, "softmax"), TABLE, IDS[:, None], SPARSE, ["accuracy"]),
    "ids as floats": Program(dense(4, "softmax"), TABLE, IDS.astype("float32"), SPARSE, ["accuracy"]),
    "ids for each step": Program(dense(4, "softmax"), STEPS, rng.integers(0, 4, size=(N, 5)), SPARSE, ["accuracy"]),
    "ids for each step, in columns": Program(dense(4, "softmax"), STEPS, rng.integers(0, 4, size=(N, 5, 1)), SPARSE),
    "ids for each pixel": Program(
        after(lambda: L.Conv2D(4, 1, activation="softmax")), IMAGES, rng.integers(0, 4, size=(N, 8, 8, 1)), SPARSE
    ),
    # labels
    "one-hot": Program(dense(4, "softmax"), TABLE, ROWS, CATEGORICAL, ["accuracy", metrics.AUC(), metrics.Precision()]),
    "one-hot as integers": Program(dense(4, "softmax"), TABLE, ROWS.astype("int32"), CATEGORICAL),
    "soft rows": Program(
        dense(4, "softmax"), TABLE, rng.dirichlet([1] * 4, size=N), losses.CategoricalCrossentropy(label_smoothing=0.1)
    ),
    "rows of nothing, for pixels that are not to be learned": Program(
        dense(4, "softmax"), TABLE, ROWS * YES[:, None], CATEGORICAL
    ),
    "several labels": Program(
        dense(4, "sigmoid"), TABLE, SEVERAL, BINARY, ["binary_accuracy", metrics.AUC(multi_label=True)]
    ),
    "yes and no as booleans": Program(dense(1, "sigmoid"), TABLE, YES > 0, BINARY, ["accuracy"]),
    "soft yes and no": Program(dense(1, "sigmoid"), TABLE, 0.9 * YES + 0.05, BINARY, ["accuracy"]),
    "hinge of 0 and 1": Program(dense(1, "tanh"), TABLE, YES, "hinge"),
    "hinge of -1 and 1": Program(dense(1), TABLE, 2 * YES - 1, "squared_hinge"),
    "an ignored class": Program(
        dense(4, "softmax"), TABLE, np.where(YES > 0, IDS, -1), losses.SparseCategoricalCrossentropy(ignore_class=-1)
    ),
    "an ignored class of 255": Program(
        dense(4, "softmax"), TABLE, np.where(YES > 0, IDS, 255), losses.SparseCategoricalCrossentropy(ignore_class=255)
    ),
    "missing labels with a weight of 0": Program(
        dense(1, "sigmoid"), TABLE, np.where(YES > 0, 1.0, -1.0), BINARY, fit={"sample_weight": YES}
    ),
    "padding under a mask": Program(
        after(lambda: L.Masking(), lambda: L.GRU(4, return_sequences=True), lambda: L.Dense(1, activation="sigmoid")),
        STEPS,
        np.full((N, 5, 1), -1.0),
        BINARY,
    ),
    "images in 0 to 1 with binary cross-entropy": Program(
        after(lambda: L.Conv2D(3, 3, padding="same", activation="sigmoid")), IMAGES, IMAGES, BINARY
    ),
    # heads
    "logits, told": Program(dense(1), TABLE, YES, losses.BinaryCrossentropy(from_logits=True), ["accuracy"]),
    "logits of classes, told": Program(dense(4), TABLE, IDS, losses.SparseCategoricalCrossentropy(from_logits=True)),
    "relu as logits of classes": Program(
        dense(4, "relu"), TABLE, IDS, losses.SparseCategoricalCrossentropy(from_logits=True)
    ),
    "log_softmax as logits": Program(
        dense(4, "log_softmax"), TABLE, IDS, losses.SparseCategoricalCrossentropy(from_logits=True)
    ),
    "two classes by a softmax with binary cross-entropy": Program(
        dense(2, "softmax"), TABLE, ROWS[:, :2] * 0 + [1, 0], BINARY
    ),
    "exponentials, which the loss makes a distribution of": Program(dense(4, "exponential"), TABLE, ROWS, CATEGORICAL),
    "a probability made by a Lambda": Program(
        after(lambda: L.Dense(1), lambda: L.Lambda(lambda t: 0.5 + 0 * t)), TABLE, YES, BINARY
    ),
    "a frozen linear layer": Program(
        after(lambda: L.Dense(3, activation="sigmoid"), lambda: L.Dense(1, trainable=False)), TABLE, YES, BINARY
    ),
    "a linear layer of non-negative weights": Program(
        after(lambda: L.Dense(3, activation="softmax"), lambda: L.Dense(1, kernel_constraint="non_neg")),
        TABLE,
        YES,
        BINARY,
    ),
    "relative error without zeros": Program(dense(1), TABLE, YES + 1, "mape"),
    "a softmax of a relu": Program(
        after(lambda: L.Dense(4, activation="relu"), lambda: L.Activation("softmax")), TABLE, IDS, SPARSE
    ),
    "Softmax as a layer": Program(after(lambda: L.Dense(4), lambda: L.Softmax()), TABLE, IDS, SPARSE),
    "Activation as a layer, flattened": Program(
        after(lambda: L.Dense(1), lambda: L.Activation("sigmoid"), lambda: L.Flatten()), TABLE, YES, BINARY
    ),
    "a softmax over one value, flattened": Program(
        after(lambda: L.Reshape((8, 1)), lambda: L.Softmax(axis=1), lambda: L.Flatten(), lambda: L.Dense(1)),
        TABLE,
        NUMBERS,
        "mse",
    ),
    "squared error of a softmax": Program(dense(4, "softmax"), TABLE, ROWS, "mse", ["accuracy"]),
    "divergence of a softmax": Program(dense(4, "softmax"), TABLE, rng.dirichlet([1] * 4, size=N), "kl_divergence"),
    "Poisson of counts": Program(dense(1, "exponential"), TABLE, IDS.astype("float32"), "poisson", ["mae"]),
    "Poisson of a softplus": Program(dense(1, "softplus"), TABLE, IDS.astype("float32"), "poisson"),
    "cosine of vectors": Program(dense(4), TABLE, rng.normal(size=(N, 4)), "cosine_similarity"),
    "relu with noise below 0": Program(dense(1, "relu"), TABLE, np.abs(NUMBERS) - 0.01, "mse"),
    "tanh with a little overshoot": Program(dense(1, "tanh"), TABLE, np.clip(NUMBERS, -1.05, 1.05), "mse"),
    "a gated last state": Program(after(lambda: L.LSTM(1)), STEPS, np.tanh(STEPS[:, 0, :1]), "mse"),
    "dice of a softmax": Program(
        after(lambda: L.Conv2D(4, 1, activation="softmax")),
        IMAGES,
        np.eye(4)[rng.integers(0, 4, size=(N, 8, 8))],
        "dice",
    ),
    "generalized cross-entropy": Program(dense(4, "softmax"), TABLE, IDS, losses.CategoricalGeneralizedCrossEntropy()),
    "ctc": Program(after(lambda: L.Dense(6)), STEPS, rng.integers(1, 6, size=(N, 2)), losses.CTC()),
    # names that Keras resolves by the shapes
    "crossentropy of ids": Program(dense(4, "softmax"), TABLE, IDS, "crossentropy", ["accuracy"]),
    "crossentropy of rows": Program(dense(4, "softmax"), TABLE, ROWS, "crossentropy", ["acc"]),
    "crossentropy of yes and no": Program(dense(1, "sigmoid"), TABLE, YES, "crossentropy", ["accuracy"]),
    # the user's own
    "a loss of one's own": Program(dense(3), TABLE, NUMBERS, Own()),
    "a subclass of one's own": Program(dense(1), TABLE, 5 * NUMBERS, OfKeras()),
    "a function of one's own": Program(dense(3), TABLE, NUMBERS, quantile, [quantile]),
    # weights
    "a weight for each sample": Program(dense(1), TABLE, NUMBERS, "mse", fit={"sample_weight": np.ones(N)}),
    "a weight for each sample, in a column": Program(
        dense(1), TABLE, NUMBERS, "mse", fit={"sample_weight": np.ones((N, 1))}
    ),
    "a weight for each step": Program(dense(1), STEPS, STEPS[..., :1], "mse", fit={"sample_weight": np.ones((N, 5))}),
    "a weight for each sample of steps": Program(
        dense(1), STEPS, STEPS[..., :1], "mse", fit={"sample_weight": np.ones((N, 1))}
    ),
    "weights of classes": Program(
        dense(4, "softmax"), TABLE, IDS, SPARSE, fit={"class_weight": {0: 2.0, 1: 1.0, 2: 1.0, 3: 1.0}}
    ),
    # metrics
    "thresholds on logits, told": Program(
        dense(1), TABLE, YES, losses.BinaryCrossentropy(from_logits=True), [metrics.AUC(from_logits=True)]
    ),
    "thresholds of one's own": Program(
        dense(1), TABLE, YES, losses.BinaryCrossentropy(from_logits=True), [metrics.Precision(thresholds=0.0)]
    ),
    "means over class ids": Program(dense(4, "softmax"), TABLE, IDS, SPARSE, [metrics.MeanIoU(4, sparse_y_pred=False)]),
    "accuracy of a squared error of classes": Program(dense(1, "sigmoid"), TABLE, YES, "mse", ["accuracy"]),
    "accuracy of an autoencoder of several channels": Program(
        after(lambda: L.Conv2D(3, 3, padding="same")), IMAGES, IMAGES, "mse", ["accuracy"]
    ),
    "errors": Program(
        dense(1), TABLE, NUMBERS, "huber", ["mae", "mse", metrics.RootMeanSquaredError(), metrics.R2Score()]
    ),
    # the number of classes may be greater than those that are seen
    "classes that do not occur": Program(dense(9, "softmax"), TABLE, IDS, SPARSE),
    "steps of unknown number": Program(after(lambda: L.Dense(1)), STEPS, STEPS[..., 0], "mse"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_program_is_not_troubled(name: str) -> None:
    assert [str(d) for d in found(RIGHT[name])] == []


WRONG = {
    # shapes
    "three units, one column": (Program(dense(3), TABLE, NUMBERS, "mse"), "TL601"),
    "three units, a flat target": (Program(dense(3), TABLE, NUMBERS[:, 0], "mae"), "TL601"),
    "one unit, four columns": (Program(dense(1, "sigmoid"), TABLE, SEVERAL, BINARY), "TL601"),
    "one channel, three of the target": (Program(after(lambda: L.Conv2D(1, 1)), IMAGES, IMAGES, "mse"), "TL601"),
    "maps against ids": (
        Program(after(lambda: L.Conv2D(2, 3), lambda: L.Dense(4, activation="softmax")), IMAGES, IDS, SPARSE),
        "TL601",
    ),
    "maps against numbers": (
        Program(after(lambda: L.Conv2D(2, 3), lambda: L.Dense(1)), IMAGES, NUMBERS, "mse"),
        "TL601",
    ),
    "every step against one number": (
        Program(after(lambda: L.LSTM(4, return_sequences=True), lambda: L.Dense(1)), STEPS, NUMBERS, "mse"),
        "TL601",
    ),
    "the last step against all": (
        Program(after(lambda: L.GRU(4), lambda: L.Dense(1)), STEPS, STEPS[..., :1], "mse"),
        "TL601",
    ),
    "a longer sequence": (
        Program(after(lambda: L.GRU(4, return_sequences=True), lambda: L.Dense(1)), STEPS, np.ones((N, 3, 1)), "mse"),
        "TL601",
    ),
    "an autoencoder fed with labels": (
        Program(after(lambda: L.Conv2D(3, 3, padding="same")), IMAGES, NUMBERS, "mse"),
        "TL601",
    ),
    "images against rows of pixels": (
        Program(after(L.Flatten, lambda: L.Dense(64, activation="sigmoid")), GREY, GREY[..., 0], BINARY),
        "TL601",
    ),
    "borders that a convolution loses": (Program(after(lambda: L.Conv2D(1, 3)), GREY, GREY, "mse"), "TL601"),
    # encodings
    "ids for rows": (Program(dense(4, "softmax"), TABLE, IDS, CATEGORICAL), "TL602"),
    "ids in a column for rows": (Program(dense(4, "softmax"), TABLE, IDS[:, None], CATEGORICAL), "TL602"),
    "rows for ids": (Program(dense(4, "softmax"), TABLE, ROWS, SPARSE), "TL602"),
    "ids for a divergence": (Program(dense(4, "softmax"), TABLE, IDS[:, None], "kl_divergence"), "TL602"),
    "ids for a squared error of a softmax": (Program(dense(4, "softmax"), TABLE, IDS, "mse"), "TL602"),
    "a column for generalized cross-entropy": (
        Program(dense(4, "softmax"), TABLE, IDS[:, None], losses.CategoricalGeneralizedCrossEntropy()),
        "TL602",
    ),
    # heads
    "a softmax over one unit": (Program(dense(1, "softmax"), TABLE, YES, BINARY), "TL603"),
    "a softmax over one unit with a squared error": (Program(dense(1, "softmax"), TABLE, YES, "mse"), "TL603"),
    "classes of one column": (Program(dense(1, "sigmoid"), TABLE, YES, CATEGORICAL), "TL603"),
    "ids of one column": (Program(dense(1, "sigmoid"), TABLE, YES, SPARSE), "TL603"),
    "a sigmoid of a relu": (
        Program(after(lambda: L.Dense(1, activation="relu"), lambda: L.Activation("sigmoid")), TABLE, YES, BINARY),
        "TL604",
    ),
    "a linear probability": (Program(dense(1), TABLE, YES, BINARY), "TL604"),
    "linear classes": (Program(dense(4), TABLE, IDS, SPARSE), "TL604"),
    "relu classes": (Program(dense(4, "relu"), TABLE, ROWS, CATEGORICAL), "TL604"),
    "a relu probability": (Program(dense(1, "relu"), TABLE, YES, BINARY), "TL604"),
    "a tanh probability": (Program(dense(1, "tanh"), TABLE, YES, BINARY), "TL604"),
    "a relu of logits": (Program(dense(1, "relu"), TABLE, YES, losses.BinaryCrossentropy(from_logits=True)), "TL604"),
    "a sigmoid behind a reshape as logits": (
        Program(
            after(lambda: L.Dense(1, activation="sigmoid"), lambda: L.Flatten()),
            TABLE,
            YES,
            losses.BinaryCrossentropy(from_logits=True),
        ),
        "TL604",
    ),
    "a sigmoid as focal logits": (
        Program(dense(1, "sigmoid"), TABLE, YES, losses.BinaryFocalCrossentropy(from_logits=True)),
        "TL604",
    ),
    "numbers with a loss of shares": (Program(dense(1), TABLE, NUMBERS, BINARY), "TL606"),
    "numbers with a loss of classes": (Program(dense(1), TABLE, NUMBERS, CATEGORICAL), "TL603"),
    "a softmax of one number": (Program(dense(1, "softmax"), TABLE, NUMBERS, "mse"), "TL603"),
    "a softmax of a softmax": (
        Program(after(lambda: L.Dense(4, activation="softmax", name="scores"), L.Softmax), TABLE, IDS, SPARSE),
        "TL604",
    ),
    "shares of zeros": (Program(dense(1), TABLE, YES, "mape"), "TL606"),
    "a linear rate": (Program(dense(1), TABLE, YES, "poisson"), "TL604"),
    "a softmax for ctc": (Program(dense(6, "softmax"), STEPS, rng.integers(1, 6, size=(N, 2)), losses.CTC()), "TL604"),
    "a softmax as logits": (
        Program(dense(4, "softmax"), TABLE, IDS, losses.SparseCategoricalCrossentropy(from_logits=True)),
        "TL605",
    ),
    "a softmax with binary cross-entropy": (Program(dense(4, "softmax"), TABLE, ROWS, BINARY), "TL605"),
    "sigmoids of classes": (Program(dense(4, "sigmoid"), TABLE, ROWS, CATEGORICAL), "TL605"),
    # values
    "-1 and 1": (Program(dense(1, "sigmoid"), TABLE, 2 * YES - 1, BINARY), "TL606"),
    "0 and 255": (Program(dense(1, "sigmoid"), TABLE, 255 * YES, BINARY), "TL606"),
    "ids of one probability": (Program(dense(1, "sigmoid"), TABLE, IDS, BINARY), "TL606"),
    "ids from 1": (Program(dense(4, "softmax"), TABLE, IDS + 1, SPARSE), "TL606"),
    "more classes": (Program(dense(3, "softmax"), TABLE, IDS, SPARSE), "TL606"),
    "-1": (Program(dense(4, "softmax"), TABLE, IDS - 1, SPARSE), "TL606"),
    "-1 with a weight of 0": (
        Program(dense(4, "softmax"), TABLE, np.where(YES > 0, IDS, -1), SPARSE, fit={"sample_weight": YES}),
        "TL606",
    ),
    "fractions": (Program(dense(4, "softmax"), TABLE, IDS * 0.5, SPARSE), "TL606"),
    "NaN": (Program(dense(1), TABLE, np.where(NUMBERS > 0, NUMBERS, np.nan), "mse"), "TL606"),
    "ids with hinge": (Program(dense(1), TABLE, IDS, "hinge"), "TL606"),
    "counts below 0": (Program(dense(1, "exponential"), TABLE, NUMBERS, "poisson"), "TL606"),
    "relu below 0": (Program(dense(1, "relu"), TABLE, NUMBERS, "mse"), "TL607"),
    "sigmoid above 1": (Program(dense(1, "sigmoid"), TABLE, 10 * np.abs(NUMBERS), "mae"), "TL607"),
    "bytes of a sigmoid": (
        Program(after(lambda: L.Conv2D(3, 1, activation="sigmoid")), IMAGES, (255 * IMAGES).astype("uint8"), "mse"),
        "TL607",
    ),
    "a gated state of large numbers": (Program(after(lambda: L.LSTM(1)), STEPS, 20 * NUMBERS, "mse"), "TL607"),
    # metrics
    "equality of probabilities": (Program(dense(1, "sigmoid"), TABLE, YES, BINARY, [metrics.Accuracy()]), "TL608"),
    "accuracy of a regression": (Program(dense(1), TABLE, NUMBERS, "mse", ["accuracy"]), "TL608"),
    "accuracy of rows for ids": (
        Program(dense(4, "softmax"), TABLE, IDS, SPARSE, [metrics.CategoricalAccuracy()]),
        "TL608",
    ),
    "accuracy of ids for rows": (
        Program(dense(4, "softmax"), TABLE, ROWS, CATEGORICAL, [metrics.SparseCategoricalAccuracy()]),
        "TL608",
    ),
    "yes or no of ids": (
        Program(dense(4, "softmax"), TABLE, IDS[:, None], SPARSE, [metrics.BinaryAccuracy()]),
        "TL608",
    ),
    "thresholds on logits": (
        Program(dense(1), TABLE, YES, losses.BinaryCrossentropy(from_logits=True), [metrics.AUC()]),
        "TL608",
    ),
    "overlap of probabilities": (Program(dense(4, "softmax"), TABLE, IDS, SPARSE, [metrics.MeanIoU(4)]), "TL608"),
    "a metric that adds no axis": (Program(dense(1, "softplus"), TABLE, IDS * 1.0, "poisson", ["poisson"]), "TL608"),
    # dtypes and structure
    "names of classes": (Program(dense(3, "softmax"), TABLE, np.array(["cat", "dog", "bird"] * 4), SPARSE), "TL610"),
    "complex numbers": (Program(dense(1), TABLE, NUMBERS.astype("complex64"), "mse"), "TL610"),
    "no targets": (Program(dense(1), TABLE, None, "mse"), "TL609"),
    "one weight for all steps": (
        Program(dense(1), STEPS, STEPS[..., :1], "mse", fit={"sample_weight": np.ones(N)}),
        "TL611",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_said_once(name: str) -> None:
    program, code = WRONG[name]
    assert [d.code for d in found(program)] == [code]


# ------------------------------------------------------------------------------------------------- several outputs
def two(loss: Any, metrics_: Any = None) -> Any:
    x = tl.Input((8,), name="features")
    model = tl.Model(x, [L.Dense(1, name="value")(x), L.Dense(4, activation="softmax", name="kind")(x)])
    model.compile("sgd", loss=loss, metrics=metrics_)
    return model


def named(loss: Any) -> Any:
    x = tl.Input((8,), name="features")
    outputs = {"value": L.Dense(1, name="a")(x), "kind": L.Dense(4, activation="softmax", name="b")(x)}
    model = tl.Model(x, outputs)
    model.compile("sgd", loss=loss)
    return model


def said(run: Callable[[], Any]) -> list[Diagnostic]:
    try:
        run()
    except tl.ContractError as error:
        return list(error.diagnostics)
    return []


BOTH = {"value": "mse", "kind": SPARSE}

RIGHT_PAIRS = {
    "in order": (two, ["mse", SPARSE], [NUMBERS, IDS]),
    "in order, as a tuple": (two, ("mse", SPARSE), (NUMBERS, IDS)),
    "by name": (two, BOTH, {"kind": IDS, "value": NUMBERS}),
    "loss by name, targets in order": (two, BOTH, [NUMBERS, IDS]),
    "one without a loss": (two, [None, SPARSE], [NUMBERS, IDS]),
    "one without a loss, and without targets": (two, [None, SPARSE], IDS),
    "the same for both": (two, "mse", [NUMBERS, ROWS]),
    "a dict of outputs": (named, BOTH, {"kind": IDS, "value": NUMBERS}),
}


@pytest.mark.parametrize("name", RIGHT_PAIRS)
def test_targets_that_are_paired_rightly(name: str) -> None:
    make, loss, y = RIGHT_PAIRS[name]
    assert said(lambda: make(loss).fit(TABLE, y, verbose=0, batch_size=4)) == []


WRONG_PAIRS = {
    "too few": (two, "mse", [NUMBERS], "TL609", "2 outputs"),
    "one for two": (two, "mse", NUMBERS, "TL609", "2 outputs"),
    "in the other order, which broadcasts": (two, "mse", [ROWS, NUMBERS], "TL609", '{"value": y[1], "kind": y[0]}'),
    "another name": (two, BOTH, {"value": NUMBERS, "sort": IDS}, "TL609", "sort"),
    "a name that is missing": (named, BOTH, {"value": NUMBERS}, "TL609", "kind"),
    "of the second, ids for rows": (two, ["mse", CATEGORICAL], [NUMBERS, IDS], "TL602", 'output "kind"'),
    "by name, ids for rows": (
        named,
        {"value": "mse", "kind": CATEGORICAL},
        {"value": NUMBERS, "kind": IDS},
        "TL602",
        "y['kind']",
    ),
}


@pytest.mark.parametrize("name", WRONG_PAIRS)
def test_targets_that_are_paired_wrongly(name: str) -> None:
    make, loss, y, code, word = WRONG_PAIRS[name]
    (one,) = said(lambda: make(loss).fit(TABLE, y, verbose=0, batch_size=4))
    assert one.code == code
    assert word.replace('"', "'") in str(one).replace('"', "'")


def test_the_mistakes_of_all_outputs_are_said_at_once() -> None:
    found_ = said(lambda: two([BINARY, CATEGORICAL]).fit(TABLE, [NUMBERS, IDS], verbose=0))
    assert [d.code for d in found_] == ["TL606", "TL602"]


def test_the_metrics_of_one_output_are_its_own() -> None:
    run = lambda: two(["mse", SPARSE], {"value": ["accuracy"], "kind": ["accuracy"]}).fit(  # noqa: E731
        TABLE, [NUMBERS, IDS], verbose=0
    )
    assert [d.code for d in said(run)] == ["TL608"]


# ---------------------------------------------------------------------------------------------------- data sources
class Batches(keras.utils.PyDataset):
    def __init__(self, y: Any) -> None:
        super().__init__()
        self.y = y

    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int) -> Any:
        return TABLE[4 * index : 4 * index + 4], self.y[4 * index : 4 * index + 4]


def generator(y: Any) -> Any:
    for index in range(3):
        yield TABLE[4 * index : 4 * index + 4], y[4 * index : 4 * index + 4]


SOURCES = {
    "arrays": lambda y: (TABLE, y),
    "tensors": lambda y: (tf.constant(TABLE), tf.constant(y)),
    "tf.data": lambda y: (tf.data.Dataset.from_tensor_slices((TABLE, y)).batch(4),),
    "a generator": lambda y: (generator(y),),
    "a PyDataset": lambda y: (Batches(y),),
}

OPTIONS = [{}, {"run_eagerly": True}, {"jit_compile": True}, {"steps_per_execution": 3}]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("wrong", ["a shape", "values"])
def test_a_mistake_is_said_before_a_step_whatever_the_data_come_from(source: str, wrong: str) -> None:
    y, code = (ROWS, "TL602") if wrong == "a shape" else (IDS + 1, "TL606")
    model = Program(dense(4, "softmax"), TABLE, y, SPARSE).model()
    assert [d.code for d in said(lambda: model.fit(*SOURCES[source](y), verbose=0, steps_per_epoch=3))] == [code]
    assert int(model.optimizer.iterations) == 0


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_mistake_is_said_however_the_model_is_compiled(options: dict[str, Any]) -> None:
    program = Program(dense(4, "softmax"), TABLE, IDS + 1, SPARSE, compile=options)
    assert [d.code for d in found(program)] == ["TL606"]


@pytest.mark.parametrize("source", SOURCES)
def test_right_targets_are_not_troubled_whatever_they_come_from(source: str) -> None:
    model = Program(dense(4, "softmax"), TABLE, IDS, SPARSE).model()
    assert said(lambda: model.fit(*SOURCES[source](IDS), verbose=0, steps_per_epoch=3)) == []
    assert int(model.optimizer.iterations) == 3


def test_a_dataset_without_targets() -> None:
    model = Program(dense(4, "softmax"), TABLE, IDS, SPARSE).model()
    (one,) = said(lambda: model.fit(tf.data.Dataset.from_tensor_slices(TABLE).batch(4), verbose=0))
    assert one.code == "TL609"
    assert "(x, y)" in str(one)


def test_labels_of_the_next_data_are_looked_at_too() -> None:
    model = Program(dense(4, "softmax"), TABLE, IDS, SPARSE).model()
    model.fit(TABLE, IDS, verbose=0)
    assert [d.code for d in said(lambda: model.fit(TABLE, IDS + 1, verbose=0))] == ["TL606"]


@pytest.mark.parametrize("method", ["evaluate", "train_on_batch", "test_on_batch"])
def test_other_methods_that_compare(method: str) -> None:
    model = Program(dense(4, "softmax"), TABLE, IDS, SPARSE).model()
    assert [d.code for d in said(lambda: getattr(model, method)(TABLE, ROWS))] == ["TL602"]


def test_validation_data_are_compared_before_the_training() -> None:
    model = Program(dense(4, "softmax"), TABLE, IDS, SPARSE).model()
    run = lambda: model.fit(TABLE, IDS, validation_data=(TABLE, ROWS), verbose=0)  # noqa: E731
    assert [d.code for d in said(run)] == ["TL602"]
    assert int(model.optimizer.iterations) == 0


def test_a_warning_is_given_once() -> None:
    program = Program(dense(4, "sigmoid"), TABLE, ROWS, CATEGORICAL, fit={"validation_data": (TABLE, ROWS)})
    assert [d.code for d in found(program)] == ["TL605"]


# ---------------------------------------------------------------------------------------------------------- models
def test_a_model_without_an_input_is_judged_once_it_is_built() -> None:
    model = tl.Sequential([L.Dense(4, name="scores")])
    model.compile("sgd", SPARSE)
    (one,) = said(lambda: model.fit(TABLE, IDS, verbose=0))
    assert one.code == "TL604"
    assert int(model.optimizer.iterations) == 0


def test_a_head_inside_a_model_inside() -> None:
    inner = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1, name="score")], name="inner")
    model = tl.Sequential([tl.Input((8,)), inner])
    model.compile("sgd", BINARY)
    (one,) = said(lambda: model.fit(TABLE, YES, verbose=0))
    assert one.code == "TL604"
    assert 'Dense "score"' in one.headline


def test_a_sum_of_branches_of_two_widths() -> None:
    x = tl.Input((8,))
    wide, deep = L.Dense(1, name="wide")(x), L.Dense(6, name="deep")(x)
    model = tl.Model(x, L.Add(name="sum")([wide, deep]))
    model.compile("sgd", "mse")
    (one,) = said(lambda: model.fit(TABLE, NUMBERS, verbose=0))
    assert one.code == "TL601"
    assert [fix.text for fix in one.fixes] == ['layers.Dense(1) after "deep", so that all branches have the same shape']


class Subclassed(tl.Model):
    """A model whose outputs nobody knows before it runs."""

    def __init__(self, units: int) -> None:
        super().__init__(name="net")
        self.head = L.Dense(units)

    def call(self, x: Any) -> Any:
        return self.head(x)


class OwnStepOwnLoss(Subclassed):
    """A model with a step of its own that lets Keras compute the loss."""

    def train_step(self, data: Any) -> Any:
        x, y = data
        return {"loss": self.compute_loss(x, y, self(x, training=True))}


@pytest.mark.parametrize("cls", [Subclassed, OwnStepOwnLoss])
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_subclassed_model_is_judged_as_its_loss_is_traced(cls: Any, options: dict[str, Any]) -> None:
    model = cls(3)
    model.compile("sgd", "mse", **options)
    (one,) = said(lambda: model.fit(TABLE, NUMBERS, verbose=0))
    assert one.code == "TL601"
    assert 'output "net"' in one.headline
    assert int(model.optimizer.iterations) == 0


@pytest.mark.parametrize("cls", [Subclassed, OwnStepOwnLoss])
def test_a_right_subclassed_model_is_not_troubled(cls: Any) -> None:
    model = cls(1)
    model.compile("sgd", "mse")
    assert said(lambda: model.fit(TABLE, NUMBERS[:, 0], verbose=0)) == []


def test_a_batch_given_to_a_model_that_is_not_built() -> None:
    model = tl.Sequential([L.Dense(3)])
    model.compile("sgd", "mse")
    assert [d.code for d in said(lambda: model.train_on_batch(TABLE, NUMBERS))] == ["TL601"]


def test_eager_steps_after_the_first_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[None] = []
    monkeypatch.setattr(
        "typedlayers.models._intake.with_traced_targets", lambda _, evidence, *__, **___: looks.append(None) or evidence
    )
    model = Subclassed(1)
    model.compile("sgd", "mse", run_eagerly=True)
    model.fit(TABLE, NUMBERS, batch_size=4, verbose=0)
    assert len(looks) == 1


class OwnStep(tl.Model):
    """A model that compares in its own way."""

    def train_step(self, data: Any) -> Any:
        return {"loss": keras.ops.sum(self(data[0]))}


class OwnLoss(tl.Model):
    def compute_loss(self, x: Any = None, y: Any = None, y_pred: Any = None, *_: Any, **__: Any) -> Any:
        return keras.ops.mean(y_pred)


class OwnCall(tl.Model):
    """A functional model whose graph is not what runs."""

    def call(self, x: Any, training: bool = False) -> Any:
        return keras.ops.sigmoid(super().call(x))


@pytest.mark.parametrize("cls", [OwnStep, OwnLoss, OwnCall])
def test_a_model_with_a_method_of_its_own_is_left_alone(cls: Any) -> None:
    x = tl.Input((8,))
    model = cls(x, L.Dense(1)(x))
    model.compile("sgd", BINARY)
    assert said(lambda: model.fit(TABLE, YES, verbose=0)) == []


def test_what_is_allowed_is_not_said() -> None:
    model = Program(dense(3), TABLE, NUMBERS, "mse").model()
    assert said(lambda: tl.allow(model, "target-shape").fit(TABLE, NUMBERS, verbose=0)) == []


def test_in_mode_off_nothing_is_said() -> None:
    with tl.mode("off"):
        assert found(Program(dense(3), TABLE, NUMBERS, "mse")) == []


# --------------------------------------------------------------------------------------------------------- lenient
ONE_PLACE = after(lambda: L.Conv2D(2, 8), lambda: L.Dense(1))

MENDED = {
    "-1 and 1": (Program(dense(1, "sigmoid"), TABLE, 2 * YES - 1, BINARY), YES, ["rescale by 1/2, +0.5"]),
    "0 and 255": (Program(dense(1, "sigmoid"), TABLE, (255 * YES).astype("uint8"), BINARY), YES, ["rescale by 1/255"]),
    "tensors": (Program(dense(1, "sigmoid"), TABLE, tf.constant(255 * YES), BINARY), YES, ["rescale by 1/255"]),
    "one place of a map": (
        Program(ONE_PLACE, IMAGES, NUMBERS, "mse"),
        NUMBERS[:, None, None],
        ["expand_dims(axis=1)", "expand_dims(axis=1)"],
    ),
    "ids of one place": (
        Program(after(lambda: L.Conv2D(4, 8, activation="softmax")), IMAGES, IDS, SPARSE),
        IDS[:, None, None],
        ["expand_dims(axis=1)", "expand_dims(axis=1)"],
    ),
}


@pytest.mark.parametrize("name", MENDED)
def test_lenient_mends_what_leaves_no_choice(name: str) -> None:
    program, y, repairs = MENDED[name]
    assert [d.lenient is not None for d in found(program)] == [True]
    losses_ = []
    for given in (program.y, y):
        keras.utils.set_random_seed(1)
        with tl.mode("lenient"):
            model = program.model()
            losses_.append(model.fit(program.x, given, verbose=0).history["loss"])
            expected = repairs if given is program.y else []
            assert [str(entry.repair) for entry in tl.repairs(model)] == expected
    np.testing.assert_allclose(losses_[0], losses_[1], rtol=1e-5)


ENCODED = {"ids for rows", "ids in a column for rows", "rows for ids"}
"""What every target proves is encoded anew (test_targets_encoded.py)."""


@pytest.mark.parametrize("name", [n for n in WRONG if n not in MENDED and n not in ENCODED and WRONG[n][1] != "TL605"])
def test_lenient_raises_where_a_repair_would_be_a_guess(name: str) -> None:
    program, code = WRONG[name]
    with tl.mode("lenient"):
        assert [d.code for d in found(program)] == [code]


def test_a_dataset_is_not_mended() -> None:
    with tl.mode("lenient"):
        model = Program(dense(1, "sigmoid"), TABLE, YES, BINARY).model()
        data = tf.data.Dataset.from_tensor_slices((TABLE, 255 * YES)).batch(4)
        (one,) = said(lambda: model.fit(data, verbose=0))
    assert one.code == "TL606"
    assert one.lenient is None
