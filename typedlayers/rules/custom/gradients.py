"""The way of the gradient: which layers of a model learn nothing, because what stands behind them lets none through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from typedlayers.diagnostics.model import Diagnostic, Fix, Location
from typedlayers.spec import Kind, kind_of


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor of a model.

    Attributes:
        key: what tells it from the others.
        dtype: its dtype.
    """

    key: int
    dtype: str

    @property
    def floats(self) -> bool:
        """Whether a gradient can belong to it."""
        return kind_of(self.dtype) in (Kind.FLOAT, Kind.COMPLEX)


@dataclass(frozen=True, slots=True)
class Step:
    """One call in a model.

    Attributes:
        label: the operation in the user's names.
        where: the line that made it.
        gets: the tensors that it was called on.
        gives: the tensors that it returned.
        learns: whether it has weights that are to be trained and were not yet.
        conducts: whether a gradient of a floating result reaches its floating arguments.
        stops: whether it stops the gradient on purpose.
        allowed: codes that the user silenced for it.
    """

    label: str
    where: Location
    gets: tuple[Tensor, ...]
    gives: tuple[Tensor, ...]
    learns: bool
    conducts: bool
    stops: bool = False
    allowed: frozenset[str] = field(default_factory=frozenset)


def cut(steps: Sequence[Step], outputs: frozenset[int]) -> tuple[Step, Diagnostic] | None:
    """Returns the first step that keeps the gradient from layers which are to learn, and what is to be said of it.

    Args:
        steps: the calls of a model, in the order in which they run.
        outputs: the keys of the tensors that the loss is computed from.
    """
    reached = _reached(steps, outputs)
    deaf = [step for step in steps if step.learns and not any(tensor.key in reached for tensor in step.gives)]
    behind = {tensor.key for step in deaf for tensor in step.gives}
    learners = {id(step) for step in deaf}
    for step in steps:
        if id(step) in learners or not any(tensor.key in behind and tensor.floats for tensor in step.gets):
            continue
        if not step.conducts or not any(tensor.floats for tensor in step.gives):
            return step, _said(step, deaf)
        behind |= {tensor.key for tensor in step.gives}
    return None


def _reached(steps: Sequence[Step], outputs: frozenset[int]) -> set[int]:
    """The tensors that a gradient of the model's outputs reaches, and those that it is kept from on purpose."""
    reached = {t.key for step in steps for t in step.gives if t.key in outputs and t.floats}
    meant = set[int]()
    for step in reversed(steps):
        if step.stops or any(tensor.key in meant for tensor in step.gives):
            meant |= {tensor.key for tensor in step.gets}
            reached |= meant
        elif step.conducts and any(tensor.key in reached for tensor in step.gives):
            reached |= {tensor.key for tensor in step.gets if tensor.floats}
    return reached


def _said(step: Step, deaf: Sequence[Step]) -> Diagnostic:
    gives = next((tensor for tensor in step.gives if not tensor.floats), None)
    first, others = deaf[0].label, len(deaf) - 1
    learners = f"{first} and {others} more" if others else first
    does = f"gives {gives.dtype}" if gives is not None else "has no gradient"
    return Diagnostic(
        "TL717",
        f"{step.label} {does}, so {learners} before it never {'learn' if others else 'learns'}",
        where=step.where,
        gets=next((tensor.dtype for tensor in step.gets if tensor.floats), ""),
        needs="floats with a gradient, all the way from the loss to the weights",
        why="integers, comparisons and rounding have no gradient, and the loss reaches these weights on no other way",
        fixes=(
            Fix("keep floats and let the gradient pass: x + keras.ops.stop_gradient(rounded - x) (straight-through)"),
            Fix(f"trainable = False for {learners}, if nothing before {step.label} is to learn"),
        ),
    )
