"""Candidates: the edits of the grammar that can change what a finding is about, on the way to its place."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from typedlayers.contracts.contract import Values
from typedlayers.diagnostics.edit import Argument, Insert, Move, Remove, Side
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.facts.graph import Graph, Maker, Node
from typedlayers.fixes.candidate import Candidate
from typedlayers.fixes.case import Case
from typedlayers.fixes.given import of_data, of_input
from typedlayers.fixes.merged import fitted, of_all, of_merged
from typedlayers.fixes.priors import cost
from typedlayers.spec import Shape, Spec

TWIN: Final = -0.9
"""A layer beside one of its own class was typed twice."""

WEIGHTED: Final = 0.8
"""A layer with weights, or with a shape of the user's own, was hardly typed by mistake."""

BATCH: Final = -0.6
"""A target shape of which all but the first size fits: it begins with the number of samples."""

STEPPED: Final = -0.9
"""Steps as long as the window of a convolution: `Conv2D(8, 3, 3)` for `Conv2D(8, (3, 3))`."""

ODD: Final = 1.0
"""What joins the axes stands before a dense layer; elsewhere it is odd."""


SHAPES: Final = frozenset({"TL501", "TL502", "TL503", "TL601", "TL602", "TL603", "TL701", "TL702", "TL703"})
"""Codes about shapes besides those of kind 2."""

DATA: Final = frozenset({"TL201", "TL202", "TL203", "TL501", "TL502", "TL601", "TL602"})
"""Codes of findings that other data, or another declared input, may mend."""

FARTHEST: Final = 8
"""How many layers are gone back from the place of a finding."""


def candidates(case: Case, finding: Diagnostic) -> Iterator[Candidate]:
    """Yields candidates for a finding; none for one that is not about shapes."""
    if finding.code[2] != "2" and finding.code not in SHAPES:
        return
    graph = case.graph
    if graph is not None and graph.inputs and finding.code in DATA:
        yield from of_input(case, graph)
    if graph is not None and graph.nodes and finding.code[2] != "5":
        place = _place(graph, finding)
        way = _way(graph, place)
        sizes = _sizes(case, place)
        yield from _of_arguments(graph, way, sizes)
        yield from _of_all(way)
        if finding.code == "TL205":
            yield from _of_steps(way)
        if place is not None and place.resolved is not None and place.resolved.own:
            return  # what the user wants there is theirs to know
        yield from _of_layers(way, place)
        yield from _of_ranks(way, place, _wanted(case))
    if finding.code in DATA:
        yield from of_data(case)


def _place(graph: Graph, finding: Diagnostic) -> Node | None:
    """The call that a finding is about, None for the end of the model."""
    return next((node for node in graph.nodes if node.subject.label == finding.where.what), None)


def _way(graph: Graph, place: Node | None) -> list[tuple[int, Node]]:
    """The calls that led to a place, each with its distance: the place itself first, and all that is merged there."""
    if place is None:
        return list(enumerate(graph.way_to(graph.outputs[0])))[:FARTHEST] if len(graph.outputs) == 1 else []
    found = [(0, place)]
    for edge in place.gets:
        found += [(index + 1, node) for index, node in enumerate(graph.way_to(edge))][:FARTHEST]
    return found


def _wanted(case: Case) -> Shape | None:
    """The shape of the targets, where there is one output."""
    batch = case.evidence.batch
    return batch.y.shape if batch is not None and isinstance(batch.y, Spec) else None


def _sizes(case: Case, place: Node | None) -> tuple[int, ...]:
    """Sizes that the program states where shapes disagree: those of the targets, or of what meets there."""
    shapes = [_wanted(case)] if place is None else [edge.shape for edge in place.gets]
    if place is not None:
        shapes += [fact_shape(place)]
    found = dict.fromkeys(size for shape in shapes if shape for size in shape[1:] if size)
    if place is None and shapes[0] is not None and len(shapes[0]) == 1:
        found[1] = None
    return tuple(found)


def fact_shape(node: Node) -> Shape | None:
    """Returns the sizes that the contract of a call fixes."""
    facts = () if node.resolved is None else node.resolved.facts
    sizes = tuple(fact.size for fact in facts if fact.size is not None)
    return (None, *sizes) if sizes else None


# --------------------------------------------------------------------------------------------------- arguments
_TURNED: Final = {
    "padding": {"valid": '"same"', "same": '"valid"'},
    "data_format": {"channels_first": '"channels_last"', "channels_last": '"channels_first"'},
    "return_sequences": {False: "True", True: "False"},
    "keepdims": {True: "False"},
    "output_mode": {"multi_hot": '"int"', "count": '"int"', "tf_idf": '"int"'},
}
"""Arguments with two values, and the other one."""


def _of_arguments(graph: Graph, way: Sequence[tuple[int, Node]], sizes: Sequence[int]) -> Iterator[Candidate]:
    formats = {node.attribute("data_format") for node in graph.nodes} - {None}
    for distance, node in way:
        if node.maker is Maker.KERAS:
            for edit in (
                *_turned(node, mixed=len(formats) > 1),
                *_sized(node, sizes),
                *_shrunk(node),
                *_regrouped(node),
            ):
                yield Candidate((edit,), distance)
            for edit in _without_batch(node):
                yield Candidate((edit,), distance, BATCH)


def _turned(node: Node, *, mixed: bool) -> Iterator[Argument]:
    for name, others in _TURNED.items():
        value = node.attribute(name)
        other = others.get(value) if isinstance(value, str | bool) else None
        if other is None or (name == "data_format" and not mixed):
            continue
        if not (name == "padding" and "pool" in node.kind.lower() and value == "same"):
            yield Argument(_argument_of(node), name, other)


def _argument_of(node: Node) -> str:
    """The layer whose constructor takes an argument: that inside a wrapper, if it has one."""
    inner = node.attribute("forward_layer") if "Bidirectional" in node.bases else None
    if inner is None and "TimeDistributed" in node.bases:
        inner = node.attribute("layer")
    if inner is None:
        return node.subject.label
    name = str(inner.name).removeprefix("forward_")
    return f'{type(inner).__name__} "{name}" of {node.subject.label}'


def _regrouped(node: Node) -> Iterator[Argument]:
    """The shape of a Reshape with one size that fits what it gets."""
    target, came = node.attribute("target_shape"), node.single_input
    if node.kind != "Reshape" or not isinstance(target, tuple) or came is None or came.shape is None:
        return
    if None in came.shape[1:] or any(not isinstance(size, int) or size < 1 for size in target):
        return
    total = math.prod(size or 1 for size in came.shape[1:])
    for axis in range(len(target)):
        rest = math.prod(size for other, size in enumerate(target) if other != axis)
        if total % rest == 0:
            fitting = (*target[:axis], total // rest, *target[axis + 1 :])
            yield Argument(node.subject.label, "target_shape", str(fitting))


def _without_batch(node: Node) -> Iterator[Argument]:
    """The shape of a Reshape less its first size, where that is the number of samples."""
    target, came = node.attribute("target_shape"), node.single_input
    if node.kind != "Reshape" or not isinstance(target, tuple) or len(target) < 2 or came is None:
        return
    total = 0 if came.shape is None or None in came.shape[1:] else math.prod(size or 1 for size in came.shape[1:])
    rest = [size for size in target[1:] if isinstance(size, int)]
    if total and len(rest) == len(target) - 1 and (math.prod(rest) == total or rest.count(-1) == 1):
        yield Argument(node.subject.label, "target_shape", str(tuple(rest)))


def _sized(node: Node, sizes: Sequence[int]) -> Iterator[Argument]:
    """Sizes that the program states elsewhere."""
    for name in ("units", "filters", "n"):
        had = node.attribute(name)
        if isinstance(had, int) and not isinstance(had, bool):
            yield from (Argument(node.subject.label, name, str(size)) for size in sizes if size != had)
    if node.kind.startswith("UpSampling"):
        had = node.attribute("size")
        yield from (Argument(node.subject.label, "size", str(size)) for size in (1, 2, 3, 4) if size != _first(had))
    if node.kind == "Concatenate":
        rank = len(node.gets[0].shape or ()) if node.gets else 0
        yield from (Argument(node.subject.label, "axis", str(axis)) for axis in (-1, 1) if axis < rank)


def _shrunk(node: Node) -> Iterator[Argument]:
    """Windows and steps that are larger than usual."""
    for name, usual in (("kernel_size", 3), ("pool_size", 2), ("strides", 1)):
        had = node.attribute(name)
        if name == "strides" and node.attribute("pool_size") is not None:
            continue
        if isinstance(had, int | tuple) and _first(had) > usual:
            yield Argument(node.subject.label, name, str(usual))


def _first(sizes: object) -> int:
    if isinstance(sizes, tuple):
        return max((size for size in sizes if isinstance(size, int)), default=0)
    return sizes if isinstance(sizes, int) else 0


def _of_all(way: Sequence[tuple[int, Node]]) -> Iterator[Candidate]:
    """The same word for all windows on the way, where one of them is not enough."""
    valid = [node for _, node in way if node.attribute("padding") == "valid" and node.attribute("kernel_size")]
    if len(valid) > 1:
        yield Candidate(tuple(Argument(node.subject.label, "padding", '"same"') for node in valid))


def _of_steps(way: Sequence[tuple[int, Node]]) -> Iterator[Candidate]:
    """Steps that were meant as the other side of the window."""
    stepped = [node for _, node in way if _is_stepped(node)]
    if stepped:
        each = tuple(Argument(node.subject.label, "strides", "1") for node in stepped)
        yield Candidate(each, unlike=STEPPED + cost(each[:1]) - cost(each))  # the same slip each time


def _is_stepped(node: Node) -> bool:
    strides, kernel = node.attribute("strides"), node.attribute("kernel_size")
    return isinstance(strides, tuple) and strides == kernel and max(strides) > 1


# ------------------------------------------------------------------------------------------------------- layers
def _of_layers(way: Sequence[tuple[int, Node]], place: Node | None) -> Iterator[Candidate]:
    """Layers that are too much, or stand at another place."""
    for distance, node in way:
        if node.maker is not Maker.KERAS or len(node.gets) != 1 or len(node.gives) != 1:
            continue
        changes = node.gets[0].shape != node.gives[0].shape
        if changes or node is place:
            twins = any(other is not node and other.kind == node.kind for _, other in _beside(way, node))
            twin = twins and (not _is_weighted(node) or node.kind == "Embedding")
            written = _is_weighted(node) or node.kind in ("Reshape", "Permute", "RepeatVector")
            unlike = TWIN if twin else WEIGHTED if written else 0.0
            is_last = node.gives[0].shape is None  # what follows it is not known yet
            if twin or not is_last:
                yield Candidate((Remove(node.subject.label),), distance, unlike)
        if place is not None and node is not place and changes and not _is_weighted(node):
            yield Candidate((Move(node.subject.label, Side.AFTER, place.subject.label),), distance)


def _beside(way: Sequence[tuple[int, Node]], node: Node) -> Iterator[tuple[int, Node]]:
    keys = {edge.key for edge in (*node.gets, *node.gives)}
    return ((d, one) for d, one in way if not keys.isdisjoint(edge.key for edge in (*one.gets, *one.gives)))


def _is_weighted(node: Node) -> bool:
    return node.contract is not None and node.contract.values is Values.WEIGHTED


def _of_ranks(way: Sequence[tuple[int, Node]], place: Node | None, wanted: Shape | None) -> Iterator[Candidate]:
    """Layers that change the number of axes, or the size of one, before a call; and behind the last."""
    for distance, node in way:
        if len(node.gets) == 1:
            for code in _reshaping(node.gets[0].shape):
                if code.startswith("layers.Reshape") and distance > 1:
                    continue
                odd = code.startswith(("layers.Flatten", "layers.Global")) and "Dense" not in node.bases
                yield Candidate((Insert(code, node.subject.short),), distance, ODD if odd else 0.0)
    if place is None and way:
        last = way[0][1]
        shape = last.gives[0].shape if len(last.gives) == 1 else None
        for code in (*_reshaping(shape), *fitted(shape, wanted)):
            yield Candidate((Insert(code, last.subject.short, Side.AFTER),))
        for node in (node for _, node in way if len(node.gets) > 1):
            yield from of_all(node)
    if place is not None and len(place.gets) > 1:
        yield from of_merged(place)


def _reshaping(shape: Shape | None) -> Iterator[str]:
    if shape is None or len(shape) < 2:
        return
    rank = len(shape)
    if rank > 2 and None not in shape[1:]:
        yield "layers.Flatten()"
    if 3 <= rank <= 5:
        yield f"layers.GlobalAveragePooling{rank - 2}D()"
    if shape[1:].count(None) < 2 and rank < 5:
        yield f"layers.Reshape({(*(-1 if size is None else size for size in shape[1:]), 1)})"
    if rank > 2 and shape[-1] == 1 and shape[1:-1].count(None) < 2:
        yield f"layers.Reshape({tuple(-1 if size is None else size for size in shape[1:-1])})"
