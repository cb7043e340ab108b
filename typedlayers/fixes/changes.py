"""Edits applied to a case: to its graph, its loss and metrics, its data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from typedlayers.diagnostics.edit import (
    Argument,
    Data,
    Edit,
    Exchange,
    Insert,
    LayerEdit,
    Loss,
    LossArgument,
    Metric,
    MetricArgument,
    Move,
    Remove,
    Replace,
    Side,
)
from typedlayers.facts.evidence import Evidence
from typedlayers.facts.graph import Edge, Graph, MaskHandling, Node
from typedlayers.facts.inputs import InputSpec, InputTree
from typedlayers.facts.outputs import heads_of
from typedlayers.facts.pairing import fits
from typedlayers.facts.training import OutputTraining, Training
from typedlayers.fixes.case import UNKNOWN, Case, Tools, Unprovable, key_of, with_tensors
from typedlayers.fixes.code import called, value_of
from typedlayers.fixes.spread import spread
from typedlayers.spec import Carrier, Spec


def changed(case: Case, edits: Sequence[Edit], tools: Tools) -> Case:
    """Returns the case after edits.

    Raises:
        Unprovable: if it is not known what they make of it.
    """
    graph = None if case.graph is None else _Changing(case.graph, tools)
    evidence = case.evidence
    for edit in edits:
        match edit:
            case Argument() | Insert() | Remove() | Replace() | Move() | Exchange():
                if graph is None:
                    raise Unprovable("the layers are not known")
                graph.edit(edit)
            case Loss() | LossArgument() | Metric() | MetricArgument():
                evidence = replace(evidence, training=_compiled(evidence, edit, tools))
            case Data():
                evidence = _fed_with(case, evidence, edit, tools)
            case _:
                raise Unprovable("the code of the user's own is not known")
    if graph is not None and case.fed:
        _feed(graph, evidence)
    return _settled(replace(case, evidence=evidence), graph, tools)


def _fed_with(case: Case, evidence: Evidence, edit: Data, tools: Tools) -> Evidence:
    """Other data; while there are none yet, they change nothing of a model that declares its inputs."""
    if evidence.batch is not None:
        return replace(evidence, batch=tools.data(edit, evidence.batch))
    inputs = () if case.graph is None else case.graph.inputs
    if case.fed or not inputs or any(edge.spec.carrier is not Carrier.INPUT for edge in inputs):
        raise Unprovable("there are no data")
    return evidence


def _settled(case: Case, graph: _Changing | None, tools: Tools) -> Case:
    evidence = case.evidence
    if graph is None or not graph.changed:
        return case
    made, broken = spread(graph.graph, case.broken, frozenset(graph.changed), tools)
    _still_known(case.graph, made)
    told = evidence.outputs is not None
    _as_told(case, evidence)
    inputs = evidence.inputs
    if inputs is not None and graph.declared:
        inputs = replace(inputs, tree=_declared(inputs.tree, iter(made.inputs)))
    evidence = replace(
        evidence,
        graph=made if evidence.graph is not None else None,
        flat=made if evidence.flat is not None else None,
        outputs=(heads_of(made) or None) if told else None,
        inputs=inputs if inputs is None or graph.declared else tools.inputs(inputs, made),
    )
    if told and evidence.outputs is None:
        raise Unprovable("the outputs are not known any more")
    _as_much_known(case.evidence, evidence)
    return replace(case, evidence=evidence, graph=made, broken=broken)


def _as_told(case: Case, evidence: Evidence) -> None:
    """The graph tells the outputs, or a run told others and the graph proves nothing of them."""
    heads = () if case.graph is None else heads_of(case.graph)
    for head, told in zip(heads, evidence.outputs or (), strict=False):
        if head.shape is not None and told.shape is not None and not fits(head.shape, told.shape):
            raise Unprovable("the layers do not say what they give")


def _as_much_known(before: Evidence, after: Evidence) -> None:
    """A size that was known is known after a change too."""
    for old, new in zip(before.outputs or (), after.outputs or (), strict=True):
        if old.shape and new.shape and old.shape[1:].count(None) < new.shape[1:].count(None):
            raise Unprovable("a size of the output is not known any more")


def _still_known(before: Graph | None, after: Graph) -> None:
    """What was known of the outputs is known after a change too, or nothing is proven by silence."""
    pairs = zip(() if before is None else before.outputs, after.outputs, strict=True)
    if any(old.shape is not None and new.shape is None for old, new in pairs):
        raise Unprovable("the output is not known any more")
    took = {id(edge) for node in after.nodes if node.resolved for edge in node.gets if edge.spec is UNKNOWN}
    if took:
        raise Unprovable("what a layer gets is not known any more")


def _declared(tree: InputTree | None, edges: Iterator[Edge]) -> InputTree | None:
    """The inputs as they are declared now, in the order in which Keras counts them."""
    if tree is None:
        return None
    if isinstance(tree, InputSpec):
        now = next(edges).spec
        return replace(tree, spec=tree.spec.with_(shape=now.shape, dtype=now.dtype))
    if isinstance(tree, Mapping):
        return {key: _declared(tree[key], edges) or tree[key] for key in sorted(tree)}
    return tuple(_declared(item, edges) or item for item in tree)


def _feed(graph: _Changing, evidence: Evidence) -> None:
    """Puts the data into the graph, if they say what goes in: of one input."""
    x = None if evidence.batch is None else evidence.batch.x
    inputs = graph.graph.inputs
    if not isinstance(x, Spec) or len(inputs) != 1 or x.shape is None:
        return
    had = inputs[0].spec
    if had.shape is None or (None, *x.shape[1:]) == (None, *had.shape[1:]):
        return
    batch = had.shape[0] if had.shape else None
    graph.feed(0, had.with_(shape=(batch, *x.shape[1:]) if x.shape else x.shape))


# ----------------------------------------------------------------------------------------------------- the graph
@dataclass
class _Changing:
    """A graph in the making: edits are made in it, one after the other."""

    graph: Graph
    tools: Tools

    def __post_init__(self) -> None:
        self.changed: set[int] = set()
        self.declared = False
        keys = [edge.key for node in self.graph.nodes for edge in (*node.gets, *node.gives)]
        self._key = max((*keys, *(edge.key for edge in self.graph.inputs), 0))

    def edit(self, edit: LayerEdit) -> None:
        match edit:
            case Argument(_, "return_state"):
                raise Unprovable("how many tensors it gives is not known then")
            case Argument(layer, name, value) if _is_input(layer):
                self._declare(layer, name, value)
            case Argument(layer, name, value):
                inside = layer.rpartition(" of ")[0]
                for at in self._places(layer):
                    node = self.tools.changed(self.graph.nodes[at], inside, name, value)
                    self._put(at, _in_place_of(self.graph.nodes[at], node))
            case Replace(layer, code):
                for at in self._places(layer):
                    old = self.graph.nodes[at]
                    like = None if called(code)[1] else old
                    self._put(at, _in_place_of(old, self.tools.made(code, _name(old), like)))
            case Remove(layer):
                for at in reversed(self._places(layer)):
                    self._take(at)
            case Exchange(layer, one, two):
                for at in self._places(layer):
                    self._exchange(at, one, two)
            case Move(layer, side, other):
                self._move(layer, side, other)
            case Insert(code, layer, side, index):
                for number, at in enumerate(reversed(self._places(layer))):
                    self._insert(self.tools.made(code, f"new_{self._key}_{number}"), at, side, index)

    def feed(self, index: int, spec: Spec) -> None:
        """Puts another tensor into the graph."""
        inputs = list(self.graph.inputs)
        inputs[index] = replace(inputs[index], spec=spec)
        self.graph = replace(self.graph, inputs=tuple(inputs))
        self.changed.add(inputs[index].key)

    def _places(self, layer: str) -> list[int]:
        outer = layer.rpartition(" of ")[2]
        found = [i for i, node in enumerate(self.graph.nodes) if outer in (node.subject.label, node.subject.short)]
        if not found:
            raise Unprovable(f"{layer} is not in the graph")
        return found

    def _declare(self, layer: str, name: str, value: str) -> None:
        if name not in ("shape", "dtype") or len(self.graph.inputs) != 1:
            raise Unprovable("which input is meant is not known")
        had, given = self.graph.inputs[0].spec, value_of(value, {})
        self.declared = True
        self.feed(0, had.with_(shape=(None, *given)) if name == "shape" else had.with_(dtype=given))

    def _put(self, at: int, node: Node) -> None:
        nodes = list(self.graph.nodes)
        nodes[at] = node
        self.graph = replace(self.graph, nodes=tuple(nodes))
        self.changed.add(key_of(node))

    def _take(self, at: int) -> None:
        node = self.graph.nodes[at]
        if len(node.gets) != 1 or len(node.gives) != 1:
            raise Unprovable("it joins several tensors")
        nodes = (*self.graph.nodes[:at], *self.graph.nodes[at + 1 :])
        self.graph = replace(self.graph, nodes=nodes)
        self._lead(node.gives[0].key, node.gets[0])

    def _lead(self, key: int, edge: Edge, *, but: Node | None = None) -> None:
        """Leads all that takes a tensor to another one."""

        def led(edges: tuple[Edge, ...]) -> tuple[Edge, ...]:
            return tuple(edge if one.key == key else one for one in edges)

        nodes: list[Node] = []
        for node in self.graph.nodes:
            if node is not but and any(one.key == key for one in node.gets):
                node = replace(node, gets=led(node.gets))
                self.changed.add(key_of(node))
            nodes.append(node)
        self.graph = replace(self.graph, nodes=tuple(nodes), outputs=led(self.graph.outputs))
        self.changed.add(edge.key)

    def _insert(self, made: Node, at: int, side: Side, index: int | None) -> None:
        beside = self.graph.nodes[at]
        self._key += 1
        if side is Side.AFTER:
            if len(beside.gives) != 1:
                raise Unprovable("it gives several tensors")
            taken = beside.gives[0]
        else:
            if index is None and len(beside.gets) != 1:
                raise Unprovable("which tensor is meant is not known")
            taken = beside.gets[index or 0]
        given = Edge(self._key, UNKNOWN, taken.masked and made.handling is MaskHandling.KEEPS)
        made = with_tensors(made, (taken,), (given,))
        nodes = list(self.graph.nodes)
        if side is Side.AFTER:
            nodes.insert(at + 1, made)
            self.graph = replace(self.graph, nodes=tuple(nodes))
            self._lead(taken.key, given, but=made)
        else:
            gets = list(beside.gets)
            gets[index or 0] = given
            nodes[at] = replace(beside, gets=tuple(gets))
            nodes.insert(at, made)
            self.graph = replace(self.graph, nodes=tuple(nodes))
            self.changed.add(key_of(beside))
        self.changed.add(given.key)

    def _exchange(self, at: int, one: int, two: int) -> None:
        node = self.graph.nodes[at]
        gets = list(node.gets)
        if max(one, two) >= len(gets):
            raise Unprovable("it gets fewer tensors")
        gets[one], gets[two] = gets[two], gets[one]
        self._put(at, replace(node, gets=tuple(gets)))

    def _move(self, layer: str, side: Side, other: str) -> None:
        at = self._places(layer)
        if len(at) != 1:
            raise Unprovable("it is called several times")
        node = self.graph.nodes[at[0]]
        self._take(at[0])
        self._insert(node, self._places(other)[0], side, None)


def _is_input(layer: str) -> bool:
    return layer.startswith(("Input ", "keras.Input"))


def _name(node: Node) -> str:
    return node.subject.short.strip('"')


def _in_place_of(old: Node, new: Node) -> Node:
    """A changed layer in the place of one: the user's names stay."""
    gives = tuple(replace(edge, spec=UNKNOWN) for edge in old.gives)
    new = replace(new, subject=replace(old.subject, kind=new.subject.kind), users=old.users, allowed=old.allowed)
    return replace(new, gets=old.gets, gives=gives, specs=old.specs, values=old.values)


# ------------------------------------------------------------------------------------------------- the training
Compiled: TypeAlias = Loss | LossArgument | Metric | MetricArgument
"""What ``compile`` is given."""


def _compiled(evidence: Evidence, edit: Compiled, tools: Tools) -> Training:
    training, heads = evidence.training, evidence.outputs
    if training is None or heads is None:
        raise Unprovable("the loss is not known")
    names = [head.name for head in heads]
    if edit.output and edit.output not in names:
        raise Unprovable(f"there is no output {edit.output}")
    at = names.index(edit.output) if edit.output else None
    if at is None and len(names) > 1 and isinstance(edit, LossArgument):
        raise Unprovable("which output is meant is not known")
    return Training(
        tuple(_of_output(one, edit, tools) if at in (None, i) else one for i, one in enumerate(training.outputs))
    )


def _of_output(one: OutputTraining, edit: Compiled, tools: Tools) -> OutputTraining:
    match edit:
        case Loss(value):
            loss = tools.loss(value)
            if loss is None:
                raise Unprovable("nothing is known of the loss")
            return replace(one, loss=loss)
        case LossArgument(name, value):
            contract = getattr(one.loss, "contract", None)
            if contract is None:
                raise Unprovable("nothing is known of the loss")
            loss = tools.loss(f"losses.{contract.cls}({name}={value})")
            return replace(one, loss=loss)
        case Metric(old) | MetricArgument(old):
            known = [metric for metric in one.metrics if old in (metric.text, str(metric.text).strip('"'))]
            if not known:
                raise Unprovable("which metric is meant is not known")
            new = tools.metric(_metric_code(edit))
            kept = tuple(new if metric is known[0] else metric for metric in one.metrics)
            return replace(one, metrics=tuple(metric for metric in kept if metric is not None))


def _metric_code(edit: Metric | MetricArgument) -> str:
    if isinstance(edit, Metric):
        return edit.code
    return f"metrics.{edit.old.partition('(')[0]}({edit.name}={edit.value})"
