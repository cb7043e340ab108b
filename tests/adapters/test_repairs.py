"""Each repair, wherever it may run: eagerly, traced, compiled by XLA, on a Keras tensor, of known and unknown sizes."""

from __future__ import annotations

import re
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from typedlayers.adapters.eager import repaired
from typedlayers.adapters.nodes import layer_for
from typedlayers.adapters.ops import apply
from typedlayers.bridge.tensors import spec_of
from typedlayers.diagnostics.model import Repair
from typedlayers.diagnostics.repair_kinds import after

BYTES = np.arange(256, dtype="uint8")
FACTOR = np.float32(1 / 255)
FLOATS = ("float32", "float16", "bfloat16")


def numbers(*shape: int, dtype: str = "float32") -> np.ndarray:
    """Whole numbers from 0, so that every dtype here holds them."""
    return (np.arange(np.prod(shape)) % 200).reshape(shape).astype(dtype)


UNIT = Repair("rescale", dtype="float32", scale=1 / 255)
SIGNED = Repair("rescale", dtype="float32", scale=1 / 127.5, offset=-1.0)
IMAGES = numbers(2, 4, 5, 3, dtype="uint8")
CASES = [
    # repair, what comes, what it must give
    (Repair("cast", dtype="float32"), numbers(2, 3, dtype="float64"), numbers(2, 3)),
    (Repair("cast", dtype="float32"), numbers(2, 3, dtype="uint8"), numbers(2, 3)),
    (Repair("cast", dtype="float16"), numbers(2, 3), numbers(2, 3, dtype="float16")),
    (Repair("cast", dtype="int32"), numbers(2, 3, dtype="uint8"), numbers(2, 3, dtype="int32")),
    (UNIT, IMAGES, IMAGES.astype("float32") * FACTOR),
    (SIGNED, IMAGES, IMAGES.astype("float32") * np.float32(1 / 127.5) + np.float32(-1)),  # XLA: see below
    (Repair("flatten"), numbers(2, 4, 5, 3), numbers(2, 60)),
    (Repair("flatten"), numbers(0, 4, 5), numbers(0, 20)),
    (Repair("expand_dims", axis=-1), numbers(2, 4, 5), numbers(2, 4, 5, 1)),
    (Repair("squeeze", axis=-1), numbers(2, 4, 5, 1), numbers(2, 4, 5)),
]


def table(*without: str) -> pytest.MarkDecorator:
    """The cases, without repairs of some kinds."""
    rows = [row for row in CASES if row[0].kind not in without]
    ids = [f"{repair} of {x.dtype}{list(x.shape)}" for repair, x, _ in rows]
    return pytest.mark.parametrize(("repair", "x", "wanted"), rows, ids=ids)


def assert_bits(got: Any, wanted: np.ndarray) -> None:
    found = keras.ops.convert_to_numpy(got)
    assert (found.dtype, found.shape) == (wanted.dtype, wanted.shape)
    assert found.tobytes() == wanted.tobytes()


@table()
def test_eagerly(repair: Repair, x: np.ndarray, wanted: np.ndarray) -> None:
    for given in (x, tf.constant(x)):
        assert_bits(apply(repair, given), wanted)
        assert_bits(repaired(repair, given), wanted)


@table()
@pytest.mark.parametrize("jit", [False, True], ids=["graph", "xla"])
@pytest.mark.parametrize("known", ["all sizes", "all but the batch", "none"])
def test_traced(repair: Repair, x: np.ndarray, wanted: np.ndarray, jit: bool, known: str) -> None:
    shape = {"all sizes": x.shape, "all but the batch": (None, *x.shape[1:]), "none": (None,) * x.ndim}[known]
    if repair.kind == "squeeze" and known == "none":
        shape = (*shape[:-1], 1)  # an axis is taken away only where it is known to be 1
    function = tf.function(
        lambda given: repaired(repair, given),
        jit_compile=jit,
        autograph=False,
        input_signature=[tf.TensorSpec(shape, x.dtype)],  # pyright: ignore
    )
    if jit and repair == SIGNED:  # XLA joins multiplication and addition, and rounds once
        wanted = tf.function(keras.layers.Rescaling(1 / 127.5, -1), jit_compile=True)(tf.constant(x)).numpy()
    assert_bits(function(tf.constant(x)), wanted)


@table()
def test_on_a_keras_tensor_it_is_a_node_of_the_model(repair: Repair, x: np.ndarray, wanted: np.ndarray) -> None:
    inputs = keras.Input(x.shape[1:], dtype=str(x.dtype))
    outputs = repaired(repair, inputs)
    assert isinstance(outputs, keras.KerasTensor)
    assert (outputs.dtype, outputs.shape) == (str(wanted.dtype), (None, *wanted.shape[1:]))
    model = keras.Model(inputs, outputs)
    assert len(model.operations) > 1
    assert_bits(model(x), wanted)


@table("rescale")  # a factor is never a node of the model (DESIGN 11)
@pytest.mark.parametrize("known", ["all but the batch", "none"])
def test_as_a_layer(repair: Repair, x: np.ndarray, wanted: np.ndarray, known: str) -> None:
    sizes = x.shape[1:] if known == "all but the batch" else (None,) * (x.ndim - 1)
    if repair.kind == "squeeze":
        sizes = (*sizes[:-1], 1)
    given = keras.KerasTensor((None, *sizes), str(x.dtype))
    layer = layer_for(repair, spec_of(given), "mended")
    gives = layer(given)
    assert (layer.name, layer.weights) == ("mended", [])
    assert_bits(layer(tf.constant(x)), wanted)
    assert gives.dtype == str(wanted.dtype)
    assert len(gives.shape) == wanted.ndim


@table()
def test_the_plan_says_what_the_repair_gives(repair: Repair, x: np.ndarray, wanted: np.ndarray) -> None:
    planned = after(repair, spec_of(x))
    assert (planned.dtype, planned.shape) == (str(wanted.dtype), wanted.shape)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no repair 'transpose'"):
        apply(Repair("transpose"), IMAGES)


# ---------------------------------------------------------------------------------------- the same bits
@pytest.mark.parametrize("dtype", FLOATS)
def test_rescale_gives_the_bits_of_the_rescaling_layer(dtype: str) -> None:
    repair = Repair("rescale", dtype=dtype, scale=1 / 255)
    wanted = keras.layers.Rescaling(1 / 255, dtype=dtype)(BYTES)
    compiled = tf.function(lambda x: apply(repair, x), jit_compile=True, autograph=False)
    for got in (apply(repair, BYTES), tf.function(lambda x: apply(repair, x))(tf.constant(BYTES))):
        assert got.dtype == wanted.dtype == dtype
        assert got.numpy().tobytes() == wanted.numpy().tobytes()
    if dtype == "float32":
        assert compiled(tf.constant(BYTES)).numpy().tobytes() == wanted.numpy().tobytes()


@pytest.mark.parametrize("jit", [False, True], ids=["graph", "xla"])
def test_rescale_gives_the_bits_of_the_host(jit: bool) -> None:
    compiled = tf.function(lambda x: apply(UNIT, x), jit_compile=jit, autograph=False)
    assert_bits(compiled(tf.constant(BYTES)), BYTES.astype("float32") * FACTOR)


@pytest.mark.parametrize("dtype", FLOATS)
def test_a_cast_between_floats_keeps_what_a_factor_would_lose(dtype: str) -> None:
    """Negative zero and the smallest numbers: `Rescaling(1.0)` would lose them (XLA flushes denormals)."""
    delicate = np.array([-0.0, 1e-40, -1e-40, np.inf], "float32")
    got = apply(Repair("cast", dtype=dtype), delicate).numpy()
    assert np.signbit(got[0])
    if dtype == "float32":
        assert got.tobytes() == delicate.tobytes()


# ----------------------------------------------------------------------------------------------- fusion
def test_xla_makes_one_loop_of_cast_scale_and_flatten() -> None:
    def mended(x: Any) -> Any:
        return apply(Repair("flatten"), apply(UNIT, x))

    text = hlo(mended, tf.zeros((8, 16, 16, 3), tf.uint8))
    entry = text[text.index("\nENTRY") :]
    assert len(re.findall(r" fusion\(", entry)) == 1
    assert not re.findall(r" (?:copy|convert|multiply|reshape|transpose)\(", entry)


def test_control_two_loops_are_seen() -> None:
    def sorted_between(x: Any) -> Any:
        return tf.sort(apply(UNIT, x)) * 2.0

    entry = hlo(sorted_between, tf.zeros((8, 16, 16, 3), tf.uint8)).partition("\nENTRY")[2]
    assert len(re.findall(r" (?:fusion|sort|call)\(", entry)) > 1


def hlo(function: Any, x: Any) -> str:
    compiled = tf.function(function, jit_compile=True, autograph=False)
    return compiled.experimental_get_compiler_ir(x)(stage="optimized_hlo")
