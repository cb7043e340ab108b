"""Small correct programs, each a function of the Keras that it imports: Keras itself, or the drop-in.

Each returns numbers that are the same in each form.
"""

from __future__ import annotations

import functools
import importlib
import pickle
import tempfile
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Program = Callable[[Any], Any]


def text_generator(keras: Any) -> Any:
    """keras-hub: a GPT-2 of one layer is trained and generates."""
    import keras_hub

    backbone = keras_hub.models.GPT2Backbone(
        vocabulary_size=20, num_layers=1, num_heads=2, hidden_dim=8, intermediate_dim=16, max_sequence_length=12
    )
    model = keras_hub.models.GPT2CausalLM(backbone=backbone, preprocessor=None)
    ids = np.random.default_rng(0).integers(1, 20, (8, 12)).astype("int32")
    x = {"token_ids": ids[:, :-1], "padding_mask": np.ones((8, 11), "bool")}
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=False)
    losses = model.fit(x, ids[:, 1:], batch_size=4, verbose=0, shuffle=False).history["loss"]
    prompt = {"token_ids": ids[:2], "padding_mask": np.arange(12)[None] < np.array([[3], [4]])}
    made = model.generate(prompt, stop_token_ids=None)
    return losses, np.asarray(made["token_ids"]).tolist()


def image_classifier(keras: Any) -> Any:
    """keras-hub: a small ResNet classifies pictures that its user has scaled."""
    import keras_hub

    backbone = keras_hub.models.ResNetBackbone(
        input_conv_filters=[64],
        input_conv_kernel_sizes=[3],
        stackwise_num_filters=[64],
        stackwise_num_blocks=[1],
        stackwise_num_strides=[1],
        block_type="basic_block",
        image_shape=(16, 16, 3),
    )
    model = keras_hub.models.ImageClassifier(backbone=backbone, num_classes=3, preprocessor=None, activation="softmax")
    rng = np.random.default_rng(0)
    model.compile("sgd", "sparse_categorical_crossentropy", jit_compile=False)
    x, y = rng.random((8, 16, 16, 3), "float32"), np.arange(8) % 3
    return model.fit(x, y, batch_size=4, verbose=0, shuffle=False).history["loss"]


def encoder_in_a_model(keras: Any) -> Any:
    """keras-hub: its layers among the user's own."""
    import keras_hub

    model = keras.Sequential(
        [
            keras.Input((6,), dtype="int32"),
            keras_hub.layers.TokenAndPositionEmbedding(vocabulary_size=20, sequence_length=6, embedding_dim=8),
            keras_hub.layers.TransformerEncoder(intermediate_dim=16, num_heads=2),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    ids = np.random.default_rng(0).integers(0, 20, (8, 6))
    return model.fit(ids, np.arange(8) % 2, batch_size=4, verbose=0, shuffle=False).history["loss"]


def crosses_of_features(keras: Any) -> Any:
    """keras-rs: a ranking model of crosses of features."""
    import keras_rs

    inputs = keras.Input((5,))
    crossed = keras_rs.layers.FeatureCross()(inputs, keras_rs.layers.FeatureCross()(inputs, inputs))
    model = keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(crossed))
    model.compile("sgd", "binary_crossentropy")
    rows = np.random.default_rng(0).random((8, 5), "float32")
    return model.fit(rows, np.arange(8) % 2, batch_size=4, verbose=0, shuffle=False).history["loss"]


def search_of_a_width(keras: Any) -> Any:
    """keras-tuner: two trials of a width."""
    import keras_tuner

    def build(hp: Any) -> Any:
        model = keras.Sequential(
            [
                keras.Input((5,)),
                keras.layers.Dense(hp.Choice("units", [4, 8]), activation="relu"),
                keras.layers.Dense(1),
            ]
        )
        model.compile("sgd", "mse")
        return model

    rows = np.random.default_rng(0).random((8, 5), "float32")
    with tempfile.TemporaryDirectory() as folder:
        search = keras_tuner.GridSearch(build, objective="val_loss", max_trials=2, directory=folder, project_name="p")
        search.search(rows, rows.sum(1), validation_data=(rows, rows.sum(1)), epochs=1, batch_size=4, verbose=0)
        best = search.get_best_models(1)[0]
        return search.get_best_hyperparameters(1)[0].values, np.asarray(best(rows)).shape


def estimator_of_scikit_learn(keras: Any) -> Any:
    """scikeras: an estimator is fitted, pickled, and predicts the same."""
    from scikeras.wrappers import KerasClassifier

    build = functools.partial(classifier, keras.__name__)  # which can be pickled
    rows = np.random.default_rng(0).random((9, 5)).astype("float32")
    estimator = KerasClassifier(build, epochs=1, batch_size=3, verbose=0, random_state=1)
    estimator.fit(rows, np.arange(9) % 3)
    again = pickle.loads(pickle.dumps(estimator))
    assert (again.predict(rows) == estimator.predict(rows)).all()
    return estimator.predict_proba(rows).tolist()


def pickled_beside_an_estimator(keras: Any) -> Any:
    """scikeras: it changes how models are pickled for the whole process, and typed ones come back whole."""
    importlib.import_module("scikeras.wrappers")
    model = classifier(keras.__name__)
    rows = np.random.default_rng(0).random((9, 5)).astype("float32")
    model.fit(rows, np.arange(9) % 3, batch_size=3, verbose=0, shuffle=False)
    again = pickle.loads(pickle.dumps(model))
    assert type(again) is type(model)
    assert (again.predict(rows, verbose=0) == model.predict(rows, verbose=0)).all()
    return again.predict(rows, verbose=0).tolist()


def classifier(keras: str) -> Any:
    """A small classifier of the namespace of that name."""
    of = importlib.import_module(keras)
    model = of.Sequential([of.Input((5,)), of.layers.Dense(3, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


PROGRAMS: Mapping[str, tuple[Program, str]] = {
    # a program, the package that it needs
    "a GPT-2 generates": (text_generator, "keras_hub"),
    "a ResNet classifies": (image_classifier, "keras_hub"),
    "an encoder among one's own layers": (encoder_in_a_model, "keras_hub"),
    "crosses of features": (crosses_of_features, "keras_rs"),
    "a search": (search_of_a_width, "keras_tuner"),
    "an estimator": (estimator_of_scikit_learn, "scikeras"),
    "a pickled model beside it": (pickled_beside_an_estimator, "scikeras"),
}
