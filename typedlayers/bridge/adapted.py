"""Preprocessing layers that learn from data by ``adapt``: whether one has learnt anything."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

LOOKUPS = (keras.layers.StringLookup, keras.layers.IntegerLookup)


def is_unadapted(layer: Any) -> bool:
    """Whether a layer that needs ``adapt`` was given neither data nor its statistics, vocabulary or boundaries.

    A Normalization that was never adapted subtracts 0 and divides by 1, silently; lookups fail in the first batch, with
    a message about an uninitialized table.
    """
    if isinstance(layer, keras.layers.Normalization):
        return layer.input_mean is None and _knows_nothing(layer)
    if isinstance(layer, keras.layers.TextVectorization):
        return layer.vocabulary_size() <= (2 if getattr(layer, "_output_mode", "int") == "int" else 1)
    if isinstance(layer, LOOKUPS):
        return layer.vocabulary_size() <= layer.num_oov_indices + (layer.mask_token is not None)
    if isinstance(layer, keras.layers.Discretization):
        return layer.bin_boundaries is None
    return False


def _knows_nothing(layer: Any) -> bool:
    if not layer.built:
        return True
    mean, variance = getattr(layer, "adapt_mean", None), getattr(layer, "adapt_variance", None)
    if mean is None or variance is None:
        return False
    zeros, ones = (np.asarray(keras.ops.convert_to_numpy(part)) for part in (mean, variance))
    return bool(np.all(zeros == 0) and np.all(ones == 1))
