"""A layer of a model wherever it stands in it: what holds of it without a call."""

from __future__ import annotations

from dataclasses import dataclass

from typedlayers.diagnostics.subject import Subject
from typedlayers.facts.graph import BareVariable


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A constraint where a regularizer is called for, or the reverse.

    Attributes:
        argument: the argument that holds it: ``kernel_regularizer``.
        given: its class: ``MaxNorm``.
    """

    argument: str
    given: str


@dataclass(frozen=True, slots=True)
class IntegerWeight:
    """A trainable weight of integers.

    Attributes:
        name: its name.
        dtype: its dtype.
    """

    name: str
    dtype: str


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """What is known of one layer without a call.

    Attributes:
        subject: whom messages about it are about.
        allowed: codes that the user silenced for it.
        bare: variables of TensorFlow that it holds itself.
        unadapted: True if it learns by ``adapt``, never did, and was given nothing either.
        normalizes: True if it is a Normalization.
        exchanged: its constraints that are no constraints, and its regularizers that are none.
        integers: its trainable weights of integers, which its own code does not set.
    """

    subject: Subject
    allowed: frozenset[str] = frozenset()
    bare: tuple[BareVariable, ...] = ()
    unadapted: bool = False
    normalizes: bool = False
    exchanged: tuple[Exchanged, ...] = ()
    integers: tuple[IntegerWeight, ...] = ()
