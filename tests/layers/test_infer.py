"""What a contract infers is what Keras computes."""

from __future__ import annotations

import contextlib
import inspect
import itertools
import random

import keras
import pytest

from tests.keras_versions import TAKES_NO_PADDING, VERSION
from tests.layers.layer_table import ELSEWHERE, TABLE, WITHOUT_CONTRACT_OF_SHAPE, oriented
from typedlayers.catalogue import CONTRACTS
from typedlayers.contracts.contract import check, infer
from typedlayers.contracts.dtypes import Policy
from typedlayers.contracts.unify import Fault
from typedlayers.spec import Shape, Spec

AVAILABLE = [name for name, row in TABLE.items() if row.available]

DRAWS = 25
"""Random shapes for each layer with each of its arguments."""

MORE_THAN_KERAS = {"EinsumDense"}
"""``output_shape=(None, 5)``: Keras says None where the input's size is known."""


def ours(layer, shape: Shape, dtype: str = "float32"):
    """What the contract says of a call: the codes of the mismatches, or the shape that comes out."""
    resolved = CONTRACTS[type(layer).__name__].for_layer(layer, Policy())
    spec = Spec(dtype, shape)
    checked = check(resolved, {"inputs": spec})
    codes = [mismatch.fault if rule is None else rule.code for mismatch, rule in checked.mismatches]
    if codes and codes != ["TL213"]:  # a softmax of one is only warned of
        return codes
    out = infer(resolved, checked, spec)
    assert isinstance(out, Spec)
    return out.shape


def random_shape(row, layer, draw: random.Random) -> Shape:
    """A shape near the row's own: some spatial sizes small, some unknown."""
    sizes = list(row.shape)
    for axis in range(len(sizes)):
        if axis not in row.fixed and axis != len(sizes) - 1:
            sizes[axis] = draw.randint(1, 12)
        if draw.random() < 0.25:
            sizes[axis] = None
    return oriented(tuple(sizes), layer)


def test_no_layer_is_missing():
    assert set(TABLE) | WITHOUT_CONTRACT_OF_SHAPE | ELSEWHERE == set(CONTRACTS)


@pytest.mark.parametrize("name", AVAILABLE)
def test_infers_what_keras_computes(name):
    if name == "EinsumDense" and VERSION < (3, 12):
        pytest.skip("it says the shape that it was built for, whatever it is asked")
    row, draw = TABLE[name], random.Random(name)
    for arguments in row.arguments:
        layer = row.make(arguments)
        for shape in [oriented(row.shape, layer), *(random_shape(row, layer, draw) for _ in range(DRAWS))]:
            compare(name, layer, shape, arguments)


def compare(name, layer, shape, arguments):
    came, (theirs, refusal) = ours(layer, shape), keras_says(layer, shape)
    note = f"{name}({arguments}) on {shape}: ours {came}, Keras {theirs or refusal}"
    if isinstance(refusal, TypeError):
        assert None in shape, note  # DepthwiseConv multiplies an unknown number of channels
    elif refusal is not None:
        assert came == (["TL204"] if name == "Reshape" else ["TL205"]), note
    elif came == ["TL205"]:
        assert 0 in theirs, note
    else:
        assert isinstance(came, tuple), note
        assert len(came) == len(theirs), note
        assert all(same(name, *sizes) for sizes in zip(came, theirs, strict=True)), note


def same(name, mine, theirs) -> bool:
    if name in MORE_THAN_KERAS and theirs is None:
        return True
    return mine == theirs


def keras_says(layer, shape):
    try:
        return tuple(layer.compute_output_shape(shape)), None
    except (ValueError, TypeError) as error:
        return (), error


NO_SUCH_RANK = {
    **dict.fromkeys([("EinsumDense", 4), ("EinsumDense", 5), ("EinsumDense", 6)], "the equation names three axes"),
    ("UnitNormalization", 0): "Keras gives one axis more than came",
    ("AdaptiveMaxPooling2D", 3): "Keras pools one axis, and says that it pools two",
    ("AdaptiveAveragePooling2D", 3): "the same",
    ("AdaptiveMaxPooling3D", 3): "the same",
    ("AdaptiveAveragePooling3D", 3): "the same",
}
"""Numbers of axes that Keras takes, and should not."""

KERNEL_LIMIT = {("Softmax", 6)}
"""Numbers of axes that only TensorFlow's kernels lack."""


@pytest.mark.parametrize("name", AVAILABLE)
def test_takes_the_numbers_of_axes_that_keras_runs_on(name):
    for rank in range(7):
        layer = TABLE[name].first
        shape = (2, *[6] * rank)[:rank]
        mine, theirs = ours(layer, shape), shape_of_a_run(layer, shape)
        note = f"{name} on {rank} axes: ours {mine}, Keras {theirs}"
        if (name, rank) in NO_SUCH_RANK:
            assert mine == [Fault.RANK], note
        elif theirs is not None:
            assert isinstance(mine, tuple), note
            assert all(one in (None, two) for one, two in zip(mine, theirs, strict=True)), note
        else:
            assert isinstance(mine, list) or (name, rank) in KERNEL_LIMIT, note


def shape_of_a_run(layer, shape):
    """The shape that Keras really gives, None if it fails."""
    training = {"training": True} if "training" in inspect.signature(layer.call).parameters else {}
    with contextlib.suppress(Exception):
        return tuple(layer(keras.ops.ones(shape), **training).shape)
    return None


L = keras.layers
BY_SIZE = [
    # layer, shape, code
    (lambda: L.Conv2D(4, 6), (2, 5, 5, 3), "TL205"),
    (lambda: L.Conv2D(4, 3, dilation_rate=3), (2, 6, 7, 3), "TL205"),
    (lambda: L.DepthwiseConv2D(6), (2, 9, 5, 3), "TL205"),
    (lambda: L.SeparableConv1D(4, 6), (2, 5, 3), "TL205"),
    (lambda: L.MaxPooling2D(6), (2, 5, 7, 1), "TL205"),
    (lambda: L.Cropping1D(2), (2, 4, 3), "TL205"),
    (lambda: L.Cropping2D(((1, 1), (2, 3))), (2, 4, 5, 3), "TL205"),
    (lambda: L.Cropping3D(1), (2, 4, 2, 4, 3), "TL205"),
    (lambda: L.Reshape((3, 5)), (2, 4, 4), "TL204"),
    (lambda: L.Reshape((-1, 5)), (2, 4, 4), "TL204"),
    (lambda: L.Conv2D(4, 2, groups=2), (2, 5, 5, 3), "TL208"),
    (lambda: L.Conv2D(4, 2, groups=2, data_format="channels_first"), (2, 3, 6, 6), "TL208"),
    (lambda: L.GroupNormalization(2), (2, 4, 5), "TL208"),
    (lambda: L.GroupNormalization(), (2, 4, 16), "TL208"),
    (lambda: L.Normalization(mean=[1.0, 2.0], variance=[1.0, 1.0]), (2, 4, 5), "TL208"),
    (lambda: L.EinsumDense("abc,cd->abd", (7, 5)), (2, 4, 6), Fault.SIZE),
]
"""Refused for a size, by Keras too: when the layer is built, called or run."""

RUNS_EMPTY = [make for make, _, _ in BY_SIZE[2:4] if VERSION < (3, 12)]
"""Depthwise convolutions that are wider than their input: an older Keras gives no elements."""

BY_RANK = [
    (lambda: L.GroupNormalization(2, axis=3), (2, 4, 6), "TL208"),
    (lambda: L.BatchNormalization(axis=3), (2, 4, 5), "TL208"),
    (lambda: L.LayerNormalization(axis=[1, -4]), (2, 4, 5), "TL208"),
    (lambda: L.UnitNormalization(axis=(1, 3)), (2, 4, 5), "TL208"),
    (lambda: L.Softmax(axis=3), (2, 4, 5), "TL208"),
    (lambda: L.PReLU(shared_axes=[3]), (2, 4, 5), "TL208"),
    (lambda: L.Normalization(axis=3), (2, 4, 5), "TL208"),
]
"""Refused for the number of axes, by Keras too."""


@pytest.mark.parametrize(("make", "shape", "code"), [*BY_SIZE, *BY_RANK])
def test_refuses_what_keras_refuses(make, shape, code):
    assert ours(make(), shape) == [code]
    if make in RUNS_EMPTY:
        return
    with pytest.raises(Exception):  # noqa: B017, PT011 - Keras and TensorFlow raise whatever they like here
        make()(keras.ops.ones(shape))


@pytest.mark.parametrize(("make", "shape", "code"), BY_SIZE)
def test_an_unknown_size_refuses_nothing(make, shape, code):
    assert isinstance(ours(make(), (None,) * len(shape)), tuple), code


@pytest.mark.skipif(not TAKES_NO_PADDING, reason="the installed Keras lacks output_padding=0")
def test_an_empty_result_of_a_transposed_convolution_is_refused():
    """Keras runs it and gives no elements."""
    layer = L.Conv1DTranspose(4, 2, strides=2, padding="same", output_padding=0)
    assert ours(layer, (2, 1, 3)) == ["TL205"]
    assert tuple(layer.compute_output_shape((2, 1, 3))) == (2, 0, 4)


@pytest.mark.parametrize("name", AVAILABLE)
def test_an_unknown_rank_is_taken(name):
    layer = TABLE[name].first
    resolved = CONTRACTS[name].for_layer(layer, Policy())
    assert not check(resolved, {"inputs": Spec("float32", None)}).mismatches


@pytest.mark.parametrize("name", AVAILABLE)
def test_every_single_axis_may_be_unknown(name):
    row = TABLE[name]
    for arguments, axis in itertools.product(row.arguments[:3], range(len(row.shape))):
        layer = row.make(arguments)
        shape = oriented(tuple(None if i == axis else size for i, size in enumerate(row.shape)), layer)
        assert isinstance(ours(layer, shape), tuple), (name, arguments, shape)
