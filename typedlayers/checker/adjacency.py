"""The contracts between adjacent layers: one walk along the chain, all mismatches at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from typedlayers.checker.graph import Chain, Node
from typedlayers.contracts.contract import Checked, Positions, Values, check, infer
from typedlayers.contracts.parse import Pattern
from typedlayers.contracts.unify import Bindings
from typedlayers.diagnostics.model import Diagnostic, Repair
from typedlayers.enforce.message import explain
from typedlayers.enforce.plan import CHANNEL_COUNTS, after
from typedlayers.enforce.verdict import judge
from typedlayers.modes import Mode
from typedlayers.spec import Carrier, Origin, Spec

LEAST_SIDE: Final = 8
"""A square array without a channel axis is taken for an image from this height on."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """A repair that belongs before one layer of a chain.

    Attributes:
        index: the layer's index in the chain.
        repair: the repair.
        before: the spec that comes.
        after: the spec that the layer then gets.
        why: the diagnostic that it answers.
    """

    index: int
    repair: Repair
    before: Spec
    after: Spec
    why: Diagnostic


@dataclass(frozen=True, slots=True)
class Walk:
    """What one walk along a chain found.

    Attributes:
        errors: what is wrong, in model order.
        warnings: what may be wrong.
        insertions: the repairs that the mode asks for.
        specs: what reaches each layer; the last one is the chain's output.
        bindings: the model's named dimensions after the walk.
    """

    errors: tuple[Diagnostic, ...]
    warnings: tuple[Diagnostic, ...]
    insertions: tuple[Insertion, ...]
    specs: tuple[Spec, ...] = field(default_factory=tuple)
    bindings: Bindings = field(default_factory=Bindings)


def walk(
    chain: Chain, spec: Spec, mode: Mode, shared: Bindings | None = None, names: frozenset[str] = frozenset()
) -> Walk:
    """Sends a spec through a chain; after a mismatch it goes on as if that were repaired.

    Args:
        chain: the layers.
        spec: what reaches the first of them.
        mode: what to do with a mismatch.
        shared: sizes of the model's named dimensions, which hold in every contract of the user's own.
        names: all of the model's named dimensions, those of unknown size too.
    """
    errors: list[Diagnostic] = []
    warnings: list[Diagnostic] = []
    insertions: list[Insertion] = []
    bindings = shared or Bindings()
    specs = [spec]
    for index, node in enumerate(chain.nodes):
        if node.resolved is None:
            spec = _next(node, spec, None)
            specs.append(spec)
            continue
        own = node.resolved.own
        name = node.resolved.first
        checked = check(node.resolved, {name: spec}, bindings=bindings if own else None)
        verdict = judge(
            checked,
            node.resolved,
            {name: spec},
            mode,
            node.subject,
            allowed=node.allowed,
            bindings=bindings if own else None,
        )
        errors += verdict.errors
        warnings += verdict.warnings
        repairs = verdict.repairs.get(name, ()) or _as_if(verdict.errors + verdict.warnings)
        reason = _reason(checked, node)
        for repair in repairs:
            changed = after(repair, spec)
            if name in verdict.repairs and reason is not None:
                insertions.append(Insertion(index, repair, spec, changed, reason))
            spec = changed
        if repairs:
            checked = check(node.resolved, {name: spec}, bindings=bindings if own else None)
        if own and names:
            known = {name: bound for name, bound in checked.bindings.sizes.items() if name in names}
            bindings = Bindings({**bindings.sizes, **known}, bindings.runs)
        spec = _next(node, spec, checked)
        specs.append(spec)
    return Walk(tuple(errors), tuple(warnings), tuple(insertions), tuple(specs), bindings)


def _as_if(diagnostics: tuple[Diagnostic, ...]) -> tuple[Repair, ...]:
    """The repair that would have mended the first mistake: the walk goes on as if it had been made."""
    return next(((d.lenient,) for d in diagnostics if d.lenient is not None), ())


def _reason(checked: Checked, node: Node) -> Diagnostic | None:
    if not checked.mismatches or node.resolved is None:
        return None
    mismatch, rule = checked.mismatches[0]
    return explain(mismatch, rule, node.resolved, node.subject, ())


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


def reaches_weights_raw(chain: Chain, specs: tuple[Spec, ...]) -> Node | None:
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
    for index, node in enumerate(chain.nodes):
        contract = node.resolved.contract if node.resolved is not None else None
        if contract is None:
            return None
        if contract.values is Values.KEPT:
            continue
        if contract.values is not Values.WEIGHTED or not _is_image_layer(node, first, specs[index]):
            return None
        following = chain.nodes[index + 1] if index + 1 < len(chain.nodes) else None
        return None if _normalizes(following) and _is_linear(node) else node
    return None


def _is_image_layer(node: Node, first: tuple[int | None, ...], spec: Spec) -> bool:
    """Whether weights meet an image: a convolution over height and width, or a Dense behind a flatten."""
    assert node.resolved is not None
    tree = node.resolved.arguments[node.resolved.first]
    if isinstance(tree, Pattern) and "height" in tree.text.split():
        return True
    return node.head is not None and spec.rank == 2 and len(first) in (3, 4)


def _normalizes(node: Node | None) -> bool:
    name = "" if node is None else node.subject.label.split(" ")[0]
    return name.endswith("Normalization")


def _is_linear(node: Node) -> bool:
    layer = node.resolved.layer if node.resolved is not None else None
    return getattr(getattr(layer, "activation", None), "__name__", "linear") == "linear"
