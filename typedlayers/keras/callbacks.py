# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.callbacks``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.callbacks import BackupAndRestore as BackupAndRestore
    from keras.callbacks import Callback as Callback
    from keras.callbacks import CallbackList as CallbackList
    from keras.callbacks import CSVLogger as CSVLogger
    from keras.callbacks import EarlyStopping as EarlyStopping
    from keras.callbacks import History as History
    from keras.callbacks import LambdaCallback as LambdaCallback
    from keras.callbacks import LearningRateScheduler as LearningRateScheduler
    from keras.callbacks import ModelCheckpoint as ModelCheckpoint
    from keras.callbacks import OrbaxCheckpoint as OrbaxCheckpoint
    from keras.callbacks import ProgbarLogger as ProgbarLogger
    from keras.callbacks import ReduceLROnPlateau as ReduceLROnPlateau
    from keras.callbacks import RemoteMonitor as RemoteMonitor
    from keras.callbacks import SwapEMAWeights as SwapEMAWeights
    from keras.callbacks import TensorBoard as TensorBoard
    from keras.callbacks import TerminateOnNaN as TerminateOnNaN

sys.modules[__name__] = vars(keras)["callbacks"]
