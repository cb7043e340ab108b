"""The contracts between adjacent layers: one walk along the chain, all mismatches at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from typedlayers.contracts.contract import Checked, Contract, Positions, Values, check, infer
from typedlayers.contracts.unify import Bindings
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.diagnostics.repair_kinds import after
from typedlayers.facts.graph import Node
from typedlayers.rules.contracts.findings import findings_of
from typedlayers.spec import Carrier, Origin, Spec

_TEXT: Final = "TL302"

LEAST_SIDE: Final = 8
"""The least height of a square array without channels that is taken for an image."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of one layer of a chain.

    Attributes:
        index: the layer's index in the chain.
        diagnostic: the finding; its repairs are those of the layer's input.
        before: the spec of the layer's input.
    """

    index: int
    diagnostic: Diagnostic
    before: Spec


@dataclass(frozen=True, slots=True)
class Walk:
    """The result of one walk along a chain.

    Attributes:
        found: the findings, in model order.
        specs: the input of each layer; the last one is the chain's output.
        bindings: the model's named dimensions after the walk.
    """

    found: tuple[Found, ...] = ()
    specs: tuple[Spec, ...] = ()
    bindings: Bindings = field(default_factory=Bindings)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The findings alone."""
        return tuple(one.diagnostic for one in self.found)


def walk(
    nodes: Sequence[Node], spec: Spec, shared: Bindings | None = None, names: frozenset[str] = frozenset()
) -> Walk:
    """Infers the specs along a chain; after a mismatch it goes on as if that were repaired.

    What looks text up decides the shape of its ids: of a layer that gets text in their place the output is unknown.

    Args:
        nodes: the layers.
        spec: the input of the first layer.
        shared: sizes of the model's named dimensions, for the contracts that the user wrote.
        names: all of the model's named dimensions, also those of unknown size.
    """
    found: list[Found] = []
    bindings = shared or Bindings()
    specs = [spec]
    for index, node in enumerate(nodes):
        if node.resolved is None:
            spec = _next(node, spec, None)
            specs.append(spec)
            continue
        first, known = node.resolved.first, bindings if node.resolved.own else None
        checked = check(node.resolved, {first: spec}, bindings=known)
        told = tuple(findings_of(checked, node.resolved, {first: spec}, node.subject, known))
        found += [Found(index, one, spec) for one in told]
        repairs = next((one.repairs for one in told if one.repairs and one.code not in node.allowed), ())
        for repair in repairs:
            spec = after(repair, spec)
        if repairs:
            checked = check(node.resolved, {first: spec}, bindings=known)
        if node.resolved.own and names:
            sizes = {name: bound for name, bound in checked.bindings.sizes.items() if name in names}
            bindings = Bindings({**bindings.sizes, **sizes}, bindings.runs)
        spec = _next(node, spec, checked)
        if any(one.code == _TEXT for one in told):
            spec = Spec(None, None, origin=spec.origin)
        specs.append(spec)
    return Walk(tuple(found), tuple(specs), bindings)


def _next(node: Node, spec: Spec, checked: Checked | None) -> Spec:
    """Returns a layer's output: by its contract, else by the framework's own inference, else unknown."""
    output = _inferred(node, spec, checked)
    where = node.subject.where
    origin = Origin(node.subject.label, where.file, where.line, last_step_of=_last_step(node, spec, output))
    if output is None:
        return Spec(None, None, origin=origin)
    # a layer without weights that keeps the shape leaves an input an input: an axis that it lacks can still be told
    in_place = _contract_of(node) is not None and not _is_weighted(node) and output.shape == spec.shape
    return output.with_(origin=origin, carrier=spec.carrier if in_place else Carrier.SYMBOLIC)


def _inferred(node: Node, spec: Spec, checked: Checked | None) -> Spec | None:
    output: Spec | None = None
    if node.resolved is not None and checked is not None:
        inferred = infer(node.resolved, checked, {node.resolved.first: spec})
        output = inferred if isinstance(inferred, Spec) else None
    if output is not None and output.shape is not None:
        return output
    if checked is not None and checked.mismatches:  # Keras would raise on a spec that does not fit
        return output
    asked = node.infer(spec)
    if asked is None:
        return output
    if output is None:
        return asked
    return asked.with_(dtype=output.dtype)  # the catalogue's dtype is measured; Keras's symbolic one is often wrong


def _contract_of(node: Node | None) -> Contract | None:
    return None if node is None or node.resolved is None else node.resolved.contract


def _is_weighted(node: Node) -> bool:
    contract = _contract_of(node)
    return contract is not None and contract.values is Values.WEIGHTED


def _last_step(node: Node, spec: Spec, output: Spec | None) -> str | None:
    """Returns the recurrent layer whose last step a layer returns or computes on, or None."""
    layer = node.resolved.layer if node.resolved is not None else None
    # a TimeDistributed is resolved for the layer inside, whose last step it returns at each step of its own
    if getattr(layer, "return_sequences", None) is False and node.kind != "TimeDistributed":
        return node.subject.label
    contract = _contract_of(node)
    if contract is None or contract.positions is not Positions.APART or spec.origin is None:
        return None
    same_rank = output is not None and output.rank == spec.rank
    return spec.origin.last_step_of if same_rank else None
