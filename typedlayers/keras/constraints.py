# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.constraints``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.constraints import Constraint as Constraint
    from keras.constraints import MaxNorm as MaxNorm
    from keras.constraints import MinMaxNorm as MinMaxNorm
    from keras.constraints import NonNeg as NonNeg
    from keras.constraints import UnitNorm as UnitNorm
    from keras.constraints import deserialize as deserialize
    from keras.constraints import get as get
    from keras.constraints import max_norm as max_norm
    from keras.constraints import min_max_norm as min_max_norm
    from keras.constraints import non_neg as non_neg
    from keras.constraints import serialize as serialize
    from keras.constraints import unit_norm as unit_norm

sys.modules[__name__] = vars(keras)["constraints"]
