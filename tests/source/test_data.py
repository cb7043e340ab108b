"""Edits of data in source text: the argument of the call that gives it."""

from __future__ import annotations

import pytest

from tests.source.edits import made
from typedlayers.diagnostics.edit import Data
from typedlayers.source.program import NoPlace

FIT = "model.fit(x_train, y_train, epochs=3)\n"
SCALED = "ds.map(lambda x, y: (x / 255, y))"

ROWS = [
    # source, edit, the call that was running, what changes
    pytest.param(FIT, Data("x", "x / 255"), ("x_train,", "x_train / 255,"), id="x"),
    pytest.param(FIT, Data("y", "y - 1"), ("y_train,", "y_train - 1,"), id="y"),
    pytest.param("model.fit(a + b, y)\n", Data("x", "x / 255"), ("a + b", "(a + b) / 255"), id="an expression"),
    pytest.param("model.fit(x=a, y=b)\n", Data("y", "y[:, None]"), ("y=b", "y=b[:, None]"), id="by names"),
    pytest.param("model.fit(a, b)\n", Data("y", "x"), ("a, b", "a, a"), id="the inputs as targets"),
    pytest.param("model.fit(a)\n", Data("y", "x"), ("a)", "a, y=a)"), id="targets that are missing"),
    pytest.param(
        "model.fit(a, epochs=3)\n", Data("y", "x"), ("epochs=3)", "epochs=3, y=a)"), id="missing, with arguments"
    ),
    pytest.param(
        FIT + "model.evaluate(x_train, y_train)\nother.evaluate(x_train, y_train)\n",
        Data("y", "y - 1"),
        (
            None,
            FIT.replace("y_train", "y_train - 1")
            + "model.evaluate(x_train, y_train - 1)\nother.evaluate(x_train, y_train)\n",
        ),
        id="the same data given again",
    ),
    pytest.param("model.fit(ds)\n", Data("ds", "ds.batch(32)"), ("(ds)", "(ds.batch(32))"), id="a dataset"),
    pytest.param(
        "model.fit(train)\n", Data("ds", SCALED), ("(train)", "(train.map(lambda x, y: (x / 255, y)))"), id="a map"
    ),
    pytest.param(
        "model.fit(pairs)\n",
        Data("x", "x / 255"),
        ("(pairs)", "(pairs.map(lambda x, y: (x / 255, y)))"),
        id="x of pairs",
    ),
    pytest.param(
        "model.predict(alone)\n",
        Data("x", "x / 255"),
        ("(alone)", "(alone.map(lambda x: x / 255))"),
        id="of tensors alone",
    ),
    pytest.param(
        "model.fit(made())\n",
        Data("y", "y - 1"),
        ("(made())", "(made().map(lambda x, y: (x, y - 1)))"),
        id="made there",
    ),
    pytest.param("p = model(batch)\n", Data("x", "x[None]"), ("(batch)", "(batch[None])"), id="a call of the model"),
    pytest.param(
        "import numpy as n\nmodel.fit(a, b)\n",
        Data("x", "np.asarray(x)"),
        ("(a,", "(n.asarray(a),"),
        id="the file's name of NumPy",
    ),
    pytest.param(
        "model.fit(a, b)\n",
        Data("y", "tf.one_hot(y, 3)"),
        (None, "import tensorflow as tf\n\nmodel.fit(a, tf.one_hot(b, 3))\n"),
        id="an import",
    ),
    pytest.param("model.fit(a, b)\n", Data("y", "f(y=y, x=x.y)"), ("b)", "f(y=b, x=a.y))"), id="only free names"),
]
DATASETS = {"ds": 2, "train": 2, "pairs": 2, "alone": 1}


@pytest.mark.parametrize(("source", "edit", "change"), ROWS)
def test_an_edit_changes_this_and_nothing_else(source: str, edit: Data, change: tuple[str | None, str]) -> None:
    old, new = change
    stopped = "model"
    assert made(source, edit, stopped=stopped, datasets=DATASETS) == (
        new if old is None else source.replace(old, new, 1)
    )


TOGETHER = Data("validation_data", "(x, y)")
VALIDATION = [
    pytest.param("model.fit(x, y, validation_data=(a, b))\n", Data("x", "x / 255"), ("(a, b)", "(a / 255, b)"), id="x"),
    pytest.param("model.fit(x, y, validation_data=ds)\n", Data("x", "x / 255"), ("=ds", f"={SCALED}"), id="a dataset"),
    pytest.param(
        "model.fit(x, y, validation_data=ds)\n", Data("ds", "ds.batch(2)"), ("=ds", "=ds.batch(2)"), id="whole"
    ),
    *(
        pytest.param(f"{y} = load()\nmodel.fit(a, b, validation_data={x})\n", TOGETHER, (f"={x})", f"={both})"), id=x)
        for x, y, both in (
            ("x_val", "y_val", "(x_val, y_val)"),
            ("(X_test,)", "y_test", "(X_test, y_test)"),
            ("[test_images, None]", "test_labels", "(test_images, test_labels)"),
            ("X[80:]", "Y", "(X[80:], Y[80:])"),
        )
    ),
]


@pytest.mark.parametrize(("source", "edit", "change"), VALIDATION)
def test_what_is_said_of_validation_data_changes_those(source: str, edit: Data, change: tuple[str, str]) -> None:
    headline = "validation data: raw bytes"
    assert made(source, edit, stopped="model.fit", datasets=DATASETS, headline=headline) == source.replace(*change)


REFUSED = [
    pytest.param("model.fit(*data)\n", Data("x", "x / 255"), "unpacked from a list", id="unpacked"),
    pytest.param("model.fit(a)\n", Data("y", "y - 1"), "given no y", id="no targets"),
    pytest.param("model.predict(alone)\n", Data("y", "y - 1"), "gives no y", id="tensors alone"),
    pytest.param("other.fit(a)\n", Data("x", "x"), "no line of the project", id="elsewhere"),
]


@pytest.mark.parametrize(("source", "edit", "why"), REFUSED)
def test_what_has_no_place_is_refused_with_the_reason(source: str, edit: Data, why: str) -> None:
    with pytest.raises(NoPlace, match=why):
        made(source, edit, stopped="model", datasets=DATASETS)


@pytest.mark.parametrize("given", ["x_val", "held_out", "load()"])
def test_targets_that_have_no_known_name_are_not_guessed(given: str) -> None:
    source = f"model.fit(a, b, validation_data={given})\n"
    with pytest.raises(NoPlace, match="the name of the targets"):
        made(source, TOGETHER, stopped="model.fit", headline="validation data: no targets")


def test_of_the_lines_on_the_way_the_one_that_gives_the_data_is_meant() -> None:
    source = "def train(model, x):\n    model.fit(x, x)\n\ntrain(model, images)\n"
    assert made(source, Data("x", "x / 255"), stopped="model.fit") == source.replace("(x, x)", "(x / 255, x)")
