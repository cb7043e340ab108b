"""Edits of `compile` in source text."""

from __future__ import annotations

import pytest

from tests.source.edits import made
from typedlayers.diagnostics.edit import Edit, Loss, LossArgument, Metric
from typedlayers.source.program import NoPlace

PLAIN = 'model.compile("adam", "mse", metrics=["accuracy"])\n'
NAMED = (
    'model.compile(optimizer="adam", loss=keras.losses.BinaryCrossentropy(), '
    'metrics=["accuracy", keras.metrics.AUC()])\n'
)
BY_OUTPUT = 'model.compile("adam", loss={"a": "mse", "b": "binary_crossentropy"}, metrics={"b": ["accuracy"]})\n'

ROWS = [
    pytest.param(PLAIN, [Loss('"mae"')], ('"mse"', '"mae"'), id="a loss by its place"),
    pytest.param(PLAIN, [Metric("accuracy", '"mae"')], ('"accuracy"', '"mae"'), id="a metric"),
    pytest.param('model.compile("adam")\n', [Loss('"mae"')], ('"adam"', '"adam", loss="mae"'), id="no loss so far"),
    pytest.param(NAMED, [Loss('"mae"')], ("keras.losses.BinaryCrossentropy()", '"mae"'), id="a loss by its name"),
    pytest.param(
        NAMED,
        [LossArgument("from_logits", "True")],
        ("BinaryCrossentropy()", "BinaryCrossentropy(from_logits=True)"),
        id="an argument of a loss",
    ),
    pytest.param(
        "from keras import losses\n" + PLAIN.replace("mse", "binary_crossentropy"),
        [LossArgument("from_logits", "True")],
        ('"binary_crossentropy"', "losses.BinaryCrossentropy(from_logits=True)"),
        id="an argument of a loss that was a text",
    ),
    pytest.param(
        "import tensorflow as tf\n" + PLAIN.replace('"mse"', "tf.keras.losses.binary_crossentropy"),
        [LossArgument("from_logits", "True")],
        ("tf.keras.losses.binary_crossentropy", "tf.keras.losses.BinaryCrossentropy(from_logits=True)"),
        id="an argument of a loss that was a function",
    ),
    pytest.param(
        NAMED.replace("BinaryCrossentropy()", "BinaryCrossentropy(\n    from_logits=True,  # so far\n)"),
        [LossArgument("from_logits", "False")],
        ("from_logits=True,  # so far", "from_logits=False,  # so far"),
        id="a comment stays",
    ),
    pytest.param(
        BY_OUTPUT, [Loss('"mae"', "b")], ('"b": "binary_crossentropy"', '"b": "mae"'), id="one of two outputs"
    ),
    pytest.param(BY_OUTPUT, [Metric('"accuracy"', '"auc"', "b")], ('["accuracy"]', '["auc"]'), id="a metric of two"),
    pytest.param(
        'loss = "mse"\nmodel.compile("adam", loss)\n',
        [Loss('"mae"')],
        ('"mse"', '"mae"'),
        id="a name that is used once",
    ),
    pytest.param(
        'loss = "mse"\nmodel.compile("adam", loss)\nprint(loss)\n',
        [Loss('"mae"')],
        ('"adam", loss', '"adam", "mae"'),
        id="used twice",
    ),
    pytest.param(
        PLAIN,
        [Loss('"binary_crossentropy"'), Metric("accuracy", "metrics.BinaryAccuracy()")],
        (
            None,
            "from keras import metrics\n\n"
            + 'model.compile("adam", "binary_crossentropy", metrics=[metrics.BinaryAccuracy()])\n',
        ),
        id="two edits and an import",
    ),
]


@pytest.mark.parametrize(("source", "edits", "change"), ROWS)
def test_an_edit_changes_this_and_nothing_else(source: str, edits: list[Edit], change: tuple[str | None, str]) -> None:
    old, new = change
    assert made(source, *edits) == (new if old is None else source.replace(old, new, 1))


REFUSED = [
    pytest.param(
        'def f(loss):\n    model.compile("adam", loss)\n',
        Loss('"mae"'),
        "a parameter of the function f",
        id="parameter",
    ),
    pytest.param(
        'model.compile("adam", own)\n', LossArgument("from_logits", "True"), "no loss of Keras's", id="own loss"
    ),
    pytest.param(PLAIN + PLAIN, Loss('"mae"'), "lines 1, 2 could be meant", id="two models"),
    pytest.param("model.fit(x)\n", Loss('"mae"'), "no call of `compile`", id="none"),
    pytest.param('m.compile("adam", ["mse", "mse"])\n', Loss('"mae"', "a"), "does not name the outputs", id="a list"),
    pytest.param(NAMED, Metric("precision", '"mae"'), "none of the metrics", id="another metric"),
]


@pytest.mark.parametrize(("source", "edit", "why"), REFUSED)
def test_what_has_no_place_is_refused_with_the_reason(source: str, edit: Edit, why: str) -> None:
    with pytest.raises(NoPlace, match=why):
        made(source, edit)


def test_of_two_models_the_one_that_was_given_the_data_is_meant() -> None:
    source = 'a.compile("adam", "mse")\nb.compile("adam", "mse")\nb.fit(x, y)\n'
    assert made(source, Loss('"mae"'), stopped="b.fit") == source.replace(
        'b.compile("adam", "mse")', 'b.compile("adam", "mae")'
    )
