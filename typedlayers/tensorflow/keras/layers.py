"""``tf.keras.layers``, typed: the names of `typedlayers.keras.layers`, and those that only ``tf.keras`` has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tensorflow import keras as _keras

from typedlayers.keras import layers as _typed

if TYPE_CHECKING:
    from typedlayers.keras.layers import *  # noqa: F403


def __getattr__(name: str) -> Any:
    if name == "__all__":
        return [public for public in __dir__() if not public.startswith("_")]
    return getattr(_typed if hasattr(_typed, name) else _keras.layers, name)


def __dir__() -> list[str]:
    return sorted({*dir(_typed), *dir(_keras.layers)})
