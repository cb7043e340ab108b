"""Masks in a model: where one is dropped although a layer behind would take it, and where nobody takes it at all."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from typedlayers.diagnostics.edit import Argument, Attribute, Remove, Replace
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix, Location
from typedlayers.spec import Spec


class Handling(enum.Enum):
    """What an operation does with the mask of what it gets."""

    KEEPS = "keeps"
    """It hands the mask on, or makes one."""
    TAKES = "takes"
    """It computes with the mask: a recurrent layer, attention, an average."""
    HAS_ITS_OWN = "has its own"
    """It would take the mask, but was given another one, or needs none."""
    DROPS = "drops"
    """It goes on without the mask; steps stay steps."""
    MIXES = "mixes"
    """It goes on without the mask and joins the steps to one vector."""
    MOVES = "moves"
    """It goes on without the mask and puts the axes elsewhere."""
    UNKNOWN = "unknown"
    """A model, or a layer of the user's: what happens inside is not known."""


class Maker(enum.Enum):
    """What an operation is, for the words of a fix."""

    KERAS = "a layer of Keras"
    USER = "a layer of the user's"
    FUNCTION = "a Lambda"
    OP = "an op"


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor of a model.

    Attributes:
        key: what tells it from the others.
        spec: its dtype and shape.
        masked: whether a mask is attached to it.
    """

    key: int
    spec: Spec
    masked: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One call in a model.

    Attributes:
        label: the operation in the user's names.
        where: the line that made it.
        handling: what it does with masks.
        maker: what it is.
        gets: the tensors that it was called on.
        gives: the tensors that it returned.
        allowed: codes that the user silenced for it.
    """

    label: str
    where: Location
    handling: Handling
    maker: Maker
    gets: tuple[Tensor, ...]
    gives: tuple[Tensor, ...]
    allowed: frozenset[str] = field(default_factory=frozenset)


def dropped(steps: Sequence[Step], outputs: frozenset[int]) -> Iterator[tuple[Step, Diagnostic]]:
    """Yields what is to be said of the masks of a model, each with the step that it is about.

    Args:
        steps: the calls of the model, in the order in which they run.
        outputs: the keys of the tensors that it gives.
    """
    for step in steps:
        came = next((tensor for tensor in step.gets if tensor.masked), None)
        if came is None or any(tensor.masked for tensor in step.gives):
            continue
        if step.handling is Handling.DROPS:
            taker = _taker(steps, step, came)
            if taker is not None:
                yield step, _lost(step, came, taker, _maker(steps, came))
        elif step.handling is Handling.MIXES and not _is_used(steps, outputs):
            yield step, _mixed(step, came, _maker(steps, came))


def _taker(steps: Sequence[Step], start: Step, came: Tensor) -> Step | None:
    """The first step behind that would take the mask and gets the same steps of time without it."""
    reached = {tensor.key for tensor in start.gives if _same_steps(tensor.spec, came.spec)}
    for step in steps[steps.index(start) + 1 :]:
        got = [tensor for tensor in step.gets if tensor.key in reached and not tensor.masked]
        if not got:
            continue
        if step.handling is Handling.TAKES:
            return step
        if step.handling in (Handling.KEEPS, Handling.DROPS):
            reached |= {t.key for t in step.gives if not t.masked and _same_steps(t.spec, came.spec)}
    return None


def _same_steps(one: Spec, two: Spec) -> bool:
    """Whether two sequences have the same axes: steps of time behind the batch, and features behind them."""
    return one.shape is not None and two.shape is not None and len(one.shape) == len(two.shape) >= 3


def _maker(steps: Sequence[Step], tensor: Tensor) -> Step | None:
    """The step that made the mask of a tensor."""
    made = {given.key: step for step in steps for given in step.gives}
    step = made.get(tensor.key)
    while step is not None:
        before = next((one for one in step.gets if one.masked), None)
        if before is None:
            return step
        step = made.get(before.key)
    return None


def _is_used(steps: Sequence[Step], outputs: frozenset[int]) -> bool:
    """Whether a mask of the model is taken anywhere, by its loss too, or may be, where nothing is known."""
    for step in steps:
        if step.handling is Handling.HAS_ITS_OWN:
            return True
        masked = any(tensor.masked for tensor in step.gets)
        if masked and step.handling in (Handling.TAKES, Handling.UNKNOWN):
            return True
        if masked and step.handling is Handling.DROPS and step.maker is Maker.USER:
            return True  # the layers inside it see the mask
    return any(tensor.masked and tensor.key in outputs for step in steps for tensor in step.gives)


def _lost(step: Step, came: Tensor, taker: Step, maker: Step | None) -> Diagnostic:
    origin = "" if maker is None else f" of {maker.label}"
    return Diagnostic(
        "TL721",
        f"{step.label} drops the mask{origin}, and {taker.label} behind it computes over the padded steps",
        where=step.where if step.maker is not Maker.OP else taker.where,
        gets=f"{came.spec} with a mask",
        needs=f"the mask at {taker.label}, which leaves masked steps out",
        why=_WHY[step.maker],
        fixes=(*_kept(step), *_without(maker)),
        certainty=Certainty.PERHAPS,
    )


_WHY = {
    Maker.KERAS: "Keras does not know which steps of this layer's result are padding, and goes on without a mask",
    Maker.USER: "Keras hands a mask on only through a layer that says supports_masking = True",
    Maker.FUNCTION: "Keras hands a mask on through a Lambda only if it was made with mask=",
    Maker.OP: "ops hand no mask on, and say nothing about it; layers do",
}


def _kept(step: Step) -> Iterator[Fix]:
    name = step.label.partition(" ")[0]
    match step.maker:
        case Maker.USER:
            supports = Attribute(name, "supports_masking", "True")
            yield Fix.of(supports, condition="if it leaves each step where it is")
        case Maker.FUNCTION:
            yield Fix("Lambda(..., mask=lambda inputs, mask: mask), if it leaves each step where it is")
        case Maker.OP:
            yield Fix("a layer in place of the op: layers.Add, layers.Multiply, layers.Rescaling hand the mask on")
        case Maker.KERAS:
            pass


def _without(maker: Step | None) -> Iterator[Fix]:
    if maker is not None and maker.label.startswith("Embedding "):
        yield Fix.of(Argument(maker.label, "mask_zero", "False"), condition="if the padding is meant to count")
    elif maker is not None and maker.label.startswith("Masking "):
        yield Fix.of(Remove(maker.label), condition="if the padding is meant to count")


def _mixed(step: Step, came: Tensor, maker: Step | None) -> Diagnostic:
    origin = "it" if maker is None else f"the mask of {maker.label}"
    pooled = Replace(step.label, "layers.GlobalAveragePooling1D()")
    return Diagnostic(
        "TL722",
        f"{step.label} joins padded steps with real ones, and nothing in the model uses {origin}",
        where=step.where,
        gets=f"{came.spec} with a mask",
        needs="a layer that leaves masked steps out",
        why="the mask ends here: this layer takes none, and no layer before it took it",
        fixes=(
            Fix(f"{pooled}: it leaves masked steps out, as an LSTM does", edits=(pooled,)),
            *_without(maker),
        ),
        certainty=Certainty.PERHAPS,
    )
