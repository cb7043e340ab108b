"""Programs as people write them, each with three mistakes, one at a time: what stands there, and what stood there."""

from __future__ import annotations

LISTED = """\
\"\"\"Digits.\"\"\"

import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(0)
images = rng.integers(0, 256, size=(64, 8, 8, 1)).astype("uint8")
labels = np.arange(64) % 10

model = keras.Sequential(
    [
        keras.Input((8, 8, 1), name="image"),
        layers.Rescaling(1 / 255),  # bytes
        layers.Conv2D(4, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(10, activation="softmax", name="digit"),  # one for each
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(images, labels, verbose=0)  # briefly
"""

ADDED = """\
import numpy as np
from tensorflow.keras.layers import LSTM, Dense, Input
from tensorflow.keras.models import Sequential

steps = np.random.default_rng(0).normal(size=(32, 12, 4)).astype("float32")
targets = steps[..., 0].sum(axis=1)[:, None]

model = Sequential()
model.add(Input((12, 4)))
model.add(LSTM(8, return_sequences=True))
model.add(LSTM(8))

# one number for each sequence
model.add(Dense(1))
model.compile(optimizer="adam", loss="mse", metrics=["mae"])
model.fit(steps, targets, epochs=1, verbose=0)
"""

CALLED = """\
import tensorflow as tf


def data():
    images = tf.random.uniform((16, 8, 8, 3), 0, 256, dtype=tf.int32, seed=1)
    labels = tf.constant([0, 1] * 8)
    ds = tf.data.Dataset.from_tensor_slices((tf.cast(images, tf.uint8), labels[:, None]))
    return ds.map(lambda x, y: (tf.cast(x, tf.float32) / 255, y)).batch(8)


def network():
    image = tf.keras.Input((8, 8, 3), name="image")
    x = tf.keras.layers.Conv2D(4, 3, activation="relu", name="conv")(image)
    x = tf.keras.layers.GlobalAveragePooling2D(name="pool")(x)
    return tf.keras.Model(image, tf.keras.layers.Dense(1, activation="sigmoid", name="cat")(x))


def main():
    train = data()
    model = network()
    model.compile(
        tf.keras.optimizers.Adam(0.01),
        loss="binary_crossentropy",  # cats and dogs
        metrics=["accuracy"],
    )
    model.fit(train, epochs=1, verbose=0)


if __name__ == "__main__":
    main()
"""

SUBCLASSED = """\
import keras
import numpy as np
from keras import layers


class Classifier(keras.Model):
    def __init__(self):
        super().__init__()
        self.features = layers.Conv2D(4, 3, activation="relu")
        self.flat = layers.Flatten()
        self.head = layers.Dense(3, activation="softmax", name="head")

    def call(self, x):
        x = self.features(x)
        return self.head(self.flat(x))


x = np.random.default_rng(0).random((30, 8, 8, 1), dtype="float32")
y = np.arange(30) % 3
model = Classifier()
model.compile("adam", loss=keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
model.fit(x, y, verbose=0)
model.evaluate(x, y, verbose=0)
"""

TEXTS = """\
import numpy as np
from typedlayers import keras, layers

ids = np.arange(640).reshape(32, 20) % 50
y = (np.arange(32) % 2).astype("float32")
model = keras.Sequential([keras.Input((20,), dtype="int32"), layers.Embedding(50, 8), layers.GlobalAveragePooling1D(),
                          layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
model.fit(ids, y, verbose=0)
"""

SPLIT = """\
import keras
import numpy as np
from keras import layers
from sklearn.model_selection import train_test_split

rng = np.random.default_rng(0)
rows, kinds = rng.normal(size=(40, 6)).astype("float32"), np.arange(40) % 3
x_train, x_test, y_train, y_test = train_test_split(rows, kinds, test_size=0.2, random_state=1)


def batches(x, y):
    while True:
        for start in range(0, len(x), 8):
            yield x[start : start + 8], y[start : start + 8]


model = keras.Sequential([keras.Input((6,)), layers.Dense(8, activation="relu"), layers.Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(x_train, y_train, validation_data=(x_test, y_test), verbose=0)
model.fit(batches(x_train, y_train), steps_per_epoch=4, verbose=0)
"""

UNPACKED = """\
import keras
import numpy as np
from keras import layers

x = np.random.default_rng(0).random((24, 12, 12, 1), dtype="float32")
y = np.arange(24) % 2
window = (3, 1)

image = keras.Input((12, 12, 1))
first = layers.Conv2D(4, *window, padding="same", name="first")(image)
second = layers.Conv2D(4, *window, padding="same", name="second")(first)
pooled = layers.GlobalAveragePooling2D()(layers.Add(name="sum")([first, second]))
model = keras.Model(image, layers.Dense(2, activation="softmax")(pooled))
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(x, y, verbose=0)
"""

PROGRAMS = {
    # name: program, then (mistake, what stood there, what stands there)
    "listed": (
        LISTED,
        ("raw bytes", "        layers.Rescaling(1 / 255),  # bytes\n", ""),
        ("no flatten", "        layers.Flatten(),\n", ""),
        ("too few units", "Dense(10,", "Dense(7,"),
    ),
    "added": (
        ADDED,
        ("one step only", "LSTM(8, return_sequences=True)", "LSTM(8)"),
        ("every step", "model.add(LSTM(8))", "model.add(LSTM(8, return_sequences=True))"),
        ("another metric", '"mae"', '"accuracy"'),
    ),
    "called": (
        CALLED,
        ("not batched", "y)).batch(8)", "y))"),
        ("no pooling", '    x = tf.keras.layers.GlobalAveragePooling2D(name="pool")(x)\n', ""),
        ("softmax of one", 'activation="sigmoid"', 'activation="softmax"'),
    ),
    "subclassed": (
        SUBCLASSED,
        ("labels from one", "y = np.arange(30) % 3", "y = np.arange(30) % 3 + 1"),
        ("logits twice", "Crossentropy()", "Crossentropy(from_logits=True)"),
        ("no flatten", "self.head(self.flat(x))", "self.head(x)"),
    ),
    "texts": (
        TEXTS,
        ("a small table", "Embedding(50, 8)", "Embedding(40, 8)"),
        ("targets in -1 and 1", '.astype("float32")', '.astype("float32") * 2 - 1'),
        ("linear", 'layers.Dense(1, activation="sigmoid")', "layers.Dense(1)"),
    ),
    "split": (
        SPLIT,
        ("parts in another order", "x_train, x_test, y_train, y_test =", "x_train, y_train, x_test, y_test ="),
        ("no targets to validate with", "validation_data=(x_test, y_test)", "validation_data=x_test"),
        (
            "one sample at a time",
            "        for start in range(0, len(x), 8):\n            yield x[start : start + 8], y[start : start + 8]\n",
            "        yield from zip(x, y)\n",
        ),
    ),
    "unpacked": (
        UNPACKED,
        ("a window without padding", '*window, padding="same", name="second"', '*window, name="second"'),
        (
            "too few filters",
            'Conv2D(4, *window, padding="same", name="second")',
            'Conv2D(3, *window, padding="same", name="second")',
        ),
        ("fewer units", "Dense(2,", "Dense(1,"),
    ),
}


def broken() -> dict[str, str]:
    """Every program with one mistake, by the program's and the mistake's name."""
    found = {}
    for name, (source, *mistakes) in PROGRAMS.items():
        for mistake, right, wrong in mistakes:
            assert source.count(right) == 1, (name, mistake)
            found[f"{name}: {mistake}"] = source.replace(right, wrong)
    return found
