# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.export``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.export import ExportArchive as ExportArchive

sys.modules[__name__] = vars(keras)["export"]
