"""The values of the first batch, judged by the ways of the inputs; raw bytes are scaled where that is safe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import keras

from typedlayers.adapters.eager import repaired
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.graph import functional_of
from typedlayers.bridge.model_graph import layers_in_order
from typedlayers.bridge.model_state import ModelState, model_state
from typedlayers.diagnostics.edit import Data, Insert
from typedlayers.diagnostics.model import Diagnostic, Fix, Location, Repair
from typedlayers.facts.graph import Node
from typedlayers.facts.values import ValueFacts, facts_of
from typedlayers.models._graph import ways_of
from typedlayers.modes import Action, Mode
from typedlayers.rules.contracts.repair_plan import after
from typedlayers.rules.contracts.walk import Walk, reaches_weights_raw
from typedlayers.rules.values.ranges import Input, Way, check_against_training, check_values, is_image
from typedlayers.spec import RangeClass, Spec, SpecTree, leaves
from typedlayers.verdict import source
from typedlayers.verdict.allow import is_allowed
from typedlayers.verdict.ledger import Entry

FACTORS: Final = {RangeClass.UNIT: (1 / 255, 0.0), RangeClass.SIGNED_UNIT: (1 / 127.5, -1.0)}
"""Scale and offset that bring bytes 0..255 into a class of range."""


def inputs_seen(model: Any, specs: SpecTree, values: Any, walk: Walk | None, where: Location) -> Iterator[Input]:
    """Yields what was seen of each input of a model, in the order of the model's inputs."""
    label = label_of(model)
    graph = functional_of(model)
    tensors = list(graph.inputs) if graph is not None else []
    found = list(leaves(specs))
    for place, (path, spec) in enumerate(found):
        facts = facts_of(_at(values, path))
        if facts is None:
            continue
        tensor = _tensor_for(tensors, place, path, len(found))
        if tensor is not None:
            ways = tuple(_starting_with(spec, way) for way in ways_of(graph, tensor, label))
        elif walk is not None and graph is None:
            ways = (_starting_with(spec, (layers_in_order(model), walk.specs)),)
        else:
            ways = ()
        of_any_size = spec if spec.shape is None else spec.with_(shape=(None, *spec.shape[1:]))
        yield Input(_who(model, tensor, path, label), of_any_size, facts, ways, where)


def _at(values: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        values = values[key] if values is not None else None
    return values


def _tensor_for(tensors: list[Any], place: int, path: tuple[str | int, ...], count: int) -> Any:
    """The input that a leaf of the data goes into: by its name, else by its place where the numbers agree."""
    named = [t for t in tensors if path and t.name == path[-1]]
    if named:
        return named[0]
    return tensors[place] if len(tensors) == count else None


def _who(model: Any, tensor: Any, path: tuple[str | int, ...], label: str) -> str:
    if tensor is not None and not tensor.name.startswith(("input_layer", "keras_tensor")):
        return f'input "{tensor.name}" of {label}'
    return f"the input of {label}" if not path else f"input {path[-1]!r} of {label}"


def _starting_with(spec: Spec, way: Way) -> Way:
    """A way with what really comes at its start: the dtype and the sizes of the data."""
    nodes, specs = way
    start = spec if spec.shape is None else spec.with_(shape=(None, *spec.shape[1:]))
    return nodes, (start, *specs[1:])


# ------------------------------------------------------------------------------------------ all values
def judged_values(model: Any, inputs: list[Input], *, trains: bool) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """Returns errors and warnings on the values of a batch, raw bytes apart."""
    state = model_state(model)
    errors, warned = [], []
    for place, given in enumerate(inputs):
        if place in state.scales:
            continue
        found = [d for d in check_values(given) if trains or d.code != "TL402"]
        before = state.trained.get(place)
        if not trains and before is not None and not found:  # an unlike range that has a cause is said by its cause
            changed = check_against_training(given, before, label_of(model))
            found += [changed] if changed is not None else []
        for diagnostic in found:
            (errors if diagnostic.is_error else warned).append(diagnostic)
    return errors, warned


def note_training(model: Any, inputs: list[Input]) -> None:
    """Keeps what the values of image inputs were in the first training; later runs are compared with it."""
    state = model_state(model)
    for place, given in enumerate(inputs):
        if is_image(given.spec) and place not in state.trained:
            scaled = state.scales.get(place)
            facts = given.facts
            if scaled is not None and scaled.scale is not None and given.spec.dtype == "uint8":
                low, high = (n * scaled.scale + scaled.offset for n in (facts.low, facts.high))
                facts = ValueFacts(low, high, whole=False, count=facts.count)
            state.trained[place] = facts


# ------------------------------------------------------------------------------------------- raw bytes
def raw_bytes(model: Any, inputs: list[Input], mode: Mode) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """Judges raw ``uint8`` images by what the first weights suppose; plans the repair at the entry.

    Returns:
        Errors and warnings.
    """
    state = model_state(model)
    errors: list[Diagnostic] = []
    warned: list[Diagnostic] = []
    for place, given in enumerate(inputs):
        reached = _reached_raw(given)
        if reached is None or place in state.scales:
            continue
        trained = state.trained.get(place)
        wanted = trained.family if trained is not None else None
        unknown = not reached.fresh and wanted not in FACTORS
        if wanted is RangeClass.BYTES or (unknown and mode.rescale is not Action.REPAIR):
            continue
        scale, offset = FACTORS[wanted if wanted in FACTORS else RangeClass.UNIT]
        repair = Repair("rescale", dtype=_float_dtype(model, place, reached), scale=scale, offset=offset)
        found = _raw_bytes(given, reached, repair, label_of(model))
        if is_allowed(found, state.allowed | reached.allowed):
            continue
        if unknown:
            source.warn([_unsafe(found)])
        elif mode.rescale is Action.REPAIR:
            _plan(model, state, place, given, repair, found, several=len(inputs) > 1)
        else:
            (errors if mode.rescale is Action.ERROR else warned).append(found)
    return errors, warned


def _reached_raw(given: Input) -> Node | None:
    if given.spec.dtype != "uint8" or given.facts.family is not RangeClass.BYTES:
        return None
    found = (reaches_weights_raw(nodes, specs) for nodes, specs in given.ways)
    return next((node for node in found if node is not None), None)


def may_be_raw(inputs: list[Input]) -> bool:
    """Whether a later batch of the same signature may be raw bytes where this one was not."""
    return any(given.spec.dtype == "uint8" for given in inputs)


def _float_dtype(model: Any, place: int, node: Node) -> str:
    """The dtype that Keras casts an input to, if it is a float one; the first weights' compute dtype otherwise."""
    graph = functional_of(model)
    dtype = graph.inputs[place].dtype if graph is not None and place < len(graph.inputs) else None
    if dtype is not None and keras.backend.is_float_dtype(dtype):
        return dtype
    policy = node.resolved.policy if node.resolved is not None else None
    return (policy.compute if policy is not None else None) or keras.backend.floatx()


def _plan(
    model: Any, state: ModelState, place: int, given: Input, repair: Repair, found: Diagnostic, *, several: bool
) -> None:
    """Plans the repair; step functions that were traced before lack it, so they are made anew."""
    state.scales[place] = repair
    what, spec = given.who if several else f"input of {label_of(model)}", given.spec
    state.ledger.add(Entry(repair, what, given.where, found.headline, found.code, spec, after(repair, spec)))
    model.train_function = model.test_function = model.predict_function = None


def _raw_bytes(given: Input, node: Node, repair: Repair, label: str) -> Diagnostic:
    return Diagnostic(
        "TL401",
        f"raw bytes {given.facts.low:g}..{given.facts.high:g} from {given.who} reach the weights of "
        f"{node.subject.label}",
        where=node.subject.where,
        gets=str(given.spec),
        needs="values around 0 to 1, which the initial weights are made for",
        why=f"every step from the input of {label} to {node.subject.label} keeps the values as they came",
        fixes=(
            Fix.of(Insert("layers.Rescaling(1 / 255)", node.subject.short), repair=repair),
            Fix(
                "in the dataset: ds.map(lambda x, y: (tf.cast(x, tf.float32) / 255, y))",
                edits=(Data("x", "tf.cast(x, tf.float32) / 255"),),
            ),
        ),
        repairs=(repair,),
    )


def _unsafe(diagnostic: Diagnostic) -> Diagnostic:
    return diagnostic.with_(
        code="TL801",
        headline=f"{diagnostic.headline}; they were only cast",
        why="the weights were trained, loaded or set before, perhaps on bytes: a factor would be a guess",
        repairs=(),
    )


def adapted(state: ModelState, x: Any) -> Any:
    """Returns a model's input as its layers need it: raw bytes scaled, everything else as it came."""
    if not state.scales:
        return x
    flat = keras.tree.flatten(x)
    return keras.tree.pack_sequence_as(
        x, [_scaled(state.scales[place], one) if place in state.scales else one for place, one in enumerate(flat)]
    )


def _scaled(repair: Repair, x: Any) -> Any:
    dtype = getattr(x, "dtype", None)
    return repaired(repair, x) if str(getattr(dtype, "name", dtype)) == "uint8" else x
