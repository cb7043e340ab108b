"""The code of edits → layers, losses and arrays: what a fix is tried with. Nothing of the user's is changed."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import keras
import numpy as np

from typedlayers.bridge.backend import on_tensorflow
from typedlayers.bridge.inputs import with_readers
from typedlayers.bridge.losses import given_loss, given_metric
from typedlayers.bridge.model_graph import node_of
from typedlayers.bridge.on_device import OnDevice
from typedlayers.bridge.tensors import spec_of, specs_of
from typedlayers.diagnostics.edit import Data
from typedlayers.diagnostics.model import Location
from typedlayers.diagnostics.subject import Subject
from typedlayers.facts.data import Batch
from typedlayers.facts.graph import Graph, Maker, Node
from typedlayers.facts.inputs import Inputs
from typedlayers.facts.training import GivenLoss, GivenMetric
from typedlayers.facts.values import Values
from typedlayers.fixes.case import Unprovable
from typedlayers.fixes.code import called, value_of
from typedlayers.spec import Carrier, Shape, Spec, SpecTree, map_tree

Faults = (ValueError, TypeError, AttributeError, IndexError, KeyError, NotImplementedError, ArithmeticError)
"""What Keras, NumPy and TensorFlow raise at code that does not fit."""


class KerasTools:
    """Layers, losses and arrays of the installed Keras; each layer is made once."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[object, ...], Node] = {}

    def changed(self, node: Node, inside: str, name: str, value: str) -> Node:
        """Returns a call of a layer with another argument, made of its config anew."""
        key = (id(node.layer), inside, name, value)
        if key not in self._nodes:
            self._nodes[key] = self._changed(node, inside, name, value)
        return self._nodes[key]

    def _changed(self, node: Node, inside: str, name: str, value: str) -> Node:
        config = _config(node)
        at = config
        if inside or (name not in config and isinstance(config.get("layer"), dict)):
            at = _inner(config, inside)
        if name not in at:
            raise Unprovable(f"{node.subject.label} has no argument {name}")
        if name == "pool_size" and at.get("strides") == at[name]:
            at["strides"] = None  # as wide as the window, if nothing else is said
        at[name] = value_of(value, _names())
        return _node(_made(node.kind, config))

    def made(self, code: str, name: str, like: Node | None = None) -> Node:
        """Returns a call of a new layer, or of an op on ``x``."""
        function, is_call = called(code)
        if function.startswith("layers."):
            kind = function.removeprefix("layers.")
            if is_call:
                return _node(value_of(code, {**_names(), "layers": _Layers(name)}))
            if like is None:
                raise Unprovable(f"{code} has no arguments")
            return _node(_made(kind, _config(like)))
        if not is_call and not function:
            function = "op"
        subject = Subject(code, f'"{name}"', Location(what=code), "op")
        return Node(subject=subject, kind=function.rpartition(".")[2], maker=Maker.OP, infer=_infer(code))

    def renewed(self, node: Node) -> Node:
        """Returns a call of the same layer whose weights are not made yet."""
        key = (id(node.layer),)
        if key not in self._nodes:
            self._nodes[key] = _node(_made(node.kind, _config(node)))
        return self._nodes[key]

    def loss(self, code: str) -> GivenLoss:
        """Returns what is known of a loss."""
        return given_loss(value_of(code, _names()))

    def metric(self, code: str) -> GivenMetric | None:
        """Returns what is known of a metric."""
        return given_metric(value_of(code, _names()))

    def data(self, edit: Data, batch: Batch) -> Batch:
        """Returns other data: arrays where they are at hand, else what becomes of their specs."""
        if edit.place == "ds":
            return _of_dataset(edit.code, batch)
        if edit.place not in ("x", "y"):
            raise Unprovable(f"{edit.place} is not known")
        known = {name: _given(batch, name) for name in ("x", "y")}
        if edit.code in known:
            other, values = (batch.x, batch.values) if edit.code == "x" else (batch.y, batch.targets)
            return _with(batch, edit.place, other, values)
        if known[edit.place] is None:
            return _with(batch, edit.place, _of_spec(edit, batch), None)
        arrays = {name: array for name, array in known.items() if array is not None}
        made = _evaluated(edit.code, arrays)
        if isinstance(made, list | tuple | dict):
            return _with(batch, edit.place, specs_of(made), made)
        had = batch.x if edit.place == "x" else batch.y
        return _with(batch, edit.place, _spec(made, had, len(arrays[edit.place])), Values(made))

    def inputs(self, inputs: Inputs, graph: Graph) -> Inputs:
        """Returns the inputs of a model, with the layers of a graph that read them."""
        return with_readers(inputs, graph)


# ------------------------------------------------------------------------------------------------------ layers
class _Layers:
    """``keras.layers`` for the code of an edit: every layer gets a name, so that Keras counts none."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, kind: str) -> Callable[..., Any]:
        def make(*args: Any, **arguments: Any) -> Any:
            layer = _class(kind)
            arguments.setdefault("name", self._name)
            if "seed" in inspect.signature(layer).parameters:
                arguments.setdefault("seed", 0)  # none is drawn from the user's generator
            return layer(*args, **arguments)

        return make


def _class(kind: str) -> Any:
    found = getattr(keras.layers, kind, None)
    if not (isinstance(found, type) and issubclass(found, keras.layers.Layer)):
        raise Unprovable(f"keras.layers has no {kind}")
    return found


def _config(node: Node) -> dict[str, Any]:
    layer = node.layer
    if node.maker is not Maker.KERAS or type(layer).__name__ != node.kind:
        raise Unprovable(f"{node.subject.label} is no layer of Keras's own")
    try:
        config: dict[str, Any] = layer.get_config()
    except Faults as error:
        raise Unprovable(str(error)) from error
    return config


def _inner(config: dict[str, Any], named: str) -> dict[str, Any]:
    """The config of the layer inside a wrapper: of two directions that of the name, else the forward one."""
    backward = config.get("backward_layer")
    name = named.rpartition('"')[0].rpartition('"')[2]
    if isinstance(backward, dict) and backward.get("config", {}).get("name") in (name, f"backward_{name}"):
        return backward["config"]
    return config.get("layer", {}).get("config", {})


def _made(kind: str, config: dict[str, Any]) -> Any:
    cls = _class(kind)
    taken = inspect.signature(cls).parameters
    for one in (config, config.get("layer", {}).get("config", {}) if isinstance(config.get("layer"), dict) else {}):
        if "seed" in one and one["seed"] is None:
            one["seed"] = 0
    if not any(one.kind is inspect.Parameter.VAR_KEYWORD for one in taken.values()):
        config = {name: value for name, value in config.items() if name in taken}
    try:
        return cls.from_config(config)
    except Faults as error:
        raise Unprovable(str(error)) from error


def _node(layer: Any) -> Node:
    return node_of(layer, layer, (), {}, (), ())


# -------------------------------------------------------------------------------------------------- ops and data
def _names() -> dict[str, Any]:
    return {
        "np": np,
        **_tensorflow(),
        "keras": keras,
        "ops": keras.ops,
        "layers": keras.layers,
        "losses": keras.losses,
        "metrics": keras.metrics,
        "len": len,
    }


def _tensorflow() -> dict[str, Any]:
    if not on_tensorflow():
        return {}
    import tensorflow as tf

    return {"tf": tf}


def _evaluated(code: str, given: dict[str, Any]) -> Any:
    try:
        return value_of(code, {**_names(), **given})
    except Faults as error:
        raise Unprovable(str(error)) from error
    except Exception as error:
        if type(error).__module__.startswith("tensorflow"):
            raise Unprovable(str(error)) from error
        raise


def _infer(code: str) -> Callable[[Spec], Spec | None]:
    def infer(spec: Spec) -> Spec | None:
        try:
            return _of_shape(code, "x", spec, {})
        except Unprovable:
            return None

    return infer


SIZES: Final = (5, 7)
"""Sizes that stand for an unknown one: an axis whose size differs with them stays unknown."""


def _of_shape(code: str, name: str, spec: Spec, others: dict[str, Spec]) -> Spec:
    """What code makes of a tensor of which only the shape is known: worked out on zeros of two sizes."""
    made = [
        spec_of(_evaluated(code, {key: _zeros(one, size) for key, one in {**others, name: spec}.items()}))
        for size in SIZES
    ]
    one, two = (found.shape or () for found in made)
    if len(one) != len(two):
        raise Unprovable("the number of axes is not known")
    shape: Shape = tuple(size if size == other else None for size, other in zip(one, two, strict=True))
    return Spec(made[0].dtype, shape)


def _zeros(spec: Spec, size: int) -> Any:
    if spec.shape is None or spec.dtype is None:
        raise Unprovable("the shape is not known")
    sizes = tuple(size if one is None else one for one in spec.shape)
    if np.prod(sizes[1:], dtype="int64") > _MOST:
        raise Unprovable("it is too large")
    if spec.dtype in ("string", "object"):
        return np.full(sizes, "0")
    try:
        return np.zeros(sizes, spec.dtype)
    except TypeError as error:
        raise Unprovable(str(error)) from error


_MOST: Final = 1 << 20
"""Numbers that code is worked out on."""

_MOST_FAR: Final = 1 << 16
"""The same where they have to be copied from an accelerator."""


def _given(batch: Batch, name: str) -> Any:
    """The values of x or y that are at hand, as many samples as are quick to compute with."""
    specs, values = (batch.x, batch.values) if name == "x" else (batch.y, batch.targets)
    given = values.given if isinstance(values, Values) else values
    if not isinstance(specs, Spec) or given is None or isinstance(given, list | tuple | dict):
        return None
    shape = tuple(getattr(given, "shape", ()))
    most = _MOST_FAR if isinstance(given, OnDevice) else _MOST
    if len(shape) and int(np.prod(shape)) > most:
        given = given[: max(1, most // max(1, int(np.prod(shape[1:]))))]
    if isinstance(given, OnDevice):
        return given.host()
    return np.asarray(given.numpy() if hasattr(given, "numpy") else given)


def _spec(made: Any, had: SpecTree, samples: int) -> Spec:
    """The spec of computed data; of a part of the samples it is that of all of them."""
    spec, old = spec_of(made), had if isinstance(had, Spec) else Spec(None, None)
    if spec.shape and old.shape and spec.shape[0] == samples:
        spec = spec.with_(shape=(old.shape[0], *spec.shape[1:]))
    return spec.with_(origin=old.origin)


def _of_spec(edit: Data, batch: Batch) -> Spec:
    specs = {name: spec for name, spec in (("x", batch.x), ("y", batch.y)) if isinstance(spec, Spec)}
    had = specs.get(edit.place)
    if had is None or (batch.values if edit.place == "x" else batch.targets) is not None:
        raise Unprovable("the data are nested")
    made = _of_shape(edit.code, edit.place, had, specs)
    return made.with_(carrier=had.carrier, origin=had.origin)


def _with(batch: Batch, place: str, spec: SpecTree, values: Any) -> Batch:
    return replace(batch, x=spec, values=values) if place == "x" else replace(batch, y=spec, targets=values)


class _Dataset:
    """A dataset as far as its batches go."""

    def __init__(self, batch: Batch) -> None:
        self.made = batch

    def batch(self, size: int, **_: Any) -> _Dataset:
        return self._with(lambda spec: None if spec.shape is None else (None, *spec.shape))

    def unbatch(self) -> _Dataset:
        return self._with(lambda spec: None if spec.shape is None else spec.shape[1:])

    def _with(self, shape: Callable[[Spec], Shape | None]) -> _Dataset:
        def changed(tree: SpecTree) -> SpecTree:
            return map_tree(lambda spec: spec.with_(shape=shape(spec), carrier=Carrier.DATASET), tree)

        old = self.made
        pipeline = None if old.pipeline is None else replace(old.pipeline, batched=0)
        made = replace(old, x=changed(old.x), y=changed(old.y), weight=changed(old.weight), pipeline=pipeline)
        if made.values is not None or made.targets is not None:
            raise Unprovable("the batch was drawn already")
        return _Dataset(made)


def _of_dataset(code: str, batch: Batch) -> Batch:
    made = value_of(code, {"ds": _Dataset(batch)})
    if not isinstance(made, _Dataset):
        raise Unprovable("it is no dataset")
    return made.made
