"""How a dataset puts its elements together: names of TensorFlow's own, each as this version has it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from typedlayers.bridge.pipelines import pipeline_of
from typedlayers.facts.data import Pipeline

ROWS = tf.data.Dataset.from_tensor_slices(np.ones((24, 3), "float32"))


def halves(ds: Any) -> Any:
    """Two datasets that read from one, side by side."""
    return tf.data.Dataset.zip((ds.map(lambda one: one + 1), ds.map(lambda two: two + 2)))


APART = halves(ROWS.shuffle(8))

PIPELINES = {
    "not batched": (ROWS, Pipeline(0)),
    "once": (ROWS.batch(4).prefetch(1), Pipeline(1)),
    "in parallel": (ROWS.batch(4, num_parallel_calls=2), Pipeline(1)),
    "twice": (ROWS.batch(4).shuffle(4).repeat(2).batch(2).cache().take(2), Pipeline(2)),
    "sequences of one length, then batches of them": (ROWS.batch(4, drop_remainder=True).batch(2), Pipeline(1)),
    "a map between makes something else": (ROWS.batch(4).map(lambda one: one[:, 0]).batch(2), Pipeline(1)),
    "unbatched between": (ROWS.batch(4).unbatch().batch(2), Pipeline(1)),
    "one shuffle, read twice": (APART.batch(4), Pipeline(1, apart=True)),
    "with a seed": (halves(ROWS.shuffle(8, seed=1)), Pipeline(0, apart=True)),
    "in one order for good": (halves(ROWS.shuffle(8, reshuffle_each_iteration=False)), Pipeline(0)),
    "shuffled after the zip": (halves(ROWS).shuffle(8), Pipeline(0)),
    "two shuffles": (tf.data.Dataset.zip((ROWS.shuffle(8), ROWS.shuffle(8))), Pipeline(0, unpaired=True)),
    "mixed by a map": (APART.map(lambda one, two: one + two).batch(4), Pipeline(1)),
}


@pytest.mark.parametrize("name", PIPELINES)
def test_pipelines(name: str) -> None:
    dataset, expected = PIPELINES[name]
    assert pipeline_of(dataset) == expected


def test_what_is_no_dataset_of_this_version_is_unknown() -> None:
    assert pipeline_of(object()) is None


def test_two_maps_of_one_shuffle_do_come_in_two_orders() -> None:
    numbers = tf.data.Dataset.range(40).shuffle(40, seed=1)
    assert any(int(one) + 1 != int(two) for one, two in halves(numbers))
