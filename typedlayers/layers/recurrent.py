"""Typed layers of the recurrent family, and their cells."""

from __future__ import annotations

import keras

from typedlayers.bridge.kin import Kin
from typedlayers.catalogue import recurrent
from typedlayers.layers._typed import typed


@typed(recurrent.SIMPLE_RNN)
class SimpleRNN(keras.layers.SimpleRNN, metaclass=Kin):
    """`Compute "batch time features"` → `Compute "batch {self.units}"`."""


@typed(recurrent.LSTM)
class LSTM(keras.layers.LSTM, metaclass=Kin):
    """`Compute "batch time features"` → `Compute "batch {self.units}"`."""


@typed(recurrent.GRU)
class GRU(keras.layers.GRU, metaclass=Kin):
    """`Compute "batch time features"` → `Compute "batch {self.units}"`."""


@typed(recurrent.RNN)
class RNN(keras.layers.RNN, metaclass=Kin):
    """`Compute "batch time ..."` → `Compute "batch ..."`."""


@typed(recurrent.CONV_LSTM_1D)
class ConvLSTM1D(keras.layers.ConvLSTM1D, metaclass=Kin):
    """`Compute "batch time width channels"` → `Compute "batch new_width {self.filters}"`."""


@typed(recurrent.CONV_LSTM_2D)
class ConvLSTM2D(keras.layers.ConvLSTM2D, metaclass=Kin):
    """`Compute "batch time height width channels"` → `Compute "batch new_height new_width {self.filters}"`."""


@typed(recurrent.CONV_LSTM_3D)
class ConvLSTM3D(keras.layers.ConvLSTM3D, metaclass=Kin):
    """`Compute "batch time depth height width channels"` → `Compute "batch new_depth new_height new_width {self.filters}"`."""  # noqa: E501


@typed(recurrent.SIMPLE_RNN_CELL)
class SimpleRNNCell(keras.layers.SimpleRNNCell, metaclass=Kin):
    """`Compute "batch *axes features"` → `tuple[Compute "batch *axes {self.units}", list[Compute "batch *axes {self.units}"]]`."""  # noqa: E501


@typed(recurrent.LSTM_CELL)
class LSTMCell(keras.layers.LSTMCell, metaclass=Kin):
    """`Compute "batch features"` → `tuple[Compute "batch {self.units}", list[Compute "batch {self.units}"]]`."""


@typed(recurrent.GRU_CELL)
class GRUCell(keras.layers.GRUCell, metaclass=Kin):
    """`Compute "batch features"` → `tuple[Compute "batch {self.units}", list[Compute "batch {self.units}"]]`."""


@typed(recurrent.STACKED_RNN_CELLS)
class StackedRNNCells(keras.layers.StackedRNNCells, metaclass=Kin):
    """`Compute "batch ..."` → anything."""
