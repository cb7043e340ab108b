"""Sixteen threads on one layer and one model, each in a mode of its own: every call is answered as if it were alone."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers, modes
from typedlayers.bridge import resolved
from typedlayers.bridge.layer_state import state_of

THREADS, CALLS = 16, 625  # 10,000 calls of the layer
FEWER = 100

MODES = [
    ("strict", "TL301"),
    ("lenient", "cast"),
    ("off", "ran"),
    (tl.Mode(cast="warn"), "warned"),
]
"""A mode, and what it makes of a float64 tensor. Each thread has a value of its own that is equal to no other's."""


def mode_of(number: int) -> tuple[Any, str]:
    mode, said = MODES[number % len(MODES)]
    known = {"strict": tl.Mode(), "lenient": modes.LENIENT, "off": modes.OFF}.get(mode, mode)
    return replace(known, probe_seconds=1.0 + number), said


@pytest.fixture(autouse=True)
def _switching() -> Iterator[None]:
    """Threads give way as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def said_of(work: Callable[[], Any]) -> str:
    try:
        work()
    except tl.ContractError as error:
        return error.diagnostics[0].code
    return "ran"


def together(work: Callable[[int], Iterator[tuple[str, str]]]) -> Counter[tuple[str, str]]:
    """Runs the work of each thread; returns how often it was answered how, by what was expected."""
    found: Counter[tuple[str, str]] = Counter()
    start, lock = threading.Barrier(THREADS), threading.Lock()
    failures: list[BaseException] = []

    def run(number: int) -> None:
        try:
            start.wait()
            own = Counter(work(number))
            with lock:
                found.update(own)
        except BaseException as failure:  # noqa: BLE001 - handed to the test's own thread
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    return found


def unlike(found: Counter[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The calls that were answered otherwise than alone."""
    return {pair: count for pair, count in found.items() if pair[0] != pair[1]}


EXPECTED = {"TL301": "TL301", "cast": "ran", "ran": "ran", "warned": "ran"}


def calls(called: Any, number: int, count: int = CALLS, code: str = "TL203") -> Iterator[tuple[str, str]]:
    """Right calls, wrong shapes and float64 tensors of ever new batch sizes, in the thread's own mode."""
    mode, said = mode_of(number)
    wrong = "ran" if said == "ran" else code
    doubles, floats, narrow = (tf.ones((2, 4), dtype) for dtype in ("float64", "float32", "float32"))
    narrow = narrow[:, :3]
    for step in range(count):
        with tl.mode(mode):
            if step % 3 == 1:
                yield "ran", said_of(lambda: called(floats))
            elif step % 3 == 2 and wrong != "ran":
                yield wrong, said_of(lambda: called(narrow))
            else:
                yield EXPECTED[said], said_of(lambda: called(doubles))


@pytest.mark.filterwarnings("ignore::typedlayers.ContractWarning")
def test_one_layer_in_sixteen_modes() -> None:
    layer = layers.Dense(3)
    layer(tf.ones((1, 4)))
    found = together(lambda number: calls(layer, number))
    assert unlike(found) == {}
    assert sum(found.values()) == THREADS * CALLS
    (entry,) = tl.repairs(layer)
    assert str(entry.repair) == "cast to float32"


@pytest.mark.filterwarnings("ignore::typedlayers.ContractWarning")
def test_one_model_in_sixteen_modes() -> None:
    model = tl.Sequential([tl.Input((4,)), layers.Dense(3), layers.Dense(2)])
    model(np.ones((1, 4), "float32"))
    found = together(lambda number: calls(model, number, FEWER, "TL502"))
    assert unlike(found) == {}


@pytest.mark.filterwarnings("ignore::typedlayers.ContractWarning")
def test_one_layer_whose_contract_is_dropped_all_the_time() -> None:
    layer = layers.Dense(3)
    layer(tf.ones((1, 4)))
    spec = layer.input_spec

    def work(number: int) -> Iterator[tuple[str, str]]:
        if number == 0:
            for _ in range(FEWER):
                layer.input_spec = type(spec)(min_ndim=2, axes=spec.axes)  # as a build anew does
                yield "ran", "ran"
            return
        yield from calls(layer, number, FEWER)

    found = together(work)
    assert unlike(found) == {}


def test_a_contract_that_is_dropped_while_it_is_resolved_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the other thread's ``forget`` runs between the lines of `contract_for`: the layer stayed unchecked before."""
    layer = layers.Dense(3)
    state, resolve = state_of(layer), resolved._resolve
    assert state is not None

    def dropped(*args: Any) -> Any:
        found = resolve(*args)
        state.forget()
        return found

    monkeypatch.setattr(resolved, "_resolve", dropped)
    for _ in range(2):
        assert resolved.contract_for(layer, state) is not None
