# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.datasets``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.datasets import boston_housing as boston_housing
    from keras.datasets import california_housing as california_housing
    from keras.datasets import cifar10 as cifar10
    from keras.datasets import cifar100 as cifar100
    from keras.datasets import fashion_mnist as fashion_mnist
    from keras.datasets import imdb as imdb
    from keras.datasets import mnist as mnist
    from keras.datasets import reuters as reuters

sys.modules[__name__] = vars(keras)["datasets"]
