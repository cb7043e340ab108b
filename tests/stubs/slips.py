"""A dozen slips, one a line; each is marked with what is slipped. `tests/stubs/test_editors.py` reads it."""

import typedlayers as tl
from typedlayers import keras, layers

model = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10)])
layers.Dense(10, activaton="relu")  # slip: keyword
layers.Dens(10)  # slip: class
model.comple("adam", "mse")  # slip: method
layers.Conv2D(8, 3, padding="sme")  # slip: a text that is no padding
layers.Conv2D(8)  # slip: a missing argument
layers.Dense("10")  # slip: type
layers.LSTM(8, return_sequences="yes")  # slip: type
keras.layers.Dropout(rate="half")  # slip: type
model.fit([0], [0], epoch=3)  # slip: keyword
model.compile("adam", los="mse")  # slip: keyword
keras.Sequential([], dim={"time": 3})  # slip: keyword
tl.chek(model)  # slip: function
