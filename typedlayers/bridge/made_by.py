"""Which model made a tensor: noted on its outputs, so that a loss in a loop of the user's knows them."""

from __future__ import annotations

import weakref
from typing import Any, Final

import keras

_NOTE: Final = "_typedlayers_made_by"
"""The attribute of an output, as Keras keeps a mask on it; the model is not kept alive by it."""


def note_outputs(model: Any, outputs: Any) -> None:
    """Notes on each output of a call the model, and the output's place; the outermost model is noted last."""
    reference = weakref.ref(model)
    nested = isinstance(outputs, list | tuple | dict)  # to flatten one tensor takes longer than all the rest
    for index, tensor in enumerate(keras.tree.flatten(outputs) if nested else (outputs,)):
        if hasattr(tensor, "graph") or hasattr(tensor, "numpy"):  # no Keras tensor: those are kept with their model
            setattr(tensor, _NOTE, (reference, index))


def made_by(tensor: Any) -> tuple[Any, int] | None:
    """Returns the model that returned this very tensor, and the output's place; None of all that ops made since."""
    noted = getattr(tensor, _NOTE, None)
    model = None if noted is None else noted[0]()
    return None if noted is None or model is None else (model, noted[1])
