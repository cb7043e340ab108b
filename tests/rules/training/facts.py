"""Facts of a call of ``fit``, written short."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.rules.targets.facts import HEAD, MODEL, a_head, a_loss, known
from typedlayers.facts.evidence import Evidence, Use
from typedlayers.facts.fitting import ClassWeight, Epochs, Fitting, Logs, Watcher
from typedlayers.facts.graph import Graph, Node
from typedlayers.facts.layers import LayerFacts


def weights(given: dict[Any, Any]) -> ClassWeight:
    """Returns class weights that were given as a dict."""
    keys = tuple(repr(key) if isinstance(key, str) else float(key) for key in given)
    return ClassWeight("dict", keys=keys, weights=tuple(given.values()))


def fitted(head: Any, loss: Any, y: Any = None, values: Any = None, *, weight: Any = None, **given: Any) -> Evidence:
    """Returns what is known of a model that `fit` is called on."""
    evidence = known(head, loss, y, values, weight=weight, use=Use.FIT)
    fitting = Fitting(**given)
    assert evidence.batch is not None
    return replace(evidence, fitting=fitting, batch=replace(evidence.batch, source=fitting.source))


def watching(monitor: str, kind: str = "EarlyStopping", **more: Any) -> Watcher:
    """Returns a callback that watches a value."""
    return Watcher(kind, monitor, **more)


LOGS = Logs(("accuracy",), ("loss",), directed=frozenset({"accuracy"}))
"""The values of a model that was compiled with accuracy."""


def a_layer(**more: Any) -> Evidence:
    """Returns what is known of a model of one layer that is about to be trained."""
    return Evidence(label=MODEL, use=Use.FIT, layers=(LayerFacts(HEAD, **more),))


def lasting(**epochs: Any) -> Evidence:
    """Returns what is known of a training that lasts for some epochs."""
    return fitted(a_head((1,)), a_loss("mean_squared_error"), epochs=Epochs(**epochs))


class Keeping:
    """Public attributes of a layer that keeps its states."""

    stateful = True


def keeping(*, batches: int = 4, shuffles: bool = True) -> Evidence:
    """Returns what is known of a training of a layer that keeps its states."""
    evidence = replace(lasting(batches=batches), fitting=Fitting(epochs=Epochs(batches=batches), shuffles=shuffles))
    node = Node(subject=replace(HEAD, kind="LSTM", label='LSTM "reader"'), kind="LSTM", layer=Keeping())
    return replace(evidence, graph=Graph(MODEL, (node,)))


def watched(monitor: str, mode: str, **more: Any) -> Evidence:
    """Returns what is known of a training that one callback watches."""
    return fitted(a_head((1,)), a_loss("mean_squared_error"), watchers=(watching(monitor, mode=mode, **more),))
