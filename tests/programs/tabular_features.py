"""Structured data with strings and numbers: one input per column, preprocessing inside the model."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(3)
rng = np.random.default_rng(3)
n = 500

JOBS = np.array(["nurse", "teacher", "clerk", "farmer"])
columns = {
    "age": rng.integers(18, 70, n).astype("float32"),
    "hours": rng.normal(38, 8, n).clip(5, 80).astype("float32"),
    "job": JOBS[rng.integers(0, 4, n)],
    "region": rng.integers(1, 6, n),
}
income = (columns["age"] / 70 + columns["hours"] / 80 + (columns["job"] == "nurse") * 0.5 > 1.3).astype("int64")


def dataframe_to_dataset(frame, labels, shuffle=True):
    features = {
        "age": frame["age"],
        "hours": frame["hours"],
        "job": frame["job"],
        "region": frame["region"],
    }
    ds = tf.data.Dataset.from_tensor_slices((features, labels))
    if shuffle:
        ds = ds.shuffle(len(labels), seed=0)
    return ds.batch(32)


train = {k: v[:400] for k, v in columns.items()}
test = {k: v[400:] for k, v in columns.items()}
train_ds = dataframe_to_dataset(train, income[:400])
test_ds = dataframe_to_dataset(test, income[400:], shuffle=False)

inputs = {
    "age": keras.Input((1,), name="age"),
    "hours": keras.Input((1,), name="hours"),
    "job": keras.Input((1,), name="job", dtype="string"),
    "region": keras.Input((1,), name="region", dtype="int64"),
}
encoded = []
for name in ("age", "hours"):
    normalizer = layers.Normalization(axis=None)
    normalizer.adapt(train[name])
    encoded.append(normalizer(inputs[name]))
job_lookup = layers.StringLookup(output_mode="one_hot")
job_lookup.adapt(train["job"])
encoded.append(job_lookup(inputs["job"]))
region_lookup = layers.IntegerLookup(output_mode="one_hot")
region_lookup.adapt(train["region"])
encoded.append(region_lookup(inputs["region"]))

x = layers.concatenate(encoded)
x = layers.Dense(16, activation="relu")(x)
x = layers.Dropout(0.2)(x)
model = keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x))
model.compile("adam", "binary_crossentropy", metrics=["accuracy", keras.metrics.AUC(name="auc")])
history = model.fit(train_ds, epochs=3, validation_data=test_ds, verbose=0)
print("vocabulary:", job_lookup.get_vocabulary())
print("loss:", round(history.history["loss"][-1], 3))
person = {
    "age": tf.constant([[41.0]]),
    "hours": tf.constant([[40.0]]),
    "job": tf.constant([["nurse"]]),
    "region": tf.constant([[2]], dtype=tf.int64),
}
print("one person:", model.predict(person, verbose=0).shape)
