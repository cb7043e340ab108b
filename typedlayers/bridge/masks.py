"""Masks that were computed of ids, as far as their ops tell: whether they keep the padding or what is padded.

Of a tensor of Keras's, ``KerasTensor._keras_history`` and the calls of its operation tell it (``bridge.history``); of a
tensor in a graph of TensorFlow's, the op that made it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import keras

from typedlayers.bridge.history import call_of

FARTHEST: Final = 12
"""How many ops are gone back through."""

MOST: Final = 4000
"""How many tensors are gone through for the sources of one."""

_KEEP: Final = frozenset(
    {
        # of Keras
        "ExpandDims", "Reshape", "Cast", "BroadcastTo", "Tile", "Repeat", "GetItem", "Squeeze", "Transpose",
        # of TensorFlow
        "StridedSlice", "Identity",
    }
)  # fmt: skip
"""Ops that leave what is true true."""

_TABLES: Final = frozenset({"ResourceGather", "GatherV2"})

_ARGUMENTS: Final = ("attention_mask", "query_mask", "value_mask", "key_mask", "mask")


def kept_padding(args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """Returns the argument of a call that is a mask of the padding, where the steps to keep are asked for; or "".

    A padding is where ids are 0 that are looked up in a table, and that alone make what the layer is called on: ids of
    segments, say, are looked up beside those of words.
    """
    for name in _ARGUMENTS:
        for mask in keras.tree.flatten(kwargs.get(name)):
            if mask is not None and _is_of_zeros(mask, FARTHEST) is True and _sources(args) <= _sources([mask]):
                return name
    return ""


def _sources(nest: Any) -> set[int]:
    """The tensors of whole numbers that tensors were computed of, from the inputs on."""
    waiting, met, found = [*keras.tree.flatten(nest)], set[int](), set[int]()
    while waiting and len(met) < MOST:
        tensor = waiting.pop()
        if id(tensor) in met:
            continue
        met.add(id(tensor))
        came = _came(tensor)
        is_number = getattr(getattr(tensor, "op", None), "type", "") == "Const" if _is_traced(tensor) else False
        if not came and not is_number and "int" in str(getattr(tensor, "dtype", "")):
            found.add(id(tensor))
        waiting += came
    return found


def _came(tensor: Any) -> list[Any]:
    if isinstance(tensor, keras.KerasTensor):
        return list(call_of(tensor)[1])
    return list(tensor.op.inputs) if _is_traced(tensor) else []


def _is_traced(tensor: Any) -> bool:
    """True of a tensor in a graph of TensorFlow's; an eager one has no op."""
    return hasattr(tensor, "graph") and hasattr(tensor, "op")


def _is_of_zeros(mask: Any, farthest: int) -> bool | None:
    """True of a mask that is true where ids are 0, False where they are not; None if that is not known."""
    kind, given = _made_of(mask)
    if farthest <= 0 or not given:
        return None
    if kind in _KEEP:
        return _is_of_zeros(given[0], farthest - 1)
    if kind in ("Equal", "NotEqual") and len(given) == 2:
        tensor, number = given if _number(given[0]) is None else given[::-1]
        return kind == "Equal" if _number(number) == 0 and _is_looked_up(_whole(tensor)) else None
    if kind == "LogicalNot" or (kind in ("Subtract", "Sub") and _number(given[0]) == 1):
        inner = _is_of_zeros(given[-1], farthest - 1)
        return None if inner is None else not inner
    if kind in ("LogicalAnd", "Multiply", "Mul"):
        parts = [_is_of_zeros(one, farthest - 1) for one in given]
        return True if True in parts else None
    return None


def _whole(tensor: Any) -> Any:
    """What a tensor is an arrangement of."""
    for _ in range(FARTHEST):
        kind, given = _made_of(tensor)
        if kind not in _KEEP or not given:
            break
        tensor = given[0]
    return tensor


def _made_of(tensor: Any) -> tuple[str, tuple[Any, ...]]:
    """The op that made a tensor, and what it was computed of, numbers too."""
    op = getattr(tensor, "op", None) if not isinstance(tensor, keras.KerasTensor) else None
    if op is not None:
        return op.type, tuple(op.inputs)
    if not isinstance(tensor, keras.KerasTensor):
        return "", ()
    operation, _ = call_of(tensor)
    history: Any = getattr(tensor, "_keras_history", None)
    nodes: Any = getattr(operation, "_inbound_nodes", ())
    if isinstance(operation, keras.layers.Layer) or not 0 <= getattr(history, "node_index", -1) < len(nodes):
        return "", ()
    given = nodes[history.node_index].arguments
    return type(operation).__name__, (*given.args, *given.kwargs.values())


def _number(value: Any) -> float | None:
    """A number that stands in the program, None of a tensor."""
    if isinstance(value, int | float):
        return float(value)
    if getattr(getattr(value, "op", None), "type", "") != "Const" or len(value.shape):
        return None
    import tensorflow as tf

    return float(tf.get_static_value(value))


def _is_looked_up(ids: Any) -> bool:
    """Whether ids are looked up in a table too."""
    if isinstance(ids, keras.KerasTensor):
        operation, _ = call_of(ids)
        calls = (node.operation for node in getattr(operation, "_outbound_nodes", ()))
        return any(isinstance(one, keras.layers.Embedding) for one in calls)
    return any(op.type in _TABLES for op in _followers(ids, 4))


def _followers(tensor: Any, farthest: int) -> Iterator[Any]:
    """The ops that take a tensor, also behind a cast, and behind what Keras does to negative indices."""
    for op in tensor.consumers() if farthest else ():
        yield op
        if op.type in ("Cast", "Identity", "AddV2", "SelectV2"):
            yield from _followers(op.outputs[0], farthest - 1)
