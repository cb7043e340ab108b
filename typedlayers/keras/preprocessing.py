# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.preprocessing``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.preprocessing import image as image
    from keras.preprocessing import image_dataset_from_directory as image_dataset_from_directory
    from keras.preprocessing import sequence as sequence
    from keras.preprocessing import text_dataset_from_directory as text_dataset_from_directory
    from keras.preprocessing import timeseries_dataset_from_array as timeseries_dataset_from_array

sys.modules[__name__] = vars(keras)["preprocessing"]
