"""What static specs show is said before Keras enters a step: a test for each data source and each kind of model."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl

SAMPLES, BATCH, CLASSES = 8, 4, 3
RIGHT, WRONG = 6, 5
"""The width that the models take, and another one."""


class Batches(keras.utils.PyDataset):
    """Batches by index; counts what was drawn."""

    def __init__(self, x: np.ndarray, y: np.ndarray, drawn: list[int]) -> None:
        super().__init__()
        self.data, self.drawn = (x, y), drawn

    def __len__(self) -> int:
        return SAMPLES // BATCH

    def __getitem__(self, index: int) -> Any:
        self.drawn.append(index)
        part = slice(index * BATCH, (index + 1) * BATCH)
        return tuple(one[part] for one in self.data)


def from_generator(x: np.ndarray, y: np.ndarray, drawn: list[int]) -> Iterator[Any]:
    while True:
        drawn.append(0)
        yield x[:BATCH], y[:BATCH]


def frame(x: np.ndarray) -> Any:
    pandas = pytest.importorskip("pandas")
    return pandas.DataFrame(x, columns=[f"c{i}" for i in range(x.shape[1])])


Source = Callable[[np.ndarray, np.ndarray, list[int]], dict[str, Any]]

SOURCES: dict[str, Source] = {
    "arrays": lambda x, y, _: {"x": x, "y": y},
    "tensors": lambda x, y, _: {"x": tf.constant(x), "y": tf.constant(y)},
    "a list of one array": lambda x, y, _: {"x": [x], "y": [y]},
    "a data frame": lambda x, y, _: {"x": frame(x), "y": y},
    "tf.data": lambda x, y, _: {"x": tf.data.Dataset.from_tensor_slices((x, y)).batch(BATCH)},
    "a generator": lambda x, y, drawn: {"x": from_generator(x, y, drawn), "steps_per_epoch": 2},
    "a PyDataset": lambda x, y, drawn: {"x": Batches(x, y, drawn)},
}
DRAWN_AT_MOST = {"a generator": 1}
"""Batches that a check draws; a PyDataset is drawn from by Keras itself, ahead of the steps."""


def stack(layers: Any) -> list[Any]:
    return [keras.Input((RIGHT,), name="features"), layers.Dense(4, activation="relu"), head(layers)]


def head(layers: Any) -> Any:
    return layers.Dense(CLASSES, activation="softmax", name="classes")


def functional(layers: Any, model: Any) -> Any:
    x = keras.Input((RIGHT,), name="features")
    return model(x, head(layers)(layers.Dense(4, activation="relu")(x)))


class Subclassed(tl.Model):
    def __init__(self) -> None:
        super().__init__()
        self.hidden, self.head = tl.layers.Dense(4, activation="relu"), head(tl.layers)

    def call(self, x: Any) -> Any:
        return self.head(self.hidden(x))


MODELS: dict[str, Callable[[], Any]] = {
    "Sequential": lambda: tl.Sequential(stack(tl.layers)),
    "functional": lambda: functional(tl.layers, tl.Model),
    "plain Sequential, installed": lambda: keras.Sequential(stack(keras.layers)),
    "plain functional, installed": lambda: functional(keras.layers, keras.Model),
}


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps of Keras that were entered, tracing included."""
    entered: list[str] = []
    trainer = next(base for base in keras.Model.__mro__ if "train_step" in vars(base))
    for name in ("train_step", "test_step", "predict_step"):
        own = getattr(trainer, name)

        @functools.wraps(own)
        def counted(self: Any, data: Any, own: Any = own, name: str = name) -> Any:
            entered.append(name)
            return own(self, data)

        monkeypatch.setattr(trainer, name, counted)
    return entered


@pytest.fixture
def installed() -> Iterator[None]:
    tl.install()
    yield
    tl.uninstall()


def data(mistake: str) -> tuple[np.ndarray, np.ndarray]:
    x = np.random.default_rng(0).random((SAMPLES, WRONG if mistake == "width" else RIGHT), "float32")
    y = np.arange(SAMPLES) % CLASSES
    return x, keras.utils.to_categorical(y, CLASSES) if mistake == "one-hot" else y


def compiled(kind: str, **arguments: Any) -> Any:
    model = MODELS[kind]()
    model.compile("sgd", "sparse_categorical_crossentropy", **arguments)
    return model


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(("mistake", "code"), [("width", "TL502"), ("one-hot", "TL602")])
def test_no_step_is_entered(kind: str, source: str, mistake: str, code: str, steps: list[str]) -> None:
    drawn: list[int] = []
    model = compiled(kind)
    with pytest.raises(tl.ContractError) as caught:
        model.fit(**SOURCES[source](*data(mistake), drawn), verbose=0)
    assert [d.code for d in caught.value.diagnostics] == [code]
    assert caught.value.diagnostics[0].where.file == __file__
    assert steps == []
    assert int(model.optimizer.iterations) == 0
    assert len(drawn) <= DRAWN_AT_MOST.get(source, len(drawn))


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("source", SOURCES)
def test_the_right_data_train(kind: str, source: str, steps: list[str]) -> None:
    compiled(kind).fit(**SOURCES[source](*data(""), []), verbose=0)
    assert "train_step" in steps


@pytest.mark.parametrize("arguments", [{"run_eagerly": True}, {"jit_compile": True}, {"steps_per_execution": 2}])
@pytest.mark.parametrize("source", ["arrays", "tf.data", "a PyDataset"])
def test_however_compiled(arguments: dict[str, Any], source: str, steps: list[str]) -> None:
    model = compiled("functional", **arguments)
    with pytest.raises(tl.ContractError) as caught:
        model.fit(**SOURCES[source](*data("one-hot"), []), verbose=0)
    assert [d.code for d in caught.value.diagnostics] == ["TL602"]
    assert steps == []


@pytest.mark.parametrize("arguments", [{}, {"run_eagerly": True}, {"jit_compile": True}, {"steps_per_execution": 2}])
@pytest.mark.parametrize("built", [False, True])
def test_of_a_subclassed_model_no_weight_changes(arguments: dict[str, Any], built: bool) -> None:
    model = Subclassed()
    if built:
        model(np.zeros((1, RIGHT), "float32"))
    model.compile("sgd", "sparse_categorical_crossentropy", **arguments)
    before = [w.tobytes() for w in model.get_weights()]
    with pytest.raises(tl.ContractError) as caught:
        model.fit(*data("one-hot"), batch_size=BATCH, verbose=0)
    assert [d.code for d in caught.value.diagnostics] == ["TL602"]
    assert int(model.optimizer.iterations) == 0
    assert not built or [w.tobytes() for w in model.get_weights()] == before
    model.fit(*data(""), batch_size=BATCH, verbose=0)  # with the right targets the same model trains
    assert int(model.optimizer.iterations) == SAMPLES // BATCH


@pytest.mark.parametrize("method", ["evaluate", "predict"])
@pytest.mark.parametrize("source", SOURCES)
def test_evaluate_and_predict(method: str, source: str, steps: list[str]) -> None:
    model = compiled("functional")
    given = SOURCES[source](*data("width"), [])
    given["steps"] = given.pop("steps_per_epoch", None)
    if method == "predict":
        given.pop("y", None)
    with pytest.raises(tl.ContractError) as caught:
        getattr(model, method)(**given, verbose=0)
    assert [d.code for d in caught.value.diagnostics] == ["TL502"]
    assert steps == []


# --------------------------------------------------------------------------- sources that fail by themselves
class Broken(Exception):
    """The user's own."""


def failing(kind: str) -> Any:
    def draws() -> Iterator[Any]:
        raise Broken("disk full")
        yield

    class Failing(Batches):
        def __getitem__(self, index: int) -> Any:
            raise Broken("disk full")

    return draws() if kind == "a generator" else Failing(*data(""), [])


@pytest.mark.parametrize("kind", ["a generator", "a PyDataset"])
def test_the_user_s_own_exception_arrives_unchanged(kind: str) -> None:
    plain = keras.Sequential(stack(keras.layers))
    plain.compile("sgd", "sparse_categorical_crossentropy")
    errors = []
    for model in (compiled("Sequential"), plain):
        with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever plain Keras makes of it
            model.fit(failing(kind), steps_per_epoch=1, verbose=0)
        errors.append((type(caught.value), str(caught.value)))
    assert errors[0] == errors[1]
    assert "disk full" in errors[0][1]
