# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.metrics``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.metrics import AUC as AUC
    from keras.metrics import Accuracy as Accuracy
    from keras.metrics import BinaryAccuracy as BinaryAccuracy
    from keras.metrics import BinaryCrossentropy as BinaryCrossentropy
    from keras.metrics import BinaryIoU as BinaryIoU
    from keras.metrics import CategoricalAccuracy as CategoricalAccuracy
    from keras.metrics import CategoricalCrossentropy as CategoricalCrossentropy
    from keras.metrics import CategoricalHinge as CategoricalHinge
    from keras.metrics import ConcordanceCorrelation as ConcordanceCorrelation
    from keras.metrics import CosineSimilarity as CosineSimilarity
    from keras.metrics import F1Score as F1Score
    from keras.metrics import FalseNegatives as FalseNegatives
    from keras.metrics import FalsePositives as FalsePositives
    from keras.metrics import FBetaScore as FBetaScore
    from keras.metrics import Hinge as Hinge
    from keras.metrics import IoU as IoU
    from keras.metrics import KLDivergence as KLDivergence
    from keras.metrics import LogCoshError as LogCoshError
    from keras.metrics import Mean as Mean
    from keras.metrics import MeanAbsoluteError as MeanAbsoluteError
    from keras.metrics import MeanAbsolutePercentageError as MeanAbsolutePercentageError
    from keras.metrics import MeanIoU as MeanIoU
    from keras.metrics import MeanMetricWrapper as MeanMetricWrapper
    from keras.metrics import MeanSquaredError as MeanSquaredError
    from keras.metrics import MeanSquaredLogarithmicError as MeanSquaredLogarithmicError
    from keras.metrics import Metric as Metric
    from keras.metrics import OneHotIoU as OneHotIoU
    from keras.metrics import OneHotMeanIoU as OneHotMeanIoU
    from keras.metrics import PearsonCorrelation as PearsonCorrelation
    from keras.metrics import Poisson as Poisson
    from keras.metrics import Precision as Precision
    from keras.metrics import PrecisionAtRecall as PrecisionAtRecall
    from keras.metrics import R2Score as R2Score
    from keras.metrics import Recall as Recall
    from keras.metrics import RecallAtPrecision as RecallAtPrecision
    from keras.metrics import RootMeanSquaredError as RootMeanSquaredError
    from keras.metrics import SensitivityAtSpecificity as SensitivityAtSpecificity
    from keras.metrics import SparseCategoricalAccuracy as SparseCategoricalAccuracy
    from keras.metrics import SparseCategoricalCrossentropy as SparseCategoricalCrossentropy
    from keras.metrics import SparseTopKCategoricalAccuracy as SparseTopKCategoricalAccuracy
    from keras.metrics import SpecificityAtSensitivity as SpecificityAtSensitivity
    from keras.metrics import SquaredHinge as SquaredHinge
    from keras.metrics import Sum as Sum
    from keras.metrics import TopKCategoricalAccuracy as TopKCategoricalAccuracy
    from keras.metrics import TrueNegatives as TrueNegatives
    from keras.metrics import TruePositives as TruePositives
    from keras.metrics import binary_accuracy as binary_accuracy
    from keras.metrics import binary_crossentropy as binary_crossentropy
    from keras.metrics import binary_focal_crossentropy as binary_focal_crossentropy
    from keras.metrics import categorical_accuracy as categorical_accuracy
    from keras.metrics import categorical_crossentropy as categorical_crossentropy
    from keras.metrics import categorical_focal_crossentropy as categorical_focal_crossentropy
    from keras.metrics import categorical_hinge as categorical_hinge
    from keras.metrics import concordance_correlation as concordance_correlation
    from keras.metrics import deserialize as deserialize
    from keras.metrics import get as get
    from keras.metrics import hinge as hinge
    from keras.metrics import huber as huber
    from keras.metrics import kl_divergence as kl_divergence
    from keras.metrics import log_cosh as log_cosh
    from keras.metrics import mean_absolute_error as mean_absolute_error
    from keras.metrics import mean_absolute_percentage_error as mean_absolute_percentage_error
    from keras.metrics import mean_squared_error as mean_squared_error
    from keras.metrics import mean_squared_logarithmic_error as mean_squared_logarithmic_error
    from keras.metrics import pearson_correlation as pearson_correlation
    from keras.metrics import poisson as poisson
    from keras.metrics import serialize as serialize
    from keras.metrics import sparse_categorical_accuracy as sparse_categorical_accuracy
    from keras.metrics import sparse_categorical_crossentropy as sparse_categorical_crossentropy
    from keras.metrics import sparse_top_k_categorical_accuracy as sparse_top_k_categorical_accuracy
    from keras.metrics import squared_hinge as squared_hinge
    from keras.metrics import top_k_categorical_accuracy as top_k_categorical_accuracy

sys.modules[__name__] = vars(keras)["metrics"]
