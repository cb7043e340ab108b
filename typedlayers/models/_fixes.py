"""The fixes of what was found: searched and proven on the evidence, once something is about to be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import keras

from typedlayers.bridge.backend import outside_the_trace
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.edits import KerasTools
from typedlayers.bridge.evidence import with_training
from typedlayers.bridge.model_graph import kept_graph, layers_in_order
from typedlayers.bridge.model_state import model_state
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.facts.evidence import Evidence, Learning
from typedlayers.facts.outputs import heads_of
from typedlayers.fixes.case import Case, chain
from typedlayers.fixes.search import with_fixes
from typedlayers.fixes.spread import broken
from typedlayers.models._examine import way_of_data
from typedlayers.modes import Mode
from typedlayers.rules.contracts.walk import Walk
from typedlayers.verdict.boundary import guarded
from typedlayers.verdict.gate import judge, was_told


def with_proven_fixes(
    model: Any, evidence: Evidence, found: Sequence[Diagnostic], walk: Walk | None = None, *, fed: bool = False
) -> list[Diagnostic]:
    """Returns findings with the fixes that are proven; as they are, where a search fails.

    Args:
        model: the model.
        evidence: what is known of it.
        found: the findings.
        walk: the way of the data through the layers of a Sequential, where no graph is kept of it.
        fed: whether the data say what goes into it.
    """
    if not found:
        return []

    def searched() -> list[Diagnostic]:
        with outside_the_trace():
            return with_fixes(_case(model, evidence, walk, fed), found, KerasTools())

    made = guarded(label_of(model), searched)
    return list(found) if made is None else made


def with_searched(model: Any, evidence: Evidence, found: Sequence[Diagnostic], mode: Mode) -> list[Diagnostic]:
    """Returns findings, with fixes of what is about to be said; what is silenced or repaired, or was said, needs none.

    Args:
        model: the model.
        evidence: what is known of it.
        found: the findings.
        mode: the mode that they are judged by.
    """
    state = model_state(model)
    verdict = judge(found, mode, state.allowed)
    news = [one for one in (*verdict.errors, *verdict.warnings) if not was_told(one, state.told)]
    if not news:
        return list(found)
    walk = None if evidence.batch is None or evidence.flat is not None else way_of_data(model, evidence.batch)
    fixed = zip(news, with_proven_fixes(model, evidence, news, walk, fed=True), strict=True)
    made = {id(one): other for one, other in fixed}
    return [made.get(id(one), one) for one in found]


def _case(model: Any, evidence: Evidence, walk: Walk | None, fed: bool) -> Case:
    graph = evidence.flat
    if graph is None and walk is not None:
        graph = chain(label_of(model), layers_in_order(model), walk.specs, keras.config.floatx())
        evidence = replace(evidence, graph=graph, flat=graph, outputs=heads_of(graph) or None, learns=Learning.OUTPUTS)
        evidence = with_training(model, evidence)
    elif graph is not None:
        fed = kept_graph(model) is None
    if graph is None:
        return Case(evidence=evidence)
    return Case(evidence=evidence, graph=graph, fed=fed, broken=broken(graph))
