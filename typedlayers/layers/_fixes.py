"""What is added to the findings of one call: fixes, searched on the calls that led to it, and Keras's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras

from typedlayers.bridge.backend import outside_the_trace
from typedlayers.bridge.behind import graph_behind
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.edits import KerasTools
from typedlayers.bridge.refusals import refusal_of_call, words_of
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.facts.evidence import Evidence
from typedlayers.fixes.case import Case
from typedlayers.fixes.search import with_fixes
from typedlayers.fixes.spread import broken
from typedlayers.verdict.boundary import guarded


def with_proven_fixes(
    layer: Any, found: Sequence[Diagnostic], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> tuple[Diagnostic, ...]:
    """Returns findings of one call with the fixes that are proven; as they are, where a search fails.

    Args:
        layer: the layer.
        found: the findings.
        args: the positional arguments of the call.
        kwargs: its keyword arguments.
    """

    def searched() -> list[Diagnostic]:
        with outside_the_trace():
            graph = graph_behind(layer, args, kwargs)
            case = Case(evidence=Evidence(label=label_of(layer)), graph=graph, broken=broken(graph))
            return with_fixes(case, found, KerasTools())

    made = guarded(label_of(layer), searched) if found else None
    return tuple(found) if made is None else tuple(made)


def with_keras_words(
    layer: Any, errors: tuple[Diagnostic, ...], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> tuple[Diagnostic, ...]:
    """Returns errors, the first with Keras's own words where Keras refuses the call too.

    Lenient mode says them: a program in production may look for them.
    """
    call = keras.layers.Layer.__call__
    refused = guarded(label_of(layer), lambda: refusal_of_call(layer, call, args, kwargs))
    if refused is None:
        return errors
    first, words = errors[0], words_of(refused)
    return first.with_(why=f"{first.why}\n{words}" if first.why else words), *errors[1:]
