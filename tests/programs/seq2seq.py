"""Sequence to sequence, character by character: adds two numbers ("12+7" -> "19")."""

import keras
import numpy as np

CHARS = "0123456789+ \t\n"
INDEX = {c: i for i, c in enumerate(CHARS)}
SRC_LEN, TGT_LEN, UNITS = 5, 5, 32


def one_hot(texts, length):
    data = np.zeros((len(texts), length, len(CHARS)), dtype="float32")
    for row, text in enumerate(texts):
        for t, char in enumerate(text.ljust(length)):
            data[row, t, INDEX[char]] = 1.0
    return data


rng = np.random.RandomState(0)
pairs = rng.randint(0, 100, size=(400, 2))
questions = [f"{a}+{b}" for a, b in pairs]
answers = [str(a + b) for a, b in pairs]

encoder_in = one_hot(questions, SRC_LEN)
decoder_in = one_hot(["\t" + s for s in answers], TGT_LEN)
decoder_out = one_hot([s + "\n" for s in answers], TGT_LEN)

keras.utils.set_random_seed(5)

# training model: the decoder sees the right answer, one step late
encoder_inputs = keras.layers.Input(shape=(None, len(CHARS)))
_, state_h, state_c = keras.layers.LSTM(UNITS, return_state=True)(encoder_inputs)
encoder_states = [state_h, state_c]

decoder_inputs = keras.layers.Input(shape=(None, len(CHARS)))
decoder_lstm = keras.layers.LSTM(UNITS, return_sequences=True, return_state=True)
decoder_outputs, _, _ = decoder_lstm(decoder_inputs, initial_state=encoder_states)
decoder_dense = keras.layers.Dense(len(CHARS), activation="softmax")
decoder_outputs = decoder_dense(decoder_outputs)

model = keras.Model([encoder_inputs, decoder_inputs], decoder_outputs)
model.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
history = model.fit([encoder_in, decoder_in], decoder_out, batch_size=32, epochs=2, validation_split=0.2, verbose=0)
print("loss fell:", history.history["loss"][1] < history.history["loss"][0])
print("val_loss %.3f" % history.history["val_loss"][-1])

# inference: the states go in and come out
encoder_model = keras.Model(encoder_inputs, encoder_states)
state_inputs = [keras.layers.Input(shape=(UNITS,)), keras.layers.Input(shape=(UNITS,))]
step_outputs, h, c = decoder_lstm(decoder_inputs, initial_state=state_inputs)
decoder_model = keras.Model([decoder_inputs] + state_inputs, [decoder_dense(step_outputs), h, c])


def answer(question):
    states = encoder_model.predict(one_hot([question], SRC_LEN), verbose=0)
    char, text = "\t", ""
    while char != "\n" and len(text) < TGT_LEN:
        probs, *states = decoder_model.predict([one_hot([char], 1)] + list(states), verbose=0)
        char = CHARS[int(probs[0, -1].argmax())]
        text += char
    return text


print("length of the answer:", len(answer("12+7")))
