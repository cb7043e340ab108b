"""Encoder and decoder of a small transformer, trained to reverse sentences of unequal length."""

import keras
import numpy as np
from keras import layers, ops

VOCAB, LENGTH, DIM, BATCH = 20, 12, 32, 12
PAD, START = 0, 1

keras.utils.set_random_seed(42)


class PositionalEmbedding(layers.Layer):
    def __init__(self, length, vocab, dim, **kwargs):
        super().__init__(**kwargs)
        self.tokens = layers.Embedding(vocab, dim)
        self.positions = layers.Embedding(length, dim)

    def call(self, ids):
        return self.tokens(ids) + self.positions(ops.arange(ids.shape[1]))


class EncoderBlock(layers.Layer):
    def __init__(self, dim, heads, **kwargs):
        super().__init__(**kwargs)
        self.attention = layers.MultiHeadAttention(heads, dim // heads)
        self.feed_forward = keras.Sequential([layers.Dense(2 * dim, activation="relu"), layers.Dense(dim)])
        self.norm_1 = layers.LayerNormalization()
        self.norm_2 = layers.LayerNormalization()

    def call(self, x, keep):
        x = self.norm_1(x + self.attention(x, x, attention_mask=keep))
        return self.norm_2(x + self.feed_forward(x))


class DecoderBlock(layers.Layer):
    def __init__(self, dim, heads, **kwargs):
        super().__init__(**kwargs)
        self.self_attention = layers.MultiHeadAttention(heads, dim // heads)
        self.cross_attention = layers.MultiHeadAttention(heads, dim // heads)
        self.feed_forward = keras.Sequential([layers.Dense(2 * dim, activation="relu"), layers.Dense(dim)])
        self.norm_1 = layers.LayerNormalization()
        self.norm_2 = layers.LayerNormalization()
        self.norm_3 = layers.LayerNormalization()

    def call(self, x, memory, keep_memory):
        x = self.norm_1(x + self.self_attention(x, x, use_causal_mask=True))
        x = self.norm_2(x + self.cross_attention(x, memory, attention_mask=keep_memory))
        return self.norm_3(x + self.feed_forward(x))


class PaddingMask(layers.Layer):
    """True where there is a token, with an axis for the queries."""

    def call(self, ids):
        keep = ops.not_equal(ids, PAD)
        return keep[:, None, :]


source = keras.Input((LENGTH,), dtype="int32", name="source")
target = keras.Input((LENGTH,), dtype="int32", name="target")
keep = PaddingMask()(source)

memory = PositionalEmbedding(LENGTH, VOCAB, DIM)(source)
for _ in range(1):
    memory = EncoderBlock(DIM, 4)(memory, keep)

x = PositionalEmbedding(LENGTH, VOCAB, DIM)(target)
for _ in range(1):
    x = DecoderBlock(DIM, 4)(x, memory, keep)
logits = layers.Dense(VOCAB)(x)
model = keras.Model([source, target], logits, name="transformer")


def masked_loss(y_true, y_pred):
    loss = keras.losses.sparse_categorical_crossentropy(y_true, y_pred, from_logits=True)
    weight = ops.cast(ops.not_equal(y_true, PAD), loss.dtype)
    return ops.sum(loss * weight) / ops.sum(weight)


def sentences(n, rng):
    src = np.zeros((n, LENGTH), "int32")
    out = np.zeros((n, LENGTH), "int32")
    for row in range(n):
        size = rng.integers(3, LENGTH)
        words = rng.integers(2, VOCAB, size)
        src[row, :size] = words
        out[row, :size] = words[::-1]
    shifted = np.zeros_like(out)
    shifted[:, 0] = START
    shifted[:, 1:] = out[:, :-1]
    return src, shifted, out


src, shifted, out = sentences(240, np.random.default_rng(0))
model.compile(keras.optimizers.Adam(2e-3), loss=masked_loss)
history = model.fit([src, shifted], out, batch_size=BATCH, epochs=2, verbose=0)

print("logits", model.output_shape)
print("loss fell:", history.history["loss"][-1] < history.history["loss"][0])
print("loss", round(history.history["loss"][-1], 3))
print("predictions", model.predict([src[:BATCH], shifted[:BATCH]], verbose=0).argmax(-1).shape)
