import argparse

import keras
import numpy as np
from keras import layers
from keras.utils import to_categorical
from sklearn.datasets import load_digits

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=2)
parser.add_argument("--policy", default="mixed_float16")
args = parser.parse_args()

keras.utils.set_random_seed(6)
keras.mixed_precision.set_global_policy(args.policy)

d = load_digits()
x = np.asarray(d.images, dtype="float32")[..., None] / 16
y = to_categorical(d.target, num_classes=10)
x_train, y_train, x_val, y_val = x[:600], y[:600], x[600:800], y[600:800]

model = keras.Sequential(
    [
        layers.Input((8, 8, 1)),
        layers.Conv2D(16, 3, activation="relu"),
        layers.BatchNormalization(),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(32, activation="relu"),
        layers.Dropout(0.25),
        layers.Dense(10),
        layers.Activation("softmax", dtype="float32"),  # probabilities are too fine for float16
    ]
)
model.compile(
    loss="categorical_crossentropy",
    optimizer=keras.optimizers.Adam(2e-3),
    metrics=["accuracy"],
)
history = model.fit(x_train, y_train, batch_size=50, epochs=args.epochs, validation_data=(x_val, y_val), verbose=0)
print("compute", model.layers[0].compute_dtype, "output", model.predict(x_val[:2], verbose=0).dtype)
print("loss fell:", history.history["loss"][-1] < history.history["loss"][0])
print("better than chance:", history.history["val_accuracy"][-1] > 0.12)
