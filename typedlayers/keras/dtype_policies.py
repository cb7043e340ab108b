# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.dtype_policies``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.dtype_policies import AWQDTypePolicy as AWQDTypePolicy
    from keras.dtype_policies import DTypePolicy as DTypePolicy
    from keras.dtype_policies import DTypePolicyMap as DTypePolicyMap
    from keras.dtype_policies import FloatDTypePolicy as FloatDTypePolicy
    from keras.dtype_policies import GPTQDTypePolicy as GPTQDTypePolicy
    from keras.dtype_policies import Int4DTypePolicy as Int4DTypePolicy
    from keras.dtype_policies import QuantizedDTypePolicy as QuantizedDTypePolicy
    from keras.dtype_policies import QuantizedFloat8DTypePolicy as QuantizedFloat8DTypePolicy
    from keras.dtype_policies import deserialize as deserialize
    from keras.dtype_policies import get as get
    from keras.dtype_policies import serialize as serialize

sys.modules[__name__] = vars(keras)["dtype_policies"]
