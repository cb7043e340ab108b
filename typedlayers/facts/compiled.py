"""The nests of what ``compile`` was given, beside the nest of the outputs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Nest:
    """A list of things, a dict of them, or one thing for all.

    Attributes:
        keys: the keys of a dict, in its order; None of everything else.
        count: the number of things in a list, a tuple or a dict; None of one thing.
        kinds: what tells the things of a list apart: losses, weights; empty where that is of no use.
    """

    keys: tuple[str, ...] | None = None
    count: int | None = None
    kinds: tuple[str, ...] = ()

    @property
    def is_list(self) -> bool:
        """Whether it is a list or a tuple."""
        return self.keys is None and self.count is not None


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a model of known outputs was compiled with.

    Attributes:
        names: the names of its outputs, in order.
        by_name: whether the model returns a dict.
        named: whether Keras knows the names: it does of a functional model, not of a ``Sequential``.
        loss: the nest of the losses.
        weights: the nest of the weights of the losses, None if there are none.
        metrics: the nest of the metrics, None if there are none.
    """

    names: tuple[str, ...]
    by_name: bool
    named: bool
    loss: Nest
    weights: Nest | None = None
    metrics: Nest | None = None
