"""Typed layers of the attention family."""

from __future__ import annotations

import keras

from typedlayers.archive.scope import named_as_in_keras
from typedlayers.bridge.kin import Kin
from typedlayers.catalogue import attention
from typedlayers.layers._typed import typed


@typed(attention.ATTENTION)
class Attention(keras.layers.Attention, metaclass=Kin):
    """`tuple[Compute "#*batch query_time features", Compute "#*batch time features"] | tuple[Compute "#*batch query_time features", Compute "#*batch time value_features", Compute "#*batch time features"]` → `Compute "... query_time value_features"`."""  # noqa: E501


@typed(attention.ADDITIVE_ATTENTION)
class AdditiveAttention(keras.layers.AdditiveAttention, metaclass=Kin):
    """`tuple[Compute "#*batch query_time features", Compute "#*batch time features"] | tuple[Compute "#*batch query_time features", Compute "#*batch time value_features", Compute "#*batch time features"]` → `Compute "... query_time value_features"`."""  # noqa: E501


@typed(attention.MULTI_HEAD_ATTENTION)
class MultiHeadAttention(keras.layers.MultiHeadAttention, metaclass=Kin):
    """`Compute "#batch query_time *query_axes query_features"` → `Compute "batch query_time *query_axes query_features"`."""  # noqa: E501


if hasattr(keras.layers, "GroupQueryAttention"):

    @typed(attention.GROUP_QUERY_ATTENTION)
    class GroupedQueryAttention(keras.layers.GroupQueryAttention, metaclass=Kin):
        """`Compute "#batch query_time query_features"` → `Compute "batch query_time query_features"`."""

    # Keras exports the class under another name; a file finds it by its module.
    named_as_in_keras(GroupedQueryAttention, keras.layers.GroupQueryAttention.__module__, "GroupQueryAttention")
    GroupQueryAttention = GroupedQueryAttention
