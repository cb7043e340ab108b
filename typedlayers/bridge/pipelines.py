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
    apart = name == "_ZipDataset" and _share_a_shuffle(inputs)
    return Pipeline(
        batched,
        apart=apart,
        once=once,
        frozen=keeps_random_elements(whole),
        wraps=wrapped_bytes(whole),
        unpaired=unpaired(whole),
    )


def unpaired(dataset: Any) -> bool:
    """Returns True if the two parts of each element are drawn from shuffles of their own, each in its own order.

    A part is one tensor: of pairs that are joined, as images are mixed with others, each holds its own target.
    """
    while type(dataset).__name__ in (*KEEPS, *BATCHES, *_MAPS):
        dataset = dataset._inputs()[0]
    if type(dataset).__name__ != "_ZipDataset" or len(dataset._inputs()) != 2:
        return False
    branches = dataset._inputs()
    if any(isinstance(one.element_spec, tuple | dict | list) or _is_constant(one) for one in branches):
        return False
    if _share_a_shuffle(branches):
        return False  # TL522 knows it
    first, second = ({id(one): one for one in _above(branch)} for branch in branches)
    one, two = list(_orders(first, second)), list(_orders(second, first))
    return bool(one or two) and (one != two or None in one)


def _orders(branch: dict[int, Any], other: dict[int, Any]) -> Iterator[tuple[int, ...] | None]:
    """The orders of the shuffles of one branch alone."""
    return (_order(one) for key, one in branch.items() if key not in other and type(one).__name__ == "_ShuffleDataset")


_MAPS: Final = frozenset({"_MapDataset", "_ParallelMapDataset"})


def _order(shuffle: Any) -> tuple[int, ...] | None:
    """What decides the order of a shuffle, None if it is another one each time; unknown orders are all alike."""
    import tensorflow as tf

    found = [tf.get_static_value(getattr(shuffle, name, None)) for name in ("_seed", "_seed2", "_buffer_size")]
    if None in found:
        return ()
    seed, seed2, size = (int(one) for one in found)
    return None if (seed, seed2) == (0, 0) else (seed, seed2, size)


def _is_constant(branch: Any) -> bool:
    """True of one element over and over."""
    return any(type(one).__name__ == "_TensorDataset" for one in _above(branch))


def _above(dataset: Any) -> Iterator[Any]:
    """A dataset and those that it takes its elements from, the last transformation first."""
    waiting, met = [dataset] if hasattr(dataset, "_inputs") else [], set[int]()
    while waiting:
        one = waiting.pop(0)
        if id(one) not in met:
            met.add(id(one))
            yield one
            waiting += one._inputs()


_PARTS: Final = frozenset({"_TakeDataset", "_SkipDataset", "_ShardDataset"})


def shares_a_split(training: Any, validation: Any) -> bool:
    """Returns True if two datasets are parts of one that is shuffled anew each time, so that elements change sides."""
    return bool(set(_split_shuffles(training)) & set(_split_shuffles(validation)))


def _split_shuffles(dataset: Any) -> Iterator[int]:
    """The shuffles that a part of a dataset is cut from; what is cached between is cut once for all."""
    for part in _above(dataset):
        if type(part).__name__ in _PARTS:
            one = part._inputs()[0]
            while type(one).__name__ in KEEPS and type(one).__name__ != "CacheDataset":
                if type(one).__name__ == "_ShuffleDataset" and getattr(one, "_reshuffle_each_iteration", False):
                    yield id(one)
                one = one._inputs()[0]


LEAST_STEP: Final = 16
"""From here on a number that is taken from bytes, or added to them, is none that moves labels."""


def wrapped_bytes(dataset: Any) -> str:
    """Returns what a mapped function takes from pictures of bytes, or adds to them, in bytes: ``- 128``; or ""."""
    for one in _above(dataset):
        trace = getattr(getattr(one, "_map_func", None), "function", None)
        for op in () if trace is None else trace.graph.get_operations():
            found = _wrapped(op) if op.type in ("Sub", "AddV2") else ""
            if found:
                return found
    return ""


def _wrapped(op: Any) -> str:
    import tensorflow as tf

    left, right = op.inputs
    number = tf.get_static_value(right)
    of_bytes = left.dtype == tf.uint8 and left.shape.rank is not None and left.shape.rank >= 3
    if not of_bytes or number is None or number.ndim or int(number) < LEAST_STEP:
        return ""
    return f"{'-' if op.type == 'Sub' else '+'} {int(number)}"


_DRAWS: Final = frozenset(
    {"RandomUniform", "RandomUniformInt", "RandomStandardNormal", "TruncatedNormal", "RandomShuffle", "Multinomial"}
)
_COUNTS_ON: Final = frozenset({"AssignVariableOp", "AssignAddVariableOp"})


def keeps_random_elements(dataset: Any) -> bool:
    """Returns True if a dataset keeps, for all epochs, what a function of random numbers made in the first.

    ``StructuredFunctionWrapper.function`` is the trace of a mapped function.
    """
    kept = [one for one in _above(dataset) if type(one).__name__ == "CacheDataset"]
    mapped = (one for cache in kept for one in _above(cache))
    return any(map(_draws, {id(one): one for one in mapped}.values()))


def _draws(mapped: Any) -> bool:
    trace = getattr(getattr(mapped, "_map_func", None), "function", None)
    if trace is None:
        return False
    graph = trace.graph.as_graph_def()
    ops = {node.op for node in graph.node}
    ops |= {node.op for function in graph.library.function for node in function.node_def}
    # what is drawn of a given key is drawn anew only if the key is counted on, as a SeedGenerator does it
    by_key = any(op.startswith("StatelessRandom") for op in ops) and bool(ops & _COUNTS_ON)
    return by_key or bool(ops & _DRAWS)


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
    for one in _above(dataset):
        if type(one).__name__ == "_ShuffleDataset" and getattr(one, "_reshuffle_each_iteration", False):
            yield id(one)


def is_endless(data: Any) -> bool:
    """Returns True for a ``tf.data.Dataset`` that is known to have no end: one that is repeated without a count."""
    return batches_in(data) == ENDLESS


def mapped_functions(data: Any) -> Iterator[Any]:
    """Yields the functions that a ``tf.data.Dataset`` maps over its elements, each of which is traced once.

    ``StructuredFunctionWrapper._func`` is the function as it was given to ``Dataset.map``.
    """
    for one in _above(data):
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
