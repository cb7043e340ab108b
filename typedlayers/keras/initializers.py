# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.initializers``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.initializers import STFT as STFT
    from keras.initializers import Constant as Constant
    from keras.initializers import GlorotNormal as GlorotNormal
    from keras.initializers import GlorotUniform as GlorotUniform
    from keras.initializers import HeNormal as HeNormal
    from keras.initializers import HeUniform as HeUniform
    from keras.initializers import Identity as Identity
    from keras.initializers import IdentityInitializer as IdentityInitializer
    from keras.initializers import Initializer as Initializer
    from keras.initializers import LecunNormal as LecunNormal
    from keras.initializers import LecunUniform as LecunUniform
    from keras.initializers import Ones as Ones
    from keras.initializers import Orthogonal as Orthogonal
    from keras.initializers import OrthogonalInitializer as OrthogonalInitializer
    from keras.initializers import RandomNormal as RandomNormal
    from keras.initializers import RandomUniform as RandomUniform
    from keras.initializers import STFTInitializer as STFTInitializer
    from keras.initializers import TruncatedNormal as TruncatedNormal
    from keras.initializers import VarianceScaling as VarianceScaling
    from keras.initializers import Zeros as Zeros
    from keras.initializers import constant as constant
    from keras.initializers import deserialize as deserialize
    from keras.initializers import get as get
    from keras.initializers import glorot_normal as glorot_normal
    from keras.initializers import glorot_uniform as glorot_uniform
    from keras.initializers import he_normal as he_normal
    from keras.initializers import he_uniform as he_uniform
    from keras.initializers import identity as identity
    from keras.initializers import lecun_normal as lecun_normal
    from keras.initializers import lecun_uniform as lecun_uniform
    from keras.initializers import ones as ones
    from keras.initializers import orthogonal as orthogonal
    from keras.initializers import random_normal as random_normal
    from keras.initializers import random_uniform as random_uniform
    from keras.initializers import serialize as serialize
    from keras.initializers import stft as stft
    from keras.initializers import truncated_normal as truncated_normal
    from keras.initializers import variance_scaling as variance_scaling
    from keras.initializers import zeros as zeros

sys.modules[__name__] = vars(keras)["initializers"]
