# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.optimizers``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.optimizers import SGD as SGD
    from keras.optimizers import Adadelta as Adadelta
    from keras.optimizers import Adafactor as Adafactor
    from keras.optimizers import Adagrad as Adagrad
    from keras.optimizers import Adam as Adam
    from keras.optimizers import Adamax as Adamax
    from keras.optimizers import AdamW as AdamW
    from keras.optimizers import Ftrl as Ftrl
    from keras.optimizers import Lamb as Lamb
    from keras.optimizers import Lion as Lion
    from keras.optimizers import LossScaleOptimizer as LossScaleOptimizer
    from keras.optimizers import MultiOptimizer as MultiOptimizer
    from keras.optimizers import Muon as Muon
    from keras.optimizers import Nadam as Nadam
    from keras.optimizers import Optimizer as Optimizer
    from keras.optimizers import OptimizerMap as OptimizerMap
    from keras.optimizers import RMSprop as RMSprop
    from keras.optimizers import ScheduleFreeAdamW as ScheduleFreeAdamW
    from keras.optimizers import deserialize as deserialize
    from keras.optimizers import get as get
    from keras.optimizers import legacy as legacy
    from keras.optimizers import schedules as schedules
    from keras.optimizers import serialize as serialize

sys.modules[__name__] = vars(keras)["optimizers"]
