"""Right and wrong programs on the backend of ``KERAS_BACKEND``; prints the codes of each as JSON.

It runs in a process of its own, in which TensorFlow cannot be imported.
"""

from __future__ import annotations

import json
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np

import typedlayers as tl
from typedlayers import layers
from typedlayers.bridge.marks import mark_of
from typedlayers.errors import raise_faults

ops: Any = keras.ops
DRAW = np.random.default_rng(0)
PHOTOS = DRAW.random((16, 12, 12, 1)).astype("float32")
BYTES = DRAW.integers(0, 256, (16, 12, 12, 1)).astype("uint8")
LABELS = np.arange(16) % 10
IDS = np.arange(8).reshape(2, 4)


def net(
    home: Any = layers, make: Any = tl.Sequential, loss: str = "sparse_categorical_crossentropy", **more: Any
) -> Any:
    keras.utils.set_random_seed(1)
    parts = [home.Conv2D(4, 3, activation="relu"), home.Flatten(), home.Dense(10, activation="softmax")]
    model = make([keras.Input((12, 12, 1)), *parts], **more)
    model.compile("adam", loss)
    return model


def reader(*front: Any) -> Any:
    model = tl.Sequential(
        [tl.Input((4,), dtype="int32"), layers.Embedding(9, 3, mask_zero=True), *front, layers.LSTM(3)]
    )
    model.compile("sgd", "mse")
    return model


class Batches(keras.utils.PyDataset):
    """One batch, twice."""

    def __init__(self, x: Any, y: Any) -> None:
        super().__init__()
        self.batch = x, y

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> Any:
        return self.batch


def generator(x: Any, y: Any) -> Iterator[Any]:
    for _ in range(2):
        yield x, y


class Head(tl.Layer):
    """A layer of one's own."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = layers.Dense(10)

    def call(self, x: Any) -> Any:
        return self.dense(ops.reshape(x, (ops.shape(x)[0], -1)))


class Subclassed(tl.Model):
    """A model of one's own."""

    def __init__(self) -> None:
        super().__init__()
        self.head = Head()

    def call(self, x: Any) -> Any:
        return self.head(x)


def fitted(model: Any, x: Any, y: Any = None, **named: Any) -> Any:
    model.fit(x, y, verbose=0, **named)
    return model


def subclassed(loss: Any, y: Any) -> Any:
    model = Subclassed()
    model.compile("sgd", loss)
    return fitted(model, PHOTOS, y)


def saved(model: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        again = tl.load_model(path)
    np.testing.assert_array_equal(model.predict(BYTES, verbose=0), again.predict(BYTES, verbose=0))


def layer_gets_doubles() -> Any:
    return layers.Dense(3)(ops.ones((2, 4), dtype="float64"))


RIGHT: dict[str, Callable[[], Any]] = {
    "fit": lambda: fitted(net(), PHOTOS, LABELS, validation_data=(PHOTOS, LABELS)),
    "fit, tensors": lambda: fitted(net(), ops.convert_to_tensor(PHOTOS), ops.convert_to_tensor(LABELS)),
    "fit, generator": lambda: fitted(net(), generator(PHOTOS, LABELS)),
    "fit, PyDataset": lambda: fitted(net(), Batches(PHOTOS, LABELS), validation_data=Batches(PHOTOS, LABELS)),
    "evaluate": lambda: net().evaluate(PHOTOS, LABELS, verbose=0),
    "predict": lambda: net().predict(PHOTOS, verbose=0),
    "on one batch": lambda: (net().train_on_batch(PHOTOS, LABELS), net().test_on_batch(PHOTOS, LABELS)),
    "call": lambda: net()(PHOTOS),
    "check": lambda: tl.check(net(), PHOTOS, targets=LABELS).raise_for_errors(),
    "ids": lambda: fitted(reader(), IDS, np.zeros((2, 3))),
    "integers into Dense": lambda: layers.Dense(3)(ops.ones((2, 4), dtype="int32")),
    "integers into PReLU": lambda: layers.PReLU()(ops.ones((2, 4), dtype="int32")),  # TensorFlow's kernel takes none
    "integers into LSTM": lambda: layers.LSTM(3)(ops.ones((2, 4, 3), dtype="int32")),
    "subclassed": lambda: subclassed("mse", np.eye(10)[LABELS]),
    "a layer alone": lambda: layers.LSTM(3)(ops.ones((2, 4, 3))),
    "lenient, bytes": lambda: saved(fitted(net(mode="lenient"), BYTES, LABELS)),
    "lenient, bytes of a PyDataset": lambda: fitted(net(mode="lenient"), Batches(BYTES, LABELS)),
}

WRONG: dict[str, tuple[Callable[[], Any], str]] = {
    "one-hot rows are needed": (lambda: fitted(net(loss="categorical_crossentropy"), PHOTOS, LABELS), "TL602"),
    "a class too many": (lambda: fitted(net(), PHOTOS, LABELS + 1), "TL606"),
    "raw bytes": (lambda: fitted(net(), BYTES, LABELS), "TL401"),
    "raw bytes, generator": (lambda: fitted(net(), generator(BYTES, LABELS)), "TL401"),
    "raw bytes, PyDataset": (lambda: fitted(net(), Batches(BYTES, LABELS)), "TL401"),
    "NaN": (lambda: fitted(net(), np.full_like(PHOTOS, np.nan), LABELS), "TL402"),
    "an id too large": (lambda: fitted(reader(), IDS + 5, np.zeros((2, 3))), "TL512"),
    "no channels": (lambda: tl.Sequential([tl.Input((28, 28)), layers.Conv2D(4, 3)]), "TL201"),
    "no batch": (lambda: layers.Conv2D(4, 3)(ops.ones((2, 4))), "TL201"),
    "8-bit sums": (lambda: layers.Add()([ops.ones((2, 4), dtype="uint8")] * 2), "TL305"),
    "subclassed, other targets": (lambda: subclassed("categorical_crossentropy", LABELS), "TL602"),
}


def codes(work: Callable[[], Any]) -> list[str]:
    """The codes of what is raised and of what is warned of; a fault of our own is raised."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", tl.ContractWarning)
        try:
            work()
        except tl.ContractError as error:
            return [one.code for one in error.diagnostics]
    told = [one.message for one in caught if isinstance(one.message, tl.ContractWarning)]
    return [one.code for warning in told for one in warning.diagnostics]


def trained(x: Any, y: Any = None, home: Any = layers, make: Any = tl.Sequential, **more: Any) -> Any:
    return np.concatenate([np.ravel(one) for one in fitted(net(home, make, **more), x, y).get_weights()])


def bits() -> dict[str, bool]:
    """Whether seeded training is equal to the last bit with that of plain Keras."""
    found: dict[str, bool] = {}
    for source in ("arrays", "PyDataset"):
        given = (PHOTOS, LABELS) if source == "arrays" else (Batches(PHOTOS, LABELS),)
        plain = trained(*given, home=keras.layers, make=keras.Sequential)
        for mode in ("strict", "lenient", "off"):
            found[f"{source}, {mode}"] = bool((trained(*given, mode=mode) == plain).all())
    return found


def marks() -> dict[str, bool]:
    """Whether a kept reading of weights holds: as they are, after an assignment, and read again."""
    model = net(layers, tl.Sequential)
    mark = mark_of(model)
    assert mark is not None
    found = {"as made": mark.holds}
    kernel = model.layers[0].kernel
    kernel.assign(kernel * 2)
    return {**found, "assigned": mark.holds, "read again": mark.again().holds}


if __name__ == "__main__":
    raise_faults()
    print(
        json.dumps(
            {
                "backend": keras.backend.backend(),
                "right": {name: codes(work) for name, work in RIGHT.items()},
                "wrong": {name: [codes(work), [code]] for name, (work, code) in WRONG.items()},
                "doubles": codes(layer_gets_doubles),
                "bits": bits(),
                "marks": marks(),
            }
        )
    )
