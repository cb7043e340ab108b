"""The whole ``keras`` namespace, with layers, ``Sequential`` and ``Input`` exchanged for typed ones.

``from typedlayers import keras`` stands where ``import keras`` stood; every other name is Keras's own object.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

import keras as _keras

from typedlayers.layers._typed import Layer as Layer
from typedlayers.models.sequential import Sequential as Sequential

if TYPE_CHECKING:
    from keras import *  # noqa: F403

_EXCHANGED = ("layers", "models")


def __getattr__(name: str) -> Any:
    if name in _EXCHANGED:
        return importlib.import_module(f"{__name__}.{name}")
    return getattr(_keras, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_EXCHANGED, *dir(_keras)})


# `import typedlayers.keras.utils` and `from typedlayers.keras.ops import cast` give Keras's own modules.
for _name in dir(_keras):
    _module = sys.modules.get(f"keras.{_name}")
    if _module is not None and not _name.startswith("_") and _name not in (*_EXCHANGED, "src"):
        sys.modules[f"{__name__}.{_name}"] = _module
