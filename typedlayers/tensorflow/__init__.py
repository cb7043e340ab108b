"""The ``tensorflow`` namespace with a typed ``tf.keras``; every other name is TensorFlow's own object.

``import typedlayers.tensorflow as tf`` stands where ``import tensorflow as tf`` stood.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tensorflow as _tensorflow

from typedlayers.tensorflow import keras as keras

if TYPE_CHECKING:
    from tensorflow import *  # noqa: F403  # pyright: ignore[reportWildcardImportFromLibrary]


def __getattr__(name: str) -> Any:
    return getattr(_tensorflow, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *dir(_tensorflow)})
