"""The engine: runs every rule whose facts are known, and says which ones never got theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from typedlayers.diagnostics.model import Diagnostic
from typedlayers.facts.evidence import Evidence
from typedlayers.rules.rule import AnyRule, Need, Topic


def _has_graph(evidence: Evidence) -> bool:
    return evidence.graph is not None


def _has_inputs(evidence: Evidence) -> bool:
    return evidence.inputs is not None and evidence.inputs.tree is not None


def _has_data(evidence: Evidence) -> bool:
    return evidence.batch is not None and evidence.batch.x is not None


def _has_input_values(evidence: Evidence) -> bool:
    return evidence.batch is not None and evidence.batch.values is not None


def _has_outputs(evidence: Evidence) -> bool:
    return bool(evidence.outputs)


def _has_loss(evidence: Evidence) -> bool:
    return evidence.training is not None


def _has_targets(evidence: Evidence) -> bool:
    return evidence.batch is not None and evidence.batch.y is not None


def _has_target_values(evidence: Evidence) -> bool:
    return evidence.batch is not None and evidence.batch.targets is not None


_KNOWN: Final[Mapping[Need, Callable[[Evidence], bool]]] = MappingProxyType(
    {
        Need.GRAPH: _has_graph,
        Need.INPUTS: _has_inputs,
        Need.DATA: _has_data,
        Need.INPUT_VALUES: _has_input_values,
        Need.OUTPUTS: _has_outputs,
        Need.LOSS: _has_loss,
        Need.TARGETS: _has_targets,
        Need.TARGET_VALUES: _has_target_values,
    }
)


def missing(rule: AnyRule, evidence: Evidence) -> tuple[Need, ...]:
    """Returns the facts that a rule needs and that are not known."""
    return tuple(need for need in rule.about.needs if not _KNOWN[need](evidence))


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


def findings(rules: Sequence[AnyRule], evidence: Evidence) -> list[Diagnostic]:
    """Returns what is wrong, topic by topic and in the order of the rules.

    Args:
        rules: the rules to run; those whose facts are not known are passed over.
        evidence: what is known.
    """
    found: list[Diagnostic] = []
    for about, group in _by_topic(rules, evidence):
        for subject in about.subjects(evidence):
            codes = set[str]()
            for rule in group:
                if codes.isdisjoint(rule.after):
                    told = list(rule.find(subject))
                    codes |= {one.code for one in told}
                    found += told
    return found


def _by_topic(rules: Sequence[AnyRule], evidence: Evidence) -> Iterable[tuple[Topic[Any], list[AnyRule]]]:
    groups: dict[int, tuple[Topic[Any], list[AnyRule]]] = {}
    for rule in rules:
        if not missing(rule, evidence):
            groups.setdefault(id(rule.about), (rule.about, []))[1].append(rule)
    return groups.values()


def unchecked(rules: Sequence[AnyRule], evidence: Evidence) -> tuple[Unchecked, ...]:
    """Returns the rules that never got their facts, grouped by what they are about."""
    groups: dict[tuple[str, tuple[Need, ...]], list[str]] = {}
    for rule in rules:
        needs = missing(rule, evidence)
        if needs:
            groups.setdefault((rule.about.name, needs), []).append(rule.code)
    return tuple(Unchecked(topic, tuple(codes), needs) for (topic, needs), codes in groups.items())
