"""The fixes of one mistake are the same, whichever way a model and its data come to be looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers.diagnostics.model import Diagnostic

X = np.random.default_rng(0).normal(size=(12, 9, 4)).astype("float32")
PAIRS = [np.arange(12)[:, None] % 5, np.arange(12)[:, None] % 7]
NUMBERS = np.linspace(-1, 1, 12).astype("float32")
IDS = np.arange(12) % 3


def steps(namespace: Any = tl.keras, *, declared: bool = True) -> Any:
    """One answer is wanted for each sequence, and one comes for each step."""
    layers = namespace.layers
    stack = [layers.LSTM(6, return_sequences=True, name="steps"), layers.Dense(3, activation="softmax", name="class")]
    model = namespace.Sequential([namespace.Input((9, 4)), *stack] if declared else stack)
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


class Own(tl.Model):
    """A model whose outputs no graph tells."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = tl.layers.LSTM(6, return_sequences=True, name="steps")
        self.head = tl.layers.Dense(3, activation="softmax", name="class")

    def call(self, x: Any) -> Any:
        return self.head(self.steps(x))


def own() -> Any:
    model = Own()
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def products(namespace: Any = tl.keras) -> Any:
    """A score is wanted for each pair, and all numbers of one are multiplied with all of the other."""
    layers = namespace.layers
    ids = [namespace.Input((1,), dtype="int32") for _ in range(2)]
    rows = [layers.Embedding(8, 5, name=f"rows{number}")(one) for number, one in enumerate(ids)]
    model = namespace.Model(ids, layers.Dot(axes=1, name="score")(rows))
    model.compile("sgd", "mse")
    return model


def raised(run: Callable[[], object]) -> Sequence[Diagnostic]:
    with pytest.raises(tl.ContractError) as error:
        run()
    return error.value.diagnostics


def as_dataset(x: Any, y: Any) -> tf.data.Dataset:
    return tf.data.Dataset.from_tensor_slices((tuple(x) if isinstance(x, list) else x, y)).batch(4)


DOORS: dict[str, Callable[[Any, Any, Any], Sequence[Diagnostic]]] = {
    "fit": lambda model, x, y: raised(lambda: model.fit(x, y, verbose=0)),
    "evaluate": lambda model, x, y: raised(lambda: model.evaluate(x, y, verbose=0)),
    "train_on_batch": lambda model, x, y: raised(lambda: model.train_on_batch(x, y)),
    "fit a dataset": lambda model, x, y: raised(lambda: model.fit(as_dataset(x, y), verbose=0)),
    "check": lambda model, x, y: tl.check(model, x, targets=y).errors,
}

PROGRAMS = {
    "declared": (steps, X, IDS, 'return_sequences=False in "steps"'),
    "undeclared": (lambda: steps(declared=False), X, IDS, 'return_sequences=False in "steps"'),
    "subclassed": (own, X, IDS, 'return_sequences=False in "steps"'),
    "searched": (
        products,
        PAIRS,
        NUMBERS,
        'layers.Flatten() before "score", on inputs[0] and layers.Flatten() before "score", on inputs[1]',
    ),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("program", PROGRAMS)
def test_each_door_offers_the_same(program: str, door: str) -> None:
    make, x, y, fix = PROGRAMS[program]
    (found,) = DOORS[door](make(), x, y)
    assert [found.code, found.fixes[0].text] == ["TL601", fix]


@pytest.mark.parametrize("make", [steps, products])
def test_a_plain_model_is_offered_the_same(make: Callable[[Any], Any]) -> None:
    x, y = (X, IDS) if make is steps else (PAIRS, NUMBERS)
    plain, typed = (tl.check(make(namespace), x, targets=y).errors for namespace in (keras, tl.keras))
    assert [one.fixes[0].text for one in plain] == [one.fixes[0].text for one in typed]
