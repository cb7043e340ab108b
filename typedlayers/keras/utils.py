# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.utils``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.utils import Config as Config
    from keras.utils import CustomObjectScope as CustomObjectScope
    from keras.utils import FeatureSpace as FeatureSpace
    from keras.utils import Progbar as Progbar
    from keras.utils import PyDataset as PyDataset
    from keras.utils import Sequence as Sequence
    from keras.utils import array_to_img as array_to_img
    from keras.utils import audio_dataset_from_directory as audio_dataset_from_directory
    from keras.utils import bounding_boxes as bounding_boxes
    from keras.utils import clear_session as clear_session
    from keras.utils import custom_object_scope as custom_object_scope
    from keras.utils import deserialize_keras_object as deserialize_keras_object
    from keras.utils import disable_interactive_logging as disable_interactive_logging
    from keras.utils import enable_interactive_logging as enable_interactive_logging
    from keras.utils import get_custom_objects as get_custom_objects
    from keras.utils import get_file as get_file
    from keras.utils import get_registered_name as get_registered_name
    from keras.utils import get_registered_object as get_registered_object
    from keras.utils import get_source_inputs as get_source_inputs
    from keras.utils import image_dataset_from_directory as image_dataset_from_directory
    from keras.utils import img_to_array as img_to_array
    from keras.utils import is_interactive_logging_enabled as is_interactive_logging_enabled
    from keras.utils import is_keras_tensor as is_keras_tensor
    from keras.utils import legacy as legacy
    from keras.utils import load_img as load_img
    from keras.utils import model_to_dot as model_to_dot
    from keras.utils import normalize as normalize
    from keras.utils import pack_x_y_sample_weight as pack_x_y_sample_weight
    from keras.utils import pad_sequences as pad_sequences
    from keras.utils import plot_model as plot_model
    from keras.utils import register_keras_serializable as register_keras_serializable
    from keras.utils import save_img as save_img
    from keras.utils import serialize_keras_object as serialize_keras_object
    from keras.utils import set_random_seed as set_random_seed
    from keras.utils import split_dataset as split_dataset
    from keras.utils import standardize_dtype as standardize_dtype
    from keras.utils import text_dataset_from_directory as text_dataset_from_directory
    from keras.utils import timeseries_dataset_from_array as timeseries_dataset_from_array
    from keras.utils import to_categorical as to_categorical
    from keras.utils import unpack_x_y_sample_weight as unpack_x_y_sample_weight

sys.modules[__name__] = vars(keras)["utils"]
