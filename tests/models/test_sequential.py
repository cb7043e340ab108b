"""`Sequential`: the chain, the data and the first batch, checked before a step runs."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from jaxtyping import Float

import typedlayers as tl
from typedlayers import layers

FLOATS = np.random.default_rng(0).random((16, 8, 8, 3)).astype("float32")
BYTES = np.random.default_rng(0).integers(0, 256, (16, 8, 8, 3)).astype("uint8")
LABELS = np.arange(16) % 4
LOSS = "sparse_categorical_crossentropy"


def codes(action: Callable[[], Any]) -> list[str]:
    """The codes that an action raises, or none."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", tl.ContractWarning)
        try:
            action()
        except tl.ContractError as error:
            return [diagnostic.code for diagnostic in error.diagnostics]
    return []


def cnn(*first: Any, mode: str | None = None, name: str = "net") -> Any:
    keras.utils.set_random_seed(3)
    head = [
        layers.Conv2D(4, 3, activation="relu", name="conv"),
        layers.Flatten(),
        layers.Dense(4, activation="softmax"),
    ]
    model = tl.Sequential([*first, *head], mode=mode, name=name)
    model.compile("adam", LOSS)
    return model


def dataset(x: Any = BYTES, y: Any = LABELS) -> Any:
    return tf.data.Dataset.from_tensor_slices((x, y)).batch(8)


class Pooled(tl.Layer):
    """Averages over time."""

    def call(self, x: Float[tl.Tensor, "batch time features"]) -> Float[tl.Tensor, "batch features"]:
        return keras.ops.mean(x, axis=1)


# ------------------------------------------------------------------------------------------- the chain
def wrong_chain(*first: Any) -> list[Any]:
    return [
        *first,
        layers.Conv2D(4, 3, name="one"),
        layers.GlobalAveragePooling2D(),
        layers.Conv2D(4, 3, name="two"),
        layers.Flatten(),
        layers.Reshape((5, 5), name="three"),
    ]


def test_all_mismatches_in_one_error_before_a_weight_is_made() -> None:
    stack = wrong_chain(tl.Input((8, 8)))
    with pytest.raises(tl.ContractError) as caught:
        tl.Sequential(stack)
    names = [d.where.what for d in caught.value.diagnostics]
    assert names == ['Conv2D "one"', 'Conv2D "two"']
    assert "2 errors" in str(caught.value)
    assert [weight for layer in stack[1:] for weight in layer.weights] == []


def test_also_where_the_input_is_only_known_at_fit() -> None:
    model = tl.Sequential(wrong_chain())
    model.compile("sgd", "mse")
    with pytest.raises(tl.ContractError) as caught:
        model.fit(FLOATS[..., 0], LABELS, verbose=0)
    assert [d.where.what for d in caught.value.diagnostics] == ['Conv2D "one"', 'Conv2D "two"']
    assert model.weights == []


def test_the_place_of_a_layer_is_said() -> None:
    with pytest.raises(tl.ContractError) as caught:
        tl.Sequential([tl.Input((8, 8), name="image"), layers.Rescaling(2.0), layers.Conv2D(4, 3)], name="net")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.where.within == 'layer 2 of 2 in Sequential "net"'
    assert diagnostic.where.file == __file__
    assert "Rescaling" in diagnostic.gets


def test_a_layer_that_does_not_fit_is_taken_off_again() -> None:
    model = tl.Sequential([tl.Input((8, 8))])
    with pytest.raises(tl.ContractError):
        model.add(layers.Conv2D(2, 3))
    assert model.layers == []
    model.add(layers.Flatten())
    model.add(layers.Dense(2))
    assert model.output_shape == (None, 2)


def test_plain_keras_layers_inside_are_checked_too() -> None:
    assert codes(lambda: tl.Sequential([tl.Input((8, 8)), keras.layers.Conv2D(2, 3)])) == ["TL201"]


@pytest.mark.parametrize(
    "stack",
    [
        [tl.Input((None, 3)), layers.Conv1D(4, 5), layers.GlobalMaxPooling1D(), layers.Dense(1)],
        [tl.Input((None, None, 3)), layers.Conv2D(4, 3), layers.GlobalAveragePooling2D(), layers.Dense(1)],
        [tl.Input((5,), dtype="int32"), layers.Embedding(9, 4), layers.LSTM(3), layers.Dense(1)],
        [tl.Input((4, 4, 3)), layers.Dense(8), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(1)],
        [tl.Input((4, 4, 3)), layers.Lambda(lambda x: x[:, 0]), layers.Conv1D(2, 3), layers.Flatten()],
        [tl.Input((6,)), keras.Sequential([keras.layers.Dense(4), keras.layers.Dense(3)]), layers.Dense(1)],
        [tl.Input((1,), dtype="string"), layers.StringLookup(vocabulary=["a"]), layers.Embedding(3, 2)],
        [tl.Input((1,), dtype="int64"), layers.IntegerLookup(vocabulary=[7]), layers.Embedding(3, 2)],
        [tl.Input((1,)), layers.Discretization([0.0, 1.0]), layers.Embedding(3, 2)],
        [tl.Input((1,), dtype="string"), layers.Hashing(4), layers.CategoryEncoding(4), layers.Dense(2)],
    ],
    ids=[
        "series",
        "images of any size",
        "ids",
        "dense on maps",
        "lambda",
        "nested",
        "lookup of strings",
        "lookup of integers",
        "bins",
        "hashes",
    ],
)
def test_a_correct_chain_is_not_troubled(stack: list[Any]) -> None:
    assert tl.Sequential(stack).built


# --------------------------------------------------------------------------------- named dimensions
def test_a_name_given_to_the_model_holds_across_it() -> None:
    assert codes(lambda: tl.Sequential([tl.Input((5, 3)), Pooled()], dims={"time": 5})) == []
    assert codes(lambda: tl.Sequential([tl.Input((5, 3)), Pooled()], dims={"time": 6})) == ["TL203"]


class Timed(tl.Layer):
    """Keeps the number of steps."""

    def call(self, x: Float[tl.Tensor, "batch time _"]) -> Float[tl.Tensor, "batch time _"]:
        return 2 * x


def test_a_name_of_unknown_size_must_be_the_same_everywhere() -> None:
    stack = lambda: [tl.Input((6, 3)), Timed(), layers.MaxPooling1D(2), Timed()]  # noqa: E731
    assert codes(lambda: tl.Sequential(stack())) == []
    assert codes(lambda: tl.Sequential(stack(), dims={"time": None})) == ["TL203"]


def test_a_name_that_no_annotation_has_is_said() -> None:
    with pytest.warns(tl.ContractWarning, match="TL105.*tiem"):
        tl.Sequential([tl.Input((5, 3)), Pooled()], dims={"tiem": 5})


@pytest.mark.parametrize("dims", [{"a b": 3}, {"time": "3"}, {"time": -1}, {"time": True}])
def test_named_dimensions_are_validated(dims: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a dimension's name and its size"):
        tl.Sequential([tl.Input((5, 3)), Pooled()], dims=dims)


# --------------------------------------------------------------------------------------------- the data
def mlp(**options: Any) -> Any:
    model = tl.Sequential([tl.Input((6,), name="features"), layers.Dense(1)], **options)
    model.compile("sgd", "mse")
    return model


ROWS = np.ones((8, 6), "float32")
Y = np.ones((8, 1), "float32")
WAYS: dict[str, Callable[[Any, Any], Any]] = {
    "__call__": lambda model, x: model(x),
    "fit": lambda model, x: model.fit(x, Y, verbose=0),
    "evaluate": lambda model, x: model.evaluate(x, Y, verbose=0),
    "predict": lambda model, x: model.predict(x, verbose=0),
    "train_on_batch": lambda model, x: model.train_on_batch(x, Y),
    "test_on_batch": lambda model, x: model.test_on_batch(x, Y),
    "predict_on_batch": lambda model, x: model.predict_on_batch(x),
}
DATA = [
    # what comes                                     code
    (ROWS, None),
    (ROWS.astype("float64"), None),
    (ROWS.astype("int64"), None),
    (tf.constant(ROWS), None),
    (tf.constant(ROWS, tf.float16), None),
    (tf.constant(ROWS.astype("float64")), "TL301"),
    (ROWS.astype("complex64"), "TL303"),
    (ROWS.astype("str"), "TL302"),
    (ROWS[:, :5], "TL502"),
    (ROWS[:, :, None, None], "TL501"),
    (np.ones((6,), "float32"), "TL503"),
]


@pytest.mark.parametrize(("x", "code"), DATA, ids=lambda v: getattr(v, "dtype", v) and str(getattr(v, "shape", v)))
@pytest.mark.parametrize("way", WAYS)
def test_data_against_the_input(way: str, x: Any, code: str | None) -> None:
    model = mlp()
    if code is None:
        WAYS[way](model, x)
        return
    with pytest.raises(tl.ContractError) as caught:
        WAYS[way](model, x)
    assert [d.code for d in caught.value.diagnostics] == [code]


SPECS = [
    (tf.data.Dataset.from_tensor_slices((ROWS, Y)).batch(4), None),
    (tf.data.Dataset.from_tensor_slices((ROWS, Y)).batch(3), None),
    (tf.data.Dataset.from_tensor_slices((ROWS.astype("float64"), Y)).batch(4), None),
    (tf.data.Dataset.from_tensor_slices((ROWS, Y)), "TL503"),
    (tf.data.Dataset.from_tensor_slices((ROWS, Y)).batch(2).batch(2), "TL504"),
    (tf.data.Dataset.from_tensor_slices((ROWS[:, :5], Y)).batch(4), "TL502"),
    (tf.data.Dataset.from_tensor_slices((ROWS.astype("str"), Y)).batch(4), "TL302"),
]


@pytest.mark.parametrize(("source", "code"), SPECS, ids=lambda v: str(getattr(v, "element_spec", v))[:40])
@pytest.mark.parametrize("way", ["fit", "evaluate", "predict"])
def test_a_data_set_against_the_input(way: str, source: Any, code: str | None) -> None:
    found = codes(lambda: getattr(mlp(), way)(source, verbose=0))
    assert found == ([] if code is None else [code])


def test_validation_data_are_checked_before_training() -> None:
    model = mlp()
    with pytest.raises(tl.ContractError, match="validation"):
        model.fit(ROWS, Y, validation_data=(ROWS[:, :4], Y), verbose=0)
    assert int(model.optimizer.iterations) == 0


def test_what_keras_repairs_rightly_is_no_mistake() -> None:
    images = tl.Sequential([tl.Input((8, 8, 1)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(1)])
    assert codes(lambda: images.predict(FLOATS[..., 0], verbose=0)) == []
    columns = tl.Sequential([tl.Input((1,)), layers.Dense(1)])
    assert codes(lambda: columns.predict(np.ones(5, "float32"), verbose=0)) == []
    assert codes(lambda: mlp().predict(ROWS[..., None], verbose=0)) == []


def test_one_image_without_a_batch_axis_is_not_eight_samples() -> None:
    images = tl.Sequential([tl.Input((8, 8, 1)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(1)])
    assert codes(lambda: images.predict(FLOATS[0, ..., :1], verbose=0)) == ["TL503"]


def test_the_batch_that_came_first_is_no_part_of_the_contract() -> None:
    model = tl.Sequential([layers.Conv2D(2, 3), layers.GlobalAveragePooling2D()])
    model(tf.constant(FLOATS[:4]))
    assert codes(lambda: model(tf.constant(FLOATS[:3]))) == []
    assert codes(lambda: model.predict(FLOATS[:1], verbose=0)) == []


def test_rgba_for_rgb_names_the_cause() -> None:
    model = cnn(tl.Input((8, 8, 3)))
    with pytest.raises(tl.ContractError, match="alpha channel"):
        model.predict(np.ones((2, 8, 8, 4), "float32"), verbose=0)


def test_one_generator_is_left_alone() -> None:
    drawn: list[int] = []

    def batches() -> Iterator[tuple[Any, Any]]:
        for step in range(2):
            drawn.append(step)
            yield ROWS, Y

    mlp().fit(batches(), steps_per_epoch=2, verbose=0)
    assert drawn == [0, 1]


def test_a_float64_model_takes_float64_tensors() -> None:
    model = tl.Sequential([tl.Input((6,), dtype="float64"), layers.Dense(1, dtype="float64")])
    assert codes(lambda: model(tf.constant(ROWS, tf.float64))) == []


# ------------------------------------------------------------------------------------------- raw bytes
@pytest.mark.parametrize("given", ["dataset", "array", "tensor"])
def test_raw_bytes_into_a_convolution(given: str) -> None:
    model = cnn()
    x = {"dataset": dataset(), "array": BYTES, "tensor": tf.constant(BYTES)}[given]
    y = () if given == "dataset" else (LABELS,)
    with pytest.raises(tl.ContractError) as caught:
        model.fit(x, *y, verbose=0)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "TL401"
    assert "Rescaling(1 / 255)" in diagnostic.fixes[0].text
    assert int(model.optimizer.iterations) == 0


QUIET: dict[str, Callable[[], Any]] = {
    "rescaled in the model": lambda: cnn(layers.Rescaling(1 / 255)).fit(dataset(), verbose=0),
    "rescaled in a lambda": lambda: cnn(layers.Lambda(lambda x: x / 255.0)).fit(dataset(), verbose=0),
    "rescaled in a layer of the user's": lambda: cnn(Halved()).fit(dataset(), verbose=0),
    "normalized first": lambda: cnn(layers.BatchNormalization()).fit(dataset(), verbose=0),
    "binary masks": lambda: cnn().fit(dataset(BYTES // 128), verbose=0),
    "small integers": lambda: cnn().fit(dataset(BYTES // 8), verbose=0),
    "a linear convolution that is normalized": lambda: linear_then_normalized().fit(dataset(), verbose=0),
    "maps of many channels": lambda: cnn().fit(dataset(np.repeat(BYTES, 3, axis=-1)), verbose=0),
    "ids of tokens": lambda: ids().fit(BYTES[:, 0, :, 0], LABELS, verbose=0),
    "a table of bytes": lambda: table().fit(BYTES.reshape(16, -1), LABELS, verbose=0),
    "windows of a table of bytes": lambda: windows().fit(BYTES.reshape(16, 24, 8), LABELS, verbose=0),
    "weights that were loaded": lambda: loaded().fit(dataset(), verbose=0),
    "allowed": lambda: tl.allow(cnn(), "raw-bytes").fit(dataset(), verbose=0),
}


class Halved(tl.Layer):
    """Rescales by itself."""

    def call(self, x: Any) -> Any:
        return keras.ops.cast(x, "float32") / 255.0


def compiled(*stack: Any) -> Any:
    model = tl.Sequential(list(stack))
    model.compile("sgd", LOSS)
    return model


def linear_then_normalized() -> Any:
    norm = layers.BatchNormalization()
    return compiled(layers.Conv2D(4, 3, use_bias=False), norm, layers.Flatten(), layers.Dense(4, activation="softmax"))


def ids() -> Any:
    return compiled(layers.Embedding(256, 4), layers.Flatten(), layers.Dense(4, activation="softmax"))


def table() -> Any:
    return compiled(layers.Dense(8, activation="relu"), layers.Dense(4, activation="softmax"))


def windows() -> Any:
    return compiled(layers.Flatten(), layers.Dense(4, activation="softmax"))


def test_grey_images_without_a_channel_axis_are_images() -> None:
    assert codes(lambda: windows().fit(BYTES[..., 0], LABELS, verbose=0)) == ["TL401"]


def loaded() -> Any:
    model = cnn(tl.Input((8, 8, 3)))
    model.layers[0].set_weights(model.layers[0].get_weights())
    return model


@pytest.mark.parametrize("program", QUIET)
def test_no_word_on_correct_use_of_bytes(program: str) -> None:
    assert codes(QUIET[program]) == []


@pytest.mark.parametrize("jit_compile", [False, True])
def test_lenient_rescales_and_equals_the_corrected_program(jit_compile: bool) -> None:
    wrong, right = cnn(mode="lenient"), cnn(layers.Rescaling(1 / 255))
    for model in (wrong, right):
        model.compile("adam", LOSS, jit_compile=jit_compile)
    one = wrong.fit(dataset(), epochs=2, verbose=0, shuffle=False)
    two = right.fit(dataset(), epochs=2, verbose=0, shuffle=False)
    assert one.history == two.history
    (entry,) = tl.repairs(wrong)
    assert str(entry.repair) == "rescale by 1/255"
    assert entry.code == "TL401"
    np.testing.assert_allclose(wrong.predict(BYTES, verbose=0), right.predict(BYTES, verbose=0), atol=1e-6)


def test_a_model_that_was_trained_on_bytes_has_a_rescaling_that_ready_floats_would_go_through_twice() -> None:
    model = cnn(mode="lenient")
    model.fit(dataset(), verbose=0)
    by_hand = keras.Sequential.from_config(model.get_config())
    by_hand.set_weights(model.get_weights())
    assert type(model.layers[0]) is keras.layers.Rescaling
    np.testing.assert_array_equal(model.predict(BYTES, verbose=0), by_hand.predict(BYTES, verbose=0))
    np.testing.assert_allclose(model(tf.constant(BYTES)), by_hand(tf.constant(BYTES)), atol=1e-6)
    with pytest.raises(tl.ContractError, match="TL404"):
        model.evaluate(BYTES.astype("float32") / 255, np.zeros(len(BYTES)), verbose=0)


def test_each_dtype_is_traced_once() -> None:
    model = cnn(mode="lenient")
    model.fit(FLOATS, LABELS, verbose=0)
    traces: list[str] = []
    dense = model.layers[-1]
    inherited = dense.call

    def call(x: Any, *args: Any, **kwargs: Any) -> Any:
        traces.append(str(x.dtype))
        return inherited(x, *args, **kwargs)

    dense.call = call
    for _ in range(3):
        model.predict(BYTES, verbose=0)
        model.predict(FLOATS, verbose=0)
    assert len(traces) == 2


def test_trained_on_floats_in_the_unit_range_bytes_are_rescaled_for_serving() -> None:
    model = cnn(tl.Input((8, 8, 3)), mode="lenient")
    model.fit(FLOATS, LABELS, verbose=0)
    unit = BYTES.astype("float32") / 255
    np.testing.assert_allclose(model.predict(BYTES, verbose=0), model.predict(unit, verbose=0), atol=1e-6)


def test_trained_on_floats_from_minus_one_bytes_are_brought_there() -> None:
    model = cnn(tl.Input((8, 8, 3)), mode="lenient")
    model.fit(FLOATS * 2 - 1, LABELS, verbose=0)
    signed = BYTES.astype("float32") / 127.5 - 1
    np.testing.assert_allclose(model.predict(BYTES, verbose=0), model.predict(signed, verbose=0), atol=1e-5)


def test_trained_on_bytes_nothing_is_scaled() -> None:
    model = tl.allow(cnn(tl.Input((8, 8, 3)), mode="lenient"), "raw-bytes")
    model.fit(BYTES.astype("float32"), LABELS, verbose=0)
    same = model.predict(BYTES.astype("float32"), verbose=0)
    np.testing.assert_allclose(model.predict(BYTES, verbose=0), same, atol=1e-5)
    assert tl.repairs(model) == ()


def test_weights_of_unknown_history_are_only_cast_with_a_warning() -> None:
    model = cnn(tl.Input((8, 8, 3)), mode="lenient")
    model.set_weights(model.get_weights())
    with pytest.warns(tl.ContractWarning, match="TL801"):
        got = model.predict(BYTES, verbose=0)
    np.testing.assert_allclose(got, model.predict(BYTES.astype("float32"), verbose=0), atol=1e-5)


# ------------------------------------------------------------------------------------- static repairs
def test_lenient_inserts_layers_of_plain_keras() -> None:
    model = tl.Sequential([tl.Input((8, 8)), layers.Conv2D(2, 3, name="conv"), layers.Flatten()], mode="lenient")
    assert [layer.name for layer in model.layers] == ["conv_expand_dims", "conv", "flatten"] or model.layers[
        0
    ].name == ("conv_expand_dims")
    (entry,) = tl.repairs(model)
    assert (entry.repair.kind, entry.code) == ("expand_dims", "TL201")
    assert model.predict(FLOATS[..., 0], verbose=0).shape == (16, 72)


def test_lenient_flattens_for_an_annotated_layer() -> None:
    class Head(tl.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.dense = layers.Dense(4)

        def call(self, x: Float[tl.Tensor, "batch features"]) -> Float[tl.Tensor, "batch 4"]:
            return self.dense(x)

    stack = lambda: [tl.Input((8, 8, 3)), layers.Conv2D(2, 3), Head()]  # noqa: E731
    assert codes(lambda: tl.Sequential(stack())) == ["TL201"]
    model = tl.Sequential(stack(), mode="lenient")
    assert model.output_shape == (None, 4)
    assert [entry.repair.kind for entry in tl.repairs(model)] == ["flatten"]


def test_lenient_casts_integers_before_a_layer_that_fails_on_them() -> None:
    stack = lambda: [tl.Input((8, 8, 3), dtype="uint8"), layers.Conv2D(2, 3), layers.Flatten()]  # noqa: E731
    assert codes(lambda: tl.Sequential(stack())) == ["TL304"]
    model = tl.Sequential(stack(), mode="lenient")
    assert [entry.repair.kind for entry in tl.repairs(model)] == ["cast"]
    assert model.predict(BYTES // 128, verbose=0).shape == (16, 72)


def test_what_cannot_be_repaired_still_raises_in_lenient() -> None:
    assert codes(lambda: mlp(mode="lenient").predict(ROWS[:, :5], verbose=0)) == ["TL502"]
    assert codes(lambda: tl.Sequential([tl.Input((5,)), layers.Conv2D(2, 3)], mode="lenient")) == ["TL201"]


def test_off_checks_nothing() -> None:
    model = mlp(mode="off")
    assert codes(lambda: model(tf.constant(ROWS, tf.float64))) == []
    with pytest.raises(ValueError, match=r"expected ndim|Invalid input shape|incompatible"):
        tl.Sequential([tl.Input((8, 8)), layers.GlobalAveragePooling2D()], mode="off")


def test_a_float64_tensor_is_cast_in_lenient_and_stands_in_the_ledger() -> None:
    model = mlp(mode="lenient")
    x = tf.random.normal((8, 6), dtype=tf.float64)
    np.testing.assert_array_equal(model(x), model(tf.cast(x, tf.float32)))
    (entry,) = tl.repairs(model)
    assert (str(entry.repair), entry.code) == ("cast to float32", "TL301")


def test_what_is_only_found_as_keras_builds_has_its_place() -> None:
    class Sliced(keras.layers.Layer):
        """Of unknown output: Keras finds it as it builds."""

        def call(self, x: Any) -> Any:
            return x[:, 0]

    with pytest.raises(tl.ContractError) as caught:
        tl.Sequential([tl.Input((8, 8, 3)), Sliced(), layers.Conv2D(2, 3)], name="net")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.where.within == 'layer 2 of 2 in Sequential "net"'
