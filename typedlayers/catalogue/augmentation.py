"""Contracts of ``keras.layers``' image layers: resizing, cropping and augmentation.

They take one image or a batch, or a dict with the images, their labels and bounding boxes, as in data pipelines.
"""

from __future__ import annotations

import typing
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from typedlayers.catalogue.layout import CHANNELS_FIRST, SPATIAL, channel_size, dims
from typedlayers.catalogue.parameters import FLAG, INTEGER, NUMBER, NUMBERS, OPTIONAL_NUMBER
from typedlayers.contracts.contract import Choice, Contract, Inferred, Positions, Rule, Values, by
from typedlayers.contracts.dtypes import Compute, Integers, Stage, Tensor
from typedlayers.spec import Shape

FORMATS: Final = ("channels_last", CHANNELS_FIRST)


def _given(data_format: str) -> object:
    batch = dims(data_format, SPATIAL[2], "channels")
    one = batch.removeprefix("batch ")
    return typing.Union[Compute[Tensor, batch], Compute[Tensor, one], dict[str, Any]]  # noqa: UP007


IMAGES: Final[Choice] = by("data_format", {option: _given(option) for option in FORMATS})


def _same(_: Any, shape: Any) -> object:
    """Returns the same shape; a dict stays a dict."""
    if isinstance(shape, Mapping):
        return Any
    return Compute[Tensor, " ".join("_" if size is None else str(size) for size in shape)]


def _sized(layer: Any, shape: Any) -> object:
    """Height and width are arguments."""
    if isinstance(shape, Mapping):
        return Any
    sizes = list(shape)
    at = len(sizes) - (2 if layer.data_format == CHANNELS_FIRST else 3)
    sizes[at : at + 2] = layer.height, layer.width
    return _same(layer, sizes)


SAME: Final = Inferred(_same, Compute[Tensor, "... height width channels"])
SIZED: Final = Inferred(_sized, Compute[Tensor, "... {self.height} {self.width} channels"])


def _has_colours(layer: Any, shape: Any) -> str | None:
    """Saturation and hue are of red, green and blue."""
    channels = None if isinstance(shape, Mapping) else channel_size_of(layer, shape)
    return None if channels in (None, 3) else f"colours are of 3 channels, but {channels} come"


def _grey_or_colours(layer: Any, shape: Any) -> str | None:
    channels = None if isinstance(shape, Mapping) else channel_size_of(layer, shape)
    return None if channels in (None, 1, 3) else f"grey is of 1 or 3 channels, but {channels} come"


def channel_size_of(layer: Any, shape: Shape) -> int | None:
    """Returns the number of channels of an image or a batch of them."""
    return channel_size(layer, shape if len(shape) == 4 else (None, *shape))


HAS_COLOURS: Final = Rule("TL202", _has_colours, why="saturation and hue are computed from red, green and blue")
GREY_OR_COLOURS: Final = Rule("TL202", _grey_or_colours, why="grey is a sum of red, green and blue, or all there is")

FACTOR: Final = NUMBERS | None
PARAMETERS: Final[Mapping[str, object]] = MappingProxyType(
    {
        **dict.fromkeys(("factor", "height_factor", "width_factor", "x_factor", "y_factor", "scale"), FACTOR),
        **{f"{name}_factor": FACTOR for name in ("brightness", "contrast", "saturation", "hue", "kernel_size")},
        **dict.fromkeys(("addition_factor", "threshold_factor"), FACTOR),
        "height": INTEGER,
        "width": INTEGER,
        "value_range": Any,
        "fill_value": OPTIONAL_NUMBER,
        "fill_mode": Any,
        "interpolation": Any,
        "mode": Any,
        "seed": Any,
        "alpha": NUMBER,
        "num_chains": INTEGER,
        "chain_depth": INTEGER,
        "num_ops": INTEGER,
        "all_ops": FLAG,
        "bins": INTEGER,
        "clip_limit": NUMBER,
        "tile_grid_size": Any,
        "sigma": Any,
        "kernel_size": Any,
        "crop_to_aspect_ratio": FLAG,
        "pad_to_aspect_ratio": FLAG,
        "antialias": FLAG,
        "max_number": INTEGER,
    }
)
"""The types of the arguments that these layers share; ranges and modes are checked by Keras itself."""


def _images(
    *,
    outputs: Inferred = SAME,
    integers: Integers = Integers.CONVERTED,
    positions: Positions = Positions.MIXED,
    rules: tuple[Rule, ...] = (),
) -> Contract:
    """A layer on images: bytes stay in the range of bytes, whatever it does with their places and colours."""
    return Contract(
        inputs=IMAGES,
        outputs=outputs,
        integers=integers,
        values=Values.KEPT,
        positions=positions,
        stage=Stage.DATA,
        rules=rules,
        parameters=PARAMETERS,
    )


PLACES: Final = _images()
COLOURS: Final = _images(positions=Positions.APART)
COLOURS_OF_RGB: Final = _images(positions=Positions.APART, rules=(HAS_COLOURS,))
COLOURS_OR_GREY: Final = _images(positions=Positions.APART, rules=(GREY_OR_COLOURS,))
MIXED_OR_GREY: Final = _images(rules=(GREY_OR_COLOURS,))

RESIZING: Final = _images(outputs=SIZED, integers=Integers.KEPT)
CROPPING: Final = _images(outputs=SIZED)
FLIP: Final = _images(positions=Positions.APART)
BRIGHTNESS: Final = _images(integers=Integers.KEPT, positions=Positions.APART)
CONTRAST: Final = _images(integers=Integers.FAILS, positions=Positions.APART)
SATURATION: Final = _images(integers=Integers.FAILS, positions=Positions.APART, rules=(HAS_COLOURS,))
GRAYSCALE: Final = _images(integers=Integers.KEPT, positions=Positions.APART, rules=(GREY_OR_COLOURS,))
HISTOGRAM: Final = _images(integers=Integers.KEPT)

PIPELINE: Final = Contract(inputs=None, stage=Stage.DATA, parameters={"layers": Any})
"""Its layers are checked one by one."""

CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {
        "Resizing": RESIZING,
        "CenterCrop": CROPPING,
        "RandomCrop": CROPPING,
        "RandomFlip": FLIP,
        "RandomRotation": PLACES,
        "RandomTranslation": PLACES,
        "RandomZoom": PLACES,
        "RandomShear": PLACES,
        "RandomPerspective": PLACES,
        "RandomElasticTransform": PLACES,
        "RandomErasing": PLACES,
        "RandomGaussianBlur": PLACES,
        "RandomSharpness": PLACES,
        "CutMix": PLACES,
        "MixUp": COLOURS,
        "RandomBrightness": BRIGHTNESS,
        "RandomContrast": CONTRAST,
        "RandomSaturation": SATURATION,
        "RandomHue": COLOURS_OF_RGB,
        "RandomColorJitter": COLOURS,
        "RandomColorDegeneration": COLOURS_OR_GREY,
        "RandomGrayscale": GRAYSCALE,
        "RandomInvert": COLOURS,
        "RandomPosterization": COLOURS,
        "Solarization": COLOURS,
        "AutoContrast": COLOURS,
        "Equalization": COLOURS,
        "ContrastLimitedAdaptiveHistogramEqualization": HISTOGRAM,
        "RandAugment": MIXED_OR_GREY,
        "AugMix": PLACES,
        "MaxNumBoundingBoxes": HISTOGRAM,
        "Pipeline": PIPELINE,
    }
)
