"""TL110: a convolution is given two equal odd numbers, of which Keras takes the second for the strides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.calls import MadeBy
from typedlayers.rules.custom.topics import MADE
from typedlayers.rules.rule import Rule

_CONVOLUTIONS: Final = frozenset({"Conv2D", "SeparableConv2D"})


def find(made: MadeBy) -> Iterator[Diagnostic]:
    """Yields the finding, a perhaps: patches may be of an odd size too."""
    if made.kind not in _CONVOLUTIONS or len(made.args) < 3:
        return
    kernel, strides = made.args[1:3]
    if not isinstance(kernel, int) or kernel != strides or kernel < 3 or not kernel % 2:
        return
    yield Diagnostic(
        RULE.code,
        f"{made.kind} is given {kernel}, {kernel}: a kernel of {kernel} x {kernel} with strides of {kernel}",
        where=made.where,
        needs=f"one argument for both sides of the kernel: ({kernel}, {kernel})",
        why=f"the third argument is `strides`: of {kernel} positions along an axis {kernel - 1} are left out",
        fixes=(
            Fix(f"{made.kind}({made.args[0]!r}, ({kernel}, {kernel})) for strides of 1"),
            Fix(f"strides={kernel} by its name, for patches"),
        ),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL110", about=MADE, find=find)
