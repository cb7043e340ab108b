"""Keras on JAX over four devices of the host: DataParallel and ModelParallel; prints what is said as JSON."""

from __future__ import annotations

import json
from typing import Any

import jax
import keras
import numpy as np

import typedlayers as tl
from tests.backends.program import BYTES, LABELS, PHOTOS, Batches, codes, fitted, net, trained
from typedlayers.errors import raise_faults

DEVICES = keras.distribution.list_devices()


def data_parallel() -> Any:
    return keras.distribution.DataParallel(devices=DEVICES)


def model_parallel() -> Any:
    mesh = keras.distribution.DeviceMesh((2, 2), ["batch", "model"], DEVICES)
    layout = keras.distribution.LayoutMap(mesh)
    layout["dense.*/kernel"] = (None, "model")
    return keras.distribution.ModelParallel(layout_map=layout, batch_dim_name="batch")


def repaired(*given: Any) -> list[str]:
    model = fitted(net(mode="lenient"), *given)
    return [str(entry.repair) for entry in tl.repairs(model)]


def is_close(one: Any, other: Any) -> bool:
    return bool(np.allclose(one, other, atol=1e-5))


def found() -> dict[str, Any]:
    plain = trained(PHOTOS, LABELS, home=keras.layers, make=keras.Sequential)
    modes = {mode: bool((trained(PHOTOS, LABELS, mode=mode) == plain).all()) for mode in ("strict", "lenient", "off")}
    return {
        "bits": modes,
        "wrong": {
            "TL602": codes(lambda: fitted(net(loss="categorical_crossentropy"), PHOTOS, LABELS)),
            "TL606": codes(lambda: fitted(net(), PHOTOS, LABELS + 1)),
            "TL401": codes(lambda: fitted(net(), BYTES, LABELS)),
        },
        "batches": codes(lambda: fitted(net(), Batches(BYTES, LABELS))),
        "scaled": is_close(trained(BYTES, LABELS, mode="lenient"), trained(BYTES * np.float32(1 / 255), LABELS)),
        "lenient": repaired(BYTES, LABELS),
        "lenient, batches": repaired(Batches(BYTES, LABELS)),
    }


if __name__ == "__main__":
    raise_faults()
    assert len(jax.devices()) == 4
    results = {"backend": "jax"}
    for make in (data_parallel, model_parallel):
        keras.distribution.set_distribution(make())
        results[make.__name__] = found()
    print(json.dumps(results), flush=True)
