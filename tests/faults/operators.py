"""The faults: each breaks one thing of a correct program; the correct program is the inverse."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np

from tests.faults.programs import Program

Operator = Callable[[Program, random.Random], Program | None]
"""Returns the program with one fault, None if it does not apply."""

IDLE = ("Dropout", "BatchNormalization", "LayerNormalization")
SHAPING = ("Flatten", "GlobalAveragePooling2D", "GlobalMaxPooling1D", "GlobalAveragePooling1D", "Embedding")
RECURRENT = ("LSTM", "GRU", "SimpleRNN")
DATA = ("x", "data", "input", "target", "label")
"""Words of which a message about the data holds one."""


def _places(program: Program, wanted: Callable[[str, dict[str, Any]], bool]) -> list[int]:
    return [i for i, (cls, arguments) in enumerate(program.layers) if wanted(cls, arguments)]


def _near(program: Program, place: int) -> tuple[str, ...]:
    """The names of the layers at and beside a place."""
    return tuple(program.name(i) for i in range(max(0, place - 1), min(len(program.layers), place + 2)))


def _one(draw: random.Random, places: list[int]) -> int | None:
    return draw.choice(places) if places else None


def _last(program: Program) -> int:
    return len(program.layers) - 1


# -------------------------------------------------------------------------------------------------------- layers
def drop_layer(program: Program, draw: random.Random) -> Program | None:
    place = _one(draw, _places(program, lambda cls, _: cls in SHAPING))
    return None if place is None else replace(program.with_layers(place, place + 1), at=_near(program, place))


def drop_any_layer(program: Program, draw: random.Random) -> Program | None:
    place = _one(draw, _places(program, lambda cls, _: cls in ("RepeatVector", "UpSampling2D", "Rescaling")))
    return None if place is None else replace(program.with_layers(place, place + 1), at=(*_near(program, place), *DATA))


def double_layer(program: Program, draw: random.Random) -> Program | None:
    place = _one(draw, _places(program, lambda cls, _: cls.startswith("Global") or cls in ("LSTM", "GRU", "Embedding")))
    if place is None or program.layers[place][1].get("return_sequences"):
        return None
    cls, arguments = program.layers[place]
    twin = (cls, {**arguments, "name": f"{arguments['name']}_again"})
    return replace(program.with_layers(place, place, twin), at=(*_near(program, place), twin[1]["name"]))


def move_layer(program: Program, draw: random.Random) -> Program | None:
    """A Flatten or a pooling over all before the layer that it stands behind."""
    places = _places(program, lambda cls, _: cls == "Flatten" or cls.startswith("Global"))
    place = _one(draw, [i for i in places if i and program.layers[i - 1][0].startswith(("Conv", "Max", "Average"))])
    if place is None:
        return None
    moved = program.with_layers(place - 1, place + 1, program.layers[place], program.layers[place - 1])
    return replace(moved, at=_near(program, place))


def head_units(program: Program, draw: random.Random) -> Program | None:
    cls, arguments = program.layers[-1]
    name = "units" if cls == "Dense" else "filters"
    if arguments.get(name, 0) < 2 and "binary" in program.loss:
        return None
    other = arguments[name] + draw.choice([1, 2, 3])
    sparse = "sparse" in program.loss
    if sparse:  # fewer than there are classes
        other = int(program.y.max())
        if other < 2:
            return None
    return replace(program.with_layer(_last(program), **{name: other}), at=(program.name(-1), "target", "label"))


def one_unit_for_classes(program: Program, draw: random.Random) -> Program | None:
    cls, _ = program.layers[-1]
    if "categorical" not in program.loss or cls != "Dense":
        return None
    return replace(program.with_layer(_last(program), units=1), at=(program.name(-1), "target", "label"))


def kernel_size(program: Program, draw: random.Random) -> Program | None:
    place = _one(draw, _places(program, lambda _, had: had.get("kernel_size", 1) != 1 and had.get("padding") != "same"))
    return None if place is None else replace(program.with_layer(place, kernel_size=40), at=_near(program, place))


def pool_size(program: Program, draw: random.Random) -> Program | None:
    place = _one(draw, _places(program, lambda _, had: "pool_size" in had))
    return None if place is None else replace(program.with_layer(place, pool_size=30), at=_near(program, place))


def strides(program: Program, draw: random.Random) -> Program | None:
    """Maps of another size than those that the output is compared with."""
    place = _one(draw, _places(program, lambda _, had: had.get("padding") == "same"))
    if place is None or program.y.ndim < 3:
        return None
    return replace(program.with_layer(place, strides=2), at=(*_near(program, place), "target"))


def padding(program: Program, draw: random.Random) -> Program | None:
    place = _one(draw, _places(program, lambda _, had: had.get("padding") == "same"))
    if place is None or program.y.ndim < 3:
        return None
    return replace(program.with_layer(place, padding="valid"), at=(*_near(program, place), "target"))


def data_format(program: Program, draw: random.Random) -> Program | None:
    place = _one(draw, _places(program, lambda cls, _: cls == "Conv2D" or cls.startswith("MaxPooling2")))
    if place is None:
        return None
    return replace(program.with_layer(place, data_format="channels_first"), at=(*_near(program, place), "target"))


def return_sequences(program: Program, draw: random.Random) -> Program | None:
    place = _one(draw, _places(program, lambda cls, _: cls in RECURRENT))
    if place is None:
        return None
    turned = not program.layers[place][1].get("return_sequences", False)
    return replace(program.with_layer(place, return_sequences=turned), at=(*_near(program, place), "target"))


def upsampling(program: Program, draw: random.Random) -> Program | None:
    place = _one(draw, _places(program, lambda cls, _: cls == "UpSampling2D"))
    return None if place is None else replace(program.with_layer(place, size=3), at=(*_near(program, place), "target"))


def horizon(program: Program, draw: random.Random) -> Program | None:
    place = _one(draw, _places(program, lambda cls, _: cls == "RepeatVector"))
    if place is None:
        return None
    other = program.layers[place][1]["n"] + 2
    return replace(program.with_layer(place, n=other), at=(*_near(program, place), "target"))


def embedding_size(program: Program, draw: random.Random) -> Program | None:
    place = _one(draw, _places(program, lambda cls, _: cls == "Embedding"))
    if place is None:
        return None
    return replace(program.with_layer(place, input_dim=int(program.x.max())), at=(program.name(place), *DATA))


def input_shape(program: Program, draw: random.Random) -> Program | None:
    if not program.declared:
        return None
    return replace(program, shape=(*program.shape[:-1], program.shape[-1] + 1), at=("given", *DATA))


def batch_in_input_shape(program: Program, draw: random.Random) -> Program | None:
    return replace(program, shape=(len(program.x), *program.shape), at=("given", *DATA)) if program.declared else None


# ---------------------------------------------------------------------------------------------- head and loss
def activation(program: Program, draw: random.Random) -> Program | None:
    had = program.layers[-1][1].get("activation")
    if had not in ("softmax", "sigmoid") or "from_logits" in program.loss:
        return None
    wrong = {"softmax": draw.choice([None, "sigmoid", "relu"]), "sigmoid": draw.choice([None, "softmax", "tanh"])}
    return replace(program.with_layer(_last(program), activation=wrong[had]), at=(program.name(-1),))


def regression_activation(program: Program, draw: random.Random) -> Program | None:
    if program.layers[-1][1].get("activation") is not None or program.loss not in ('"mse"', '"mae"', '"huber"'):
        return None
    wrong = draw.choice(["sigmoid", "relu", "softmax"])
    return replace(program.with_layer(_last(program), activation=wrong), at=(program.name(-1),))


def from_logits(program: Program, draw: random.Random) -> Program | None:
    if "SparseCategoricalCrossentropy(from_logits=True)" in program.loss:
        return replace(program, loss='"sparse_categorical_crossentropy"', at=(program.name(-1),))
    cls = {
        '"binary_crossentropy"': "BinaryCrossentropy",
        '"sparse_categorical_crossentropy"': "SparseCategoricalCrossentropy",
        '"categorical_crossentropy"': "CategoricalCrossentropy",
    }.get(program.loss)
    return None if cls is None else replace(program, loss=f"losses.{cls}(from_logits=True)", at=(program.name(-1),))


def other_crossentropy(program: Program, draw: random.Random) -> Program | None:
    twins = {
        '"sparse_categorical_crossentropy"': draw.choice(['"categorical_crossentropy"', '"binary_crossentropy"']),
        '"categorical_crossentropy"': '"sparse_categorical_crossentropy"',
        '"binary_crossentropy"': '"categorical_crossentropy"',
    }
    other = twins.get(program.loss)
    if other is None or (program.loss == '"binary_crossentropy"' and program.y.shape[-1] != 1):
        return None
    return replace(program, loss=other, at=(program.name(-1), "loss"))


def metric(program: Program, draw: random.Random) -> Program | None:
    if program.loss == '"mse"':
        return replace(program, metrics=('"accuracy"',), at=("accuracy",))
    if "sparse" not in program.loss.lower():
        return None
    return replace(program, metrics=('"categorical_accuracy"',), at=("categorical_accuracy",))


# ------------------------------------------------------------------------------------------------------- labels
def one_hot_labels(program: Program, draw: random.Random) -> Program | None:
    if "sparse" not in program.loss.lower():
        return None
    size = program.layers[-1][1].get("units") or program.layers[-1][1]["filters"]
    return replace(program, y=np.eye(size, dtype="float32")[program.y], at=("target", "label"))


def ids_for_one_hot(program: Program, draw: random.Random) -> Program | None:
    if program.loss != '"categorical_crossentropy"':
        return None
    return replace(program, y=program.y.argmax(-1), at=("target", "label"))


def labels_from_one(program: Program, draw: random.Random) -> Program | None:
    if "sparse" not in program.loss.lower() or int(program.y.max()) + 1 != _classes(program):
        return None
    return replace(program, y=program.y + 1, at=("target", "label"))


def labels_of_signs(program: Program, draw: random.Random) -> Program | None:
    if program.loss != '"binary_crossentropy"' or not set(np.unique(program.y)) <= {0, 1}:
        return None
    return replace(program, y=program.y * 2 - 1, at=("target", "label"))


def labels_of_bytes(program: Program, draw: random.Random) -> Program | None:
    if program.loss != '"binary_crossentropy"' or not set(np.unique(program.y)) <= {0, 1}:
        return None
    return replace(program, y=program.y * 255, at=("target", "label"))


def text_labels(program: Program, draw: random.Random) -> Program | None:
    if "sparse" not in program.loss.lower() or program.source != "arrays":
        return None
    return replace(program, y=np.array(["a", "b", "c", "d", "e", "f"])[program.y], at=("target", "label"))


def _classes(program: Program) -> int:
    had = program.layers[-1][1]
    return had.get("units") or had["filters"]


# --------------------------------------------------------------------------------------------------------- data
def bytes_of_pictures(program: Program, draw: random.Random) -> Program | None:
    if program.x.ndim != 4 or program.x.dtype != np.float32 or program.y is program.x:
        return None
    return replace(program, x=np.round(program.x * 255).astype(draw.choice(["uint8", "float32"])), at=DATA)


def no_channel_axis(program: Program, draw: random.Random) -> Program | None:
    if program.x.ndim < 3 or program.x.shape[-1] != 1:
        return None
    shape = program.shape[:-1] if draw.random() < 0.5 else program.shape
    return replace(program, x=program.x[..., 0], shape=shape, at=(*DATA, program.name(0)))


def channels_first(program: Program, draw: random.Random) -> Program | None:
    if program.x.ndim != 4 or program.y.ndim == 4:
        return None
    return replace(program, x=np.moveaxis(program.x, -1, 1), at=DATA)


def flat_data(program: Program, draw: random.Random) -> Program | None:
    if program.x.ndim < 3:
        return None
    return replace(program, x=program.x.reshape(len(program.x), -1), at=(*DATA, program.name(0)))


def no_batch_axis(program: Program, draw: random.Random) -> Program | None:
    if program.source != "arrays" or program.x.ndim < 3:
        return None
    return replace(program, x=program.x[0], y=program.y[:1], at=DATA)


def fewer_targets(program: Program, draw: random.Random) -> Program | None:
    return replace(program, y=program.y[:-2], at=DATA) if program.source == "arrays" else None


def text_data(program: Program, draw: random.Random) -> Program | None:
    return replace(program, x=program.x.astype("U16"), at=DATA) if program.x.ndim == 2 else None


def missing_value(program: Program, draw: random.Random) -> Program | None:
    if program.x.dtype != np.float32:
        return None
    x = program.x.copy()
    x[0].reshape(-1)[0] = np.nan
    return replace(program, x=x, at=DATA)


def raw_validation(program: Program, draw: random.Random) -> Program | None:
    if program.x.ndim != 4 or program.x.dtype != np.float32 or program.y is program.x:
        return None
    return replace(program, validation="(np.round(x * 255), y)", at=("validation",))


OPERATORS: Final[tuple[Operator, ...]] = (
    drop_layer, drop_any_layer, double_layer, move_layer, head_units, one_unit_for_classes, kernel_size, pool_size,
    strides, padding, data_format, return_sequences, upsampling, horizon, embedding_size, input_shape,
    batch_in_input_shape, activation, regression_activation, from_logits, other_crossentropy, metric, one_hot_labels,
    ids_for_one_hot, labels_from_one, labels_of_signs, labels_of_bytes, text_labels, bytes_of_pictures,
    no_channel_axis, channels_first, flat_data, no_batch_axis, fewer_targets, text_data, missing_value, raw_validation,
)  # fmt: skip
