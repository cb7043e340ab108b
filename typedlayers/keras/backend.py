# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.backend``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.backend import backend as backend
    from keras.backend import clear_session as clear_session
    from keras.backend import epsilon as epsilon
    from keras.backend import floatx as floatx
    from keras.backend import get_uid as get_uid
    from keras.backend import image_data_format as image_data_format
    from keras.backend import is_float_dtype as is_float_dtype
    from keras.backend import is_int_dtype as is_int_dtype
    from keras.backend import is_keras_tensor as is_keras_tensor
    from keras.backend import result_type as result_type
    from keras.backend import set_epsilon as set_epsilon
    from keras.backend import set_floatx as set_floatx
    from keras.backend import set_image_data_format as set_image_data_format
    from keras.backend import standardize_dtype as standardize_dtype

sys.modules[__name__] = vars(keras)["backend"]
