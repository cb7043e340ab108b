# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.distribution``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.distribution import DataParallel as DataParallel
    from keras.distribution import DeviceMesh as DeviceMesh
    from keras.distribution import LayoutMap as LayoutMap
    from keras.distribution import ModelParallel as ModelParallel
    from keras.distribution import TensorLayout as TensorLayout
    from keras.distribution import distribute_tensor as distribute_tensor
    from keras.distribution import distribution as distribution
    from keras.distribution import get_device_count as get_device_count
    from keras.distribution import initialize as initialize
    from keras.distribution import list_devices as list_devices
    from keras.distribution import set_distribution as set_distribution

sys.modules[__name__] = vars(keras)["distribution"]
