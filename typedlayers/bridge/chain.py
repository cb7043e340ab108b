"""A Sequential → a chain of nodes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.tensors import shape_of
from typedlayers.contracts.contract import Resolved
from typedlayers.diagnostics.model import Location
from typedlayers.diagnostics.subject import Subject
from typedlayers.facts.chain import Chain, Node
from typedlayers.spec import Spec


def chain_of(
    model: Any,
    layers: Sequence[Any],
    resolve: Callable[[Any], Resolved | None],
    where: Callable[[Any], Location],
    allowed: Callable[[Any], frozenset[str]],
    fresh: Callable[[Any], bool],
) -> Chain:
    """Returns the chain of a Sequential's layers.

    Args:
        model: the model.
        layers: its layers, without the input.
        resolve: gives a layer's contract.
        where: gives the user's line of a layer.
        allowed: gives the codes that are silenced for a layer.
        fresh: tells whether a layer's weights are as their initializers made them.
    """
    label = label_of(model)
    nodes = [
        node_of(
            layer,
            f"layer {index + 1} of {len(layers)} in {label}",
            resolve,
            where(layer),
            allowed(layer),
            fresh(layer),
        )
        for index, layer in enumerate(layers)
    ]
    return Chain(label, tuple(nodes))


def node_of(
    layer: Any,
    within: str,
    resolve: Callable[[Any], Resolved | None],
    where: Location,
    allowed: frozenset[str],
    fresh: bool,
) -> Node:
    """Returns one layer as the checker sees it.

    Args:
        layer: the layer.
        within: its place in its model.
        resolve: gives a layer's contract.
        where: the user's line of it.
        allowed: the codes that are silenced for it.
        fresh: whether its weights are as their initializers made them.
    """
    label = label_of(layer)
    subject = Subject(label, f'"{layer.name}"', Location(where.file, where.line, label, within))
    return Node(subject, resolve(layer), infer_of(layer), allowed, fresh, layer.built, _head(layer))


def _head(layer: Any) -> str | None:
    return getattr(layer.activation, "__name__", "") if isinstance(layer, keras.layers.Dense) else None


def infer_of(layer: Any) -> Callable[[Spec], Spec | None]:
    """Keras's own shape inference of one layer, where it makes no weights: an overridden ``compute_output_shape``."""

    def infer(spec: Spec) -> Spec | None:
        if spec.shape is None or type(layer).compute_output_shape is keras.layers.Layer.compute_output_shape:
            return None
        try:
            shape = layer.compute_output_shape(spec.shape)
        except (ValueError, TypeError, NotImplementedError, AttributeError, IndexError, KeyError):
            return None  # the layer's own call says what is wrong, at the same line, in Keras's words
        flat = isinstance(shape, tuple | list) and all(size is None or isinstance(size, int) for size in shape)
        return Spec(None, shape_of(shape)) if flat else None  # what dtype it gives, only its contract can say

    return infer
