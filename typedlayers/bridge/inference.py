"""Keras's own shape inference of one layer, where it makes no weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras

from typedlayers.bridge.tensors import shape_of
from typedlayers.spec import Spec


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
