"""What a ``{...}`` reads, and that no code of the user's runs for it."""

from __future__ import annotations

import functools
import types
from collections import namedtuple
from typing import Any

import keras
import numpy as np
import pytest
from jaxtyping import Float

import typedlayers as tl
from typedlayers.contracts.attributes import CodeOfTheUsers, attribute, item


class Held:
    """Everything that can stand behind a name."""

    of_class = 3

    def __init__(self) -> None:
        self.plain = 4

    @property
    def computed(self) -> int:
        raise AssertionError("the property ran")

    @functools.cached_property
    def cached(self) -> int:
        return 5


class Slots:
    __slots__ = ("size",)

    def __init__(self) -> None:
        self.size = 6


class Dynamic:
    def __getattr__(self, name: str) -> int:
        raise AssertionError("__getattr__ ran")

    def __getitem__(self, index: int) -> int:
        raise AssertionError("__getitem__ ran")


class Descriptor:
    def __get__(self, *_: Any) -> int:
        raise AssertionError("__get__ ran")


class Described:
    size = Descriptor()


ONCE = Held()
assert ONCE.cached == 5

READ = {
    "plain": (Held(), "plain", 4),
    "of the class": (Held(), "of_class", 3),
    "a cached property that was computed": (ONCE, "cached", 5),
    "slots": (Slots(), "size", 6),
    "a namespace": (types.SimpleNamespace(units=7), "units", 7),
    "a named tuple": (namedtuple("Sizes", "units")(8), "units", 8),
    "a property of NumPy": (np.zeros((2, 3)), "shape", (2, 3)),
    "a property of Keras": (keras.layers.Dense(2, dtype="float16"), "compute_dtype", "float16"),
    "an attribute of Keras": (keras.layers.Dense(2), "units", 2),
    "one of a wrapper": (keras.layers.Bidirectional(keras.layers.GRU(2)), "return_sequences", False),
}  # fmt: skip


@pytest.mark.parametrize(("value", "name", "read"), READ.values(), ids=list(READ))
def test_what_is_read(value: Any, name: str, read: Any) -> None:
    assert attribute(value, name) == read


NOT_RUN = {
    "a property": (Held(), "computed"),
    "a cached property": (Held(), "cached"),
    "__getattr__": (Dynamic(), "size"),
    "a descriptor": (Described(), "size"),
}


@pytest.mark.parametrize(("value", "name"), NOT_RUN.values(), ids=list(NOT_RUN))
def test_what_is_not_run(value: Any, name: str) -> None:
    with pytest.raises(CodeOfTheUsers):
        attribute(value, name)


def test_items() -> None:
    assert item([1, 2], -1) == item({"a": 2}, "a") == 2
    with pytest.raises(CodeOfTheUsers):
        item(Dynamic(), 0)
    with pytest.raises(AttributeError):
        attribute(Held(), "nothing")


RAN: list[str] = []


class Wide(tl.Layer):
    @property
    def units(self) -> int:
        RAN.append("units")
        return 5

    def call(self, x: Any) -> Any:
        return x


@pytest.mark.parametrize("dims", ["batch {self.units}", "batch {self.units}+{self.compute_dtype.units}"])
def test_an_annotation_runs_no_property(dims: str) -> None:
    layer = tl.annotate(Wide(), inputs=Float[tl.Tensor, dims])
    assert layer(np.zeros((2, 3), "float32")).shape == (2, 3)  # not known, so it fits everything
    assert RAN == []
