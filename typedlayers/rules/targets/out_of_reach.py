"""TL607: targets have values that the output's activation or dtype never gives."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.catalogue.activations import Activation
from typedlayers.catalogue.losses import Family, LossFacts
from typedlayers.diagnostics.edit import Argument, Data, Insert, Side
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.labels import Seen
from typedlayers.facts.outputs import Kind
from typedlayers.facts.ranges import HALF_MOST
from typedlayers.rules.rule import Need, Rule
from typedlayers.rules.targets.label_faults import is_out_of_reach, most_are_within
from typedlayers.rules.targets.pair import OUTPUTS, Offer, Pair, diagnostic, fixes


def find(pair: Pair) -> Iterator[Diagnostic]:
    """Yields the finding: certain only where most targets are out of reach, since the others can be learned."""
    seen, loss, activation = pair.seen, pair.loss, pair.head.activation
    if seen is None or loss is None:
        return
    if is_beyond_half(pair, loss, seen):
        yield _beyond_half(pair, seen)
        return
    if activation is None:
        return
    if not is_out_of_reach(seen, loss, activation):
        yield from _sums_out_of_reach(pair, seen, loss, activation)
        return
    yield diagnostic(
        pair,
        RULE.code,
        f'the targets of output "{pair.head.name}" are {seen} but {pair.head.subject.label} gives'
        f" {activation.values} ({activation})",
        why="the loss keeps what the output can never give, whatever is learned",
        fixes=fixes(*_within_reach(pair, loss, seen, activation)),
        certainty=Certainty.PERHAPS if most_are_within(seen, activation) else Certainty.CERTAIN,
    )


def is_beyond_half(pair: Pair, loss: LossFacts, seen: Seen) -> bool:
    """Whether a float16 output is to give numbers that a float16 cannot hold."""
    if loss.contract.family is not Family.REGRESSION or seen.weighted or pair.head.spec.dtype != "float16":
        return False
    return seen.finite and max(-seen.low, seen.high) > HALF_MOST


def _beyond_half(pair: Pair, seen: Seen) -> Diagnostic:
    most = max(-seen.low, seen.high)
    return diagnostic(
        pair,
        RULE.code,
        f'the targets of output "{pair.head.name}" are {seen} but {pair.head.subject.label} computes in float16, up to'
        f" {HALF_MOST:g}",
        why="a greater number is infinite in float16: the loss is too, or the output stays below its targets",
        fixes=fixes(
            Argument(pair.head.subject.short, "dtype", '"float32"'),
            Fix.of(Data("y", f"y / {most:g}"), condition="and as much more for what predict returns"),
        ),
        certainty=Certainty.CERTAIN if seen.share_outside(-HALF_MOST, HALF_MOST) > 0.5 else Certainty.PERHAPS,
    )


def _sums_out_of_reach(pair: Pair, seen: Seen, loss: LossFacts, activation: Activation) -> Iterator[Diagnostic]:
    """A softmax gives no row of several ones; rows of zeros may be left out on purpose, and smoothing keeps the sum.

    Targets that are all the same try a program out.
    """
    if not activation.sums_to_one or loss.contract.family is not Family.REGRESSION or seen.weighted:
        return
    if seen.low == seen.high:
        return
    rows = pair.rows
    if rows is None or not rows.beyond:
        return
    yield diagnostic(
        pair,
        RULE.code,
        f'rows of the targets of output "{pair.head.name}" sum to up to {rows.most:.3g} but {pair.head.subject.label}'
        f" gives {activation.values} ({activation})",
        why=f"{rows.beyond:.0%} of the rows ask for more than the columns can share: the loss keeps the rest",
        fixes=fixes(pair.head.activated("sigmoid")),
        certainty=Certainty.CERTAIN if rows.beyond > 0.5 else Certainty.PERHAPS,
    )


def _within_reach(pair: Pair, loss: LossFacts, seen: Seen, activation: Activation) -> Iterator[Offer]:
    head, short = pair.head, pair.head.subject.short
    if (activation.low, activation.high) == (0, 1) and seen.bytes:
        yield Data("y", "y / 255")
    if head.stages and head.stages[0].kind in (Kind.ALL_STEPS, Kind.LAST_STEP):
        yield Fix.of(Insert(f"layers.Dense({head.classes})", short, Side.AFTER), condition="a linear output")
    elif seen.low < 0 or loss.contract.low < 0:
        yield Fix.of(head.activated(None), condition="a linear output")
    else:
        yield head.activated("softplus")


RULE = Rule(
    code="TL607",
    about=OUTPUTS,
    find=find,
    needs=(Need.TARGET_VALUES,),
    after=frozenset({"TL214", "TL601", "TL602", "TL603", "TL606", "TL610"}),
)
