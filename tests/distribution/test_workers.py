"""Two processes under MultiWorkerMirroredStrategy: the same bits as plain Keras, mistakes said on each, no hang."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).with_name("worker_program.py")
ROOT = Path(__file__).parents[2]
PATIENCE = 240
"""Seconds after which the workers are said to hang."""


def free_ports(count: int) -> list[str]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    found = [str(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return found


@pytest.fixture(scope="module")
def workers() -> list[dict[str, Any]]:
    cluster = {"worker": [f"127.0.0.1:{port}" for port in free_ports(2)]}
    known = {**os.environ, "PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": "", "KERAS_BACKEND": "tensorflow"}
    running = [
        subprocess.Popen(
            [sys.executable, str(PROGRAM)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**known, "TF_CONFIG": json.dumps({"cluster": cluster, "task": {"type": "worker", "index": index}})},
        )
        for index in range(2)
    ]
    found = []
    try:
        for one in running:
            out, err = one.communicate(timeout=PATIENCE)
            assert one.returncode == 0, err[-3000:]
            found.append(json.loads(out.splitlines()[-1]))
    finally:
        for one in running:
            one.kill()
    return found


def test_every_mode_trains_as_plain_keras_on_both(workers: list[dict[str, Any]]) -> None:
    assert len({digest for worker in workers for digest in worker["bits"].values()}) == 1


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("wrong shape", ["TL501"]),
        ("raw bytes", ["perhaps TL401"]),
        ("raw bytes, lenient", ["TL401"]),
        ("raw bytes, off", []),
        ("bytes that the model scales", []),
        ("fit, wrong targets", ["TL602"]),
    ],
)
def test_a_mistake_is_said_on_each(workers: list[dict[str, Any]], program: str, said: list[str]) -> None:
    assert [worker[program] for worker in workers] == [said, said]


def test_fit_says_what_works_instead(workers: list[dict[str, Any]]) -> None:
    for worker in workers:
        (note,) = worker["fit"]
        assert "strategy.run" in note
