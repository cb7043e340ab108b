"""The engine: runs every rule whose facts are known, and says which ones never got theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
        topic: what they are about: ``targets and loss``.
        codes: their codes.
        missing: what was not known.
        how: how the user can give it.
    """

    topic: str
    codes: tuple[str, ...]
    missing: str
    how: str

    def __str__(self) -> str:
        count = self.codes[0] if len(self.codes) == 1 else f"{len(self.codes)} rules"
        return f"{self.topic} ({count}): {self.missing}; {self.how}"


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


def latent(rules: Sequence[AnyRule], evidence: Evidence) -> list[Diagnostic]:
    """Returns what each rule finds by itself, also what `findings` keeps back: what another finding explains."""
    known = (rule for rule in rules if not missing(rule, evidence))
    return [one for rule in known for subject in rule.about.subjects(evidence) for one in rule.find(subject)]


def is_of_data(finding: Diagnostic) -> bool:
    """Returns True for a certain mistake in the data, whatever the model makes of them."""
    return finding.is_error and CODES[finding.code].kind == DATA


def _is_unclear(finding: Diagnostic) -> bool:
    """True of a certain mistake in the data as a whole, and not in one tensor of them."""
    return is_of_data(finding) and finding.place is None


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
    """Returns the rules that never got their facts, one entry for each fact that was missing."""
    topics: dict[Need, dict[str, None]] = {}
    codes: dict[Need, list[str]] = {}
    for rule in sorted(rules, key=lambda one: list(Stage).index(one.about.stage)):
        needs = missing(rule, evidence)
        if needs:
            cause = _cause(needs[0], evidence)
            topics.setdefault(cause, {})[rule.about.name] = None
            codes.setdefault(cause, []).append(rule.code)
    return tuple(_unchecked(need, topics[need], codes[need], evidence) for need in topics)


def _cause(need: Need, evidence: Evidence) -> Need:
    """The fact whose absence makes another one unknown: without data there are no values either."""
    batch = evidence.batch
    if batch is None and need in (Need.INPUT_VALUES, Need.TARGETS, Need.TARGET_VALUES):
        return Need.DATA
    return Need.TARGETS if need is Need.TARGET_VALUES and batch is not None and batch.y is None else need


def _unchecked(need: Need, topics: Iterable[str], codes: Sequence[str], evidence: Evidence) -> Unchecked:
    failed = evidence.dry_run_error if need in (Need.GRAPH, Need.OUTPUTS) else ""
    told = f"{need.missing} (a dry run raised {failed})" if failed else need.missing
    return Unchecked(", ".join(topics), tuple(sorted(codes)), told, need.how)
