"""TL745: a loss of Keras's gets the outputs of a model first, and the targets second."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Rewrite
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.calls import LossCall
from typedlayers.rules.custom.topics import LOSS_CALLS
from typedlayers.rules.rule import Rule


def find(call: LossCall) -> Iterator[Diagnostic]:
    """Yields the finding."""
    edit = Rewrite(call.text, call.swapped, file=call.where.file or "", line=call.where.line or 0)
    yield Diagnostic(
        RULE.code,
        f"{call.label} gets the outputs first, and the targets second",
        where=call.where,
        gets=call.text,
        needs="loss(y_true, y_pred)",
        why="a loss of Keras's takes targets first; a crossentropy is another number the other way round",
        fixes=(Fix(call.swapped, edits=(edit,)),),
    )


RULE = Rule(code="TL745", about=LOSS_CALLS, find=find)
