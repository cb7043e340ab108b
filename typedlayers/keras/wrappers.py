# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.wrappers``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.wrappers import SKLearnClassifier as SKLearnClassifier
    from keras.wrappers import SKLearnRegressor as SKLearnRegressor
    from keras.wrappers import SKLearnTransformer as SKLearnTransformer

sys.modules[__name__] = vars(keras)["wrappers"]
