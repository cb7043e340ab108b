"""TL711: the ``compute_output_shape`` of a layer contradicts what its ``call`` gives."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Omit
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.calls import Declaration, UsersCall, differ, disagree
from typedlayers.rules.custom.topics import USERS_CALLS
from typedlayers.rules.rule import Rule
from typedlayers.spec import leaves, shape_text


def find(call: UsersCall) -> Iterator[Diagnostic]:
    """Yields the first tensor of a result that the layer declares with another shape."""
    declared = call.declared
    if declared is None or not disagree(declared.says, declared.gives):
        return
    says, gives = dict(leaves(declared.says)), dict(leaves(declared.gives))
    path = next(path for path in says if differ(says[path], gives[path]))
    told, given = shape_text(says[path].shape), shape_text(gives[path].shape)
    name = declared.method.text
    yield Diagnostic(
        RULE.code,
        f"{call.label} gives {given} but its {name} says {told}",
        where=call.where,
        gets=f"{gives[path]} from call",
        needs=f"{told}, as {name} says, {_place(declared)}",
        why="Keras asks that method, not call, what the layer gives: for model.output_shape and the layers behind it",
        fixes=(_corrected(call, declared, given),),
    )


def _place(declared: Declaration) -> str:
    if declared.inherited:
        return "of the Keras class that it derives from"
    return f"at {declared.method.place}"


def _corrected(call: UsersCall, declared: Declaration, given: str) -> Fix:
    name = declared.method.text
    if declared.inherited:
        return Fix(f"give it a {name} of its own that returns {given} for this input")
    left_out = (Omit(call.owner, name),) if name.isidentifier() else ()
    return Fix(f"let {name} return {given} for this input, or leave it out: Keras then traces call", edits=left_out)


RULE = Rule(code="TL711", about=USERS_CALLS, find=find)
