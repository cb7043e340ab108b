"""What is read of an artefact of each format, compared with what its framework says; and that none is imported."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.artefacts import made
from tests.layers.layer_table import TABLE, oriented
from typedlayers.artefacts.keras_config import signature_of
from typedlayers.artefacts.model import Bounds, Form, Front, Port, Signature
from typedlayers.artefacts.reading import read_artefact
from typedlayers.artefacts.stamping import contract_data, stamp_onnx, stamp_saved_model
from typedlayers.diagnostics.model import Repair
from typedlayers.facts.ranges import ValueFacts

TWO = (
    {"ids": "int32 (batch, ?)", "row": "float32 (batch, 8)"},
    {"score": "float32 (batch, 1)", "shares": "float32 (batch, 8)"},
)

READ = {
    "two.keras": (Form.KERAS, ["call"], TWO),
    "two": (Form.SAVED_MODEL, ["serving_default", "serve"], TWO),
    "two.tflite": (Form.LITERT, ["serving_default"], TWO),
    "m.onnx": (
        Form.ONNX,
        ["main"],
        (
            {"ids": "int64 (batch, ?)", "image": "float32 (batch, 4)"},
            {"probs": "float32 (batch, 2)", "same": "int64 (batch, ?)"},
        ),
    ),
}


def told(ports: tuple[Port, ...]) -> dict[str, str]:
    return {port.name: str(port.spec) for port in ports}


@pytest.mark.parametrize(("name", "read"), READ.items(), ids=list(READ))
def test_signatures(name: str, read: tuple[Form, list[str], Any]) -> None:
    found = read_artefact(made.path(name))
    assert (found.form, [one.name for one in found.signatures], found.contract) == (*read[:2], None)
    assert all((told(one.inputs), told(one.outputs)) == read[2] for one in found.signatures)


def test_a_saved_model_is_read_as_tensorflow_reads_it() -> None:
    found = read_artefact(made.path("trained"))
    loaded = tf.saved_model.load(made.path("trained"))
    assert {one.name for one in found.signatures} >= set(loaded.signatures)  # pyright: ignore
    for signature in found.signatures[:1]:
        _, inputs = loaded.signatures[signature.name].structured_input_signature  # pyright: ignore
        assert told(signature.inputs) == {
            name: f"{spec.dtype.name} (batch, {', '.join(map(str, spec.shape[1:]))})" for name, spec in inputs.items()
        }


def test_a_litert_file_is_read_as_the_interpreter_reads_it() -> None:
    (signature,) = read_artefact(made.path("two.tflite")).signatures
    runner = tf.lite.Interpreter(made.path("two.tflite")).get_signature_runner()  # pyright: ignore
    for ports, details in (
        (signature.inputs, runner.get_input_details()),
        (signature.outputs, runner.get_output_details()),
    ):
        assert {port.name: (port.spec.dtype, len(port.spec.shape or ())) for port in ports} == {
            name: (np.dtype(one["dtype"]).name, len(one["shape"])) for name, one in details.items()
        }


# ------------------------------------------------------------------------------------- what we wrote inside
RESCALE = Repair("rescale", "float32", scale=1 / 255)
FRONT = Front(Bounds(ValueFacts(0, 1, whole=False, count=9), declared=True), RESCALE)


def test_a_keras_file_says_what_training_saw() -> None:
    found = read_artefact(made.path("trained.keras"))
    (port,) = found.signatures[0].inputs
    assert found.what == 'Sequential "net"'
    assert found.contract is not None
    assert str(port.front.bounds) == "trained on 0..1"


def test_what_is_stamped_is_read(tmp_path: Any) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "net/saved_model.pb").write_bytes((made.folder() / made.path("two") / "saved_model.pb").read_bytes())
    (tmp_path / "m.onnx").write_bytes(made.ONNX)
    stamp_saved_model(str(tmp_path / "net"), contract_data({"row": FRONT}, mode="lenient", dims={"time": 3}))
    stamp_onnx(str(tmp_path / "m.onnx"), contract_data({"image": FRONT}))
    for name, port in (("net", "row"), ("m.onnx", "image")):
        found = read_artefact(str(tmp_path / name))
        assert found.contract is not None
        assert {one.name: one.front for one in found.signatures[0].inputs}[port] == FRONT
    assert read_artefact(str(tmp_path / "net")).contract == type(found.contract)(mode="lenient", dims={"time": 3})


@pytest.mark.parametrize(
    ("notes", "why"),
    [
        ({"version": 99}, "version 99"),
        ({"version": 2, "front": {"row": {"repair": {"kind": "rescale", "dtype": "float32", "scale": 0}}}}, "numbers"),
        ({"version": 2, "front": {"row": {"range": {"low": 2, "high": 1, "whole": True, "count": 0}}}}, "not a range"),
        ({"version": 2, "front": 3}, "AttributeError"),
        ([], "not a model's notes"),
    ],
    ids=str,
)
def test_notes_that_cannot_be_read_are_said(notes: Any, why: str, tmp_path: Any) -> None:
    (tmp_path / "m.onnx").write_bytes(made.ONNX)
    stamp_onnx(str(tmp_path / "m.onnx"), notes)
    found = read_artefact(str(tmp_path / "m.onnx"))
    assert found.contract is None
    assert why in found.unreadable


# ---------------------------------------------------------------------------------------- what is inferred
def config_of(model: Any) -> Any:
    return json.loads(json.dumps(keras.saving.serialize_keras_object(model)))


def output(model: Any) -> Port:
    (port,) = signature_of(config_of(model)).outputs
    return port


@pytest.mark.parametrize("name", sorted(name for name, row in TABLE.items() if row.available))
def test_the_catalogue_infers_what_keras_computes(name: str) -> None:
    for arguments in TABLE[name].arguments[:4]:
        layer = TABLE[name].make(arguments)
        model = keras.Sequential([keras.Input(oriented(TABLE[name].shape, layer)[1:]), layer])
        spec = output(model).spec
        if spec.shape is None:
            assert name in {"Normalization"}
            continue
        assert spec.dtype == model.outputs[0].dtype
        assert [known or mine for known, mine in zip(model.output_shape, spec.shape, strict=True)] == [*spec.shape]


def _nested() -> Any:
    inner = keras.Sequential([keras.Input((7, 3)), keras.layers.LSTM(5, return_sequences=True)], name="inner")
    return keras.Sequential([inner, keras.layers.TimeDistributed(keras.layers.Dense(2))])


MODELS = {
    "nested": (_nested, "float32 (batch, 7, 2)"),
    "half precision": (
        lambda: keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, dtype="mixed_float16")]),
        "float16 (batch, 3)",
    ),
    "no Input": (lambda: _built(keras.Sequential([keras.layers.Dense(3)]), (None, 4)), "float32 (batch, 3)"),
    "after a Lambda, by the next layer's build": (
        lambda: keras.Sequential([keras.Input((4,)), keras.layers.Lambda(lambda x: x), keras.layers.Dense(3)]),
        "float32 (batch, 3)",
    ),
    "a user's layer": (lambda: keras.Sequential([keras.Input((4,)), Own()]), "unknown dtype (unknown rank)"),
}


class Own(keras.layers.Layer):
    def call(self, x: Any) -> Any:
        return x


def _built(model: Any, shape: Any) -> Any:
    model.build(shape)
    return model


@pytest.mark.parametrize(("make", "spec"), MODELS.values(), ids=list(MODELS))
def test_whole_models(make: Any, spec: str) -> None:
    assert str(output(make()).spec) == spec


def test_inputs_are_counted_as_keras_counts_them() -> None:
    one, two = keras.Input((1,), name="z"), keras.Input((2,), name="a")
    listed = signature_of(config_of(keras.Model([one, two], keras.layers.Concatenate()([one, two]))))
    assert isinstance(listed, Signature)
    assert ([port.name for port in listed.inputs], listed.keyed) == (["z", "a"], False)
    named = signature_of(config_of(keras.Model({"z": one, "a": two}, keras.layers.Concatenate()([one, two]))))
    assert ([port.name for port in named.inputs], named.keyed) == (["a", "z"], True)


# -------------------------------------------------------------------------------------------- no framework
def test_no_framework_is_imported() -> None:
    paths = [made.path(name) for name in READ]
    np.save(made.folder() / "rows.npy", np.zeros((2, 4), "float32"))
    code = f"""
import sys
from typedlayers.verifying import verify
for path in {paths!r}:
    assert verify(path, against=path).ok
verify({paths[0]!r}, {str(made.folder() / "rows.npy")!r})
print(*({{"keras", "tensorflow", "onnx"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
