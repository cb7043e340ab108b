"""`tl.Model`: every way in which Keras makes a model, and where its mistakes are said."""

from __future__ import annotations

import inspect
from typing import Any

import keras
import numpy as np
import pytest
from jaxtyping import Float

import typedlayers as tl
from typedlayers import layers
from typedlayers.bridge.resolved import is_typed


def inputs(*shape: int, name: str = "features", **kwargs: Any) -> Any:
    return tl.Input(shape, name=name, **kwargs)


def outputs(x: Any, units: int = 3) -> Any:
    return layers.Dense(units, name="head")(layers.Dense(4, activation="relu", name="hidden")(x))


class Subclassed(tl.Model):
    def __init__(self) -> None:
        super().__init__()
        self.hidden = layers.Dense(4, activation="relu")
        self.head = layers.Dense(3)

    def call(self, x: Any) -> Any:
        return self.head(self.hidden(x))


class OfArguments(tl.Model):
    """A subclass that is given inputs and outputs, as a functional model."""

    def train_step(self, data: Any) -> Any:
        return super().train_step(data)


class OfArgumentsAgain(OfArguments):
    pass


class WithCall(tl.Model):
    """A subclass that makes its own functional model."""

    def __init__(self, units: int) -> None:
        x = inputs(8)
        super().__init__(inputs=x, outputs=outputs(x, units))
        self.units = units


def functional() -> Any:
    x = inputs(8)
    return tl.Model(x, outputs(x), name="net")


def by_keywords() -> Any:
    x = inputs(8)
    return tl.Model(inputs=x, outputs=outputs(x))


def one_of_each() -> Any:
    x = inputs(8)
    return tl.Model(x, outputs=outputs(x))


def of_lists() -> Any:
    x = inputs(8)
    return tl.Model([x], [outputs(x)])


def subclass_of_arguments() -> Any:
    x = inputs(8)
    return OfArguments(x, outputs(x))


def subclass_of_subclass() -> Any:
    x = inputs(8)
    return OfArgumentsAgain(x, outputs(x))


def nested() -> Any:
    x = inputs(8)
    return tl.Model(x, layers.Dense(3)(functional()(x)))


def sequential() -> Any:
    return tl.Sequential([inputs(8), layers.Dense(4), layers.Dense(3)])


KINDS = [
    functional,
    by_keywords,
    one_of_each,
    of_lists,
    subclass_of_arguments,
    subclass_of_subclass,
    lambda: WithCall(3),
    Subclassed,
    nested,
    sequential,
]


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize("mode", ["strict", "lenient", "off"])
def test_it_trains_as_keras_does(make: Any, mode: str) -> None:
    x, y = np.random.default_rng(0).random((8, 8), "float32"), np.ones((8, 3), "float32")
    keras.utils.set_random_seed(0)
    with tl.mode(mode):
        model = make()
        model.compile("sgd", "mse")
        history = model.fit(x, y, validation_data=(x, y), epochs=2, verbose=0)
        assert sorted(history.history) == ["loss", "val_loss"]
        assert history.history["loss"][1] < history.history["loss"][0]
        assert model.predict(x, verbose=0).shape == (8, 3)
        assert np.isfinite(model.evaluate(x, y, verbose=0))
        assert np.isfinite(model.train_on_batch(x, y))
        assert np.isfinite(model.test_on_batch(x, y))
        assert model.predict_on_batch(x).shape == (8, 3)
        assert model(x).shape == (8, 3)


@pytest.mark.parametrize("make", KINDS)
def test_it_is_a_model_of_both(make: Any) -> None:
    model = make()
    assert isinstance(model, tl.Model)
    assert isinstance(model, keras.Model)
    assert is_typed(type(model))


def test_a_plain_model_is_one_of_ours_in_isinstance() -> None:
    base = keras.applications.MobileNetV2(input_shape=(32, 32, 3), weights=None, include_top=False)
    x = inputs(32, 32, 3)
    model = tl.Model(x, layers.GlobalAveragePooling2D()(base(x)))
    assert [layer for layer in model.layers if isinstance(layer, tl.Model)] == [base]
    assert not is_typed(type(base))


def test_the_bases_of_keras_and_of_ours_stay_as_they_are() -> None:
    before = tl.Model.__mro__, keras.Model.__mro__
    subclass_of_subclass()
    assert (tl.Model.__mro__, keras.Model.__mro__) == before
    assert not issubclass(Subclassed, type(functional()))


def test_classes_carry_keras_s_names() -> None:
    x = keras.Input((8,))
    plain = type(keras.Model(x, x))
    ours = type(functional())
    assert (ours.__name__, ours.__module__) == (plain.__name__, plain.__module__)
    assert (tl.Model.__name__, tl.Model.__module__) == ("Model", "keras")


@pytest.mark.parametrize("name", ["fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch"])
def test_entry_methods_keep_their_signature(name: str) -> None:
    assert inspect.signature(getattr(tl.Model, name)) == inspect.signature(getattr(keras.Model, name))


def test_a_mode_and_dims_are_the_model_s() -> None:
    class Pool(tl.Layer):
        def call(self, x: Float[tl.Tensor, "batch time features"]) -> Any:
            return keras.ops.mean(x, axis=1)

    x = inputs(12, 4)
    model = tl.Model(x, Pool()(x), mode="lenient", dims={"time": None})
    assert model(np.ones((2, 12, 4), "float64")).shape == (2, 4)
    with pytest.raises(ValueError, match="mode"):
        tl.Model(x, Pool()(x), mode="stirct")
    with pytest.raises(ValueError, match="dims"):
        tl.Model(x, Pool()(x), dims={"time": -1})


def test_a_mismatch_is_raised_at_the_user_s_own_line() -> None:
    x = inputs(28, 28, name="image")
    with pytest.raises(tl.ContractError) as caught:
        layers.Conv2D(8, 3, name="conv")(x)
    (found,) = caught.value.diagnostics
    assert found.code == "TL201"
    assert found.where.file == __file__
    assert 'Input "image"' in found.gets


def test_the_annotations_of_a_subclassed_model_are_its_contract() -> None:
    class Net(tl.Model):
        def __init__(self) -> None:
            super().__init__()
            self.head = layers.Dense(3)

        def call(self, x: Float[tl.Tensor, "batch 8"]) -> Float[tl.Tensor, "batch 3"]:
            return self.head(x)

    model = Net()
    model.compile("sgd", "mse")
    model.fit(np.ones((4, 8)), np.ones((4, 3)), verbose=0)
    with pytest.raises(tl.ContractError) as caught:
        Net()(np.ones((4, 9), "float32"))
    assert caught.value.diagnostics[0].code == "TL202"


class Table(tl.Model):
    """Inputs by name, two outputs."""

    def __init__(self) -> None:
        super().__init__()
        self.age, self.zip, self.head, self.risk = layers.Dense(4), layers.Dense(4), layers.Dense(1), layers.Dense(1)

    def call(self, x: Any) -> Any:
        h = self.age(x["age"]) + self.zip(x["zip"])
        return {"price": self.head(h), "risk": self.risk(h)}


def several(structure: str) -> tuple[Any, Any, Any]:
    """A model of several inputs and outputs, its data, its targets."""
    a, b = inputs(3, name="age"), inputs(2, name="zip")
    h = layers.Concatenate()([layers.Dense(4)(a), layers.Dense(4)(b)])
    price, risk = layers.Dense(1, name="price")(h), layers.Dense(1, name="risk")(h)
    age, code, one = np.ones((6, 3)), np.ones((6, 2)), np.ones((6, 1))
    named = {"age": age, "zip": code}, {"price": one, "risk": one}
    match structure:
        case "lists":
            return tl.Model([a, b], [price, risk]), [age, code], [one, one]
        case "dicts":
            return tl.Model({"age": a, "zip": b}, {"price": price, "risk": risk}), *named
        case "dict for lists":
            return tl.Model([a, b], [price, risk]), *named
        case "tuples":
            return tl.Model((a, b), (price, risk)), (age, code), (one, one)
        case "subclassed":
            return Table(), *named
    raise ValueError(structure)


@pytest.mark.parametrize("structure", ["lists", "dicts", "dict for lists", "tuples", "subclassed"])
@pytest.mark.parametrize("source", ["arrays", "dataset"])
def test_several_inputs_and_outputs(structure: str, source: str) -> None:
    import tensorflow as tf

    model, x, y = several(structure)
    losses = {"price": "mse", "risk": "mse"} if structure in ("dicts", "subclassed") else ["mse", "mse"]
    model.compile("sgd", losses)
    if source == "dataset":
        pair = tuple(tuple(part) if isinstance(part, list) else part for part in (x, y))
        model.fit(tf.data.Dataset.from_tensor_slices(pair).batch(2), verbose=0)
    else:
        model.fit(x, y, verbose=0)
    assert len(keras.tree.flatten(model.predict(x, verbose=0))) == 2


def test_a_shared_layer_keeps_its_contract_for_both() -> None:
    shared = layers.Dense(4, name="shared")
    a, b = inputs(3, name="a"), inputs(3, name="b")
    tl.Model([a, b], [shared(a), shared(b)])
    with pytest.raises(tl.ContractError, match="shared"):
        shared(inputs(5, name="c"))


def test_plain_layers_inside_are_checked_when_the_model_is_made() -> None:
    ids = inputs(4, name="counts", dtype="int32")
    x = keras.layers.RMSNormalization(name="norm")(ids)
    with pytest.raises(tl.ContractError) as caught:
        tl.Model(ids, layers.Dense(3)(x), name="net")
    (found,) = caught.value.diagnostics
    assert (found.code, found.where.what) == ("TL306", 'RMSNormalization "norm"')
    assert 'in Functional "net"' in found.where.within


def test_plain_layers_in_plain_models_inside_are_checked_too() -> None:
    ids = keras.Input((4,), dtype="int32")
    inner = keras.Model(ids, keras.layers.RMSNormalization(name="norm")(ids))
    outer = inputs(4, dtype="int32")
    with pytest.raises(tl.ContractError, match="norm"):
        tl.Model(outer, inner(outer))
    with tl.mode("off"):
        tl.Model(outer, inner(outer))


def test_a_custom_training_step_is_left_alone() -> None:
    class Own(tl.Model):
        def train_step(self, data: Any) -> Any:
            x, y = data
            import tensorflow as tf

            with tf.GradientTape() as tape:
                loss = keras.ops.mean(keras.ops.square(self(x, training=True) - y))
            gradients = tape.gradient(loss, self.trainable_weights)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
            return {"loss": loss}

    x = inputs(8)
    model = Own(x, outputs(x))
    model.compile("sgd")
    assert model.fit(np.ones((8, 8)), np.ones((8, 3)), epochs=2, verbose=0).history["loss"][1] < 5


def test_with_data_that_do_not_fit_no_step_is_taken() -> None:
    model = functional()
    model.compile("sgd", "mse")
    with pytest.raises(tl.ContractError) as caught:
        model.fit(np.ones((8, 7)), np.ones((8, 3)), verbose=0)
    assert caught.value.diagnostics[0].code == "TL502"
    assert int(model.optimizer.iterations) == 0


def test_what_others_make_of_keras_s_methods_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loggers wrap ``keras.Model.fit`` after everything was imported."""
    seen = []
    inherited = keras.Model.fit

    def logged(self: Any, *args: Any, **kwargs: Any) -> Any:
        seen.append(self.name)
        return inherited(self, *args, **kwargs)

    monkeypatch.setattr(next(base for base in keras.Model.__mro__ if "fit" in vars(base)), "fit", logged)
    model = functional()
    model.compile("sgd", "mse")
    model.fit(np.ones((8, 8)), np.ones((8, 3)), verbose=0)
    assert seen == ["net"]
