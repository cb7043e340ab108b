"""Preprocessing layers that learn from data by ``adapt``: whether one has learnt anything."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from typedlayers.bridge.backend import outside_the_trace
from typedlayers.facts.graph import IdsGiven

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


def ids_given(layer: Any) -> IdsGiven | None:
    """Returns the ids that a preprocessing layer makes, None if it makes none or their number has no limit yet."""
    if output_mode_of(layer) != "int" or getattr(layer, "invert", False):
        return None
    if isinstance(layer, (*LOOKUPS, keras.layers.TextVectorization)):
        words = isinstance(layer, keras.layers.TextVectorization)
        with outside_the_trace():  # a step that is traced asks too
            if not is_unadapted(layer):
                return IdsGiven(int(layer.vocabulary_size()), words)
        most = getattr(layer, "max_tokens", None) or getattr(layer, "_max_tokens", None)
        return IdsGiven(most, words, limit="max_tokens") if isinstance(most, int) else None
    if isinstance(layer, keras.layers.Hashing | keras.layers.HashedCrossing):
        return IdsGiven(layer.num_bins)
    if isinstance(layer, keras.layers.Discretization):
        bins = layer.num_bins if layer.bin_boundaries is None else len(layer.bin_boundaries) + 1
        return IdsGiven(bins, ordered=True) if isinstance(bins, int) else None
    return None


def output_mode_of(layer: Any) -> str | None:
    """Returns the ``output_mode`` of a preprocessing layer, None of every other; a TextVectorization hides its own."""
    return getattr(layer, "output_mode", None) or getattr(layer, "_output_mode", None)


def _knows_nothing(layer: Any) -> bool:
    if not layer.built:
        return True
    mean, variance = getattr(layer, "adapt_mean", None), getattr(layer, "adapt_variance", None)
    if mean is None or variance is None:
        return False
    zeros, ones = (np.asarray(keras.ops.convert_to_numpy(part)) for part in (mean, variance))
    return bool(np.all(zeros == 0) and np.all(ones == 1))
