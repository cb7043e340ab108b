"""Whether a tensor of a model still has one row for each sample: where its batch axis went, if it has not."""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Final

from typedlayers.diagnostics.subject import Subject
from typedlayers.facts.graph import Graph, Maker, Node
from typedlayers.spec import Shape


class Fate(enum.Enum):
    """What became of the batch axis."""

    REDUCED = "all samples became one"
    MOVED = "it is another axis now"
    REGROUPED = "rows were made of the numbers of other samples, or of parts of one"
    JOINED = "the samples of one tensor stand behind those of another"


@dataclass(frozen=True, slots=True)
class Departure:
    """The call that took the batch axis from a tensor.

    Attributes:
        subject: the call.
        kind: the op or layer that it is.
        fate: what became of the axis.
        gets: the shape before.
        gives: the shape after.
        rows: how many rows were made of one sample, None if unknown.
    """

    subject: Subject
    kind: str
    fate: Fate
    gets: Shape
    gives: Shape
    rows: Fraction | None = None


class _Same(enum.Enum):
    SAME = "one row for each sample"


_SAME: Final = _Same.SAME

_Rows = _Same | Departure
"""What is known of the rows of a tensor; a tensor that is missing is one of which nothing is known."""

_BY_ELEMENT: Final = frozenset(
    {
        "Absolute", "Add", "Cast", "Clip", "Divide", "Exp", "Expm1", "Gelu", "Identity", "Log", "Log1p", "Maximum",
        "Minimum", "Multiply", "Negative", "Power", "Relu", "Sigmoid", "Silu", "Softplus", "Sqrt", "Square", "Subtract",
        "Tanh", "TrueDivide",
    }
)  # fmt: skip
"""Ops of Keras that compute each element by itself."""

_ROW_BY_ROW: Final = _BY_ELEMENT | {"ExpandDims", "Matmul", "Max", "Mean", "Min", "Softmax", "Sum", "Transpose"}
"""Ops of Keras that keep the rows of a tensor whose first axis stays unknown, if no other axis of it is unknown."""

_STACKS: Final = frozenset({"Stack", "Pack"})
"""Ops of Keras and TensorFlow that make a new axis, of as many places as tensors are given."""

_MERGES: Final = frozenset({"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"})


def departures(graph: Graph) -> Mapping[int, Departure]:
    """Returns, by their keys, the tensors that do not have one row for each sample any more, and why.

    Nothing is said of a model that declares the number of its samples, nor after a call of unknown effect.
    """
    shapes = [edge.shape for edge in graph.inputs]
    if not shapes or not all(shape and shape[0] is None for shape in shapes):
        return {}
    known: dict[int, _Rows] = {edge.key: _SAME for edge in graph.inputs}
    for node in graph.nodes:
        came = [known.get(edge.key) for edge in node.gets]
        for edge in node.gives:
            rows = None if edge.shape is None else _rows(node, came, edge.shape)
            if rows is not None:
                known[edge.key] = rows
    return {key: rows for key, rows in known.items() if isinstance(rows, Departure)}


def _rows(node: Node, came: Sequence[_Rows | None], shape: Shape) -> _Rows | None:
    if not came or None in came:
        return None
    lost = next((one for one in came if isinstance(one, Departure)), None)
    if lost is None and _joins_samples(node):
        before = node.gets[0].shape or shape
        return Departure(node.subject, node.kind, Fate.JOINED, before, shape, Fraction(len(came)))
    if lost is None:
        return _after_whole_rows(node, shape)
    if len(came) > 1:
        broadcast = node.kind in _MERGES and bool(shape) and shape[0] is None and _SAME in came
        return _SAME if broadcast else None
    if _is_reshape(node):
        return _again(node, lost, shape)
    keeps = node.maker is Maker.KERAS or node.kind in _BY_ELEMENT
    return lost if keeps and _first(node.gets[0].shape) == _first(shape) else None


def _joins_samples(node: Node) -> bool:
    """True of a concatenation along axis 0, which puts the samples of one tensor behind those of another."""
    rank = len(node.gets[0].shape or ()) if node.gets else 0
    axis = node.attribute("axis", None)
    return node.kind == "Concatenate" and len(node.gets) > 1 and isinstance(axis, int) and axis in (0, -rank)


def _after_whole_rows(node: Node, shape: Shape) -> _Rows | None:
    """What a call makes of tensors that all have one row for each sample."""
    if not shape or shape[0] is not None:
        return None if node.maker is Maker.KERAS else _departure(node, shape)
    if node.maker is Maker.KERAS or not _is_kept(node):
        return _SAME  # in a dry run the samples are counted: as many rows as there were
    if _is_reshape(node):
        return _regrouped(node, shape, Fraction(1))
    one_unknown = all(edge.shape is not None and None not in edge.shape[1:] for edge in node.gets)
    return _SAME if node.kind in _ROW_BY_ROW and (one_unknown or node.kind in _BY_ELEMENT) else None


def _departure(node: Node, shape: Shape) -> Departure | None:
    """How the rows were lost, if that is certain: a fixed number of samples in a reshape may be meant."""
    before = node.gets[0].shape
    if before is None:
        return None
    made = partial(Departure, node.subject, node.kind, gets=before, gives=shape)
    if not shape:
        return made(fate=Fate.REDUCED)
    rest = before[1:]
    if node.kind in _STACKS and shape == (len(node.gets), *before):
        return made(fate=Fate.MOVED)
    if len(node.gets) > 1 or not rest:
        return None
    if node.maker is Maker.OP and node.kind == "Reshape":
        fixed = _is_kept(node) and shape[0] != 1
        return None if fixed else made(fate=Fate.REGROUPED)
    if shape in (rest, (1, *rest)) and node.maker is not Maker.USER:
        return made(fate=Fate.REDUCED)
    # of a layer of the user's no op is known, but that the open axis is not the first one any more
    elsewhere = node.maker is Maker.USER and None in shape[1:] and None not in rest
    return made(fate=Fate.MOVED) if elsewhere or _is_turned(rest, shape) else None


def _is_turned(rest: Shape, shape: Shape) -> bool:
    """True if a shape has the axes of each sample in another order, and the batch axis somewhere among them."""
    left = list(shape)
    for size in rest:
        if size is None or size not in left:
            return False
        left.remove(size)
    return len(left) == 1 and shape[0] in rest


def _regrouped(node: Node, shape: Shape, rows: Fraction) -> _Rows | None:
    """What a reshape with an open first axis makes, known if it is known how many numbers a row has."""
    before = node.gets[0].shape
    if before is None or None in before[1:] or None in shape[1:]:
        return None
    rows *= Fraction(math.prod(size or 0 for size in before[1:]), math.prod(size or 0 for size in shape[1:]) or 1)
    return _SAME if rows == 1 else Departure(node.subject, node.kind, Fate.REGROUPED, before, shape, rows)


def _again(node: Node, lost: Departure, shape: Shape) -> _Rows | None:
    """A reshape of what was regrouped before may put the samples back in order."""
    if lost.rows is None or _first(shape) is not None or not shape:
        return None
    return _regrouped(node, shape, lost.rows)


def _is_kept(node: Node) -> bool:
    """True of a layer, and of an op that Keras kept as a part of a model; False of an op that a dry run saw."""
    return node.maker is not Maker.OP or node.layer is not None


def _is_reshape(node: Node) -> bool:
    return node.maker is Maker.OP and node.kind == "Reshape" and len(node.gets) == 1


def _first(shape: Shape | None) -> int | None:
    return shape[0] if shape else None
