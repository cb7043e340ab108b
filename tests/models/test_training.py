"""What is said before a training: variables that Keras does not know, layers that no gradient reaches."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

import typedlayers as tl
from tests.keras_versions import VERSION
from typedlayers import layers

X, Y = np.ones((8, 6), "float32"), np.ones((8, 1), "float32")


def codes(program: Callable[[], Any]) -> list[str]:
    found: list[Any] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            program()
        except tl.ContractError as error:
            found += error.diagnostics
    found += [d for w in caught if isinstance(w.message, tl.ContractWarning) for d in w.message.diagnostics]
    return [d.code for d in found]


def compiled(model: Any, **given: Any) -> Any:
    model.compile(optimizer="sgd", loss="mse", **given)
    return model


def fitted(model: Any) -> Callable[[], Any]:
    return lambda: compiled(model).fit(X, Y, verbose=0)


def stack(*middle: Any) -> Any:
    return tl.Sequential([tl.Input((6,)), *middle, layers.Dense(1, name="head")], name="stack")


# ------------------------------------------------------------------------------------------ bare variables
class Gain(tl.Layer):
    """A layer with a gain that ``make`` makes."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__(name="gain")
        self.made = make(self)

    def call(self, x: Any) -> Any:
        return x


class Averaging(tl.Layer):
    """A layer that keeps a running mean in a variable of TensorFlow, which it sets itself."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = tf.Variable(tf.zeros((6,)))

    def call(self, x: Any) -> Any:
        self.seen.assign(0.9 * self.seen + 0.1 * tf.reduce_mean(x, axis=0))
        return x


def module(_: Any) -> Any:
    made = tf.Module()
    made.w = tf.Variable(tf.ones((6,)), name="w")  # pyright: ignore
    return made


VARIABLES = [
    # what                        what the layer holds                                          code
    ("a weight",                  lambda layer: layer.add_weight(shape=(6,)),                   None),
    ("a variable of Keras",       lambda layer: keras.Variable(np.ones(6)),                     None),
    ("a seed generator",          lambda layer: keras.random.SeedGenerator(1),                  None),
    ("a generator of TensorFlow", lambda layer: tf.random.Generator.from_seed(1),               None),
    ("a constant",                lambda layer: tf.ones((6,)),                                  None),
    ("not to be trained",         lambda layer: tf.Variable(tf.ones((6,)), trainable=False),    None),
    ("a counter",                 lambda layer: tf.Variable(0),                                 None),
    ("layers",                    lambda layer: [layers.Dense(3), {"a": layers.Dense(3)}],      None),
    ("a vector",                  lambda layer: tf.Variable(tf.ones((6,))),                     "TL715"),
    ("a vector of another dtype", lambda layer: tf.Variable(tf.ones((6,), "float64")),          "TL715"),
    ("in a list",                 lambda layer: [tf.Variable(tf.ones((6,)))],                   "TL715"),
    ("in a dict",                 lambda layer: {"a": [tf.Variable(tf.ones((6,)))]},            "TL715"),
    ("in a module",               module,                                                       "TL715"),
    ("a number",                  lambda layer: tf.Variable(0.25),                              "TL716"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "code"), [row[1:] for row in VARIABLES], ids=[row[0] for row in VARIABLES])
def test_what_a_layer_holds_is_known_to_keras(make: Callable[[Any], Any], code: str | None) -> None:
    expected = [] if code is None else [code]
    assert codes(fitted(stack(Gain(make)))) == expected
    assert codes(lambda: compiled(stack(Gain(make))).train_on_batch(X, Y)) == expected
    assert codes(lambda: stack(Gain(make)).predict(X, verbose=0)) == []


def bare(_: Any) -> Any:
    return tf.Variable(tf.ones((6,)))


def test_what_is_said_is_true_of_keras() -> None:
    """A bare variable stays as it is in plain Keras's fit, and get_weights leaves it out."""

    class Plain(keras.layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.gain = tf.Variable(tf.ones((6,)))

        def call(self, x: Any) -> Any:
            return x * self.gain

    layer = Plain()
    compiled(keras.Sequential([layer, keras.layers.Dense(1)])).fit(X, Y, verbose=0)
    assert layer.gain.numpy().tolist() == [1.0] * 6
    assert layer.get_weights() == []


def test_a_variable_that_the_layer_sets_itself_is_its_state() -> None:
    assert codes(fitted(stack(Averaging()))) == []


def test_a_variable_that_the_model_names_is_trained_in_its_own_way() -> None:
    class Own(tl.Model):
        def __init__(self) -> None:
            super().__init__()
            self.gain, self.head = Gain(bare), layers.Dense(1)

        def call(self, x: Any) -> Any:
            return self.head(self.gain(x))

    class Trained(Own):
        def train_step(self, data: Any) -> Any:
            weights = [*self.trainable_variables, self.gain.made]
            return {"weights": len(weights)}

    assert codes(fitted(Own())) == ["TL715"]
    assert codes(fitted(Trained())) == []


class Built(tl.Layer):
    """A layer that makes its variable in ``build``, outside of the graph that is traced."""

    def build(self, input_shape: Any) -> None:
        with tf.init_scope():
            self.gain = tf.Variable(tf.ones((input_shape[-1],)))

    def call(self, x: Any) -> Any:
        return x * self.gain


class Subclassed(tl.Model):
    """A model that Keras builds as its first step is traced."""

    def __init__(self, *parts: Any) -> None:
        super().__init__()
        self.parts = list(parts)

    def call(self, x: Any) -> Any:
        for part in self.parts:
            x = part(x)
        return x


@pytest.mark.parametrize("made", [tl.Sequential, lambda parts: Subclassed(*parts)], ids=["Sequential", "subclassed"])
@pytest.mark.parametrize("how", [{}, {"run_eagerly": True}, {"jit_compile": True}, {"steps_per_execution": 2}], ids=str)
def test_a_model_that_is_built_in_the_trace_is_looked_at_there(made: Any, how: dict[str, Any]) -> None:
    model = compiled(made([Built(), layers.Dense(1)]), **how)
    assert codes(lambda: model.fit(X, Y, verbose=0)) == ["TL715"]
    assert codes(lambda: model.fit(X, Y, verbose=0)) == ["TL715"]
    assert model.optimizer.iterations.numpy() == 0
    assert codes(lambda: compiled(made([Built(), layers.Dense(1)]), **how).evaluate(X, Y, verbose=0)) == []


def test_a_sequential_that_is_built_in_the_trace_is_looked_at_there_for_gradients() -> None:
    model = compiled(tl.Sequential([layers.Dense(8), layers.Lambda(lambda x: ops.round(x)), layers.Dense(1)]))
    assert codes(lambda: model.fit(X, Y, verbose=0)) == ["TL717"]


def test_the_layer_the_attribute_and_the_line_are_named() -> None:
    model = stack(Gain(bare))
    with pytest.raises(tl.ContractError) as caught:
        fitted(model)()
    told = caught.value.diagnostics[0]
    assert told.headline.startswith('Gain "gain" holds a tf.Variable in self.made')
    assert told.where.within == 'layer 1 of 2 in Sequential "stack"'
    assert model.optimizer.iterations.numpy() == 0


def test_it_is_said_of_installed_keras_too() -> None:
    class Plain(keras.layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.gain = tf.Variable(tf.ones((6,)))

        def call(self, x: Any) -> Any:
            return x * self.gain

    def program() -> None:
        inputs = keras.Input((6,))
        fitted(keras.Model(inputs, keras.layers.Dense(1)(Plain()(inputs))))()

    assert codes(program) == []
    tl.install()
    try:
        assert codes(program) == ["TL715"]
    finally:
        tl.uninstall()


def test_a_warning_is_given_once() -> None:
    model = compiled(stack(Gain(lambda layer: tf.Variable(0.5))))
    assert codes(lambda: [model.fit(X, Y, verbose=0) for _ in range(2)]) == ["TL716"]


@pytest.mark.parametrize("rule", ["untracked-variable", "untracked-number", "cut-gradient"])
def test_a_rule_can_be_allowed(rule: str) -> None:
    wrong = {
        "untracked-variable": Gain(bare),
        "untracked-number": Gain(lambda layer: tf.Variable(0.5)),
        "cut-gradient": layers.Lambda(lambda x: ops.cast(x, "int32"), name="rounded"),
    }[rule]
    assert codes(fitted(stack(layers.Dense(4), tl.allow(wrong, rule)))) == []


def test_nothing_is_said_in_mode_off() -> None:
    with tl.mode("off"):
        assert codes(fitted(stack(Gain(bare)))) == []


# ----------------------------------------------------------------------------------------------- gradients
def straight_through(x: Any) -> Any:
    return x + ops.stop_gradient(ops.round(x) - x)


def stopped(x: Any) -> Any:
    return ops.stop_gradient(ops.round(x))


@tf.custom_gradient
def rounded_with_gradient(x: Any) -> Any:
    return tf.round(x), lambda upstream: upstream


def greatest(x: Any) -> Any:
    """The greatest column; Keras 3.13 announces all columns for it, and fails when it runs."""
    place = ops.argmax(x, -1, keepdims=True)
    return ops.take_along_axis(x, ops.reshape(place, (-1, 1)) if VERSION < (3, 14) else place, -1)


GRADIENTS = [
    # what                          the layer in the middle                                        code
    ("floats",                      lambda x: x * 2,                                               None),
    ("straight through",            straight_through,                                              None),
    ("a gradient of its own",       rounded_with_gradient,                                         None),
    ("stopped on purpose",          stopped,                                                       None),
    ("a mask of comparisons",       lambda x: x * ops.cast(x > 0, "float32"),                      None),
    ("the greatest, by its place",  greatest,                                                      None),
    ("other floats",                lambda x: ops.cast(ops.cast(x, "float64"), "float32"),         None),
    ("integers",                    lambda x: ops.cast(ops.round(x), "int32"),                     "TL717"),
    ("rounded floats",              lambda x: ops.round(x),                                        "TL717"),
    ("floors",                      lambda x: ops.floor(x),                                        "TL717"),
    ("truth as numbers",            lambda x: ops.cast(x > 0, "float32"),                          "TL717"),
    ("one-hot of the greatest",     lambda x: ops.one_hot(ops.argmax(x, -1), 8),                   "TL717"),
]  # fmt: skip


class Middle(tl.Layer):
    """A layer of the user's with a function of hers."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        super().__init__(name="middle")
        self.function = function

    def call(self, x: Any) -> Any:
        return self.function(x)


@pytest.mark.parametrize(("function", "code"), [row[1:] for row in GRADIENTS], ids=[row[0] for row in GRADIENTS])
def test_a_gradient_reaches_the_layers_that_learn(function: Callable[[Any], Any], code: str | None) -> None:
    expected = [] if code is None else [code]
    assert codes(fitted(stack(layers.Dense(8, name="encoder"), layers.Lambda(function)))) == expected
    if function is not rounded_with_gradient:  # a function of TensorFlow takes no Keras tensors
        inputs = tl.Input((6,))
        assert codes(fitted(tl.Model(inputs, layers.Dense(1)(function(layers.Dense(8)(inputs)))))) == expected


@pytest.mark.parametrize(("function", "code"), [row[1:] for row in GRADIENTS], ids=[row[0] for row in GRADIENTS])
def test_a_gradient_of_zero_is_what_keras_trains_with(function: Callable[[Any], Any], code: str | None) -> None:
    """The rule is true of Keras: the weights stay as they are just where it is said, or where stopped on purpose."""
    encoder = keras.layers.Dense(8)
    inputs = keras.Input((6,))
    head = keras.layers.Dense(1)
    model = compiled(keras.Model(inputs, head(keras.layers.Lambda(function)(encoder(inputs)))))
    before = encoder.get_weights()[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras's own: gradients do not exist
        model.fit(X, Y, verbose=0)
    stays = bool(np.array_equal(before, encoder.get_weights()[0]))
    assert stays == (code is not None or function is stopped)


def around(middle: Callable[[Any], Any]) -> Any:
    inputs = tl.Input((6,))
    return tl.Model(inputs, middle(inputs))


LEGAL = {
    "another way for the gradient": lambda x: layers.Dense(1)(
        layers.Concatenate()([h := layers.Dense(8)(x), ops.cast(ops.cast(h, "int32"), "float32")])
    ),
    "right behind the input": lambda x: layers.Dense(1)(layers.Discretization(bin_boundaries=[0.0, 1.0])(x)),
    "nothing learns before it": lambda x: layers.Dense(1)(ops.round(layers.Dense(8, trainable=False)(x))),
    "a loss of its own": lambda x: layers.Dense(1)(ops.round(layers.Dense(8, activity_regularizer="l2")(x))),
    "ids for a table": lambda x: layers.Flatten()(layers.Embedding(9, 1)(ops.cast(x[:, :1], "int32"))),
}


@pytest.mark.parametrize("middle", LEGAL.values(), ids=LEGAL)
def test_a_model_may_round(middle: Callable[[Any], Any]) -> None:
    assert codes(fitted(around(middle))) == []


def test_classes_beside_their_probabilities_are_legal() -> None:
    inputs = tl.Input((6,))
    column = layers.Dense(1, name="column")(inputs)
    model = tl.Model(inputs, [column, ops.argmax(column, axis=-1)])
    model.compile(optimizer="sgd", loss=["mse", None])
    assert codes(lambda: model.fit(X, Y, verbose=0)) == []


def test_a_loss_that_a_layer_adds_is_a_way_for_the_gradient() -> None:
    class Committed(tl.Layer):
        def call(self, x: Any) -> Any:
            rounded = ops.round(x)
            self.add_loss(ops.mean((x - ops.stop_gradient(rounded)) ** 2))
            return ops.cast(rounded, "int32")

    assert codes(fitted(stack(layers.Dense(8), Committed()))) == []


def test_a_train_step_of_its_own_is_left_alone() -> None:
    class Own(tl.Model):
        def train_step(self, data: Any) -> Any:
            return {"loss": tf.constant(0.0)}

    inputs = tl.Input((6,))
    model = Own(inputs, layers.Dense(1)(ops.round(layers.Dense(8)(inputs))))
    assert codes(fitted(model)) == []


def test_weights_that_were_set_may_be_meant_to_stay() -> None:
    encoder = layers.Dense(8)
    encoder.build((None, 6))
    encoder.set_weights([np.ones((6, 8)), np.zeros(8)])
    assert codes(fitted(stack(encoder, layers.Lambda(lambda x: ops.round(x))))) == []


def test_a_model_that_only_predicts_may_end_in_classes() -> None:
    assert codes(lambda: stack(layers.Dense(8), Middle(lambda x: ops.round(x))).predict(X, verbose=0)) == []


def test_who_cuts_and_who_does_not_learn_are_named() -> None:
    model = stack(layers.Dense(8, name="encoder"), layers.Dense(8), layers.Lambda(lambda x: ops.round(x), name="cut"))
    with pytest.raises(tl.ContractError) as caught:
        fitted(model)()
    told = caught.value.diagnostics[0]
    assert told.headline == 'Lambda "cut" has no gradient, so Dense "encoder" and 1 more before it never learn'
    assert told.where.within == 'layer 3 of 4 in Sequential "stack"'
    assert model.optimizer.iterations.numpy() == 0
