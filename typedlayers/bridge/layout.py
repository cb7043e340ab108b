"""Where the channels stand: the ``data_format`` of the layer that made a tensor, and the axis a later one takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.graph import Call, calls_of
from typedlayers.bridge.tensors import shape_of
from typedlayers.spec import Shape

PER_CHANNEL = (keras.layers.BatchNormalization, keras.layers.GroupNormalization)
"""Layers whose ``axis`` is that of the channels."""


@dataclass(frozen=True, slots=True)
class ChannelAxis:
    """A layer that takes an axis for the channels, behind a layer that says where they are.

    Attributes:
        layer: the layer.
        axis: the axis that it takes, counted from the front.
        shape: what it gets.
        data_format: where the channels are.
        maker: the layer that says so, in the user's names.
        joins: whether the layer joins several tensors along the axis.
    """

    layer: Any
    axis: int
    shape: Shape
    data_format: str
    maker: str
    joins: bool


def channel_axes(model: Any) -> Iterator[ChannelAxis]:
    """Yields the layers of a functional model that take an axis for the channels, where these are known."""
    calls = calls_of(model)
    made = {id(output): call for call in calls for output in call.outputs}
    for call in calls:
        layer, joins = call.operation, isinstance(call.operation, keras.layers.Concatenate)
        axis = getattr(layer, "axis", None)
        if not (joins or isinstance(layer, PER_CHANNEL)) or not isinstance(axis, int):
            continue
        found = [_format_of(tensor, made) for tensor in call.inputs]
        shape = shape_of(call.inputs[0].shape)
        if shape is None or len(shape) < 4 or not found or None in found:
            continue
        formats = {data_format for data_format, _ in found if data_format}  # pyright: ignore
        if len(formats) == 1 and found[0] is not None:
            yield ChannelAxis(layer, axis % len(shape), shape, formats.pop(), found[0][1], joins)


def _format_of(tensor: Any, made: dict[int, Call]) -> tuple[str, str] | None:
    """The data format of a tensor and the layer that tells it: through layers that leave the axes where they are."""
    while True:
        call = made.get(id(tensor))
        if call is None:
            return None
        data_format = getattr(call.operation, "data_format", None)
        if data_format is not None:
            return data_format, label_of(call.operation)
        keeps = len(call.inputs) == 1 and len(call.outputs) == 1 and call.inputs[0].shape == call.outputs[0].shape
        if not keeps or not isinstance(call.operation, _IN_PLACE):
            return None
        tensor = call.inputs[0]


_IN_PLACE = (
    *PER_CHANNEL,
    keras.layers.Activation,
    keras.layers.Dropout,
    keras.layers.ELU,
    keras.layers.LeakyReLU,
    keras.layers.PReLU,
    keras.layers.ReLU,
    keras.layers.GaussianNoise,
    keras.layers.SpatialDropout2D,
)
"""Layers that leave every axis where it is."""
