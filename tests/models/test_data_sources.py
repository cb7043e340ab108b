"""Every source of data that Keras takes: what fits trains as in plain Keras; what does not is said before a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import keras as typed_keras

RNG = np.random.default_rng(7)
X = RNG.normal(size=(12, 3)).astype("float32")
Y = X.sum(axis=1, keepdims=True)
SIZE = 4
FRAME = pd.DataFrame(X, columns=["a", "b", "c"])


class Batches(keras.utils.PyDataset):
    """Batches of x and y; it counts how often it is drawn from."""

    def __init__(self, x: Any = X, y: Any = Y, **more: Any) -> None:
        super().__init__(**more)
        self.x, self.y, self.drawn = x, y, 0

    def __len__(self) -> int:
        return len(self.x) // SIZE

    def __getitem__(self, index: int) -> Any:
        self.drawn += 1
        part = slice(index * SIZE, (index + 1) * SIZE)
        return self.x[part], self.y[part]


def generated(x: Any = X, y: Any = Y) -> Iterator[Any]:
    """Batches of x and y, for ever."""
    while True:
        for start in range(0, len(x), SIZE):
            yield x[start : start + SIZE], y[start : start + SIZE]


def dataset(x: Any = X, y: Any = Y) -> Any:
    return tf.data.Dataset.from_tensor_slices((x, y)).batch(SIZE)


def weighted(x: Any, y: Any) -> Any:
    return x, y, tf.ones_like(y[:, 0])


def single(home: Any) -> Any:
    """A model of one input."""
    keras.utils.set_random_seed(1)
    model = home.Sequential([home.Input((3,), name="features"), home.layers.Dense(1, name="head")])
    model.compile(optimizer="sgd", loss="mse")
    return model


def of_lists(home: Any) -> Any:
    return _double(home, lambda one, two: [one, two])


def of_dicts(home: Any) -> Any:
    return _double(home, lambda one, two: {"one": one, "two": two})


def nested(home: Any) -> Any:
    return _double(home, lambda one, two: [one, {"two": two}])


def _double(home: Any, nest: Callable[[Any, Any], Any]) -> Any:
    keras.utils.set_random_seed(1)
    one, two = home.Input((3,), name="one"), home.Input((1,), name="two")
    joined = home.layers.Concatenate(name="join")([one, two])
    model = home.Model(nest(one, two), home.layers.Dense(1, name="head")(joined))
    model.compile(optimizer="sgd", loss="mse")
    return model


def _subclassed(home: Any) -> Any:
    keras.utils.set_random_seed(1)

    class Net(home.Model):
        def __init__(self) -> None:
            super().__init__()
            self.head = home.layers.Dense(1)

        def call(self, x: Any) -> Any:
            return self.head(x)

    model = Net()
    model.compile(optimizer="sgd", loss="mse")
    return model


WEIGHTS = np.linspace(0.5, 1.5, 12).astype("float32")
FITS: list[Any] = [
    # the model, what fit is given
    pytest.param(single, lambda: ((X, Y), {}), id="arrays"),
    pytest.param(single, lambda: ((X.astype("float64"), Y[:, 0]), {}), id="float64-arrays-and-flat-targets"),
    pytest.param(single, lambda: (([X], Y), {}), id="a-list-of-one"),
    pytest.param(single, lambda: (({"features": X}, Y), {}), id="a-dict-for-one-input"),
    pytest.param(single, lambda: ((tf.constant(X), tf.constant(Y)), {}), id="tensors"),
    pytest.param(single, lambda: ((FRAME, pd.Series(Y[:, 0])), {}), id="pandas"),
    pytest.param(single, lambda: ((X, Y), {"sample_weight": WEIGHTS}), id="sample-weight"),
    pytest.param(single, lambda: ((X, (Y > 0).astype("int32")), {"class_weight": {0: 1.0, 1: 2.0}}), id="class-weight"),
    pytest.param(single, lambda: ((X, Y), {"validation_split": 0.25}), id="validation-split"),
    pytest.param(single, lambda: ((X, Y), {"validation_data": [X, Y]}), id="validation-list"),
    pytest.param(single, lambda: ((X, Y), {"validation_data": dataset()}), id="validation-dataset"),
    pytest.param(single, lambda: ((X, Y), {"steps_per_epoch": 2, "batch_size": 3}), id="steps"),
    pytest.param(single, lambda: ((dataset(),), {}), id="dataset"),
    pytest.param(single, lambda: ((dataset().shuffle(4, seed=3).cache(),), {}), id="shuffled-dataset"),
    pytest.param(
        single, lambda: ((dataset().map(lambda x, y: (x, y, tf.ones_like(y[:, 0]))),), {}), id="weighted-dataset"
    ),
    pytest.param(single, lambda: ((dataset().repeat(),), {"steps_per_epoch": 3}), id="endless-dataset"),
    pytest.param(
        single,
        lambda: (
            (
                tf.data.Dataset.from_generator(
                    lambda: iter([(X, Y)]),
                    output_signature=(tf.TensorSpec((None, None)), tf.TensorSpec((None, 1))),
                ),
            ),
            {},
        ),
        id="dataset-of-unknown-width",
    ),
    pytest.param(single, lambda: ((generated(),), {"steps_per_epoch": 3}), id="generator"),
    pytest.param(single, lambda: ((Batches(),), {}), id="pydataset"),
    pytest.param(single, lambda: ((Batches(workers=2),), {"shuffle": False}), id="pydataset-of-two-workers"),
    pytest.param(of_lists, lambda: (([X, Y], Y), {}), id="two-arrays"),
    pytest.param(of_lists, lambda: (((X, Y[:, 0]), Y), {}), id="a-tuple"),
    pytest.param(of_lists, lambda: (({"two": Y, "one": X, "more": X}, Y), {}), id="a-dict-for-a-list"),
    pytest.param(of_dicts, lambda: (({"two": Y, "one": X}, Y), {}), id="a-dict"),
    pytest.param(of_dicts, lambda: (([X, Y], Y), {}), id="a-list-for-a-dict"),
    pytest.param(
        of_dicts, lambda: (({"one": X, "two": Y, "zip": X},), {"y": Y}), id="a-key-too-many-behind-all-others"
    ),
    pytest.param(of_dicts, lambda: ((dataset({"one": X, "two": Y}),), {}), id="dataset-of-dicts"),
    pytest.param(nested, lambda: (([X, {"two": Y}], Y), {}), id="a-nest"),
    pytest.param(_subclassed, lambda: ((X, Y), {}), id="subclassed-arrays"),
    pytest.param(_subclassed, lambda: ((dataset(),), {}), id="subclassed-dataset"),
    pytest.param(_subclassed, lambda: ((generated(),), {"steps_per_epoch": 3}), id="subclassed-generator"),
]


def losses(make: Callable[[Any], Any], home: Any, given: Any) -> Any:
    """The losses of two epochs, and the weights after them."""
    args, kwargs = given()
    model = make(home)
    history = model.fit(*args, epochs=2, verbose=0, **kwargs).history
    return history, [np.array(weight) for weight in model.get_weights()]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("make", "given"), FITS)
def test_what_fits_trains_as_in_plain_keras(make: Callable[[Any], Any], given: Any) -> None:
    plain, plain_weights = losses(make, keras, given)
    typed, typed_weights = losses(make, typed_keras, given)
    assert typed == plain
    for one, two in zip(typed_weights, plain_weights, strict=True):
        np.testing.assert_array_equal(one, two)


SHORT = X[:, :2]
MISTAKES: list[Any] = [
    # the model, what fit is given, the code
    pytest.param(single, lambda: ((SHORT, Y), {}), "TL502", id="arrays"),
    pytest.param(single, lambda: ((tf.constant(SHORT), Y), {}), "TL502", id="tensors"),
    pytest.param(single, lambda: ((FRAME[["a", "b"]], Y), {}), "TL502", id="pandas"),
    pytest.param(single, lambda: ((FRAME.assign(b="text"), Y), {}), "TL302", id="pandas-text"),
    pytest.param(single, lambda: ((FRAME.assign(b="text")[["b"]], Y), {}), "TL302", id="pandas-text-column"),
    pytest.param(single, lambda: ((dataset(SHORT),), {}), "TL502", id="dataset"),
    pytest.param(single, lambda: ((dataset().unbatch(),), {}), "TL503", id="unbatched-dataset"),
    pytest.param(single, lambda: ((dataset().batch(2),), {}), "TL504", id="dataset-batched-twice"),
    pytest.param(single, lambda: ((dataset(tf.strings.as_string(X)),), {}), "TL302", id="dataset-of-text"),
    pytest.param(single, lambda: ((generated(SHORT),), {"steps_per_epoch": 3}), "TL502", id="generator"),
    pytest.param(single, lambda: ((iter_samples(),), {"steps_per_epoch": 3}), "TL503", id="generator-of-samples"),
    pytest.param(single, lambda: ((X, Y[:5]), {}), "TL505", id="sample-counts"),
    pytest.param(single, lambda: ((X, Y), {"sample_weight": WEIGHTS[:5]}), "TL505", id="weight-count"),
    pytest.param(single, lambda: ((X.tolist(), Y.tolist()), {}), "TL509", id="lists-of-rows"),
    pytest.param(single, lambda: ((X, Y.tolist()), {}), "TL509", id="list-of-targets"),
    pytest.param(single, lambda: ((list(X), Y), {}), "TL509", id="list-of-samples"),
    pytest.param(single, lambda: (((X, Y),), {}), "TL507", id="x-and-y-as-one"),
    pytest.param(of_lists, lambda: ((X, Y), {}), "TL507", id="one-array-of-two"),
    pytest.param(of_lists, lambda: (([Y, X], Y), {}), "TL508", id="exchanged"),
    pytest.param(of_dicts, lambda: (({"one": X, "tow": Y}, Y), {}), "TL506", id="misspelt-key"),
    pytest.param(of_dicts, lambda: (({"one": X, "two": Y, "age": Y}, Y), {}), "TL506", id="shifting-key"),
    pytest.param(of_dicts, lambda: ((dataset({"one": X, "two": Y, "age": Y}),), {}), "TL506", id="dataset-of-dicts"),
    pytest.param(_subclassed, lambda: ((X, Y[:5]), {}), "TL505", id="subclassed"),
    pytest.param(single, lambda: ((X, Y), {"validation_data": (SHORT, Y)}), "TL502", id="validation"),
    pytest.param(single, lambda: ((X, Y), {"validation_data": (X, Y[:5])}), "TL505", id="validation-counts"),
]


def iter_samples() -> Iterator[Any]:
    """A generator that forgot to make batches."""
    while True:
        yield from zip(X, Y, strict=True)


@pytest.mark.parametrize(("make", "given", "code"), MISTAKES)
def test_a_mistake_is_said_before_a_step(make: Callable[[Any], Any], given: Any, code: str) -> None:
    args, kwargs = given()
    model = make(typed_keras)
    with pytest.raises(tl.ContractError) as caught:
        model.fit(*args, epochs=1, verbose=0, **kwargs)
    assert code in {diagnostic.code for diagnostic in caught.value.diagnostics}
    assert int(model.optimizer.iterations) == 0


def test_a_dataset_that_is_wrong_is_not_drawn_from() -> None:
    def never() -> Iterator[Any]:
        raise AssertionError("it was drawn from")
        yield

    signature = (tf.TensorSpec((None, 2), tf.float32), tf.TensorSpec((None, 1), tf.float32))
    with pytest.raises(tl.ContractError):
        single(typed_keras).fit(tf.data.Dataset.from_generator(never, output_signature=signature), verbose=0)


def test_a_generator_that_is_wrong_gave_one_batch() -> None:
    given: list[int] = []

    def counted() -> Iterator[Any]:
        for batch in generated(SHORT):
            given.append(len(given))
            yield batch

    with pytest.raises(tl.ContractError):
        single(typed_keras).fit(counted(), steps_per_epoch=3, verbose=0)
    assert given == [0]


def test_a_pydataset_is_looked_at_where_keras_drew_from_it() -> None:
    model, batches = single(typed_keras), Batches(X, np.concatenate([Y, Y], axis=1))
    with pytest.raises(tl.ContractError):
        model.fit(batches, verbose=0)
    assert int(model.optimizer.iterations) == 0


@pytest.mark.filterwarnings("ignore")
def test_one_generator_serves_two_trainings_as_in_plain_keras() -> None:
    results = []
    for home in (keras, typed_keras):
        model, source = single(home), generated(X[:SIZE], Y[:SIZE])  # how far ahead Keras draws is not told
        results.append([model.fit(source, steps_per_epoch=2, verbose=0).history["loss"] for _ in range(2)])
    assert results[0] == results[1]


class Own(Exception):
    """An exception of the user's."""


def failing() -> Iterator[Any]:
    raise Own("from the generator")
    yield


class FailingBatches(Batches):
    """A PyDataset that cannot be drawn from."""

    def __getitem__(self, index: int) -> Any:
        raise Own("from the PyDataset")


@pytest.mark.parametrize("source", [failing, FailingBatches])
def test_what_a_source_raises_reaches_the_user_unchanged(source: Callable[[], Any]) -> None:
    with pytest.raises(Own, match="from the"):
        single(typed_keras).fit(source(), verbose=0)


@pytest.mark.parametrize("home", [keras, typed_keras])
def test_an_empty_generator_gets_the_words_of_keras(home: Any) -> None:
    with pytest.raises(ValueError, match="must yield at least one batch") as caught:
        single(home).fit(iter_nothing(), verbose=0)
    assert not isinstance(caught.value, tl.ContractError)


def iter_nothing() -> Iterator[Any]:
    """A generator without a batch."""
    yield from ()


ROW = np.ones((3,), "float32")
REPAIRS = [
    # one sample of the input, what predict is given, what it is repaired to
    ((3,), ROW, ROW[np.newaxis]),
    ((3,), X[:, np.newaxis], X),
    ((3,), X.tolist(), X),
    ((4, 4, 1), np.ones((4, 4, 1), "float32"), np.ones((1, 4, 4, 1), "float32")),
    ((1, 3), X, X[:, np.newaxis]),
    ((4,), np.ones((5, 2, 2), "float32"), np.ones((5, 4), "float32")),
]


@pytest.mark.parametrize(("sample", "given", "repaired"), REPAIRS)
def test_lenient_repairs_what_leaves_no_other_reading(sample: Any, given: Any, repaired: Any) -> None:
    model = tl.Sequential([tl.Input(sample), tl.layers.Flatten(), tl.layers.Dense(2)], mode="lenient")
    result = model.predict(given, verbose=0)
    assert len(list(tl.repairs(model))) == 1
    expected = model.predict(repaired, verbose=0)
    np.testing.assert_allclose(result, expected, rtol=1e-6)
    assert len(list(tl.repairs(model))) == 1


REFUSED = [
    # one sample of the input, what predict is given
    ((None, 3), X),  # one sequence, or rows
    ((3,), dataset(X).unbatch().map(lambda x, _: x)),
    ((3,), SHORT),
]


@pytest.mark.parametrize(("sample", "given"), REFUSED)
def test_lenient_refuses_what_would_be_a_guess(sample: Any, given: Any) -> None:
    model = tl.Sequential([tl.Input(sample), tl.layers.Dense(2)], mode="lenient")
    with pytest.raises(tl.ContractError):
        model.predict(given, verbose=0)
    assert not list(tl.repairs(model))


def test_a_sequential_of_any_size_takes_any_size() -> None:
    model = tl.Sequential([tl.layers.Conv2D(2, 3), tl.layers.GlobalAveragePooling2D()])
    assert model.predict(np.zeros((2, 16, 16, 3), "float32"), verbose=0).shape == (2, 2)
    assert model.predict(np.zeros((2, 20, 24, 3), "float32"), verbose=0).shape == (2, 2)
    with pytest.raises(tl.ContractError):
        model.predict(np.zeros((2, 16, 16, 4), "float32"), verbose=0)


def test_steps_of_the_users_own_may_take_data_apart_as_they_like() -> None:
    class Own(tl.Model):
        def train_step(self, data: Any) -> Any:
            one, two = data[:2]
            return {"loss": keras.ops.mean(self(one)) + keras.ops.mean(two)}

    inputs = tl.Input((3,))
    model = Own(inputs, tl.layers.Dense(1)(inputs))
    model.compile("sgd")
    for pairs in (tf.data.Dataset.from_tensors((X, X[:2])), Batches(X, X)):
        assert len(model.fit(pairs, verbose=0).history["loss"]) == 1


def test_two_views_for_a_model_of_one_input_are_no_mistake_of_a_step_of_the_users_own() -> None:
    class Contrastive(tl.Model):
        def train_step(self, data: Any) -> Any:
            (one, two), _ = data
            return {"loss": keras.ops.mean(keras.ops.square(self(one) - self(two)))}

    inputs = tl.Input((3,))
    model = Contrastive(inputs, tl.layers.Dense(1)(inputs))
    model.compile("sgd")
    views = tf.data.Dataset.from_tensors(((X, X + 1), Y))
    assert len(model.fit(views, verbose=0).history["loss"]) == 1
    with pytest.raises(tl.ContractError):
        model.predict([X, X], verbose=0)


@pytest.mark.filterwarnings("ignore")
def test_a_batch_of_text_needs_no_adapter() -> None:
    words = tl.Input((1,), dtype="string")
    model = tl.Model(words, tl.layers.StringLookup(vocabulary=["a", "b"])(words))
    text = np.array(["a", "b"])
    assert model.predict_on_batch(text).shape == (2, 1)
    with pytest.raises(tl.ContractError) as caught:
        model.predict(text, verbose=0)
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["TL515"]


@pytest.mark.filterwarnings("ignore")
def test_an_eager_step_needs_no_number_of_axes() -> None:
    data = tf.data.Dataset.from_generator(lambda: iter([(X, Y)]), output_types=(tf.float32, tf.float32))
    model = single(typed_keras)
    with pytest.raises(tl.ContractError) as caught:
        model.fit(data, verbose=0)
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["TL510"]
    model.compile(optimizer="sgd", loss="mse", run_eagerly=True)
    assert len(model.fit(data, verbose=0).history["loss"]) == 1
