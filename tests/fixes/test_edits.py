"""Edits: how they say themselves, how they stand in JSON, and how they are made in a source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import jsonschema
import pytest

from tests.fixes.application import NotApplicable, applied
from typedlayers.diagnostics.edit import (
    Adapt,
    Argument,
    Attribute,
    Data,
    Edit,
    Exchange,
    Gather,
    Insert,
    Keep,
    Loss,
    LossArgument,
    Metric,
    MetricArgument,
    Move,
    Omit,
    OnTensors,
    Remove,
    Replace,
    Rewrite,
    Setting,
    Side,
)
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.diagnostics.render import json as as_json

SOURCE = """
import numpy as np

class Scale(k.layers.Layer):
    def __init__(self):
        super().__init__()

class Square(k.layers.Layer):
    def call(self, x):
        return np.square(k.layers.Dense(2)(x))

    def compute_output_shape(self, shape):
        return shape

model = k.Sequential([k.layers.LSTM(4, name="lstm"), k.layers.Dense(3, name="head")])
both = k.layers.Add(name="sum")(a, b)
join = k.layers.Concatenate(name="join")([a, b])
model.compile("sgd", loss=losses.Hinge(name="h"), metrics=["mae", metrics.AUC()])
model.fit(x, y)
"""

EDITS: list[tuple[Edit, str, str]] = [
    # the edit, how it says itself, what stands in the source
    (Argument('Dense "head"', "units", "1"), 'units=1 in Dense "head"', "k.layers.Dense(1, name='head')"),
    (Argument('"lstm"', "return_sequences", "True"), 'return_sequences=True in "lstm"', "return_sequences=True)"),
    (
        Insert("layers.Flatten()", '"head"'),
        'layers.Flatten() before "head"',
        "_layers.Flatten(), k.layers.Dense(3, name='head')]",
    ),
    (
        Move('"head"', Side.BEFORE, 'LSTM "lstm"'),
        'move "head" before LSTM "lstm"',
        "[k.layers.Dense(3, name='head'), k.layers.LSTM(4, name='lstm')]",
    ),
    (Exchange('"join"', 0, 1), 'exchange inputs[0] and inputs[1] of "join"', "([b, a])"),
    (Gather('"sum"'), 'call "sum" on one list of tensors: layer([a, b])', "k.layers.Add(name='sum')([a, b])"),
    (
        OnTensors("script.py", 10),
        "keras.ops in place of NumPy, and no numpy(), at script.py:10",
        "return keras.ops.square(k.layers.Dense(2)(x))",
    ),
    (
        Insert("layers.Dense(2)", '"head"', Side.AFTER),
        'layers.Dense(2) after "head"',
        "k.layers.Dense(3, name='head'), _layers.Dense(2)]",
    ),
    (
        Insert("ops.squeeze(x, axis=1)", '"head"'),
        'ops.squeeze(x, axis=1) before "head"',
        "_layers.Lambda(lambda x: _ops.squeeze(x, axis=1)), k.layers.Dense",
    ),
    (
        Insert("layers.RepeatVector(6)", '"join"', index=1),
        'layers.RepeatVector(6) before "join", on inputs[1]',
        "([a, _layers.RepeatVector(6)(b)])",
    ),
    (Remove('"head"'), 'leave "head" out', "k.Sequential([k.layers.LSTM(4, name='lstm')])"),
    (Replace('"lstm"', "layers.GRU"), 'layers.GRU in place of "lstm"', "_layers.GRU(4, name='lstm')"),
    (Replace('"lstm"', "layers.Flatten()"), 'layers.Flatten() in place of "lstm"', "[_layers.Flatten(), "),
    (Loss('"mse"'), 'loss="mse"', "loss='mse'"),
    (LossArgument("name", '"g"'), 'name="g" in the loss', "losses.Hinge(name='g')"),
    (Metric('"mae"', "metrics.AUC()"), "metrics.AUC()", "metrics=[_metrics.AUC(), metrics.AUC()]"),
    (Data("y", "y / 255"), "y = y / 255", "model.fit(x, _exchanged(y, 'y', lambda y: y / 255))"),
    (Data("ds", "ds.batch(32)"), "ds = ds.batch(32)", "model.fit(_exchanged(x, 'all', lambda ds: ds.batch(32)), y)"),
    (
        Attribute("Scale", "supports_masking", "True"),
        "self.supports_masking = True in Scale.__init__",
        "super().__init__()\n        self.supports_masking = True",
    ),
    (
        MetricArgument("AUC()", "from_logits", "True"),
        "from_logits=True in AUC",
        "metrics=['mae', metrics.AUC(from_logits=True)]",
    ),
    (Data("sample_weight", "y[:, 0]"), "sample_weight = y[:, 0]", "model.fit(x, y, sample_weight=y[:, 0])"),
    (Setting("loss", "[loss]"), "loss = [loss] in compile", "loss=[losses.Hinge(name='h')], "),
    (Adapt('LSTM "lstm"', "x"), "lstm.adapt(x)", "model.get_layer('lstm').adapt(x)\nmodel.fit(x, y)"),
    (Omit("Square", "compute_output_shape"), "leave compute_output_shape of Square out", "(x))\nmodel = "),
    (
        Keep("Square", "Dense", "dense"),
        "self.dense = Dense(...) in Square.__init__",
        "return np.square(self.dense(x))",
    ),
    (
        Rewrite("square(_x, ...)", "ops.abs(_x, ...)", "Square"),
        "ops.abs(x, ...) in place of square(x, ...) in Square",
        "return ops.abs(k.layers.Dense(2)(x))",
    ),
]


@pytest.mark.parametrize(("edit", "said", "made"), EDITS, ids=lambda value: value if isinstance(value, str) else "")
def test_an_edit_says_itself_and_is_made(edit: Edit, said: str, made: str) -> None:
    assert str(edit) == said
    assert made in applied(SOURCE, [(edit, Diagnostic("TL999", ""))])


def test_the_table_holds_every_kind() -> None:
    assert {type(edit) for edit, _, _ in EDITS} == set(get_args(Edit)) == set(as_json.KINDS)


def test_what_is_not_in_the_source_is_not_made() -> None:
    with pytest.raises(NotApplicable):
        applied(SOURCE, [(Argument('"tail"', "units", "1"), Diagnostic("TL999", ""))])


def test_a_fix_of_edits_says_them() -> None:
    assert Fix.of(Argument('"lstm"', "units", "1"), condition="if so").text == 'units=1 in "lstm", if so'


def test_edits_stand_in_json_as_the_schema_says() -> None:
    fixes = tuple(Fix.of(edit) for edit, _, _ in EDITS)
    data = as_json.as_data([Diagnostic("TL201", "it does not fit", fixes=fixes)])
    schema = json.loads((Path(as_json.__file__).parent / "schema.json").read_text())
    jsonschema.validate(data, schema)
    assert [fix["edits"][0]["kind"] for fix in data["diagnostics"][0]["fixes"]][:3] == [
        "argument",
        "argument",
        "insert",
    ]
