"""The kinds of repair: one row each, which says all that the rest of the library asks of a kind.

A new kind is a row here, a field of `typedlayers.modes.Mode`, and the rule that offers it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from typedlayers.spec import Carrier, Shape, Size, Spec

if TYPE_CHECKING:
    from typedlayers.diagnostics.model import Repair


@dataclass(frozen=True, slots=True)
class RepairKind:
    """One kind of repair.

    Attributes:
        words: the repair in a report: ``cast to float32``.
        after: the spec of a tensor after it.
        compute: the repaired tensor, by the ops of a namespace: `keras.ops`, or NumPy for a view without a copy.
        elementwise: whether each value is changed by itself: shape and mask stay, and one kernel does several.
        keeps_steps: whether a mask of time steps still fits.
    """

    words: Callable[[Repair], str]
    after: Callable[[Repair, Spec], Spec]
    compute: Callable[[Any, Repair, Any], Any]
    elementwise: bool = False
    keeps_steps: bool = True


# ---------------------------------------------------------------------------------------------- elementwise
def _with_dtype(repair: Repair, spec: Spec) -> Spec:
    # after a cast the dtype is no longer the user's own choice
    carrier = Carrier.ARRAY if spec.carrier is Carrier.TENSOR else spec.carrier
    return spec.with_(dtype=repair.dtype, carrier=carrier)


def _cast(ops: Any, repair: Repair, x: Any) -> Any:
    return ops.cast(x, repair.dtype)


def _rescale(ops: Any, repair: Repair, x: Any) -> Any:
    scaled = ops.multiply(ops.cast(x, repair.dtype), repair.scale)
    return ops.add(scaled, repair.offset) if repair.offset else scaled


def _rescale_words(repair: Repair) -> str:
    offset = f", {repair.offset:+g}" if repair.offset else ""
    return f"rescale by {_factor(repair.scale)}{offset}"


def _factor(scale: float | None) -> str:
    if scale and scale < 1 and abs(1 / scale - round(1 / scale, 1)) < 1e-9:
        return f"1/{round(1 / scale, 1):g}"
    return f"{scale:g}" if scale is not None else "?"


# ---------------------------------------------------------------------------------------------------- shape
def _flattened(repair: Repair, spec: Spec) -> Spec:
    return spec if spec.shape is None else spec.with_(shape=(spec.shape[0], _product(spec.shape[1:])))


def _product(sizes: Shape) -> Size:
    return None if None in sizes else math.prod(size for size in sizes if size is not None)


def _flatten(ops: Any, repair: Repair, x: Any) -> Any:
    return ops.reshape(x, (-1, math.prod(x.shape[1:])))


def _expanded(repair: Repair, spec: Spec) -> Spec:
    if spec.shape is None:
        return spec
    axis = len(spec.shape) if repair.axis == -1 else repair.axis or 0
    return spec.with_(shape=(*spec.shape[:axis], 1, *spec.shape[axis:]))


def _expand_dims(ops: Any, repair: Repair, x: Any) -> Any:
    return ops.expand_dims(x, axis=repair.axis or 0)


def _squeezed(repair: Repair, spec: Spec) -> Spec:
    if spec.shape is None:
        return spec
    axis = (repair.axis or 0) % len(spec.shape)
    return spec.with_(shape=(*spec.shape[:axis], *spec.shape[axis + 1 :]))


def _squeeze(ops: Any, repair: Repair, x: Any) -> Any:
    return ops.squeeze(x, axis=repair.axis)


def _to_ids(repair: Repair, spec: Spec) -> Spec:
    return spec.with_(dtype=repair.dtype, shape=None if spec.shape is None else spec.shape[:-1])


def _argmax(ops: Any, repair: Repair, x: Any) -> Any:
    return ops.argmax(x, axis=-1)


def _to_rows(repair: Repair, spec: Spec) -> Spec:
    return spec.with_(dtype=repair.dtype, shape=None if spec.shape is None else (*spec.shape, repair.size))


def _one_hot(ops: Any, repair: Repair, x: Any) -> Any:
    assert repair.size is not None
    return ops.take(ops.eye(repair.size, dtype=repair.dtype), ops.array(x, dtype="int64"), axis=0)


def _of_axis(repair: Repair) -> str:
    return f"{repair.kind}(axis={repair.axis})"


KINDS: Final[Mapping[str, RepairKind]] = MappingProxyType(
    {
        "cast": RepairKind(lambda repair: f"cast to {repair.dtype}", _with_dtype, _cast, elementwise=True),
        "rescale": RepairKind(_rescale_words, _with_dtype, _rescale, elementwise=True),
        "flatten": RepairKind(lambda _: "flatten", _flattened, _flatten, keeps_steps=False),
        "argmax": RepairKind(lambda _: "class ids of one-hot rows", _to_ids, _argmax),
        "one_hot": RepairKind(lambda repair: f"one-hot rows of {repair.size} classes", _to_rows, _one_hot),
        "expand_dims": RepairKind(_of_axis, _expanded, _expand_dims),
        "squeeze": RepairKind(_of_axis, _squeezed, _squeeze),
    }
)
"""Every kind by its name, which is also that of its field in a mode."""


def kind_of_repair(repair: Repair) -> RepairKind:
    """Returns the kind of a repair.

    Raises:
        ValueError: if there is no such kind.
    """
    kind = KINDS.get(repair.kind)
    if kind is None:
        raise ValueError(f"there is no repair {repair.kind!r}; there are {', '.join(KINDS)}")
    return kind


def after(repair: Repair, spec: Spec) -> Spec:
    """Returns the spec of a tensor after a repair."""
    return kind_of_repair(repair).after(repair, spec)
