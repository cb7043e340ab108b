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


# ---------------------------------------------------------------------------------- callbacks that watch a value
class Adding(keras.callbacks.Callback):
    """A callback that logs a value of its own."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        logs["val_score"] = 1.0


class Step(tl.Model):
    """A model with a step of its own, which returns other values."""

    def __init__(self) -> None:
        super().__init__()
        self.head = layers.Dense(3, activation="softmax")

    def call(self, x: Any) -> Any:
        return self.head(x)

    def train_step(self, data: Any) -> Any:
        return {**super().train_step(data), "val_score": 0.5}


class Score(keras.metrics.Mean):
    """A metric of the user's, whose direction is not known."""

    def update_state(self, y: Any, y_pred: Any, sample_weight: Any = None) -> None:
        super().update_state(y_pred)


def score(y: Any, y_pred: Any) -> Any:
    return keras.ops.mean(y_pred)


def stop(monitor: str = "val_loss", **given: Any) -> Any:
    return keras.callbacks.EarlyStopping(monitor=monitor, **given)


def best(monitor: str = "val_loss", *, only: bool = True) -> Any:
    return keras.callbacks.ModelCheckpoint("/nowhere/best.keras", monitor=monitor, save_best_only=only)


def adds() -> Any:
    return keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: logs.update(val_s=1.0))


LONG = "sparse_categorical_accuracy"
SLOW = keras.callbacks.ReduceLROnPlateau

WATCHED = [
    # what                     metrics                 callbacks                              validated  code
    ("loss",                   ["accuracy"],           lambda: stop("loss"),                  False,     None),
    ("the metric",             ["accuracy"],           lambda: stop("accuracy"),              False,     None),
    ("its short name",         ["acc"],                lambda: stop("val_acc"),               True,      None),
    ("as it is written",       ["Accuracy"],           lambda: stop("val_Accuracy"),          True,      None),
    ("a long name",            [LONG],                 lambda: stop(f"val_{LONG}"),           True,      None),
    ("a name by itself",       [keras.metrics.SparseCategoricalAccuracy(name="hits")],
                               lambda: stop("val_hits"),                                      True,      None),
    ("a function of Keras",    [keras.metrics.sparse_categorical_crossentropy],
                               lambda: stop("val_sparse_categorical_crossentropy"),           True,      None),
    ("a function",             [score],                lambda: stop("val_score"),             True,      "TL614"),
    ("a function, a mode",     [score],                lambda: stop("val_score", mode="max"), True,      None),
    ("a class",                [Score(name="score")],  lambda: stop("val_score"),             True,      "TL614"),
    ("a class, a mode",        [Score(name="score")],  lambda: stop("val_score", mode="max"), True,      None),
    ("another name",           ["accuracy"],           lambda: stop("val_acc"),               True,      "TL614"),
    ("another name, a mode",   ["accuracy"],           lambda: stop("val_acc", mode="max"),   True,      "TL615"),
    ("no metric",              None,                   lambda: stop("val_accuracy"),          True,      "TL614"),
    ("no validation",          ["accuracy"],           stop,                                  False,     "TL615"),
    ("in a list",              ["accuracy"],           lambda: [stop()],                      False,     "TL615"),
    ("no rate",                ["accuracy"],           lambda: [SLOW(monitor="val_loss")],    False,     "TL615"),
    ("the rate",               ["accuracy"],           lambda: [SLOW("loss"), stop("learning_rate", mode="min")],
                                                                                              False,     None),
    ("best, no validation",    ["accuracy"],           best,                                  False,     "TL615"),
    ("every, another name",    ["accuracy"],           lambda: best("val_acc", only=False),   True,      "TL614"),
    ("a callback adds it",     None,                   lambda: [Adding(), stop("val_score", mode="max")], False, None),
    ("a lambda adds it",       None,                   lambda: [adds(), stop("val_s", mode="max")], False, None),
]  # fmt: skip


@pytest.mark.parametrize(("what", "metrics", "callbacks", "validated", "code"), WATCHED, ids=[r[0] for r in WATCHED])
def test_watched_values(what: str, metrics: Any, callbacks: Any, validated: bool, code: str | None) -> None:
    given = {"validation_data": (X, Y)} if validated else {}
    assert said(fit(model(metrics=metrics), X, Y, callbacks=callbacks(), **given)) == ([] if code is None else [code])


@pytest.mark.parametrize("monitor", ["val_a_accuracy", "val_b_loss"])
def test_values_of_one_output_need_a_direction(monitor: str) -> None:
    data: Any = (X, [Y, Y])
    assert said(fit(two(), *data, validation_data=data, callbacks=stop(monitor))) == ["TL614"]
    assert said(fit(two(), *data, validation_data=data, callbacks=stop(monitor, mode="max"))) == []
    assert said(fit(two(), *data, callbacks=stop(monitor, mode="max"))) == ["TL615"]


def test_a_step_of_the_user_s_may_log_anything() -> None:
    made = Step()
    made.compile("sgd", "sparse_categorical_crossentropy")
    assert said(fit(made, X, Y, callbacks=stop("val_score", mode="max"))) == []


def test_what_is_said_is_true_of_keras() -> None:
    made = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
    made.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    with pytest.raises(ValueError, match="isn't able to automatically determine"):
        made.fit(X, Y, validation_data=(X, Y), callbacks=stop("val_acc"), verbose=0)


def test_a_plain_model_under_install() -> None:
    tl.install()
    try:
        made = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
        made.compile("sgd", "sparse_categorical_crossentropy")
        assert said(fit(made, X, Y, class_weight=[1, 2, 3])) == ["TL613"]
    finally:
        tl.uninstall()


# --------------------------------------------------------------------------------- the split, and sample weights
class Sequence(keras.utils.PyDataset):
    """One batch."""

    def __len__(self) -> int:
        return 1

    def __getitem__(self, index: int) -> Any:
        return X, Y


LATE = np.repeat([0, 1, 2], [40, 40, 20])
XL = np.zeros((100, 4), "float32")
NAN = np.where(np.arange(24) == 20, np.nan, 1.0)

GIVEN = [
    # what                       a call                                                                  codes
    ("a dataset",                lambda: model().fit(batches(), validation_split=0.2),                   ["TL517"]),
    ("a generator",              lambda: model().fit(drawn(), validation_split=0.2, steps_per_epoch=1),  ["TL517"]),
    ("a PyDataset",              lambda: model().fit(Sequence(), validation_split=0.2),                  ["TL517"]),
    ("percent",                  lambda: model().fit(X, Y, validation_split=20),                         ["TL517"]),
    ("a split not heeded",       lambda: model().fit(batches(), validation_split=0.2, validation_data=(X, Y)), []),
    ("a share",                  lambda: model().fit(X, Y, validation_split=0.25),                       []),
    ("a share of tensors",       lambda: model().fit(tf.constant(X), tf.constant(Y), validation_split=0.25), []),
    ("sorted",                   lambda: model().fit(XL, LATE, validation_split=0.2),                    ["TL518"]),
    ("sorted one-hot rows",      lambda: model(loss="categorical_crossentropy").fit(
                                     XL, np.eye(3)[LATE], validation_split=0.2),                         ["TL518"]),
    ("sorted, all in both",      lambda: model().fit(XL, LATE, validation_split=0.1),                    []),
    ("NaN",                      lambda: model().fit(X, Y, sample_weight=NAN),                           ["TL519"]),
    ("NaN in an evaluation",     lambda: model().evaluate(X, Y, sample_weight=NAN),                      ["TL519"]),
    ("NaN in a batch",           lambda: model().train_on_batch(X, Y, sample_weight=NAN),                ["TL519"]),
    ("NaN in the validation",    lambda: model().fit(X, Y, validation_data=(X, Y, NAN)),                 ["TL519"]),
    ("NaN in a dataset",         lambda: model().fit(
                                     tf.data.Dataset.from_tensor_slices((X, Y, NAN)).batch(24)),         ["TL519"]),
    ("advantages",               lambda: model().fit(X, Y, sample_weight=X[:, 0]),                       []),
]  # fmt: skip


@pytest.mark.parametrize(("what", "call", "codes"), GIVEN, ids=[row[0] for row in GIVEN])
def test_splits_and_weights(what: str, call: Callable[[], Any], codes: list[str]) -> None:
    assert said(call) == codes


# --------------------------------------------------------------------------------------- metrics that mean nothing
def measured(metric: Any, y: Any, loss: Any = "binary_crossentropy", activation: Any = "sigmoid") -> Any:
    made = tl.Sequential([tl.Input((4,)), layers.Dense(y.shape[-1], activation=activation)])
    made.compile("sgd", loss, metrics=[metric])
    return made.fit(X, y, verbose=0)


COLUMN, METRIC = (Y[:, None] > 0) * 1.0, keras.metrics
LOGITS = keras.losses.BinaryCrossentropy(from_logits=True)

METRICS = [
    # what                     a program                                                                    said
    ("a score",                lambda: measured(METRIC.F1Score(), COLUMN),                                  True),
    ("a score by name",        lambda: measured("f1_score", COLUMN),                                        True),
    ("a score, a threshold",   lambda: measured(METRIC.F1Score(threshold=0.5), COLUMN),                     False),
    ("a beta score",           lambda: measured(METRIC.FBetaScore(beta=2.0), COLUMN),                       True),
    ("the greatest",           lambda: measured("categorical_accuracy", COLUMN),                            True),
    ("the greatest of ids",    lambda: measured("sparse_categorical_accuracy", COLUMN),                     True),
    ("accuracy",               lambda: measured("accuracy", COLUMN),                                        False),
    ("signs",                  lambda: measured("accuracy", COLUMN * 2 - 1, "hinge", "tanh"),               True),
    ("0 and 1 with hinge",     lambda: measured("accuracy", COLUMN, "hinge", "tanh"),                       False),
    ("rows of numbers",        lambda: measured("accuracy", X[:, :2], "mse", None),                         True),
    ("overlap of logits",      lambda: measured(METRIC.BinaryIoU(), COLUMN, LOGITS, None),                  True),
    ("overlap from 0 on",      lambda: measured(METRIC.BinaryIoU(threshold=0.0), COLUMN, LOGITS, None),     False),
    ("overlap",                lambda: measured(METRIC.BinaryIoU(), COLUMN),                                False),
]  # fmt: skip


@pytest.mark.parametrize(("what", "program", "told"), METRICS, ids=[row[0] for row in METRICS])
def test_metrics_that_mean_nothing_are_said_and_the_model_trains(what: str, program: Any, told: bool) -> None:
    assert said(program) == (["TL608"] if told else [])


# ------------------------------------------------------------------------------------------- what is to be trained
class Kept(keras.layers.Layer):
    """A layer with a weight of integers."""

    def __init__(self, **given: Any) -> None:
        super().__init__()
        self.given = given

    def build(self, shape: Any) -> None:
        self.kept = self.add_weight(shape=(), initializer="ones", name="kept", **self.given)

    def call(self, x: Any) -> Any:
        return x * keras.ops.cast(self.kept, x.dtype)


class Counting(Kept):
    """A layer that sets its integers itself."""

    def call(self, x: Any) -> Any:
        self.kept.assign_add(1)
        return x


class Both(keras.constraints.Constraint, keras.regularizers.Regularizer):
    """Whatever it is called for."""

    def __call__(self, w: Any) -> Any:
        return 0.0 * keras.ops.sum(w)


def trained(*middle: Any, optimizer: Any = "sgd") -> Callable[[], Any]:
    def program() -> Any:
        made = tl.Sequential([tl.Input((4,)), *middle, layers.Dense(1, activation="sigmoid", dtype="float32")])
        made.compile(optimizer, "binary_crossentropy")
        return made.fit(X, COLUMN, verbose=0)

    return program


NORM, DECAY = keras.constraints.MaxNorm(2), keras.regularizers.L2(0.01)

TRAINED = [
    # what                        a program                                                               code
    ("a constraint",              trained(layers.Dense(3, kernel_regularizer=NORM)),                      "TL616"),
    ("of the outputs",            trained(layers.Dense(3, activity_regularizer=keras.constraints.NonNeg())), "TL616"),
    ("of a bias",                trained(layers.Dense(3, bias_regularizer=NORM)),                        "TL616"),
    ("a regularizer",             trained(layers.Dense(3, kernel_constraint=DECAY)),                      "TL616"),
    ("in a layer of the user's",  trained(Kept(regularizer=NORM)),                                        "TL616"),
    ("in a cell",                 trained(layers.Reshape((2, 2)), layers.LSTM(2, kernel_regularizer=NORM)), "TL616"),
    ("each in its place",         trained(layers.Dense(3, kernel_regularizer=DECAY, kernel_constraint=NORM)), None),
    ("a function",                trained(layers.Dense(3, kernel_regularizer=lambda w: 0.01 * w * w)),    None),
    ("both in one",               trained(layers.Dense(3, kernel_regularizer=Both())),                    None),
    ("integers",                  trained(Kept(dtype="int32")),                                           "TL617"),
    ("kept integers",             trained(Kept(dtype="int32", trainable=False)),                          None),
    ("a counter",                 trained(Counting(dtype="int32")),                                       None),
    ("floats",                    trained(Kept()),                                                        None),
    ("float16",                   trained(layers.Dense(3, dtype="float16"), optimizer="adam"),            "TL618"),
    ("float16, no squares",       trained(layers.Dense(3, dtype="float16")),                              None),
    ("float16, an epsilon",       trained(layers.Dense(3, dtype="float16"),
                                          optimizer=keras.optimizers.Adam(epsilon=1e-3)),                 None),
    ("mixed_float16",             trained(layers.Dense(3, dtype="mixed_float16"), optimizer="adam"),      None),
    ("bfloat16",                  trained(layers.Dense(3, dtype="bfloat16"), optimizer="adam"),           None),
]  # fmt: skip


@pytest.mark.parametrize(("what", "program", "code"), TRAINED, ids=[row[0] for row in TRAINED])
def test_what_is_trained(what: str, program: Callable[[], Any], code: str | None) -> None:
    assert said(program) == ([] if code is None else [code])


def test_a_smaller_last_batch_that_is_never_drawn_is_no_mistake() -> None:
    def stateful() -> Any:
        model = tl.Sequential([tl.Input((6, 2), batch_size=8), layers.LSTM(4, stateful=True), layers.Dense(1)])
        model.compile("sgd", "mse")
        return model

    x, y = np.ones((20, 6, 2), "float32"), np.ones((20, 1), "float32")
    stateful().fit(x, y, batch_size=8, steps_per_epoch=2, shuffle=False, verbose=0)
    stateful().evaluate(x, y, batch_size=8, steps=2, verbose=0)
    for action in ("fit", "evaluate"):
        with pytest.raises(tl.ContractError, match="TL709"):
            getattr(stateful(), action)(x, y, batch_size=8, verbose=0)
    with pytest.raises(tl.ContractError, match="TL709"):
        stateful().predict(x, batch_size=8, verbose=0)


# ------------------------------------------------------------------------- what an epoch is, and what a step trains
def endless(x: Any = X, y: Any = Y) -> Any:
    return batches(x, y).repeat()


class Stops(keras.callbacks.Callback):
    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.model.stop_training = batch > 1


ENDLESS: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "data": (lambda: fit(model(), endless())(), ["TL523"]),
    "validation data": (lambda: fit(model(), X, Y, validation_data=endless())(), ["TL523"]),
    "a callback that stops": (lambda: fit(model(), endless(), callbacks=[Stops()])(), ["TL523"]),
    "steps are given": (lambda: fit(model(), endless(), steps_per_epoch=2)(), []),
    "validation steps are given": (
        lambda: fit(model(), X, Y, validation_data=endless(), validation_steps=2)(),
        [],
    ),
    "a count is given": (lambda: fit(model(), batches().repeat(2))(), []),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_data_without_an_end(name: str) -> None:
    program, codes = ENDLESS[name]
    assert said(program) == codes


def deep() -> Any:
    made = tl.Sequential([tl.Input((4,)), layers.Dense(4, name="base"), layers.Dense(3, activation="softmax")])
    made.compile("adam", "sparse_categorical_crossentropy")
    return made


def moved(made: Any) -> bool:
    before = made.layers[0].get_weights()[0]
    made.fit(X, Y, verbose=0)
    return bool(np.abs(before - made.layers[0].get_weights()[0]).max())


def test_a_step_goes_on_with_the_weights_it_was_traced_for() -> None:
    made = deep()
    made.fit(X, Y, verbose=0)
    made.layers[0].trainable = False
    assert said(fit(made, X, Y)) == ["TL620"]
    with tl.mode("off"):
        assert moved(made)  # so Keras does it
    made.compile("adam", "sparse_categorical_crossentropy")
    assert said(fit(made, X, Y)) == []
    assert not moved(made)


@pytest.mark.parametrize("when", ["before the first training", "and back"])
def test_a_step_that_trains_what_is_trainable(when: str) -> None:
    made = deep()
    if when == "and back":
        made.fit(X, Y, verbose=0)
        made.layers[0].trainable = False
    made.layers[0].trainable = when == "and back"
    assert said(fit(made, X, Y)) == []


def test_a_class_as_a_callback() -> None:
    assert said(fit(model(), X, Y, callbacks=[keras.callbacks.TerminateOnNaN])) == ["TL621"]
