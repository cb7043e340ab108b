"""Calls of a layer of the user's, written short."""

from __future__ import annotations

from typing import Any

from typedlayers.diagnostics.model import Location
from typedlayers.facts.calls import At, Clash, Failure, FunctionCall, Reading, UsersCall
from typedlayers.spec import Spec

N = None
LINE = At("net.py", 7, "return x + tf.zeros((x.shape[0], 10))")


def spec(*shape: int | None, dtype: str = "float32") -> Spec:
    """Returns the spec of a tensor."""
    return Spec(dtype, shape)


def raised(
    said: str,
    at: At = LINE,
    clash: tuple[str, str] | None = None,
    op: str = "",
    reading: Reading | None = None,
    **more: Any,
) -> Failure:
    """Returns what a call raised in a line of the user's."""
    return Failure(said, at, None if clash is None else Clash(clash, op), reading, **more)


def late(line: str) -> Failure:
    """Returns what a call raised because it made something too late."""
    return Failure("You cannot add new elements of state", At("net.py", 7, line), makes=True)


def a_call(**facts: Any) -> UsersCall:
    """Returns one call of a layer of the user's."""
    return UsersCall(**{"label": 'Mine "mine"', "where": Location("net.py", 3), "computes": "float32", **facts})


def a_function(**facts: Any) -> FunctionCall:
    """Returns one call of a loss of the user's."""
    return FunctionCall(**{"label": 'Loss "loss" of Sequential "net"', "where": Location("net.py", 3), **facts})
