"""The way of a change through a graph: what each call gets and gives after it, and what its contract says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from typedlayers.contracts.contract import Checked, Resolved, check, infer
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.diagnostics.repair_kinds import after
from typedlayers.facts.graph import Edge, Graph, Maker, Node
from typedlayers.facts.pairing import compatible
from typedlayers.fixes.case import UNKNOWN, Tools, Unprovable, exchanged, key_of
from typedlayers.rules.contracts.findings import findings_of
from typedlayers.spec import Carrier, Kind, Origin, Spec, SpecTree, leaves


def broken(graph: Graph) -> dict[int, tuple[Diagnostic, ...]]:
    """Returns what the contracts of calls say, by the key of the call; only of those that say something."""
    found = {key_of(node): tuple(_told(node, node.resolved, node.specs)) for node in graph.nodes if node.resolved}
    return {key: told for key, told in found.items() if told}


def spread(
    graph: Graph, known: Mapping[int, tuple[Diagnostic, ...]], changed: frozenset[int], tools: Tools
) -> tuple[Graph, dict[int, tuple[Diagnostic, ...]]]:
    """Returns the graph after a change, and what the contracts of its calls say.

    Args:
        graph: the graph, in which tensors behind the change are as they were.
        known: what the contracts said before.
        changed: the keys of the calls that were changed, or of inputs.
        tools: what layers are made anew with.
    """
    now = {edge.key: edge for edge in graph.inputs}
    found: dict[int, tuple[Diagnostic, ...]] = {}
    nodes: list[Node] = []
    for node in graph.nodes:
        gets = tuple(now.get(edge.key, edge) for edge in node.gets)
        key = key_of(node)
        if key not in changed and all(new.spec == old.spec for new, old in zip(gets, node.gets, strict=True)):
            told = known.get(key, ())
        else:
            before, (node, told) = node, _again(node, gets)
            if told and before.built and before.fresh:
                node, told = _again(_renewed(before, tools), gets)
        if told:
            found[key] = told
        nodes.append(node)
        now |= {edge.key: edge for edge in node.gives}
    outputs = tuple(now.get(edge.key, edge) for edge in graph.outputs)
    return replace(graph, nodes=tuple(nodes), outputs=outputs), found


def _renewed(node: Node, tools: Tools) -> Node:
    """A call of a layer whose weights nobody trained: they are made anew for what it gets now."""
    try:
        new = tools.renewed(node)
    except Unprovable:
        return node
    return replace(node, layer=new.layer, resolved=new.resolved, infer=new.infer, built=False)


def _again(node: Node, gets: tuple[Edge, ...]) -> tuple[Node, tuple[Diagnostic, ...]]:
    """A call on other tensors; after a mismatch it goes on as if that were repaired."""
    specs = _arguments(node, gets)
    if node.resolved is None or specs is None:
        asked = node.infer(gets[0].spec) if len(gets) == 1 and node.maker is not Maker.USER else None
        return _giving(node, gets, {}, asked), ()
    resolved = _with_new_weights(node.resolved)
    told = tuple(_told(node, resolved, specs))
    checked = check(resolved, specs, values=node.values)
    repairs = next((one.repairs for one in told if one.repairs), ())
    first = specs.get(resolved.first)
    if repairs and isinstance(first, Spec):
        for repair in repairs:
            first = after(repair, first)
        specs = {**specs, resolved.first: first}
        checked = check(resolved, specs, values=node.values)
    given = _given(node, resolved, checked, specs) if _is_told(node, resolved) else node.infer(gets[0].spec)
    return _giving(node, gets, specs, given), told


def _is_told(node: Node, resolved: Resolved) -> bool:
    """Whether the contract tells what a call gives: it told it before the change."""
    if node.resolved is None or any(edge.shape is None for edge in node.gives) or len(node.gives) != 1:
        return True
    checked = check(resolved, node.specs, values=node.values)
    inferred = infer(resolved, checked, node.specs, node.values)
    if checked.mismatches or not isinstance(inferred, Spec) or inferred.shape is None:
        return True
    given = node.gives[0].shape or ()
    return len(given) == len(inferred.shape) and all(map(compatible, given[1:], inferred.shape[1:]))


def _arguments(node: Node, gets: tuple[Edge, ...]) -> Mapping[str, SpecTree] | None:
    if node.resolved is None:
        return None
    if not node.specs:
        return {node.resolved.first: gets[0].spec} if len(gets) == 1 else None
    return exchanged(node.specs, [edge.spec for edge in gets])


def _with_new_weights(resolved: Resolved) -> Resolved:
    """The contract of a layer whose weights are made anew: they had the sizes of what it got before."""
    return replace(resolved, facts=tuple(fact for fact in resolved.facts if fact.axis is None))


def _told(node: Node, resolved: Resolved, specs: Mapping[str, SpecTree]) -> Iterator[Diagnostic]:
    checked = check(resolved, specs, values=node.values)
    if checked.mismatches:
        found = findings_of(checked, resolved, specs, node.subject)
        yield from (one for one in found if one.code not in node.allowed)


def _given(node: Node, resolved: Resolved, checked: Checked, specs: Mapping[str, SpecTree]) -> SpecTree:
    inferred = infer(resolved, checked, specs, node.values)
    single = specs.get(resolved.first)
    if (
        checked.mismatches
        or not isinstance(single, Spec)
        or (isinstance(inferred, Spec) and inferred.shape is not None)
    ):
        return inferred
    asked = node.infer(single)
    if asked is None or inferred is None:
        return asked or inferred
    return asked.with_(dtype=inferred.dtype) if isinstance(inferred, Spec) else inferred


def _giving(node: Node, gets: tuple[Edge, ...], specs: Mapping[str, SpecTree], given: SpecTree) -> Node:
    found = [spec for _, spec in leaves(given)]
    if len(found) != len(node.gives):
        found = [UNKNOWN] * len(node.gives)
    origin = Origin(node.subject.label, node.subject.where.file, node.subject.where.line)
    gives = tuple(
        replace(edge, spec=_with_dtype(node, spec, gets).with_(origin=origin, carrier=Carrier.SYMBOLIC))
        for edge, spec in zip(node.gives, found, strict=True)
    )
    return replace(node, gets=gets, gives=gives, specs=specs)


def _with_dtype(node: Node, spec: Spec, gets: tuple[Edge, ...]) -> Spec:
    """Floats stay floats where only the shape was told, of a layer without a contract."""
    if spec.dtype is None and node.resolved is None and gets and gets[0].spec.kind is Kind.FLOAT:
        return spec.with_(dtype=gets[0].spec.dtype)
    return spec
