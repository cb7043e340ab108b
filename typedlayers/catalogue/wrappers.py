"""Contracts of ``keras.layers``' wrappers: each is computed from the contract of the layer inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from jaxtyping import Shaped

from typedlayers.catalogue.parameters import INTEGER, OPTIONAL_TEXT
from typedlayers.catalogue.recurrent import FEATURES_FIT
from typedlayers.catalogue.states import BATCH_IS_KNOWN, MASK_FITS, MASK_OF_STEPS_FITS, SINGLE_STEP, STATES_FIT
from typedlayers.catalogue.steps import one_step, over_time, text_over_time, time_beside
from typedlayers.contracts.bound import Source
from typedlayers.contracts.contract import (
    Call,
    Contract,
    Fact,
    Inferred,
    Inner,
    Positions,
    Resolved,
    Rule,
    Values,
    in_words,
    unknown,
)
from typedlayers.contracts.dtypes import Compute, Integers, Policy, Tensor
from typedlayers.contracts.parse import Pattern, parse_dims
from typedlayers.contracts.tree import Anything, Fixed, Many, Tree
from typedlayers.diagnostics.edit import Argument
from typedlayers.diagnostics.model import Fix
from typedlayers.spec import Carrier, Shape, Spec


# ------------------------------------------------------------------------------------- TimeDistributed
def _of_a_step(rule: Rule) -> Rule:
    """Returns a rule of the layer inside, applied to one step."""
    propose = rule.propose
    return replace(
        rule,
        check=lambda layer, shape: rule.check(layer, one_step(shape)),
        fixes=tuple(map(in_words, rule.fixes)),
        propose=None if propose is None else lambda layer, shape: map(in_words, propose(layer, one_step(shape))),
        mend=None,
    )


def _weights_fit(wrapper: Any, inner: Inner) -> Rule:
    """Returns the rule on sizes fixed by the inner layer's weights, which the wrapper's input spec lacks."""

    def misfit(_: Any, shape: Shape) -> str | None:
        inside, step = inner(wrapper.layer), Spec(None, one_step(shape))
        for fact in () if inside is None else inside.facts:
            found = fact.mismatch("inputs", step, None)
            if found is not None and found.axis is not None and found.bound is not None:
                fixed = f"{found.needed} is fixed by {found.bound.source}"
                return f"each step has {found.got} along axis {found.axis}, {fixed}"
        return None

    return Rule("TL203", misfit, why="every step goes through the same weights")


def _gives_one_tensor(wrapper: Any) -> Rule:
    """Returns the rule on steps with several outputs, which Keras silently stacks along a new first axis."""
    label = f'{type(wrapper.layer).__name__} "{wrapper.layer.name}"'
    fixes = ("return_state=False for it",) if getattr(wrapper.layer, "return_state", False) else ()
    return Rule(
        "TL705",
        lambda _layer, _shape: f"{label} returns several tensors for each step, one is needed",
        why="Keras stacks the outputs of a step, so they are read as the batch",
        fixes=fixes,
    )


def _outputs_over_time(inside: Resolved, name: str) -> tuple[Tree | None, Any]:
    """Returns the output over time: as a tree, and as a form where it depends on the input's shape."""
    outputs = over_time(inside.outputs, name) if isinstance(inside.outputs, Pattern) else None
    form = inside.contract.outputs if inside.contract is not None and not inside.own else None
    if isinstance(form, Inferred):

        def derive(layer: Any, shape: Shape) -> object:
            step: Any = form.derive(layer, one_step(shape))
            return step.dtype[Tensor, text_over_time(step.dim_str, name)]

        return outputs, Inferred(derive, form.shown)
    return outputs, None


ENOUGH_AXES: Final = Fact(Source("TimeDistributed works on batch, time and the axes of each step"), least=3)


@dataclass(frozen=True, kw_only=True)
class OverTime(Contract):
    """The contract of ``TimeDistributed``: that of the layer inside, for each step.

    Keras calls the inner layer's ``call`` and not the layer, so that its own check never runs.
    """

    def for_layer(self, layer: Any, policy: Policy, inner: Inner = unknown) -> Resolved:
        """Returns the contract as it is for one layer."""
        resolved = super().for_layer(layer, policy, inner)
        inside = inner(layer.layer)
        step = None if inside is None else inside.arguments.get(inside.first)
        if inside is None or not isinstance(step, Pattern):
            return replace(resolved, outputs=None, facts=(ENOUGH_AXES,), contract=replace(self, outputs=None))
        time = time_beside(step)
        outputs, form = _outputs_over_time(inside, time)
        several = (_gives_one_tensor(layer),) if isinstance(inside.outputs, Fixed | Many) else ()
        known = inside.contract
        return Resolved(
            arguments={**resolved.arguments, "inputs": over_time(step, time)},
            outputs=outputs,
            policy=Policy(policy.compute, policy.variable, inside.policy.integers, inside.policy.stage),
            layer=inside.layer,
            rules=(
                *several,
                *(_of_a_step(rule) for rule in inside.rules if rule.about is None),
                _weights_fit(layer, inner),
                MASK_OF_STEPS_FITS,
            ),
            facts=(ENOUGH_AXES,),
            contract=replace(
                self,
                outputs=form,
                values=Values.CHANGED if known is None else known.values,
                positions=Positions.MIXED if known is None else known.positions,
            ),
        )


# --------------------------------------------------------------------------------------- Bidirectional
def _widths(layer: Any) -> tuple[int, int] | None:
    """Returns the number of values per step of each direction."""
    one, other = map(_width, _directions(layer))
    return (one, other) if one is not None and other is not None else None


def _width(layer: Any) -> int | None:
    width = getattr(layer, "filters", None) or getattr(getattr(layer, "cell", None), "output_size", None)
    return int(width) if isinstance(width, int) else None


def _directions(layer: Any) -> tuple[Any, Any]:
    return layer.forward_layer, layer.backward_layer


def _directions_disagree(layer: Any, call: Call) -> str | None:
    """Finds directions of unequal width; they work only on real tensors, where Keras announces no size."""
    widths, came = _widths(layer), call.spec("inputs")
    if widths is None or came is None or widths[0] == widths[1]:
        return None
    forward, backward = widths
    said = f"the forward layer returns {forward} values per step, the backward layer {backward}"
    if layer.merge_mode in ("sum", "mul", "ave"):
        broadcast = 1 in widths and (forward != 1 or came.carrier not in (Carrier.INPUT, Carrier.SYMBOLIC))
        return None if broadcast else f'{said}; merge_mode="{layer.merge_mode}" needs as many from both'
    if came.carrier not in (Carrier.INPUT, Carrier.SYMBOLIC):
        return None
    if layer.merge_mode is None:
        return f"{said}; Keras announces {forward} for both"
    return f"{said}; Keras announces {2 * forward}, and {forward + backward} come out"


def _same_units(layer: Any, shape: Shape) -> Iterator[Fix]:
    """The units of the forward layer for both."""
    text = "the same units in both directions: those of the forward layer for backward_layer too"
    forward, backward = _directions(layer)
    units, name = getattr(forward, "units", None), str(backward.name).removeprefix("backward_")
    if not isinstance(units, int):
        yield Fix(text)
        return
    inside = f'{type(backward).__name__} "{name}" of Bidirectional "{layer.name}"'
    yield Fix(text, edits=(Argument(inside, "units", str(units)),))


DIRECTIONS_AGREE: Final = Rule(
    "TL705",
    _directions_disagree,
    about="inputs",
    why="Keras computes the size of the output from the forward layer alone, and builds the next layer for it",
    propose=_same_units,
)


def _of_inside(rule: Rule, layer: Any) -> Rule:
    """A rule that asks about the forward layer's own attributes."""
    return replace(rule, check=lambda _, given: rule.check(layer, given))


def _merged(forward: Pattern, backward: Pattern, mode: str | None) -> Tree:
    if mode is None:
        return Fixed((forward, backward))
    if mode != "concat":
        return forward
    one, other = str(forward.dims[-1]), str(backward.dims[-1])
    if one.isdigit() and other.isdigit():
        last = str(int(one) + int(other))
    else:
        last = f"2*({one})" if one == other else f"({one})+({other})"
    return replace(forward, dims=(*forward.dims[:-1], *parse_dims(last)))


@dataclass(frozen=True, kw_only=True)
class BothWays(Contract):
    """The contract of ``Bidirectional``: that of its forward layer, and what becomes of both results."""

    def for_layer(self, layer: Any, policy: Policy, inner: Inner = unknown) -> Resolved:
        """Returns the contract as it is for one layer."""
        resolved = super().for_layer(layer, policy, inner)
        forward, backward = map(inner, _directions(layer))
        step = None if forward is None else forward.arguments.get(forward.first)
        if forward is None or backward is None or not isinstance(step, Pattern):
            anything = {"inputs": Anything(), "initial_state": Anything(), "mask": Anything()}
            return Resolved(anything, None, policy, layer, contract=replace(self, outputs=None))
        common = tuple(rule for rule in self.rules if rule in forward.rules and rule in backward.rules)
        others = tuple(_of_inside(rule, forward.layer) for rule in forward.rules if rule not in self.rules)
        return replace(
            resolved,
            arguments={**resolved.arguments, "inputs": step},
            outputs=self._outputs(layer, forward.outputs, backward.outputs),
            policy=replace(resolved.policy, integers=forward.policy.integers),
            rules=(*(rule for rule in others if rule.about is None), *common, DIRECTIONS_AGREE),
        )

    def _outputs(self, layer: Any, forward: Tree | None, backward: Tree | None) -> Tree | None:
        if isinstance(forward, Pattern) and isinstance(backward, Pattern):
            return _merged(forward, backward, layer.merge_mode)
        if not isinstance(forward, Fixed) or not isinstance(backward, Fixed):
            return None
        (one, *states), (other, *more) = forward.items, backward.items
        if not isinstance(one, Pattern) or not isinstance(other, Pattern):
            return None
        merged = _merged(one, other, layer.merge_mode)
        first = merged.items if isinstance(merged, Fixed) else (merged,)
        return Fixed((*first, *states, *more))


# --------------------------------------------------------------------------------- SpectralNormalization
@dataclass(frozen=True, kw_only=True)
class AsInside(Contract):
    """The contract of ``SpectralNormalization``: that of the layer inside, its result in the input's dtype."""

    def for_layer(self, layer: Any, policy: Policy, inner: Inner = unknown) -> Resolved:
        """Returns the contract as it is for one layer."""
        resolved = super().for_layer(layer, policy, inner)
        inside = inner(layer.layer)
        if inside is None:
            return replace(resolved, outputs=None, contract=replace(self, outputs=None))
        fails = inside.policy.integers in (Integers.FAILS, Integers.FAILS_ON_GPU)
        integers = inside.policy.integers if fails else Integers.TRUNCATES
        known = inside.contract
        return Resolved(
            arguments={"inputs": inside.arguments.get(inside.first, Anything())},
            outputs=inside.outputs,
            policy=replace(policy, integers=integers, stage=inside.policy.stage),
            layer=inside.layer,
            rules=tuple(rule for rule in inside.rules if rule.about is None),
            contract=replace(
                self,
                outputs=None if known is None or inside.own else known.outputs,
                values=Values.WEIGHTED if known is None else known.values,
                positions=Positions.MIXED if known is None else known.positions,
            ),
        )


WRAPPER: Final = Contract(inputs=None)

TIME_DISTRIBUTED: Final = OverTime(
    inputs=Shaped[Tensor, "batch time ..."],
    outputs=Shaped[Tensor, "batch time ..."],
    arguments={"mask": None},
    integers=Integers.KEPT,
    rules=(MASK_OF_STEPS_FITS,),
)

BIDIRECTIONAL: Final = BothWays(
    inputs=Compute[Tensor, "batch time ..."],
    outputs=Compute[Tensor, "batch ..."],
    arguments={"initial_state": None, "mask": None},
    values=Values.WEIGHTED,
    rules=(FEATURES_FIT, BATCH_IS_KNOWN, MASK_FITS, STATES_FIT, SINGLE_STEP, DIRECTIONS_AGREE),
    parameters={"merge_mode": OPTIONAL_TEXT},
)

SPECTRAL_NORMALIZATION: Final = AsInside(
    inputs=Shaped[Tensor, "..."],
    outputs=Shaped[Tensor, "..."],
    integers=Integers.TRUNCATES,
    parameters={"power_iterations": INTEGER},
)

CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {
        "Wrapper": WRAPPER,
        "TimeDistributed": TIME_DISTRIBUTED,
        "Bidirectional": BIDIRECTIONAL,
        "SpectralNormalization": SPECTRAL_NORMALIZATION,
    }
)
