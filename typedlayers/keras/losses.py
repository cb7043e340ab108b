# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.losses``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.losses import CTC as CTC
    from keras.losses import BinaryCrossentropy as BinaryCrossentropy
    from keras.losses import BinaryFocalCrossentropy as BinaryFocalCrossentropy
    from keras.losses import CategoricalCrossentropy as CategoricalCrossentropy
    from keras.losses import CategoricalFocalCrossentropy as CategoricalFocalCrossentropy
    from keras.losses import CategoricalGeneralizedCrossEntropy as CategoricalGeneralizedCrossEntropy
    from keras.losses import CategoricalHinge as CategoricalHinge
    from keras.losses import Circle as Circle
    from keras.losses import CosineSimilarity as CosineSimilarity
    from keras.losses import Dice as Dice
    from keras.losses import Hinge as Hinge
    from keras.losses import Huber as Huber
    from keras.losses import KLDivergence as KLDivergence
    from keras.losses import LogCosh as LogCosh
    from keras.losses import Loss as Loss
    from keras.losses import MeanAbsoluteError as MeanAbsoluteError
    from keras.losses import MeanAbsolutePercentageError as MeanAbsolutePercentageError
    from keras.losses import MeanSquaredError as MeanSquaredError
    from keras.losses import MeanSquaredLogarithmicError as MeanSquaredLogarithmicError
    from keras.losses import Poisson as Poisson
    from keras.losses import SparseCategoricalCrossentropy as SparseCategoricalCrossentropy
    from keras.losses import SquaredHinge as SquaredHinge
    from keras.losses import Tversky as Tversky
    from keras.losses import binary_crossentropy as binary_crossentropy
    from keras.losses import binary_focal_crossentropy as binary_focal_crossentropy
    from keras.losses import categorical_crossentropy as categorical_crossentropy
    from keras.losses import categorical_focal_crossentropy as categorical_focal_crossentropy
    from keras.losses import categorical_generalized_cross_entropy as categorical_generalized_cross_entropy
    from keras.losses import categorical_hinge as categorical_hinge
    from keras.losses import circle as circle
    from keras.losses import cosine_similarity as cosine_similarity
    from keras.losses import ctc as ctc
    from keras.losses import deserialize as deserialize
    from keras.losses import dice as dice
    from keras.losses import get as get
    from keras.losses import hinge as hinge
    from keras.losses import huber as huber
    from keras.losses import kl_divergence as kl_divergence
    from keras.losses import log_cosh as log_cosh
    from keras.losses import mean_absolute_error as mean_absolute_error
    from keras.losses import mean_absolute_percentage_error as mean_absolute_percentage_error
    from keras.losses import mean_squared_error as mean_squared_error
    from keras.losses import mean_squared_logarithmic_error as mean_squared_logarithmic_error
    from keras.losses import poisson as poisson
    from keras.losses import serialize as serialize
    from keras.losses import sparse_categorical_crossentropy as sparse_categorical_crossentropy
    from keras.losses import squared_hinge as squared_hinge
    from keras.losses import tversky as tversky

sys.modules[__name__] = vars(keras)["losses"]
