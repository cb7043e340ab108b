"""Ids are judged by the table that looks them up, also where the user's code calls it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

import typedlayers as tl
from typedlayers import layers

IDS = np.array([[1, 2], [3, 4]] * 4)
Y = np.zeros((8, 1), "float32")


class Subclassed(tl.Model):
    """A table in the call of a model; ids are shifted before it if `shift` is 1."""

    def __init__(self, shift: int = 0) -> None:
        super().__init__()
        self.shift = shift
        self.table, self.flat, self.head = layers.Embedding(4, 3), layers.Flatten(), layers.Dense(1)

    def call(self, x: Any) -> Any:
        ids = x - self.shift if self.shift else x
        return self.head(self.flat(self.table(ids)))


class Named(Subclassed):
    """The same on a dict of two inputs."""

    def call(self, x: Any) -> Any:
        words = self.flat(self.table(x["words"] - self.shift if self.shift else x["words"]))
        return self.head(keras.ops.concatenate([words, x["age"]], axis=-1))


@keras.saving.register_keras_serializable("test_ids_in_code")
class Reader(layers.Layer):
    """A layer of the user's around a table."""

    def __init__(self, shift: int = 0) -> None:
        super().__init__()
        self.shift = shift
        self.table, self.flat = layers.Embedding(4, 3), layers.Flatten()

    def call(self, x: Any) -> Any:
        return self.flat(self.table(x - self.shift if self.shift else x))


def declared(shift: int) -> Any:
    return tl.Sequential([tl.Input((2,), dtype="int64"), Reader(shift), layers.Dense(1)])


def undeclared(shift: int) -> Any:
    return tl.Sequential([Reader(shift), layers.Dense(1)])


FORMS: dict[str, tuple[Callable[[int], Any], Any]] = {
    "a subclassed model": (Subclassed, IDS),
    "a dict of inputs": (Named, {"words": IDS, "age": np.ones((8, 1), "float32")}),
    "a layer of the user's": (declared, IDS),
    "a layer of the user's without an Input": (undeclared, IDS),
}


@pytest.mark.parametrize(("make", "x"), FORMS.values(), ids=list(FORMS))
def test_an_id_that_the_table_lacks_is_said_before_a_step(make: Callable[[int], Any], x: Any) -> None:
    model = make(0)
    model.compile("sgd", "mse")
    with pytest.raises(tl.ContractError, match="knows 4 ids, 0 to 3, but gets 4") as caught:
        model.fit(x, Y, verbose=0)
    assert [one.code for one in caught.value.diagnostics] == ["TL512"]
    assert int(model.optimizer.iterations) == 0


@pytest.mark.parametrize(("make", "x"), FORMS.values(), ids=list(FORMS))
def test_what_is_computed_of_the_ids_first_is_not_judged(make: Callable[[int], Any], x: Any) -> None:
    model = make(1)
    model.compile("sgd", "mse")
    model.fit(x, Y, verbose=0)
    assert int(model.optimizer.iterations) == 1
