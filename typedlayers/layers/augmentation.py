"""Typed layers on images: resizing, cropping and augmentation."""

from __future__ import annotations

import keras

from typedlayers.bridge.kin import Kin
from typedlayers.catalogue import augmentation
from typedlayers.layers._typed import typed


@typed(augmentation.RESIZING)
class Resizing(keras.layers.Resizing, metaclass=Kin):
    """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... {self.height} {self.width} channels"`."""  # noqa: E501


@typed(augmentation.CROPPING)
class CenterCrop(keras.layers.CenterCrop, metaclass=Kin):
    """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... {self.height} {self.width} channels"`."""  # noqa: E501


@typed(augmentation.CROPPING)
class RandomCrop(keras.layers.RandomCrop, metaclass=Kin):
    """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... {self.height} {self.width} channels"`."""  # noqa: E501


@typed(augmentation.FLIP)
class RandomFlip(keras.layers.RandomFlip, metaclass=Kin):
    """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


@typed(augmentation.PLACES)
class RandomRotation(keras.layers.RandomRotation, metaclass=Kin):
    """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


@typed(augmentation.PLACES)
class RandomTranslation(keras.layers.RandomTranslation, metaclass=Kin):
    """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


@typed(augmentation.PLACES)
class RandomZoom(keras.layers.RandomZoom, metaclass=Kin):
    """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


@typed(augmentation.BRIGHTNESS)
class RandomBrightness(keras.layers.RandomBrightness, metaclass=Kin):
    """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


@typed(augmentation.CONTRAST)
class RandomContrast(keras.layers.RandomContrast, metaclass=Kin):
    """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


@typed(augmentation.PIPELINE)
class Pipeline(keras.layers.Pipeline, metaclass=Kin):
    """anything → anything."""


if hasattr(keras.layers, "RandomShear"):

    @typed(augmentation.PLACES)
    class RandomShear(keras.layers.RandomShear, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "RandomPerspective"):

    @typed(augmentation.PLACES)
    class RandomPerspective(keras.layers.RandomPerspective, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "RandomElasticTransform"):

    @typed(augmentation.PLACES)
    class RandomElasticTransform(keras.layers.RandomElasticTransform, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "RandomErasing"):

    @typed(augmentation.PLACES)
    class RandomErasing(keras.layers.RandomErasing, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "RandomGaussianBlur"):

    @typed(augmentation.PLACES)
    class RandomGaussianBlur(keras.layers.RandomGaussianBlur, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "RandomSharpness"):

    @typed(augmentation.PLACES)
    class RandomSharpness(keras.layers.RandomSharpness, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "CutMix"):

    @typed(augmentation.PLACES)
    class CutMix(keras.layers.CutMix, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "MixUp"):

    @typed(augmentation.COLOURS)
    class MixUp(keras.layers.MixUp, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "RandomSaturation"):

    @typed(augmentation.SATURATION)
    class RandomSaturation(keras.layers.RandomSaturation, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "RandomHue"):

    @typed(augmentation.COLOURS_OF_RGB)
    class RandomHue(keras.layers.RandomHue, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "RandomColorJitter"):

    @typed(augmentation.COLOURS)
    class RandomColorJitter(keras.layers.RandomColorJitter, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "RandomColorDegeneration"):

    @typed(augmentation.COLOURS_OR_GREY)
    class RandomColorDegeneration(keras.layers.RandomColorDegeneration, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "RandomGrayscale"):

    @typed(augmentation.GRAYSCALE)
    class RandomGrayscale(keras.layers.RandomGrayscale, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "RandomInvert"):

    @typed(augmentation.COLOURS)
    class RandomInvert(keras.layers.RandomInvert, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "RandomPosterization"):

    @typed(augmentation.COLOURS)
    class RandomPosterization(keras.layers.RandomPosterization, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "Solarization"):

    @typed(augmentation.COLOURS)
    class Solarization(keras.layers.Solarization, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "AutoContrast"):

    @typed(augmentation.COLOURS)
    class AutoContrast(keras.layers.AutoContrast, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "Equalization"):

    @typed(augmentation.COLOURS)
    class Equalization(keras.layers.Equalization, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "ContrastLimitedAdaptiveHistogramEqualization"):

    @typed(augmentation.HISTOGRAM)
    class ContrastLimitedAdaptiveHistogramEqualization(
        keras.layers.ContrastLimitedAdaptiveHistogramEqualization, metaclass=Kin
    ):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "RandAugment"):

    @typed(augmentation.MIXED_OR_GREY)
    class RandAugment(keras.layers.RandAugment, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "AugMix"):

    @typed(augmentation.PLACES)
    class AugMix(keras.layers.AugMix, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501


if hasattr(keras.layers, "MaxNumBoundingBoxes"):

    @typed(augmentation.HISTOGRAM)
    class MaxNumBoundingBoxes(keras.layers.MaxNumBoundingBoxes, metaclass=Kin):
        """`Compute "batch height width channels" | Compute "height width channels" | dict[str, anything]` → `Compute "... height width channels"`."""  # noqa: E501
