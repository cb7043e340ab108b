"""What ``fit``, ``evaluate`` and ``predict`` are given → the specs of one batch. Nothing is drawn from it."""

from __future__ import annotations

import types
import weakref
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import keras
import numpy as np

from typedlayers.bridge.backend import lacks_values
from typedlayers.bridge.on_device import readable
from typedlayers.bridge.pipelines import pipeline_of
from typedlayers.bridge.rows import columns_of, frame_spec, is_frame, is_nullable, is_rows, rows_spec
from typedlayers.bridge.tensors import is_tensor, spec_of
from typedlayers.facts.data import Batch as Batch
from typedlayers.facts.data import Source as Source
from typedlayers.facts.values import Values
from typedlayers.spec import Carrier, SpecTree, place_of

UNKNOWN: Final = {Source.GENERATOR: "the generator", Source.PYDATASET: "the PyDataset", Source.OTHER: "x"}
"""Sources of which nothing is known before Keras draws from them, in a user's words."""


def batch_of(x: Any, y: Any = None, weight: Any = None) -> Batch:
    """Returns what is known of the batches that a data source gives.

    Args:
        x: whatever ``fit``, ``evaluate`` and ``predict`` take.
        y: the targets, where x does not hold them.
        weight: the sample weights, where x does not hold them.
    """
    source = source_of(x)
    if source in UNKNOWN:
        return Batch(None, what=UNKNOWN[source], source=source)
    if source is Source.DATASET:
        parts = unpacked(element_spec_of(x))
        specs = [_read(part, Carrier.DATASET) for part in parts]
        return Batch(*specs, what="the dataset", source=source, ragged=_ragged(parts), pipeline=pipeline_of(x))
    x, y, weight = map(single, (x, y, weight))
    if _is_symbolic(x):
        return Batch(None, what="x", source=source)
    columns = columns_of(x) if is_frame(x) else ()
    return Batch(
        *map(_read, (x, y, weight)),
        what="the data frame" if columns else "x",
        source=source,
        values=_values(x),
        targets=_values(y),
        weights=_values(weight),
        lists=_places(is_rows, (x, y, weight)),
        ragged=_ragged((x, y, weight)),
        nullable=_places(is_nullable, (x, y, weight)),
        columns=columns,
    )


def drawn_batch(drawn: Any, what: str) -> Batch:
    """Returns what is known of a batch that was drawn: ``x``, ``(x,)``, ``(x, y)`` or ``(x, y, weight)``.

    Args:
        drawn: the batch; of a distributed one the first replica's part is looked at.
        what: the data in the user's names: ``the generator``.
    """
    x, y, weight = (_map(_first_replica, part) for part in unpacked(drawn))
    return Batch(
        *[_read(part, Carrier.DATASET) for part in (x, y, weight)],
        what=what,
        source=Source.DRAWN,
        values=_values(x),
        targets=_values(y),
        weights=_values(weight),
        lists=_places(is_rows, (x, y, weight)),
        ragged=_ragged((x, y, weight)),
    )


def peeked(generator: Any) -> tuple[Any, Any]:
    """Returns the first batch of a generator, and a generator that gives it and then the rest.

    An empty generator is returned as it is, with None: Keras says what it thinks of that. What the user's generator
    raises is the user's.
    """
    for first in generator:
        return first, _from_first(first, generator)
    return None, generator


def _from_first(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    yield first
    for batch in rest:  # noqa: UP028 - `yield from` closes the user's generator where this one is given up
        yield batch


def source_of(x: Any) -> Source:
    """Returns the kind of a data source, told as Keras tells it."""
    if isinstance(x, types.GeneratorType):
        return Source.GENERATOR
    if isinstance(x, keras.utils.PyDataset):
        return Source.PYDATASET
    if element_spec_of(x) is not None:
        return Source.DATASET
    return Source.ARRAYS if _is_arrays(x) else Source.OTHER


def element_spec_of(source: Any) -> Any:
    """Returns the ``element_spec`` of a ``tf.data.Dataset`` or a distributed one, None of anything else."""
    if isinstance(source, np.ndarray) or is_tensor(source):
        return None
    # a subclass of the user's has a module of its own
    ours = any(parent.__module__.startswith("tensorflow") for parent in type(source).__mro__)
    return getattr(source, "element_spec", None) if ours else None


def identity_of(model: Any, source: Any) -> Any:
    """Returns what a dataset, and what is compared with it, are known again by; None of data that are drawn once."""
    if element_spec_of(source) is None or isinstance(source, Iterator):
        return None
    compiled = getattr(model, "_compile_loss", None)
    return weakref.ref(source), None if compiled is None else weakref.ref(compiled)


def unpacked(data: Any) -> tuple[Any, Any, Any]:
    """Returns x, y and weights of a batch as Keras takes it apart; nothing of what Keras refuses."""
    if not isinstance(data, list | tuple):
        return data, None, None
    parts = [*map(single, data)] if len(data) <= 3 else []
    x, y, weight = (*parts, *[None] * (3 - len(parts)))
    return x, y, weight


def single(value: Any) -> Any:
    """Returns the tensor in a list of one tensor, everything else as it is."""
    return value[0] if isinstance(value, list | tuple) and len(value) == 1 and is_tensor(value[0]) else value


def signature_of(value: Any) -> Any:
    """What a check of a tensor, an array or a nest depends on, its values apart; None for everything else.

    A spec says the same, but takes ten times as long to make.
    """
    if value is None:
        return ()
    if type(value) is np.ndarray:
        return value.dtype, value.shape[1:], value.ndim
    try:
        shape = value._shape_tuple()  # an EagerTensor's quickest attributes; symbolic tensors lack them
        return value._datatype_enum(), shape[1:], len(shape)
    except AttributeError:
        return _nest_signature(value)


def _nest_signature(value: Any) -> Any:
    if isinstance(value, dict):
        parts = tuple(value.items())
    elif isinstance(value, list | tuple):
        parts = tuple(enumerate(value))
    else:
        return None
    found: list[Any] = [type(value)]
    for key, item in parts:
        signature = signature_of(item)
        if signature is None:
            return None
        found.append((key, signature))
    return tuple(found)


# ------------------------------------------------------------------------------------------------ nests
def _read(value: Any, carrier: Carrier | None = None) -> SpecTree:
    """The specs of a nest; None for every leaf that is no tensor."""
    value = _per_replica(value)
    if value is None:
        return None
    if is_frame(value):
        return frame_spec(value)
    if is_tensor(value):
        return spec_of(value, carrier=carrier)
    if isinstance(value, Mapping):
        return {str(key): _read(item, carrier) for key, item in value.items()}
    if is_rows(value):
        return rows_spec(value)
    if isinstance(value, list | tuple):
        return tuple(_read(item, carrier) for item in value)
    return None


def _places(is_one: Callable[[Any], bool], parts: tuple[Any, Any, Any]) -> frozenset[str]:
    """The places in x, y and weights at which something stands."""

    def within(value: Any, place: str) -> Iterator[str]:
        if is_one(value):
            yield place
        elif isinstance(value, Mapping):
            for key, item in value.items():
                yield from within(item, place_of(place, (str(key),)))
        elif isinstance(value, list | tuple) and not is_rows(value):
            for index, item in enumerate(value):
                yield from within(item, place_of(place, (index,)))

    named = zip(("x", "y", "sample_weight"), parts, strict=True)
    return frozenset(place for name, part in named for place in within(part, name))


def _ragged(parts: tuple[Any, Any, Any]) -> frozenset[str]:
    return _places(lambda value: type(_per_replica(value)).__name__ in ("RaggedTensor", "RaggedTensorSpec"), parts)


def _values(value: Any) -> Any:
    return _map(lambda leaf: Values(readable(leaf)) if _has_values(leaf) else None, value)


def _has_values(leaf: Any) -> bool:
    if keras.ops.is_tensor(leaf):
        return not lacks_values(leaf)
    return isinstance(leaf, np.ndarray) or hasattr(leaf, "numpy") or is_frame(leaf) or is_rows(leaf)


def _map(change: Any, value: Any) -> Any:
    """A nest with every leaf changed; lists become tuples, as in the specs."""
    if is_tensor(value) or is_frame(value):
        return change(value)
    if isinstance(value, Mapping):
        return {str(key): _map(change, item) for key, item in value.items()}
    if isinstance(value, list | tuple) and not is_rows(value):
        return tuple(_map(change, item) for item in value)
    return change(value)


def _is_arrays(x: Any) -> bool:
    if isinstance(x, Mapping):
        return bool(x) and all(map(_is_arrays, x.values()))
    if is_rows(x):
        return True
    if isinstance(x, list | tuple):
        return bool(x) and all(map(_is_arrays, x))
    return x is None or is_tensor(x) or is_frame(x)


def _is_symbolic(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_is_symbolic, value.values()))
    if isinstance(value, list | tuple):
        return bool(value) and not is_rows(value) and any(map(_is_symbolic, value))
    return isinstance(value, keras.KerasTensor)


# ------------------------------------------------------------------------------------------------ replicas
def _per_replica(spec: Any) -> Any:
    """The spec of one replica's batch: a distributed ``element_spec`` is ``PerReplicaSpec(TensorSpec, ...)``."""
    parts = getattr(spec, "_component_specs", None)
    return parts[0] if type(spec).__name__ == "PerReplicaSpec" and parts else spec


def _first_replica(value: Any) -> Any:
    """The first replica's part of a distributed value."""
    parts = getattr(value, "values", None)
    return parts[0] if type(value).__name__ == "PerReplica" and parts else value
