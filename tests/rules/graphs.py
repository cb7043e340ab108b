"""Graphs of models, written short: each layer is a bag of the attributes that Keras's own layer has."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from typedlayers.catalogue import contract_named
from typedlayers.contracts.contract import Resolved
from typedlayers.contracts.dtypes import Policy
from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.diagnostics.subject import Subject
from typedlayers.facts.evidence import Evidence, Use
from typedlayers.facts.graph import Edge, Graph, Maker, MaskHandling, Node
from typedlayers.rules.engine import findings
from typedlayers.rules.rule import AnyRule
from typedlayers.spec import Carrier, Spec

N = None
LABEL = 'Functional "net"'

LAST: Any = {"data_format": "channels_last"}
"""The attribute of layers over images."""

DEFAULTS: dict[str, dict[str, Any]] = {
    "Dense": {"units": 8, "trainable": True, "kernel_constraint": None, "bias_constraint": None},
    "Conv2D": {
        "rank": 2, "filters": 8, "kernel_size": (1, 1), "strides": (1, 1), "padding": "same", "dilation_rate": (1, 1),
        "groups": 1, **LAST,
    },
    "MaxPooling2D": {"pool_size": (2, 2), "strides": (2, 2), "padding": "valid", **LAST},
    "GlobalAveragePooling2D": {"keepdims": False, **LAST},
    "Rescaling": {"scale": 1.0, "offset": 0.0},
    "Dropout": {"rate": 0.5},
    "BatchNormalization": {"axis": -1},
    "LayerNormalization": {"axis": -1},
    "Softmax": {"axis": -1},
    "ReLU": {"negative_slope": 0.0, "threshold": 0.0, "max_value": None},
    "Activation": {"activation": None},
    "Concatenate": {"axis": -1},
    "Flatten": LAST,
}  # fmt: skip
"""The attributes of Keras's layers that rules and contracts read, as Keras makes them."""

HANDLING = {
    "Flatten": MaskHandling.MIXES,
    "GlobalMaxPooling1D": MaskHandling.MIXES,
    "Permute": MaskHandling.MOVES,
    "Reshape": MaskHandling.MOVES,
    "Conv1D": MaskHandling.DROPS,
    "LSTM": MaskHandling.TAKES,
    "GlobalAveragePooling1D": MaskHandling.TAKES,
}
"""What layers do with a mask; those that are not named hand it on."""


class Net:
    """A graph in the making: inputs and calls in the order in which they run."""

    def __init__(self, label: str = LABEL) -> None:
        self.label = label
        self.inputs: list[Edge] = []
        self.nodes: list[Node] = []
        self._keys = 0

    def input(self, *shape: int | None, dtype: str = "float32", masked: bool = False) -> Edge:
        """Adds an input, and returns it; the batch axis is left out of its shape."""
        edge = self._edge((None, *shape), dtype, masked, Carrier.INPUT)
        self.inputs.append(edge)
        return edge

    def call(
        self,
        layer: str,
        gets: Edge | list[Edge],
        *gives: int | None,
        dtype: str = "float32",
        masked: bool | None = None,
        maker: Maker = Maker.KERAS,
        handling: MaskHandling | None = None,
        facts: dict[str, Any] | None = None,
        **attributes: Any,
    ) -> Edge:
        """Adds a call of a layer, and returns its result.

        Args:
            layer: its class and its name: ``Dense head``; for an op just the op.
            gets: what it is called on.
            gives: the shape of its result without the batch axis.
            dtype: the dtype of its result.
            masked: whether a mask is attached to the result; if not said, whether the layer hands one on.
            maker: whose code computes it.
            handling: what it does with a mask, if not what a layer of its class does.
            facts: other attributes of the node.
            attributes: attributes of the layer, if not Keras's defaults.
        """
        came = gets if isinstance(gets, list) else [gets]
        does = handling or HANDLING.get(layer.partition(" ")[0], MaskHandling.KEEPS)
        if masked is None:
            masked = does is MaskHandling.KEEPS and any(edge.masked for edge in came)
        made = self._edge((None, *gives), dtype, masked, Carrier.SYMBOLIC)
        self.nodes.append(
            a_node(layer, tuple(came), (made,), maker=maker, handling=does, facts=facts or {}, attributes=attributes)
        )
        return made

    def to(self, *outputs: Edge, names: tuple[str, ...] = (), **more: Any) -> Graph:
        """Returns the graph with these outputs."""
        return Graph(self.label, tuple(self.nodes), tuple(self.inputs), outputs, names, **more)

    def _edge(self, shape: tuple[int | None, ...], dtype: str, masked: bool, carrier: Carrier) -> Edge:
        self._keys += 1
        return Edge(self._keys, Spec(dtype, shape, carrier), masked)


def a_node(
    layer: str,
    gets: tuple[Edge, ...] = (),
    gives: tuple[Edge, ...] = (),
    *,
    maker: Maker = Maker.KERAS,
    handling: MaskHandling = MaskHandling.KEEPS,
    facts: dict[str, Any] | None = None,
    attributes: dict[str, Any] | None = None,
) -> Node:
    """Returns one call: that of ``Dense head`` is of a Dense with the name "head"."""
    cls, _, name = layer.partition(" ")
    subject = Subject.of(cls, name or cls.lower(), Location("net.py", 3))
    kind = "" if maker is Maker.USER else cls
    if maker is Maker.OP:
        subject = Subject(f"op {cls}", f'"{cls}"', Location(what=f"op {cls}"), cls)
    bag = SimpleNamespace(**{**DEFAULTS.get(cls, {}), **(attributes or {})})
    given: dict[str, Any] = {"bases": frozenset({kind, "Layer"} if kind else {"Layer"}), **(facts or {})}
    resolved = resolved_of(cls, bag) if maker is Maker.KERAS else None
    return Node(
        subject=subject,
        kind=kind,
        layer=bag,
        resolved=resolved,
        gets=gets,
        gives=gives,
        maker=maker,
        handling=handling,
        **given,
    )


def resolved_of(cls: str, bag: SimpleNamespace) -> Resolved | None:
    """Returns the catalogue's contract for a bag of attributes; None of a class whose attributes are not listed."""
    contract = contract_named(cls)
    try:
        return None if contract is None else contract.for_layer(bag, Policy("float32", "float32"))
    except AttributeError:
        if cls in DEFAULTS:
            raise
        return None


def known(graph: Graph, *, use: Use | None = None, **more: Any) -> Evidence:
    """Returns what is known of a model of this graph."""
    return Evidence(label=graph.label, use=use, graph=graph, flat=graph, **more)


def told(rule: AnyRule, graph: Graph, **more: Any) -> list[Diagnostic]:
    """Returns what one rule finds in a graph, alone."""
    return findings([rule], known(graph, **more))


def headlines(found: list[Diagnostic]) -> list[str]:
    """Returns what was found, in one line each."""
    return [one.headline for one in found]


def offered(found: list[Diagnostic]) -> list[str]:
    """Returns the texts of all fixes."""
    return [fix.text for one in found for fix in one.fixes]
