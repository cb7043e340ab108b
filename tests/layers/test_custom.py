"""Layers of the user's own: what they declare, how many samples they take, what they raise."""

from __future__ import annotations

import math
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

import typedlayers as tl
from typedlayers import layers
from typedlayers.rules.custom.values_in_trace import SAME

BASES = pytest.mark.parametrize("base", ["typed", "installed"])


@pytest.fixture
def layer_class(base: str) -> Iterator[type]:
    """The base of a user's layers: `tl.Layer`, or Keras's own while contracts are installed."""
    if base == "typed":
        yield tl.Layer
        return
    tl.install()
    try:
        yield keras.layers.Layer
    finally:
        tl.uninstall()


def made(base: type, call: Callable[..., Any], **methods: Any) -> Any:
    """An object of a user's layer class with a ``call`` and perhaps other methods."""
    return type("Mine", (base,), {"call": call, **methods})(name="mine")


def codes(program: Callable[[], Any]) -> list[str]:
    """The codes of what a program raises or warns of; what is not ours is raised on."""
    found: list[Any] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            program()
        except tl.ContractError as error:
            found += error.diagnostics
    found += [d for w in caught if isinstance(w.message, tl.ContractWarning) for d in w.message.diagnostics]
    return [d.code for d in found]


def model_of(layer: Any, shape: tuple[int | None, ...] = (10,), **given: Any) -> Any:
    x = keras.Input(shape, name="x", **given)
    return keras.Model(x, layer(x))


def predicted(layer: Any, shape: tuple[int, ...] = (10,)) -> Callable[[], Any]:
    return lambda: model_of(layer, shape).predict(np.ones((4, *shape), "float32"), verbose=0)


# --------------------------------------------------------------------- what the user declares of the result
def doubled(self: Any, x: Any) -> Any:
    return ops.concatenate([x, x], axis=-1)


def says(shape: Callable[[tuple[Any, ...]], Any]) -> dict[str, Any]:
    return {"compute_output_shape": lambda self, input_shape: shape(input_shape)}


def spec(shape: Callable[[tuple[Any, ...]], Any]) -> dict[str, Any]:
    return {"compute_output_spec": lambda self, x: keras.KerasTensor(shape(x.shape), x.dtype)}


DECLARED = [
    # what                       method                                       code
    ("right",                    says(lambda s: (s[0], 2 * s[1])),            None),
    ("right, of unknown size",   says(lambda s: (s[0], None)),                None),
    ("right, as a list",         says(lambda s: [s[0], 2 * s[1]]),            None),
    ("right, as a spec",         spec(lambda s: (s[0], 2 * s[1])),            None),
    ("batch left out of sight",  says(lambda s: (None, 2 * s[1])),            None),
    ("another size",             says(lambda s: s),                           "TL711"),
    ("another number of axes",   says(lambda s: (s[0], 2, s[1])),             "TL711"),
    ("another size, as a spec",  spec(lambda s: s),                           "TL711"),
]  # fmt: skip


@BASES
@pytest.mark.parametrize(("methods", "code"), [row[1:] for row in DECLARED], ids=[row[0] for row in DECLARED])
def test_what_a_layer_declares_is_what_it_gives(layer_class: type, methods: dict[str, Any], code: str | None) -> None:
    expected = [] if code is None else [code]
    assert codes(predicted(made(layer_class, doubled, **methods))) == expected
    assert codes(lambda: made(layer_class, doubled, **methods)(np.ones((4, 10), "float32"))) == expected


def test_a_shape_that_only_training_gives_is_not_compared() -> None:
    def call(self: Any, x: Any, training: bool = False) -> Any:
        return x[:, :3] if training else x

    layer = made(tl.Layer, call, **says(lambda s: s))
    assert codes(lambda: layer(np.ones((4, 10), "float32"), training=True)) == []


def test_a_length_that_depends_on_values_is_not_compared() -> None:
    def call(self: Any, x: Any) -> Any:
        return tf.boolean_mask(x, x[:, 0] > 0)

    layer = made(tl.Layer, call, **says(lambda s: s))
    assert codes(lambda: layer(np.array([[1.0, 2.0], [-1.0, 2.0]], "float32"))) == []


def test_a_layer_of_several_results_is_compared_in_each() -> None:
    def call(self: Any, x: Any) -> Any:
        return x, ops.concatenate([x, x], axis=-1)

    assert codes(predicted(made(tl.Layer, call, **says(lambda s: (s, (s[0], 2 * s[1])))))) == []
    assert codes(predicted(made(tl.Layer, call, **says(lambda s: (s, s))))) == ["TL711"]


def test_the_output_shape_given_to_a_lambda_is_compared_and_its_function_runs_no_more_often_for_it() -> None:
    runs = []

    def function(x: Any) -> Any:
        runs.append(1)
        return ops.concatenate([x, x], axis=-1)

    assert codes(predicted(layers.Lambda(function, output_shape=(20,)))) == []
    assert codes(predicted(layers.Lambda(function, output_shape=(10,)))) == ["TL711"]
    runs.clear()
    keras.layers.Lambda(function)(tf.ones((4, 10)))
    plain = len(runs)
    runs.clear()
    layers.Lambda(function)(tf.ones((4, 10)))
    assert len(runs) == plain


def test_the_method_that_a_users_class_took_over_from_keras_is_named_as_keras_own() -> None:
    class Mine(layers.Dense):
        def call(self, inputs: Any) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
            out = super().call(inputs)
            return ops.concatenate([out, out], axis=-1)

    assert codes(lambda: Mine(3)(np.ones((4, 10), "float32"))) == []  # Keras does not ask it there
    with pytest.raises(tl.ContractError, match="of the Keras class that it derives from") as caught:
        predicted(Mine(3, name="mine"))()
    assert 'Mine "mine" gives (4, 6) but its compute_output_shape says (4, 3)' in str(caught.value)


# ------------------------------------------------------------------------------------------- the batch axis
BATCH = [
    # what                              call                                                              code
    ("-1",                              lambda self, x: ops.reshape(x, (-1, 2, 5)),                       None),
    ("the shape as a tensor",           lambda self, x: ops.reshape(x, (ops.shape(x)[0], 2, 5)),          None),
    ("patches joined to the batch",     lambda self, x: ops.reshape(x, (-1, 5)),                          None),
    ("a table without samples",         lambda self, x: ops.ones((4, 5)),                                 None),
    ("a table for all samples",         lambda self, x: ops.ones((1, 4, 5)),                              None),
    ("a number",                        lambda self, x: ops.mean(x),                                      None),
    ("a mean over the samples",         lambda self, x: ops.mean(x, axis=0),                              None),
    ("all samples as one",              lambda self, x: ops.reshape(x, (1, -1)),                          None),
    ("products of features",            lambda self, x: ops.matmul(ops.transpose(x), x),                  None),
    ("a number of samples written in",  lambda self, x: ops.reshape(x, (4, 2, 5)),                        "TL712"),
    ("patches of that many samples",    lambda self, x: ops.reshape(x, (8, 5)),                           "TL712"),
    ("a column of that many rows",      lambda self, x: ops.concatenate([x, ops.ones((4, 1))], axis=-1),  "TL712"),
    ("ones of shape[0]",                lambda self, x: x + ops.ones((x.shape[0], 1)),                    "TL713"),
    ("range of shape[0]",               lambda self, x: ops.stack([x[i] for i in range(x.shape[0])]),     "TL713"),
    ("shape[0] divided",                lambda self, x: x / (x.shape[0] * 1.0),                           "TL713"),
]  # fmt: skip


@BASES
@pytest.mark.parametrize(("call", "code"), [row[1:] for row in BATCH], ids=[row[0] for row in BATCH])
def test_the_batch_axis_stays_open(layer_class: type, call: Callable[..., Any], code: str | None) -> None:
    expected = [] if code is None else [code]
    assert codes(lambda: model_of(made(layer_class, call))) == expected
    assert codes(lambda: model_of(made(layer_class, call), batch_size=4)) == []
    assert codes(lambda: made(layer_class, call)(np.ones((4, 10), "float32"))) == []


@pytest.mark.parametrize(("call", "code"), [row[1:] for row in BATCH], ids=[row[0] for row in BATCH])
def test_the_batch_axis_stays_open_in_a_trace(call: Callable[..., Any], code: str | None) -> None:
    layer = made(tl.Layer, call)
    traced = tf.function(layer, input_signature=[tf.TensorSpec((None, 10))])
    assert codes(traced.get_concrete_function) == ([] if code is None else [code])


def test_a_lambda_has_a_call_of_the_users_too() -> None:
    assert codes(lambda: model_of(layers.Lambda(lambda x: ops.reshape(x, (4, 2, 5))))) == ["TL712"]
    assert codes(lambda: model_of(layers.Lambda(lambda x: ops.reshape(x, (-1, 2, 5))))) == []


def test_the_innermost_layer_is_named() -> None:
    class Outer(tl.Layer):
        def __init__(self) -> None:
            super().__init__(name="outer")
            self.inner = made(tl.Layer, lambda self, x: x + ops.ones((x.shape[0], 1)))

        def call(self, x: Any) -> Any:
            return self.inner(x)

    with pytest.raises(tl.ContractError, match='Mine "mine" needs the number of samples') as caught:
        model_of(Outer())
    assert isinstance(caught.value.__cause__, TypeError)  # Keras raises what leaves a layer without its cause


def test_the_error_says_the_users_line_and_keeps_what_was_raised() -> None:
    def call(self: Any, x: Any) -> Any:
        return x + ops.ones((x.shape[0], 1))

    with pytest.raises(tl.ContractError) as caught:
        model_of(made(tl.Layer, call))
    assert f"{call.__code__.co_firstlineno + 1}: return x + ops.ones((x.shape[0], 1))" in str(caught.value)
    assert "in place of x.shape[0]" in str(caught.value)
    assert isinstance(caught.value.__cause__, TypeError)


# --------------------------------------------------------------------------------------------------- dtypes
def window(dtype: str) -> Callable[..., Any]:
    return lambda self, x: x * tf.constant(np.hanning(10), dtype)


CLASH = [
    # what                          call                                                     policy           code
    ("the compute dtype",           window("float32"),                                       "float32",       None),
    ("NumPy beside a tensor",       lambda self, x: x * np.hanning(10),                      "float32",       None),
    ("keras.ops promotes",          lambda self, x: ops.multiply(x, tf.ones(10, "float64")), "float32",       None),
    ("a layer of float64",          window("float64"),                                       "float64",       None),
    ("float64 in a float32 layer",  window("float64"),                                       "float32",       "TL714"),
    ("float32 in a float16 layer",  window("float32"),                                       "mixed_float16", "TL714"),
    ("integers",                    lambda self, x: x * tf.range(10),                        "float32",       "TL714"),
    ("a product of matrices",       lambda self, x: tf.matmul(x, tf.ones((10, 2), "float64")), "float32",     "TL714"),
]  # fmt: skip


@BASES
@pytest.mark.parametrize(("call", "policy", "code"), [row[1:] for row in CLASH], ids=[row[0] for row in CLASH])
def test_dtypes_meet_inside_call(layer_class: type, call: Any, policy: str, code: str | None) -> None:
    expected = [] if code is None else [code]
    mine = type("Mine", (layer_class,), {"call": call})
    assert codes(lambda: model_of(mine(dtype=policy))) == expected
    assert codes(lambda: mine(dtype=policy)(np.ones((4, 10), "float32"))) == expected


def test_a_weight_of_another_dtype_meets_the_input() -> None:
    def build(self: Any, shape: Any) -> None:
        self.w = self.add_weight(shape=(shape[-1], 2), dtype="float64")

    promoted = made(tl.Layer, lambda self, x: ops.matmul(x, self.w), build=build)
    assert codes(lambda: model_of(promoted)) == []
    refused = made(tl.Layer, lambda self, x: tf.matmul(x, self.w), build=build)
    assert codes(lambda: model_of(refused)) == ["TL714"]


# --------------------------------------------------------------------------- layers that a call makes
def with_layer(self: Any, x: Any) -> Any:
    return self.dense(x)


def makes(self: Any) -> None:
    type(self).__mro__[1].__init__(self, name="mine")
    self.dense = layers.Dense(4)


def built(self: Any, shape: Any) -> None:
    self.dense = layers.Dense(4)
    self.dense.build(shape)


def built_loose(self: Any, shape: Any) -> None:
    self.held = types.SimpleNamespace(dense=layers.Dense(4))


def attends(self: Any, name: str) -> None:
    type(self).__mro__[1].__init__(self, name=name)
    attention = layers.MultiHeadAttention(2, 4)  # its build makes layers
    object.__setattr__(self, "held", lambda x: attention(x, x))


def late(self: Any, x: Any) -> Any:
    self.dense = layers.Dense(4)
    return self.dense(x)


MADE = [
    # what                       methods                                                                    code
    ("a layer with weights",     {"call": lambda self, x: layers.Dense(4)(x)},                              "TL718"),
    ("one that has a build too", {"call": lambda self, x: layers.Dense(4)(x), "build": built},              "TL718"),
    ("in a method",              {"call": lambda self, x: self.f(x), "f": lambda self, x: layers.Dense(4)(x)}, "TL718"),
    ("too late",                 {"call": late},                                                            "TL718"),
    ("in __init__",              {"call": with_layer, "__init__": lambda self, name: makes(self)},          None),
    ("in build",                 {"call": with_layer, "build": built},                                      None),
    ("in build, kept elsewhere", {"call": lambda self, x: self.held.dense(x), "build": built_loose},        None),
    ("parts of a layer inside",  {"call": lambda self, x: self.held(x[:, None]), "__init__": attends},      None),
    ("a layer without weights",  {"call": lambda self, x: layers.ReLU()(layers.Add()([x, x]))},             None),
    ("a function that makes one", {"call": lambda self, x: keras.layers.add([x, x])},                       None),
    ("one that is not called",   {"call": lambda self, x: x * layers.Dense(4).units},                       None),
]  # fmt: skip


@BASES
@pytest.mark.parametrize(("methods", "code"), [row[1:] for row in MADE], ids=[row[0] for row in MADE])
def test_a_call_makes_a_layer(layer_class: type, methods: dict[str, Any], code: str | None) -> None:
    expected = [] if code is None else [code]
    assert codes(lambda: model_of(made(layer_class, **methods))) == expected
    assert codes(lambda: made(layer_class, **methods)(np.ones((4, 10), "float32"))) == expected


def test_fixed_weights_may_be_made_anew_in_an_eager_call() -> None:
    def call(self: Any, x: Any) -> Any:
        return layers.Dense(4, kernel_initializer="ones", trainable=False)(x)

    assert codes(lambda: made(tl.Layer, call)(np.ones((4, 10), "float32"))) == []
    assert codes(lambda: model_of(made(tl.Layer, call))) == ["TL718"]


def test_a_lambda_and_a_subclassed_model_make_layers_too() -> None:
    assert codes(lambda: model_of(layers.Lambda(lambda x: layers.Dense(4)(x)))) == ["TL718"]

    class Net(tl.Model):
        def call(self, x: Any) -> Any:
            return layers.Dense(1)(x)

    def trained() -> None:
        net = Net()
        net.compile("sgd", "mse")
        net.fit(np.ones((4, 3)), np.ones((4, 1)), verbose=0)

    assert codes(trained) == ["TL718"]


def test_a_plain_layer_that_a_call_makes_is_said_when_its_weights_are_made() -> None:
    layer = made(tl.Layer, lambda self, x: keras.layers.Dense(4)(x))
    assert codes(predicted(layer)) == ["TL718"]


# ------------------------------------------------------------------------- tensors that are asked for values
READ = [
    # what                          call                                                     code
    ("a function of NumPy",         lambda self, x: np.mean(x, axis=-1),                     "TL719"),
    ("a ufunc",                     lambda self, x: np.exp(x),                               "TL719"),
    ("an array",                    lambda self, x: np.asarray(x),                           "TL719"),
    ("a condition",                 lambda self, x: x if ops.sum(x) > 0 else -x,             "TL719"),
    ("a loop over samples",         lambda self, x: ops.stack([one * 2 for one in x]),       "TL719"),
    ("float",                       lambda self, x: x * float(ops.sum(x)),                   "TL719"),
    ("math",                        lambda self, x: x * math.exp(ops.sum(x)),                "TL719"),
    ("a range of a tensor",         lambda self, x: list(range(ops.shape(x)[0])),           "TL719"),
    ("numpy()",                     lambda self, x: x.numpy() * 2,                           "TL719"),
    ("NumPy of a size",             lambda self, x: x / np.sqrt(x.shape[-1]),                None),
    ("an array beside a tensor",    lambda self, x: x * np.ones(10) + np.float64(2),         None),
    ("a product with an array",     lambda self, x: x @ np.ones((10, 2), "float32"),         None),
    ("a condition on a size",       lambda self, x: x if x.shape[-1] > 3 else -x,            None),
]  # fmt: skip


@BASES
@pytest.mark.parametrize(("call", "code"), [row[1:] for row in READ], ids=[row[0] for row in READ])
def test_a_traced_tensor_is_asked_for_values(layer_class: type, call: Any, code: str | None) -> None:
    expected = [] if code is None else [code]
    assert codes(lambda: model_of(made(layer_class, call))) == expected
    traced = tf.function(made(layer_class, call), input_signature=[tf.TensorSpec((None, 10))], autograph=False)
    assert codes(traced.get_concrete_function) == expected


@BASES
def test_the_call_of_a_subclassed_model_is_explained_too(base: str) -> None:
    class Net(tl.Model if base == "typed" else keras.Model):
        def call(self, x: Any) -> Any:
            return np.mean(x, axis=-1)

    def trained() -> None:
        net = Net(name="net")
        net.compile("sgd", "mse")
        net.fit(np.ones((4, 3)), np.ones(4), verbose=0)

    if base == "installed":
        tl.install()
    try:
        assert codes(trained) == ["TL719"]
        assert codes(lambda: Net()(keras.Input((3,)))) == ["TL719"]
        assert codes(lambda: Net()(np.ones((4, 3)))) == []
    finally:
        tl.uninstall()


@pytest.mark.parametrize("name", sorted(SAME))
def test_a_function_that_is_named_in_a_fix_is_there(name: str) -> None:
    assert callable(getattr(ops, name))
    assert callable(getattr(np, name))


# ------------------------------------------------------------------------------- what is the user's stays so
class Refused(Exception):
    """An exception of the user's own."""


RAISED = [
    (Refused, lambda self, x: (_ for _ in ()).throw(Refused("no"))),
    (ValueError, lambda self, x: ops.matmul(x, ops.ones((3, 3)))),
    (TypeError, lambda self, x: len(None)),
    (AttributeError, lambda self, x: self.missing),
    (IndexError, lambda self, x: x.shape[5]),
]


@BASES
@pytest.mark.parametrize(("kind", "call"), RAISED, ids=[kind.__name__ for kind, _ in RAISED])
def test_other_exceptions_reach_the_user_as_they_are(layer_class: type, kind: type, call: Any) -> None:
    with pytest.raises(kind) as caught:
        model_of(made(layer_class, call))
    assert not isinstance(caught.value, tl.ContractError)


def test_a_result_that_was_allowed_is_not_complained_of() -> None:
    wrong = made(tl.Layer, doubled, **says(lambda s: s))
    assert codes(predicted(tl.allow(wrong, "wrong-output-shape"))) == []
    fixed = made(tl.Layer, lambda self, x: ops.reshape(x, (4, 2, 5)))
    assert codes(lambda: model_of(tl.allow(fixed, "fixed-batch"))) == []


@pytest.mark.parametrize("rule", ["unknown-batch", "dtype-clash"])
def test_an_allowed_failure_is_the_users_own_again(rule: str) -> None:
    call = (lambda self, x: x + ops.ones((x.shape[0], 1))) if rule == "unknown-batch" else window("float64")
    with pytest.raises(TypeError):
        model_of(tl.allow(made(tl.Layer, call), rule))


def test_nothing_is_looked_at_in_mode_off() -> None:
    with tl.mode("off"):
        assert codes(predicted(made(tl.Layer, doubled, **says(lambda s: s)))) == []
        assert codes(lambda: model_of(made(tl.Layer, lambda self, x: ops.reshape(x, (4, 2, 5))))) == []
