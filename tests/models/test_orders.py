"""Any order of events in lenient mode: every answer is that of the program mended by hand, or an error.

The oracle is a twin of plain Keras without a Rescaling, trained and asked on data that were prepared by hand.
``python -m pytest tests/models/test_orders.py --hypothesis-seed=N`` draws others; ``ORDERS`` sets how many.
"""

from __future__ import annotations

import os
import pickle
import tempfile
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

import typedlayers as tl
from typedlayers import layers

COUNT = int(os.environ.get("ORDERS", "25"))
N = 8
RNG = np.random.default_rng(0)
RAW = RNG.integers(0, 256, (N, 5, 5, 1)).astype("uint8")
RAW[0, 0, 0], RAW[0, 0, 1] = 0, 255
LABELS = np.arange(N) % 2

DATA: dict[str, np.ndarray] = {
    "bytes": RAW,
    "dark": RAW // 8,
    "unit": (RAW / 255).astype("float32"),
    "signed": (RAW / 127.5 - 1).astype("float32"),
    "shifted": (RAW / 255 - 0.5).astype("float32"),
    "standardised": RNG.normal(size=RAW.shape).astype("float32"),
    "faint": (RAW / 2550).astype("float32"),
    "resized": (RAW * 0.98 + 0.3).astype("float32"),
}
FLOATS = sorted(set(DATA) - {"bytes", "dark"})

SCALES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "unit": lambda x: (x / 255).astype("float32"),
    "signed": lambda x: (x / 127.5 - 1).astype("float32"),
}
"""What the person does to bytes before a model that was trained on a range."""


def typed(shape: str, run_eagerly: bool) -> Any:
    inner = [layers.Conv2D(2, 3, activation="tanh"), layers.Flatten(), layers.Dense(2, activation="softmax")]
    with tl.mode("lenient"):
        match shape:
            case "sequential":
                model = tl.Sequential([tl.Input((5, 5, 1)), *inner], mode="lenient")
            case "functional":
                image = tl.Input((5, 5, 1), name="image")
                x = image
                for layer in inner:
                    x = layer(x)
                model = tl.Model(image, x, mode="lenient")
            case _:
                within = tl.Sequential([tl.Input((5, 5, 1)), *inner], mode="lenient")
                model = tl.Sequential([tl.Input((5, 5, 1)), within], mode="lenient")
    model.compile(keras.optimizers.SGD(0.05), "sparse_categorical_crossentropy", run_eagerly=run_eagerly)
    return model


def twin_of(model: Any) -> Any:
    """The same network in plain Keras, without a Rescaling, with the same weights."""
    stack = [keras.layers.Conv2D(2, 3, activation="tanh"), keras.layers.Flatten()]
    twin = keras.Sequential([keras.Input((5, 5, 1)), *stack, keras.layers.Dense(2, activation="softmax")])
    twin.compile(keras.optimizers.SGD(0.05), "sparse_categorical_crossentropy", run_eagerly=True)
    twin.set_weights(model.get_weights())
    return twin


def codes_of(caught: list[warnings.WarningMessage]) -> set[str]:
    return {one.code for w in caught for one in getattr(w.message, "diagnostics", ())}


class Orders(RuleBasedStateMachine):
    """One model, what happens to it, and what its weights suppose: a key of `SCALES`, or another word."""

    @initialize(shape=st.sampled_from(["sequential", "functional", "nested"]), eagerly=st.booleans())
    def build(self, shape: str, eagerly: bool) -> None:
        self.model = typed(shape, eagerly)
        self.twin = twin_of(self.model)
        self.takes = "fresh"
        self.layer = self.frozen = self.told = False
        self.function: Any = None

    # -------------------------------------------------------------------------------------- the oracle
    def prepared(self, data: np.ndarray) -> np.ndarray:
        if self.layer:
            return (data / 255).astype("float32")
        if data.dtype == np.uint8 and self.takes in SCALES:
            return SCALES[self.takes](data)
        return data.astype("float32")

    def may_answer(self, data: np.ndarray, said: set[str]) -> bool:
        """Whether an answer at all is right: of bytes that nobody knows how to scale, only with a word, once."""
        self.told |= "TL801" in said  # a model says it once
        if data.dtype != np.uint8 or self.layer or self.takes in SCALES or self.takes in ("raw", "resized"):
            return True
        if self.takes == "fresh":
            return data.max() < 64
        self.told |= data.max() < 64
        return self.takes == "unknown" and self.told

    def asked(self, kind: str, ask: Callable[[np.ndarray], Any]) -> None:
        data = DATA[kind]
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                answer = np.asarray(ask(data))
            except tl.ContractError:
                return
        assert self.may_answer(data, codes_of(caught)), (kind, self.takes)
        expected = np.asarray(self.twin(self.prepared(data)))
        np.testing.assert_allclose(answer, expected, atol=2e-5, err_msg=f"{kind} into {self.takes}")

    kinds = st.sampled_from(sorted(DATA))

    @rule(kind=kinds)
    def call(self, kind: str) -> None:
        self.asked(kind, self.model)

    @rule(kind=kinds)
    def predict(self, kind: str) -> None:
        self.asked(kind, lambda x: self.model.predict(x, verbose=0))

    @rule(kind=kinds)
    def predict_on_batch(self, kind: str) -> None:
        self.asked(kind, self.model.predict_on_batch)

    @rule(kind=kinds)
    def of_a_dataset(self, kind: str) -> None:
        self.asked(kind, lambda x: self.model.predict(tf.data.Dataset.from_tensor_slices(x).batch(N), verbose=0))

    @rule(kind=kinds)
    def two_threads(self, kind: str) -> None:
        def ask(data: np.ndarray) -> Any:
            with ThreadPoolExecutor(2) as pool:
                one, two = pool.map(lambda _: np.asarray(self.model(data)), range(2))
            np.testing.assert_array_equal(one, two)
            return one

        self.asked(kind, ask)

    # ------------------------------------------------------------------------------------------ training
    def trained(self, kind: str, train: Callable[[np.ndarray], Any]) -> None:
        data = DATA[kind]
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                train(data)
            except tl.ContractError:
                return
        self.told |= "TL801" in codes_of(caught)  # a model says it once, in a training too
        if kind == "bytes" and self.takes == "fresh":
            self.layer = True
        self.twin.train_on_batch(self.prepared(data), LABELS)
        np.testing.assert_allclose(self.model.get_weights()[0], self.twin.get_weights()[0], atol=2e-5, err_msg=kind)
        self.twin.set_weights(self.model.get_weights())
        if self.frozen:
            return
        if data.dtype != np.uint8:
            self.takes = kind
        elif self.takes not in SCALES:
            self.takes = "raw"

    @rule(kind=kinds)
    def fit(self, kind: str) -> None:
        self.trained(kind, lambda x: self.model.fit(x, LABELS, batch_size=N, verbose=0))

    @rule(kind=kinds)
    def fit_a_dataset(self, kind: str) -> None:
        batches = tf.data.Dataset.from_tensor_slices((DATA[kind], LABELS)).batch(N)
        self.trained(kind, lambda _: self.model.fit(batches, verbose=0))

    @rule(kind=kinds)
    @precondition(lambda self: self.takes in ("fresh", "unknown"))
    def train_on_batch(self, kind: str) -> None:
        self.trained(kind, lambda x: self.model.train_on_batch(x, LABELS))

    @rule()
    @precondition(lambda self: self.takes in DATA)
    def train_on_batch_of_the_same(self) -> None:
        self.trained(self.takes, lambda x: self.model.train_on_batch(x, LABELS))

    @rule(kind=st.sampled_from(FLOATS))
    def interrupted(self, kind: str) -> None:
        def stop(batch: int, logs: Any) -> None:
            raise KeyboardInterrupt

        def fit(x: np.ndarray) -> None:
            try:
                callback = keras.callbacks.LambdaCallback(on_train_batch_end=stop)
                self.model.fit(x, LABELS, batch_size=N, verbose=0, callbacks=[callback])
            except KeyboardInterrupt:
                pass

        self.trained(kind, fit)

    @rule(kind=st.sampled_from(["unit", "signed", "standardised"]))
    def own_loop(self, kind: str) -> None:
        data = DATA[kind]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                with tf.GradientTape() as tape:
                    loss = keras.losses.sparse_categorical_crossentropy(LABELS, self.model(data, training=True))
            except tl.ContractError:
                return
        found = tape.gradient(loss, self.model.trainable_variables)
        for variable, gradient in zip(self.model.trainable_variables, found, strict=True):
            variable.assign_sub(0.05 * gradient)
        self.set_otherwise()

    # -------------------------------------------------------------------------------- weights from elsewhere
    def set_otherwise(self) -> None:
        self.twin.set_weights(self.model.get_weights())
        if not self.frozen:
            self.takes = "unknown"

    @rule()
    def assign(self) -> None:
        for variable in self.model.variables:
            variable.assign(variable * 0.9 + 0.01)
        self.set_otherwise()

    @rule()
    def set_weights(self) -> None:
        self.model.set_weights([weight * 0.9 + 0.01 for weight in self.model.get_weights()])
        self.set_otherwise()

    @rule()
    def load_weights(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.model.save_weights(Path(folder, "a.weights.h5"))
            self.model.load_weights(Path(folder, "a.weights.h5"))
        self.set_otherwise()

    @rule()
    def checkpoint(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = tf.train.Checkpoint(model=self.model).write(str(Path(folder, "a")))
            for variable in self.model.variables:
                variable.assign(variable * 0 + 0.02)
            tf.train.Checkpoint(model=self.model).read(path)
        # the weights are those of before: what is known of them may be kept or forgotten
        self.twin.set_weights(self.model.get_weights())

    # --------------------------------------------------------------------------------------------- copies
    @rule()
    def pickled(self) -> None:
        self.model = pickle.loads(pickle.dumps(self.model))
        self.loaded()

    @rule()
    def saved(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.model.save(Path(folder, "a.keras"))
            self.model = tl.load_model(Path(folder, "a.keras"))
        self.loaded()

    def loaded(self) -> None:
        self.told = False
        if self.takes == "fresh":
            self.takes = "unknown"

    @rule()
    @precondition(lambda self: not self.frozen)
    def cloned(self) -> None:
        self.model = tl.keras.models.clone_model(self.model)
        self.model.compile(keras.optimizers.SGD(0.05), "sparse_categorical_crossentropy")
        self.twin.set_weights(self.model.get_weights())
        self.takes = "fresh"

    @rule()
    @precondition(lambda self: self.layer)
    def opened_in_plain_keras(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.model.save(Path(folder, "a.keras"))
            answer = keras.saving.load_model(Path(folder, "a.keras")).predict(RAW, verbose=0)
        np.testing.assert_allclose(answer, np.asarray(self.twin(self.prepared(RAW))), atol=2e-5)

    @rule()
    def frozen_now(self) -> None:
        if self.takes in SCALES or self.layer:
            tl.freeze(self.model)
            self.frozen = True

    @rule(kind=kinds)
    def traced(self, kind: str) -> None:
        function = tf.function(lambda x: self.model(x))
        if kind not in ("bytes", "dark") or self.layer or self.takes in SCALES:
            self.asked(kind, lambda x: function(tf.constant(x)))


def test_any_order() -> None:
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    asked = settings(max_examples=COUNT, stateful_step_count=10, deadline=None, suppress_health_check=checks)
    run_state_machine_as_test(Orders, settings=asked)
