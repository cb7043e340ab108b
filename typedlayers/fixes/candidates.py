"""Candidates: the edits of the grammar that can change what a finding is about, on the way to its place."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from typedlayers.contracts.contract import Values
from typedlayers.diagnostics.edit import Argument, Data, Edit, Exchange, Insert, Move, Remove, Side
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.facts.graph import Graph, Maker, Node
from typedlayers.fixes.case import Case
from typedlayers.spec import Carrier, Shape, Spec


@dataclass(frozen=True, slots=True)
class Candidate:
    """Edits that may mend a finding.

    Attributes:
        edits: the edits, to be made together.
        distance: how many layers lie between them and the place of the finding.
        unlike: what they cost more, or less, than such edits in general.
        note: the words after them.
    """

    edits: tuple[Edit, ...]
    distance: int = 0
    unlike: float = 0.0
    note: str = ""


TWIN: Final = -0.9
"""A layer beside one of its own class was typed twice."""

WEIGHTED: Final = 0.8
"""A layer with weights, or with a shape of the user's own, was hardly typed by mistake."""

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
        yield from _of_input(case, graph)
    if graph is not None and graph.nodes and finding.code[2] != "5":
        place = _place(graph, finding)
        way = _way(graph, place)
        sizes = _sizes(case, place)
        yield from _of_arguments(graph, way, sizes)
        yield from _of_all(way)
        if place is not None and place.resolved is not None and place.resolved.own:
            return  # what the user wants there is theirs to know
        yield from _of_layers(way, place)
        yield from _of_ranks(way, place, _wanted(case))
    if finding.code in DATA:
        yield from _of_data(case)


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
        for code in (*_reshaping(shape), *_fitted(shape, wanted)):
            yield Candidate((Insert(code, last.subject.short, Side.AFTER),))
    if place is not None and len(place.gets) > 1:
        yield from _of_merged(place)


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


def _fitted(shape: Shape | None, wanted: Shape | None) -> Iterator[str]:
    """Maps of other sides than the targets': cut, or bordered with zeros."""
    if shape is None or wanted is None or len(shape) not in (3, 4) or len(wanted) not in (len(shape), len(shape) - 1):
        return
    dims = len(shape) - 2
    pairs = list(zip(shape[1:-1], wanted[1 : dims + 1], strict=False))
    if any(None in pair for pair in pairs):
        return
    more = [(one or 0) - (two or 0) for one, two in pairs]
    if any(more) and (min(more) >= 0 or max(more) <= 0):
        name = "Cropping" if max(more) > 0 else "ZeroPadding"
        ends = tuple((abs(size) // 2, abs(size) - abs(size) // 2) for size in more)
        yield f"layers.{name}{dims}D({ends if dims > 1 else ends[0]})"


ORDER: Final = "the order is [query, value, key]"
"""What an attention layer is called on."""


def _of_merged(place: Node) -> Iterator[Candidate]:
    """Branches of other widths: each brought to the width of another."""
    shapes = [edge.shape for edge in place.gets]
    if "Attention" in place.kind:
        for one, two in ((1, 2), (0, 1), (0, 2)):
            if max(one, two) < len(shapes) and shapes[one] != shapes[two]:
                yield Candidate((Exchange(place.subject.label, one, two),), note=ORDER)
    most = max((len(shape) for shape in shapes if shape is not None), default=0)
    for index, shape in enumerate(shapes):
        if shape is not None and 2 <= len(shape) == most - 1 and None not in shape[1:]:
            yield Candidate((Insert(f"layers.Reshape({(*shape[1:], 1)})", place.subject.short, index=index),))
        for other in shapes:
            if shape is None or other is None or other == shape or len(other) != len(shape) or len(shape) < 2:
                continue
            if shape[1:-1] == other[1:-1] and other[-1] is not None:
                code = f"layers.Dense({other[-1]})" if len(shape) < 4 else f"layers.Conv2D({other[-1]}, 1)"
                yield Candidate((Insert(code, place.subject.short, index=index),))
            for fitted in _fitted(shape, other) if shape[0] is None and len(shape) == 4 else ():
                yield Candidate((Insert(fitted, place.subject.short, index=index),))


# ------------------------------------------------------------------------------------------------ input and data
def _of_input(case: Case, graph: Graph) -> Iterator[Candidate]:
    """The shape of the data as the declared one."""
    if len(graph.inputs) != 1 or case.fed or graph.inputs[0].shape is None:
        return
    batch = case.evidence.batch
    given = batch.x.shape if batch is not None and isinstance(batch.x, Spec) else None
    if given is not None and given[1:] != graph.inputs[0].shape[1:]:
        yield Candidate((Argument(_input_name(graph), "shape", str(tuple(given[1:]))),))


def _input_name(graph: Graph) -> str:
    origin = graph.inputs[0].spec.origin
    return origin.label if origin is not None and origin.label.startswith("Input ") else "keras.Input"


def _of_data(case: Case) -> Iterator[Candidate]:
    """Data with an axis more or less, or in another order."""
    batch = case.evidence.batch
    if batch is None or not isinstance(batch.x, Spec) or not batch.x.shape:
        return
    for code in _arranged("x", batch.x):
        yield Candidate((Data("x", code),))
    if isinstance(batch.y, Spec) and batch.y.shape:
        for code in _arranged("y", batch.y):
            yield Candidate((Data("y", code),))


def _arranged(name: str, spec: Spec) -> Iterable[str]:
    shape = spec.shape or ()
    yield f"{name}[..., np.newaxis]"
    if len(shape) > 1 and shape[-1] == 1:
        yield f"{name}[..., 0]"
    if spec.carrier is Carrier.DATASET:
        return
    if len(shape) == 4 and shape[1] in (1, 3):
        yield f"np.moveaxis({name}, 1, -1)"
    if len(shape) < 4:
        yield f"{name}[np.newaxis]"
