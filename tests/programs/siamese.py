"""Two pictures in, one number out: are they the same digit?"""

from typing import Tuple

import numpy as np
from keras import Input, Model, Sequential, ops, utils
from keras.layers import Conv2D, Dense, Flatten, Lambda, MaxPool2D
from sklearn.datasets import load_digits

utils.set_random_seed(11)


def make_pairs(x: np.ndarray, y: np.ndarray, n: int) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2)
    by_class = [np.flatnonzero(y == digit) for digit in range(10)]
    left, right, same = [], [], []
    for i in range(n):
        a = rng.integers(10)
        b = a if i % 2 == 0 else (a + rng.integers(1, 10)) % 10
        left.append(x[rng.choice(by_class[a])])
        right.append(x[rng.choice(by_class[b])])
        same.append(1.0 if a == b else 0.0)
    labels = np.array(same, dtype="float32").reshape(-1, 1)
    return np.stack(left), np.stack(right), labels


data = load_digits()
x = (data.images / 16.0).astype("float32")[..., None]
left, right, same = make_pairs(x, data.target, 600)

encoder = Sequential(
    [
        Input((8, 8, 1)),
        Conv2D(16, 3, activation="relu"),
        MaxPool2D(),
        Flatten(),
        Dense(16),
    ],
    name="encoder",
)

image_a = Input((8, 8, 1), name="a")
image_b = Input((8, 8, 1), name="b")
code_a, code_b = encoder(image_a), encoder(image_b)  # one set of weights
distance = Lambda(lambda codes: ops.abs(codes[0] - codes[1]), output_shape=(16,))([code_a, code_b])
siamese = Model([image_a, image_b], Dense(1, activation="sigmoid")(distance))

siamese.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
fitted = siamese.fit({"a": left[:500], "b": right[:500]}, same[:500], epochs=2, verbose=0)
loss, acc = siamese.evaluate([left[500:], right[500:]], same[500:], verbose=0)
print(f"train {fitted.history['loss'][-1]:.3f}, test {loss:.3f}, accuracy {acc:.2f}")
print("same code:", bool(np.allclose(encoder.predict(x[:1], verbose=0), encoder(x[:1]))))
