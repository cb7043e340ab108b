"""The search: candidates of a finding, each proven, the likeliest three offered."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from typedlayers.diagnostics.edit import Data, Edit
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.evidence import Use
from typedlayers.fixes.candidates import candidates
from typedlayers.fixes.case import Case, Tools
from typedlayers.fixes.priors import ALSO, FAR, cost
from typedlayers.fixes.proof import Court, Proof, Verdict

OFFERED: Final = 3
"""How many fixes are offered at most."""

WORK: Final = 1500
"""What bounds the search of one finding: the calls of layers that its proofs look at."""

EACH: Final = 15
"""What a proof costs besides, counted in calls of layers."""

SECONDS: Final = 0.2
"""The processor's time after which no proof is begun any more, for all findings of one report."""

ALWAYS: Final = 20
"""How many of the likeliest candidates are tried however long it takes: what runs first is slow."""


WINDOW: Final = 1.25
"""How much more than the likeliest a fix may cost."""

HEAVY: Final = 3.0
"""The cost of a rule's own fix to which a light one is preferred: several layers, where one word would do."""

LIGHT: Final = 1.6
"""The cost of that one."""

SURE: Final = 0.9
"""The cost of what is hardly ever a coincidence: a layer typed twice, steps as long as the window."""

PERHAPS: Final = "perhaps"
"""What a fix begins with of which the rule itself is not sure."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A fix with its place.

    Attributes:
        cost: the less, the likelier.
        fix: the fix.
        proof: what is known of it.
    """

    cost: float
    fix: Fix
    proof: Proof

    @property
    def is_proven(self) -> bool:
        """Whether it mends and brings nothing new."""
        return self.proof.verdict is Verdict.PROVEN

    @property
    def mended(self) -> int:
        """How many findings it mends."""
        return len(self.proof.mended)


def with_fixes(case: Case, found: Sequence[Diagnostic], tools: Tools) -> list[Diagnostic]:
    """Returns findings with fixes: a rule's own that are not refuted, and what the grammar can do, as far as proven.

    Args:
        case: the evidence that the findings are of.
        found: the findings.
        tools: what edits are made with.
    """
    if not found:
        return []
    court, until = Court(case, tools), time.thread_time() + SECONDS
    return [one.with_(fixes=_fixes(court, one, until)) for one in found]


def _fixes(court: Court, finding: Diagnostic, until: float) -> tuple[Fix, ...]:
    """The likeliest fixes: a rule that proposes one has evidence for it, unless another mends more at once."""
    own = [one for one in _own(court, finding) if one.proof.verdict is not Verdict.REFUTED]
    if court.case.evidence.use is Use.VALIDATION:  # the training has passed: it is these data that differ
        own.sort(key=lambda one: not all(isinstance(edit, Data) for edit in one.fix.edits))
    best = max((one.mended for one in own if one.is_proven), default=0)
    least = min((cost(one.fix.edits) for one in own if one.is_proven), default=0.0)
    if not best and any(not one.fix.text.startswith(PERHAPS) for one in own):
        return tuple(one.fix for one in own)
    light = LIGHT if least >= HEAVY else min(SURE, least) if best else 0.0
    most = light if best and best == court.errors else math.inf
    made = [one for one in _made(court, finding, until, most) if one.mended > best or one.cost < light]
    if best:
        return tuple(one.fix for one in (*made[:1], *own)[:OFFERED])
    return tuple(one.fix for one in (made or own)[:OFFERED])


def _own(court: Court, finding: Diagnostic) -> Iterator[Ranked]:
    for place, fix in enumerate(finding.fixes):
        yield Ranked(place, fix, court.proof(finding, fix.edits, own=True))


def _made(court: Court, finding: Diagnostic, until: float, most: float) -> list[Ranked]:
    """What the grammar can do, the likeliest first, as far as work and time allow, and not above a cost."""
    calls = 0 if court.case.graph is None else len(court.case.graph.nodes)
    ranked, left = list[Ranked](), WORK
    for number, (price, fix) in enumerate(_in_order(court.case, finding)):
        if left <= 0 or not court.knows(finding) or (number >= ALWAYS and time.thread_time() > until):
            break
        if price > most or _is_settled(ranked, price, court.errors):
            break
        left -= EACH + calls
        proof = court.proof(finding, fix.edits)
        if proof.verdict is Verdict.PROVEN:
            ranked.append(Ranked(price + ALSO * (len(proof.mended) - 1), fix, proof))
    ranked.sort(key=lambda one: one.cost)
    return _without_idle(ranked)


def _is_settled(ranked: Sequence[Ranked], price: float, findings: int) -> bool:
    """Whether no later candidate can be among those that are offered, whatever else it mends."""
    least = price + ALSO * (findings - 1)
    dearer = bool(ranked) and least > min(one.cost for one in ranked) + WINDOW
    return dearer or sum(one.cost <= least for one in ranked) >= OFFERED


def _without_idle(ranked: Sequence[Ranked]) -> list[Ranked]:
    """Those that are not much unlikelier than the first, and do not hold all the edits of a likelier one."""
    kept: list[Ranked] = []
    for one in ranked:
        if kept and one.cost > kept[0].cost + WINDOW:
            break
        edits = set(one.fix.edits)
        if not any(set(other.fix.edits) <= edits for other in kept):
            kept.append(one)
    return kept


def _in_order(case: Case, finding: Diagnostic) -> Iterator[tuple[float, Fix]]:
    """What the grammar can do, the likeliest first, each once; what the rule itself proposes left out."""
    made = [(cost(one.edits) + FAR * one.distance + one.unlike, one) for one in candidates(case, finding)]
    met = {_plain(fix.edits) for fix in finding.fixes}
    for price, one in sorted(made, key=lambda pair: pair[0]):
        if _plain(one.edits) not in met:
            met.add(_plain(one.edits))
            yield price, Fix.of(*one.edits, condition=one.note)


def _plain(edits: Sequence[Edit]) -> str:
    """Edits in words, whether a layer in them is named with its class or without."""
    return " and ".join(re.sub(r'\w+ (?=")', "", str(edit)) for edit in edits)
