"""Constructor arguments: what Keras takes passes, what has a wrong type is TL102; and all that Keras reads stays."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
import re
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from tests.layers import constructors
from tests.layers.rows import L, Maker
from typedlayers import layers

MAKERS: dict[str, tuple[Any, ...]] = {
    # layers that need arguments, with some
    "Dense": (3,),
    "EinsumDense": ("ab,bc->ac", 3),
    "Embedding": (5, 3),
    "Activation": ("relu",),
    "Lambda": (keras.ops.tanh,),
    "Dot": (1,),
    "MultiHeadAttention": (2, 3),
    **dict.fromkeys(("CenterCrop", "Resizing", "RandomCrop"), (6, 7)),
    **{
        f"Random{name}": (0.2,)
        for name in (
            "Brightness",
            "Contrast",
            "Hue",
            "Rotation",
            "ColorDegeneration",
            "Sharpness",
            "Saturation",
            "Zoom",
        )
    },
    "RandomPosterization": (4,),
    "RandomTranslation": (0.2, 0.2),
    "MaxNumBoundingBoxes": (3,),
    "Pipeline": ([],),
    "Hashing": (5,),
    "HashedCrossing": (5,),
    "Discretization": ([0.0, 1.0],),
    "CategoryEncoding": (4,),
    "ReversibleEmbedding": (5, 3),
    "GroupedQueryAttention": (4, 2, 1),
    **dict.fromkeys(("SimpleRNN", "LSTM", "GRU", "SimpleRNNCell", "LSTMCell", "GRUCell"), (3,)),
    **{f"ConvLSTM{rank}D": (4, 2) for rank in (1, 2, 3)},
    "RNN": (keras.layers.LSTMCell(3, name="cell"),),
    "StackedRNNCells": ([keras.layers.LSTMCell(3, name="cell")],),
    "Bidirectional": (keras.layers.LSTM(3, name="inside"),),
    **dict.fromkeys(("TimeDistributed", "SpectralNormalization", "Wrapper"), (keras.layers.Dense(3, name="inside"),)),
    **{f"Conv{rank}D": (4, 2) for rank in (1, 2, 3)},
    **{f"Conv{rank}DTranspose": (4, 2) for rank in (1, 2, 3)},
    **{f"SeparableConv{rank}D": (4, 2) for rank in (1, 2)},
    **{f"DepthwiseConv{rank}D": (2,) for rank in (1, 2)},
    **{f"Average{kind}{rank}D": (2,) for rank in (1, 2, 3) for kind in ("Pooling",)},
    **{f"Adaptive{kind}Pooling{rank}D": (2,) for rank in (1, 2, 3) for kind in ("Max", "Average")},
    "Reshape": ((2, 3),),
    "Permute": ((2, 1),),
    "RepeatVector": (2,),
    **{f"SpatialDropout{rank}D": (0.5,) for rank in (1, 2, 3)},
    "Dropout": (0.5,),
    "AlphaDropout": (0.5,),
    "GaussianDropout": (0.5,),
    "GaussianNoise": (0.5,),
    "Rescaling": (0.5,),
}

ACCEPTED = [
    # as Keras normalises it
    L.Dense(np.int64(3)),
    L.Dense(3, activation="relu", use_bias=0, kernel_initializer=keras.initializers.Zeros),
    L.Dense(3, kernel_initializer={"class_name": "HeNormal", "config": {}}, bias_regularizer="l2"),
    L.Dense(3, name="head", trainable=False, dtype="float16"),
    L.Embedding(np.int32(5), 3, mask_zero=True),
    L.Activation(keras.activations.gelu),
    L.Lambda(np.tanh, output_shape=(3,), arguments={"out": None}),
    L.Conv2D(4, [3, 3], padding="SAME"),
    L.Conv2D(np.int64(4), (np.int64(3), 2), strides=[1, 1], data_format="channels_last"),
    L.Conv2D(4, np.array([3, 3]), dilation_rate=(2, 2)),
    L.Conv2DTranspose(4, 2, strides=2, output_padding=[1, 0]),
    L.MaxPooling2D([2, 2], strides=None, padding="Same"),
    L.Reshape([2, np.int64(3)]),
    L.Reshape((-1, 2)),
    L.Permute([2, 1]),
    L.Cropping2D([[1, 2], [0, 0]]),
    L.ZeroPadding2D(((1, 2), 3)),
    L.UpSampling2D((2, 3), interpolation="bilinear"),
    L.BatchNormalization(axis=np.int64(-1), momentum=np.float32(0.9), scale=False),
    L.LayerNormalization(axis=[1, 2]),
    L.ReLU(max_value=np.float64(6), negative_slope=0),
    L.PReLU(shared_axes=(1,)),
    L.Softmax(axis=(1, 2)),
    L.Dropout(1, noise_shape=[None, 1], seed=np.int64(3)),
    L.ActivityRegularization(l1=1),
    L.Rescaling([0.5, 1.0], offset=np.ones(2)),
    L.Normalization(axis=None, mean=np.float32(1), variance=2),
]

REFUSED = [
    # layer, the arguments to blame
    (L.Dense("3"), ["units"]),
    (L.Dense(3.0), ["units"]),
    (L.Dense(None), ["units"]),
    (L.Dense((3,)), ["units"]),
    (L.Dense(3, activation=5), ["activation"]),
    (L.Dense("3", use_bias="no"), ["units", "use_bias"]),
    (L.Dense(3, kernel_initializer=0.5), ["kernel_initializer"]),
    (L.Dense(3, kernel_regularizer=0.01), ["kernel_regularizer"]),
    (L.EinsumDense(["ab", "bc"], 3), ["equation"]),
    (L.Embedding(5.5, "3"), ["input_dim", "output_dim"]),
    (L.Activation(0.5), ["activation"]),
    (L.Lambda("relu"), ["function"]),
    (L.Conv2D((3, 3), 32), ["filters"]),
    (L.Conv2D(4, "3"), ["kernel_size"]),
    (L.Conv2D(4, 3, strides="same"), ["strides"]),
    (L.Conv2D(4, 3, padding=1), ["padding"]),
    (L.Conv1D(4, 3, groups=2.5), ["groups"]),
    (L.DepthwiseConv2D(3, depth_multiplier=(1, 1)), ["depth_multiplier"]),
    (L.MaxPooling2D("2"), ["pool_size"]),
    (L.GlobalMaxPooling2D(keepdims="yes"), ["keepdims"]),
    (L.AdaptiveMaxPooling2D("2"), ["output_size"]),
    (L.Flatten(("channels_last",)), ["data_format"]),
    (L.Reshape(12), ["target_shape"]),
    (L.Permute("21"), ["dims"]),
    (L.RepeatVector([3]), ["n"]),
    (L.Cropping2D("1"), ["cropping"]),
    (L.ZeroPadding2D("same"), ["padding"]),
    (L.UpSampling2D(2, interpolation=1), ["interpolation"]),
    (L.BatchNormalization(momentum="0.9"), ["momentum"]),
    (L.LayerNormalization(axis=1.5, epsilon="small"), ["axis", "epsilon"]),
    (L.ReLU("6"), ["max_value"]),
    (L.PReLU(shared_axes="1"), ["shared_axes"]),
    (L.Softmax("last"), ["axis"]),
    (L.Dropout("0.5"), ["rate"]),
    (L.GaussianNoise((0.1,)), ["stddev"]),
    (L.Rescaling("1/255"), ["scale"]),
    (L.Normalization(axis="-1"), ["axis"]),
]


def available(rows: list[Any]) -> list[Any]:
    return [row for row in rows if (row[0] if isinstance(row, tuple) else row).available]


def blamed(error: tl.ContractError) -> list[str]:
    assert {diagnostic.code for diagnostic in error.diagnostics} == {"TL102"}
    return [diagnostic.headline.split("`")[1] for diagnostic in error.diagnostics]


@pytest.mark.parametrize("make", available(ACCEPTED), ids=str)
def test_accepted(make: Maker) -> None:
    assert config_of(make, layers) == config_of(make, keras.layers)


def config_of(make: Maker, home: Any) -> Any:
    """The config of the layer less its automatic name; Keras's own refusal of a value or of its serialization."""
    try:
        config = make(home).get_config()
    except tl.ContractError:
        raise
    except (ValueError, AttributeError) as error:
        return type(error), str(error)
    return repr({key: value for key, value in config.items() if key != "name"})


@pytest.mark.parametrize(("make", "names"), available(REFUSED), ids=str)
def test_refused(make: Maker, names: list[str]) -> None:
    with pytest.raises(tl.ContractError) as caught:
        make()
    assert blamed(caught.value) == names
    for diagnostic in caught.value.diagnostics:
        assert diagnostic.headline.startswith(f"{make.name} needs ")
        assert diagnostic.gets
        assert diagnostic.needs
        assert diagnostic.where.file == Maker.__call__.__code__.co_filename


@pytest.mark.parametrize(("make", "names"), available(REFUSED), ids=str)
def test_off_mode_leaves_arguments_to_keras(make: Maker, names: list[str]) -> None:
    with tl.mode("off"):
        assert outcome(make, layers) == outcome(make, keras.layers)


def outcome(make: Maker, home: Any) -> Any:
    try:
        return type(make(home)).__name__
    except Exception as error:  # noqa: BLE001 - Keras raises whatever it likes
        return type(error), str(error)


IN_KERAS_WORDS = [
    # layer, the kind of Keras's own error, words of it
    (L.Dense(2.5), ValueError, "expected a positive integer"),
    (L.Hashing(None), ValueError, "cannot be `None` or non-positive"),
    (L.LayerNormalization(axis={"axis": -1}), TypeError, "Expected an int or a list/tuple of ints"),
    (L.RepeatVector("3"), TypeError, "Expected an integer value for `n`"),
]


@pytest.mark.parametrize(("make", "kind", "words"), available(IN_KERAS_WORDS), ids=str)
def test_keras_own_words_and_its_kind_of_error(make: Maker, kind: type, words: str) -> None:
    before = keras.layers.Dense(1).name
    with pytest.raises(kind, match=re.escape(words)) as caught:
        make()
    assert isinstance(caught.value, tl.ContractError)
    assert isinstance(caught.value, TypeError) is (kind is TypeError)
    assert caught.value.diagnostics[0].why.startswith("Keras says: ")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again)) == (type(caught.value), str(caught.value))
    # the try leaves nothing behind: the next layer has the next name
    assert int(keras.layers.Dense(1).name.rpartition("_")[2]) == int("0" + before.partition("_")[2]) + 1


def test_what_keras_accepts_has_no_words_of_it() -> None:
    with pytest.raises(tl.ContractError) as caught:
        layers.Dense(3, use_bias="no")
    assert caught.value.diagnostics[0].why == ""


def test_a_value_that_keras_refuses_is_left_to_keras() -> None:
    for make in (L.Dense(-1), L.Dropout(2.0), L.Conv2D(4, 3, padding="wide")):
        refusal = outcome(make, layers)
        assert refusal[0] is ValueError
        assert refusal == outcome(make, keras.layers)


def test_an_unknown_or_missing_argument_is_left_to_keras() -> None:
    for make in (L.Dense(3, unit=4), L.Dense(), L.Dense(3, units=4)):
        refusal = outcome(make, layers)
        assert refusal[0] in (TypeError, ValueError)
        assert refusal == outcome(make, keras.layers)


def test_a_wrong_argument_can_be_allowed() -> None:
    with tl.allow("argument-type"):
        assert constructors.Own("3").units == "3"
    with pytest.raises(tl.ContractError):
        constructors.Own("3")


# ------------------------------------------------------------------------------------ users' own classes
class Project(tl.Layer):
    def __init__(self, units, rate=0.5, **kwargs):
        super().__init__(**kwargs)
        self.units, self.rate = units, rate


def test_an_argument_without_a_hint_may_be_anything() -> None:
    assert Project("3", rate=None).units == "3"


OWN = [
    # arguments, the names to blame
    ({"units": 3}, []),
    ({"units": np.int64(3)}, []),
    ({"units": np.int64(3), "rate": np.float32(0.5)}, []),
    ({"units": 3, "rate": 1}, []),
    ({"units": 3, "axes": [1, 2]}, []),
    ({"units": 3, "label": None}, []),
    ({"units": 3, "anything": object()}, []),
    ({"units": "3"}, ["units"]),
    ({"units": 3.0}, ["units"]),
    ({"units": 3, "rate": "0.5"}, ["rate"]),
    ({"units": "3", "rate": "0.5"}, ["units", "rate"]),
    ({"units": 3, "axes": 1}, ["axes"]),
    ({"units": 3, "label": 5}, ["label"]),
]


@pytest.mark.parametrize(("arguments", "names"), OWN)
def test_hints_of_a_users_constructor(arguments: dict[str, Any], names: list[str]) -> None:
    if not names:
        assert constructors.Own(**arguments).units == 3
        return
    with pytest.raises(tl.ContractError) as caught:
        constructors.Own(**arguments)
    assert blamed(caught.value) == names


def test_hints_that_are_strings() -> None:
    class Own(tl.Layer):
        def __init__(self, units: int, **kwargs: Any) -> None:
            super().__init__(**kwargs)

    with pytest.raises(tl.ContractError):
        Own("3")


def test_a_subclass_of_a_typed_layer_is_checked_by_its_own_constructor() -> None:
    assert constructors.Scaled(3, 2).units == 6
    with pytest.raises(tl.ContractError) as caught:
        constructors.Scaled(3, "2")
    assert blamed(caught.value) == ["factor"]


def test_a_users_layer_makes_the_round_trip() -> None:
    layer = constructors.Own(3, rate=0.25, axes=[1], name="own")
    config = layer.get_config()
    again = constructors.Own.from_config(config)
    assert again.get_config() == config
    assert (again.units, again.rate, again.name) == (3, 0.25, "own")
    assert inspect.signature(constructors.Own) == inspect.signature(constructors.PlainOwn)
    assert config.keys() == constructors.PlainOwn(3, name="own").get_config().keys()


# ------------------------------------------------------------------------------------- what Keras reads
TYPED = sorted(
    name
    for name in dir(layers)
    if getattr(layers, name) is not getattr(keras.layers, name, None)
    and isinstance(getattr(layers, name), type)
    and issubclass(getattr(layers, name), keras.layers.Layer)
)
EVERY_TYPED = pytest.mark.parametrize("name", TYPED)


def pair(name: str) -> tuple[Any, Any]:
    """A typed layer and Keras's, made alike after the names were reset."""
    arguments = MAKERS.get(getattr(layers, name).__name__, ())
    made = []
    for home in (layers, keras.layers):
        keras.backend.clear_session(free_memory=False)
        keras.utils.set_random_seed(0)
        made.append(getattr(home, name)(*arguments))
    return made[0], made[1]


def test_the_typed_layers_are_many() -> None:
    assert len(TYPED) > 60
    assert {"Dense", "Conv2D", "Layer", "MaxPool2D"} <= set(TYPED)


@EVERY_TYPED
def test_signatures_equal_keras_s(name: str) -> None:
    mine, theirs = getattr(layers, name), getattr(keras.layers, name)
    if name != "Layer":  # whose __new__ takes anything
        assert inspect.signature(mine) == inspect.signature(theirs)
    for method in ("__init__", "call", "build", "get_config"):
        assert inspect.signature(getattr(mine, method)) == inspect.signature(getattr(theirs, method))


@EVERY_TYPED
def test_configs_and_automatic_names_equal_keras_s(name: str) -> None:
    mine, theirs = pair(name)
    assert mine.name == theirs.name
    assert repr(mine.get_config()) == repr(theirs.get_config())
    cls = type(mine)
    again = cls.from_config(mine.get_config())
    assert type(again) is cls
    assert repr(again.get_config()) == repr(mine.get_config())
    assert repr(type(theirs).from_config(mine.get_config()).get_config()) == repr(mine.get_config())


@EVERY_TYPED
def test_names_equal_keras_s(name: str) -> None:
    mine, theirs = getattr(layers, name), getattr(keras.layers, name)
    module = "keras.layers" if hasattr(keras.layers, theirs.__name__) else theirs.__module__
    assert (mine.__name__, mine.__module__) == (theirs.__name__, module)
    assert issubclass(mine, theirs)


def test_automatic_names_count_as_keras_s() -> None:
    keras.backend.clear_session(free_memory=False)
    mine = [layers.Dense(1).name, layers.Dense(1).name, layers.Conv2D(1, 1).name, layers.MaxPool2D().name]
    keras.backend.clear_session(free_memory=False)
    theirs = [make(1).name for make in (keras.layers.Dense, keras.layers.Dense)]
    theirs += [keras.layers.Conv2D(1, 1).name, keras.layers.MaxPool2D().name]
    assert mine == theirs


def test_signatures_of_subclasses() -> None:
    class Own(layers.Dense):
        def __init__(self, units, extra=1, **kwargs):
            super().__init__(units, **kwargs)

    class Plain(keras.layers.Dense):
        def __init__(self, units, extra=1, **kwargs):
            super().__init__(units, **kwargs)

    class Below(Own):
        """Without a constructor of its own."""

    class Bare(layers.Dense):
        """The same."""

    assert inspect.signature(Own) == inspect.signature(Plain) == inspect.signature(Below)
    assert inspect.signature(Bare) == inspect.signature(keras.layers.Dense)
    assert str(inspect.signature(Own)) == "(units, extra=1, **kwargs)"
    assert Own(3, extra=2).units == 3


@pytest.mark.parametrize("copied", [copy.deepcopy, copy.copy, lambda x: pickle.loads(pickle.dumps(x))])
@pytest.mark.parametrize("make", [L.Dense(3), L.Conv2D(4, 1), L.Dropout(0.5), L.BatchNormalization()], ids=str)
def test_copies_and_pickles_are_typed_and_the_same(make: Maker, copied: Any) -> None:
    layer = make()
    x = tf.reshape(tf.range(2.0 * 3 * 3 * 4), (2, 3, 3, 4))
    expected = layer(x)
    again = copied(layer)
    assert type(again) is type(layer)
    assert again.get_config() == layer.get_config()
    np.testing.assert_array_equal(again(x), expected)
    if make.name != "Dropout":
        with pytest.raises(tl.ContractError, match="TL301"):
            again(tf.cast(x, "float64"))


def test_a_copy_of_a_users_layer_is_typed() -> None:
    layer = constructors.Own(3)
    with keras.saving.custom_object_scope({"Own": constructors.Own}):
        again = copy.deepcopy(layer)
    assert type(again) is constructors.Own
    assert json.dumps(again.get_config()) == json.dumps(layer.get_config())  # which makes lists of tuples


@EVERY_TYPED
def test_dir_is_the_same_before_and_after_a_config_round_trip(name: str) -> None:
    mine, _ = pair(name)
    again = type(mine).from_config(mine.get_config())
    assert dir(again) == dir(mine)


def test_a_call_adds_the_names_that_it_adds_to_keras_s() -> None:
    @tl.typed
    class Mine(keras.layers.Flatten):
        """A class none of whose bases was called as a typed one."""

    class Theirs(keras.layers.Flatten):
        """The same."""

    added = []
    for layer in (Mine(), Theirs()):
        before = set(dir(layer))
        layer(tf.ones((2, 3)))
        added.append(set(dir(layer)) - before)
    assert added[0] == added[1]


def test_our_names_are_few_and_marked() -> None:
    mine, theirs = pair("Dense")
    of_abc = {"__abstractmethods__", "_abc_impl"}  # the metaclass derives from ABCMeta
    assert all(name.startswith("_typedlayers") for name in set(dir(mine)) - set(dir(theirs)) - of_abc)
