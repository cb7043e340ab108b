"""Typed layers of spectrograms."""

from __future__ import annotations

import keras

from typedlayers.bridge.kin import Kin
from typedlayers.catalogue import spectrogram
from typedlayers.layers._typed import typed


@typed(spectrogram.MEL_SPECTROGRAM)
class MelSpectrogram(keras.layers.MelSpectrogram, metaclass=Kin):
    """`Compute "*batch samples"` → `Compute "*batch {self.num_mel_bins} _"`."""


if hasattr(keras.layers, "STFTSpectrogram"):

    @typed(spectrogram.STFT_SPECTROGRAM)
    class STFTSpectrogram(keras.layers.STFTSpectrogram, metaclass=Kin):
        """`Compute "batch samples channels"` → anything."""
