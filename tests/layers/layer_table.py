"""One row per layer of the catalogue: layers to try, and a shape that they take."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import keras

from tests.keras_versions import TAKES_NO_PADDING
from typedlayers.catalogue import FAMILIES

FORMATS = ("channels_last", "channels_first")


@dataclass(frozen=True)
class Row:
    """What to try of one layer.

    Attributes:
        name: the layer's public name.
        arguments: constructor arguments, one dict for each layer to try.
        shape: a shape that all of them take, the batch first; of images, with the channels last.
        fixed: axes whose size the arguments ask for.
    """

    name: str
    arguments: tuple[dict[str, Any], ...] = ({},)
    shape: tuple[int, ...] = (2, 4, 6)
    fixed: tuple[int, ...] = field(default=())

    @property
    def available(self) -> bool:
        """Whether the installed Keras has the layer."""
        return hasattr(keras.layers, self.name)

    def make(self, arguments: dict[str, Any]) -> Any:
        """Returns one plain Keras layer."""
        return getattr(keras.layers, self.name)(**arguments)

    @property
    def first(self) -> Any:
        """Returns the first of the layers."""
        return self.make(self.arguments[0])


def each(**options: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    """Yields every combination of the options."""
    for values in itertools.product(*options.values()):
        yield dict(zip(options, values, strict=True))


def _images(rank: int) -> tuple[int, ...]:
    return (2, *(8, 9, 7)[:rank], 6)


def _convolutions() -> Iterator[Row]:
    for rank in (1, 2, 3):
        shape = _images(rank)
        plain = [
            *each(filters=(4,), kernel_size=(2, 3), strides=(1, 2, 3), padding=("valid", "SAME"), data_format=FORMATS),
            *each(filters=(4,), kernel_size=(1, 3), dilation_rate=(2, 3), padding=("valid", "same")),
            *each(filters=(4,), kernel_size=(2,), groups=(2,), data_format=FORMATS),
            *each(filters=(4,), kernel_size=(tuple(range(1, rank + 1)),), strides=((2, 1, 3)[:rank],)),
        ]
        if rank == 1:
            plain += each(filters=(4,), kernel_size=(2, 3), padding=("causal",), strides=(1, 2), data_format=FORMATS)
        yield Row(f"Conv{rank}D", tuple(plain), shape)
        transposed = [
            *each(filters=(4,), kernel_size=(2, 3), strides=(1, 2, 3), padding=("valid", "same"), data_format=FORMATS),
            *each(filters=(4,), kernel_size=(2, 3), dilation_rate=(2,), padding=("valid", "same")),
            *each(
                filters=(4,),
                kernel_size=(2, 3),
                strides=(3,),
                output_padding=(0, 1, 2)[not TAKES_NO_PADDING :],
                padding=("valid", "same"),
            ),
        ]
        yield Row(f"Conv{rank}DTranspose", tuple(transposed), shape)
    for rank in (1, 2):
        depthwise = [
            *each(kernel_size=(2, 3), strides=(1, 2), padding=("valid", "same"), data_format=FORMATS),
            *each(kernel_size=(2,), depth_multiplier=(1, 3), dilation_rate=(1, 2), data_format=FORMATS),
        ]
        yield Row(f"DepthwiseConv{rank}D", tuple(depthwise), _images(rank))
        separable = tuple({"filters": 4, **arguments} for arguments in depthwise)
        yield Row(f"SeparableConv{rank}D", separable, _images(rank))


def _poolings() -> Iterator[Row]:
    for rank in (1, 2, 3):
        local = (
            *each(pool_size=(2, 3), strides=(None, 1, 2), padding=("valid", "same"), data_format=FORMATS),
            *each(pool_size=(tuple(range(1, rank + 1)),), data_format=FORMATS),
        )
        reduced = tuple(each(keepdims=(False, True), data_format=FORMATS))
        adapted = tuple(each(output_size=(2, tuple(range(2, rank + 2))), data_format=FORMATS))
        for kind in ("Max", "Average"):
            yield Row(f"{kind}Pooling{rank}D", local, _images(rank))
            yield Row(f"Global{kind}Pooling{rank}D", reduced, _images(rank))
            yield Row(f"Adaptive{kind}Pooling{rank}D", adapted, _images(rank))


def _reshapings() -> Iterator[Row]:
    yield Row("Flatten", tuple(each(data_format=FORMATS)), (2, 3, 4))
    targets = ((12,), (-1,), (2, 6), (3, -1), (-1, 2, 2), (2, -1, 3))
    yield Row("Reshape", tuple(each(target_shape=targets)), (2, 3, 4), fixed=(1, 2))
    yield Row("Permute", tuple(each(dims=((2, 1), [1, 2]))), (2, 3, 4))
    yield Row("RepeatVector", ({"n": 3},), (2, 4))
    for rank in (1, 2, 3):
        formats = {} if rank == 1 else {"data_format": FORMATS}
        pairs = (1, 2) if rank == 1 else ((1, 0), (2, 3), (0, 2))[:rank]
        amounts = (0, 1, 2, pairs)
        yield Row(f"Cropping{rank}D", tuple(each(cropping=amounts, **formats)), _images(rank))
        yield Row(f"ZeroPadding{rank}D", tuple(each(padding=amounts, data_format=FORMATS)), _images(rank))
        sizes = (1, 2) if rank == 1 else (1, 2, (2, 3, 1)[:rank])
        yield Row(f"UpSampling{rank}D", tuple(each(size=sizes, **formats)), _images(rank))


def _rest() -> Iterator[Row]:
    yield Row("Dense", ({"units": 3},))
    yield Row(
        "EinsumDense",
        (
            {"equation": "abc,cd->abd", "output_shape": (None, 5), "bias_axes": "d"},
            {"equation": "...x,xy->...y", "output_shape": 5},
            {"equation": "abc,cde->abde", "output_shape": (None, 2, 5)},
            {"equation": "abc,bcd->ad", "output_shape": 5},
            {"equation": "ab...,bc->ac...", "output_shape": 5},
        ),
    )
    yield Row("Embedding", ({"input_dim": 300, "output_dim": 5},))
    yield Row("Activation", tuple(each(activation=("relu", "tanh", "softmax", "linear", "gelu"))))
    yield Row("Masking")
    yield Row("BatchNormalization", tuple(each(axis=(-1, 1))))
    yield Row("LayerNormalization", tuple(each(axis=(-1, 1, [1, 2]))))
    yield Row("GroupNormalization", tuple(each(groups=(2, -1), axis=(-1, 1))), fixed=(1,))
    yield Row("UnitNormalization", tuple(each(axis=(-1, 1, (1, 2)))))
    yield Row("RMSNormalization", tuple(each(axis=(-1, [-2, -1]))))
    yield Row("ReLU", ({}, {"max_value": 6.0}, {"threshold": 1.0}, {"negative_slope": 0.1}))
    yield Row("LeakyReLU")
    yield Row("ELU")
    yield Row("PReLU", tuple(each(shared_axes=(None, [1], (1, 2)))))
    yield Row("Softmax", tuple(each(axis=(-1, 1, (1, 2)))))
    yield Row("Dropout", tuple(each(rate=(0.5, 0.0))))
    yield Row("SpatialDropout1D", tuple(each(rate=(0.5, 0.0))))
    yield Row("SpatialDropout2D", tuple(each(rate=(0.5,), data_format=FORMATS)), _images(2))
    yield Row("SpatialDropout3D", tuple(each(rate=(0.5,), data_format=FORMATS)), _images(3))
    yield Row("AlphaDropout", tuple(each(rate=(0.5, 0.0))))
    yield Row("GaussianDropout", tuple(each(rate=(0.5, 0.0))))
    yield Row("GaussianNoise", tuple(each(stddev=(0.5, 0.0))))
    yield Row("ActivityRegularization", ({"l2": 0.1},))
    yield Row("Rescaling", ({"scale": 1 / 255}, {"scale": [0.5] * 6, "offset": [1.0] * 6}))
    yield Row("Normalization", ({}, {"axis": None}, {"axis": (1, 2)}, {"mean": [1.0] * 6, "variance": [2.0] * 6}))


WITHOUT_CONTRACT_OF_SHAPE = {"Lambda", "Identity", "InputLayer"}
"""Layers of the catalogue that take and give anything."""

ELSEWHERE = {
    name
    for family in ("merging", "attention", "recurrent", "wrappers", "augmentation", "lookup", "spectrogram")
    for name in FAMILIES[family].CONTRACTS
}
"""Layers on several tensors, in data pipelines, or around others: their families have tables of their own."""

TABLE: dict[str, Row] = {row.name: row for row in (*_convolutions(), *_poolings(), *_reshapings(), *_rest())}


def oriented(shape: tuple[Any, ...], layer: Any) -> tuple[Any, ...]:
    """Returns a shape with the channels where the layer has them."""
    first = getattr(layer, "data_format", None) == "channels_first" and type(layer).__name__ != "Flatten"
    return (shape[0], shape[-1], *shape[1:-1]) if first else shape
