"""Facts of inputs and of the layers between them and the weights, written short."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from typedlayers.catalogue import contract_named
from typedlayers.contracts.dtypes import Policy
from typedlayers.diagnostics.model import Diagnostic, Location, Place
from typedlayers.diagnostics.subject import Subject
from typedlayers.facts.evidence import Use
from typedlayers.facts.front import Taken
from typedlayers.facts.graph import Edge, Graph, Maker, Node
from typedlayers.facts.ranges import ValueFacts
from typedlayers.facts.values import Values
from typedlayers.rules.rule import AnyRule
from typedlayers.rules.values.seen import SeenInput
from typedlayers.spec import Carrier, Spec

WHERE = Location("train.py", 9, 'Sequential "net"')

IMAGES = Spec("float32", (None, 8, 8, 3), Carrier.ARRAY)
BYTES = Spec("uint8", (None, 8, 8, 3), Carrier.ARRAY)
TABLE = Spec("float32", (None, 8), Carrier.ARRAY)


def a_layer(kind: str, *, compute: str = "float32", fresh: bool = True, allowed: str = "", **attributes: Any) -> Node:
    """Returns the call of a layer of Keras, with the attributes that rules ask for."""
    contract = contract_named(kind)
    assert contract is not None
    layer = SimpleNamespace(**{"data_format": "channels_last", **attributes})
    resolved = replace(contract, outputs=None).for_layer(layer, Policy(compute))  # sizes of results are not asked for
    subject = Subject.of(kind, kind.lower(), Location("train.py", 3))
    codes = frozenset({allowed} - {""})
    return Node(subject=subject, kind=kind, layer=layer, resolved=resolved, fresh=fresh, allowed=codes)


def custom() -> Node:
    """Returns the call of a layer of the user's: nothing is known of what it does with values."""
    return Node(subject=Subject.of("Mine", "mine", Location("train.py", 3)))


def an_op(kind: str, number: float) -> Node:
    """Returns an op of a tensor and a number."""
    values = {"x1": None, "x2": (number,)}
    return Node(subject=Subject("op", '"op"', Location(what="op")), kind=kind, maker=Maker.OP, values=values)


def values(low: float, high: float, *, whole: bool = False, **more: Any) -> ValueFacts:
    """Returns what was seen of values."""
    return ValueFacts(low, high, whole=whole, count=192, **more)


RAW = values(0, 255, whole=True)
UNIT = values(0, 1)
SIGNED = values(-1, 1)


def chained(spec: Spec, layers: tuple[Node, ...]) -> Graph:
    """Returns the graph of layers in a row."""
    edges = [Edge(key, spec) for key in range(len(layers) + 1)]
    nodes = (replace(one, gets=(edges[n],), gives=(edges[n + 1],)) for n, one in enumerate(layers))
    return Graph('Sequential "net"', tuple(nodes), (edges[0],), (edges[-1],))


def seen(spec: Spec, facts: ValueFacts, *layers: Node, use: Use = Use.FIT, **more: Any) -> SeenInput:
    """Returns one input with what was seen of it and its way to the weights; the spec is that of every step."""
    ways = ((layers, (spec,) * len(layers)),) if layers else ()
    graph = chained(spec, layers)
    named = {"label": 'the input of Sequential "net"', "model": 'Sequential "net"', "declared": "float32"}
    taken = Taken(trained=more.pop("trained", None), declared=more.pop("promised", None))
    given = {**named, "graph": graph, "edge": graph.inputs[0], "taken": taken, "rewires": True, **more}
    return SeenInput(spec=spec, values=Values.known(facts), ways=ways, where=WHERE, place=Place("x"), use=use, **given)


def told(rule: AnyRule, subject: Any) -> list[Diagnostic]:
    """Returns what a rule finds, each with its code, its line and what it needs."""
    found = list(rule.find(subject))
    for one in found:
        assert one.code == rule.code
        assert one.where.line is not None
        assert one.needs
    return found
