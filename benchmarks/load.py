"""One served model under load: are all answers right, and does memory stay flat?

    python benchmarks/load.py [--seconds 60] [--calls 200000]

First eight threads ask one lenient model that was trained on ready floats, for so many seconds, with bytes and floats
in batches of many sizes, by ``predict_on_batch``, ``model(x)`` and a ``tf.function``; each answer is compared with that
of the plain twin on data prepared by hand. Then one thread makes so many calls with sizes that vary. Prints the number
of answers, of wrong ones, and the resident memory at five times (Linux); ends with status 1 if an answer was wrong.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import numpy as np
import tensorflow as tf

import typedlayers as tl

THREADS: Final = 8
LARGEST: Final = 24
TOLERANCE: Final = 1e-5


def models() -> tuple[Any, Any]:
    """Returns a lenient model that was trained on ready floats, and its twin in plain Keras."""
    numbers = np.random.default_rng(0)
    x = numbers.random((64, 8, 8, 1), dtype="float32")
    x[0, 0, 0], x[0, 0, 1] = 0, 1
    both = []
    for layers, sequential in ((tl.layers, tl.Sequential), (keras.layers, keras.Sequential)):
        stack = [keras.Input((8, 8, 1)), layers.Conv2D(4, 3, activation="relu"), layers.Flatten(), layers.Dense(3)]
        both.append(sequential(stack))
    model, twin = both
    with tl.mode("lenient"):
        model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        model.fit(x, np.arange(64) % 3, verbose=0)
    twin.set_weights(model.get_weights())
    return model, twin


def asked(model: Any) -> list[Callable[[np.ndarray], Any]]:
    """Returns the ways to ask a model."""
    compiled = tf.function(model, reduce_retracing=True)
    return [model.predict_on_batch, model, lambda x: compiled(tf.constant(x))]


def data(draw: random.Random) -> tuple[np.ndarray, np.ndarray]:
    """Returns a batch of bytes or floats of a drawn size, and the same as a person prepares it."""
    numbers = np.random.default_rng(draw.getrandbits(32))
    raw = numbers.integers(0, 256, (draw.randint(1, LARGEST), 8, 8, 1)).astype("uint8")
    ready = (raw / 255).astype("float32")
    return (raw, ready) if draw.random() < 0.5 else (ready, ready)


def memory() -> float:
    """Returns the resident memory of this process, in MiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class Load:
    """Counts answers, and those that were wrong."""

    def __init__(self, model: Any, twin: Any) -> None:
        self.ways, self.twin = asked(model), twin
        self.answers = self.wrong = 0
        self.lock = threading.Lock()

    def once(self, draw: random.Random) -> None:
        """Asks once, and compares."""
        given, ready = data(draw)
        with tl.mode("lenient"):
            answer = np.asarray(draw.choice(self.ways)(given))
        wrong = not np.allclose(answer, np.asarray(self.twin(ready)), atol=TOLERANCE)
        with self.lock:
            self.answers += 1
            self.wrong += wrong

    def until(self, end: float, seed: int) -> None:
        """Asks until a time has come."""
        draw = random.Random(seed)
        while time.monotonic() < end:
            self.once(draw)


def main() -> int:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--calls", type=int, default=200_000)
    options = parser.parse_args()
    load = Load(*models())
    for seed in range(100):  # sizes are traced and buffers are made before memory counts
        load.once(random.Random(seed))
    for part in range(5):
        end = time.monotonic() + options.seconds / 5
        with ThreadPoolExecutor(THREADS) as pool:
            for done in [pool.submit(load.until, end, THREADS * part + seed) for seed in range(THREADS)]:
                done.result()  # an error in a thread ends this program
        print(f"{THREADS} threads: {load.answers} answers, {load.wrong} wrong, {memory():.0f} MiB", flush=True)
    draw = random.Random(-1)
    for call in range(options.calls):
        load.once(draw)
        if (call + 1) % max(1, options.calls // 5) == 0:
            print(f"1 thread: {call + 1} calls, {load.wrong} wrong, {memory():.0f} MiB", flush=True)
    return 1 if load.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
