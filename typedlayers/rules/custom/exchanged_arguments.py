"""TL109: an attention layer is called in the order query, key, value; Keras's order is query, value, key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.edit import Rewrite
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.calls import NamedCall
from typedlayers.rules.custom.topics import NAMED_CALLS
from typedlayers.rules.rule import Rule

_KEYS: Final = frozenset({"k", "key", "keys", "wk"})
_VALUES: Final = frozenset({"v", "val", "value", "values", "wv"})


def find(call: NamedCall) -> Iterator[Diagnostic]:
    """Yields the finding, a perhaps: names are the user's to give."""
    _, second, third = (frozenset(re.findall(r"[a-z]+", name.lower())) for name in call.names)
    if not (second & _KEYS and third & _VALUES) or second & _VALUES or third & _KEYS:
        return
    given, right = (", ".join(texts) for texts in (call.texts, (call.texts[0], call.texts[2], call.texts[1])))
    brackets = ("[{}]" if call.in_list else "({})").format
    edits = (Rewrite(brackets(given), brackets(right), file=call.where.file or "", line=call.where.line or 0),)
    yield Diagnostic(
        RULE.code,
        f"{call.label} takes `{call.texts[1]}` for the value and `{call.texts[2]}` for the key",
        where=call.where,
        gets=brackets(given),
        needs="query, value, key in this order",
        why="Keras's attention layers take query, value, key; papers and other libraries write query, key, value",
        fixes=(Fix(brackets(right), edits=edits if call.in_list else ()),),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL109", about=NAMED_CALLS, find=find)
