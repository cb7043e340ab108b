# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.visualization``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.visualization import draw_bounding_boxes as draw_bounding_boxes
    from keras.visualization import draw_segmentation_masks as draw_segmentation_masks
    from keras.visualization import plot_bounding_box_gallery as plot_bounding_box_gallery
    from keras.visualization import plot_image_gallery as plot_image_gallery
    from keras.visualization import plot_segmentation_mask_gallery as plot_segmentation_mask_gallery

sys.modules[__name__] = vars(keras)["visualization"]
