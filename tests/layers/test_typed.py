"""Calls of typed layers: whatever Keras does with a call, a typed layer does too; and what is refused for its dtype."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from jaxtyping import Float

import typedlayers as tl
from tests.layers.rows import L, Maker, eager, symbolic, text_of
from typedlayers import layers

X = np.random.default_rng(0).uniform(0, 1, (2, 4, 6)).astype("float32")


def codes_of(layer: Any, *args: Any, **kwargs: Any) -> list[str]:
    """The codes that a call raises."""
    try:
        layer(*args, **kwargs)
    except tl.ContractError as error:
        return [diagnostic.code for diagnostic in error.diagnostics]
    return []


def outcome(layer: Any, *args: Any, **kwargs: Any) -> Any:
    """What a call gives: class, dtype, shape and values; of an exception its class."""
    try:
        result = layer(*args, **kwargs)
    except tl.ContractError:
        raise
    except Exception as error:  # noqa: BLE001 - Keras raises whatever it likes
        return type(error)
    return type(result), text_of(result), np.asarray(keras.ops.convert_to_numpy(result)).tobytes()


def twins(make: Maker) -> tuple[Any, Any]:
    """A typed layer and Keras's, with equal weights."""
    mine, theirs = make(), make(keras.layers)
    mine(X), theirs(X)
    theirs.set_weights(mine.get_weights())
    return mine, theirs


SEVERAL = [
    L.Dense(3),
    L.Conv1D(3, 2),
    L.BatchNormalization(),
    L.LayerNormalization(),
    L.Dropout(0.5, seed=1),
    L.GaussianNoise(0.5, seed=1),
    L.Softmax(),
    L.Activation("gelu"),
    L.Flatten(),
    L.GlobalAveragePooling1D(),
    L.Masking(0.0),
    L.Rescaling(0.5),
]


# ------------------------------------------------------------------------------------ the ways to call
@pytest.mark.parametrize("make", SEVERAL, ids=str)
def test_results_are_keras_s_to_the_last_bit(make: Maker) -> None:
    mine, theirs = twins(make)
    for _ in range(3):  # checked, and known
        for x in (X, tf.constant(X), X.astype("float16")):
            assert outcome(mine, x) == outcome(theirs, x)


@pytest.mark.parametrize(
    "make", [L.Dropout(0.5, seed=1), L.GaussianNoise(0.5, seed=1), L.BatchNormalization()], ids=str
)
@pytest.mark.parametrize("training", [True, False, None])
def test_training(make: Maker, training: bool | None) -> None:
    mine, theirs = twins(make)
    for _ in range(2):
        assert outcome(mine, X, training=training) == outcome(theirs, X, training=training)
    for one, two in zip(mine.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("make", SEVERAL, ids=str)
def test_inputs_as_keyword(make: Maker) -> None:
    mine, theirs = twins(make)
    assert outcome(mine, inputs=X) == outcome(theirs, X)
    assert text_of(mine(inputs=keras.Input((4, 6)))) == text_of(theirs(keras.Input((4, 6))))


def test_a_keyword_is_checked_too() -> None:
    assert codes_of(layers.Dense(3), inputs=eager("f32[2]")) == ["TL201"]
    assert codes_of(layers.Conv2D(3, 2), inputs=symbolic("f32[?,8,8]")) == ["TL201"]
    with tl.mode("lenient"):
        assert layers.Conv2D(3, 2)(inputs=eager("f32[2,8,8]")).shape == (2, 7, 7, 3)


MASK = np.array([[True, True, False, False], [True, True, True, False]])


@pytest.mark.parametrize("make", [L.GlobalAveragePooling1D(), L.BatchNormalization()], ids=str)
def test_mask_as_argument(make: Maker) -> None:
    mine, theirs = twins(make)
    for _ in range(2):
        assert outcome(mine, X, mask=MASK) == outcome(theirs, X, mask=MASK)
    assert outcome(mine, X, mask=MASK) != outcome(mine, X, mask=~MASK) or make.name == "BatchNormalization"


@pytest.mark.filterwarnings("ignore:Layer 'flatten")
@pytest.mark.parametrize("make", [L.GlobalAveragePooling1D(), L.BatchNormalization(), L.Dense(3), L.Flatten()], ids=str)
def test_mask_of_a_tensor(make: Maker) -> None:
    mine, theirs = twins(make)
    x = tf.constant(X)
    x._keras_mask = tf.constant(MASK)
    for _ in range(2):
        assert outcome(mine, x) == outcome(theirs, x)
        one, two = mask_of(mine(x)), mask_of(theirs(x))
        assert (one is None) is (two is None)
        assert one is None or np.array_equal(one, two)


def mask_of(tensor: Any) -> Any:
    """The mask that Keras hangs on a tensor."""
    return getattr(tensor, "_keras_mask", None)


IDS = np.array([[3, 4, 0, 0], [5, 6, 7, 0]])
CHAINS = [
    # layers, whether the mask arrives
    ([L.Embedding(10, 3, mask_zero=True)], True),
    ([L.Embedding(10, 3)], False),
    ([L.Embedding(10, 3, mask_zero=True), L.Dense(2), L.Dropout(0.5), L.Activation("relu")], True),
    ([L.Embedding(10, 3, mask_zero=True), L.LayerNormalization(), L.BatchNormalization()], True),
    ([L.Embedding(10, 3, mask_zero=True), L.Flatten()], False),
]


@pytest.mark.filterwarnings("ignore:Layer 'flatten")
@pytest.mark.parametrize(("chain", "arrives"), CHAINS)
def test_masks_are_kept(chain: list[Maker], arrives: bool) -> None:
    for x in (tf.constant(IDS), keras.Input((4,), dtype="int32")):
        made = [make() for make in chain]
        for _ in range(2):
            value = x
            for layer in made:
                value = layer(value)
            assert (mask_of(value) is not None) is arrives
    if arrives and made:
        value = tf.constant(IDS)
        for layer in made:
            value = layer(value)
        np.testing.assert_array_equal(mask_of(value), IDS != 0)


def test_a_mask_survives_a_repair() -> None:
    """Keras casts the doubles too, and keeps the mask."""
    x = tf.constant(X, "float64")
    x._keras_mask = tf.constant(MASK)
    mine, theirs = twins(L.GlobalAveragePooling1D())
    with tl.mode("lenient"):
        assert outcome(mine, x) == outcome(theirs, x)


def test_activity_regularizers_are_counted_once() -> None:
    mine, theirs = twins(L.Dense(3, activity_regularizer="l2", kernel_regularizer="l1"))
    for _ in range(2):
        mine(X), theirs(X)
        assert len(mine.losses) == len(theirs.losses) == 2
        np.testing.assert_array_equal(mine.losses, theirs.losses)
    for layer in (layers.ActivityRegularization(l2=0.1), keras.layers.ActivityRegularization(l2=0.1)):
        layer(X)
        assert len(layer.losses) == 1


@pytest.mark.parametrize("make", SEVERAL, ids=str)
def test_weights_equal_keras_s(make: Maker) -> None:
    mine, theirs = twins(make)
    for one, two in zip(mine.weights, theirs.weights, strict=True):
        assert (one.name, one.shape, one.dtype) == (two.name, two.shape, two.dtype)
        assert one.path.split("/")[1:] == two.path.split("/")[1:]
    assert len(mine.trainable_weights) == len(theirs.trainable_weights)


def test_a_refused_call_makes_no_weights() -> None:
    layer = layers.Dense(3)
    assert codes_of(layer, tf.constant(X, "float64")) == ["TL301"]
    assert not layer.built
    assert layer.weights == []


STRANGE = [
    [[1.0, 2.0], [3.0, 4.0]],
    1.0,
    None,
    (),
    np.float32(1.0),
    keras.Variable(np.ones((2, 3), "float32")),
    tf.Variable(np.ones((2, 3), "float32")),
    tf.ragged.constant([[1.0], [2.0, 3.0]]),
    tf.sparse.from_dense(np.eye(3, dtype="float32")),
    np.ones((0, 3), "float32"),
    "text",
    {"a": np.ones((2, 3), "float32")},
]


@pytest.mark.parametrize("value", STRANGE, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("make", [L.Activation("relu"), L.Identity()], ids=str)
def test_strange_values_are_what_they_are_to_keras(make: Maker, value: Any) -> None:
    theirs = kind_of_result(make(keras.layers), value)
    try:
        mine = kind_of_result(make(), value)
    except tl.ContractError:
        mine = Exception
        assert isinstance(theirs, type), "Keras refuses it too"
        assert issubclass(theirs, Exception), "Keras refuses it too"
    assert mine in (theirs, Exception)


def kind_of_result(layer: Any, value: Any) -> type:
    """The class of what a layer gives, or raises."""
    try:
        return type(layer(value))
    except tl.ContractError:
        raise
    except Exception as error:  # noqa: BLE001 - Keras raises whatever it likes
        return type(error)


def test_a_list_for_a_layer_of_one_tensor_is_refused() -> None:
    """Keras stacks the tensors without a word: the result has one axis more."""
    assert codes_of(layers.Dense(3), [tf.constant(X), tf.constant(X)]) == ["TL107"]
    assert codes_of(layers.Flatten(), [keras.Input((3,)), keras.Input((3,))]) == ["TL107"]


def test_a_call_with_other_arguments_is_of_the_kind_of_error_that_keras_raises() -> None:
    for call in (lambda layer: layer(), lambda layer: layer(X, X, X), lambda layer: layer(X, wrong=1)):
        found = []
        for make in (L.Dense(3)(), L.Dense(3)(keras.layers)):
            with pytest.raises((TypeError, ValueError)) as caught:
                call(make)
            found.append(caught.value)
        assert isinstance(found[0], tl.ContractError)
        assert isinstance(found[0], type(found[1]))
        assert [one.code for one in found[0].diagnostics] == ["TL108"]


def test_four_threads() -> None:
    layer, failures = layers.Dense(3), []
    layer(tf.zeros((1, 4)))

    def work(number: int) -> None:
        try:
            for step in range(50):
                size = number * 50 + step + 1
                assert layer(tf.zeros((size, 2, 4))).shape == (size, 2, 3)
                assert codes_of(layer, tf.zeros((size, 5))) == ["TL203"]
                with tl.mode("lenient"):
                    assert layer(tf.zeros((size, 4), tf.float64)).dtype == tf.float32
                assert codes_of(layer, tf.zeros((size, 4), tf.float64)) == ["TL301"]
        except BaseException as failure:  # noqa: BLE001 - handed to the test's own thread
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(tl.repairs(layer)) == 1


# ---------------------------------------------------------------------------------- doubles (DESIGN 6)
@pytest.fixture
def floatx() -> Iterator[None]:
    yield
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")


DOUBLES = X[0].astype("float64")
CARRIERS = [
    # what holds the doubles, codes
    (lambda: DOUBLES, []),
    (lambda: DOUBLES[0, :1].reshape(1, 1), []),
    (lambda: keras.Input((6,), dtype="float64"), []),
    (lambda: keras.ops.multiply(keras.Input((6,), dtype="float64"), 2), []),
    (lambda: tf.constant(DOUBLES), ["TL301"]),
    (lambda: tf.Variable(DOUBLES), ["TL301"]),
    (lambda: keras.Variable(DOUBLES, dtype="float64"), ["TL301"]),
    (lambda: keras.ops.convert_to_tensor(DOUBLES), ["TL301"]),
]


@pytest.mark.parametrize(("make", "codes"), CARRIERS)
def test_doubles_by_what_holds_them(make: Any, codes: list[str]) -> None:
    assert codes_of(layers.Dense(3), make()) == codes
    assert codes_of(layers.Dense(3, dtype="float64"), make()) == []


def test_a_tensor_of_doubles_in_a_graph_was_made_by_hand_too() -> None:
    layer = layers.Dense(3)
    with pytest.raises(tl.ContractError, match="TL301"):
        tf.function(lambda x: layer(x))(tf.constant(DOUBLES))
    with pytest.raises(tl.ContractError, match="TL301"):
        tf.data.Dataset.from_tensors(DOUBLES).map(lambda x: layer(x + x))
    tf.data.Dataset.from_tensors(DOUBLES).map(lambda x: layer(x))  # an element has the dtype of the arrays behind it


def test_layers_of_data_pipelines_take_doubles() -> None:
    rescale = layers.Rescaling(1 / 255)
    (value,) = tf.data.Dataset.from_tensors(DOUBLES).map(lambda x: rescale(x))
    assert value.dtype == tf.float32


def test_floatx_makes_doubles_legal(floatx: None) -> None:
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")  # a process that has made a layer before keeps its policy
    layer = layers.Dense(3)
    assert codes_of(layer, tf.constant(DOUBLES)) == []
    assert layer(tf.constant(DOUBLES)).dtype == "float64"
    assert codes_of(layers.Dense(3, dtype="float32"), tf.constant(DOUBLES)) == ["TL301"]
    assert codes_of(layer, tf.constant(DOUBLES, "float32")) == []


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float16", "bfloat16"])
def test_dtype_policies_are_legal(policy: str, floatx: None) -> None:
    keras.config.set_dtype_policy(policy)
    for make in (L.Dense(3), L.Conv1D(3, 2), L.LayerNormalization(), L.BatchNormalization()):
        layer = make()
        for dtype in ("float16", "bfloat16", "float32"):
            assert codes_of(layer, tf.cast(X, dtype)) == []
        assert layer(X).dtype == layer.compute_dtype
        assert codes_of(layer, tf.cast(X, "float64")) == ["TL301"]


def test_lenient_mode_casts_to_what_the_layer_computes_in() -> None:
    layer = layers.Dense(3, dtype="mixed_float16")
    with tl.mode("lenient"):
        assert layer(tf.constant(DOUBLES)).dtype == "float16"
    assert [str(entry.repair) for entry in tl.repairs(layer)] == ["cast to float16"]


# -------------------------------------------------------------------------------------------- integers
INTEGERS = [
    # layer, given, what comes or the code
    (L.Dense(3), "u8[2,4]", "f32[2,3]"),
    (L.Embedding(10, 3), "u8[2,4]", "f32[2,4,3]"),
    (L.Embedding(10, 3), "i64[2,4]", "f32[2,4,3]"),
    (L.Flatten(), "u8[2,4,3]", "u8[2,12]"),
    (L.MaxPooling2D(), "u8[2,4,4,1]", "u8[2,2,2,1]"),
    (L.GlobalAveragePooling2D(), "u8[2,4,4,1]", "f32[2,1]"),
    (L.BatchNormalization(), "i32[2,4]", "f32[2,4]"),
    (L.Rescaling(1 / 255), "u8[2,4,4,1]", "f32[2,4,4,1]"),
    (L.Dense(3, dtype="mixed_float16"), "u8[2,4]", "f16[2,3]"),
    (L.Conv2D(3, 2), "u8[2,4,4,1]", "TL304"),
    (L.Dropout(0.5), "i32[2,4]", "TL304"),
    (L.Softmax(), "i32[2,4]", "TL304"),
    (L.LayerNormalization(), "i32[2,4]", "TL306"),
]


@pytest.mark.parametrize(("make", "given", "came"), INTEGERS, ids=str)
def test_integers(make: Maker, given: str, came: str) -> None:
    if came.startswith("TL"):
        assert codes_of(make(), eager(given)) == [came]
    else:
        assert text_of(make()(eager(given))) == came


def test_integers_of_an_input_of_floats_are_converted_before() -> None:
    model = tl.Sequential([keras.Input((4, 4, 1)), layers.Conv2D(3, 2)])
    assert model(np.ones((2, 4, 4, 1), "int32")).shape == (2, 3, 3, 3)


# ---------------------------------------------------------------------- perhaps a forgotten flatten (TL206)
class Net(tl.Layer):
    """Layers one after the other, without annotations."""

    def __init__(self, *inner: Any, after: Any = None, before: Any = None) -> None:
        super().__init__()
        self.inner, self.after, self.before = list(inner), after, before

    def call(self, x):
        x = x if self.before is None else self.before(x)
        for layer in self.inner:
            x = layer(x)
        return x if self.after is None else self.after(x)


class PlainNet(keras.layers.Layer):
    def __init__(self, *inner: Any) -> None:
        super().__init__()
        self.inner = list(inner)

    def call(self, x):
        for layer in self.inner:
            x = layer(x)
        return x


class Annotated(tl.Layer):
    """The same with an annotation, which says that positions are meant."""

    def __init__(self) -> None:
        super().__init__()
        self.head = head()

    def call(self, x: Float[tl.Tensor, "batch height width channels"]) -> Any:
        return self.head(x)


def head(units: int = 10, activation: Any = "softmax") -> Any:
    return layers.Dense(units, activation=activation, name="head")


def said(net: Any, x: Any) -> list[str]:
    """The codes that a call warns of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        net(x)
    found = [w.message for w in caught if isinstance(w.message, tl.ContractWarning)]
    return [diagnostic.code for warning in found for diagnostic in warning.diagnostics]


IMAGES = {size: tf.zeros((2, 8, 8, size)) for size in (1, 2, 3, 4, 5, 16)}


def normalized() -> Net:
    return Net(layers.LayerNormalization(), layers.Activation("relu"), head())


FORGOTTEN = [
    # a classifier that answers for every pixel
    lambda: Net(head()),
    lambda: Net(layers.Dense(32, activation="relu"), layers.Dropout(0.5), head()),
    lambda: Net(layers.Rescaling(1 / 255), layers.BatchNormalization(), head()),
    normalized,
    lambda: Net(Net(layers.Dense(32)), head()),
]


@pytest.mark.parametrize("make", FORGOTTEN)
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_a_classifier_that_answers_for_every_pixel_has_perhaps_forgotten_a_flatten(make: Any, channels: int) -> None:
    of_one = ["TL213"] if channels == 1 and make is normalized else []
    assert said(make(), IMAGES[channels]) == [*of_one, "TL206"]


CORRECT = {
    # correct programs that a cruder rule would hit
    "features, not an image": (lambda: Net(head()), IMAGES[16]),
    "two channels are no image": (lambda: Net(head()), IMAGES[2]),
    "a sequence": (lambda: Net(head()), tf.zeros((2, 8, 3))),
    "a video": (lambda: Net(head()), tf.zeros((2, 5, 8, 8, 3))),
    "one pixel": (lambda: Net(head()), tf.zeros((2, 1, 1, 3))),
    "a head that is no classifier": (lambda: Net(head(activation=None)), IMAGES[3]),
    "a head of several labels": (lambda: Net(head(activation="sigmoid")), IMAGES[3]),
    "pooling inside": (lambda: Net(layers.GlobalAveragePooling2D(), head()), IMAGES[3]),
    "local pooling inside": (lambda: Net(layers.MaxPooling2D(1), head()), IMAGES[3]),
    "a convolution inside": (lambda: Net(layers.Conv2D(8, 3, padding="same"), head()), IMAGES[3]),
    "a flatten inside": (lambda: Net(layers.Flatten(), head()), IMAGES[3]),
    "upsampling inside": (lambda: Net(layers.UpSampling2D(1), head()), IMAGES[3]),
    "a head that is no last layer": (lambda: Net(head(), layers.Dense(3)), IMAGES[3]),
    "an answer for the whole image": (lambda: Net(head(), after=lambda x: keras.ops.mean(x, (1, 2))), IMAGES[3]),
    "a symbolic call": (lambda: Net(head()), keras.Input((8, 8, 3))),
    "no layer inside": (lambda: Net(), IMAGES[3]),
    "several inputs": (lambda: Net(layers.Lambda(lambda pair: pair[0]), head()), [IMAGES[3], IMAGES[3]]),
    "the layer alone": (head, IMAGES[3]),
    "a plain layer around it": (lambda: PlainNet(head()), IMAGES[3]),
    "an annotation": (Annotated, IMAGES[3]),
    "in a model": (lambda: tl.Sequential([keras.Input((8, 8, 3)), Net(head())]), IMAGES[3]),
    "in a model without an input": (lambda: tl.Sequential([Net(head())]), IMAGES[3]),
}


@pytest.mark.parametrize("program", CORRECT)
def test_a_correct_program_is_not_warned(program: str) -> None:
    make, x = CORRECT[program]
    assert said(make(), x) == []


HARD = {
    "a plain convolution inside": (lambda: Net(keras.layers.Conv2D(8, 3, padding="same"), head()), IMAGES[3]),
    "a plain layer that mixes positions": (
        lambda: Net(PlainNet(keras.layers.Conv2D(8, 3, padding="same")), head()),
        IMAGES[3],
    ),
    "normalization over the image": (lambda: Net(layers.LayerNormalization(axis=[1, 2]), head()), IMAGES[3]),
    "an op that mixes positions": (
        lambda: Net(head(), before=lambda x: x - keras.ops.mean(x, (1, 2), keepdims=True)),
        IMAGES[3],
    ),
}


@pytest.mark.parametrize("program", HARD)
def test_a_correct_program_of_which_little_is_known_is_not_warned(program: str) -> None:
    make, x = HARD[program]
    assert said(make(), x) == []


def test_the_warning_is_a_perhaps_that_tells_what_to_do() -> None:
    net = Net(head())
    with pytest.warns(tl.ContractWarning) as caught:
        net(IMAGES[3])
    (diagnostic,) = caught[0].message.diagnostics  # type: ignore[union-attr]
    assert diagnostic.certainty == "perhaps"
    assert (
        diagnostic.headline
        == f'Net "{net.name}" classifies every pixel by itself: 10 probabilities for each of 8 x 8 positions'
    )
    assert [fix.text.split(" ")[0] for fix in diagnostic.fixes] == [
        "layers.Flatten()",
        "layers.GlobalAveragePooling2D()",
        "tl.allow(layer,",
    ]
    assert caught[0].filename == __file__


def test_the_warning_can_be_allowed_or_promoted() -> None:
    assert said(tl.allow(Net(head()), "forgotten-flatten"), IMAGES[3]) == []
    with tl.allow("TL206"):
        assert said(Net(head()), IMAGES[3]) == []
    with tl.mode("off"):
        assert said(Net(head()), IMAGES[3]) == []
    with tl.mode(tl.Mode(warnings="error")):
        assert codes_of(Net(head()), IMAGES[3]) == ["TL206"]


def test_the_warning_comes_in_a_traced_function_once_per_trace() -> None:
    net = Net(head())
    function = tf.function(lambda x: net(x), autograph=False)
    assert set(said(function, IMAGES[3])) == {"TL206"}
    assert said(function, IMAGES[3]) == []
