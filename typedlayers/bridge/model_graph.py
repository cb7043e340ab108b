"""A model → the one graph (`typedlayers.facts.graph`), from what Keras kept of it or from calls that were seen."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import keras

from typedlayers.bridge.activations import joins_samples
from typedlayers.bridge.adapted import ids_given, output_mode_of
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.gradients import conducts
from typedlayers.bridge.graph import Call, calls_of, functional_of
from typedlayers.bridge.inference import infer_of
from typedlayers.bridge.masks import kept_padding
from typedlayers.bridge.members import allowed_for, contract_in_model, is_fresh, is_users_own, place_of
from typedlayers.bridge.node_facts import (
    activation_of,
    bases_of,
    constants_of,
    handling_of,
    handling_of_op,
    kind_of,
    maker_of,
)
from typedlayers.bridge.outputs import is_run_as_graph, output_names
from typedlayers.bridge.recording import Recorder, SeenCall
from typedlayers.bridge.resolved import named, parameters_of, tensor_specs
from typedlayers.bridge.tensors import is_tensor, spec_of
from typedlayers.diagnostics.model import Location
from typedlayers.diagnostics.subject import Subject
from typedlayers.facts.graph import Edge, Graph, Maker, Node
from typedlayers.spec import Carrier

Known = dict[int, Edge]
"""The tensors that were met so far, by identity."""


def kept_graph(model: Any) -> Graph | None:
    """Returns the graph that Keras kept of a functional model or a built Sequential; None of every other model."""
    graph = functional_of(model)
    if graph is None or not graph.outputs or not is_run_as_graph(model):
        return None
    keys = itertools.count(1)
    known: Known = {id(tensor): _edge(next(keys), tensor, Carrier.INPUT) for tensor in graph.inputs}
    inputs = tuple(known[id(tensor)] for tensor in graph.inputs)
    nodes = tuple(_kept_nodes(graph, label_of(model), known, keys))
    outputs = tuple(known[id(tensor)] for tensor in graph.outputs)
    nodes = _without_idle_ops(nodes, outputs)
    names = output_names(model)
    return Graph(
        label_of(model),
        nodes,
        inputs,
        outputs,
        names if len(names) == len(outputs) else (),
        floatx=keras.config.floatx(),
    )


def _kept_nodes(graph: Any, label: str, known: Known, keys: Iterator[int]) -> Iterator[Node]:
    calls = calls_of(graph)
    for index, call in enumerate(calls):
        inner = functional_of(call.operation) if isinstance(call.operation, keras.Model) else None
        if inner is None or not _fits(inner, call) or not is_run_as_graph(call.operation):
            gets = tuple(known[id(tensor)] for tensor in _without_masks(call.inputs) if id(tensor) in known)
            gives = tuple(_edge(next(keys), tensor) for tensor in call.outputs)
            if _is_misannounced(call, known):
                gives = tuple(replace(edge, spec=edge.spec.with_(shape=None)) for edge in gives)
            known |= {id(tensor): edge for tensor, edge in zip(call.outputs, gives, strict=True)}
            within = f"layer {index + 1} of {len(calls)} in {label}"
            yield node_of(call.operation, call.operation, call.args, call.kwargs, gets, gives, call, within)
            continue
        # A model inside is gone through as if its layers stood in the outer one; its tensors are of this call alone.
        inside = {id(tensor): known[id(given)] for tensor, given in zip(inner.inputs, call.inputs, strict=True)}
        yield from _kept_nodes(inner, label_of(call.operation), inside, keys)
        for tensor, made in zip(call.outputs, inner.outputs, strict=True):
            edge = inside[id(made)]
            known[id(tensor)] = edge if edge.shape is None else _edge(edge.key, tensor)


def _is_misannounced(call: Call, known: Known) -> bool:
    """Whether a call gives other axes than Keras says: of texts that are counted it keeps an axis of 1."""
    if isinstance(call.operation, keras.layers.TextVectorization):
        config = call.operation.get_config()
        counts = config["output_mode"] != "int" and config["split"] is not None
        return counts and len(call.outputs[0].shape) > 2
    came = ((tensor, known[id(tensor)]) for tensor in call.inputs if id(tensor) in known)
    return any(edge.shape is None and spec_of(tensor).shape is not None for tensor, edge in came)


def _without_masks(tensors: Iterable[Any]) -> Iterator[Any]:
    """The tensors that a call gets without the masks that Keras took from them: it makes those arguments too."""
    given = list(tensors)
    masks = {id(getattr(tensor, "_keras_mask", None)) for tensor in given}
    return (tensor for tensor in given if id(tensor) not in masks)


def _without_idle_ops(nodes: Sequence[Node], outputs: Sequence[Edge]) -> tuple[Node, ...]:
    """The calls without ops whose results nothing takes: they made a mask, which goes along with its tensor."""
    taken = {edge.key for edge in outputs}
    found: list[Node] = []
    for node in reversed(nodes):
        if node.maker is not Maker.OP or any(edge.key in taken for edge in node.gives):
            found.append(node)
            taken |= {edge.key for edge in node.gets}
    return tuple(reversed(found))


def _fits(inner: Any, call: Call) -> bool:
    return len(inner.inputs) == len(call.inputs) and len(inner.outputs) == len(call.outputs)


def layers_in_order(model: Any) -> tuple[Node, ...]:
    """Returns the layers of a Sequential as nodes, before anything is known of what they get."""
    count, label = len(model.layers), label_of(model)
    places = (f"layer {index + 1} of {count} in {label}" for index in range(count))
    return tuple(
        node_of(layer, layer, (), {}, (), (), within=place) for layer, place in zip(model.layers, places, strict=True)
    )


def has_own_code(graph: Graph) -> bool:
    """Returns True if a layer of the user's computes something that the graph does not show."""
    return any(node.maker is Maker.USER for node in graph.nodes)


def seen_graph(
    model: Any,
    recorder: Recorder,
    inputs: Any,
    outputs: Any,
    names: tuple[str, ...],
    opened: Callable[[Any], bool],
    *,
    stopped: bool = False,
) -> Graph:
    """Returns the graph of calls that were seen.

    Args:
        model: the model.
        recorder: the calls.
        inputs: the tensors that were put in, nested as the model takes them.
        outputs: the tensors that came out.
        names: the names of the outputs.
        opened: tells the layers in whose place the calls inside them stand.
        stopped: whether the run did not come to its end: the call that raised stands there too, and gives nothing.
    """
    return _Seen(recorder, opened, stopped).graph(label_of(model), inputs, outputs, names)


class _Seen:
    """Calls that were seen, joined to a graph by the identities of their tensors."""

    def __init__(self, recorder: Recorder, opened: Callable[[Any], bool], stopped: bool) -> None:
        self._recorder = recorder
        self._opened = opened
        self._stopped = stopped
        self._keys = itertools.count(1)
        self._known: Known = {}
        self._nodes: list[Node] = []
        self._whole = True
        self._home: int | None = None
        self._size: int | None = None
        self._within: Any = None  # the layer of the user's whose ops are met

    def graph(self, label: str, inputs: Any, outputs: Any, names: tuple[str, ...]) -> Graph:
        self._home = next((_home(tensor) for tensor in _tensors(inputs)), None)
        self._size = next((tensor.shape[0] for tensor in _tensors(inputs) if len(tensor.shape)), None)
        first = tuple(self._new(tensor, Carrier.INPUT) for tensor in _tensors(inputs))
        self._add_all(self._recorder.calls)
        last = tuple(self._edge(tensor) for tensor in _tensors(outputs))
        names = names if len(names) == len(last) else ()
        return Graph(label, tuple(self._nodes), first, last, names, self._whole, keras.config.floatx())

    def _add_all(self, calls: Iterable[SeenCall]) -> None:
        for call in calls:
            if not self._is_of_the_run(call):
                continue
            layer = self._recorder.original(call.layer)
            if call.inner and self._opened(layer):
                outer, self._within = self._within, None if is_model(layer) else layer
                self._add_all(call.inner)
                for tensor in _tensors(call.outputs):
                    self._edge(tensor)
                self._within = outer
            else:
                self._add(layer, call)

    def _is_of_the_run(self, call: SeenCall) -> bool:
        """Calls that Keras makes to build a layer are not part of the run: their results are of a scratch graph.

        Nor is a call that raised, if the user's code went on after it.
        """
        if call.outputs is None:
            return self._stopped and any(_home(tensor) == self._home for tensor in _tensors(call.args))
        return all(_home(tensor) == self._home for tensor in _tensors(call.outputs))

    def _add(self, layer: Any, call: SeenCall) -> None:
        given = _without_masks([*_tensors(call.args), *_tensors(call.kwargs)])
        gets = tuple(map(self._edge, given))
        gives = tuple(self._new(tensor) for tensor in _tensors(call.outputs))
        self._nodes.append(node_of(layer, call.layer, call.args, call.kwargs, gets, gives))

    def _new(self, tensor: Any, carrier: Carrier = Carrier.SYMBOLIC) -> Edge:
        # A layer may return the very tensor that it got: what follows reads its result, not its input.
        edge = _edge(next(self._keys), tensor, carrier)
        shape = edge.shape
        if shape and shape[0] == self._size:
            edge = replace(edge, spec=edge.spec.with_(shape=(None, *shape[1:])))
        self._known[id(tensor)] = edge
        return edge

    def _edge(self, tensor: Any) -> Edge:
        found = self._known.get(id(tensor))
        if found is not None:
            return found
        operands = self._operands(tensor)
        came = tuple(self._edge(one) for one in operands) if operands else tuple(self._behind(tensor))
        edge = self._new(tensor)
        kind = _kind_of(tensor)
        self._whole = self._whole and bool(kind)
        made = self._op(kind)
        self._nodes.append(
            Node(subject=made, kind=kind, maker=Maker.OP, handling=handling_of_op(kind), gets=came, gives=(edge,))
        )
        return edge

    def _op(self, kind: str) -> Subject:
        """An op that Keras did not keep, with the layer of the user's that it stands in."""
        label, where = f"op {kind}" if kind else "code of the model", Location()
        if self._within is not None:
            what = f"op {kind}" if kind else "code"
            label, where = f"{what} inside {label_of(self._within)}", place_of(self._within)
        return Subject(label, f'"{kind}"', where, kind)

    def _behind(self, tensor: Any) -> Iterator[Edge]:
        """Yields the known tensors that ops computed a tensor from."""
        met, waiting = set[int](), [tensor]
        while waiting:
            for source in getattr(getattr(waiting.pop(), "op", None), "inputs", ()):
                if id(source) in met:
                    continue
                met.add(id(source))
                if id(source) in self._known:
                    yield self._known[id(source)]
                elif self._operands(source):
                    yield self._edge(source)
                else:
                    waiting.append(source)

    def _operands(self, tensor: Any) -> tuple[Any, ...]:
        """The operands of an addition that stands in the graph by itself: a number of known tensors, added to rows."""
        operands = _of_a_number_and_rows(tensor)
        return operands if all(map(self._is_computed, operands)) else ()

    def _is_computed(self, tensor: Any) -> bool:
        """True if a tensor was computed of known ones: it is no constant, and no weight."""
        return id(tensor) in self._known or next(self._behind(tensor), None) is not None


def _of_a_number_and_rows(tensor: Any) -> tuple[Any, ...]:
    """The operands of an addition of one number and rows, nothing of every other op."""
    op = getattr(tensor, "op", None)
    if op is None or op.type not in _ADDITIONS:
        return ()
    operands = tuple(op.inputs)
    return operands if {one.shape.rank == 0 for one in operands} == {True, False} else ()


_ADDITIONS: Final = frozenset({"AddV2", "Sub"})


def _kind_of(tensor: Any) -> str:
    """The kind of op that made a tensor; ``tensordot`` is a product of matrices, and a reshape of it."""
    op = getattr(tensor, "op", None)
    if op is None:
        return ""
    of_matrices = op.type == "Reshape" and tensor.shape.rank == 0 and op.inputs[0].op.type == "MatMul"
    return "Tensordot" if of_matrices else op.type


def _home(tensor: Any) -> int | None:
    """What tells the tensors of one trace from those of another: TensorFlow's graph; None of eager tensors."""
    graph = getattr(tensor, "graph", None)
    return None if graph is None else id(graph)


def is_model(layer: Any) -> bool:
    """Returns True for a model: its layers stand in the outer one's graph."""
    return isinstance(layer, keras.Model)


def is_composed(layer: Any) -> bool:
    """Returns True for what calls layers of its own: a model, or a layer of the user's."""
    return is_model(layer) or maker_of(layer) is Maker.USER


def _tensors(nest: Any) -> list[Any]:
    return [leaf for leaf in keras.tree.flatten(nest) if is_tensor(leaf) and hasattr(leaf, "shape")]


def _edge(key: int, tensor: Any, carrier: Carrier = Carrier.SYMBOLIC) -> Edge:
    spec = spec_of(tensor)
    if not isinstance(tensor, keras.KerasTensor):
        spec = spec.with_(carrier=carrier)
    return Edge(key, spec, getattr(tensor, "_keras_mask", None) is not None)


def node_of(
    operation: Any,
    called: Any,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    gets: tuple[Edge, ...],
    gives: tuple[Edge, ...],
    call: Call | None = None,
    within: str = "",
) -> Node:
    """Returns one call of a layer or an op as a node of the graph.

    Args:
        operation: the layer or op.
        called: what was called: the layer itself, or a copy of it whose weights are made.
        args: positional arguments.
        kwargs: keyword arguments.
        gets: the tensors among them.
        gives: the tensors that it returned.
        call: the call as Keras kept it, from which a gradient can be asked for.
        within: the layer's place in its model, where the layer itself does not know it.
    """
    kind = kind_of(operation)
    if not isinstance(operation, keras.layers.Layer):
        label = f"op {label_of(operation)}"
        subject = Subject(label, f'"{operation.name}"', Location(what=label), type(operation).__name__)
        return Node(
            subject=subject,
            kind=kind,
            layer=operation,
            gets=gets,
            gives=gives,
            values=constants_of(args),
            maker=Maker.OP,
            handling=handling_of(operation, args, kwargs),
            conducts=lambda: call is None or conducts(call),
        )
    where = place_of(operation)
    where = Location(where.file, where.line, where.what, where.within or within)
    resolved = contract_in_model(operation)
    arguments = {} if resolved is None else named(parameters_of(operation, resolved), tuple(args), kwargs)
    return Node(
        subject=Subject.of(type(operation).__name__, operation.name, where),
        kind=kind,
        layer=operation,
        resolved=resolved,
        gets=gets,
        gives=gives,
        specs={} if resolved is None else tensor_specs(resolved, arguments),
        values=arguments,
        maker=maker_of(operation),
        handling=handling_of(operation, args, kwargs),
        allowed=allowed_for(operation),
        fresh=is_fresh(operation),
        built=operation.built,
        learns=bool(called.trainable_variables),
        users=is_users_own(operation),
        bases=bases_of(operation),
        activation=activation_of(operation),
        inside=_inside(operation),
        encodes=output_mode_of(operation) or "",
        padding=kept_padding(args, kwargs),
        infer=infer_of(operation),
        ids=lambda: ids_given(operation),
        conducts=lambda: call is None or conducts(call),
        joins=lambda: len(gives) == 1 and joins_samples(operation, gives[0].spec),
    )


def _inside(operation: Any) -> Node | None:
    """The layer inside a wrapper over time, as a node without tensors."""
    if not isinstance(operation, keras.layers.TimeDistributed):
        return None
    return node_of(operation.layer, operation.layer, (), {}, (), ())
