"""``keras.layers``, typed: the names of `typedlayers.layers`."""

from __future__ import annotations

from typing import Any

from typedlayers import layers as _layers


def __getattr__(name: str) -> Any:
    return getattr(_layers, name)


def __dir__() -> list[str]:
    return dir(_layers)
