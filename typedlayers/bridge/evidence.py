"""A model, and what it is given, as evidence. Nothing is judged here.

A fact that is missing is sought once: what Keras kept of a functional or built model, else a dry run.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import Any, Final

import keras

from typedlayers.bridge.adapted import is_unadapted
from typedlayers.bridge.backend import is_traced
from typedlayers.bridge.compiled import compiled_of
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.dry_run import DryRun, dry_run
from typedlayers.bridge.front import copied_from, front_of
from typedlayers.bridge.gradients import learning_of
from typedlayers.bridge.graph import functional_of
from typedlayers.bridge.inputs import input_dtype, inputs_of, steps_as_keras, with_readers, with_undeclared
from typedlayers.bridge.losses import training_of
from typedlayers.bridge.members import allowed_for, is_fresh, is_users_own, place_of
from typedlayers.bridge.model_graph import has_own_code, kept_graph
from typedlayers.bridge.model_state import model_state
from typedlayers.bridge.outputs import heads_given
from typedlayers.bridge.recording import recorder
from typedlayers.bridge.rewire import can_rewire
from typedlayers.bridge.stack import inner_layers
from typedlayers.bridge.tensors import dtype_of, shape_of, specs_of
from typedlayers.bridge.traced import loose_layers, once_in, unscaled, untold, untold_in_loop
from typedlayers.bridge.variables import bare_variables, exchanged, integer_weights
from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.diagnostics.render.text import line_of
from typedlayers.diagnostics.subject import Subject
from typedlayers.facts.data import Batch, Source
from typedlayers.facts.evidence import Evidence, Origin, Use
from typedlayers.facts.graph import Graph, Maker
from typedlayers.facts.layers import LayerFacts
from typedlayers.facts.outputs import heads_of
from typedlayers.facts.traced import Untold
from typedlayers.modes import Action, Mode
from typedlayers.spec import NUMBERS, Carrier, Kind, Spec, SpecTree, leaves, map_tree
from typedlayers.verdict.source import is_of_package, user_line


@dataclass(frozen=True, slots=True)
class Known:
    """Evidence, and what a dry run said on the way to it.

    Attributes:
        evidence: what is known.
        found: what the contracts of layers said in the dry run.
        gives_none: whether the ``call`` of the model gave None in it.
    """

    evidence: Evidence
    found: tuple[Diagnostic, ...] = ()
    gives_none: bool = False


def place_of_data(model: Any) -> Location:
    """Returns the line that gives the data, and the model that gets them."""
    state, label = model_state(model), label_of(model)
    given = user_line() or state.site or (None, None)
    return Location(*given, label, f"given to {label}{_made(state.site, given[0])}")


def _made(site: tuple[str, int] | None, file: str | None) -> str:
    """The line that made a model, with its file if that is another one than ``file``."""
    if site is None:
        return ""
    return f", made at line {site[1]}" if site[0] == file else f", made at {line_of(*site)}"


def model_evidence(model: Any, use: Use | None = None, mode: Mode | None = None) -> Evidence:
    """Returns what is known of a model by itself."""
    where = place_of_data(model)
    evidence = Evidence(
        label=label_of(model),
        where=where,
        use=use,
        inputs=inputs_of(model, where),
        front=front_of(model),
        rescales=mode is not None and mode.rescale is Action.REPAIR,
        rewires=can_rewire(model),
        hands_over=use is None or steps_as_keras(model, *use.steps),
        compared=computes_loss(model) and _steps_as_keras(model, use),
        copied=copied_from(model),
        columns=model_state(model).columns,
        eager=bool(model.run_eagerly),
        idle=bool(use and use.trains and model.built and model.weights and not model.trainable_variables),
        layers=tuple(_layer_facts(model, layer) for layer in inner_layers(model)) if use and use.trains else (),
        once=once_in(model) if use and use.trains else (),
        loose=loose_layers(model) if use and use.trains else (),
        unscaled=unscaled(model) if use and use.trains else None,
        untold=_untold(model, use),
    )
    graph = kept_graph(model)
    return evidence if graph is None else _with_graph(model, evidence, graph, graph, Origin.BUILD)


def _untold(model: Any, use: Use | None) -> Untold | None:
    if use is Use.CALL:
        return untold_in_loop(model)
    return untold(model) if use and use.trains else None


def _layer_facts(model: Any, layer: Any) -> LayerFacts:
    # A layer that Keras made (in keras.applications) gets its statistics with the weights, or has none on purpose.
    return LayerFacts(
        Subject.of(type(layer).__name__, layer.name, place_of(layer)),
        allowed_for(layer),
        () if _is_of_package(type(layer)) else bare_variables(model, layer),
        unadapted=is_users_own(layer) and not is_traced() and is_unadapted(layer),
        normalizes=isinstance(layer, keras.layers.Normalization),
        exchanged=exchanged(layer),
        integers=integer_weights(model, layer),
    )


def _is_of_package(cls: type) -> bool:
    """True for a class of an installed package other than Keras: how it keeps its variables is not the user's doing."""
    file = getattr(sys.modules.get(cls.__module__), "__file__", None)
    return file is not None and is_of_package(file) and cls.__module__.partition(".")[0] != "keras"


def _with_graph(model: Any, evidence: Evidence, graph: Graph, flat: Graph, origin: Origin) -> Evidence:
    learns = learning_of(model)
    evidence = evidence.with_facts(origin, graph=graph, flat=flat, outputs=heads_of(flat) or None, learns=learns)
    return with_training(model, evidence)


def with_training(model: Any, evidence: Evidence) -> Evidence:
    """Adds what the model was compiled with, if its loss compares the outputs with the targets as Keras does."""
    outputs = evidence.outputs
    if outputs is None or not evidence.compared:
        return evidence
    names = tuple(head.name for head in outputs)
    return evidence.with_facts(Origin.COMPILE, training=training_of(model, names), compiled=compiled_of(model, names))


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
    evidence = with_inputs_given(model, evidence.with_facts(origin, batch=batch))
    kept = evidence.graph
    if kept is not None and not has_own_code(kept):
        return Known(_with_sizes_given(model, evidence))
    x = _as_drawn(model, batch, evidence.use) if kept is None else _declared(model)
    wanted = evidence.hands_over and (_is_worth_it(evidence) or _is_one_image(model, evidence))
    if x is None or not wanted or recorder.get() is not None:  # in a dry run the outermost model tells it all
        return Known(evidence)
    run = _dry_run_once(model, x)
    if run.flat is not None:
        assert evidence.inputs is not None
        evidence = evidence.with_facts(Origin.DRY_RUN, inputs=with_readers(evidence.inputs, run.flat))
    if run.graph is None or run.flat is None:
        return Known(replace(evidence, dry_run_error=run.failed), run.found, run.gives_none)
    return Known(_with_graph(model, evidence, kept or run.graph, run.flat, Origin.DRY_RUN), run.found)


def of_own_code(model: Any, evidence: Evidence) -> tuple[Diagnostic, ...]:
    """Returns what a dry run on the declared inputs finds in a model that has code of the user's."""
    if evidence.graph is None or not has_own_code(evidence.graph) or recorder.get() is not None:
        return ()
    return _dry_run_once(model, _declared(model)).found


def with_inputs_given(model: Any, evidence: Evidence) -> Evidence:
    """Adds what a model takes that declares no input: the tensors of x are its inputs."""
    inputs, batch = evidence.inputs, evidence.batch
    if inputs is None or inputs.tree is not None or batch is None or batch.x is None:
        return evidence
    if isinstance(model, keras.Sequential) or (evidence.use is Use.CALL and batch.lists):
        return evidence  # Keras itself says which lists a call takes
    return replace(evidence, inputs=with_undeclared(inputs, batch.x, model))


def _with_sizes_given(model: Any, evidence: Evidence) -> Evidence:
    """Adds the sizes of outputs that a model leaves open and that the data decide, where targets are compared."""
    outputs, batch, use = evidence.outputs, evidence.batch, evidence.use
    if outputs is None or batch is None or batch.y is None or use is None or not use.compares:
        return evidence
    if (
        evidence.training is None
        or not evidence.hands_over
        or not any(None in (one.shape or ())[1:] for one in outputs)
    ):
        return evidence
    x = _as_drawn(model, batch, use)
    if x is None or any(None in (spec.shape or ())[1:] for _, spec in leaves(x)) or recorder.get() is not None:
        return evidence
    run = _dry_run_once(model, x)
    found = () if run.flat is None or run.graph is None else heads_of(run.flat)
    same = [one.name for one in found] == [one.name for one in outputs]
    return evidence.with_facts(Origin.DRY_RUN, outputs=found) if same else evidence


def _is_worth_it(evidence: Evidence) -> bool:
    """One call, or one batch, is not: what its layers do is checked as they are called."""
    use = evidence.use
    return use is not None and (use.trains or use.compares or use is Use.PREDICT)


def _is_one_image(model: Any, evidence: Evidence) -> bool:
    """One image that a model gets which nobody compiled: nothing but its calls says whether it is flattened."""
    x = None if evidence.batch is None else evidence.batch.x
    shape = x.shape if isinstance(x, Spec) else None
    return shape is not None and len(shape) == 4 and shape[0] == 1 and not getattr(model, "compiled", False)


def _declared(model: Any) -> SpecTree:
    """The specs of the inputs that a model declares, nested as it takes them."""
    graph = functional_of(model)
    struct = getattr(graph, "_inputs_struct", None)
    return specs_of(graph.inputs if struct is None else struct)


def _as_drawn(model: Any, batch: Batch, use: Use | None) -> SpecTree:
    """The specs of one batch as Keras draws it to build a model: of a known size, floats in Keras's own precision.

    A Sequential casts its input to the dtype of its first layer, integers too; other models cast floats only.
    """
    divided = batch.source is Source.ARRAYS and use is not None and (use.draws or use is Use.VALIDATION)
    sequential = isinstance(model, keras.Sequential) and bool(model.layers)
    cast_to = input_dtype(model) if sequential else None

    def drawn(spec: Spec) -> Spec:
        dtype = keras.config.floatx() if spec.dtype == "float64" else spec.dtype
        if cast_to is not None and spec.kind in NUMBERS:
            dtype = cast_to
        size = spec.shape[0] if spec.shape else None
        if size is None or (divided and (size > BATCH_SIZE or use is Use.PREDICT)):
            size = BATCH_SIZE  # one size for all predictions: they need not be run dry again
        return spec.with_(dtype=dtype, shape=(size, *spec.shape[1:]) if spec.shape else spec.shape)

    known = batch.x is not None and all(spec.shape is not None for _, spec in leaves(batch.x))
    return map_tree(drawn, batch.x) if known else None


BATCH_SIZE: Final = 32
"""Samples of a batch that ``fit`` makes of arrays, if it is told nothing else."""


def _dry_run_once(model: Any, x: SpecTree) -> DryRun:
    """Returns the dry run of a model on these specs, made anew when layers were built or a graph was made since."""
    state = model_state(model)
    built = tuple(layer.built for layer in inner_layers(model))
    key = (id(functional_of(model)), built, str(x))
    if state.dry_run is None or state.dry_run[0] != key:
        state.dry_run = (key, dry_run(model, x))
    run: DryRun = state.dry_run[1]
    return replace(run, graph=_as_it_is_now(run.graph), flat=_as_it_is_now(run.flat))


def _as_it_is_now(graph: Graph | None) -> Graph | None:
    """The graph of an earlier dry run: its layers may have been trained since."""
    if graph is None:
        return None
    nodes = (node if node.maker is Maker.OP else replace(node, fresh=is_fresh(node.layer)) for node in graph.nodes)
    return replace(graph, nodes=tuple(nodes))


# ----------------------------------------------------------------------------------------------- a trace
def with_outputs_given(model: Any, evidence: Evidence, y_pred: Any) -> Evidence:
    """Adds outputs of which only the loss knows, as a step is traced: their shapes, and nothing of how they came."""
    outputs = heads_given(model, y_pred) or None
    return evidence.with_facts(Origin.TRACE, outputs=outputs)


def with_own_outputs(model: Any, evidence: Evidence) -> Evidence:
    """Adds that Keras's loss is computed of the very outputs that the model returned."""
    return evidence.with_facts(Origin.TRACE, learns=learning_of(model, seen=True))


def with_traced_targets(
    model: Any, evidence: Evidence, y: Any, weight: Any, drawn: Batch | None, *, handed_on: bool
) -> Evidence:
    """Adds the targets that a loss is computed of, and what the model was compiled with.

    Args:
        model: the model.
        evidence: what is known, its outputs among it.
        y: the targets, symbolic or not.
        weight: the sample weights.
        drawn: the data of this run, None if they were not seen.
        handed_on: whether a step of the user's calls the model on the very x that was drawn.
    """
    batch = Batch(None, specs_of(y), specs_of(weight), what="the data", source=Source.OTHER)
    if drawn is not None and _is_as_drawn(y, drawn.y):
        # what can be said of x alone was said where it was given
        batch = replace(drawn, x=drawn.x if handed_on else None, values=None)
    evidence = evidence.with_facts(Origin.TRACE, batch=batch, compared=True, hands_over=handed_on)
    if evidence.outputs is None:
        return evidence
    return evidence.with_facts(
        Origin.COMPILE, training=training_of(model, tuple(head.name for head in evidence.outputs))
    )


_AS_DRAWN: Final = ("IteratorGetNext", "Placeholder")
"""Ops of TensorFlow that hand on what an iterator drew, or what a step was called with."""


def _is_as_drawn(y: Any, drawn: SpecTree) -> bool:
    """Returns True if a step computes its loss of the very targets that were drawn, and of nothing made of them."""
    if y is None:
        return drawn is None
    known = [spec for _, spec in leaves(drawn)]
    tensors = keras.tree.flatten(y)
    if not known or len(known) != len(tensors):
        return False
    return all(map(_is_handed_on, tensors, known))


_STEPS: Final = ("one_step_on_", "multi_step_on_")
"""What the functions of Keras that run a step are called in their graphs."""


def handed_on(x: Any, drawn: Batch | None) -> Batch | None:
    """Returns the data as a step of the user's hands them to its model, None unless x is the very x that Keras drew.

    Only as a step is traced, and not inside a function of the user's: its arguments may be anything.
    """
    if drawn is None or drawn.x is None or not _is_as_drawn(x, drawn.x):
        return None
    tensors = keras.tree.flatten(x)
    pairs = zip(tensors, (spec for _, spec in leaves(drawn.x)), strict=True)
    if not all(_is_of_a_step(tensor) and dtype_of(tensor.dtype) in _drawn_as(spec, drawn) for tensor, spec in pairs):
        return None
    if any(shape_of(tensor.shape) is None for tensor in tensors):
        # so the dataset tells it; the batch that was drawn before the trace knows its own rank
        return replace(drawn, x=specs_of(x, carrier=Carrier.DATASET), values=None, source=Source.DATASET)
    return drawn


def _is_of_a_step(tensor: Any) -> bool:
    return getattr(getattr(_values_of(tensor), "graph", None), "name", "").startswith(_STEPS)


def _drawn_as(spec: Spec, drawn: Batch) -> tuple[str | None, ...]:
    """The dtypes in which a step may get a tensor: Keras draws floats from arrays in its own precision."""
    cast = drawn.source is Source.ARRAYS and spec.kind is Kind.FLOAT
    return (spec.dtype, keras.config.floatx()) if cast else (spec.dtype,)


def _is_handed_on(tensor: Any, spec: Spec) -> bool:
    values = _values_of(tensor)
    kind = getattr(getattr(values, "op", None), "type", "") if not hasattr(values, "numpy") else "Placeholder"
    shape = shape_of(getattr(tensor, "shape", None))
    return kind in _AS_DRAWN and (shape is None or spec.rank == len(shape))


def _values_of(tensor: Any) -> Any:
    """The numbers of a ragged tensor; any other tensor itself."""
    return getattr(tensor, "flat_values", tensor)
