"""`tl.summary` and `tl.plot`: the columns, and the models of which they tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import typedlayers as tl
from typedlayers import layers


def lenient() -> Any:
    stack = [
        tl.Input((8, 8), name="image"),
        layers.Conv2D(4, 3, activation="relu", name="conv"),
        layers.Flatten(name="flat"),
        layers.Dense(3, activation="softmax", name="out"),
    ]
    return tl.Sequential(stack, mode="lenient", name="net")


def test_the_columns() -> None:
    found = tl.summary(lenient())
    rows = {row.layer: row for row in found.rows}
    assert list(rows) == [
        'Input "image"',
        'op ExpandDims "expand_dims"',
        'Conv2D "conv"',
        'Flatten "flat"',
        'Dense "out"',
    ]
    conv, out = rows['Conv2D "conv"'], rows['Dense "out"']
    assert conv.contract == 'Compute "batch height width channels" → Compute "batch height-2 width-2 4"'
    assert (conv.gives, conv.values) == ("float32 (batch, 6, 6, 4)", "from 0 up")
    assert conv.repairs == "expand_dims(axis=-1)"
    assert (out.values, out.repairs) == ("from 0 to 1 that sum to 1", "")
    assert rows['Flatten "flat"'].values == ""


def test_the_text_is_a_table_of_even_columns() -> None:
    lines = str(tl.summary(lenient())).splitlines()
    assert lines[0] == 'Sequential "net"'
    assert lines[1].split() == ["layer", "contract", "gives", "values", "repairs"]
    at = lines[1].index("gives")
    assert {line[at - 2 : at] for line in lines[1:]} <= {"  ", "--", ""} | {"  "}
    assert all(line[at:].startswith(("gives", "---", "float32")) for line in lines[1:])


def test_values_that_training_saw() -> None:
    model = tl.Sequential([tl.Input((2, 2, 1), name="x"), layers.Flatten(), layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.linspace(0, 1, 16, dtype="float32").reshape(4, 2, 2, 1)
    model.fit(x, np.zeros((4, 1)), verbose=0)
    assert tl.summary(model).rows[0].values == "0 to 1 in training"


def test_plain_models_and_branches() -> None:
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    model = keras.Model([a, b], keras.layers.Add(name="sum")([a, b]), name="both")
    assert [row.layer for row in tl.summary(model).rows] == ['Input "a"', 'Input "b"', 'Add "sum"']
    text = str(tl.plot(model))
    assert text.startswith("digraph model {\n")
    assert "  n0 -> n2;\n  n1 -> n2;\n" in text
    assert r'[label="Add \"sum\"\nlist[' in text


def test_a_model_whose_layers_are_not_known() -> None:
    class Own(tl.Model):
        def call(self, x: Any) -> Any:
            return x

    assert "its layers are not known" in str(tl.summary(Own(name="own")))


def test_a_plot_is_written_as_text(tmp_path: Path) -> None:
    plot = tl.plot(lenient())
    plot.save(tmp_path / "net.dot")
    assert (tmp_path / "net.dot").read_text() == f"{plot}\n"
    assert repr(plot) == '<Plot of Sequential "net": 5 boxes; save(path) writes it>'


def test_names_are_escaped_in_html() -> None:
    model = tl.Sequential([tl.Input((3,)), layers.Dense(2, name="a<b")], name="net")
    shown = tl.summary(model)._repr_html_()
    assert "Dense &quot;a&lt;b&quot;" in shown
    assert "<th>repairs</th>" in shown


@pytest.mark.parametrize("make", [tl.summary, tl.plot])
def test_a_layer_is_no_model(make: Any) -> None:
    with pytest.raises(TypeError, match="summary needs a Keras model"):
        make(layers.Dense(3))
