# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.activations``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.activations import celu as celu
    from keras.activations import deserialize as deserialize
    from keras.activations import elu as elu
    from keras.activations import exponential as exponential
    from keras.activations import gelu as gelu
    from keras.activations import get as get
    from keras.activations import glu as glu
    from keras.activations import hard_shrink as hard_shrink
    from keras.activations import hard_sigmoid as hard_sigmoid
    from keras.activations import hard_silu as hard_silu
    from keras.activations import hard_swish as hard_swish
    from keras.activations import hard_tanh as hard_tanh
    from keras.activations import leaky_relu as leaky_relu
    from keras.activations import linear as linear
    from keras.activations import log_sigmoid as log_sigmoid
    from keras.activations import log_softmax as log_softmax
    from keras.activations import mish as mish
    from keras.activations import relu as relu
    from keras.activations import relu6 as relu6
    from keras.activations import selu as selu
    from keras.activations import serialize as serialize
    from keras.activations import sigmoid as sigmoid
    from keras.activations import silu as silu
    from keras.activations import soft_shrink as soft_shrink
    from keras.activations import softmax as softmax
    from keras.activations import softplus as softplus
    from keras.activations import softsign as softsign
    from keras.activations import sparse_plus as sparse_plus
    from keras.activations import sparse_sigmoid as sparse_sigmoid
    from keras.activations import sparsemax as sparsemax
    from keras.activations import squareplus as squareplus
    from keras.activations import swish as swish
    from keras.activations import tanh as tanh
    from keras.activations import tanh_shrink as tanh_shrink
    from keras.activations import threshold as threshold

sys.modules[__name__] = vars(keras)["activations"]
