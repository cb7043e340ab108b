"""The benchmark of a GPU says what it cannot measure where there is none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_without_a_gpu_it_ends_well() -> None:
    known = {**os.environ, "PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": ""}
    command = [sys.executable, str(ROOT / "benchmarks" / "gpu.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=known)
    assert done.stdout.startswith("No GPU is visible. Not measured:\n  the look at a batch")
