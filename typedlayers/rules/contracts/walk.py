"""The contracts between adjacent layers: one walk along the chain, all mismatches at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from typedlayers.contracts.contract import Checked, Positions, Values, check, infer
from typedlayers.contracts.parse import Pattern
from typedlayers.contracts.unify import Bindings
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.facts.graph import Node
from typedlayers.rules.contracts.findings import findings_of
from typedlayers.rules.contracts.repair_plan import CHANNEL_COUNTS, after
from typedlayers.spec import Carrier, Origin, Spec

LEAST_SIDE: Final = 8
"""A square array without a channel axis is taken for an image from this height on."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of one layer of a chain.

    Attributes:
        index: the layer's index in the chain.
        diagnostic: the finding; its repairs are those of what the layer gets.
        before: the spec that comes.
    """

    index: int
    diagnostic: Diagnostic
    before: Spec


@dataclass(frozen=True, slots=True)
class Walk:
    """What one walk along a chain found.

    Attributes:
        found: what is or may be wrong, in model order.
        specs: what reaches each layer; the last one is the chain's output.
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
    """Sends a spec through a chain; after a mismatch it goes on as if that were repaired.

    Args:
        nodes: the layers.
        spec: what reaches the first of them.
        shared: sizes of the model's named dimensions, which hold in every contract of the user's own.
        names: all of the model's named dimensions, those of unknown size too.
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
        specs.append(spec)
    return Walk(tuple(found), tuple(specs), bindings)


def _next(node: Node, spec: Spec, checked: Checked | None) -> Spec:
    """What a layer gives: by its contract, else by the framework's own inference, else unknown."""
    given: Spec | None = None
    if node.resolved is not None and checked is not None:
        inferred = infer(node.resolved, checked, {node.resolved.first: spec})
        given = inferred if isinstance(inferred, Spec) else None
    if given is None or given.shape is None:
        asked = node.infer(spec) if checked is None or not checked.mismatches else None
        if asked is not None:
            given = asked.with_(dtype=given.dtype if given is not None else asked.dtype)
    where = node.subject.where
    contract = node.resolved.contract if node.resolved is not None else None
    origin = Origin(node.subject.label, where.file, where.line, last_step_of=_last_step(node, spec, given))
    if given is None:
        return Spec(None, None, origin=origin)
    in_place = contract is not None and contract.values is not Values.WEIGHTED and given.shape == spec.shape
    return given.with_(origin=origin, carrier=spec.carrier if in_place else Carrier.SYMBOLIC)


def _last_step(node: Node, spec: Spec, given: Spec | None) -> str | None:
    """The recurrent layer whose last step a layer gives: itself, or one before it whose result it computes on."""
    layer = node.resolved.layer if node.resolved is not None else None
    over_time = node.subject.label.startswith("TimeDistributed ")  # resolved for what is inside, which gives each step
    if getattr(layer, "return_sequences", None) is False and not over_time:
        return node.subject.label
    contract = node.resolved.contract if node.resolved is not None else None
    apart = contract is not None and contract.positions is Positions.APART
    same_rank = given is not None and given.rank == spec.rank
    return spec.origin.last_step_of if apart and same_rank and spec.origin is not None else None


def reaches_weights_raw(nodes: Sequence[Node], specs: tuple[Spec, ...]) -> Node | None:
    """Returns the first layer with weights if images reach it with the values they came with, else None.

    The images have 1, 3 or 4 channels, or come as (batch, height, width) with as much height as width: other arrays
    of three axes are windows of a table as well, and a table of bytes is a correct input. Every layer before the
    weights keeps values; the layer is a convolution, or a Dense behind a flatten. Behind an op, a Lambda, a custom
    layer, a normalization or a layer that the catalogue does not know there is no rule. Nor is there one where a linear
    layer is normalized right after: its result does not depend on the scale of its input.
    """
    first = specs[0].shape
    if first is None or len(first) not in (3, 4):
        return None
    if len(first) == 3 and (first[1] is None or first[1] != first[2] or first[1] < LEAST_SIDE):
        return None
    if len(first) == 4 and first[-1] not in CHANNEL_COUNTS and first[1] not in CHANNEL_COUNTS:
        return None
    for index, node in enumerate(nodes):
        contract = node.resolved.contract if node.resolved is not None else None
        if contract is None:
            return None
        if contract.values is Values.KEPT:
            continue
        if contract.values is not Values.WEIGHTED or not _is_image_layer(node, first, specs[index]):
            return None
        following = nodes[index + 1] if index + 1 < len(nodes) else None
        return None if _normalizes(following) and _is_linear(node) else node
    return None


def _is_image_layer(node: Node, first: tuple[int | None, ...], spec: Spec) -> bool:
    """Whether weights meet an image: a convolution over height and width, or a Dense behind a flatten."""
    assert node.resolved is not None
    tree = node.resolved.arguments[node.resolved.first]
    if isinstance(tree, Pattern) and "height" in tree.text.split():
        return True
    return node.kind == "Dense" and spec.rank == 2 and len(first) in (3, 4)


def _normalizes(node: Node | None) -> bool:
    name = "" if node is None else node.subject.label.split(" ")[0]
    return name.endswith("Normalization")


def _is_linear(node: Node) -> bool:
    layer = node.resolved.layer if node.resolved is not None else None
    return getattr(getattr(layer, "activation", None), "__name__", "linear") == "linear"
