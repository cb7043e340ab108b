"""The transformations of a ``tf.data.Dataset`` → how its elements are put together. Nothing is drawn from it.

``DatasetV2._inputs`` gives the datasets that a transformation takes; the classes of transformations are private too.
Where a version of TensorFlow names them in another way, nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any, Final

from typedlayers.bridge.traced import once_in_maps
from typedlayers.facts.data import Pipeline

BATCHES: Final = frozenset({"_BatchDataset", "_ParallelBatchDataset"})

KEEPS: Final = frozenset(
    {
        "_PrefetchDataset", "_ShuffleDataset", "_RepeatDataset", "CacheDataset", "_TakeDataset", "_SkipDataset",
        "_OptionsDataset", "_ShardDataset",
    }
)  # fmt: skip
"""Transformations that leave the elements as they are."""


def pipeline_of(dataset: Any) -> Pipeline | None:
    """Returns how a dataset makes its elements, None if that is not known."""
    if not hasattr(dataset, "_inputs"):
        return None
    batched, whole = 0, dataset
    while True:
        name, inputs = type(dataset).__name__, dataset._inputs()
        if name in BATCHES and not (batched and _drops_remainder(dataset)):
            batched += 1
        elif name not in KEEPS:
            break
        dataset = inputs[0]
    once = once_in_maps(mapped_functions(whole))
    return Pipeline(batched, apart=name == "_ZipDataset" and _share_a_shuffle(inputs), once=once)


def _drops_remainder(dataset: Any) -> bool:
    """True if batches are of one length, as sequences are made that are batched again; also if that is not known."""
    import tensorflow as tf

    found = tf.get_static_value(getattr(dataset, "_drop_remainder", None))
    return found is None or bool(found)


def _share_a_shuffle(branches: Any) -> bool:
    """True if two branches draw from one dataset that is shuffled anew for each of them."""
    found = [set(_shuffles(branch)) for branch in branches]
    return any(one & two for one, two in combinations(found, 2))


def _shuffles(dataset: Any) -> Iterator[int]:
    waiting, met = [dataset], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in met:
            continue
        met.add(id(one))
        if type(one).__name__ == "_ShuffleDataset" and getattr(one, "_reshuffle_each_iteration", False):
            yield id(one)
        waiting += one._inputs()


def is_endless(data: Any) -> bool:
    """Returns True for a ``tf.data.Dataset`` that is known to have no end: one that is repeated without a count."""
    return batches_in(data) == ENDLESS


def mapped_functions(data: Any) -> Iterator[Any]:
    """Yields the functions that a ``tf.data.Dataset`` maps over its elements, each of which is traced once.

    ``StructuredFunctionWrapper._func`` is the function as it was given to ``Dataset.map``.
    """
    waiting, met = [data] if hasattr(data, "_inputs") else [], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in met:
            continue
        met.add(id(one))
        waiting += one._inputs()
        function = getattr(getattr(one, "_map_func", None), "_func", None)
        if function is not None and type(one).__name__ not in _TAKE_ANYTHING:
            yield function


_TAKE_ANYTHING: Final = frozenset({"_GeneratorDataset"})
"""Datasets of a function that is not the user's, but TensorFlow's around it."""

ENDLESS: Final = -1
"""``tf.data.INFINITE_CARDINALITY``."""


def batches_in(data: Any) -> int | None:
    """Returns how many elements a ``tf.data.Dataset`` has, `ENDLESS` if it has no end, None if it is not known."""
    cardinality = getattr(data, "cardinality", None)
    if not hasattr(data, "_inputs") or cardinality is None:
        return None
    import tensorflow as tf

    found = tf.get_static_value(cardinality())
    return None if found is None or int(found) < ENDLESS else int(found)
