"""Every way out of a lenient model, opened without typedlayers: its numbers are the model's, or bytes are refused.

Two models: one that was trained on bytes, to which lenient mode gave a ``Rescaling``, and one that was trained on
0..1 and scales bytes by their dtype. What opens the artefacts is a process in which typedlayers cannot be imported.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import pickle
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import joblib
import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers
from typedlayers.bridge.front import front_of

RNG = np.random.default_rng(0)
RAW = RNG.integers(0, 256, (16, 8, 8, 1)).astype("uint8")
RAW[0, 0, :2, 0] = 0, 255
READY = (RAW / 255).astype("float32")
Y = np.arange(16) % 3

LAYER, DTYPE, INSTALLED = "a Rescaling", "by dtype", "by dtype, installed"

INSTALLED_PROGRAM = """
import sys
import numpy as np
import typedlayers as tl
tl.install()
import keras
data = np.load(sys.argv[1] + "/data.npz")
tl.set_mode("lenient")
model = keras.Sequential([
    keras.Input((8, 8, 1), name="image"), keras.layers.Conv2D(4, 3), keras.layers.Flatten(),
    keras.layers.Dense(3, activation="softmax"),
], name="net")
model.compile("sgd", "sparse_categorical_crossentropy")
model.fit(data["ready"], data["y"], verbose=0)
model.export(sys.argv[1] + "/installed", verbose=False)
model.save(sys.argv[1] + "/installed.keras")
np.save(sys.argv[1] + "/installed.npy", model.predict(data["raw"], verbose=0))
"""


@functools.cache
def model(kind: str) -> Any:
    keras.utils.set_random_seed(0)
    stack = [tl.Input((8, 8, 1), name="image"), layers.Conv2D(4, 3), layers.Flatten()]
    made = tl.Sequential([*stack, layers.Dense(3, activation="softmax")], mode="lenient", name="net")
    made.compile("sgd", "sparse_categorical_crossentropy")
    made.fit(RAW if kind == LAYER else READY, Y, verbose=0)
    assert isinstance(made.layers[0], keras.layers.Rescaling) == (kind == LAYER)
    assert bool(front_of(made).scales) == (kind == DTYPE)
    return made


def signature(dtype: str) -> Any:
    return [keras.InputSpec(shape=(None, 8, 8, 1), dtype=dtype)]


def of_an_archive(made: Any, endpoint: Callable[[Any], Any], file: str, dtype: str) -> None:
    archive: Any = keras.export.ExportArchive()
    archive.track(made)
    archive.add_endpoint("serve", endpoint, input_signature=[tf.TensorSpec((None, 8, 8, 1), dtype)])
    archive.write_out(file, verbose=False)


def converted(made: Any, file: str) -> None:
    Path(file).write_bytes(tf.lite.TFLiteConverter.from_keras_model(made).convert())  # pyright: ignore


WAYS: dict[str, Callable[[Any, str], Any]] = {
    "export": lambda made, file: made.export(file, verbose=False),
    "export of a float signature": lambda made, file: made.export(
        file, verbose=False, input_signature=signature("float32")
    ),
    "export of a byte signature": lambda made, file: made.export(
        file, verbose=False, input_signature=signature("uint8")
    ),
    "tf.saved_model.save": tf.saved_model.save,
    "an archive of floats": lambda made, file: of_an_archive(made, made.call, file, "float32"),
    "an archive of bytes": lambda made, file: of_an_archive(made, lambda x: made(x), file, "uint8"),
    "an archive of bytes by call": lambda made, file: of_an_archive(made, made.call, file, "uint8"),
    "a.keras": lambda made, file: made.save(file),
    "a.h5": lambda made, file: made.save(file),
    "to_keras.keras": lambda made, file: tl.to_keras(made).save(file),
    "litert.tflite": lambda made, file: made.export(file, format="litert", verbose=False),
    "converter.tflite": converted,
    "to_keras.tflite": lambda made, file: converted(tl.to_keras(made), file),
    "onnx.onnx": lambda made, file: made.export(file, format="onnx", verbose=False),
    "to_keras.onnx": lambda made, file: tl.to_keras(made).export(file, format="onnx", verbose=False),
}

OPENS = """
import json, os, sys
sys.modules["typedlayers"] = None
import numpy as np, tensorflow as tf, keras
folder, names = sys.argv[1], json.loads(sys.argv[2])
data = np.load(folder + "/data.npz")
given = {"bytes": data["raw"], "floats 0..255": data["raw"].astype("float32"), "ready": data["ready"]}
given |= {dtype: data["raw"].astype(dtype) for dtype in ("int32", "int64", "float64")}

def of_saved_model(file, endpoint):
    artefact = tf.saved_model.load(file)
    if endpoint == "layer":
        return keras.layers.TFSMLayer(file, call_endpoint="serving_default")
    if endpoint == "serve" and hasattr(artefact, "serve"):
        return lambda x: artefact.serve(x)
    one = artefact.signatures[endpoint if endpoint in artefact.signatures else "serving_default"]
    (name,) = one.structured_input_signature[1]
    return lambda x: (artefact, next(iter(one(**{name: tf.constant(x)}).values())))[1]

def of_litert(interpreter):
    runner = interpreter.get_signature_runner()
    (name,) = runner.get_input_details()
    return lambda x: next(iter(runner(**{name: x}).values()))

def opened(file, endpoint):
    if file.endswith(".tflite"):
        if endpoint == "ai_edge_litert":
            from ai_edge_litert.interpreter import Interpreter
            return of_litert(Interpreter(file))
        return of_litert(tf.lite.Interpreter(file))
    if file.endswith(".onnx"):
        import onnxruntime
        session = onnxruntime.InferenceSession(file)
        return lambda x: session.run(None, {session.get_inputs()[0].name: x})[0]
    if os.path.isdir(file):
        return of_saved_model(file, endpoint)
    model = keras.saving.load_model(file)
    if endpoint == "clone":
        clone = keras.models.clone_model(model)
        clone.set_weights(model.get_weights())
        return clone
    if endpoint == "again":
        model.save(folder + "/again.keras")
        return keras.saving.load_model(folder + "/again.keras")
    if endpoint == "json":
        of_json = keras.models.model_from_json(model.to_json())
        of_json.set_weights(model.get_weights())
        return of_json
    return model

found = []
for file, endpoint, what in names:
    try:
        answer = opened(os.path.join(folder, file), endpoint)(given[what])
        found.append(np.asarray(answer["output_0"] if isinstance(answer, dict) else answer).tolist())
    except Exception as error:
        found.append(type(error).__name__)
print(json.dumps(found))
"""

SAME, REFUSED, OF_READY = "the model's numbers", "refused", "another's numbers"

PACKAGES = {"onnx.onnx": "onnxruntime", "to_keras.onnx": "onnxruntime", "ai_edge_litert": "ai_edge_litert"}
"""What is installed apart: `make runtimes`."""

ROWS: list[tuple[str, str, str, str, str]] = [
    # the model, the way out, how it is opened, what it is given, what comes of it
    (LAYER, "export", "serve", "floats 0..255", SAME),
    (LAYER, "export", "serving_default", "floats 0..255", SAME),
    (LAYER, "export", "layer", "floats 0..255", SAME),
    (LAYER, "export", "layer", "bytes", REFUSED),
    (LAYER, "export of a float signature", "serve", "floats 0..255", SAME),
    (LAYER, "export of a byte signature", "serve", "bytes", SAME),
    (LAYER, "tf.saved_model.save", "serving_default", "floats 0..255", SAME),
    (LAYER, "an archive of floats", "serve", "floats 0..255", SAME),
    (LAYER, "an archive of bytes", "serve", "bytes", SAME),
    *((LAYER, "a.keras", way, what, SAME) for way in ("", "clone", "again", "json") for what in ("bytes", "int32")),
    (LAYER, "a.h5", "", "bytes", SAME),
    (LAYER, "to_keras.keras", "", "bytes", SAME),
    *(
        (LAYER, f"{way}.tflite", by, "floats 0..255", SAME)
        for way in ("litert", "converter", "to_keras")
        for by in ("tf.lite", "ai_edge_litert")
    ),
    (LAYER, "onnx.onnx", "", "floats 0..255", SAME),
    (LAYER, "to_keras.onnx", "", "floats 0..255", SAME),
    *((DTYPE, "export", way, "bytes", SAME) for way in ("serve", "serving_default", "layer")),
    *((DTYPE, "export", "serve", what, REFUSED) for what in ("ready", "floats 0..255", "int32", "int64", "float64")),
    (DTYPE, "export", "serve_floats", "ready", SAME),
    (DTYPE, "export", "serve_floats", "floats 0..255", REFUSED),
    (DTYPE, "export of a byte signature", "serve", "bytes", SAME),
    (DTYPE, "an archive of bytes", "serve", "bytes", SAME),
    (DTYPE, "an archive of bytes by call", "serve", "bytes", OF_READY),
    (DTYPE, "export of a float signature", "serve", "ready", SAME),
    (DTYPE, "tf.saved_model.save", "serving_default", "ready", SAME),
    (DTYPE, "an archive of floats", "serve", "ready", SAME),
    *(
        (DTYPE, way, "serving_default", "bytes", REFUSED)
        for way in ("export of a float signature", "tf.saved_model.save", "an archive of floats")
    ),
    *((DTYPE, "a.keras", way, "ready", SAME) for way in ("", "clone", "again", "json")),
    (DTYPE, "a.keras", "", "bytes", OF_READY),
    (DTYPE, "a.h5", "", "ready", SAME),
    (DTYPE, "to_keras.keras", "", "bytes", SAME),
    *(
        (DTYPE, "litert.tflite", by, what, end)
        for by in ("tf.lite", "ai_edge_litert")
        for what, end in (("bytes", SAME), ("ready", REFUSED), ("floats 0..255", REFUSED))
    ),
    (DTYPE, "to_keras.tflite", "tf.lite", "bytes", SAME),
    (DTYPE, "to_keras.tflite", "tf.lite", "floats 0..255", REFUSED),
    (DTYPE, "converter.tflite", "tf.lite", "ready", SAME),
    (DTYPE, "converter.tflite", "tf.lite", "bytes", REFUSED),
    (DTYPE, "onnx.onnx", "", "bytes", SAME),
    (DTYPE, "onnx.onnx", "", "ready", REFUSED),
    (DTYPE, "to_keras.onnx", "", "bytes", SAME),
    (DTYPE, "to_keras.onnx", "", "floats 0..255", REFUSED),
    (INSTALLED, "installed", "serve", "bytes", SAME),
    (INSTALLED, "installed", "serve", "ready", REFUSED),
    (INSTALLED, "installed.keras", "", "ready", SAME),
]


def missing(row: tuple[str, ...]) -> str:
    names = [PACKAGES[part] for part in row if part in PACKAGES]
    names += ["tf2onnx"] if row[1].endswith(".onnx") else []
    return next((name for name in names if importlib.util.find_spec(name) is None), "")


def process(program: str, *arguments: str) -> str:
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "AutoGraph" not in done.stderr
    return done.stdout


@functools.cache
def outcomes() -> dict[tuple[str, ...], Any]:
    """What comes of each row: numbers, or the name of an exception."""
    folder = Path(tempfile.mkdtemp())
    np.savez(folder / "data.npz", raw=RAW, ready=READY, y=Y)
    rows = [row for row in ROWS if not missing(row)]
    for kind, way in dict.fromkeys(row[:2] for row in rows if row[0] != INSTALLED):
        (folder / kind).mkdir(exist_ok=True)
        with warnings.catch_warnings():
            warnings.simplefilter("error", tl.ContractWarning)
            WAYS[way](model(kind), str(folder / kind / way))
    process(INSTALLED_PROGRAM, str(folder))
    names = [(row[1] if row[0] == INSTALLED else f"{row[0]}/{row[1]}", *row[2:4]) for row in rows]
    found = json.loads(process(OPENS, str(folder), json.dumps(names)).splitlines()[-1])
    expected = {kind: model(kind).predict(RAW, verbose=0) for kind in (LAYER, DTYPE)}
    expected[INSTALLED] = np.load(folder / "installed.npy")
    return {row: (one, expected[row[0]]) for row, one in zip(rows, found, strict=True)}


@pytest.mark.parametrize(
    "row",
    [pytest.param(row, marks=pytest.mark.skipif(bool(missing(row)), reason=f"needs {missing(row)}")) for row in ROWS],
    ids=[", ".join(filter(None, row[:4])) for row in ROWS],
)
def test_an_artefact_without_typedlayers(row: tuple[str, ...]) -> None:
    found, expected = outcomes()[row]
    if row[-1] == REFUSED:
        assert isinstance(found, str), "it answered"
        return
    assert not isinstance(found, str), found
    same = np.abs(np.asarray(found) - expected).max() < 1e-6
    assert same == (row[-1] == SAME)


# ------------------------------------------------------------------------------- typed, and in other processes
def from_a_pickle(made: Any, _: Path) -> Any:
    return pickle.loads(pickle.dumps(made))


def from_joblib(made: Any, folder: Path) -> Any:
    joblib.dump(made, folder / "a.joblib")
    return joblib.load(folder / "a.joblib")


def registered(made: Any, folder: Path) -> Any:
    made.save(folder / "a.keras")
    tl.register()
    return keras.saving.load_model(folder / "a.keras")


def from_its_config(made: Any, _: Path) -> Any:
    again = type(made).from_config(made.get_config())
    again.set_weights(made.get_weights())
    return again


def from_json(made: Any, _: Path) -> Any:
    tl.register()
    again = keras.models.model_from_json(made.to_json())
    again.set_weights(made.get_weights())
    return again


def cloned(made: Any, _: Path) -> Any:
    again = tl.keras.models.clone_model(made)
    again.set_weights(made.get_weights())
    return again


WHOLE = [from_a_pickle, from_joblib, registered]
ARCHITECTURE = [from_its_config, from_json, cloned]
"""They carry no weights: what training saw is not known of those that are set."""


@pytest.fixture
def unregistered() -> Iterator[None]:
    """Undoes `register` after a test."""
    yield
    tl.unregister()


@pytest.mark.parametrize("kind", [LAYER, DTYPE])
@pytest.mark.parametrize("way", [*WHOLE, *ARCHITECTURE])
@pytest.mark.usefixtures("unregistered")
def test_a_copy_answers_bytes_as_the_model_does_or_says_that_it_cannot(
    kind: str, way: Callable[[Any, Path], Any], tmp_path: Path
) -> None:
    made = model(kind)
    again = way(made, tmp_path)
    assert type(again) is tl.Sequential
    if kind == LAYER or way in WHOLE:
        np.testing.assert_array_equal(again.predict(RAW, verbose=0), made.predict(RAW, verbose=0))
    else:
        with pytest.warns(tl.ContractWarning, match="TL801"):
            again.predict(RAW, verbose=0)
        np.testing.assert_array_equal(again.predict(READY, verbose=0), made.predict(READY, verbose=0))


WORKERS = """
import multiprocessing, pickle, sys
import joblib, numpy as np, worker

if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        model, x, expected = pickle.load(file)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        answers = [pool.apply(worker.answer, (model, x))]
    answers += joblib.Parallel(2)(joblib.delayed(worker.answer)(model, part) for part in (x,))
    for answer in answers:
        np.testing.assert_array_equal(answer, expected)
"""

WORKER = """
def answer(model, x):
    return model.predict(x, verbose=0)
"""


def test_workers_that_are_spawned_answer_bytes_as_the_model_does(tmp_path: Path) -> None:
    made = model(DTYPE)
    (tmp_path / "main.py").write_text(WORKERS)
    (tmp_path / "worker.py").write_text(WORKER)
    (tmp_path / "a.pkl").write_bytes(pickle.dumps((made, RAW, made.predict(RAW, verbose=0))))
    command = [sys.executable, str(tmp_path / "main.py"), str(tmp_path / "a.pkl")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
