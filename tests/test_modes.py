"""Modes: what they may say, which one is in force, what each makes of a mismatch, and who reads it from where."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers, modes
from typedlayers.modes import LENIENT, NAMED, STRICT, Action, Mode

DOUBLES = tf.ones((2, 4), tf.float64)
IMAGES = tf.zeros((2, 8, 8, 3))


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(modes.ENVIRONMENT, raising=False)


def codes_of(call: Any) -> list[str]:
    """The codes that a call raises."""
    try:
        call()
    except tl.ContractError as error:
        return [diagnostic.code for diagnostic in error.diagnostics]
    return []


def warned_of(call: Any) -> list[str]:
    """The codes that a call warns of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    found = [w.message for w in caught if isinstance(w.message, tl.ContractWarning)]
    return [diagnostic.code for warning in found for diagnostic in warning.diagnostics]


# ----------------------------------------------------------------------------------------- what they say
REPAIRS = ["cast", "rescale", "flatten", "expand_dims", "squeeze", "targets"]


@pytest.mark.parametrize("field", REPAIRS)
@pytest.mark.parametrize("value", ["repair", "warn", "error", Action.REPAIR])
def test_a_repair_takes_three_values(field: str, value: Any) -> None:
    assert Mode(**{field: value}).action(field) is Action(value)


WRONG = [
    # field, value, what is valid
    *((field, "fix", "'repair', 'warn', 'error'") for field in REPAIRS),
    ("cast", None, "'repair', 'warn', 'error'"),
    ("cast", True, "'repair', 'warn', 'error'"),
    ("warnings", "repair", "'warn', 'error'"),
    ("checking", "yes", "'on', 'off'"),
]


@pytest.mark.parametrize(("field", "value", "valid"), WRONG)
def test_a_wrong_value_is_told_what_is_valid(field: str, value: Any, valid: str) -> None:
    with pytest.raises(ValueError, match=field) as caught:
        Mode(**{field: value})
    assert str(caught.value) == f"Mode({field}={value!r}): valid values are {valid}"


@pytest.mark.parametrize("value", [-1, "1", None])
def test_probe_seconds_is_a_number_of_seconds(value: Any) -> None:
    with pytest.raises(ValueError, match="probe_seconds"):
        Mode(probe_seconds=value)
    assert Mode(probe_seconds=0).probe_seconds == 0


def test_probe_seconds_is_a_number_that_can_be_compared() -> None:
    with pytest.raises(ValueError, match="probe_seconds"):
        Mode(probe_seconds=float("nan"))


def test_an_unknown_field_and_a_positional_value_are_refused() -> None:
    with pytest.raises(TypeError, match="reshape"):
        Mode(reshape="repair")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="positional"):
        Mode("repair")  # type: ignore[misc]


def test_strict_and_lenient_are_rows_of_one_table() -> None:
    assert {name: mode.name for name, mode in NAMED.items()} == {name: name for name in ("strict", "lenient", "off")}
    assert Mode() == STRICT
    assert Mode(**dict.fromkeys(REPAIRS, "repair")) == LENIENT
    assert {LENIENT.action(repair) for repair in REPAIRS} == {Action.REPAIR}
    assert {STRICT.action(repair) for repair in REPAIRS} == {Action.ERROR}
    assert str(Mode(cast="repair")) == "custom"
    assert hash(Mode(cast="repair")) == hash(Mode(cast=Action.REPAIR))
    with pytest.raises(dataclasses.FrozenInstanceError):
        STRICT.cast = "repair"  # type: ignore[misc]


# --------------------------------------------------------------------------------------- which is in force
UNKNOWN = [
    # where an unknown mode is given, the words for it
    (lambda value: tl.set_mode(value), "set_mode()"),
    (lambda value: tl.mode(value).__enter__(), "mode()"),
    (lambda value: tl.Sequential([], mode=value), "Sequential(mode=)"),
]


@pytest.mark.parametrize("value", ["strikt", "STRICT", "", None, 3, True])
@pytest.mark.parametrize(("give", "where"), UNKNOWN)
def test_an_unknown_mode_is_told_what_is_valid(give: Any, where: str, value: Any) -> None:
    if value is None and "Sequential" in where:
        assert give(value) is not None, "no mode of its own"
        return
    with pytest.raises(ValueError, match="valid are") as caught:
        give(value)
    valid = "'strict', 'lenient', 'off', or a typedlayers.Mode(...)"
    assert str(caught.value) == f"{where} is {value!r}; valid are {valid}"


def test_an_unknown_mode_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TYPEDLAYERS_MODE", "leniant")
    with pytest.raises(ValueError, match="the environment variable TYPEDLAYERS_MODE is 'leniant'; valid are 'strict'"):
        layers.Dense(3)
    with tl.mode("strict"):
        assert layers.Dense(3)(tf.ones((2, 4))).shape == (2, 3)


@contextlib.contextmanager
def settings(own: str | None, block: str | None, process: str | None, environment: str | None) -> Iterator[Any]:
    """A model under the four settings, those that are given."""
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as stack:
        if environment is not None:
            patch.setenv("TYPEDLAYERS_MODE", environment)
        if process is not None:
            tl.set_mode(process)
        if block is not None:
            stack.enter_context(tl.mode(block))
        yield tl.Sequential([keras.Input((4,)), layers.Dense(3)], mode=own)


ORDER = [
    # the model's, the block's, the process's, the environment's, the one in force
    (None, None, None, None, "strict"),
    (None, None, None, "", "strict"),
    (None, None, None, "lenient", "lenient"),
    (None, None, "strict", "lenient", "strict"),
    (None, "lenient", "strict", "off", "lenient"),
    (None, "strict", "lenient", "lenient", "strict"),
    ("lenient", "strict", "strict", "strict", "lenient"),
    ("strict", "lenient", "lenient", "lenient", "strict"),
    (None, None, "lenient", None, "lenient"),
    ("lenient", None, None, None, "lenient"),
    ("off", "strict", "strict", "strict", "off"),
    (None, "off", "strict", "strict", "off"),
    (None, None, "off", "strict", "off"),
    (None, None, None, "off", "off"),
]


@pytest.mark.parametrize(("own", "block", "process", "environment", "expected"), ORDER)
def test_order(own: Any, block: Any, process: Any, environment: Any, expected: str) -> None:
    with settings(own, block, process, environment) as model:
        assert modes.current(None if own is None else NAMED[own]).name == expected
        codes = codes_of(lambda: model.predict(DOUBLES, verbose=0))
        assert codes == (["TL301"] if expected == "strict" else [])
        assert len(tl.repairs(model)) == (expected == "lenient")


def test_the_environment_is_read_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = layers.Dense(3)
    assert codes_of(lambda: layer(DOUBLES)) == ["TL301"]
    monkeypatch.setenv("TYPEDLAYERS_MODE", "lenient")
    assert codes_of(lambda: layer(DOUBLES)) == []
    monkeypatch.setenv("TYPEDLAYERS_MODE", "strict")
    assert codes_of(lambda: layer(DOUBLES)) == ["TL301"]


def test_blocks_nest_and_end() -> None:
    assert modes.current() is STRICT
    with tl.mode("lenient") as outer:
        assert outer is LENIENT
        with tl.mode(Mode(cast="repair")) as inner:
            assert modes.current() is inner
        with pytest.raises(ZeroDivisionError), tl.mode("off"):
            raise ZeroDivisionError
        assert modes.current() is LENIENT
    assert modes.current() is STRICT


def test_set_mode_is_of_the_process() -> None:
    tl.set_mode(Mode(cast="repair"))
    seen: list[Mode] = []
    thread = threading.Thread(target=lambda: seen.append(modes.current()))
    thread.start()
    thread.join()
    assert seen == [Mode(cast="repair")]
    tl.set_mode("strict")
    assert modes.current() is STRICT


# ------------------------------------------------------------------------------ what each makes of a mismatch
def test_one_repair_alone() -> None:
    with tl.mode(Mode(flatten="repair")):
        layer = layers.RepeatVector(3)
        assert layer(tf.ones((2, 4, 5))).shape == (2, 3, 20)
        assert [str(entry.repair) for entry in tl.repairs(layer)] == ["flatten"]
        assert codes_of(lambda: layers.Dense(3)(DOUBLES)) == ["TL301"]
        assert codes_of(lambda: layers.Conv2D(3, 2)(tf.ones((2, 8, 8)))) == ["TL201"]


ALONE = [
    # the repair, a layer that needs it, what it is given
    ("cast", lambda: layers.Dense(3), DOUBLES),
    ("flatten", lambda: layers.RepeatVector(3), tf.ones((2, 4, 5))),
    ("expand_dims", lambda: layers.Conv2D(3, 2), tf.ones((2, 8, 8))),
    ("squeeze", lambda: layers.Conv2D(3, 2), tf.ones((2, 8, 8, 5, 1))),
]


@pytest.mark.parametrize(("repair", "make", "x"), ALONE)
def test_each_repair_by_its_own_field(repair: str, make: Any, x: Any) -> None:
    others = dict.fromkeys(set(REPAIRS) - {repair}, "repair")
    with tl.mode(Mode(**others)):
        assert len(codes_of(lambda: make()(x))) == 1
    with tl.mode(Mode(**{repair: "repair"})):
        assert codes_of(lambda: make()(x)) == []


def test_warn_warns_and_lets_the_program_run_on() -> None:
    with tl.mode(Mode(cast="warn")):
        layer = layers.Dense(3)
        assert warned_of(lambda: layer(DOUBLES)) == ["TL301"]
        assert warned_of(lambda: layer(DOUBLES)) == ["TL301"]
        assert tl.repairs(layer) == ()
        assert codes_of(lambda: layers.Dense(3)(tf.constant([["a"]]))) == ["TL302"]


def test_a_tensor_that_needs_two_repairs_needs_both_modes() -> None:
    x = tf.ones((2, 8, 8), tf.float64)
    with tl.mode(Mode(cast="repair")):
        assert codes_of(lambda: layers.Conv2D(3, 2)(x)) != []
    with tl.mode(Mode(cast="repair", expand_dims="repair")):
        layer = layers.Conv2D(3, 2)
        assert layer(x).shape == (2, 7, 7, 3)
        assert [entry.repair.kind for entry in tl.repairs(layer)] == ["cast", "expand_dims"]


class Pixelwise(tl.Layer):
    """Perhaps a forgotten flatten: a warning."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = layers.Dense(10, activation="softmax")

    def call(self, x):
        return self.dense(x)


def test_warnings_can_be_errors() -> None:
    assert warned_of(lambda: Pixelwise()(IMAGES)) == ["TL206"]
    with tl.mode(Mode(warnings="error")):
        assert codes_of(lambda: Pixelwise()(IMAGES)) == ["TL206"]
        assert codes_of(lambda: tl.Sequential([keras.Input((4,)), layers.Dense(3)], dims={"time": 3})) == ["TL105"]
    with tl.mode(Mode(cast="warn", warnings="error")):
        assert codes_of(lambda: layers.Dense(3)(DOUBLES)) == ["TL301"]


def test_an_unused_allow_can_be_an_error() -> None:
    def unused() -> None:
        with tl.allow("TL201"):
            pass

    with tl.mode(Mode(warnings="error")), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert codes_of(unused) == ["TL106"]


# ------------------------------------------------------------------------------------------------- off
PROGRAMS = [
    # programs that Keras refuses or runs, in its own words
    lambda home: home.layers.Dense(3)(DOUBLES),
    lambda home: home.layers.Dense(3)(tf.ones((2,))),
    lambda home: home.layers.Dense("3"),
    lambda home: home.layers.Conv2D(3, 2, name="c")(tf.ones((2, 8, 8))),
    lambda home: home.layers.Conv2D(3, 9, name="c")(tf.ones((2, 8, 8, 1))),
    lambda home: home.layers.Dense(3, name="d")(tf.constant([["a"]])),
    lambda home: home.Sequential([keras.Input((8, 8)), home.layers.Conv2D(3, 2, name="c")], name="s"),
    lambda home: home.Sequential([keras.Input((8, 8)), home.layers.Flatten(), home.layers.Dense(3)]).predict(
        np.ones((2, 64), "float32"), verbose=0
    ),
    lambda home: home.Sequential([home.layers.Dense(3, name="d")], name="s")(tf.ones((4,))),
    lambda home: home.Sequential([keras.Input((4,)), home.layers.Dense(3)]).predict(DOUBLES, verbose=0),
]


def outcome(program: Any, home: Any) -> Any:
    """What a program gives: its dtype and shape; of an exception its class and text."""
    keras.backend.clear_session(free_memory=False)
    try:
        result = program(home)
    except Exception as error:  # noqa: BLE001 - Keras raises whatever it likes
        return type(error), str(error)
    return str(getattr(result, "dtype", "")), getattr(result, "shape", None)


@pytest.mark.parametrize("number", range(len(PROGRAMS)))
def test_off_leaves_everything_to_keras(number: int) -> None:
    with tl.mode("off"):
        mine = outcome(PROGRAMS[number], tl)
    assert mine == outcome(PROGRAMS[number], keras)


def test_off_says_nothing() -> None:
    with tl.mode("off"):
        assert warned_of(lambda: Pixelwise()(IMAGES)) == []
        model = tl.Sequential([keras.Input((4,)), layers.Dense(3)], dims={"time": 3})
        assert warned_of(lambda: model.predict(DOUBLES, verbose=0)) == []
        assert tl.repairs(model) == ()


def test_on_after_off() -> None:
    layer = layers.Dense(3)
    with tl.mode("off"):
        layer(DOUBLES)
    assert codes_of(lambda: layer(DOUBLES)) == ["TL301"]


# ------------------------------------------------------------------------------ who reads it from where
class InThread(tl.Layer):
    """Calls a layer in a thread of its own, which sees no context variable."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = layers.Dense(3)
        self.seen: list[Any] = []

    def call(self, x):
        if not hasattr(x, "numpy"):  # Keras looks for the shapes
            return self.dense(x)
        thread = threading.Thread(target=self.work, args=(tf.cast(x, "float64"),))
        thread.start()
        thread.join()
        return self.seen[-1] if isinstance(self.seen[-1], tf.Tensor) else x

    def work(self, doubles: Any) -> None:
        try:
            self.seen.append(self.dense(doubles))
        except tl.ContractError as error:
            self.seen.append([diagnostic.code for diagnostic in error.diagnostics])


@pytest.mark.parametrize(("mode", "seen"), [("strict", ["TL301"]), ("lenient", tf.Tensor), ("off", tf.Tensor)])
@pytest.mark.parametrize("how", ["of the model", "of the block"])
def test_a_thread_inside_a_model_reads_the_mode_of_its_run(mode: Any, seen: Any, how: str) -> None:
    inner = InThread()
    model = tl.Sequential([keras.Input((4,)), inner], mode=mode if how == "of the model" else None)
    with tl.mode(mode) if how == "of the block" else tl.mode("strict"):
        model(tf.ones((2, 4)))
    (found,) = inner.seen
    assert isinstance(found, seen) if isinstance(seen, type) else found == seen


def test_a_thread_outside_a_model_reads_the_process() -> None:
    inner = InThread()
    inner.dense(tf.ones((2, 4)))
    with tl.mode("lenient"):
        inner.work(DOUBLES)
        thread = threading.Thread(target=inner.work, args=(DOUBLES,))
        thread.start()
        thread.join()
    assert isinstance(inner.seen[0], tf.Tensor)
    assert inner.seen[1] == ["TL301"]


@pytest.mark.filterwarnings("ignore:Your input ran out of data")
@pytest.mark.parametrize("mode", ["lenient", "off"])
def test_a_generator_behind_a_dataset_reads_the_mode_of_the_run(mode: Any) -> None:
    """TensorFlow calls it in a thread of its own."""
    dense = layers.Dense(4)
    model = tl.Sequential([keras.Input((4,)), dense], mode=mode)

    def batches() -> Iterator[Any]:
        yield dense(DOUBLES)

    data = tf.data.Dataset.from_generator(batches, output_signature=tf.TensorSpec((None, 4), tf.float32))
    assert model.predict(data, verbose=0).shape == (2, 4)
    assert [str(entry.repair) for entry in tl.repairs(dense)] == ["cast to float32"] * (mode == "lenient")


def test_dataset_map_reads_the_mode_of_the_block() -> None:
    layer = layers.Dense(3)
    data = tf.data.Dataset.from_tensors(DOUBLES)
    assert codes_of(lambda: data.map(lambda x: layer(x + x))) == ["TL301"]
    with tl.mode("lenient"):
        mapped = data.map(lambda x: layer(x + x))
    (value,) = mapped
    assert value.dtype == tf.float32


def test_the_mode_of_a_model_ends_with_its_run() -> None:
    dense = layers.Dense(3)
    model = tl.Sequential([keras.Input((4,)), dense], mode="lenient")
    assert codes_of(lambda: model(DOUBLES)) == []
    assert codes_of(lambda: dense(DOUBLES)) == ["TL301"]
    with pytest.raises(ValueError, match="TL302"):
        model(tf.constant([["a"] * 4]))
    assert codes_of(lambda: dense(DOUBLES)) == ["TL301"]


class Doubling(tl.Layer):
    """Feeds doubles to a layer inside."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = layers.Dense(3)

    def call(self, x):
        return self.dense(keras.ops.cast(x, "float64"))


KERAS_TELLS_IT_TOO = pytest.mark.filterwarnings("ignore:.*doubling")
"""Keras warns of an exception that it meets when it looks for the weights of a layer, and goes on to raise it."""


@KERAS_TELLS_IT_TOO
@pytest.mark.parametrize(("mode", "codes"), [("strict", ["TL301"]), ("lenient", []), ("off", [])])
def test_layers_inside_layers_read_the_mode_of_the_run(mode: Any, codes: list[str]) -> None:
    def run() -> None:
        model = tl.Sequential([Doubling()], mode=mode)
        model.compile("sgd", "mse")
        model.fit(np.ones((4, 4), "float32"), np.ones((4, 3), "float32"), verbose=0)

    with tl.mode("strict" if mode != "strict" else "lenient"):
        assert codes_of(run) == codes


@KERAS_TELLS_IT_TOO
def test_a_model_inside_a_model_keeps_the_outer_mode_unless_it_has_its_own() -> None:
    inner, own = tl.Sequential([Doubling()]), tl.Sequential([Doubling()], mode="lenient")
    assert codes_of(lambda: tl.Sequential([inner], mode="lenient")(tf.ones((2, 4)))) == []
    assert codes_of(lambda: tl.Sequential([own], mode="strict")(tf.ones((2, 4)))) == []
    fresh = tl.Sequential([Doubling()])
    assert codes_of(lambda: tl.Sequential([fresh], mode="strict")(tf.ones((2, 4)))) == ["TL301"]
