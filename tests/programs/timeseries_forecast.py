"""Tomorrow's temperature from the last day's, by a stack of recurrent layers."""

import logging

import keras
import numpy as np
from keras.layers import GRU, LSTM, Dense, Dropout
from keras.models import Sequential

logging.basicConfig(level=logging.INFO, format="%(message)s")
keras.utils.set_random_seed(2)

hours = np.arange(600)
rng = np.random.default_rng(2)
temperature = 10 + 5 * np.sin(2 * np.pi * hours / 24) + rng.normal(0, 0.5, hours.size)
pressure = 1000 + 10 * np.cos(2 * np.pi * hours / 100) + rng.normal(0, 1, hours.size)
series = np.stack([temperature, pressure], axis=1)

split = 480
mean, std = series[:split].mean(0), series[:split].std(0)
series = (series - mean) / std

WINDOW, DELAY = 24, 24


def windows(start, stop, shuffle):
    return keras.utils.timeseries_dataset_from_array(
        data=series[start : stop - DELAY],
        targets=series[start + WINDOW + DELAY - 1 : stop, 0],
        sequence_length=WINDOW,
        batch_size=32,
        shuffle=shuffle,
        seed=0 if shuffle else None,
    )


train, test = windows(0, split, True), windows(split, len(series), False)

model = Sequential()
model.add(LSTM(16, return_sequences=True, input_shape=(WINDOW, 2)))
model.add(Dropout(0.1))
model.add(GRU(16))
model.add(Dense(1))
model.compile(optimizer="rmsprop", loss="mse", metrics=["mae"])

history = model.fit(train, epochs=2, validation_data=test, verbose=0)
print("mse", np.round(history.history["loss"], 2))
print("mae in degrees", round(history.history["val_mae"][-1] * float(std[0]), 1))
print("forecasts", model.predict(test, verbose=0).shape)
