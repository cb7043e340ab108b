"""A backbone learned on one half of the digits is frozen, then tuned, for the other half. Pictures are uint8 RGB."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from sklearn.datasets import load_digits

keras.utils.set_random_seed(21)
bunch = load_digits()
pictures = np.repeat(np.repeat(bunch.images, 2, axis=1), 2, axis=2)
pictures = np.stack([pictures * 255 / 16] * 3, axis=-1).round().astype("uint8")
labels = bunch.target
low, high = labels < 5, labels >= 5


def make_backbone():
    inputs = keras.Input((16, 16, 3))
    x = layers.Conv2D(8, 3, padding="same", activation="relu")(inputs)
    x = layers.SeparableConv2D(16, 3, strides=2, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    x = layers.Conv2D(16, 3, strides=2, padding="same", activation="relu")(x)
    return keras.Model(inputs, x, name="backbone")


augment = keras.Sequential(
    [layers.RandomTranslation(0.1, 0.1), layers.RandomRotation(0.05)],
    name="augment",
)


def make_classifier(backbone):
    inputs = keras.Input((16, 16, 3), dtype="uint8")
    x = augment(inputs)
    x = layers.Rescaling(1 / 127.5, offset=-1)(x)
    x = backbone(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.1)(x)
    return keras.Model(inputs, layers.Dense(5, activation="softmax")(x))


def dataset(which, offset):
    ds = tf.data.Dataset.from_tensor_slices((pictures[which][:256], labels[which][:256] - offset))
    return ds.shuffle(256, seed=1).batch(32)


backbone = make_backbone()
first = make_classifier(backbone)
first.compile("adam", "sparse_categorical_crossentropy")
first.fit(dataset(low, 0), epochs=1, verbose=0)

backbone.trainable = False
second = make_classifier(backbone)
before = [w.copy() for w in backbone.get_weights()]
second.compile(keras.optimizers.Adam(1e-3), keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
second.fit(dataset(high, 5), epochs=1, verbose=0)
frozen = all(np.array_equal(a, b) for a, b in zip(before, backbone.get_weights()))
print("frozen:", frozen, "trainable:", len(second.trainable_weights))

backbone.trainable = True
second.compile(keras.optimizers.Adam(1e-4), keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
tuned = second.fit(dataset(high, 5), epochs=1, verbose=0)
print("tuned:", len(second.trainable_weights), "loss", round(tuned.history["loss"][0], 2))
