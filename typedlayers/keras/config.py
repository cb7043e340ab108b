# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.config``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.config import backend as backend
    from keras.config import disable_flash_attention as disable_flash_attention
    from keras.config import disable_interactive_logging as disable_interactive_logging
    from keras.config import disable_traceback_filtering as disable_traceback_filtering
    from keras.config import dtype_policy as dtype_policy
    from keras.config import enable_flash_attention as enable_flash_attention
    from keras.config import enable_interactive_logging as enable_interactive_logging
    from keras.config import enable_traceback_filtering as enable_traceback_filtering
    from keras.config import enable_unsafe_deserialization as enable_unsafe_deserialization
    from keras.config import epsilon as epsilon
    from keras.config import floatx as floatx
    from keras.config import image_data_format as image_data_format
    from keras.config import is_flash_attention_enabled as is_flash_attention_enabled
    from keras.config import is_interactive_logging_enabled as is_interactive_logging_enabled
    from keras.config import is_nnx_enabled as is_nnx_enabled
    from keras.config import is_traceback_filtering_enabled as is_traceback_filtering_enabled
    from keras.config import max_epochs as max_epochs
    from keras.config import max_steps_per_epoch as max_steps_per_epoch
    from keras.config import set_backend as set_backend
    from keras.config import set_dtype_policy as set_dtype_policy
    from keras.config import set_epsilon as set_epsilon
    from keras.config import set_floatx as set_floatx
    from keras.config import set_image_data_format as set_image_data_format
    from keras.config import set_max_epochs as set_max_epochs
    from keras.config import set_max_steps_per_epoch as set_max_steps_per_epoch

sys.modules[__name__] = vars(keras)["config"]
