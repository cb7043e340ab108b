"""A model's outputs → heads: the layer that makes each, its activation, and the way that led there.

``KerasTensor._keras_history`` names the call that made a tensor, ``_keras_mask`` its mask, ``_keras_logits`` the logits
behind it. Without them an output has no known activation, and no rule on it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import keras

from typedlayers.bridge.contracts import catalogue_contract, label_of
from typedlayers.bridge.graph import calls_of, functional_of
from typedlayers.bridge.tensors import is_tensor, origin_of, shape_of, spec_of
from typedlayers.catalogue.activations import ACTIVATIONS, Activation
from typedlayers.contracts.contract import Positions
from typedlayers.diagnostics.model import Location
from typedlayers.diagnostics.subject import Subject
from typedlayers.facts.outputs import Branch, Head, Kind, Squash, Stage, Width

layers = keras.layers

_RECURRENT: Final = tuple(
    getattr(layers, name) for name in ("SimpleRNN", "LSTM", "GRU", "RNN", "Bidirectional") if hasattr(layers, name)
)
_SHAPED: Final = ("Reshape", "Flatten", "Permute", "Identity", "RepeatVector")
"""Layers that only move values: the activation is that of the layer before."""

Where = Callable[[Any], Location]


@dataclass(frozen=True, slots=True)
class Made:
    """One layer's call on the way to an output.

    Attributes:
        layer: the layer or op.
        inputs: the Keras tensors that reached it.
        gave: the Keras tensor that it gave.
    """

    layer: Any
    inputs: tuple[Any, ...]
    gave: Any

    @property
    def came(self) -> Any:
        """The one tensor that reached it, None if there were several."""
        return self.inputs[0] if len(self.inputs) == 1 else None


def heads_of(model: Any, where: Where) -> tuple[Head, ...]:
    """Returns the heads of a functional model or a built Sequential, none of any other model.

    Args:
        model: the model.
        where: gives the user's line of a layer.
    """
    graph = functional_of(model)
    if graph is None or not graph.outputs or not is_run_as_graph(model):
        return ()
    names = output_names(model)
    if len(names) != len(graph.outputs):
        return ()
    inputs = tuple(shape_of(tensor.shape) for tensor in graph.inputs)
    return tuple(
        _head(name, tensor, tuple(way_back(graph, tensor)), where, inputs, len(names) == 1)
        for name, tensor in zip(names, graph.outputs, strict=True)
    )


def is_run_as_graph(model: Any) -> bool:
    """Whether the user's class leaves ``call`` to Keras, so that the graph is what runs."""
    owner = next(cls for cls in type(model).__mro__ if "call" in vars(cls))
    return owner.__module__.partition(".")[0] in ("keras", "typedlayers")


def heads_given(model: Any, given: Any, where: Where) -> tuple[Head, ...]:
    """Returns the heads of a model of which only the outputs are known, as its loss is traced.

    Args:
        model: a subclassed model.
        given: its output: a tensor, a list or a dict of them.
        where: gives the user's line of the model.
    """
    if isinstance(given, dict):
        named = [(str(key), given[key]) for key in sorted(given)]
    elif isinstance(given, list | tuple):
        named = [(f"{index}", item) for index, item in enumerate(given)]
    else:
        named = [(model.name, given)]
    if not named or not all(is_tensor(item) for _, item in named):
        return ()
    subject = subject_of(model, where)
    return tuple(
        Head(name, subject, spec_of(item), masked=getattr(item, "_keras_mask", None) is not None, only=len(named) == 1)
        for name, item in named
    )


def output_names(model: Any) -> tuple[str, ...]:
    """Returns the names by which ``compile`` and ``fit`` know a model's outputs: keys of a dict, else layers' names."""
    graph = functional_of(model)
    struct = getattr(graph, "_outputs_struct", None)
    if isinstance(struct, dict) and len(struct) == len(graph.outputs):
        return tuple(str(key) for key in sorted(struct))
    return tuple(getattr(graph, "output_names", ()))


def way_back(graph: Any, tensor: Any) -> Iterator[Made]:
    """Yields the calls that led to a tensor, the last one first, until several tensors meet or the input is reached.

    A model inside the model is gone through as if its layers stood in the outer one.
    """
    calls = {id(output): call for call in calls_of(graph) for output in call.outputs}
    while (call := calls.get(id(tensor))) is not None:
        inner = functional_of(call.operation) if isinstance(call.operation, keras.Model) else None
        if inner is not None:
            index = next(i for i, output in enumerate(call.outputs) if output is tensor)
            if index >= len(inner.outputs):
                return
            steps = tuple(way_back(inner, inner.outputs[index]))
            yield from steps
            ends = steps[-1].came if steps else inner.outputs[index]
            if len(call.inputs) != 1 or not any(ends is given for given in inner.inputs):
                return
        else:
            yield Made(call.operation, call.inputs, tensor)
            if len(call.inputs) != 1:
                return
        tensor = call.inputs[0]


def _head(name: str, tensor: Any, way: tuple[Made, ...], where: Where, inputs: tuple[Any, ...], only: bool) -> Head:
    spec = spec_of(tensor)
    shape = spec.shape
    spec = spec.with_(shape=(None, *shape[1:]) if shape else shape)
    moved = 0
    while moved < len(way) and _moves(way[moved].layer):
        moved += 1
    made = way[moved] if moved < len(way) else None
    maker = way[0].layer if made is None and way else None if made is None else made.layer
    subject = Subject(name, f'"{name}"', Location()) if maker is None else subject_of(maker, where)
    activation = None if made is None else activation_of(made.layer)
    if activation is not None and activation.sums_to_one and moved:
        activation = None  # reshaped, the last axis need not be the one that sums to 1
    return Head(
        name,
        subject,
        spec,
        activation,
        None if made is None or activation is None else squash_of(made.layer, where),
        trained=made is not None and _is_free(made.layer),
        again=_applied_to(way[moved:], where),
        bare=made is not None and moved == 0 and spec.dtype == keras.config.floatx() and _keeps_logits(made.layer),
        width=None if made is None or moved else width_of(made.layer),
        masked=getattr(tensor, "_keras_mask", None) is not None,
        stages=tuple(_stage(step, where) for step in way if isinstance(step.layer, layers.Layer)),
        inputs=inputs,
        branches=() if made is None else tuple(_branches(made)),
        only=only,
    )


_BROADCASTING: Final = (layers.Add, layers.Subtract, layers.Multiply, layers.Average, layers.Maximum, layers.Minimum)


def _branches(made: Made) -> Iterator[Branch]:
    if isinstance(made.layer, _BROADCASTING):
        for tensor in made.inputs:
            label = str(origin_of(tensor) or "a branch")
            yield Branch(label, label.partition(" ")[2], shape_of(tensor.shape))


def subject_of(layer: Any, where: Where) -> Subject:
    """Returns whom messages about a layer are about."""
    label, at = label_of(layer), where(layer)
    return Subject(label, f'"{layer.name}"', Location(at.file, at.line, label))


def _moves(layer: Any) -> bool:
    """Whether a layer gives the values that it gets: in another shape, or through no activation at all."""
    if isinstance(layer, layers.Activation):
        return layer.activation is keras.activations.linear
    return type(layer).__name__ in _SHAPED and isinstance(layer, layers.Layer)


def _inner(layer: Any) -> Any:
    """The layer that makes the values of a wrapper over time."""
    while isinstance(layer, layers.TimeDistributed):
        layer = layer.layer
    return layer


def activation_of(layer: Any) -> Activation | None:
    """Returns what is known of the values that a layer gives; None behind a layer that Keras does not ship."""
    layer = _inner(layer)
    if isinstance(layer, keras.Model) or not _is_kerass_own(layer):
        return None
    if isinstance(layer, layers.Softmax):
        return ACTIVATIONS["softmax"] if layer.axis in (-1, None) else None
    if isinstance(layer, layers.ReLU):
        if layer.negative_slope or layer.threshold:
            return None
        return Activation("relu", 0, math.inf if layer.max_value is None else layer.max_value)
    function = getattr(layer, "activation", None)
    name = getattr(function, "__name__", "")
    known = ACTIVATIONS.get(name) if function is getattr(keras.activations, name, None) else None
    if known is not None and known.sums_to_one and isinstance(layer, _RECURRENT):
        return None  # a gate is multiplied into it
    return known


def squash_of(layer: Any, where: Where) -> Squash:
    """Returns what gives the values of a layer their activation: the layer, or the one inside a wrapper over time."""
    inner, subject = _inner(layer), subject_of(layer, where)
    if inner is not layer:
        subject = Subject(subject.label, f"{label_of(inner)} of {subject.label}", subject.where)
    return Squash(subject, argument=not isinstance(inner, layers.Softmax | layers.ReLU))


def _applied_to(way: tuple[Made, ...], where: Where) -> Squash | None:
    """The layer that squashes what a softmax or sigmoid layer squashes again."""
    if len(way) < 2 or not isinstance(way[0].layer, layers.Activation | layers.Softmax):
        return None
    two = [activation_of(made.layer) for made in way[:2]]
    squashed = all(one is not None and (one.low, one.high) == (0, 1) for one in two)
    return squash_of(way[1].layer, where) if squashed else None


def _is_kerass_own(layer: Any) -> bool:
    """Whether a layer computes what Keras's class of that name computes; a subclass that overrides ``call`` may not."""
    for cls in type(layer).__mro__:
        if cls.__module__.partition(".")[0] == "keras":
            return cls is not layers.Layer
        if "call" in vars(cls) or "build" in vars(cls):
            return False
    return False


def _is_free(layer: Any) -> bool:
    """Whether a layer's weights can take any value, so that its output before the activation can."""
    layer = _inner(layer)
    constraints = (getattr(layer, name, None) for name in ("kernel_constraint", "bias_constraint"))
    return hasattr(layer, "kernel_constraint") and layer.trainable and not any(constraints)


def _keeps_logits(layer: Any) -> bool:
    """Whether Keras finds the logits behind a layer's activation: it looks at the very tensor that the layer gives."""
    return not isinstance(layer, (layers.TimeDistributed, *_RECURRENT))


def width_of(layer: Any) -> Width | None:
    """Returns what sets the last axis of a layer's output, None if unknown."""
    outer, layer = layer, _inner(layer)
    label = label_of(layer) if outer is layer else f"{label_of(layer)} of {label_of(outer)}"
    if isinstance(layer, layers.Dense) or type(layer).__name__ in ("LSTM", "GRU", "SimpleRNN"):
        return Width("units", label)
    last = getattr(layer, "data_format", None) == "channels_last" and not hasattr(layer, "depth_multiplier")
    return Width("filters", label) if last and isinstance(getattr(layer, "filters", None), int) else None


def _stage(made: Made, where: Where) -> Stage:
    gets = None if made.came is None else shape_of(made.came.shape)
    return Stage(subject_of(made.layer, where), kind_of(made.layer), gets, shape_of(made.gave.shape))


def kind_of(layer: Any) -> Kind:
    """Returns what a layer does with the axes between the batch and the last one."""
    if isinstance(layer, _RECURRENT):
        return Kind.ALL_STEPS if getattr(layer, "return_sequences", False) else Kind.LAST_STEP
    if isinstance(layer, layers.Dense):
        return Kind.DENSE
    if isinstance(layer, layers.TimeDistributed):
        return Kind.PER_STEP
    contract = catalogue_contract(type(layer))
    apart = contract is not None and contract.positions is Positions.APART
    return Kind.APART if apart else Kind.MIXED
