"""TL740: a step or loop of the user's calls its model as in inference, though it has layers that training changes."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Rewrite
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix, Location
from typedlayers.facts.traced import Untold
from typedlayers.rules.custom.topics import UNTOLD
from typedlayers.rules.rule import Rule


def find(call: Untold) -> Iterator[Diagnostic]:
    """Yields the finding, a perhaps: a step may keep such layers still on purpose."""
    shown = ", ".join(call.layers[:2])
    more = f" and {len(call.layers) - 2} more" if len(call.layers) > 2 else ""
    edit = Rewrite(call.text, call.said, file=call.at.file, line=call.at.number)
    yield Diagnostic(
        RULE.code,
        f"{call.step} calls the model without training=True: {shown}{more} act{'' if len(call.layers) > 1 else 's'} "
        "as in inference",
        where=Location(call.at.file, call.at.number, call.step),
        gets=call.text,
        needs="training=True",
        why="Keras tells a model that it trains in its own train_step alone: elsewhere the call has to say so",
        fixes=(Fix(str(edit), edits=(edit,)),),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL740", about=UNTOLD, find=find)
