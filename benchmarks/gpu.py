"""What typedlayers costs and saves on a GPU, beside plain Keras in the same process.

    python benchmarks/gpu.py [--rounds 9]

One line for each measurement, as the other benchmarks print it; times are of the clock, and each timed piece ends when
the device is done. Without a GPU nothing of this can be measured: it says so and ends with status 0.
"""

from __future__ import annotations

import os

# ratio hides the GPUs from whoever measures a CPU
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "0")
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")

import functools
import random
import sys
import time
from collections.abc import Mapping
from typing import Any

from ratio import Times, Work, rounds_from_command_line, si

# ratio comes first: it sets the environment that TensorFlow reads
# isort: split
import keras
import numpy as np
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers
from typedlayers.bridge.data import batch_of

NOT_MEASURED = (
    "the look at a batch on the device, over reduce_min and reduce_max",
    "bytes and floats in predict_on_batch, batch 1 and 64, with XLA and without",
    "the time to the message, and what plain Keras does with a class id too large",
    "the peak of device memory in training",
    "the bits of seeded training with op determinism",
)
SIZE, CLASSES = 224, 10
LOSS = "sparse_categorical_crossentropy"


def timed(work: Work, calls: int = 1) -> float:
    """Seconds of one call until the device is done."""
    tf.test.experimental.sync_devices()
    start = time.perf_counter()
    for _ in range(calls):
        work()
    tf.test.experimental.sync_devices()
    return (time.perf_counter() - start) / calls


def measure(name: str, variants: Mapping[str, Work], rounds: int, calls: int = 1) -> None:
    """Times every variant in every round and prints one line; the first is the base."""
    found: dict[str, list[float]] = {variant: [] for variant in variants}
    for work in variants.values():
        timed(work)
    order, names = random.Random(0), list(variants)
    for _ in range(rounds):
        order.shuffle(names)
        for variant in names:
            found[variant].append(timed(variants[variant], calls))
    times, (base, *others) = Times(found), list(variants)
    cells = "  ".join(f"{one} {times.ratio(one, base):.3f}" for one in others)
    print(f"{name}: {base} {si(times.median(base))}; {cells}", flush=True)


def net(home: Any, make: Any, *front: Any, jit: bool = False) -> Any:
    """A small convolutional network for pictures."""
    parts = [home.Conv2D(16, 3, activation="relu"), home.MaxPooling2D(), home.Conv2D(32, 3, activation="relu")]
    head = [home.GlobalAveragePooling2D(), home.Dense(CLASSES, activation="softmax")]
    model = make([keras.Input((SIZE, SIZE, 3)), *front, *parts, *head])
    model.compile("sgd", LOSS, jit_compile=jit)
    return model


STRICT, LENIENT = (functools.partial(tl.Sequential, mode=mode) for mode in ("strict", "lenient"))
PLAIN = keras.Sequential


def look(rounds: int) -> None:
    """The look at a batch that lies on the device."""
    reduce = tf.function(lambda x: (tf.reduce_min(x), tf.reduce_max(x)), jit_compile=True)
    for dtype in ("float32", "uint8"):
        x = tf.constant(np.random.default_rng(0).integers(0, 256, (256, SIZE, SIZE, 3)).astype(dtype))

        def ends(x: Any = x) -> object:
            return [one.numpy() for one in reduce(x)]

        def seen(x: Any = x) -> object:
            values = batch_of(x).values
            return values.range, values.gaps, values.noise

        variants = {"min and max there": ends, "A/A": lambda: ends(), "look": seen, "copy": lambda x=x: x.numpy()}
        measure(f"256 pictures of {dtype}", variants, rounds)


def serve(rounds: int) -> None:
    """Bytes in, answer out."""
    for jit in (False, True):
        for batch in (1, 64):
            raw = np.random.default_rng(0).integers(0, 256, (batch, SIZE, SIZE, 3)).astype("uint8")
            ready = raw.astype("float32") / 255
            plain, again = (net(keras.layers, PLAIN, jit=jit) for _ in range(2))
            by_hand = net(keras.layers, PLAIN, keras.layers.Rescaling(1 / 255), jit=jit)
            strict, lenient = net(layers, STRICT, jit=jit), net(layers, LENIENT, jit=jit)
            lenient.train_on_batch(raw, np.arange(batch) % CLASSES)
            variants = {
                "plain, floats": lambda m=plain, x=ready: m.predict_on_batch(x),
                "A/A": lambda m=again, x=ready: m.predict_on_batch(x),
                "strict, floats": lambda m=strict, x=ready: m.predict_on_batch(x),
                "lenient, bytes": lambda m=lenient, x=raw: m.predict_on_batch(x),
                "Rescaling by hand, bytes": lambda m=by_hand, x=raw: m.predict_on_batch(x),
                "NumPy, bytes": lambda m=plain, x=raw: m.predict_on_batch(x.astype("float32") / 255),
            }
            measure(f"predict_on_batch of {batch}, XLA {jit}", variants, rounds, calls=20)


def message(_: int) -> None:
    """A class id too large, ResNet50: the message of strict mode, and what plain Keras does."""
    x, y = np.zeros((32, SIZE, SIZE, 3), "float32"), np.arange(32) % (CLASSES + 1)
    for name in ("plain", "strict"):
        base = keras.applications.ResNet50(weights=None, input_shape=x.shape[1:], classes=CLASSES)
        model = tl.from_keras(base) if name == "strict" else base
        model.compile("sgd", LOSS)
        start = time.perf_counter()
        try:
            said = f"loss {model.fit(x, y, verbose=0).history['loss']}"
        except (ValueError, tf.errors.OpError) as error:
            said = str(error).partition("\n")[0][:80]
        print(f"a class id too large, {name}: {si(time.perf_counter() - start)}, {said}", flush=True)


def memory(_: int) -> None:
    """The peak of device memory in training."""
    x, y = np.zeros((256, SIZE, SIZE, 3), "float32"), np.arange(256) % CLASSES
    for name, home, make in (("plain", keras.layers, PLAIN), ("strict", layers, STRICT)):
        model = net(home, make)
        tf.config.experimental.reset_memory_stats("GPU:0")
        model.fit(x, y, batch_size=64, verbose=0)
        peak = tf.config.experimental.get_memory_info("GPU:0")["peak"]
        print(f"peak of device memory, {name}: {peak / 2**20:.0f} MiB", flush=True)


def bits(_: int) -> None:
    """Seeded training with op determinism: last, since it cannot be turned off."""
    tf.config.experimental.enable_op_determinism()
    x, y = np.random.default_rng(0).random((64, SIZE, SIZE, 3), "float32"), np.arange(64) % CLASSES
    found = {}
    for name, home, make in (("plain", keras.layers, PLAIN), ("strict", layers, STRICT), ("lenient", layers, LENIENT)):
        keras.utils.set_random_seed(1)
        model = net(home, make)
        model.fit(x, y, batch_size=16, verbose=0)
        found[name] = np.concatenate([np.ravel(one) for one in model.get_weights()])
    print("equal bits:", {name: bool((found[name] == found["plain"]).all()) for name in found}, flush=True)


def main() -> int:
    """Prints every measurement, or what cannot be measured."""
    rounds = rounds_from_command_line(__doc__, 9)
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        print("No GPU is visible. Not measured:", *NOT_MEASURED, sep="\n  ")
        return 0
    details = tf.config.experimental.get_device_details(gpus[0])
    print(f"{details.get('device_name')}, TensorFlow {tf.__version__}, Keras {keras.__version__}", flush=True)
    for section in (look, serve, message, memory, bits):
        section(rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
