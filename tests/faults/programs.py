"""The pool of correct programs: a stack of layers, a loss and data, written out as the source of a script."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from tests.generated_programs import SAMPLES, Layer, right


@dataclass(frozen=True)
class Program:
    """A Sequential that is trained once.

    Attributes:
        layers: class and arguments of each layer; each has a name that a fix can be typed at.
        shape: the shape of one sample.
        loss: the loss, as code.
        x: the data.
        y: the targets.
        metrics: the metrics, as code.
        dtype: the dtype of the input.
        declared: whether the model declares its input.
        source: ``arrays`` or ``dataset``.
        validation: what the validation data are made of, as code on ``x`` and ``y``; empty for none.
        at: the words of which a message has to hold one, to name the right place.
    """

    layers: tuple[Layer, ...]
    shape: tuple[int | None, ...]
    loss: str
    x: Any
    y: Any
    metrics: tuple[str, ...] = ()
    dtype: str = "float32"
    declared: bool = True
    source: str = "arrays"
    validation: str = ""
    at: tuple[str, ...] = field(default=(), compare=False)

    def text(self) -> str:
        """Returns the program as a script; its globals hold ``x`` and ``y``."""
        made = ", ".join(_call(cls, arguments) for cls, arguments in self.layers)
        first = f'keras.Input({self.shape}, dtype="{self.dtype}", name="given"), ' if self.declared else ""
        metrics = f", metrics=[{', '.join(self.metrics)}]" if self.metrics else ""
        given, size = "x, y", ", batch_size=4"
        if self.source == "dataset":
            given, size = "tf.data.Dataset.from_tensor_slices((x, y)).batch(4)", ""
        validation = f", validation_data={self.validation}" if self.validation else ""
        return "\n".join(
            (
                "import numpy as np\nimport tensorflow as tf",
                "from typedlayers import keras\nfrom typedlayers.keras import layers, losses, metrics",
                f'model = keras.Sequential([{first}{made}], name="net")',
                f'model.compile(optimizer="sgd", loss={self.loss}{metrics})',
                f"model.fit({given}, verbose=0{size}{validation})",
            )
        )

    def with_layer(self, place: int, **arguments: Any) -> Program:
        """Returns the program with other arguments of one layer."""
        cls, had = self.layers[place]
        return self.with_layers(place, place + 1, (cls, {**had, **arguments}))

    def with_layers(self, start: int, stop: int, *layers: Layer) -> Program:
        """Returns the program with other layers in the place of some."""
        return replace(self, layers=(*self.layers[:start], *layers, *self.layers[stop:]))

    def name(self, place: int) -> str:
        """Returns the name of a layer."""
        return self.layers[place][1]["name"]


def _call(cls: str, arguments: dict[str, Any]) -> str:
    return f"layers.{cls}({', '.join(f'{name}={value!r}' for name, value in arguments.items())})"


# ------------------------------------------------------------------------------------------------------ the pool
def program(seed: int) -> Program:
    """Returns a correct program, drawn from its number alone."""
    draw = random.Random(f"pool {seed}")
    if draw.random() < 0.6:
        return _named(_generated(seed))
    kind = draw.choice([_autoencoder, _segmentation, _forecast, _classifier, _text])
    found = kind(draw, np.random.default_rng(seed))
    return _named(replace(found, declared=draw.random() < 0.6, source=draw.choice(["arrays", "arrays", "dataset"])))


def _named(program: Program) -> Program:
    named = ((cls, {**rest, "name": f"{cls.lower()}_{i}"}) for i, (cls, rest) in enumerate(program.layers))
    return replace(program, layers=tuple(named))


def _generated(seed: int) -> Program:
    one = right(seed)
    return Program(
        layers=one.layers,
        shape=one.shape,
        loss=f'"{one.loss}"',
        x=one.x,
        y=one.y,
        metrics=tuple(f'"{metric}"' for metric in one.metrics),
        dtype=one.dtype,
        declared=one.declared,
        source="dataset" if one.source == "dataset" else "arrays",
    )


def _images(rng: Any, side: int, channels: int) -> Any:
    return rng.uniform(size=(SAMPLES, side, side, channels)).astype("float32")


def _autoencoder(draw: random.Random, rng: Any) -> Program:
    side, channels = draw.choice([12, 16]), draw.choice([1, 3])
    x, kernel = _images(rng, side, channels), {"kernel_size": 3, "padding": "same"}
    layers = (
        ("Conv2D", {"filters": 6, **kernel, "activation": "relu"}),
        ("MaxPooling2D", {"pool_size": 2}),
        ("Conv2D", {"filters": 5, **kernel, "activation": "relu"}),
        ("UpSampling2D", {"size": 2}),
        ("Conv2D", {"filters": channels, **kernel, "activation": "sigmoid"}),
    )
    return Program(layers, x.shape[1:], draw.choice(['"mse"', '"binary_crossentropy"']), x, x)


def _segmentation(draw: random.Random, rng: Any) -> Program:
    side = draw.choice([10, 16])
    x, kernel = _images(rng, side, 3), {"kernel_size": 3, "padding": "same", "activation": "relu"}
    before = (("Conv2D", {"filters": 4, **kernel}), ("Conv2D", {"filters": 6, **kernel}))
    if draw.random() < 0.5:
        y = rng.integers(0, 2, (SAMPLES, side, side, 1)).astype("float32")
        head, loss = {"filters": 1, "kernel_size": 1, "activation": "sigmoid"}, '"binary_crossentropy"'
    else:
        y = rng.integers(0, 4, (SAMPLES, side, side)).astype("int64")
        head, loss = {"filters": 4, "kernel_size": 1, "activation": "softmax"}, '"sparse_categorical_crossentropy"'
    return Program((*before, ("Conv2D", head)), x.shape[1:], loss, x, y)


def _forecast(draw: random.Random, rng: Any) -> Program:
    steps, features, horizon = draw.randint(6, 9), draw.randint(2, 4), draw.randint(2, 4)
    x = rng.normal(size=(SAMPLES, steps, features)).astype("float32")
    layers = (
        ("LSTM", {"units": 6}),
        ("RepeatVector", {"n": horizon}),
        ("LSTM", {"units": 5, "return_sequences": True}),
        ("Dense", {"units": features}),
    )
    return Program(layers, x.shape[1:], '"mse"', x, rng.normal(size=(SAMPLES, horizon, features)).astype("float32"))


def _classifier(draw: random.Random, rng: Any) -> Program:
    """Pictures of bytes, scaled in the model, with logits or without."""
    classes, side = draw.randint(3, 6), draw.choice([16, 20])
    x = rng.integers(0, 256, (SAMPLES, side, side, 3)).astype("uint8")
    logits = draw.random() < 0.5
    loss = "losses.SparseCategoricalCrossentropy(from_logits=True)" if logits else '"sparse_categorical_crossentropy"'
    layers = (
        ("Rescaling", {"scale": 1 / 255}),
        ("Conv2D", {"filters": 4, "kernel_size": 3, "activation": "relu"}),
        ("MaxPooling2D", {"pool_size": 2}),
        ("Conv2D", {"filters": 6, "kernel_size": 3, "activation": "relu"}),
        ("Flatten", {}),
        ("Dense", {"units": 8, "activation": "relu"}),
        ("Dense", {"units": classes, "activation": None if logits else "softmax"}),
    )
    y = np.concatenate([np.arange(classes), rng.integers(0, classes, SAMPLES - classes)]).astype("int64")
    return Program(layers, x.shape[1:], loss, x, y, metrics=('"accuracy"',))


def _text(draw: random.Random, rng: Any) -> Program:
    size, steps = draw.randint(12, 30), draw.randint(5, 8)
    x = rng.integers(0, size, (SAMPLES, steps)).astype("int32")
    layers = (
        ("Embedding", {"input_dim": size, "output_dim": 4}),
        ("Bidirectional", {"layer": _Code("layers.LSTM(3, return_sequences=True)")}),
        ("GlobalMaxPooling1D", {}),
        ("Dense", {"units": 1, "activation": "sigmoid"}),
    )
    y = rng.integers(0, 2, (SAMPLES, 1)).astype("float32")
    return Program(layers, x.shape[1:], '"binary_crossentropy"', x, y, dtype="int32", metrics=('"accuracy"',))


class _Code(str):
    """A value that is code."""

    __repr__ = str.__str__


KINDS: Final[tuple[Callable[..., Program], ...]] = (_autoencoder, _segmentation, _forecast, _classifier, _text)
