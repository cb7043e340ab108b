"""House prices from numbers and a picture: two inputs, sample weights, callbacks."""

import tempfile
from pathlib import Path

import keras
import numpy as np
from keras import callbacks, layers, models

keras.utils.set_random_seed(30)
rng = np.random.default_rng(30)
N = 320
numbers = rng.normal(size=(N, 5))
pictures = rng.random((N, 12, 12, 3)).astype("float32")
price = 2 * numbers[:, 0] - numbers[:, 1] + 5 * pictures[..., 0].mean(axis=(1, 2)) + rng.normal(0, 0.1, N)
price = ((price - price.mean()) / price.std()).reshape(-1, 1)
recent = rng.uniform(0.2, 1.0, N)  # older sales count less

table_in = layers.Input((5,), name="numbers")
table = layers.Dense(16, activation="gelu")(table_in)

image_in = layers.Input((12, 12, 3), name="picture")
image = layers.Conv2D(8, 3, strides=2, activation="gelu")(image_in)
image = layers.GlobalMaxPooling2D()(image)

joint = layers.Concatenate()([table, image])
joint = layers.Dense(16, activation="gelu")(joint)
price_out = layers.Dense(1, name="price")(joint)
net = models.Model(inputs=[table_in, image_in], outputs=price_out)


class Watch(callbacks.Callback):
    seen = 0

    def on_train_batch_end(self, batch, logs=None):
        self.seen += 1


watch = Watch()
with tempfile.TemporaryDirectory() as folder:
    best = Path(folder) / "best.weights.h5"
    net.compile(keras.optimizers.AdamW(5e-3), loss="mean_squared_error", weighted_metrics=["mae"])
    result = net.fit(
        [numbers[:256], pictures[:256]],
        price[:256],
        sample_weight=recent[:256],
        validation_data=([numbers[256:], pictures[256:]], price[256:], recent[256:]),
        batch_size=32,
        epochs=3,
        callbacks=[
            watch,
            callbacks.EarlyStopping(patience=3),
            callbacks.ReduceLROnPlateau(patience=1),
            callbacks.ModelCheckpoint(str(best), save_best_only=True, save_weights_only=True),
        ],
        verbose=0,
    )
    net.load_weights(str(best))

print("steps:", watch.seen)
print("losses:", [round(v, 3) for v in result.history["loss"]])
print("estimates:", net.predict({"numbers": numbers[:7], "picture": pictures[:7]}, verbose=0).shape)
