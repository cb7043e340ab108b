"""Typed layers of the core family."""

from __future__ import annotations

from typing import Any

import keras

from typedlayers.bridge.kin import Kin
from typedlayers.catalogue import core
from typedlayers.layers._typed import typed


@typed(core.DENSE)
class Dense(keras.layers.Dense, metaclass=Kin):
    """`Compute "batch *axes features"` → `Compute "batch *axes {self.units}"`."""

    def quantize(self, mode: Any = None, type_check: bool = True, config: Any = None) -> None:
        """As Keras's own, which refuses every class that is not its Dense."""
        if type_check and type(self) is not Dense:
            raise self._not_implemented_error(self.quantize)
        super().quantize(mode, type_check=False, **({} if config is None else {"config": config}))


@typed(core.EINSUM_DENSE)
class EinsumDense(keras.layers.EinsumDense, metaclass=Kin):
    """`Compute "..."` → `Compute "..."`."""

    def quantize(self, mode: Any = None, type_check: bool = True, config: Any = None) -> None:
        """As Keras's own, which refuses every class that is not its EinsumDense."""
        if type_check and type(self) is not EinsumDense:
            raise self._not_implemented_error(self.quantize)
        super().quantize(mode, type_check=False, **({} if config is None else {"config": config}))


@typed(core.EMBEDDING)
class Embedding(keras.layers.Embedding, metaclass=Kin):
    """`Compute "*indices"` → `Compute "*indices {self.output_dim}"`."""

    def quantize(self, mode: Any = None, type_check: bool = True, config: Any = None) -> None:
        """As Keras's own, which refuses every class that is not its Embedding."""
        if type_check and type(self) is not Embedding:
            raise self._not_implemented_error(self.quantize)
        super().quantize(mode, type_check=False, **({} if config is None else {"config": config}))


@typed(core.ACTIVATION)
class Activation(keras.layers.Activation, metaclass=Kin):
    """`Compute "*axes"` → `Compute "*axes"`."""


@typed(core.MASKING)
class Masking(keras.layers.Masking, metaclass=Kin):
    """`Compute "*axes features"` → `Compute "*axes features"`."""


@typed(core.LAMBDA)
class Lambda(keras.layers.Lambda, metaclass=Kin):
    """anything → anything."""


@typed(core.IDENTITY)
class Identity(keras.layers.Identity, metaclass=Kin):
    """anything → anything."""
