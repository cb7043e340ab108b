"""TL714: two dtypes meet inside the ``call`` of a layer."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.calls import UsersCall
from typedlayers.rules.custom.topics import USERS_CALLS
from typedlayers.rules.rule import Rule


def find(call: UsersCall) -> Iterator[Diagnostic]:
    """Yields a call in which a tensor of another dtype met what the layer computes."""
    failure = call.failed
    # where neither dtype is the layer's own, its code chose both: nothing says which one is to be cast
    if failure is None or failure.clash is None or call.computes not in failure.clash.dtypes:
        return
    computes, clash, at = call.computes, failure.clash, failure.at
    other = next((dtype for dtype in clash.dtypes if dtype != computes), computes)
    within = f" in {clash.op}" if clash.op else ""
    numpy = "; what NumPy makes is float64" if other == "float64" else ""
    yield Diagnostic(
        RULE.code,
        f"{call.label} computes in {computes}, but a {other} tensor of its call meets it{within}",
        where=call.where,
        gets=f"{computes} and {other} at {at}",
        needs=f"{computes} on both sides: TensorFlow converts no tensor by itself",
        why=f"Keras casts what a layer is given, not what its call makes or takes from elsewhere{numpy}",
        fixes=(Fix(f"keras.ops.cast(..., self.compute_dtype) around the {other} tensor at {at.place}"),),
    )


RULE = Rule(code="TL714", about=USERS_CALLS, find=find)
