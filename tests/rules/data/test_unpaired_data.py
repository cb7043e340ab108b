"""TL534: datasets that are joined after a shuffle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from tests.warned import warned
from typedlayers import layers as L
from typedlayers.bridge.pipelines import unpaired

XS = tf.data.Dataset.from_tensor_slices(np.ones((8, 4), "float32"))
YS = tf.data.Dataset.from_tensor_slices(np.ones((8, 1), "float32"))
PAIRS = tf.data.Dataset.zip((XS, YS))
ONES = tf.data.Dataset.from_tensors(np.ones(1, "float32")).repeat()
zipped = tf.data.Dataset.zip


def mixed(one: Any, two: Any) -> Any:
    return one[0] + two[0], one[1] + two[1]


WRONG = {
    "x alone": (zipped((XS.shuffle(8), YS)).batch(4), True),
    "y alone, then mapped": (zipped((XS, YS.shuffle(8))).map(lambda x, y: (x * 2, y)).batch(4).prefetch(1), True),
    "both, without a seed": (zipped((XS.shuffle(8), YS.shuffle(8))).batch(4), True),
    "both, with two seeds": (zipped((XS.shuffle(8, seed=1), YS.shuffle(8, seed=2))).batch(4), True),
    "both, batched before": (zipped((XS.shuffle(8).batch(4), YS.shuffle(8).batch(4))), True),
}
RIGHT = {
    "both, with one seed": (zipped((XS.shuffle(8, seed=1), YS.shuffle(8, seed=1))).batch(4), False),
    "after the zip": (PAIRS.shuffle(8).batch(4), False),
    "one y for all": (zipped((XS.shuffle(8), ONES)).batch(4), False),
    "pairs that are mixed": (zipped((PAIRS.shuffle(8), PAIRS.shuffle(8))).map(mixed).batch(4), False),
    "no shuffle": (PAIRS.batch(4), False),
}


@pytest.mark.parametrize("name", [*WRONG, *RIGHT])
def test_what_is_read(name: str) -> None:
    data, found = {**WRONG, **RIGHT}[name]
    assert unpaired(data) is found


def test_files_are_shuffled(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text("")
    names = str(tmp_path / "*.txt")
    assert unpaired(zipped((tf.data.Dataset.list_files(names), tf.data.Dataset.list_files(names))))
    in_order = tf.data.Dataset.list_files(names, shuffle=False)
    assert not unpaired(zipped((in_order, in_order)))


class Unpaired(tl.Model):
    """Learns of two sets that have nothing to do with each other."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = L.Dense(1)

    def call(self, x: Any) -> Any:
        return self.dense(x)

    def train_step(self, data: Any) -> Any:
        x, y = data
        return {"loss": tf.reduce_mean(self(x, training=True)) + tf.reduce_mean(y)}


def said(model: Any) -> list[str]:
    model.compile("sgd", "mse")
    with warned("TL534") as found:
        model.fit(zipped((XS.shuffle(8), YS)).batch(4), verbose=0)
    return [one.headline for one in found]


def test_what_is_said() -> None:
    model = tl.Sequential([tl.Input((4,)), L.Dense(1)], name="net")
    assert said(model) == ['x and y of the dataset for Sequential "net" are shuffled, each by itself']
    assert said(Unpaired()) == []
