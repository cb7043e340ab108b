"""``tf.keras`` with layers and models exchanged for typed ones; every other name is its own.

``tf.keras`` has names that ``keras`` has not (``tf.keras.preprocessing.image.ImageDataGenerator``): they stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras as _plain
from tensorflow import keras as _keras

from typedlayers.keras import Layer as Layer
from typedlayers.keras import Model as Model
from typedlayers.keras import Sequential as Sequential
from typedlayers.tensorflow.keras import layers as layers
from typedlayers.tensorflow.keras import models as models
from typedlayers.tensorflow.keras import saving as saving

if TYPE_CHECKING:
    from keras import *  # noqa: F403  # pyright: ignore[reportWildcardImportFromLibrary]

if _keras.__version__ != _plain.__version__:  # pyright: ignore[reportAttributeAccessIssue]
    raise ImportError(
        "tf.keras is Keras 2 here (TF_USE_LEGACY_KERAS), and contracts are for Keras 3: "
        "unset the variable, or import tensorflow itself"
    )


def __getattr__(name: str) -> Any:
    return getattr(_keras, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *dir(_keras)})
