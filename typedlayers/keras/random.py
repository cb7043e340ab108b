# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.random``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.random import SeedGenerator as SeedGenerator
    from keras.random import beta as beta
    from keras.random import binomial as binomial
    from keras.random import categorical as categorical
    from keras.random import dropout as dropout
    from keras.random import gamma as gamma
    from keras.random import normal as normal
    from keras.random import randint as randint
    from keras.random import shuffle as shuffle
    from keras.random import truncated_normal as truncated_normal
    from keras.random import uniform as uniform

sys.modules[__name__] = vars(keras)["random"]
