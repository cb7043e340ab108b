"""A static repair as a layer of plain Keras, for the stack of a Sequential: every artefact keeps it."""

from __future__ import annotations

from typing import Any

import keras

from typedlayers.adapters.ops import apply
from typedlayers.diagnostics.model import Repair
from typedlayers.spec import Spec


def layer_for(repair: Repair, spec: Spec, name: str) -> Any:
    """Returns a Keras layer without weights that does the repair.

    Args:
        repair: flatten, cast, expand_dims or squeeze.
        spec: what reaches it; its rank must be known.
        name: the layer's name.

    Raises:
        ValueError: if the rank is unknown.
    """
    if repair.kind == "flatten":
        return keras.layers.Flatten(name=name)
    if spec.shape is None:
        raise ValueError(f"{repair} needs a known number of axes")
    # A Reshape refuses two unknown axes and Rescaling(1.0) is no pure cast; a Functional of one op does both.
    inputs = keras.Input(batch_shape=spec.shape, dtype=spec.dtype)
    return keras.Model(inputs, apply(repair, inputs), name=name)
