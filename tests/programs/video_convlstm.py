"""Where does the dot go next? ConvLSTM on little films from a PyDataset."""

import keras
import numpy as np
from keras import layers

FRAMES, SIZE = 4, 10


class Films(keras.utils.PyDataset):
    def __init__(self, batches, batch_size, seed, **kwargs):
        super().__init__(**kwargs)
        self.batches, self.batch_size, self.seed = batches, batch_size, seed

    def __len__(self):
        return self.batches

    def __getitem__(self, index):
        rng = np.random.default_rng([self.seed, index])
        film = np.zeros((self.batch_size, FRAMES + 1, SIZE, SIZE, 1), dtype="float32")
        for sample in range(self.batch_size):
            row, column = rng.integers(0, SIZE, 2)
            down, right = rng.integers(-1, 2, 2)
            for t in range(FRAMES + 1):
                film[sample, t, (row + t * down) % SIZE, (column + t * right) % SIZE] = 1.0
        return film[:, :-1], film[:, -1]


keras.utils.set_random_seed(4)
net = keras.Sequential(name="next_frame")
net.add(keras.Input((FRAMES, SIZE, SIZE, 1)))
net.add(layers.ConvLSTM2D(4, kernel_size=3, padding="same", return_sequences=True))
net.add(layers.BatchNormalization())
net.add(layers.ConvLSTM2D(4, kernel_size=3, padding="same"))
net.add(layers.Conv2D(1, 3, padding="same"))
net.compile(loss=keras.losses.BinaryCrossentropy(from_logits=True), optimizer="adam")

log = net.fit(Films(6, 16, seed=0), epochs=2, validation_data=Films(2, 16, seed=1), verbose=0)
print("loss", round(log.history["loss"][-1], 3), "val", round(log.history["val_loss"][-1], 3))
frame = net.predict(Films(1, 4, seed=2), verbose=0)
print("next frames", frame.shape)
