"""U-Net that finds discs in noisy pictures."""

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.keras.models import Model

tf.keras.utils.set_random_seed(7)
SIZE = 32


def make_data(n, seed):
    rng = np.random.default_rng(seed)
    yy, xx = np.mgrid[:SIZE, :SIZE]
    images = rng.random((n, SIZE, SIZE, 1)).astype("float32") * 0.5
    masks = np.zeros((n, SIZE, SIZE, 1), dtype="uint8")
    for i in range(n):
        cy, cx, r = rng.integers(8, 24), rng.integers(8, 24), rng.integers(4, 8)
        disc = (yy - cy) ** 2 + (xx - cx) ** 2 <= r**2
        images[i, disc] += 0.5
        masks[i, disc] = 1
    return images, masks


def conv_block(x, filters):
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)


def build_unet(input_shape=(SIZE, SIZE, 1), widths=(8, 16)):
    inputs = layers.Input(input_shape)
    x, skips = inputs, []
    for width in widths:
        x = conv_block(x, width)
        skips.append(x)
        x = layers.MaxPooling2D()(x)
    x = conv_block(x, 2 * widths[-1])
    x = layers.SpatialDropout2D(0.1)(x)
    for width, skip in zip(reversed(widths), reversed(skips)):
        x = layers.Conv2DTranspose(width, 2, strides=2, padding="same")(x)
        x = layers.concatenate([x, skip])
        x = conv_block(x, width)
    outputs = layers.Conv2D(1, 1, activation="sigmoid", name="mask")(x)
    return Model(inputs, outputs, name="unet")


def dice(y_true, y_pred):
    y_true = tf.cast(y_true, tf.float32)
    overlap = tf.reduce_sum(y_true * y_pred)
    return (2 * overlap + 1) / (tf.reduce_sum(y_true) + tf.reduce_sum(y_pred) + 1)


images, masks = make_data(80, seed=0)
train = tf.data.Dataset.from_tensor_slices((images[:64], masks[:64]))
train = train.shuffle(64, seed=1).batch(16).prefetch(tf.data.AUTOTUNE)
valid = tf.data.Dataset.from_tensor_slices((images[64:], masks[64:])).batch(16)

unet = build_unet()
unet.compile(
    optimizer=tf.keras.optimizers.Adam(1e-2),
    loss="binary_crossentropy",
    metrics=[dice, tf.keras.metrics.BinaryIoU(target_class_ids=[1], name="iou")],
)
hist = unet.fit(train, validation_data=valid, epochs=2, verbose=0)
print("parameters:", unet.count_params())
print("loss:", [round(v, 2) for v in hist.history["loss"]])
print("keys:", sorted(hist.history))
print("predicted:", unet.predict(valid, verbose=0).shape)
