"""A model → the inputs that it declares.

``Functional._inputs_struct`` nests them as they were given. ``Operation._auto_config`` tells the input that a
Sequential made for itself, of the first data's shape, from one that was declared. Where an installed Keras lacks them,
a model's ``inputs`` are taken as a list, and every input as declared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import keras

from typedlayers.bridge.contracts import facts_of, label_of
from typedlayers.bridge.graph import consumers_of, functional_of, paths_from
from typedlayers.bridge.members import contract_in_model
from typedlayers.bridge.stack import input_layer
from typedlayers.bridge.tensors import dtype_of, shape_of
from typedlayers.contracts.parse import Pattern
from typedlayers.diagnostics.model import Location
from typedlayers.facts.graph import Edge, Graph, Maker
from typedlayers.facts.inputs import Inputs, InputSpec, InputTree, Lookup, LookupKind, Ranks, each_input
from typedlayers.spec import Kind, Shape, Spec, SpecTree


def inputs_of(model: Any, where: Location) -> Inputs:
    """Returns what a model takes in: nothing is known of a subclassed one.

    Args:
        model: a Keras model.
        where: the line that gives the data, and the model that gets them.
    """
    label = label_of(model)
    if isinstance(model, keras.Sequential):
        return Inputs(label, where, _of_sequential(model, label, where))
    if functional_of(model) is None or not _calls_as_declared(model):
        return Inputs(label, where, None)
    struct = getattr(model, "_inputs_struct", None)
    tree = _of_nest(model, model.inputs if struct is None else struct, label, where)
    return Inputs(label, where, tree)


def with_undeclared(inputs: Inputs, x: SpecTree, model: Any) -> Inputs:
    """Returns the inputs of a model that declares none: the tensors of x. Keras casts floats to its compute dtype."""
    return replace(inputs, tree=_undeclared(x, inputs, model.compute_dtype if model.autocast else None))


def _undeclared(x: SpecTree, inputs: Inputs, computes: str | None, name: str | None = None) -> InputTree:
    if isinstance(x, Mapping):
        return {str(key): _undeclared(item, inputs, computes, str(key)) for key, item in x.items()}
    if isinstance(x, Spec) or x is None:
        dtype = computes if x is not None and x.kind is Kind.FLOAT else None
        return InputSpec(inputs.label, name, inputs.label, Spec(dtype, None), inputs.where, key=name or "")
    return tuple(_undeclared(item, inputs, computes) for item in x)


def with_readers(inputs: Inputs, flat: Graph) -> Inputs:
    """Returns the inputs with the layers that read them, where a run of the model shows them inside its code.

    Args:
        inputs: what the model declares, or takes.
        flat: the calls of the model, those inside layers of the user's too, as far as a run came.
    """
    tree = inputs.tree
    if tree is None or sum(1 for _ in each_input(tree)) != len(flat.inputs):
        return inputs
    return replace(inputs, tree=_read(tree, flat, iter(flat.inputs)))


def _read(tree: InputTree, flat: Graph, edges: Iterator[Edge]) -> InputTree:
    if isinstance(tree, Mapping):
        return {key: _read(tree[key], flat, edges) for key in sorted(tree)}  # as Keras flattens a dict
    if isinstance(tree, InputSpec):
        return _read_by(tree, flat, next(edges))
    return tuple(_read(item, flat, edges) for item in tree)


def _read_by(one: InputSpec, flat: Graph, edge: Edge) -> InputSpec:
    """One input with what is known of its readers; what was known before stays."""
    layers = [node.layer for node in flat.consumers(edge) if node.maker is not Maker.OP]
    found = next((lookup for layer in layers if (lookup := _lookup(layer)) is not None), None)
    chains = [tuple(node.layer for node in nodes) for nodes, _ in flat.ways_from(edge)]
    one = replace(one, lookup=found or one.lookup, dense_only=one.dense_only or _dense_only(chains))
    if not layers:
        return one
    if one.spec.shape is not None:
        return replace(one, spec=one.spec.with_(shape=_with_fixed_axes(one.spec.shape, layers[0])))
    if one.ranks is not None:
        return one
    return replace(one, consumer=label_of(layers[0]), variable=layers[0].variable_dtype, ranks=_ranks(layers[0]))


def steps_as_keras(model: Any, *steps: str) -> bool:
    """Whether some steps of a model are Keras's own, which hand x to the model: ``train_step``, ``test_step``, ..."""
    return all(_is_keras(_definer(type(model), name)) for name in steps)


def _calls_as_declared(model: Any) -> bool:
    """Whether a functional model's ``call`` is Keras's: one of the user's own may take anything."""
    return _is_keras(_definer(type(model), "call"))


def _definer(cls: type, name: str) -> type:
    return next(base for base in cls.__mro__ if name in vars(base))


def _is_keras(cls: type) -> bool:
    return cls.__module__.partition(".")[0] in ("keras", "typedlayers")


def input_dtype(model: Any) -> str:
    """Returns the dtype that Keras casts a Sequential's input to."""
    given = input_layer(model)
    return model.layers[0].compute_dtype if given is None else given.dtype


# ------------------------------------------------------------------------------------------------ one input
def _of_sequential(model: Any, label: str, where: Location) -> InputSpec | None:
    if not model.layers:
        return None
    given, first = input_layer(model), model.layers[0]
    dtype = first.compute_dtype if given is None else given.dtype
    chain = tuple(model.layers)
    name = None if given is None or _is_made_up(given.name) else given.name
    shape = _declared_shape(given, first)
    return InputSpec(
        label,
        name,
        label_of(first),
        Spec(dtype, shape),
        where,
        first.variable_dtype,
        key="" if given is None else _tensor_name(given),
        lookup=_lookup(first),
        dense_only=_dense_only([chain]),
        ranks=_ranks(first) if shape is None else None,
        made=(None, *given.batch_shape[1:]) if given is not None and _is_made_by_keras(given) else None,
    )


def _ranks(layer: Any) -> Ranks | None:
    resolved = contract_in_model(layer)
    pattern = None if resolved is None else resolved.arguments.get(resolved.first)
    if not isinstance(pattern, Pattern) or pattern.least_rank < 2:  # one axis, that of the batch, is always there
        return None
    most = pattern.least_rank if pattern.variadic is None else None
    ends = (-1,) if most is None else (-1, most - 1)
    last = next((fact.size for fact in facts_of(layer) if fact.axis in ends), None)
    return Ranks(pattern.least_rank, most, last)


def _of_nest(model: Any, struct: Any, label: str, where: Location) -> InputTree:
    if isinstance(struct, Mapping):
        return {str(key): _of_nest(model, item, label, where) for key, item in struct.items()}
    if isinstance(struct, list | tuple):
        return tuple(_of_nest(model, item, label, where) for item in struct)
    return _of_tensor(model, struct, label, where)


def _of_tensor(model: Any, tensor: Any, label: str, where: Location) -> InputSpec:
    taken = [call.operation for call in consumers_of(model).of(tensor)]
    layers = [operation for operation in taken if isinstance(operation, keras.layers.Layer)]
    chains = [tuple(operation for operation, _ in way) for way in paths_from(model, tensor)]
    shape = shape_of(tensor.shape)
    return InputSpec(
        label,
        None if _is_made_up(tensor.name) else tensor.name,
        label_of(layers[0]) if layers else label,
        Spec(dtype_of(tensor.dtype), None if shape is None else (None, *shape[1:])),
        where,
        layers[0].variable_dtype if layers else None,
        key=tensor.name,
        lookup=next((lookup for one in taken if (lookup := _lookup(one)) is not None), None),
        dense_only=_dense_only(chains),
    )


def _declared_shape(given: Any, first: Any) -> Shape | None:
    """What an input layer declares; of one that Keras made, what the first layer's weights, or its own input, fix."""
    shape = None if given is None else shape_of(given.batch_shape)
    if shape is None:
        return None
    if not _is_made_by_keras(given):
        return (None, *shape[1:])
    inner = _shape_in(first)
    return inner if inner is not None and len(inner) == len(shape) else _with_fixed_axes((None,) * len(shape), first)


def _shape_in(layer: Any) -> Shape | None:
    """What a model that is the first layer of another one declares, if it has one input."""
    if not isinstance(layer, keras.Model) or functional_of(layer) is None:
        return None
    taken = inputs_of(layer, Location()).tree
    return taken.spec.shape if isinstance(taken, InputSpec) else None


def _with_fixed_axes(shape: Shape, reader: Any) -> Shape:
    """A shape with the sizes that the weights of the layer that reads it fix; the batch axis stays open."""
    fixed = {fact.axis % len(shape): fact.size for fact in facts_of(reader) if fact.axis is not None}
    return tuple(fixed.get(axis) if axis and size is None else size for axis, size in enumerate(shape))


def _is_made_by_keras(given: Any) -> bool:
    """Whether a Sequential made its input itself: by a whole ``batch_shape`` and no name.

    An input that was read from a file has a whole ``batch_shape`` too, and the name that somebody gave it, if any.
    """
    made = getattr(getattr(given, "_auto_config", None), "config", {})
    return made.get("batch_shape") is not None and _is_made_up(given.name)


def _tensor_name(given: Any) -> str:
    """The name by which Keras finds the input in a dict: that of its tensor."""
    return given.output.name


def _is_made_up(name: str) -> bool:
    """Whether Keras named an input itself."""
    return name.startswith(("input_layer", "keras_tensor"))


# ---------------------------------------------------------------------------- the layers that read them
@dataclass(frozen=True, slots=True)
class _Table:
    kind: LookupKind
    argument: str = ""


_TABLES: Final[Mapping[type, _Table]] = {
    keras.layers.Embedding: _Table(LookupKind.ROWS, "input_dim"),
    keras.layers.CategoryEncoding: _Table(LookupKind.CODES, "num_tokens"),
    keras.layers.IntegerLookup: _Table(LookupKind.KEYS),
    keras.layers.Hashing: _Table(LookupKind.KEYS),
}
"""Layers that look their input up."""


def _lookup(layer: Any) -> Lookup | None:
    if type(layer).__name__ == "OneHot" and _is_keras(type(layer)):
        size = getattr(layer, "num_classes", None)
        size = size if isinstance(size, int) else None
        return Lookup(f"op {label_of(layer)}", LookupKind.CODES, size, "num_classes", is_op=True)
    table = next((table for cls, table in _TABLES.items() if isinstance(layer, cls) and _is_own(layer)), None)
    if table is None:
        return None
    size = getattr(layer, table.argument, None) if table.argument else None
    return Lookup(label_of(layer), table.kind, size if isinstance(size, int) else None, table.argument)


_RAGGED_KEPT: Final = (
    keras.layers.Embedding,
    keras.layers.Activation,
    keras.layers.ReLU,
    keras.layers.Rescaling,
    keras.layers.BatchNormalization,
    keras.layers.LayerNormalization,
)
"""Layers that make ragged tensors of ragged ones."""

_NEVER_RAGGED: Final = (
    keras.layers.RNN,
    keras.layers.Bidirectional,
    keras.layers.TimeDistributed,
    keras.layers.MultiHeadAttention,
    keras.layers.Conv1D,
    keras.layers.Conv2D,
    keras.layers.Conv3D,
    keras.layers.SeparableConv1D,
    keras.layers.SeparableConv2D,
    keras.layers.DepthwiseConv1D,
    keras.layers.DepthwiseConv2D,
    keras.layers.MaxPooling1D,
    keras.layers.MaxPooling2D,
    keras.layers.AveragePooling1D,
    keras.layers.AveragePooling2D,
)
"""Layers that fail on ragged tensors, whatever their shape."""


def _dense_only(chains: list[tuple[Any, ...]]) -> str | None:
    """The first layer that a ragged input reaches and that fails on it, None if there is none."""
    return next((label for chain in chains for label in _fails_on_ragged(chain)), None)


def _fails_on_ragged(chain: tuple[Any, ...]) -> Iterator[str]:
    for layer in chain:
        if isinstance(layer, _NEVER_RAGGED) and _is_own(layer):
            yield label_of(layer)
        if not isinstance(layer, _RAGGED_KEPT) or not _is_own(layer):
            return


def _is_own(layer: Any) -> bool:
    """Whether what a layer does is Keras's own code, and not a subclass's."""
    return _is_keras(_definer(type(layer), "call"))
