"""``typedlayers.keras``: the names of Keras, of which some are typed ones.

A module that is Keras's own is a module here too, so that ``from typedlayers.keras.utils import to_categorical`` works
in every version of Keras, and in editors.
"""

from __future__ import annotations

import importlib
import types
from collections.abc import Iterator, Mapping

import keras

_TYPED = {
    "Input": "typedlayers.layers",
    "Layer": "typedlayers.layers",
    "Model": "typedlayers.models.model",
    "Sequential": "typedlayers.models.sequential",
}
_OF_MODELS = _TYPED | {
    "clone_model": "typedlayers.cloning",
    "load_model": "typedlayers.saving",
    "model_from_json": "typedlayers.saving",
}
_EXCHANGED = ("layers", "models", "saving")
_HIDDEN = ("src",)


_OWN = """
from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    {lines}

sys.modules[__name__] = vars(keras)["{name}"]
"""


def files() -> Iterator[tuple[str, str]]:
    """Yields the name and text of each file."""
    names = [name for name in dir(keras) if not name.startswith("_") and name not in _HIDDEN]
    modules = [name for name in names if isinstance(getattr(keras, name), types.ModuleType)]
    exchanged = [f"from typedlayers.keras import {name} as {name}" for name in _EXCHANGED]
    own = [_line(name, _TYPED.get(name, "keras")) for name in names if name not in _EXCHANGED]
    yield "__init__.pyi", "\n".join([*own, "from keras import __version__ as __version__", *exchanged, ""])
    yield "layers.pyi", "from typedlayers.layers import *  # noqa: F403\n"
    yield "models.pyi", "\n".join([*_lines("models", _OF_MODELS), ""])
    yield "saving.pyi", "\n".join([*_lines("saving", {"load_model": "typedlayers.saving"}), ""])
    for name in modules:
        if name not in _EXCHANGED:
            told = f'"""``keras.{name}``, Keras\'s own."""\n'
            yield f"{name}.py", told + _OWN.format(name=name, lines="\n    ".join(_lines(name, {})))


def _lines(module: str, exchanged: Mapping[str, str]) -> list[str]:
    names = [name for name in dir(importlib.import_module(f"keras.{module}")) if not name.startswith("_")]
    return [_line(name, exchanged.get(name, f"keras.{module}")) for name in names]


def _line(name: str, home: str) -> str:
    return f"from {home} import {name} as {name}"
