"""What was seen of values, as plain data in a file, and back: what is read is bounded."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from typedlayers.diagnostics.repair_notes import UnreadableNotes, shown
from typedlayers.facts.ranges import ValueFacts

MOST: Final = 2**63
"""More values than were ever looked at."""


def facts_data(facts: ValueFacts) -> dict[str, Any]:
    """Returns the range of values as plain data."""
    noise = {"noise": True} if facts.noise else {}
    return {
        "low": float(facts.low),
        "high": float(facts.high),
        "whole": bool(facts.whole),
        "count": int(facts.count),
        **noise,
    }


def read_facts(data: Mapping[str, Any]) -> ValueFacts:
    """Returns the range that was noted.

    Raises:
        UnreadableNotes: if the numbers are no range.
        KeyError, TypeError, ValueError, OverflowError: if the data are something else.
    """
    facts = ValueFacts(
        float(data["low"]),
        float(data["high"]),
        whole=bool(data["whole"]),
        count=int(data["count"]),
        noise=bool(data.get("noise", False)),
    )
    if not -math.inf < facts.low <= facts.high < math.inf or not 0 <= facts.count <= MOST:
        raise UnreadableNotes(f"{shown(data)} is not a range of values")
    return facts
