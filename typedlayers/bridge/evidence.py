"""A model, and what it is given, as evidence. Nothing is judged here.

A fact that is missing is sought once: what Keras kept of a functional or built model, else a dry run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final
from weakref import WeakKeyDictionary

import keras

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.dry_run import DryRun, dry_run
from typedlayers.bridge.graph import functional_of
from typedlayers.bridge.heads import heads_given
from typedlayers.bridge.inputs import inputs_of, steps_as_keras
from typedlayers.bridge.losses import training_of
from typedlayers.bridge.members import is_fresh, location_of
from typedlayers.bridge.model_graph import has_own_code, kept_graph
from typedlayers.bridge.model_state import model_state
from typedlayers.bridge.stack import inner_layers
from typedlayers.bridge.tensors import specs_of
from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.facts.data import Batch, Source
from typedlayers.facts.evidence import Evidence, Origin, Use
from typedlayers.facts.graph import Graph
from typedlayers.facts.outputs import heads_of
from typedlayers.spec import Spec, SpecTree, leaves, map_tree
from typedlayers.verdict.source import user_line


@dataclass(frozen=True, slots=True)
class Known:
    """Evidence, and what a dry run said on the way to it.

    Attributes:
        evidence: what is known.
        found: what the contracts of layers said in the dry run.
        failed: what stopped it, empty if nothing did.
    """

    evidence: Evidence
    found: tuple[Diagnostic, ...] = ()
    failed: str = ""


def place_of_data(model: Any) -> Location:
    """Returns the line that gives the data, and the model that gets them."""
    state, label = model_state(model), label_of(model)
    made = "" if state.site is None else f", made at line {state.site[1]}"
    return Location(*(user_line() or state.site or (None, None)), label, f"given to {label}{made}")


def model_evidence(model: Any, use: Use | None = None) -> Evidence:
    """Returns what is known of a model by itself."""
    where = place_of_data(model)
    evidence = Evidence(
        label=label_of(model),
        where=where,
        use=use,
        inputs=inputs_of(model, where),
        trained=dict(model_state(model).trained),
        hands_over=use is None or steps_as_keras(model, *use.steps),
        eager=bool(model.run_eagerly),
    )
    graph = kept_graph(model)
    return evidence if graph is None else _with_graph(model, evidence, graph, Origin.BUILD)


def _with_graph(model: Any, evidence: Evidence, graph: Graph, origin: Origin) -> Evidence:
    outputs = heads_of(graph) or None
    evidence = evidence.with_facts(origin, graph=graph, outputs=outputs)
    return with_training(model, evidence)


def with_training(model: Any, evidence: Evidence) -> Evidence:
    """Adds what the model was compiled with, if its loss compares the outputs with the targets as Keras does."""
    use, outputs = evidence.use, evidence.outputs
    if outputs is None or not computes_loss(model) or not _steps_as_keras(model, use):
        return evidence
    return evidence.with_facts(Origin.COMPILE, training=training_of(model, tuple(head.name for head in outputs)))


def _steps_as_keras(model: Any, use: Use | None) -> bool:
    steps = ("train_step", "test_step") if use is None else use.steps
    return steps_as_keras(model, *steps)


def computes_loss(model: Any) -> bool:
    """Returns True if Keras computes the loss that the model was compiled with."""
    compiled = getattr(model, "compiled", False) and getattr(model, "loss", None) is not None
    return compiled and steps_as_keras(model, "compute_loss", "_compute_loss")


# ------------------------------------------------------------------------------------------------ data
def with_batch(model: Any, evidence: Evidence, batch: Batch, origin: Origin) -> Known:
    """Adds data, and the graph of a model that only data, or a dry run, can tell."""
    evidence = evidence.with_facts(origin, batch=batch)
    if evidence.graph is not None and not has_own_code(evidence.graph):
        return Known(evidence)
    x = _declared(model) if evidence.graph is not None else _as_drawn(batch)
    if x is None or not _is_worth_it(evidence):
        return Known(evidence)
    run = _dry_run_once(model, x)
    if run.graph is None:
        return Known(evidence, run.found, run.failed)
    return Known(_with_graph(model, evidence, run.graph, Origin.DRY_RUN), run.found)


def _is_worth_it(evidence: Evidence) -> bool:
    """A prediction compares nothing with the outputs: what its layers do is checked as they are called."""
    return evidence.use is not None and (evidence.use.trains or evidence.use.compares)


def _declared(model: Any) -> SpecTree:
    """The specs of the inputs that a model declares, nested as it takes them."""
    graph = functional_of(model)
    struct = getattr(graph, "_inputs_struct", None)
    return specs_of(graph.inputs if struct is None else struct)


def _as_drawn(batch: Batch) -> SpecTree:
    """The specs of a batch as Keras draws it: arrays in batches of any size, floats in Keras's own precision."""
    of_any_size = batch.source is Source.ARRAYS

    def drawn(spec: Spec) -> Spec:
        dtype = keras.config.floatx() if spec.dtype == "float64" else spec.dtype
        shape = (None, *spec.shape[1:]) if spec.shape and of_any_size else spec.shape
        return spec.with_(dtype=dtype, shape=shape)

    known = batch.x is not None and all(spec.shape is not None for _, spec in leaves(batch.x))
    return map_tree(drawn, batch.x) if known else None


_runs: Final[WeakKeyDictionary[Any, tuple[Any, DryRun]]] = WeakKeyDictionary()
"""The last dry run of a model, with what it depends on."""


def _dry_run_once(model: Any, x: SpecTree) -> DryRun:
    built = tuple(layer.built for layer in inner_layers(model))
    key = (id(functional_of(model)), built, str(x))
    kept = _runs.get(model)
    if kept is None or kept[0] != key:
        kept = _runs[model] = (key, dry_run(model, x))
    run = kept[1]
    if run.graph is None:
        return run
    nodes = tuple(replace(node, fresh=is_fresh(node.layer)) for node in run.graph.nodes)
    return replace(run, graph=replace(run.graph, nodes=nodes))


# ----------------------------------------------------------------------------------------------- a trace
def with_outputs_given(model: Any, evidence: Evidence, y_pred: Any) -> Evidence:
    """Adds the outputs of a model of which only the loss sees them, as a step is traced."""
    outputs = heads_given(model, y_pred, location_of) or None
    evidence = evidence.with_facts(Origin.TRACE, outputs=outputs)
    if outputs is None or not computes_loss(model):
        return evidence
    return evidence.with_facts(Origin.COMPILE, training=training_of(model, tuple(head.name for head in outputs)))


def traced_batch(y: Any, weight: Any) -> Batch:
    """Returns what the trace of a step tells of its targets."""
    return Batch(None, specs_of(y), specs_of(weight), what="the data", source=Source.OTHER)
