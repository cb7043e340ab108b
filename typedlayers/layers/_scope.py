"""Keras's names for typed classes: what a file, a pickle and a copy say, and what they are read back as.

Typed classes carry Keras's own names, so that what they write opens in plain Keras; read in `scope` they come back
typed. Nothing is registered globally: that would beat a user's own ``custom_objects``.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import keras

from typedlayers.bridge.saving import active_custom_objects, unpickled

_CLASSES: dict[str, type] = {}


def named_as_in_keras(cls: type, module: str) -> None:
    """Gives a typed class the name that Keras has for its base, and notes it for `scope`.

    Args:
        cls: the class; its name is Keras's already.
        module: Keras's public module of that name: ``"keras.layers"`` or ``"keras"``.
    """
    cls.__module__, cls.__qualname__ = module, cls.__name__
    _CLASSES[cls.__name__] = cls


def scope(**classes: type) -> AbstractContextManager[Any]:
    """A scope in which Keras deserializes its own names as typed classes; the user's classes go before ours."""
    return keras.saving.custom_object_scope({**_CLASSES, **active_custom_objects(), **classes})


def restored(buffer: Any) -> Any:
    """Returns the layer or model that was pickled or copied, typed."""
    with scope():
        return unpickled(buffer)
