"""The whole ``keras`` namespace, with layers and models exchanged for typed ones.

``from typedlayers import keras`` stands where ``import keras`` stood; every other name is Keras's own object.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import keras as _keras

from typedlayers.layers._input import Input as Input
from typedlayers.layers._typed import Layer as Layer
from typedlayers.models.model import Model as Model
from typedlayers.models.sequential import Sequential as Sequential

_EXCHANGED = ("layers", "models", "saving")


def __getattr__(name: str) -> Any:
    if name in _EXCHANGED:
        return importlib.import_module(f"{__name__}.{name}")
    return getattr(_keras, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_EXCHANGED, *dir(_keras)})


# `import typedlayers.keras.utils` and `from typedlayers.keras.ops import cast` give Keras's own modules.
for _name, _module in list(sys.modules.items()):
    _top, _, _below = _name.partition(".")
    if _top == "keras" and _below and _below.partition(".")[0] not in (*_EXCHANGED, "src") and "._" not in _name:
        sys.modules[f"{__name__}.{_below}"] = _module
