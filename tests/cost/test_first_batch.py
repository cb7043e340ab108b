"""The look at the first batch: nothing is drawn twice, nothing shifts, and an error leaves no step behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers.bridge import first_batch as probe

SIZE, BATCHES = 6, 5
Draws = list[int]
ARGUMENTS = pytest.mark.parametrize(
    "arguments",
    [{}, {"steps_per_execution": 3}, {"run_eagerly": True}, {"jit_compile": True}],
    ids=["graph", "steps_per_execution", "eager", "xla"],
)


def images(seed: int, top: int) -> tuple[np.ndarray, np.ndarray]:
    """A batch of uint8 images up to ``top``, and labels."""
    generator = np.random.default_rng(seed)
    return generator.integers(0, top + 1, (4, SIZE, SIZE, 1)).astype("uint8"), generator.integers(0, 3, 4).astype(
        "int32"
    )


def masks(draws: Draws) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Images of 0 and 1: legal as they are, and only the values tell."""
    for number in range(BATCHES):
        draws.append(number)
        yield images(number, 1)


def signature() -> tuple[tf.TensorSpec, tf.TensorSpec]:
    return tf.TensorSpec((None, SIZE, SIZE, 1), tf.uint8), tf.TensorSpec((None,), tf.int32)  # pyright: ignore


def dataset(make: Callable[[], Any]) -> Any:
    """A data set that draws only when asked: TF would put a prefetch at its end, which draws when it likes."""
    options = tf.data.Options()
    options.experimental_optimization.inject_prefetch = False
    return tf.data.Dataset.from_generator(make, output_signature=signature()).with_options(options)


def repeated(draws: Draws) -> Any:
    return dataset(lambda: masks(draws))


def one_shot(draws: Draws) -> Any:
    """A source over one iterator: what was drawn from it is gone."""
    iterator = masks(draws)
    return dataset(lambda: iterator)


def shuffled(draws: Draws) -> Any:
    return repeated(draws).unbatch().shuffle(8, seed=5).batch(4)


SOURCES: list[Callable[[Draws], Any]] = [repeated, one_shot, shuffled]


def made(kind: str, **arguments: Any) -> Any:
    keras.utils.clear_session()
    keras.utils.set_random_seed(11)
    layers, sequential = (keras.layers, keras.Sequential) if kind == "plain" else (tl.layers, tl.Sequential)
    model = sequential([keras.Input((SIZE, SIZE, 1)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("sgd", loss, **arguments)
    return model


def run(kind: str, source: Callable[[Draws], Any], arguments: dict[str, Any], **fit: Any) -> tuple[Any, ...]:
    """Trains; returns draws, losses and weights."""
    draws: Draws = []
    model = made(kind, **arguments)
    history = model.fit(source(draws), verbose=0, **fit)
    return draws, history.history, [w.tobytes() for w in model.get_weights()], int(model.optimizer.iterations)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of batches that each look drew."""
    found: list[int] = []
    original = probe._draw

    def counting(iterator: Any, steps: int) -> list[Any]:
        drawn = original(iterator, steps)
        found.append(len(drawn))
        return drawn

    monkeypatch.setattr(probe, "_draw", counting)
    return found


@pytest.mark.parametrize(
    ("source", "arguments"),
    [(source, arguments) for source in SOURCES for arguments in ({}, {"steps_per_execution": 3})]
    + [(shuffled, {"run_eagerly": True}), (shuffled, {"jit_compile": True})],
)
def test_drawn_as_often_as_in_plain_keras(
    source: Callable[[Draws], Any], arguments: dict[str, Any], looks: list[int]
) -> None:
    epochs = 1 if source is one_shot else 2
    plain = run("plain", source, arguments, epochs=epochs)
    strict = run("strict", source, arguments, epochs=epochs)
    assert strict == plain
    assert looks == [arguments.get("steps_per_execution", 1)]


@pytest.mark.parametrize("steps", [2, 4])
def test_a_part_of_a_one_shot_source_leaves_the_rest(steps: int, looks: list[int]) -> None:
    rest = []
    for kind in ("plain", "strict"):
        draws: Draws = []
        iterator = masks(draws)
        made(kind).fit(dataset(lambda it=iterator: it), steps_per_epoch=steps, verbose=0)
        rest.append((list(draws), len(list(iterator))))
    assert rest[0] == rest[1]
    assert looks == [1]


def test_fewer_batches_than_steps_per_execution(looks: list[int]) -> None:
    def short(draws: Draws) -> Any:
        return repeated(draws).take(2)

    arguments = {"steps_per_execution": 3}
    assert run("strict", short, arguments) == run("plain", short, arguments)
    assert looks == [2]


def test_evaluate_and_predict_draw_as_often_as_plain_keras(looks: list[int]) -> None:
    def drawn(kind: str) -> tuple[Any, ...]:
        model, draws = made(kind), []
        loss = model.evaluate(repeated(draws), verbose=0)
        predicted = model.predict(repeated(draws).map(lambda x, _: x), verbose=0)
        return draws, loss, predicted.tobytes()

    assert drawn("strict") == drawn("plain")
    assert looks


# ------------------------------------------------------------------------------------------- an error
def raw(draws: Draws) -> Any:
    """Raw bytes: an error that only a look at the values finds."""

    def bytes_of() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for number in range(BATCHES):
            draws.append(number)
            yield images(number, 255)

    return dataset(bytes_of)


@ARGUMENTS
def test_an_error_leaves_no_step_behind(arguments: dict[str, Any]) -> None:
    draws: Draws = []
    model = made("strict", **arguments)
    before = [w.tobytes() for w in model.get_weights()]
    with pytest.raises(tl.ContractError) as caught:
        model.fit(raw(draws), verbose=0)
    assert [d.code for d in caught.value.diagnostics] == ["TL401"]
    assert int(model.optimizer.iterations) == 0
    assert [w.tobytes() for w in model.get_weights()] == before
    assert len(draws) == arguments.get("steps_per_execution", 1)
    assert model.train_function is None  # what was traced so far is not kept


def test_after_an_error_the_model_trains_as_a_new_one() -> None:
    model = made("strict")
    with pytest.raises(tl.ContractError):
        model.fit(raw([]), verbose=0)
    history = model.fit(repeated([]), verbose=0)
    weights, steps = [w.tobytes() for w in model.get_weights()], int(model.optimizer.iterations)
    assert (history.history, weights, steps) == run("plain", repeated, {})[1:]


@pytest.mark.parametrize("method", ["fit", "evaluate", "predict"])
def test_the_step_function_is_kerass_own_afterwards(method: str) -> None:
    model = made("strict")
    data = repeated([])
    getattr(model, method)(data.map(lambda x, _: x) if method == "predict" else data, verbose=0)
    attribute = {"fit": "train_function", "evaluate": "test_function", "predict": "predict_function"}[method]
    assert getattr(model, attribute).__module__.startswith("keras.")


def test_a_look_is_not_left_over_for_the_next_run(looks: list[int]) -> None:
    model = made("strict")
    with pytest.raises(tl.ContractError):
        model.fit(np.zeros((4, SIZE + 1, SIZE, 1), "float32"), np.zeros(4), verbose=0)
    model.fit(repeated([]), epochs=2, validation_data=repeated([]), verbose=0)
    model.fit(repeated([]), verbose=0)
    first = len(looks)
    x, y = images(0, 1)
    model.fit(x.astype("float32"), y, verbose=0)
    assert len(looks) == first
