"""``tf.keras.models``, typed: the names of `typedlayers.keras.models`, and those that only ``tf.keras`` has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tensorflow import keras as _keras

from typedlayers.keras import models as _typed

if TYPE_CHECKING:
    from typedlayers.keras.models import *  # noqa: F403


def __getattr__(name: str) -> Any:
    if name == "__all__":
        return [public for public in __dir__() if not public.startswith("_")]
    return getattr(_typed if hasattr(_typed, name) else _keras.models, name)


def __dir__() -> list[str]:
    return sorted({*dir(_typed), *dir(_keras.models)})
