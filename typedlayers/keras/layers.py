"""``keras.layers``, typed: the names of `typedlayers.layers`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typedlayers import layers as _layers

if TYPE_CHECKING:
    from typedlayers.layers import *  # noqa: F403


def __getattr__(name: str) -> Any:
    return getattr(_layers, name)


def __dir__() -> list[str]:
    return dir(_layers)
