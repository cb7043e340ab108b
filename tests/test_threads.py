"""Modes where context variables do not reach: replicas of a strategy, workers of a PyDataset, `Dataset.map`."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers
from typedlayers.bridge.model_state import OWN_EVALUATION, model_state
from typedlayers.models import _methods as methods
from typedlayers.models._run import current_run


@pytest.fixture(scope="module")
def replicas() -> dict[str, Any]:
    program = Path(__file__).with_name("strategy_program.py")
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("situation", "codes"),
    [
        ("strict", ["TL305"]),
        ("lenient", []),
        ("off", []),
        ("strict, several steps", ["TL305"]),
        ("arrays", ["TL502"]),
        ("dataset", ["TL502"]),
        ("distributed", ["TL502"]),
        ("targets", ["TL602"]),
        ("targets, several steps", ["TL602"]),
        ("targets, subclassed", ["TL602"]),
        ("bytes, strict", ["TL401"]),
        ("bytes, lenient", []),
    ],
)
def test_replicas_of_a_mirrored_strategy(replicas: dict[str, Any], situation: str, codes: list[str]) -> None:
    assert replicas[situation] == codes


def test_replicas_train_behind_the_layer_that_lenient_mode_puts_first(replicas: dict[str, Any]) -> None:
    assert replicas["front"] == ["Rescaling", True]


class Batches(keras.utils.PyDataset):
    """Prepares its batches with a typed layer, in a worker thread."""

    def __init__(self, prepare: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.prepare = prepare
        self.threads: set[str] = set()

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: int) -> Any:
        self.threads.add(threading.current_thread().name)
        x = self.prepare(tf.constant(np.ones((2, 3)), "float64"))
        return np.asarray(x), np.ones((2, 1), "float32")


def net() -> Any:
    model = tl.Sequential([tl.Input((5,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


def test_a_worker_of_a_pydataset_has_the_mode_of_the_process() -> None:
    tl.set_mode("lenient")
    data = Batches(layers.Dense(5), workers=2)
    net().fit(data, verbose=0)
    assert threading.current_thread().name not in data.threads - {"MainThread"}
    assert len(data.threads) > 1


def test_a_mistake_in_a_worker_of_a_pydataset_arrives() -> None:
    with pytest.raises(tl.ContractError) as caught:
        net().fit(Batches(layers.Dense(5), workers=2), verbose=0)
    assert caught.value.diagnostics[0].code == "TL301"


def test_a_layer_in_dataset_map_takes_the_mode_in_force_where_it_is_mapped() -> None:
    data = tf.data.Dataset.from_tensor_slices(tf.ones((4, 2, 3), "float64"))
    layer = layers.Dense(5)
    layer.build((None, 3))
    with tl.mode("lenient"):
        mapped = data.map(lambda x: layer(x + x), num_parallel_calls=2)
    assert mapped.element_spec.shape == (2, 5)
    with pytest.raises(tl.ContractError) as caught:
        data.map(lambda x: layer(x + x), num_parallel_calls=2)
    assert caught.value.diagnostics[0].code == "TL301"


def test_two_threads_have_a_mode_each() -> None:
    found: dict[str, Any] = {}
    start = threading.Barrier(2)

    def work(mode: str) -> None:
        with tl.mode(mode):
            model = tl.Sequential([tl.Input((3,)), layers.Dense(2)])
            start.wait()
            try:
                model(tf.ones((2, 3), "float64"))
                found[mode] = "ran"
            except tl.ContractError as error:
                found[mode] = error.diagnostics[0].code

    threads = [threading.Thread(target=work, args=(mode,)) for mode in ("strict", "lenient")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"strict": "TL301", "lenient": "ran"}


def test_a_model_s_own_mode_goes_before_that_of_the_thread() -> None:
    model = tl.Sequential([tl.Input((3,)), layers.Dense(2)], mode="lenient")
    with tl.mode("strict"):
        assert model(tf.ones((2, 3), "float64")).dtype == "float32"


# --------------------------------------------------------------------------------------- runs that overlap
class Slow(tl.Layer):
    """Waits in each eager call until all who take part have come."""

    def __init__(self, barrier: threading.Barrier, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.barrier = barrier

    def call(self, x: Any) -> Any:
        if tf.executing_eagerly():
            self.barrier.wait(10)
        return x


def table_model(*before: Any, **more: Any) -> Any:
    model = tl.Sequential([tl.Input((4,)), *before, layers.Dense(1)], **more)
    model.compile("sgd", "mse")
    return model


ROWS, ONES = np.ones((8, 4), "float32"), np.ones((8, 1), "float32")


def refuses(model: Any) -> bool:
    try:
        model(np.ones((8, 5), "float32"))
    except tl.ContractError:
        return True
    return False


def test_calls_that_overlap_leave_the_checks_on() -> None:
    barrier = threading.Barrier(2)
    model = table_model(Slow(barrier))
    barrier.reset()
    threads = [threading.Thread(target=model, args=(ROWS,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refuses(model)


def test_a_training_in_one_thread_does_not_stop_the_checks_of_another() -> None:
    refused: list[bool] = []

    class Elsewhere(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            thread = threading.Thread(target=lambda: refused.append(refuses(self.model)))
            thread.start()
            thread.join()

    table_model().fit(ROWS, ONES, verbose=0, callbacks=[Elsewhere()])
    assert refused == [True]


class InTheMiddle(keras.callbacks.Callback):
    """Does something with the model after each epoch."""

    def __init__(self, action: Any) -> None:
        super().__init__()
        self.action, self.codes = action, list[str]()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        try:
            self.action(self.model)
        except tl.ContractError as error:
            self.codes += [one.code for one in error.diagnostics]


WIDE = np.ones((8, 5), "float32")

IN_A_CALLBACK = {
    "a call": (lambda model: model(WIDE), ["TL502"]),
    "evaluate": (lambda model: model.evaluate(WIDE, ONES, verbose=0), ["TL502"]),
    "predict": (lambda model: model.predict(WIDE, verbose=0), ["TL502"]),
    "a right call": (lambda model: model(ROWS), []),
    "a right evaluate": (lambda model: model.evaluate(ROWS, ONES, verbose=0), []),
}


@pytest.mark.parametrize("name", IN_A_CALLBACK)
def test_what_a_callback_does_is_judged_as_by_itself(name: str) -> None:
    action, codes = IN_A_CALLBACK[name]
    callback = InTheMiddle(action)
    table_model().fit(ROWS, ONES, epochs=2, verbose=0, callbacks=[callback], validation_data=(ROWS, ONES))
    assert callback.codes == codes * 2


def test_the_evaluation_of_fit_itself_is_known_by_its_argument() -> None:
    given: list[dict[str, Any]] = []

    class Noted(keras.Sequential):
        def evaluate(self, *args: Any, **named: Any) -> Any:
            given.append(named)
            return super().evaluate(*args, **named)

    model = Noted([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(ROWS, ONES, verbose=0, validation_data=(ROWS, ONES))
    assert [OWN_EVALUATION in named for named in given] == [True]


# ------------------------------------------------------------------------------ a run that does not begin
@pytest.mark.parametrize("step", ["mark_of", "as_traced"])
def test_a_run_that_fails_as_it_begins_leaves_nothing_behind(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("planted")

    model = small()
    model_state(model).traced = {}
    monkeypatch.setattr(methods, step, fails)
    with pytest.raises(RuntimeError, match="planted"):
        model.fit(np.zeros((4, 3), "float32"), np.zeros((4, 1)), verbose=0)
    assert current_run() is None
    assert (model_state(model).own_run.here, model_state(model).own_run.anywhere) == (None, None)
    monkeypatch.undo()
    with pytest.raises(tl.ContractError):
        model(np.zeros((4, 5), "float32"))


def small() -> Any:
    model = tl.Sequential([tl.Input((3,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    return model
