"""TL230: an input of a functional model reaches none of its outputs."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic, Location
from typedlayers.facts.evidence import Evidence, Origin
from typedlayers.facts.inputs import each_input
from typedlayers.rules.rule import Need, Rule, Topic


def _functional(evidence: Evidence) -> Iterator[Evidence]:
    graph = evidence.graph
    if graph is not None and len(graph.inputs) > 1 and evidence.origins.get("graph") is Origin.BUILD:
        yield evidence


FUNCTIONAL = Topic("the inputs of the model", (Need.GRAPH, Need.INPUTS), _functional)
"""A functional model of several inputs."""


def find(evidence: Evidence) -> Iterator[Diagnostic]:
    """Yields each input that no call takes, and that is no output itself."""
    graph, inputs = evidence.graph, evidence.inputs
    if graph is None or inputs is None or inputs.tree is None:
        return
    declared = [one for _, one in each_input(inputs.tree)]
    if len(declared) != len(graph.inputs):
        return
    taken = {edge.key for node in graph.nodes for edge in node.gets} | {edge.key for edge in graph.outputs}
    for edge, one in zip(graph.inputs, declared, strict=True):
        if edge.key not in taken:
            yield Diagnostic(
                RULE.code,
                f"{one.label} reaches none of its outputs: what it is given is not used",
                where=Location(evidence.where.file, evidence.where.line, evidence.label),
                needs="a layer that takes it, on the way to an output",
                why="Keras makes a model of all layers between inputs and outputs; none of them takes this input",
                certainty=Certainty.PERHAPS,
            )


RULE = Rule(code="TL230", about=FUNCTIONAL, find=find)
