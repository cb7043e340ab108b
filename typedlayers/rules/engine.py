"""The engine: runs every rule whose facts are known, and says which ones never got theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from typedlayers.diagnostics.codes import CODES, KINDS
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.facts.evidence import Evidence
from typedlayers.rules.rule import AnyRule, Need, Stage

DATA = KINDS["5"]


def missing(rule: AnyRule, evidence: Evidence) -> tuple[Need, ...]:
    """Returns the facts that a rule needs and that are not known."""
    return tuple(need for need in (*rule.about.needs, *rule.needs) if need.fact(evidence) is None)


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Rules that never got their facts.

    Attributes:
        topic: what they are about.
        codes: their codes.
        needs: the facts that were missing.
    """

    topic: str
    codes: tuple[str, ...]
    needs: tuple[Need, ...]

    def __str__(self) -> str:
        what = " and ".join(need.what for need in self.needs)
        how = "; ".join(dict.fromkeys(need.how for need in self.needs))
        unknown = "are unknown" if len(self.needs) > 1 else "is unknown"
        return f"not checked: {self.topic} ({', '.join(self.codes)}): {what} {unknown}; {how}"


def findings(rules: Sequence[AnyRule], evidence: Evidence, since: Evidence | None = None) -> list[Diagnostic]:
    """Returns what is wrong, in the order of what rules are about: the model, the data, targets and loss, values.

    Where it is unclear what is meant to be x and what y, nothing is said of targets and values.

    Args:
        rules: the rules to run; those whose facts are not known are passed over.
        evidence: what is known.
        since: what was known when the rules were asked last: those whose facts are the same are not asked again.
    """
    found: list[Diagnostic] = []
    asked = [rule for rule in rules if not missing(rule, evidence) and _is_news(rule, evidence, since)]
    for stage in Stage:
        if stage.needs_clear_data and any(map(_is_unclear, found)):
            break
        found += _of_stage([rule for rule in asked if rule.about.stage is stage], evidence)
    return found


def _is_news(rule: AnyRule, evidence: Evidence, since: Evidence | None) -> bool:
    return since is None or any(
        need.fact(evidence) is not need.fact(since) for need in (*rule.about.needs, *rule.needs)
    )


def _is_unclear(finding: Diagnostic) -> bool:
    """True of a certain mistake in the data as a whole, and not in one tensor of them."""
    return finding.is_error and finding.place is None and CODES[finding.code].kind == DATA


def _of_stage(rules: Sequence[AnyRule], evidence: Evidence) -> Iterator[Diagnostic]:
    topics = {id(rule.about): rule.about for rule in rules}
    for topic in topics.values():
        group = [rule for rule in rules if rule.about is topic]
        for subject in topic.subjects(evidence):
            yield from _of_subject(group, subject)


def _of_subject(rules: Sequence[AnyRule], subject: Any) -> Iterator[Diagnostic]:
    """Runs the rules on one subject: what an earlier finding explains is not looked for."""
    codes = set[str]()
    for rule in rules:
        if codes.isdisjoint(rule.after):
            told = [one for one in rule.find(subject) if one.code not in getattr(subject, "allowed", ())]
            codes |= {one.code for one in told}
            yield from told


def unchecked(rules: Sequence[AnyRule], evidence: Evidence) -> tuple[Unchecked, ...]:
    """Returns the rules that never got their facts, grouped by what they are about."""
    groups: dict[tuple[str, tuple[Need, ...]], list[str]] = {}
    for rule in rules:
        needs = missing(rule, evidence)
        if needs:
            groups.setdefault((rule.about.name, needs), []).append(rule.code)
    return tuple(Unchecked(topic, tuple(codes), needs) for (topic, needs), codes in groups.items())
