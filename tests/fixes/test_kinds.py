"""Kinds of mistakes, and the fix that comes first: what differs decides, not the words of a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from sklearn.model_selection import train_test_split

import typedlayers as tl
from typedlayers import layers

rng = np.random.default_rng(0)
ROWS = rng.normal(size=(24, 5)).astype("float32")
COLUMN = ROWS[:, :1]
IDS = np.arange(24) % 3
GAPS = np.sort(IDS) * 10


def train(stack: list[Any], loss: str, x: Any, y: Any, **given: Any) -> None:
    model = tl.Sequential(stack)
    model.compile("sgd", loss)
    model.fit(x, y, verbose=0, **given)


def classes(y: Any = IDS, loss: str = "sparse_categorical_crossentropy", x: Any = ROWS, **given: Any) -> None:
    train([tl.Input((5,)), layers.Dense(3, activation="softmax", name="class")], loss, x, y, **given)


def numbers(x: Any = ROWS, y: Any = COLUMN, loss: str = "mse") -> None:
    train([tl.Input((5,)), layers.Dense(1, name="value")], loss, x, y)


def residual(steps: int, filters: int, merge: str = "Add") -> None:
    picture = tl.Input((20, 20, 3))
    first = layers.Conv2D(8, 3, padding="same", name="first")(picture)
    second = layers.Conv2D(filters, 3, strides=steps, padding="same", name="second")(first)
    getattr(layers, merge)(name="sum")([second, first])


def two_outputs(y: Any, width: int = 1) -> None:
    row = tl.Input((5,))
    model = tl.Model(row, [layers.Dense(1, name="one")(row), layers.Dense(width, name="two")(row)])
    model.compile("sgd", "mse")
    model.fit(ROWS, y, verbose=0)


def two_inputs(x: Any) -> None:
    left, right = tl.Input((5,), name="left"), tl.Input((5,), name="right")
    model = tl.Model([left, right], layers.Dense(1)(layers.Subtract()([left, right])))
    model.compile("sgd", "mse")
    model.fit(x, COLUMN, verbose=0)


def stepped() -> None:
    windows = [layers.Conv2D(4, 3, 3, name="a"), layers.MaxPooling2D(), layers.Conv2D(4, 3, 3, name="b")]
    tl.Sequential([tl.Input((14, 14, 1)), *windows, layers.Flatten()])


def with_batch_in_shape() -> None:
    stack = [tl.Input((100,)), layers.Reshape((24, 10, 10, 1), name="picture"), layers.Conv2D(2, 3), layers.Flatten()]
    train([*stack, layers.Dense(1)], "mse", np.ones((24, 100)), COLUMN)


def hot_embedding() -> None:
    stack = [layers.Embedding(7, 5, name="table"), layers.GRU(4), layers.Dense(1)]
    train(stack, "mse", np.eye(7)[rng.integers(0, 7, (24, 9))], COLUMN)


def keyed_dataset() -> None:
    row = tl.Input((5,), name="row")
    model = tl.Model(row, layers.Dense(1)(row))
    model.compile("sgd", "mse")
    parts: Any = {"row": ROWS, "label": COLUMN}
    model.fit(tf.data.Dataset.from_tensor_slices(parts).batch(4), verbose=0)


def stacked() -> None:
    pairs = tf.data.Dataset.from_tensor_slices([COLUMN, COLUMN]).batch(4)
    train([tl.Input((1,)), layers.Dense(1)], "mse", pairs, None)


def zipped() -> None:
    sets = [tf.data.Dataset.from_tensor_slices(one) for one in (ROWS, COLUMN[:, 0])]
    train([tl.Input((5,)), layers.Dense(1)], "mse", tf.data.Dataset.zip((sets[0].batch(4), sets[1])), None)


def objects(parts: list[Any]) -> Any:
    made = np.empty(len(parts), object)
    made[:] = parts
    return made


def pictures() -> None:
    given = objects([rng.random((8 + number, 9, 3)) for number in range(4)])
    train([tl.Input((8, 8, 3)), layers.Flatten(), layers.Dense(1)], "mse", given, COLUMN[:4])


def tags() -> None:
    stack = [tl.Input((5,)), layers.Dense(4, activation="sigmoid")]
    train(stack, "binary_crossentropy", ROWS, objects([[0, 1], [3]] * 12))


def on_two() -> None:
    layers.Add(name="sum")(tl.Input((5,)), tl.Input((5,)))  # pyright: ignore[reportCallIssue]


def samples(y: Any) -> Iterator[Any]:
    while True:
        yield from zip(ROWS, y, strict=True)


def in_the_order_of_the_arguments() -> None:
    x_train, y_train, _x_test, _y_test = train_test_split(ROWS, IDS, test_size=0.25, random_state=0)
    classes(y_train, x=x_train)


KINDS: dict[str, tuple[Callable[[], object], str]] = {
    "residual: a step": (lambda: residual(2, 16), 'layers.Conv2D(16, 1, strides=2) before "sum", on inputs[1]'),
    "residual: channels": (lambda: residual(1, 16), 'filters=8 in Conv2D "second"'),
    "joined: a step": (lambda: residual(2, 16, "Concatenate"), 'strides=1 in Conv2D "second"'),
    "steps for a side of the window": (stepped, 'strides=1 in Conv2D "b" and strides=1 in Conv2D "a"'),
    "samples in a target shape": (with_batch_in_shape, 'target_shape=(10, 10, 1) in Reshape "picture"'),
    "one-hot rows for an Embedding": (hot_embedding, "x = np.argmax(x, axis=-1)"),
    "one-hot twice": (
        lambda: classes(np.eye(2)[np.eye(3)[IDS].astype(int)], "categorical_crossentropy"),
        "y = np.argmax(y, axis=-1)",
    ),
    "weights of classes": (
        lambda: classes(sample_weight=np.array([1.0, 2.0, 3.0])),
        "sample_weight[y]: the weight of its class for each sample",
    ),
    "validation alone one-hot": (
        lambda: classes(validation_data=(ROWS, np.eye(3)[IDS])),
        "y = np.argmax(y, axis=-1), or label_mode='int' where the loader makes the labels",
    ),
    "ids with gaps": (
        lambda: classes(GAPS),
        "y = np.unique(y, return_inverse=True)[1].reshape(y.shape), which numbers the 3 ids that occur: 0, 10, 20, ...",
    ),
    "a class more": (lambda: classes(np.arange(24) % 4), 'units=4 in Dense "class"'),
    "numbers below 0": (lambda: numbers(loss="mean_squared_logarithmic_error"), 'loss="mse"'),
    "counts for shares": (
        lambda: classes(rng.integers(1, 99, (24, 3)), "kl_divergence"),
        "y = y / y.sum(axis=-1, keepdims=True), the share of each class",
    ),
    "a target that is missing": (
        lambda: numbers(y=np.where(COLUMN[3] == COLUMN, np.nan, COLUMN)),
        "y = y[np.isfinite(y).all(axis=1)] and x = x[np.isfinite(y).all(axis=1)], without these samples",
    ),
    "columns for two outputs": (
        lambda: two_outputs(ROWS[:, :2]),
        "y = [y[:, :1], y[:, 1:2]], its columns for each output",
    ),
    "an output without a target": (lambda: two_outputs(ROWS[:, :3], 3), 'loss=[None, "mse"], for two alone'),
    "targets of other names": (
        lambda: two_outputs({"first": COLUMN, "second": COLUMN}),
        "y = {'one': y['first'], 'two': y['second']}",
    ),
    "pairs in one array": (lambda: two_inputs(np.stack([ROWS, ROWS], 1)), "x = {'left': x[:, 0], 'right': x[:, 1]}"),
    "pairs in columns": (
        lambda: two_inputs(np.concatenate([ROWS, ROWS], 1)),
        "x = {'left': x[:, :5], 'right': x[:, 5:10]}",
    ),
    "targets in the dict of the inputs": (keyed_dataset, "ds = ds.map(lambda x: ({'row': x['row']}, x['label']))"),
    "x and y in one tensor": (
        stacked,
        "from_tensor_slices((x, y)) in place of from_tensor_slices([x, y]): of a list it makes one tensor",
    ),
    "x batched, y not": (zipped, "batch x and y together: Dataset.zip((x, y)).batch(...)"),
    "numbers as objects": (lambda: numbers(ROWS.astype(object)), 'x = x.astype("float32")'),
    "pictures of several sizes": (
        pictures,
        "x = np.stack([keras.ops.image.resize(one, (8, 8)) for one in x]), pictures of one size",
    ),
    "lists of classes": (
        tags,
        'y = np.array([np.isin(np.arange(4), one) for one in y], dtype="float32"), a flag for each class',
    ),
    "one sample at a time": (
        lambda: classes(None, x=samples(IDS), steps_per_epoch=2),
        "ds = tf.data.Dataset.from_generator(lambda: ds, output_signature=("
        'tf.TensorSpec((5,), "float32"), tf.TensorSpec((), "int64"))).batch(32)',
    ),
    "parts of a split in another order": (
        in_the_order_of_the_arguments,
        "x_train, x_test, y_train, y_test = train_test_split(x, y), the order of its results: y is another part of x",
    ),
    "validation without targets": (
        lambda: classes(validation_data=ROWS[:6]),
        "validation_data = (x, y), the targets of these samples beside them",
    ),
    "groups": (lambda: tl.Sequential([tl.Input((8, 8, 6)), layers.Conv2D(4, 3, groups=4)]), "groups=2"),
    "two tensors for a list": (on_two, "give the tensors as one list: layer([a, b])"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_fix_of_a_kind_comes_first(kind: str) -> None:
    run, fix = KINDS[kind]
    with pytest.raises(tl.ContractError) as error:
        run()
    assert error.value.diagnostics[0].fixes[0].text == fix
