# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.regularizers``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.regularizers import L1 as L1
    from keras.regularizers import L1L2 as L1L2
    from keras.regularizers import L2 as L2
    from keras.regularizers import OrthogonalRegularizer as OrthogonalRegularizer
    from keras.regularizers import Regularizer as Regularizer
    from keras.regularizers import deserialize as deserialize
    from keras.regularizers import get as get
    from keras.regularizers import l1 as l1
    from keras.regularizers import l1_l2 as l1_l2
    from keras.regularizers import l2 as l2
    from keras.regularizers import orthogonal_regularizer as orthogonal_regularizer
    from keras.regularizers import serialize as serialize

sys.modules[__name__] = vars(keras)["regularizers"]
