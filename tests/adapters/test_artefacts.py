"""A repaired model opens where typedlayers is not installed, and gives the same bits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from jaxtyping import Float

import typedlayers as tl
from typedlayers import layers
from typedlayers.adapters.ops import apply
from typedlayers.diagnostics.model import Repair

OPEN = """
import importlib.abc, json, sys, warnings

class Blocked(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "typedlayers":
            raise ImportError(f"{name} is blocked")

sys.meta_path.insert(0, Blocked())
import keras, numpy as np

try:
    import typedlayers
except ImportError:
    pass
else:
    raise SystemExit("typedlayers is not blocked")
folder, names = sys.argv[1], json.loads(sys.argv[2])
for name in names:
    model = keras.models.load_model(f"{folder}/{name}.keras")
    given = np.load(f"{folder}/{name}.npz")
    np.save(f"{folder}/{name}.npy", model(given["x"]).numpy())
    print(name, *(type(layer).__module__ for layer in model.layers))
"""


def node(repair: Repair, shape: tuple[int | None, ...], dtype: str) -> Any:
    inputs = keras.Input(shape, dtype=dtype)
    return keras.Model(inputs, apply(repair, inputs))


def annotated(units: int) -> Any:
    return tl.annotate(layers.Dense(units), inputs=Float[tl.Tensor, "batch features"])


def functional(shape: tuple[int | None, ...], dtype: str, make: Callable[[], Any]) -> Any:
    inputs = keras.Input(shape, dtype=dtype)
    return keras.Model(inputs, make()(inputs))


def sequential(shape: tuple[int | None, ...], dtype: str, *stack: Any) -> Any:
    return tl.Sequential([keras.Input(shape, dtype=dtype), *stack])


def data(*shape: int, dtype: str = "float32") -> np.ndarray:
    return np.random.default_rng(3).integers(0, 2, shape).astype(dtype)


# name: the model, made in lenient mode; an input; the repair that its ledger must hold
CASES: dict[str, tuple[Callable[[], Any], np.ndarray, str | None]] = {
    "node-cast": (lambda: node(Repair("cast", dtype="float16"), (3,), "int32"), data(2, 3, dtype="int32"), None),
    "node-flatten": (lambda: node(Repair("flatten"), (4, 5), "float32"), data(2, 4, 5), None),
    "node-flatten-unknown": (lambda: node(Repair("flatten"), (None, 5), "float32"), data(2, 4, 5), None),
    "node-expand": (lambda: node(Repair("expand_dims", axis=-1), (None, None), "float32"), data(2, 4, 5), None),
    "node-squeeze": (lambda: node(Repair("squeeze", axis=-1), (None, None, 1), "float32"), data(2, 4, 5, 1), None),
    "functional-flatten": (
        lambda: functional((4, 5), "float32", lambda: annotated(3)),
        data(2, 4, 5),
        "flatten",
    ),
    "functional-cast": (
        lambda: functional((6, 6, 1), "uint8", lambda: layers.Conv2D(2, 3)),
        data(2, 6, 6, 1, dtype="uint8"),
        "cast",
    ),
    "functional-squeeze": (
        lambda: functional((6, 2, 1), "float32", lambda: layers.Conv1D(2, 3)),
        data(2, 6, 2, 1),
        "squeeze",
    ),
    "sequential-flatten": (
        lambda: sequential((4, 5), "float32", annotated(3)),
        data(2, 4, 5),
        "flatten",
    ),
    "sequential-cast": (
        lambda: sequential((6, 6, 1), "uint8", layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(2)),
        data(2, 6, 6, 1, dtype="uint8"),
        "cast",
    ),
    "sequential-expand": (
        lambda: sequential((6, 6), "float32", layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(2)),
        data(2, 6, 6),
        "expand_dims",
    ),
    "sequential-expand-unknown": (
        lambda: sequential((None, None), "float32", layers.Conv2D(2, 3)),
        data(2, 6, 6),
        "expand_dims",
    ),
    "sequential-squeeze": (
        lambda: sequential((6, 2, 1), "float32", layers.Conv1D(2, 3)),
        data(2, 6, 2, 1),
        "squeeze",
    ),
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[np.ndarray, np.ndarray, list[str], list[str]]]:
    """Every case: what the model gives here, and what its file gives there; its repairs; the layers' modules there."""
    folder = tmp_path_factory.mktemp("artefacts")
    here: dict[str, np.ndarray] = {}
    kinds: dict[str, list[str]] = {}
    for name, (make, x, _) in CASES.items():
        with tl.mode("lenient"):
            model = make()
            here[name] = keras.ops.convert_to_numpy(model(x))
        kinds[name] = [entry.repair.kind for entry in tl.repairs(model)]
        model.save(folder / f"{name}.keras")
        np.savez(folder / f"{name}.npz", x=x)
    command = [sys.executable, "-c", OPEN, str(folder), json.dumps(list(CASES))]
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    modules = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines() if line.split()[:1]}
    return {
        name: (here[name], np.load(Path(folder, f"{name}.npy")), kinds[name], modules.get(name, [])) for name in CASES
    }


@pytest.mark.parametrize("name", CASES)
def test_opens_in_plain_keras_with_the_same_bits(name: str, opened: Any) -> None:
    here, there, _, modules = opened[name]
    assert there.dtype == here.dtype
    assert there.tobytes() == here.tobytes()
    assert modules
    assert all(module.startswith("keras.") for module in modules)


@pytest.mark.parametrize("name", [name for name, row in CASES.items() if row[2] is not None])
def test_the_repair_stands_in_the_ledger(name: str, opened: Any) -> None:
    assert opened[name][2] == [CASES[name][2]]
