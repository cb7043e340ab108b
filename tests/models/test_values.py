"""Values of the first batch, layers never adapted, channels and sizes: each rule with programs that it must leave."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers
from typedlayers.facts.values import facts_of

RNG = np.random.default_rng(0)
BYTES = RNG.integers(0, 256, (8, 8, 8, 3)).astype("uint8")
UNIT = (BYTES / 255).astype("float32")
SIGNED = (BYTES / 127.5 - 1).astype("float32")
TABLE = RNG.random((8, 3)).astype("float32")


def with_nan(x: np.ndarray) -> np.ndarray:
    out = x.copy()
    out.flat[5] = np.nan
    return out


class Own(tl.Layer):
    """A layer of the user's: what it does with values, nobody knows."""

    def call(self, x: Any) -> Any:
        return keras.ops.where(keras.ops.isnan(x), 0.0, x)


def image_model(*front: Any) -> Any:
    return tl.Sequential(
        [tl.Input((8, 8, 3)), *front, layers.Conv2D(2, 3), layers.GlobalAveragePooling2D(), layers.Dense(1)]
    )


def table_model(*front: Any, **first: Any) -> Any:
    return tl.Sequential([tl.Input((3,)), *front, layers.Dense(4, **first), layers.Dense(1, dtype="float32")])


def backbone() -> Any:
    """A plain model that rescales by itself, as several applications do."""
    x = keras.Input((8, 8, 3))
    return keras.Model(x, keras.layers.Conv2D(2, 3)(keras.layers.Rescaling(1 / 255, name="inner")(x)))


def with_backbone(*front: Any) -> Any:
    x = tl.Input((8, 8, 3), name="image")
    h = x
    for layer in front:
        h = layer(h)
    return tl.Model(x, layers.Dense(1)(layers.GlobalAveragePooling2D()(backbone()(h))))


def adapted(layer: Any, data: Any) -> Any:
    layer.adapt(data)
    return layer


def codes_of(action: Callable[[], Any]) -> list[str]:
    """The codes of the errors, or of the warnings, that an action gives."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            action()
        except tl.ContractError as error:
            return [d.code for d in error.diagnostics]
    return [d.code for w in caught if isinstance(w.message, tl.ContractWarning) for d in w.message.diagnostics]


def said(model: Any, x: Any) -> list[str]:
    """The codes that training on data gives; an error leaves no step behind."""
    model.compile("sgd", "mse")
    codes = codes_of(lambda: model.fit(x, np.ones((len(x), 1), "float32"), verbose=0))
    assert not codes or int(model.optimizer.iterations) == 0
    return codes


Row = tuple[str, Callable[[], tuple[Any, Any]], list[str]]

ROWS: list[Row] = [
    # what                                       model and data                                            codes
    ("NaN reaches weights", lambda: (table_model(), with_nan(TABLE)), ["TL402"]),
    ("infinity reaches weights", lambda: (table_model(), np.where(TABLE > 0.9, np.inf, TABLE)), ["TL402"]),
    ("NaN behind a Rescaling", lambda: (table_model(layers.Rescaling(2.0)), with_nan(TABLE)), ["TL402"]),
    ("a layer of one's own takes care", lambda: (table_model(Own()), with_nan(TABLE)), []),
    ("a Lambda takes care", lambda: (table_model(layers.Lambda(tf.math.sign)), with_nan(TABLE)), []),
    ("float16 overflows", lambda: (table_model(dtype="float16"), TABLE * 1e6), ["TL403"]),
    ("float16 does not overflow", lambda: (table_model(dtype="float16"), TABLE * 6e4), []),
    ("bfloat16 has room", lambda: (table_model(dtype="bfloat16"), TABLE * 1e6), []),
    ("scaled before float16", lambda: (table_model(layers.Rescaling(1e-6), dtype="float16"), TABLE * 1e6), []),
    ("scaled twice", lambda: (image_model(layers.Rescaling(1 / 255)), UNIT), ["TL404"]),
    ("scaled twice, signed", lambda: (image_model(layers.Rescaling(1 / 127.5, offset=-1)), UNIT), ["TL404"]),
    ("two layers that scale", lambda: (with_backbone(layers.Rescaling(1 / 255)), BYTES), ["TL404"]),
    ("a backbone that scales", lambda: (with_backbone(), UNIT), ["TL404"]),
    ("a backbone that scales gets bytes", lambda: (with_backbone(), BYTES), []),
    ("bytes as floats are scaled", lambda: (image_model(layers.Rescaling(1 / 255)), BYTES.astype("float32")), []),
    ("masks of 0 and 1 are scaled", lambda: (image_model(layers.Rescaling(1 / 255)), np.round(UNIT)), []),
    ("16 bits need it twice", lambda: (with_backbone(layers.Rescaling(1 / 255)), UNIT * 65535), []),
    ("a table scaled by 255", lambda: (table_model(layers.Rescaling(1 / 255)), TABLE), []),
    ("brightness of unit images", lambda: (image_model(layers.RandomBrightness(0.1)), UNIT), ["TL405"]),
    ("brightness of bytes", lambda: (image_model(layers.RandomBrightness(0.1), layers.Rescaling(1 / 255)), BYTES), []),
    ("told the range", lambda: (image_model(layers.RandomBrightness(0.1, value_range=(0, 1))), UNIT), []),
    (
        "scaled after brightness",
        lambda: (image_model(layers.Rescaling(1 / 255), layers.RandomBrightness(0.1, value_range=(0, 1))), BYTES),
        [],
    ),
    ("never adapted", lambda: (table_model(layers.Normalization()), TABLE), ["TL407"]),
    ("adapted", lambda: (table_model(adapted(layers.Normalization(), TABLE)), TABLE), []),
    ("given statistics", lambda: (table_model(layers.Normalization(mean=0.0, variance=1.0)), TABLE), []),
    ("discretized, never adapted", lambda: (table_model(layers.Discretization(num_bins=3)), TABLE), ["TL407"]),
]


@pytest.mark.parametrize(("what", "made", "codes"), ROWS, ids=[row[0] for row in ROWS])
def test_arrays(what: str, made: Callable[[], tuple[Any, Any]], codes: list[str]) -> None:
    model, x = made()
    assert said(model, x) == codes


@pytest.mark.parametrize("what", ["NaN reaches weights", "scaled twice", "brightness of unit images", "adapted"])
def test_a_dataset_is_looked_at_as_it_is_drawn(what: str) -> None:
    made, codes = next((row[1], row[2]) for row in ROWS if row[0] == what)
    model, x = made()
    model.compile("sgd", "mse")
    data = tf.data.Dataset.from_tensor_slices((x, np.ones((len(x), 1), "float32"))).batch(4)
    if not codes:
        model.fit(data, verbose=0)
        return
    with pytest.raises(tl.ContractError) as caught:
        model.fit(data, verbose=0)
    assert [d.code for d in caught.value.diagnostics] == codes
    assert int(model.optimizer.iterations) == 0


def test_a_prediction_of_nan_is_the_user_s_own() -> None:
    model = table_model()
    assert np.isnan(model.predict(with_nan(TABLE), verbose=0)).any()


def test_an_application_without_weights_is_not_asked_to_be_adapted() -> None:
    tl.install()
    try:
        model = keras.applications.EfficientNetB0(weights=None, input_shape=(32, 32, 3), classes=2)
        found = tl.check(model, RNG.integers(0, 256, (2, 32, 32, 3)).astype("uint8"))
    finally:
        tl.uninstall()
    assert found.ok, str(found)


# ---------------------------------------------------------------------------------- training and serving
SERVED = [
    # trained on, served, what is said
    (UNIT, UNIT[:1], []),
    (UNIT, UNIT * 0.1, []),
    (UNIT, BYTES.astype("float32"), ["TL406"]),
    (BYTES.astype("float32"), UNIT, ["TL406"]),
    (SIGNED, UNIT, ["TL406"]),
    (SIGNED, UNIT * 0.4 + 0.5, []),
    (UNIT, SIGNED, ["TL406"]),
    (BYTES.astype("float32"), np.zeros_like(UNIT), []),
]


@pytest.mark.parametrize(("trained", "served", "codes"), SERVED)
@pytest.mark.parametrize("loaded", [False, True])
def test_served_in_another_range(trained: Any, served: Any, codes: list[str], loaded: bool, tmp_path: Any) -> None:
    model = image_model()
    assert said(tl.allow(model, "raw-bytes"), trained) == []  # some models are made for bytes
    if loaded:
        model.save(tmp_path / "model.keras")
        model = tl.load_model(tmp_path / "model.keras")
    assert codes_of(lambda: model.predict(served, verbose=0)) == codes


# -------------------------------------------------------------------------------------- channels and sizes
FIRST = {"data_format": "channels_first"}

MODELS: list[tuple[str, Callable[[], Any], list[str]]] = [
    ("normalized by rows", lambda: [layers.Conv2D(4, 3), layers.BatchNormalization(axis=1)], ["TL210"]),
    (
        "behind an activation",
        lambda: [layers.Conv2D(4, 3), layers.ReLU(), layers.BatchNormalization(axis=1)],
        ["TL210"],
    ),
    ("channels first", lambda: [layers.Conv2D(4, 3, **FIRST), layers.BatchNormalization()], ["TL210"]),
    ("by channels", lambda: [layers.Conv2D(4, 3), layers.BatchNormalization()], []),
    ("by channels that come first", lambda: [layers.Conv2D(4, 3, **FIRST), layers.BatchNormalization(axis=1)], []),
    ("moved before", lambda: [layers.Conv2D(4, 3), layers.Permute((3, 1, 2)), layers.BatchNormalization(axis=1)], []),
    ("a layer norm over rows", lambda: [layers.Conv2D(4, 3), layers.LayerNormalization(axis=1)], []),
    ("a softmax of one", lambda: [layers.Conv2D(1, 3), layers.Softmax()], ["TL213"]),
    ("a softmax of several", lambda: [layers.Conv2D(2, 3), layers.Softmax()], []),
    ("a softmax over rows", lambda: [layers.Conv2D(1, 3), layers.Softmax(axis=1)], []),
]


@pytest.mark.parametrize(("what", "stack", "codes"), MODELS, ids=[row[0] for row in MODELS])
def test_channels(what: str, stack: Callable[[], Any], codes: list[str]) -> None:
    assert codes_of(lambda: tl.Sequential([tl.Input((8, 8, 8)), *stack()])) == codes


def test_a_size_that_weights_need() -> None:
    def stack(head: Any) -> Any:
        return tl.Sequential([tl.Input((None, None, 3)), layers.Conv2D(4, 3), head, layers.Dense(2, name="probs")])

    with pytest.raises(tl.ContractError) as caught:
        stack(layers.Flatten(name="flat"))
    (found,) = caught.value.diagnostics
    assert found.code == "TL212"
    assert 'Flatten "flat"' in found.headline
    assert stack(layers.GlobalAveragePooling2D()).output_shape == (None, 2)


def test_a_known_layer_takes_unknown_sizes() -> None:
    dense = layers.Dense(2)
    dense.build((None, 5))
    assert dense(keras.KerasTensor((None, None))).shape == (None, 2)


# -------------------------------------------------------------------------------------------------- facts
def test_the_facts_of_values() -> None:
    facts = facts_of(with_nan(TABLE))
    assert facts is not None
    assert (facts.nan, facts.infinite, facts.count) == (1, 0, TABLE.size)
    assert 0 <= facts.low < facts.high <= 1
    assert facts_of(np.array(["a"])) is None
    assert facts_of(np.zeros((0, 3))) is None
    whole = facts_of(BYTES)
    assert whole is not None
    assert whole.whole
    assert not facts_of(UNIT).whole  # pyright: ignore
    assert facts_of(np.full(3, np.nan)).nan == 3  # pyright: ignore


# ------------------------------------------------------------------------------------- the range of the training
def trained_on(*fits: Any) -> Any:
    model = image_model()
    model.compile("sgd", "mse")
    for x in fits:
        model.fit(x, np.ones((8, 1)), verbose=0)
    return model


def test_the_last_training_is_what_a_prediction_is_compared_with() -> None:
    with tl.allow("raw-bytes"):
        model = trained_on(BYTES.astype("float32"), UNIT)
    assert codes_of(lambda: model.predict(UNIT, verbose=0)) == []
    assert codes_of(lambda: model.predict(BYTES, verbose=0)) == ["TL406"]


def test_single_batches_add_to_what_training_saw() -> None:
    model = trained_on(SIGNED)
    model.train_on_batch(UNIT, np.ones((8, 1)))
    assert codes_of(lambda: model.predict(SIGNED, verbose=0)) == []


def test_weights_that_are_set_were_made_for_anything() -> None:
    model = trained_on(UNIT)
    model.set_weights(model.get_weights())
    assert codes_of(lambda: model.predict(BYTES, verbose=0)) == []


def test_weights_that_a_callback_puts_back_are_of_the_same_training() -> None:
    model = image_model()
    model.compile("sgd", "mse")
    best = keras.callbacks.EarlyStopping("loss", patience=1, restore_best_weights=True)
    model.fit(UNIT, np.ones((8, 1)), epochs=2, verbose=0, callbacks=[best])
    assert codes_of(lambda: model.predict(BYTES, verbose=0)) == ["TL406"]


def test_labels_are_repaired_after_a_batch_that_needs_nothing() -> None:
    losses = []
    for y in (np.array([[-1.0], [1.0]]), np.array([[0.0], [1.0]])):
        keras.utils.set_random_seed(1)
        model = tl.Sequential([tl.Input((3,)), layers.Dense(1, activation="sigmoid")], mode="lenient")
        model.compile("sgd", "binary_crossentropy")
        model.train_on_batch(TABLE[:2], np.ones((2, 1)))
        losses.append(float(model.train_on_batch(TABLE[:2], y)))
    assert losses[0] == pytest.approx(losses[1])


# ------------------------------------------------------------------------------------------------ lists
def ids_model(mode: str = "lenient") -> Any:
    stack = [tl.Input((2,), dtype="int32"), layers.Embedding(9, 2), layers.Flatten(), layers.Dense(1)]
    return tl.Sequential(stack, mode=mode)


def numbers_model(mode: str = "lenient") -> Any:
    return tl.Sequential([tl.Input((2,)), layers.Dense(1)], mode=mode)


LISTS = [
    # the model, the list, the code that lenient mode raises, a part of the text
    (numbers_model, [[1, None]], ["TL509"], "not every value is a number"),
    (ids_model, [[1.5, 2]], ["TL509"], "1.5 is no whole number"),
    (ids_model, [[3000000000, 1]], ["TL509"], "3000000000 is beyond int32"),
    (ids_model, [[float("nan"), 1.0]], ["TL509"], "NaN and infinity are no whole numbers"),
    (ids_model, [[30, 1]], ["TL512"], "knows 9 ids"),
    (ids_model, [[1.0, 2.0]], [], ""),
    (ids_model, [[True, False]], [], ""),
    (numbers_model, [[1, 2.5]], [], ""),
]


@pytest.mark.parametrize(("made", "rows", "codes", "text"), LISTS, ids=[str(row[1]) for row in LISTS])
def test_a_list_is_made_an_array_only_if_no_value_changes(made: Any, rows: Any, codes: list[str], text: str) -> None:
    model = made()
    if not codes:
        array = np.array(rows, "int32" if made is ids_model else "float32")
        np.testing.assert_array_equal(model.predict(rows, verbose=0), model.predict(array, verbose=0))
        return
    with pytest.raises(tl.ContractError, match=text) as caught:
        model.predict(rows, verbose=0)
    assert [one.code for one in caught.value.diagnostics] == codes


def test_what_a_wrong_rank_hid_is_said_of_the_repaired_data() -> None:
    model = tl.Sequential([tl.Input((8, 8, 1)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(1)], mode="lenient")
    model.compile("sgd", "mse")
    grey = with_nan(UNIT[..., :1].reshape(8, 1, 8, 8, 1))
    with pytest.raises(tl.ContractError) as caught:
        model.fit(grey, np.ones((8, 1)), verbose=0)
    assert [one.code for one in caught.value.diagnostics] == ["TL402"]


def test_bytes_that_are_flattened_by_a_repair_are_scaled_too() -> None:
    rows, answers = RNG.integers(0, 256, (16, 8, 8)).astype("uint8"), np.arange(16) % 3
    trained = []
    for x, mode in ((rows, "lenient"), ((rows / np.float32(255)).reshape(16, 64), "strict")):
        keras.utils.set_random_seed(1)
        model = tl.Sequential([tl.Input((64,)), layers.Dense(3, activation="softmax")], mode=mode)
        model.compile("sgd", "sparse_categorical_crossentropy")
        model.fit(x, answers, verbose=0, shuffle=False)
        trained.append(model.get_weights()[0])
    np.testing.assert_allclose(*trained, atol=1e-6)
    model = tl.Sequential([tl.Input((64,)), layers.Dense(3, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    assert codes_of(lambda: model.fit(rows, answers, verbose=0)) == ["TL501", "TL401"]


def test_a_callback_that_predicts_on_bytes_leaves_the_training_alone() -> None:
    predicted: list[Any] = []

    class Predicts(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            predicted.append(self.model.predict(BYTES, verbose=0))

        def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
            predicted.append(self.model.predict(BYTES, verbose=0))

    with tl.mode("lenient"):
        model = image_model()
        model.compile("sgd", "mse")
        rest = {"epochs": 2, "batch_size": 4, "verbose": 0}
        answers = np.ones((8, 1))
        model.fit(UNIT, answers, validation_data=(UNIT, answers), callbacks=[Predicts()], **rest)
        assert len(predicted) == 8
        np.testing.assert_allclose(model.predict(BYTES, verbose=0), model.predict(UNIT, verbose=0), atol=1e-5)


RIGHT_BESIDE_A_BATCH = {
    # the first batch, what the others and the validation data are like
    "a dark one": (UNIT[:4] * 0.2, UNIT),
    "a black one": (UNIT[:4] * 0, UNIT),
    "small counts": ((UNIT[:4] < 0.05) * 1.0, np.floor(UNIT * 255)),
    "a narrow one": (TABLE[:4] / 50, TABLE * 100),
}


@pytest.mark.parametrize("name", RIGHT_BESIDE_A_BATCH)
def test_one_batch_says_little_of_a_range(name: str) -> None:
    first, rest = (one.astype("float32") for one in RIGHT_BESIDE_A_BATCH[name])
    model = image_model() if rest.ndim == 4 else tl.Sequential([layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.concatenate([first, rest])
    train = tf.data.Dataset.from_tensor_slices((x, np.ones((len(x), 1), "float32"))).batch(4)
    answers = np.ones((len(rest), 1), "float32")
    assert codes_of(lambda: model.fit(train, validation_data=(rest, answers), verbose=0)) == []


def told_of_validation(mode: str) -> list[str]:
    """The codes of what is said before the first epoch ends, of validation data of bytes beside a unit range."""
    with tl.mode(mode):
        model = image_model()
    model.compile("sgd", "mse")
    answers = np.ones((8, 1), "float32")
    train, later = (tf.data.Dataset.from_tensor_slices((x, answers)).batch(4) for x in (UNIT, BYTES))
    with warnings.catch_warnings(record=True) as caught, tl.mode(mode):
        warnings.simplefilter("always")
        try:
            model.fit(train, validation_data=later, verbose=0)
        except tl.ContractError:
            assert mode == "strict"
    told = [one.message for one in caught if isinstance(one.message, tl.ContractWarning)]
    return [one.code for message in told for one in message.diagnostics]


@pytest.mark.parametrize(
    ("later", "codes"), [(UNIT, []), (np.round(UNIT * 255), ["TL406"])], ids=["as in training", "floats 0..255"]
)
def test_arrays_to_validate_with_are_compared_with_the_first_batch_of_a_dataset(later: Any, codes: list[str]) -> None:
    model = image_model()
    model.compile("sgd", "mse")
    answers = np.ones((8, 1), "float32")
    train = tf.data.Dataset.from_tensor_slices((UNIT, answers)).batch(4)
    assert codes_of(lambda: model.fit(train, validation_data=(later, answers), verbose=0)) == codes
    assert (int(model.optimizer.iterations) == 0) == bool(codes)


def test_validation_bytes_are_told_with_the_first_batch_unless_they_are_repaired() -> None:
    assert told_of_validation("strict") == ["TL406"]
    assert told_of_validation("lenient") == []
