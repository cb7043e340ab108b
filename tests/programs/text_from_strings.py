# sentiment of short reviews; the model takes raw strings
import random

import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Bidirectional, Dense, Embedding, GRU, Input, TextVectorization
from tensorflow.keras.models import Sequential

SEED = 99
random.seed(SEED)
tf.keras.utils.set_random_seed(SEED)

GOOD = "great lovely superb funny touching brilliant".split()
BAD = "dull awful boring silly weak painful".split()
FILL = "the film was a bit and really story actors of in".split()


def review(words):
    text = random.choices(FILL, k=random.randint(3, 9)) + random.choices(words, k=random.randint(1, 3))
    random.shuffle(text)
    return " ".join(text).capitalize() + "!"


texts = [review(GOOD if i % 2 else BAD) for i in range(400)]
y = np.array([i % 2 for i in range(400)])

vectorize = TextVectorization(max_tokens=100, output_sequence_length=12)
vectorize.adapt(texts)

model = Sequential()
model.add(Input(shape=(1,), dtype=tf.string))
model.add(vectorize)
model.add(Embedding(input_dim=100, output_dim=8, mask_zero=True))
model.add(Bidirectional(GRU(8)))
model.add(Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])

x = tf.constant(texts)[:, tf.newaxis]
history = model.fit(x[:320], y[:320], batch_size=32, epochs=2, validation_data=(x[320:], y[320:]), verbose=0)
for epoch, loss in enumerate(history.history["loss"], start=1):
    print("epoch", epoch, "loss", round(loss, 3))
print(model.predict(tf.constant([["A really brilliant film"], ["boring"]]), verbose=0).shape)
