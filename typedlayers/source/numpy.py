"""An edit of a function that computes with NumPy: ``np.mean(p.numpy())`` → ``keras.ops.mean(p)``."""

from __future__ import annotations

import libcst as cst
from libcst import matchers

from typedlayers.catalogue.numpy_functions import SAME
from typedlayers.diagnostics.edit import OnTensors
from typedlayers.source.names import expression
from typedlayers.source.plan import Plan
from typedlayers.source.program import NoPlace, dotted


def on_tensors(plan: Plan, edit: OnTensors) -> None:
    """Exchanges NumPy for ``keras.ops`` in the function that holds a line.

    Raises:
        NoPlace: if there is none, or a function of NumPy in it has no like.
    """
    program = plan.program
    here = [call for call in program.calls if program.line_of(call) <= edit.line <= program.end_of(call)[0]]
    function = next((found for call in here if (found := program.function(call)) is not None), None)
    if function is None:
        raise NoPlace(f"line {edit.line} stands in no function")
    count = 0
    for call in matchers.findall(function, matchers.Call(func=matchers.Attribute())):
        assert isinstance(call, cst.Call)
        module, _, name = dotted(call.func).rpartition(".")
        if _is_plain_numpy(call):
            plan.change(call, lambda changed: changed.func.value)
        elif program.module_of(module, call) == "numpy" if module else False:
            if name not in SAME:
                raise NoPlace(f"keras.ops has no {name} as NumPy has it")
            plan.put(call.func, expression(plan, f"keras.ops.{name}", function))
        else:
            continue
        count += 1
    if not count:
        raise NoPlace(f"the function at line {edit.line} computes nothing with NumPy")


def _is_plain_numpy(call: cst.Call) -> bool:
    return isinstance(call.func, cst.Attribute) and call.func.attr.value == "numpy" and not call.args
