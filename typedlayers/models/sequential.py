"""`Sequential`: Keras's, with its chain, its data and its first batch checked before a step runs."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import keras

from typedlayers.archive import model_notes as notes
from typedlayers.archive.scope import named_as_in_keras
from typedlayers.bridge.kin import Kin, stand_for
from typedlayers.models import _stack as stack
from typedlayers.models._methods import late
from typedlayers.models.model import Model, settle
from typedlayers.modes import ModeLike
from typedlayers.verdict.traceback import ENTRY


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
        with ENTRY:
            super().__init__(layers, trainable=trainable, name=name)

    add = stack.add(late(keras.Sequential, "add"))
    build = stack.build(late(keras.Sequential, "build"))

    def get_config(self) -> dict[str, Any]:
        """Keras's config; with what the model remembers in a key of its own, which plain Keras passes over."""
        config = super().get_config()
        return notes.with_notes(self, config) if type(self) is Sequential else config

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Any:
        """Returns the model that a config describes; Keras's own layers in it are typed."""
        make = functools.partial(super().from_config, custom_objects=custom_objects)
        return notes.rebuilt(f'{cls.__name__} "{config.get("name", "")}"', config, make)

    def save_assets(self, dir_path: str) -> None:
        """Writes down what a subclass of Sequential remembers; Sequential itself has it in its config."""
        if type(self) is not Sequential:
            notes.write_asset(self, dir_path)


named_as_in_keras(Sequential, "keras")
stand_for(Sequential, keras.Sequential)
