"""One of two workers under MultiWorkerMirroredStrategy, on this machine's loopback; prints what it found as JSON.

python worker_program.py INDEX PORT PORT
"""

from __future__ import annotations

import hashlib
import json
import os
import warnings
from typing import Any

import keras
import numpy as np
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers
from typedlayers.errors import raise_faults

INDEX = json.loads(os.environ["TF_CONFIG"])["task"]["index"]
STRATEGY = tf.distribute.MultiWorkerMirroredStrategy()
SPARSE = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="sum")
DRAW = np.random.default_rng(INDEX)
BYTES = DRAW.integers(0, 256, (32, 12, 12, 3)).astype("uint8")
PHOTOS = BYTES.astype("float32") / 255
LABELS = np.arange(32) % 10


def net(home: Any = layers, make: Any = tl.Sequential, *front: Any, **more: Any) -> Any:
    keras.utils.set_random_seed(1)
    parts = [home.Conv2D(4, 3, activation="relu"), home.GlobalAveragePooling2D(), home.Dense(10)]
    with STRATEGY.scope():
        return make([keras.Input((12, 12, 3)), *front, *parts], **more)


def trained(model: Any, x: Any) -> str:
    """Trains in a loop of one's own; returns a digest of the weights."""
    with STRATEGY.scope():
        optimizer = keras.optimizers.SGD(0.01)
        optimizer.build(model.trainable_variables)
    data = tf.data.Dataset.from_tensor_slices((x, LABELS)).batch(8)

    @tf.function
    def step(batch: Any) -> None:
        def replica(x: Any, y: Any) -> None:
            with tf.GradientTape() as tape:
                loss = SPARSE(y, model(x, training=True)) / 16
            gradients = tape.gradient(loss, model.trainable_variables)
            gradients = tf.distribute.get_replica_context().all_reduce("sum", gradients)
            for variable, gradient in zip(model.trainable_variables, gradients, strict=True):
                variable.assign_sub(0.01 * gradient)

        STRATEGY.run(replica, args=batch)

    options = tf.data.Options()
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.OFF
    for batch in STRATEGY.experimental_distribute_dataset(data.with_options(options)):
        step(batch)
    return hashlib.sha256(b"".join(np.ascontiguousarray(one).tobytes() for one in model.get_weights())).hexdigest()


def scaling() -> Any:
    return net(layers, tl.Sequential, layers.Rescaling(1 / 255))


def said(work: Any) -> Any:
    """The codes that are raised, or warned of as *perhaps*; what Keras says with the notes on it."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", tl.ContractWarning)
        try:
            work()
        except tl.ContractError as error:
            return [one.code for one in error.diagnostics]
        except (TypeError, ValueError) as error:
            return getattr(error, "__notes__", [])
    told = [one.message for one in caught if isinstance(one.message, tl.ContractWarning)]
    return [f"perhaps {one.code}" for warning in told for one in warning.diagnostics]


def fitted(y: Any) -> None:
    model = net()
    with STRATEGY.scope():
        model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(tf.data.Dataset.from_tensor_slices((PHOTOS, y)).batch(8), verbose=0)


def main() -> None:
    raise_faults()
    bits = {mode: trained(net(mode=mode), PHOTOS) for mode in ("strict", "lenient", "off")}
    bits["plain"] = trained(net(keras.layers, keras.Sequential), PHOTOS)
    found = {
        "bits": bits,
        "wrong shape": said(lambda: trained(net(), PHOTOS[:, :, :, 0])),
        "raw bytes": said(lambda: trained(net(), BYTES)),
        "raw bytes, lenient": said(lambda: trained(net(mode="lenient"), BYTES)),
        "raw bytes, off": said(lambda: trained(net(mode="off"), BYTES)),
        "bytes that the model scales": said(lambda: trained(scaling(), BYTES)),
        "fit, wrong targets": said(lambda: fitted(np.eye(10)[LABELS])),
        "fit": said(lambda: fitted(LABELS)),
    }
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
