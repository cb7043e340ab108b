"""A model as nodes and edges, as the checker sees it: no Keras object is looked into here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from typedlayers.contracts.contract import Resolved
from typedlayers.diagnostics.subject import Subject
from typedlayers.spec import Spec


@dataclass(frozen=True, slots=True)
class Node:
    """One layer of a chain.

    Attributes:
        subject: whom messages about it are about.
        resolved: its contract, None if it has none.
        infer: the framework's own shape inference: what the layer gives for a spec, None if unknown.
        allowed: codes that the user silenced for it.
        fresh: whether its weights are as their initializers made them, or are not made yet.
        built: whether its weights are made.
        head: the name of its activation, if it is a dense layer.
    """

    subject: Subject
    resolved: Resolved | None
    infer: Callable[[Spec], Spec | None]
    allowed: frozenset[str] = frozenset()
    fresh: bool = True
    built: bool = False
    head: str | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """The layers of a Sequential, in order.

    Attributes:
        label: the model in the user's names: ``Sequential "mnist"``.
        nodes: its layers, without the input.
    """

    label: str
    nodes: tuple[Node, ...] = field(default_factory=tuple)
