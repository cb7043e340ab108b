"""Typed layers that look up and encode: text and codes."""

from __future__ import annotations

from typing import Any

import keras

from typedlayers.bridge.kin import Kin
from typedlayers.catalogue import lookup
from typedlayers.layers._typed import typed


@typed(lookup.STRING_LOOKUP)
class StringLookup(keras.layers.StringLookup, metaclass=Kin):
    """`Shaped "..."` → `Shaped "..."`."""


@typed(lookup.INTEGER_LOOKUP)
class IntegerLookup(keras.layers.IntegerLookup, metaclass=Kin):
    """`Shaped "..."` → `Shaped "..."`."""


@typed(lookup.HASHING)
class Hashing(keras.layers.Hashing, metaclass=Kin):
    """`Shaped "..."` → `Shaped "..."`."""


@typed(lookup.HASHED_CROSSING)
class HashedCrossing(keras.layers.HashedCrossing, metaclass=Kin):
    """anything → anything."""


@typed(lookup.DISCRETIZATION)
class Discretization(keras.layers.Discretization, metaclass=Kin):
    """`Compute "..."` → `Shaped "..."`."""


@typed(lookup.CATEGORY_ENCODING)
class CategoryEncoding(keras.layers.CategoryEncoding, metaclass=Kin):
    """`Compute "..."` → `Shaped "..."`."""


@typed(lookup.TEXT_VECTORIZATION)
class TextVectorization(keras.layers.TextVectorization, metaclass=Kin):
    """`Shaped "..."` → `Shaped "..."`."""

    def compute_output_shape(self, input_shape: Any) -> Any:
        """As Keras's own, less the axis of a column of texts, which is not there when their words are counted."""
        config = self.get_config()
        if config["output_mode"] != "int" and config["split"] is not None and len(input_shape) == 2:
            input_shape = input_shape[:1]
        return super().compute_output_shape(input_shape)


if hasattr(keras.layers, "ReversibleEmbedding"):

    @typed(lookup.REVERSIBLE_EMBEDDING)
    class ReversibleEmbedding(keras.layers.ReversibleEmbedding, metaclass=Kin):
        """`Compute "*indices"` → `Compute "*indices {self.output_dim}"`."""

        def quantize(self, mode: Any = None, type_check: bool = True, config: Any = None) -> None:
            """As Keras's own, which refuses every class that is not its ReversibleEmbedding."""
            if type_check and type(self) is not ReversibleEmbedding:
                raise self._not_implemented_error(self.quantize)
            super().quantize(mode, type_check=False, **({} if config is None else {"config": config}))
