"""TL714: two dtypes meet inside the ``call`` of a layer."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from typedlayers.diagnostics.edit import Rewrite
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.calls import Clash, Failure, UsersCall
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
        fixes=tuple(_fixes(call, failure, clash, other)),
    )


def _fixes(call: UsersCall, failure: Failure, clash: Clash, other: str) -> Iterator[Fix]:
    """The cast of the one that is not the layer's: the second, unless the message names it first."""
    at = failure.at
    text = f"keras.ops.cast(..., self.compute_dtype) around the {other} tensor at {at.place}"
    pair = _pair(at.text)
    if pair is None:
        yield Fix(text)
        return
    form, sides = pair
    side = sides[0] if clash.dtypes[0] == other and clash.dtypes[1] != other else sides[1]
    cast = form.replace(side, f"keras.ops.cast({side}, self.compute_dtype)")
    yield Fix(text, edits=(Rewrite(form, cast, call.owner, at.file, at.number),))


def _pair(line: str) -> tuple[str, tuple[str, str]] | None:
    """The one operation on two tensors that a line holds, as a form, and its sides; None if there are more."""
    try:
        tree = ast.parse(line)
    except SyntaxError:
        return None
    made = [node for node in ast.walk(tree) if isinstance(node, ast.BinOp)]
    if made:
        if len(made) > 1:
            return None
        sign = ast.unparse(ast.BinOp(ast.Name("_one"), made[0].op, ast.Name("_two")))
        return sign, ("_one", "_two")
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and len(node.args) == 2]
    if len(calls) != 1 or not isinstance(calls[0].func, ast.Attribute):
        return None
    return f"{calls[0].func.attr.removeprefix('reduce_')}(_one, _two, ...)", ("_one", "_two")


RULE = Rule(code="TL714", about=USERS_CALLS, find=find)
