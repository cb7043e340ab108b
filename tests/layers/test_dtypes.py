"""What a contract says of dtypes is what a layer does when it runs."""

from __future__ import annotations

import contextlib
import inspect
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.layers.layer_table import ELSEWHERE, TABLE, WITHOUT_CONTRACT_OF_SHAPE, oriented
from typedlayers.bridge import devices
from typedlayers.catalogue import CONTRACTS
from typedlayers.catalogue.core import ACTIVATIONS
from typedlayers.contracts.contract import check, infer
from typedlayers.contracts.dtypes import Integers, Policy
from typedlayers.spec import Spec

AVAILABLE = [name for name, row in TABLE.items() if row.available]

EIGHT_BITS_FAIL = {"ActivityRegularization"}
"""Layers that take integers of 32 and 64 bits, and fail on those of 8."""

NO_KERNEL = {
    (f"{kind}Pooling3D", compute)
    for kind in ("Max", "Average", "AdaptiveMax", "AdaptiveAverage")
    for compute in ("float16", "float64")
}
"""Policies for which TensorFlow has no kernel on a CPU."""


def run(layer, x, *, training: bool = True) -> Any:
    """What the layer gives while training, None if it fails."""
    options = {"training": training} if "training" in inspect.signature(layer.call).parameters else {}
    with contextlib.suppress(Exception):
        return layer(x, **options)
    return None


def bytes_for(row, layer, dtype: str) -> Any:
    """Whole numbers up to 200, in the shape that the row's layers take."""
    shape = oriented(row.shape, layer)
    return tf.cast(np.random.default_rng(0).integers(0, 200, shape), dtype)


def resolved_for(name, layer, dtype: str = "float32"):
    return CONTRACTS[name].for_layer(layer, Policy(dtype, dtype))


def seen(layer, x) -> Integers:
    """What a layer really does with integers: told by its result, beside that of the same numbers as floats."""
    came = run(layer, x)
    if came is None:
        return Integers.FAILS
    floats = run(layer, tf.cast(x, "float32"), training=False)
    integers = run(layer, x, training=False)
    if np.abs(np.asarray(integers, "float32") - np.asarray(floats)).max() > 0.6:
        return Integers.TRUNCATES
    return Integers.KEPT if came.dtype == x.dtype else Integers.CONVERTED


ROWS = [
    pytest.param(name, arguments, id=f"{name}-{index}")
    for name in AVAILABLE
    for index, arguments in enumerate(TABLE[name].arguments)
    if index < 2 or name in ("Activation", "ReLU")
]


@pytest.mark.parametrize("dtype", ["uint8", "int32"])
@pytest.mark.parametrize(("name", "arguments"), ROWS)
def test_integers(name, arguments, dtype):
    layer = TABLE[name].make(arguments)
    stated = resolved_for(name, layer).policy.integers
    found = seen(layer, bytes_for(TABLE[name], layer, dtype))
    if dtype == "uint8" and name in EIGHT_BITS_FAIL:
        assert found is Integers.FAILS
    else:
        on_gpu = Integers.FAILS if devices.sees_gpu() else Integers.CONVERTED
        assert found is {Integers.LOOKED_UP: Integers.CONVERTED, Integers.FAILS_ON_GPU: on_gpu}.get(stated, stated)


FUNCTIONS = sorted({"deserialize", "get", "serialize"} ^ {n for n in dir(keras.activations) if not n.startswith("_")})


@pytest.mark.parametrize("name", FUNCTIONS)
def test_integers_in_activations(name):
    layer = keras.layers.Activation(name)
    stated = resolved_for("Activation", layer).policy.integers
    assert seen(layer, tf.constant([[0, 3, 5, 7]], "int32")) is stated
    assert stated is ACTIVATIONS.get(layer.activation.__name__, Integers.FAILS)


def test_an_activation_of_the_users_own_gives_a_dtype_that_nobody_knows():
    layer = keras.layers.Activation(lambda x: keras.ops.cast(x, "int32"))
    resolved, spec = resolved_for("Activation", layer), Spec("int32", (2, 3))
    checked = check(resolved, {"inputs": spec})
    assert not checked.mismatches
    assert infer(resolved, checked, spec) == Spec(None, (2, 3))


STRINGS = ["Flatten", "Reshape", "Permute", "RepeatVector"]


@pytest.mark.parametrize("name", STRINGS)
def test_strings_may_be_moved(name):
    layer = TABLE[name].first
    x = tf.fill(TABLE[name].shape, "a")
    assert layer(x).dtype == tf.string
    assert not check(resolved_for(name, layer), {"inputs": Spec("string", tuple(x.shape))}).mismatches


POLICIES = ["float32", "float64", "mixed_float16", "mixed_bfloat16"]
DTYPES = ["float16", "bfloat16", "float32", "float64"]


@pytest.mark.parametrize("name", AVAILABLE)
@pytest.mark.parametrize("policy", POLICIES)
def test_floats(name, policy):
    row = TABLE[name]
    layer = row.make({**row.arguments[0], "dtype": policy})
    compute = layer.compute_dtype
    resolved = resolved_for(name, layer, compute)
    for dtype in DTYPES:
        x = tf.cast(np.random.default_rng(0).uniform(0, 1, oriented(row.shape, layer)), dtype)
        came = run(layer, x)
        spec = Spec(dtype, tuple(x.shape))
        out = infer(resolved, check(resolved, {"inputs": spec}), spec)
        assert isinstance(out, Spec)
        if (name, compute) in NO_KERNEL:
            assert came is None
        else:
            assert came is not None, f"{name} under {policy} fails on {dtype}"
            assert out.dtype == came.dtype.name, f"{name} under {policy} on {dtype}"


def test_no_layer_is_missing():
    assert set(TABLE) | WITHOUT_CONTRACT_OF_SHAPE | ELSEWHERE == set(CONTRACTS)
