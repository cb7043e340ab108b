"""Wrappers: the contract of each is that of the layer inside, and Keras's own pitfalls are said."""

from __future__ import annotations

import contextlib
import copy
import itertools
import random
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from jaxtyping import Float

import typedlayers as tl
from tests.layers.layer_table import TABLE, oriented
from tests.layers.rows import Case, L, Maker, case, dtypes, eager, parse, symbolic, text_of, with_values
from tests.layers.test_recurrent import flat, fresh, listed, ours
from typedlayers import layers
from typedlayers.bridge.contracts import resolve_catalogue
from typedlayers.catalogue import CONTRACTS
from typedlayers.catalogue.wrappers import CONTRACTS as WRAPPERS
from typedlayers.contracts.contract import check, infer
from typedlayers.spec import Spec

K = keras.layers


def steps(inner: Any) -> Maker:
    return L.TimeDistributed(inner)


def both(inner: Any, **options: Any) -> Maker:
    return L.Bidirectional(inner, **options)


def pair(forward: int, backward: int, mode: str | None) -> Maker:
    back = K.LSTM(backward, go_backwards=True, return_sequences=True)
    return both(K.LSTM(forward, return_sequences=True), backward_layer=back, merge_mode=mode)


ROWS = [
    # layer, what it is given, verdict
    case(steps(K.Dense(5)), "f32[?,6,3]", gives="f32[?,6,5]"),
    case(steps(K.Dense(5)), "i32[?,?,4,3]", gives="f32[?,?,4,5]"),
    case(steps(K.Conv2D(4, 3)), "f32[?,5,8,7,3]", gives="f32[?,5,6,5,4]"),
    case(steps(K.Conv2D(4, 3, data_format="channels_first")), "f32[?,5,3,8,7]", gives="f32[?,5,4,6,5]"),
    case(steps(K.Conv1D(4, 3)), "f32[?,5,8,3]", gives="f32[?,5,6,4]"),
    case(steps(K.Flatten()), "u8[?,5,8,7,3]", gives="u8[?,5,168]"),
    case(steps(K.Embedding(300, 3)), "i32[?,5,4]", gives="f32[?,5,4,3]"),
    case(steps(K.Activation("relu")), "f32[?,5,4]", gives="f32[?,5,4]"),
    case(steps(K.LSTM(4)), "f32[?,5,6,3]", gives="f32[?,5,4]"),
    case(steps(K.Lambda(lambda x: 2 * x)), "f32[?,5,3]", gives="f32[?,5,3]"),
    case(steps(K.TimeDistributed(K.Dense(2))), "f32[?,5,4,3]", gives="f32[?,5,4,2]"),
    case(steps(K.Dense(5)), "f32[?,6]", code="TL201", lenient="refuse"),
    case(steps(K.Embedding(9, 3)), "i32[?,6]", code="TL201", lenient="refuse"),
    case(steps(K.Lambda(lambda x: 2 * x)), "f32[?,5]", code="TL201", lenient="refuse"),
    case(steps(K.Conv2D(4, 3)), "f32[?,8,7,3]", code="TL201", lenient="refuse"),
    case(steps(K.LSTM(4)), "f32[?,5,3]", code="TL201", lenient="refuse"),
    case(steps(K.TimeDistributed(K.Dense(2))), "f32[?,5,3]", code="TL201", lenient="refuse"),
    case(steps(K.Conv2D(4, 9)), "f32[?,5,8,7,3]", code="TL205", lenient="refuse"),
    case(steps(K.Conv2D(4, 3, groups=2)), "f32[?,5,8,7,3]", code="TL208", lenient="refuse"),
    case(steps(K.Reshape((4, 4))), "f32[?,5,15]", code="TL204", lenient="refuse"),
    case(steps(K.Dense(5)), "f32[?,6,4]", after="f32[?,6,3]", code="TL203", lenient="refuse"),
    case(steps(K.LSTM(4, return_state=True)), "f32[?,5,6,3]", code="TL705", lenient="refuse"),
    *dtypes(steps(K.Dense(5)), "2,6,3"),
    *dtypes(steps(K.Conv1D(4, 3)), "2,5,8,3", integers="TL304"),
    # Bidirectional
    case(both(K.LSTM(5)), "f32[?,6,3]", gives="f32[?,10]"),
    case(both(K.GRU(5, return_sequences=True)), "f32[?,?,3]", gives="f32[?,?,10]"),
    *(case(both(K.GRU(5), merge_mode=mode), "f32[?,6,3]", gives="f32[?,5]") for mode in ("sum", "mul", "ave")),
    case(both(K.RNN(K.LSTMCell(5))), "i32[?,6,3]", gives="f32[?,10]"),
    case(both(K.ConvLSTM2D(4, 3)), "f32[?,5,8,7,3]", gives="f32[?,6,5,8]"),
    case(both(K.LSTM(5), backward_layer=K.GRU(5, go_backwards=True)), "f32[?,6,3]", gives="f32[?,10]"),
    case(both(K.GRU(5)), "f32[?,6]", code="TL201", lenient="refuse"),
    case(both(K.ConvLSTM2D(4, 9)), "f32[?,5,8,7,3]", code="TL205", lenient="refuse"),
    case(both(K.GRU(5)), "f32[?,6,4]", after="f32[?,6,3]", code="TL203", lenient="refuse"),
    *dtypes(both(K.GRU(5)), "2,6,3"),
    # SpectralNormalization
    case(L.SpectralNormalization(K.Dense(5)), "f32[?,3]", gives="f32[?,5]"),
    case(L.SpectralNormalization(K.Conv2D(4, 3)), "f32[?,8,7,3]", gives="f32[?,6,5,4]"),
    case(L.SpectralNormalization(K.Embedding(300, 3)), "f32[?,6]", gives="f32[?,6,3]"),
    case(L.SpectralNormalization(K.Conv2D(4, 3)), "f32[?,8,7]", code="TL201", lenient="expand_dims"),
    case(L.SpectralNormalization(K.Conv2D(4, 9)), "f32[?,8,7,3]", code="TL205", lenient="refuse"),
    case(L.SpectralNormalization(K.Embedding(300, 3)), "i32[?,6]", code="TL306", lenient="cast"),
    case(L.SpectralNormalization(K.Dense(5)), "u8[?,6]", code="TL306", lenient="cast"),
    *dtypes(L.SpectralNormalization(K.Conv2D(4, 3)), "2,8,7,3", integers="TL304"),
]
ACCEPTED = [row for row in ROWS if row.gives is not None]
REFUSED = [row for row in ROWS if row.code is not None]


@pytest.mark.parametrize("row", ACCEPTED, ids=str)
def test_accepted(row: Case) -> None:
    assert row.gives is not None
    assert text_of(fresh(row.make)(eager(row.given))) == with_values(row.gives)
    assert fresh(row.make)(symbolic(row.given)).shape == parse(row.gives)[1]


@pytest.mark.parametrize("row", ACCEPTED, ids=str)
def test_every_single_axis_may_be_unknown(row: Case) -> None:
    layer, (dtype, shape) = fresh(row.make), parse(row.given)
    resolved = resolve_catalogue(layer, CONTRACTS[type(layer).__name__])
    for axis in range(len(shape)):
        spec = Spec(dtype, tuple(None if at == axis else size for at, size in enumerate(shape)))
        assert not check(resolved, {"inputs": spec}).mismatches
    assert not check(resolved, {"inputs": Spec(dtype, None)}).mismatches


@pytest.mark.parametrize("row", REFUSED, ids=str)
def test_refused(row: Case) -> None:
    for tensor in (eager,) if row.eager else (eager, symbolic):
        layer = fresh(row.make)
        if row.after is not None:
            layer(eager(row.after))
        with pytest.raises(tl.ContractError) as caught:
            layer(tensor(row.given))
        (diagnostic,) = caught.value.diagnostics
        assert diagnostic.code == row.code
        assert layer.name in diagnostic.headline


@pytest.mark.parametrize("row", [row for row in REFUSED if row.lenient == "refuse"], ids=str)
def test_lenient_mode_raises_what_it_cannot_repair(row: Case) -> None:
    layer = fresh(row.make)
    if row.after is not None:
        layer(eager(row.after))
    with tl.mode("lenient"), pytest.raises(tl.ContractError):
        layer(eager(row.given))


@pytest.mark.parametrize("inner", [K.Dense(5), K.Conv1D(4, 3)], ids=str)
def test_lenient_mode_casts_under_xla(inner: Any) -> None:
    layer, came = layers.TimeDistributed(copy.deepcopy(inner)), eager("u8[2,5,8,3]")
    with tl.mode("lenient"):
        given = tf.function(layer, jit_compile=True)(came)
    np.testing.assert_allclose(given, layer(tf.cast(came, "float32")), atol=1e-5)


def test_every_wrapper_has_rows() -> None:
    assert {row.make.name for row in ACCEPTED} == {row.make.name for row in REFUSED} == set(WRAPPERS) - {"Wrapper"}


# ------------------------------------------------------------------------------------- TimeDistributed
INSIDE = sorted(set(TABLE) & set(CONTRACTS) - {"EinsumDense"})


@pytest.mark.parametrize("name", [name for name in INSIDE if TABLE[name].available])
def test_over_time_is_what_keras_computes_of_each_step(name: str) -> None:
    row, draw = TABLE[name], random.Random(name)
    for arguments in (row.arguments[0], row.arguments[-1]):
        inner = row.make(arguments)
        shape = oriented(row.shape, inner)
        if len(shape) < 2:
            continue
        time = draw.choice([None, 4])
        layer = K.TimeDistributed(inner)
        assert ours(layer, (shape[0], time, *shape[1:])) == layer.compute_output_shape((shape[0], time, *shape[1:]))


def test_several_tensors_of_a_step_are_stacked_by_keras() -> None:
    layer, x = K.TimeDistributed(K.LSTM(4, return_state=True)), eager("f32[2,5,6,3]")
    assert layer(x).shape == (3, 5, 2, 4), "three results are taken for the batch"


def test_masks_of_each_step() -> None:
    x = eager("f32[4,6,3]")
    layer = layers.TimeDistributed(layers.Dense(5), name="each")
    assert layer(x, mask=tf.ones((4, 6), "bool")).shape == (4, 6, 5)
    inner = layers.TimeDistributed(layers.LSTM(5))
    assert inner(eager("f32[2,4,5,3]"), mask=tf.ones((2, 4, 5), "bool")).shape == (2, 4, 5)
    for shape, why in (
        ((4, 5), "the mask has 5 time steps"),
        ((1, 6), "the mask has 1 rows"),
        ((6,), "the mask has 1 axis"),
    ):
        with pytest.raises(tl.ContractError, match=why) as caught:
            layer(x, mask=tf.ones(shape, "bool"))
        assert [d.code for d in caught.value.diagnostics] == ["TL702"]
        with pytest.raises(ValueError, match="mask"):
            K.TimeDistributed(K.Dense(5))(x, mask=tf.ones(shape, "bool"))


class Annotated(tl.Layer):
    """A layer of the user's own, whose call Keras runs without the layer's own check."""

    def call(self, x: Float[tl.Tensor, "batch 3"]) -> Any:
        return 2 * x


def test_annotations_of_the_layer_inside_hold_for_each_step() -> None:
    assert layers.TimeDistributed(Annotated())(eager("f32[2,5,3]")).shape == (2, 5, 3)
    with pytest.raises(tl.ContractError, match='TimeDistributed "each" needs 3 along axis 2 but gets 4'):
        layers.TimeDistributed(Annotated(), name="each")(eager("f32[2,5,4]"))
    with pytest.raises(tl.ContractError, match='TimeDistributed "each" needs 3 dimensions but gets 4'):
        layers.TimeDistributed(Annotated(), name="each")(eager("f32[2,5,4,3]"))


def test_models_and_nests_inside_are_left_alone() -> None:
    inner = keras.Sequential([keras.Input((3,)), K.Dense(5)])
    assert layers.TimeDistributed(inner)(eager("f32[2,4,3]")).shape == (2, 4, 5)
    typed = tl.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(4, 3), layers.GlobalAveragePooling2D()])
    assert layers.TimeDistributed(typed)(symbolic("f32[?,5,8,8,3]")).shape == (None, 5, 4)


# --------------------------------------------------------------------------------------- Bidirectional
def announced(make: Maker) -> Any:
    return flat(listed(keras.tree.map_structure(lambda t: tuple(t.shape), fresh(make, K)(symbolic("f32[2,6,3]")))))


def real(make: Maker) -> Any:
    with contextlib.suppress(Exception):  # Keras and TensorFlow raise whatever they like here
        return [tuple(t.shape) for t in keras.tree.flatten(fresh(make, K)(eager("f32[2,6,3]")))]
    return None


@pytest.mark.parametrize("units", list(itertools.product((1, 5, 7), repeat=2)), ids=str)
@pytest.mark.parametrize("mode", ["concat", "sum", "mul", "ave", None])
def test_directions_are_refused_where_keras_announces_what_does_not_come(units: tuple[int, int], mode: Any) -> None:
    make = pair(*units, mode)
    for tensor, wrong in ((symbolic, announced(make) != real(make)), (eager, real(make) is None)):
        if not wrong:
            fresh(make)(tensor("f32[2,6,3]"))
            continue
        with pytest.raises(tl.ContractError) as caught:
            fresh(make)(tensor("f32[2,6,3]"))
        assert [d.code for d in caught.value.diagnostics] == ["TL705"]


BOTH = [
    both(K.LSTM(5, return_sequences=s, return_state=r), merge_mode=mode)
    for s, r in itertools.product((False, True), repeat=2)
    for mode in ("concat", "sum", None)
]


@pytest.mark.parametrize("make", BOTH, ids=str)
def test_infers_what_keras_computes(make: Maker) -> None:
    layer = fresh(make, K)
    for shape in ((4, 6, 3), (None, None, 3)):
        assert flat(ours(layer, shape)) == flat(listed(layer.compute_output_shape(shape)))
    assert flat(ours(layer, (4, 6, 3))) == [tuple(t.shape) for t in keras.tree.flatten(layer(eager("f32[4,6,3]")))]


STATES = [
    # layer, number of states, why they are refused
    (both(K.LSTM(5)), 4, None),
    (both(K.GRU(5)), 2, None),
    (both(K.LSTM(5)), 2, "4 states are needed, got 2"),
    (both(K.LSTM(5)), 5, "4 states are needed, got 5"),
    (both(K.GRU(5)), 4, "2 states are needed, got 4"),
]


@pytest.mark.parametrize(("make", "number", "why"), STATES, ids=str)
def test_states_of_both_directions(make: Maker, number: int, why: str | None) -> None:
    x, states = eager("f32[4,6,3]"), [tf.ones((4, 5))] * number
    if why is None:
        assert fresh(make)(x, initial_state=states).shape == (4, 10)
        return
    with pytest.raises(tl.ContractError, match=why) as caught:
        fresh(make)(x, initial_state=states)
    assert [d.code for d in caught.value.diagnostics] == ["TL703"]


def test_a_stateful_pair_keeps_its_batch() -> None:
    with pytest.raises(tl.ContractError, match="the size of the batch is not fixed"):
        layers.Bidirectional(layers.LSTM(5, stateful=True))(symbolic("f32[?,6,3]"))
    layer = layers.Bidirectional(layers.LSTM(5, stateful=True))
    layer(eager("f32[4,6,3]"))
    with pytest.raises(tl.ContractError, match="keeps the states of 4 samples, the batch size is 2"):
        layer(eager("f32[2,6,3]"))


class Own(K.LSTM):
    """An LSTM of the user's own, of which nothing is known."""

    def call(self, sequences: Any, **kwargs: Any) -> Any:
        return super().call(sequences, **kwargs)


def test_of_directions_of_the_users_own_nothing_is_known() -> None:
    with keras.saving.custom_object_scope({"Own": Own}):
        layer = layers.Bidirectional(Own(5))
    assert layer(eager("f32[4,6,3]")).shape == (4, 10)
    assert str(tl.contract_of(layer)) == "anything → anything"


# --------------------------------------------------------------------------------- SpectralNormalization
@pytest.mark.parametrize(("inner", "given"), [(K.Dense(5), "i32[2,3]"), (K.Embedding(9, 3), "i32[2,3]")], ids=str)
def test_keras_cuts_the_result_for_integers_to_integers(inner: Any, given: str) -> None:
    assert K.SpectralNormalization(copy.deepcopy(inner))(eager(given)).dtype == "int32"
    with pytest.raises(tl.ContractError, match="computes in the dtype it gets"):
        layers.SpectralNormalization(copy.deepcopy(inner))(eager(given))


def test_the_layer_inside_is_found_by_its_weights() -> None:
    layer = layers.SpectralNormalization(layers.Dense(5), name="normed")
    layer(eager("f32[2,3]"))
    with pytest.raises(tl.ContractError, match='"normed" needs 3 along axis 1'):
        layer(eager("f32[2,4]"))


# --------------------------------------------------------------------------------------------- Wrapper
class Doubling(layers.Wrapper):
    """A wrapper of the user's own."""

    def call(self, inputs: Any) -> Any:
        return 2 * self.layer(inputs)


class Vectors(layers.Wrapper):
    """A wrapper of the user's own that says what it takes."""

    def call(self, inputs: Float[tl.Tensor, "batch features"]) -> Any:
        return self.layer(inputs)


def test_wrappers_of_the_users_own() -> None:
    assert Doubling(layers.Dense(5))(eager("f32[2,4,3]")).shape == (2, 4, 5)
    assert Vectors(layers.Dense(5))(eager("f32[2,3]")).shape == (2, 5)
    with pytest.raises(tl.ContractError, match='Vectors "own" needs 2 dimensions but gets 3'):
        Vectors(layers.Dense(5), name="own")(eager("f32[2,4,3]"))


# --------------------------------------------------------------------------------------------- as before
@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "mixed_bfloat16", "float64"])
@pytest.mark.parametrize(
    "make",
    [
        lambda policy: layers.TimeDistributed(K.Dense(5, dtype=policy), dtype=policy),
        lambda policy: layers.Bidirectional(K.GRU(5, dtype=policy), dtype=policy),
        lambda policy: layers.SpectralNormalization(K.Dense(5, dtype=policy), dtype=policy),
    ],
)
def test_dtypes_follow_the_policy(make: Any, policy: str) -> None:
    for dtype in ("float16", "bfloat16", "float32"):
        layer = make(policy)
        spec = Spec(dtype, (2, 6, 3))
        resolved = resolve_catalogue(layer, CONTRACTS[type(layer).__name__])
        out = infer(resolved, check(resolved, {"inputs": spec}), spec)
        assert isinstance(out, Spec)
        assert out.dtype == layer(tf.cast(eager("f32[2,6,3]"), dtype)).dtype.name == layer.compute_dtype


PLAIN = [
    (steps(K.Dense(5)), "f32[2,6,3]"),
    (both(K.LSTM(5, return_sequences=True)), "f32[2,6,3]"),
    (L.SpectralNormalization(K.Conv1D(5, 2)), "f32[2,6,3]"),
]


@pytest.mark.parametrize(("make", "given"), PLAIN, ids=str)
def test_it_is_the_keras_layer_in_all_else(make: Maker, given: str, tmp_path: Path) -> None:
    x = eager(given)
    model = keras.Sequential([keras.Input(x.shape[1:]), fresh(make)])
    wanted = model(x)
    for other in (copy.deepcopy(model), keras.Sequential.from_config(model.get_config())):
        other.set_weights(model.get_weights())
        np.testing.assert_array_equal(other(x), wanted)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert type(loaded.layers[0]).__module__.startswith("keras.src.")
    np.testing.assert_array_equal(loaded(x), wanted)
