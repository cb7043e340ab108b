"""``keras.saving`` with a ``load_model`` that gives typed models; every other name is Keras's own."""

from __future__ import annotations

from typing import Any

import keras.saving as _saving

from typedlayers.saving import load_model as load_model


def __getattr__(name: str) -> Any:
    return getattr(_saving, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *dir(_saving)})
