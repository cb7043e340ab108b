"""Contracts of ``keras.layers``' spectrograms: waves → frequencies over time."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from typedlayers.catalogue.layout import CHANNELS_FIRST
from typedlayers.catalogue.parameters import FLAG, INTEGER, NUMBER, OPTIONAL_INTEGER, OPTIONAL_NUMBER, TEXT
from typedlayers.contracts.contract import Contract, Rule, by
from typedlayers.contracts.dtypes import Compute, Integers, Stage, Tensor
from typedlayers.spec import Shape


def _can_be_reflected(layer: Any, shape: Shape) -> str | None:
    """The wave is continued at both ends by its mirror image."""
    samples, padded = shape[-1], layer.fft_length // 2
    if samples is None or samples > padded:
        return None
    return f"fft_length={layer.fft_length} needs more than {padded} samples along the last axis, but {samples} come"


def _frame_fits(layer: Any, shape: Shape) -> str | None:
    axis = 2 if layer.data_format == CHANNELS_FIRST else 1
    samples = shape[axis]
    if layer.padding != "valid" or samples is None or samples >= layer.frame_length:
        return None
    return f"frame_length={layer.frame_length} does not fit into the {samples} samples along axis {axis}"


CAN_BE_REFLECTED: Final = Rule(
    "TL205",
    _can_be_reflected,
    why="each end is padded by half a window of its mirror image; the last axis is time, there are no channels",
)
FRAME_FITS: Final = Rule(
    "TL205",
    _frame_fits,
    why='with padding="valid" Keras returns meaningless values, in another shape, where no frame fits',
    fixes=('padding="same", or a shorter frame_length',),
)

MEL_SPECTROGRAM: Final = Contract(
    inputs=Compute[Tensor, "*batch samples"],
    outputs=Compute[Tensor, "*batch {self.num_mel_bins} _"],
    stage=Stage.DATA,
    rules=(CAN_BE_REFLECTED,),
    parameters={
        "fft_length": INTEGER,
        "sequence_stride": INTEGER,
        "sequence_length": OPTIONAL_INTEGER,
        "window": Any,
        "sampling_rate": NUMBER,
        "num_mel_bins": INTEGER,
        "min_freq": NUMBER,
        "max_freq": OPTIONAL_NUMBER,
        "power_to_db": FLAG,
        "top_db": OPTIONAL_NUMBER,
        "mag_exp": NUMBER,
        "min_power": NUMBER,
        "ref_power": NUMBER,
    },
)

STFT_SPECTROGRAM: Final = Contract(
    inputs=by(
        "data_format",
        {
            "channels_last": Compute[Tensor, "batch samples channels"],
            CHANNELS_FIRST: Compute[Tensor, "batch channels samples"],
        },
    ),
    integers=Integers.FAILS,
    stage=Stage.DATA,
    rules=(FRAME_FITS,),
    parameters={
        "mode": TEXT,
        "frame_length": INTEGER,
        "frame_step": OPTIONAL_INTEGER,
        "fft_length": OPTIONAL_INTEGER,
        "window": Any,
        "periodic": FLAG,
        "scaling": Any,
        "expand_dims": FLAG,
    },
)

CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {"MelSpectrogram": MEL_SPECTROGRAM, "STFTSpectrogram": STFT_SPECTROGRAM}
)
