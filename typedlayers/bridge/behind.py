"""One call, and the calls that led to it: the graph of a functional model that is being made.

``KerasTensor._keras_history`` names the operation of a tensor, ``Operation._inbound_nodes`` its calls; where an
installed Keras lacks them, the call stands alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, Final

import keras

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.graph import Call
from typedlayers.bridge.model_graph import node_of
from typedlayers.bridge.tensors import is_tensor, spec_of
from typedlayers.facts.graph import Edge, Graph, Node
from typedlayers.spec import Carrier, Spec

MOST: Final = 64
"""Calls that are gone back through."""


def graph_behind(layer: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Graph:
    """Returns the graph that ends with a call that is about to be made.

    Args:
        layer: the layer.
        args: its positional arguments.
        kwargs: its keyword arguments.
    """
    return _Behind().graph(layer, args, kwargs)


class _Behind:
    def __init__(self) -> None:
        self._keys = itertools.count(1)
        self._known: dict[int, Edge] = {}
        self._nodes: list[Node] = []
        self._inputs: list[Edge] = []

    def graph(self, layer: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Graph:
        given = [one for one in keras.tree.flatten([list(args), dict(kwargs)]) if is_tensor(one)]
        gets = tuple(map(self._edge, given))
        gives = (Edge(next(self._keys), Spec(None, None)),)
        self._nodes.append(node_of(layer, layer, args, kwargs, gets, gives))
        return Graph(label_of(layer), tuple(self._nodes), tuple(self._inputs), gives, floatx=keras.config.floatx())

    def _edge(self, tensor: Any) -> Edge:
        if id(tensor) not in self._known:
            call = _call_of(tensor)
            if call is None or len(self._nodes) >= MOST:
                self._known[id(tensor)] = edge = self._new(tensor, None if call is None else Carrier.SYMBOLIC)
                self._inputs.append(edge)
            else:
                self._add(call)
        return self._known.get(id(tensor)) or self._new(tensor, None)

    def _add(self, call: Call) -> None:
        gets = tuple(map(self._edge, call.inputs))
        gives = tuple(self._new(one, None) for one in call.outputs)
        self._known |= {id(one): edge for one, edge in zip(call.outputs, gives, strict=True)}
        self._nodes.append(node_of(call.operation, call.operation, call.args, call.kwargs, gets, gives, call))

    def _new(self, tensor: Any, carrier: Carrier | None) -> Edge:
        return Edge(
            next(self._keys), spec_of(tensor, carrier=carrier), getattr(tensor, "_keras_mask", None) is not None
        )


def _call_of(tensor: Any) -> Call | None:
    """The call that gave a Keras tensor, None of an input and of every other tensor."""
    history: Any = getattr(tensor, "_keras_history", None)
    operation = getattr(history, "operation", None)
    nodes: Any = getattr(operation, "_inbound_nodes", ())
    if operation is None or isinstance(operation, keras.layers.InputLayer):
        return None
    if not 0 <= getattr(history, "node_index", -1) < len(nodes):
        return None
    node = nodes[history.node_index]
    given = node.arguments
    return Call(operation, tuple(given.args), dict(given.kwargs), tuple(node.input_tensors), tuple(node.output_tensors))
