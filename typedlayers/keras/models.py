"""``keras.models`` with the typed ``Model`` and ``Sequential``; every other name is Keras's own."""

from __future__ import annotations

from typing import Any

import keras.models as _models

from typedlayers.cloning import clone_model as clone_model
from typedlayers.models.model import Model as Model
from typedlayers.models.sequential import Sequential as Sequential
from typedlayers.saving import load_model as load_model
from typedlayers.saving import model_from_json as model_from_json


def __getattr__(name: str) -> Any:
    return getattr(_models, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *dir(_models)})
