"""Keras on JAX and on PyTorch, with no TensorFlow to import: each in a process of its own, where it is installed."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).with_name("program.py")
DOUBLES = {"jax": [], "torch": ["TL301"]}
"""What is said of a float64 tensor: JAX makes it float32 unless ``jax_enable_x64`` is set."""


ROOT = Path(__file__).parents[2]
ALONE = """
import runpy, sys
from importlib.machinery import PathFinder

found = PathFinder.find_spec

def find_spec(name, *rest):
    return None if name.partition(".")[0] == "tensorflow" else found(name, *rest)

PathFinder.find_spec = find_spec
runpy.run_path(sys.argv[1], run_name="__main__")
"""
"""Runs a program as if TensorFlow were not installed; Keras asks ``sys.modules`` for it, so nothing may stand there."""


def run(program: Path, backend: str, **environment: str) -> Any:
    """What a program prints as JSON in a process of its own, and what stands in its log."""
    known = {**os.environ, "KERAS_BACKEND": backend, "PYTHONPATH": str(ROOT), **environment}
    command = [sys.executable, "-c", ALONE, str(program)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=known)
    assert done.returncode == 0, done.stderr[-3000:]
    return {**json.loads(done.stdout.splitlines()[-1]), "log": done.stderr}


@pytest.fixture(scope="module", params=["jax", "torch"])
def found(request: pytest.FixtureRequest) -> dict[str, Any]:
    if importlib.util.find_spec(request.param) is None:
        pytest.skip(f"{request.param} is not installed (make backends)")
    found = run(PROGRAM, request.param)
    assert found["backend"] == request.param
    return found


def test_right_programs_pass(found: dict[str, Any]) -> None:
    assert {name: codes for name, codes in found["right"].items() if codes} == {}


def test_wrong_programs_are_refused_as_on_tensorflow(found: dict[str, Any]) -> None:
    assert {name: said for name, (said, expected) in found["wrong"].items() if said != expected} == {}


def test_a_tensor_of_doubles(found: dict[str, Any]) -> None:
    assert found["doubles"] == DOUBLES[found["backend"]]


def test_seeded_training_is_that_of_plain_keras_to_the_last_bit(found: dict[str, Any]) -> None:
    assert set(found["bits"].values()) == {True}


def test_weights_that_were_written_in_place_are_seen(found: dict[str, Any]) -> None:
    assert found["marks"] == {"as made": True, "assigned": False, "read again": True}


def test_one_line_says_what_is_not_judged(found: dict[str, Any]) -> None:
    assert found["log"].count("typedlayers: Keras computes with") == 1
    assert "TL9" not in found["log"]


# ------------------------------------------------------------------------------------------ four devices
@pytest.fixture(scope="module")
def devices() -> dict[str, Any]:
    if importlib.util.find_spec("jax") is None:
        pytest.skip("jax is not installed (make backends)")
    program = Path(__file__).with_name("many_devices.py")
    return run(program, "jax", XLA_FLAGS="--xla_force_host_platform_device_count=4", JAX_PLATFORMS="cpu")


@pytest.mark.parametrize("way", ["data_parallel", "model_parallel"])
def test_over_four_devices_of_jax(way: str, devices: dict[str, Any]) -> None:
    found = devices[way]
    assert set(found["bits"].values()) == {True}
    assert found["wrong"] == {code: [code] for code in found["wrong"]}
    assert found["batches"] == ["TL401"]
    assert found["scaled"]
    assert found["lenient"] == found["lenient, batches"] == ["rescale by 1/255"]
