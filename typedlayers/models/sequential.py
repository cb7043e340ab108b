"""`Sequential`: Keras's, with its chain, its data and its first batch checked before a step runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

from typedlayers.layers._kin import Kin, stand_for
from typedlayers.layers._scope import named_as_in_keras
from typedlayers.models import _stack as stack
from typedlayers.models.model import Model, settle
from typedlayers.modes import ModeLike


class Sequential(keras.Sequential, Model, metaclass=Kin):
    """``keras.Sequential`` whose layers, data and first batch are checked against their contracts.

    Args:
        layers: list of layers, as for ``keras.Sequential``.
        trainable: as for ``keras.Sequential``.
        name: as for ``keras.Sequential``.
        mode: ``"strict"``, ``"lenient"``, ``"off"`` or a `typedlayers.Mode`; by default the mode in force.
        dims: sizes of named dimensions that hold in every annotation of the user's own layers; ``None`` for a
            name whose size is the same everywhere but not known.

    Raises:
        ContractError: with every mismatch of the chain, before a weight is made.
        ValueError: if there is no such mode.

    >>> import typedlayers as tl
    >>> model = tl.Sequential([tl.Input((28, 28)), tl.layers.Flatten(), tl.layers.Dense(10)], name="digits")
    >>> model.output_shape
    (None, 10)
    """

    def __init__(
        self,
        layers: Any = None,
        trainable: bool = True,
        name: str | None = None,
        *,
        mode: ModeLike | None = None,
        dims: Mapping[str, int | None] | None = None,
    ) -> None:
        settle(self, mode, dims)
        super().__init__(layers, trainable=trainable, name=name)

    add = stack.add(keras.Sequential.add)
    build = stack.build(keras.Sequential.build)


named_as_in_keras(Sequential, "keras")
stand_for(Sequential, keras.Sequential)
