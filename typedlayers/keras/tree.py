# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.tree``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.tree import MAP_TO_NONE as MAP_TO_NONE
    from keras.tree import assert_same_paths as assert_same_paths
    from keras.tree import assert_same_structure as assert_same_structure
    from keras.tree import flatten as flatten
    from keras.tree import flatten_with_path as flatten_with_path
    from keras.tree import is_nested as is_nested
    from keras.tree import lists_to_tuples as lists_to_tuples
    from keras.tree import map_shape_structure as map_shape_structure
    from keras.tree import map_structure as map_structure
    from keras.tree import map_structure_up_to as map_structure_up_to
    from keras.tree import pack_sequence_as as pack_sequence_as
    from keras.tree import traverse as traverse

sys.modules[__name__] = vars(keras)["tree"]
