"""Tags every word of a sentence; padded words do not count."""

import keras
import numpy as np
from keras import layers as L

keras.utils.set_random_seed(14)
rng = np.random.default_rng(14)

tags = ["O", "PER", "LOC"]
names, places = range(2, 12), range(12, 22)
sentences = [rng.integers(2, 60, size=rng.integers(4, 15)).tolist() for _ in range(300)]
tagged = [[1 if w in names else 2 if w in places else 0 for w in s] for s in sentences]

MAXLEN = 16
pad = keras.utils.pad_sequences
X = pad(sentences, maxlen=MAXLEN, padding="post")
Y = pad(tagged, maxlen=MAXLEN, padding="post", value=0)
words_that_count = (X != 0).astype("float32")

inp = L.Input(shape=(MAXLEN,))
out = L.Embedding(60, 16, mask_zero=True)(inp)
out = L.SpatialDropout1D(0.1)(out)
out = L.Bidirectional(L.LSTM(16, return_sequences=True))(out)
out = L.TimeDistributed(L.Dense(len(tags), activation="softmax"))(out)
tagger = keras.Model(inp, out)
tagger.compile(
    optimizer="adam",
    loss="sparse_categorical_crossentropy",
    weighted_metrics=["accuracy"],
)
h = tagger.fit(X, Y, sample_weight=words_that_count, batch_size=30, epochs=2, verbose=0)
print("loss", round(h.history["loss"][-1], 3))
guess = tagger.predict(X[:2], verbose=0).argmax(axis=-1)
print(guess.shape, set(tags[t] for t in guess.ravel()) <= set(tags))
