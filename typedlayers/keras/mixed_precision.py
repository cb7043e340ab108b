# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.mixed_precision``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.mixed_precision import DTypePolicy as DTypePolicy
    from keras.mixed_precision import LossScaleOptimizer as LossScaleOptimizer
    from keras.mixed_precision import Policy as Policy
    from keras.mixed_precision import dtype_policy as dtype_policy
    from keras.mixed_precision import global_policy as global_policy
    from keras.mixed_precision import set_dtype_policy as set_dtype_policy
    from keras.mixed_precision import set_global_policy as set_global_policy

sys.modules[__name__] = vars(keras)["mixed_precision"]
