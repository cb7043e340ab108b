# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.distillation``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.distillation import DistillationLoss as DistillationLoss
    from keras.distillation import Distiller as Distiller
    from keras.distillation import FeatureDistillation as FeatureDistillation
    from keras.distillation import LogitsDistillation as LogitsDistillation

sys.modules[__name__] = vars(keras)["distillation"]
