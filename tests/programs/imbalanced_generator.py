"""Rare events, fed by a generator, with class weights."""

import numpy as np
import tensorflow as tf

keras = tf.keras
keras.utils.set_random_seed(12)

N_FEATURES, N_CLASSES = 6, 3
PRIORS = np.array([0.8, 0.15, 0.05])
CENTRES = np.random.RandomState(0).normal(size=(N_CLASSES, N_FEATURES))


def batches(batch_size, seed):
    rng = np.random.RandomState(seed)
    while True:
        event = rng.choice(N_CLASSES, size=batch_size, p=PRIORS)
        measured = CENTRES[event] + rng.normal(scale=0.7, size=(batch_size, N_FEATURES))
        yield measured, event


model = keras.models.Sequential(
    [
        keras.layers.Dense(16, activation="elu", kernel_regularizer=keras.regularizers.l2(1e-4)),
        keras.layers.GaussianNoise(0.1),
        keras.layers.Dense(N_CLASSES, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["sparse_categorical_accuracy"])
weights = {i: float(1 / (N_CLASSES * p)) for i, p in enumerate(PRIORS)}
train = tf.data.Dataset.from_generator(
    lambda: batches(32, seed=1),
    output_signature=(
        tf.TensorSpec(shape=(None, N_FEATURES), dtype=tf.float32),
        tf.TensorSpec(shape=(None,), dtype=tf.int32),
    ),
)
history = model.fit(
    train,
    steps_per_epoch=12,
    epochs=3,
    validation_data=next(batches(128, seed=2)),
    class_weight=weights,
    verbose=0,
)
print("losses", np.round(history.history["loss"], 3).tolist())
print("val", round(history.history["val_loss"][-1], 3))
result = model.evaluate(batches(64, seed=3), steps=2, verbose=0)
print("evaluate gives", len(result), "numbers")
