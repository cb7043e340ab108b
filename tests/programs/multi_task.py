"""One picture, three questions: which digit, is it odd, how much ink."""

import keras
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


def make_model():
    image = keras.Input(shape=(8, 8, 1), name="image")
    x = keras.layers.Conv2D(16, (3, 3), activation="relu", padding="same")(image)
    x = keras.layers.MaxPooling2D((2, 2))(x)
    x = keras.layers.Flatten()(x)
    shared = keras.layers.Dense(32, activation="relu")(x)

    digit = keras.layers.Dense(10, activation="softmax", name="digit")(shared)
    odd = keras.layers.Dense(1, activation="sigmoid", name="odd")(shared)
    ink = keras.layers.Dense(1, name="ink")(keras.layers.Dense(8, activation="relu")(shared))
    return keras.Model(image, {"digit": digit, "odd": odd, "ink": ink})


def targets(labels, pictures):
    return {
        "digit": labels,
        "odd": labels % 2,
        "ink": pictures.mean(axis=(1, 2, 3)),
    }


def main():
    keras.utils.set_random_seed(8)
    raw = load_digits()
    pictures = (raw.images[..., np.newaxis] / 16).astype(np.float32)
    x_train, x_test, y_train, y_test = train_test_split(pictures, raw.target, test_size=400, random_state=0)

    model = make_model()
    model.compile(
        optimizer="adam",
        loss={
            "digit": "sparse_categorical_crossentropy",
            "odd": "binary_crossentropy",
            "ink": "mse",
        },
        loss_weights={"digit": 1.0, "odd": 0.5, "ink": 2.0},
        metrics={"digit": ["accuracy"], "odd": ["accuracy"], "ink": ["mae"]},
    )
    model.fit(x_train, targets(y_train, x_train), epochs=2, batch_size=64, verbose=0)
    scores = model.evaluate(x_test, targets(y_test, x_test), return_dict=True, verbose=0)
    for name in sorted(scores):
        print(name, "%.2f" % scores[name])
    answers = model.predict(x_test[:3], verbose=0)
    print({name: value.shape for name, value in sorted(answers.items())})


if __name__ == "__main__":
    main()
