"""A large eager batch goes through a compiled kernel: for few shapes, for those met again, right in every thread."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from typedlayers.adapters import eager
from typedlayers.diagnostics.model import Repair

UNIT = Repair("rescale", dtype="float32", scale=1 / 255)
FACTOR = np.float32(1 / 255)


@pytest.fixture(autouse=True)
def compiled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Repair]]:
    """A fresh cache, for tensors of any size; the repairs that were compiled."""
    made: list[Repair] = []
    original = eager._compile

    def counting(repair: Repair) -> Any:
        made.append(repair)
        return original(repair)

    eager._compiled.clear()
    monkeypatch.setattr(eager, "LARGE", 8)
    monkeypatch.setattr(eager, "_compile", counting)
    yield made
    eager._compiled.clear()


def bytes_of(size: int) -> np.ndarray:
    return (np.arange(size * 3) % 256).reshape(size, 3).astype("uint8")


def assert_scaled(size: int) -> None:
    x = bytes_of(size)
    got = eager.repaired(UNIT, tf.constant(x)).numpy()
    assert got.tobytes() == (x.astype("float32") * FACTOR).tobytes()


def test_compiled_when_met_again(compiled: list[Repair]) -> None:
    for expected in (0, 1, 1, 1):
        assert_scaled(16)
        assert len(compiled) == expected


def test_sizes_met_once_take_plain_ops(compiled: list[Repair]) -> None:
    for size in range(10, 40):
        assert_scaled(size)
    assert not compiled
    assert len(eager._compiled) <= eager.KEPT


def test_bounded_and_the_oldest_goes_first(compiled: list[Repair]) -> None:
    sizes = range(10, 10 + 2 * eager.KEPT)
    for size in sizes:
        assert_scaled(size)
        assert_scaled(size)
        assert len(eager._compiled) <= eager.KEPT
    assert len(compiled) == len(sizes)
    assert_scaled(sizes[-1])
    assert len(compiled) == len(sizes)
    assert_scaled(sizes[0])
    assert_scaled(sizes[0])
    assert len(compiled) == len(sizes) + 1


def test_repairs_and_dtypes_do_not_meet(compiled: list[Repair]) -> None:
    x = tf.constant(bytes_of(16))
    cast = Repair("cast", dtype="float16")
    for _ in range(3):
        assert eager.repaired(UNIT, x).dtype == tf.float32
        assert eager.repaired(cast, x).dtype == tf.float16
        assert eager.repaired(cast, tf.cast(x, tf.int32)).dtype == tf.float16
    assert len(compiled) == 3


@pytest.mark.parametrize("kind", ["small", "array", "flatten", "symbolic", "traced"])
def test_everything_else_takes_plain_ops(kind: str, compiled: list[Repair]) -> None:
    x = bytes_of(16)
    for _ in range(3):
        match kind:
            case "small":
                eager.repaired(UNIT, tf.constant(x[:2]))
            case "array":
                eager.repaired(UNIT, x)
            case "flatten":
                eager.repaired(Repair("flatten"), tf.constant(x))
            case "symbolic":
                eager.repaired(UNIT, keras.Input((3,), 16, dtype="uint8"))
            case "traced":
                tf.function(lambda x: eager.repaired(UNIT, x))(tf.constant(x))
    assert not compiled
    assert not eager._compiled


def test_right_in_every_thread(compiled: list[Repair]) -> None:
    sizes = [10 + number % (2 * eager.KEPT) for number in range(200)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(assert_scaled, sizes))
    assert len(eager._compiled) <= eager.KEPT


def test_threads_share_what_was_compiled(compiled: list[Repair]) -> None:
    assert_scaled(16)
    assert_scaled(16)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(assert_scaled, [16] * 40))
    assert len(compiled) == 1
