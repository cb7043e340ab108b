"""Finds odd digits: a subclassed autoencoder learns zeros and is shown the rest."""

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from tensorflow.keras import losses
from tensorflow.keras.layers import BatchNormalization, Dense, Dropout
from tensorflow.keras.models import Model

tf.random.set_seed(0)
tf.keras.utils.set_random_seed(0)


class Autoencoder(Model):
    def __init__(self, width, code):
        super().__init__()
        self.encoder = tf.keras.Sequential([Dense(32, activation="relu"), BatchNormalization(), Dense(code)])
        self.decoder = tf.keras.Sequential([Dense(32, activation="relu"), Dense(width, activation="sigmoid")])
        self.noise = Dropout(0.1)

    def encode(self, x, training=None):
        return self.encoder(self.noise(x, training=training), training=training)

    def call(self, x, training=None):
        return self.decoder(self.encode(x, training=training), training=training)


x, y = load_digits(return_X_y=True)
x = (x / 16).astype("float32")
zeros, others = x[y == 0], x[y != 0]

autoencoder = Autoencoder(width=64, code=4)
autoencoder.compile(optimizer="adam", loss=losses.MeanAbsoluteError())
history = autoencoder.fit(zeros, zeros, epochs=8, batch_size=32, validation_data=(others, others), verbose=0)

error = losses.mae(zeros, autoencoder.predict(zeros, verbose=0)).numpy()
threshold = error.mean() + error.std()
strange = losses.mae(others, autoencoder(others)).numpy() > threshold
print("loss %.2f" % history.history["loss"][-1])
print("more strange than not:", bool(strange.mean() > 0.5))
print("codes:", autoencoder.encode(zeros[:3]).shape)
