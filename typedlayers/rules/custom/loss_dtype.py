"""TL732: an op in a loss or metric of the user's does not take the dtypes that it gets."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.calls import Clash, Failure, FunctionCall
from typedlayers.rules.custom.topics import USERS_FUNCTIONS
from typedlayers.rules.rule import Rule


def find(call: FunctionCall) -> Iterator[Diagnostic]:
    """Yields a call that raised because of a dtype: of one that an op refuses, or of two that met."""
    failure = call.failed
    if failure is None:
        return
    if failure.refused is not None:
        yield _refused(call, failure, *failure.refused)
    elif failure.clash is not None:
        yield _clash(call, failure, failure.clash)


def _refused(call: FunctionCall, failure: Failure, dtype: str, takes: str) -> Diagnostic:
    handed = ""
    if call.kind == "loss" and dtype == "float32":
        handed = "; Keras hands y_true to a loss as float32, also where the targets are integers"
    wanted = "bool" if takes == "bool" else "int32"
    return Diagnostic(
        RULE.code,
        f"{call.label} gives {dtype} to an op that takes {takes}",
        where=call.where,
        gets=call.gets,
        needs=takes,
        why=f"it fails at {failure.at}{handed}",
        fixes=(Fix(f'keras.ops.cast(..., "{wanted}") around the {dtype} tensor at {failure.at.place}'),),
    )


def _clash(call: FunctionCall, failure: Failure, clash: Clash) -> Diagnostic:
    output = call.outputs.dtype if call.outputs is not None else None
    output = output if output in clash.dtypes else next((one for one in clash.dtypes if one == "float32"), None)
    other = next((one for one in clash.dtypes if one != output), clash.dtypes[0])
    within = f" in {clash.op}" if clash.op else ""
    return Diagnostic(
        RULE.code,
        f"{call.label} computes with {clash.dtypes[0]} and {clash.dtypes[1]}{within}",
        where=call.where,
        gets=call.gets,
        needs="one dtype on both sides: TensorFlow converts no tensor by itself",
        why=f"it fails at {failure.at}" + ("; what NumPy makes is float64" if other == "float64" else ""),
        fixes=(Fix(f"keras.ops.cast(..., y_pred.dtype) around the {other} tensor at {failure.at.place}"),),
    )


RULE = Rule(code="TL732", about=USERS_FUNCTIONS, find=find)
