"""What typed models write, opened where typedlayers cannot be imported: the same bits, compiled state too."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import pytest

import typedlayers as tl
from tests.saving.zoo import NO_H5, OF_THE_USER, ZOO, compiled, outputs, same_bits, sequential, table
from typedlayers import layers

OPEN = """
import importlib.abc, pickle, sys
from pathlib import Path

class Blocked(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "typedlayers":
            raise ImportError(f"{name} is blocked")

sys.meta_path.insert(0, Blocked())
import keras
try:
    import typedlayers
except ImportError:
    pass
else:
    raise SystemExit("typedlayers is not blocked")
folder, answers = Path(sys.argv[1]), {}
given = pickle.loads((folder / "given.pickle").read_bytes())
for file in sorted(folder.glob("*.*")):
    name, kind = file.name.split(".", 1)
    if kind == "json":
        model = keras.models.model_from_json(file.read_text())
        model.load_weights(folder / f"{name}.weights.h5")
    elif kind in ("keras", "h5"):
        model = keras.saving.load_model(file)
    else:
        continue
    x = keras.tree.map_structure(keras.ops.convert_to_tensor, given[name])
    answers[file.name] = {
        "outputs": [keras.ops.convert_to_numpy(y) for y in keras.tree.flatten(model(x))],
        "modules": {type(layer).__module__.split(".")[0] for layer in model._flatten_layers()},
        "optimizer": [v.numpy() for v in model.optimizer.variables] if model.compiled else None,
        "keys": sorted(model.get_config()),
    }
(folder / "answers.pickle").write_bytes(pickle.dumps(answers))
"""


def remembering() -> Any:
    """A model that has something of every kind to write down."""
    with tl.mode("lenient"):
        stack = [tl.Input((2, 2)), tl.allow(layers.Dense(3), "float64-tensor"), layers.Dense(2)]
        return tl.Sequential(stack, mode="lenient", name="noted")


def repaired() -> Any:
    with tl.mode("lenient"):
        inputs = tl.Input((6, 6), dtype="uint8")
        return tl.Model(inputs, layers.Conv2D(2, 3)(inputs))


MODELS = {name: row for name, row in ZOO.items() if name not in OF_THE_USER} | {
    "remembering": (remembering, lambda: table().reshape(2, 2, 2)),
    "repaired": (repaired, lambda: (255 * table()).repeat(9).reshape(2, 6, 6).astype("uint8")),
}
FILES = [f"{name}.{kind}" for name in MODELS for kind in ("keras", "h5", "json") if kind != "h5" or name not in NO_H5]
FILES = [file for file in FILES if file not in ("words.json", "repaired.h5")]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, dict[str, Any]]]:
    """Of every file: the model that wrote it with its input, and what a plain process found in it."""
    folder = tmp_path_factory.mktemp("files")
    models = {}
    given = {name: make() for name, (_, make) in MODELS.items()}
    for name, (make, _) in MODELS.items():
        model = models[name] = make()
        for file in FILES:
            if file in (f"{name}.keras", f"{name}.h5"):
                model.save(folder / file)
        (folder / f"{name}.json").write_text(model.to_json())
        model.save_weights(folder / f"{name}.weights.h5")
    for name in ("words", "repaired"):
        if f"{name}.json" not in FILES:
            (folder / f"{name}.json").unlink()
    (folder / "given.pickle").write_bytes(pickle.dumps(given))
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-c", OPEN, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    answers = pickle.loads(Path(folder, "answers.pickle").read_bytes())
    return {file: ((models[file.split(".")[0]], given[file.split(".")[0]]), answers[file]) for file in FILES}


@pytest.mark.parametrize("file", FILES)
def test_plain_keras_opens_it_with_the_same_bits(file: str, opened: Any) -> None:
    (model, x), answer = opened[file]
    assert same_bits(answer["outputs"], outputs(model, x))
    assert answer["modules"] == {"keras"}
    assert "typedlayers" not in answer["keys"]


def test_the_optimizer_is_there_with_its_state(opened: Any) -> None:
    (model, _), answer = opened["compiled.keras"]  # legacy h5 gives a new one, in plain Keras too
    assert same_bits(answer["optimizer"], [keras.ops.convert_to_numpy(v) for v in model.optimizer.variables])


def test_one_of_the_models_had_something_to_write_down() -> None:
    assert remembering().get_config()["typedlayers"]["mode"] == "lenient"


# ---------------------------------------------------------------------- in a process that has typedlayers
def test_plain_keras_gives_plain_layers_where_nothing_is_registered(tmp_path: Path) -> None:
    sequential().save(tmp_path / "model.keras")
    model = keras.saving.load_model(tmp_path / "model.keras")
    assert type(model) is keras.Sequential
    assert type(model.layers[0]) is keras.layers.Dense


def test_files_of_plain_keras_open_typed(tmp_path: Path) -> None:
    model = keras.models.clone_model(compiled())
    assert type(model) is keras.Sequential
    plain = tl.to_keras(compiled())
    for name, one in (("clone", model), ("converted", plain)):
        for suffix in (".keras", ".h5"):
            one.save(tmp_path / f"{name}{suffix}")
            again = tl.load_model(tmp_path / f"{name}{suffix}", mode="strict")
            assert type(again) is tl.Sequential
            assert {type(layer) for layer in again.layers} == {layers.Dense, layers.Dropout}
            assert same_bits(outputs(again, table()), outputs(one, table()))
            assert again.compiled == one.compiled  # a clone of Keras 3.8 is not compiled


def test_a_model_that_strict_refuses_is_refused_when_it_is_loaded(tmp_path: Path) -> None:
    inputs = keras.Input((8, 8, 1), dtype="uint8")
    keras.Model(inputs, keras.layers.Conv2D(2, 3)(inputs)).save(tmp_path / "model.keras")
    with pytest.raises(tl.ContractError, match="TL304"):
        tl.load_model(tmp_path / "model.keras")
    again = tl.load_model(tmp_path / "model.keras", mode="lenient")
    assert [entry.repair.kind for entry in tl.repairs(again)] == ["cast"]
    assert tl.load_model(tmp_path / "model.keras", mode="off").output_shape == (None, 6, 6, 2)


def test_a_model_that_remembers_nothing_has_the_config_of_plain_keras() -> None:
    typed, plain = sequential().get_config(), tl.to_keras(sequential()).get_config()
    assert sorted(typed) == sorted(plain)


def test_what_is_installed_leaves_files_as_they_are(tmp_path: Path) -> None:
    def config() -> Any:
        keras.utils.clear_session()
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
        model.compile(keras.optimizers.Adam(), keras.losses.MeanSquaredError())
        model.fit(table(), table()[:, :2], verbose=0)
        model.save(tmp_path / "model.keras")
        return json.loads(model.to_json())

    before = config()
    tl.install()
    try:
        assert config() == before
        assert type(keras.saving.load_model(tmp_path / "model.keras")) is keras.Sequential
    finally:
        tl.uninstall()
