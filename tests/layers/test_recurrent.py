"""Recurrent layers and their cells: sequences, masks, states, and that everything else is as in plain Keras."""

from __future__ import annotations

import copy
import functools
import itertools
import warnings
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from jaxtyping import Float

import typedlayers as tl
from tests.layers.rows import Case, L, Maker, case, dtypes, eager, parse, symbolic, text_of, with_values
from typedlayers import layers
from typedlayers.bridge.contracts import resolve_catalogue
from typedlayers.catalogue import CONTRACTS
from typedlayers.catalogue.recurrent import CONTRACTS as RECURRENT
from typedlayers.contracts.contract import check, infer
from typedlayers.spec import Spec, SpecTree

FIRST = "channels_first"
VECTORS = ("SimpleRNN", "LSTM", "GRU")
NOT_CUDNN = {name: {"use_cudnn": False} for name in ("LSTM", "GRU")}
"""What cuDNN makes of integers stands in test_on_gpu.py."""
STATES = {"SimpleRNN": 1, "LSTM": 2, "GRU": 1}
CELLS = [keras.layers.LSTMCell(4), keras.layers.GRUCell(5)]


def of(name: str, **options: Any) -> Maker:
    return Maker(name, (5,), options)


ROWS = [
    # layer, what it is given, verdict
    *(case(of(name), "f32[?,6,3]", gives="f32[?,5]") for name in VECTORS),
    *(case(of(name, return_sequences=True), "f32[?,?,3]", gives="f32[?,?,5]") for name in VECTORS),
    *(case(of(name, **NOT_CUDNN.get(name, {})), "i32[?,6,3]", gives="f32[?,5]") for name in VECTORS),
    *(case(of(name), "f32[?,6]", code="TL201", lenient="refuse") for name in VECTORS),
    *(case(of(name), "f32[?,6,3,1]", code="TL201", lenient="squeeze") for name in VECTORS),
    *(case(of(name), "f32[?,6,4]", after="f32[?,6,3]", code="TL203", lenient="refuse") for name in VECTORS),
    *(case(of(name, stateful=True), "f32[?,6,3]", code="TL703", lenient="refuse") for name in VECTORS),
    *(row for name in VECTORS for row in dtypes(of(name), "2,6,3")),
    case(L.LSTM(5, stateful=True), "f32[4,6,3]", gives="f32[4,5]"),
    case(L.LSTM(5, stateful=True), "f32[2,6,3]", after="f32[4,6,3]", code="TL703", lenient="refuse"),
    case(L.LSTM(5, unroll=True, go_backwards=True), "f16[?,6,3]", gives="f32[?,5]"),
    # RNN over cells
    case(L.RNN(keras.layers.SimpleRNNCell(5)), "f32[?,6,3]", gives="f32[?,5]"),
    case(L.RNN(keras.layers.LSTMCell(5)), "f32[?,6,3]", gives="f32[?,5]"),
    case(L.RNN(CELLS, return_sequences=True), "f32[?,6,3]", gives="f32[?,6,5]"),
    case(L.RNN(keras.layers.GRUCell(5)), "f32[?,6]", code="TL201", lenient="refuse"),
    case(L.RNN(keras.layers.GRUCell(5)), "f32[?,6,2,3]", code="TL201", lenient="refuse"),
    case(L.RNN(keras.layers.GRUCell(5), stateful=True), "f32[?,6,3]", code="TL703", lenient="refuse"),
    *dtypes(L.RNN(keras.layers.GRUCell(5)), "2,6,3"),
    # ConvLSTM
    case(L.ConvLSTM1D(4, 3), "f32[?,5,8,3]", gives="f32[?,6,4]"),
    case(L.ConvLSTM1D(4, 3, return_sequences=True, padding="same"), "f32[?,?,8,3]", gives="f32[?,?,8,4]"),
    case(L.ConvLSTM2D(4, 3, strides=2), "f32[?,5,8,7,3]", gives="f32[?,3,3,4]"),
    case(L.ConvLSTM2D(4, 3, data_format=FIRST), "f32[?,5,3,8,7]", gives="f32[?,4,6,5]"),
    case(L.ConvLSTM3D(4, 2), "f32[?,2,4,4,4,3]", gives="f32[?,3,3,3,4]"),
    case(L.ConvLSTM1D(4, 3), "f32[?,8,3]", code="TL201", lenient="refuse"),
    case(L.ConvLSTM2D(4, 3), "f32[?,8,7,3]", code="TL201", lenient="refuse"),
    case(L.ConvLSTM3D(4, 3), "f32[?,4,8,7,3]", code="TL201", lenient="refuse"),
    case(L.ConvLSTM1D(4, 9), "f32[?,5,8,3]", code="TL205", lenient="refuse"),
    case(L.ConvLSTM2D(4, 3, dilation_rate=4), "f32[?,5,8,9,3]", code="TL205", lenient="refuse"),
    case(L.ConvLSTM3D(4, 5), "f32[?,2,4,4,4,3]", code="TL205", lenient="refuse"),
    case(L.ConvLSTM1D(4, 3), "f32[?,5,8,2]", after="f32[?,5,8,3]", code="TL203", lenient="refuse"),
    case(L.ConvLSTM2D(4, 3, data_format=FIRST), "f32[?,5,2,8,7]", after="f32[?,5,3,8,7]", code="TL203", lenient="refuse"),  # noqa: E501
    case(L.ConvLSTM3D(4, 2), "f32[?,2,4,4,4,2]", after="f32[?,2,4,4,4,3]", code="TL203", lenient="refuse"),
    case(L.ConvLSTM2D(4, 3, stateful=True), "f32[?,5,8,7,3]", code="TL703", lenient="refuse"),
    *dtypes(L.ConvLSTM2D(4, 3), "2,5,8,7,3", integers="TL304"),
]  # fmt: skip
ACCEPTED = [row for row in ROWS if row.gives is not None]
REFUSED = [row for row in ROWS if row.code is not None]


def fresh(make: Maker, home: Any = layers) -> Any:
    """A new layer, and new cells where it has some: those of the table are never built."""
    return Maker(make.name, copy.deepcopy(make.args), make.kwargs)(home)


@pytest.mark.parametrize("row", ACCEPTED, ids=str)
def test_accepted(row: Case) -> None:
    assert row.gives is not None
    assert text_of(fresh(row.make)(eager(row.given))) == with_values(row.gives)
    assert fresh(row.make)(symbolic(row.given)).shape == parse(row.gives)[1]


@pytest.mark.parametrize("row", ACCEPTED, ids=str)
def test_every_single_axis_may_be_unknown(row: Case) -> None:
    layer, (dtype, shape) = fresh(row.make), parse(row.given)
    first = 1 if layer.stateful else 0  # the batch of a stateful layer must be known
    resolved = resolve_catalogue(layer, CONTRACTS[type(layer).__name__])
    for axis in range(first, len(shape)):
        spec = Spec(dtype, tuple(None if at == axis else size for at, size in enumerate(shape)))
        assert not check(resolved, {"inputs": spec}).mismatches
    assert not check(resolved, {"inputs": Spec(dtype, None)}).mismatches


@pytest.mark.parametrize("row", REFUSED, ids=str)
def test_refused(row: Case) -> None:
    unknown_batch = "stateful" in str(row.make) and row.after is None  # an eager tensor's batch is known
    for tensor in (eager,) if row.eager else (symbolic,) if unknown_batch else (eager, symbolic):
        layer = fresh(row.make)
        if row.after is not None:
            layer(eager(row.after))
        with pytest.raises(tl.ContractError) as caught:
            layer(tensor(row.given))
        (diagnostic,) = caught.value.diagnostics
        assert diagnostic.code == row.code
        assert layer.name in diagnostic.headline


@pytest.mark.parametrize("row", [row for row in REFUSED if str(row.code).startswith(("TL2", "TL7"))], ids=str)
def test_keras_refuses_too_what_is_refused_for_its_shape(row: Case) -> None:
    layer = fresh(row.make, keras.layers)
    if row.after is not None:
        layer(eager(row.after))
    with pytest.raises(Exception):  # noqa: B017, PT011 - Keras and TensorFlow raise whatever they like here
        layer((symbolic if row.after is None and "stateful" in str(row.make) else eager)(row.given))


@pytest.mark.parametrize("row", [row for row in REFUSED if row.lenient == "refuse"], ids=str)
def test_lenient_mode_raises_what_it_cannot_repair(row: Case) -> None:
    layer = fresh(row.make)
    if row.after is not None:
        layer(eager(row.after))
    with tl.mode("lenient"), pytest.raises(tl.ContractError):
        layer((symbolic if "stateful" in str(row.make) and row.after is None else eager)(row.given))


@pytest.mark.parametrize("name", [*VECTORS, "ConvLSTM2D"])
@pytest.mark.parametrize("dtype", ["f64", "u8"])
def test_lenient_mode_casts_under_xla(name: str, dtype: str) -> None:
    arguments, shape = ((4, 3), "[2,5,8,7,3]") if name == "ConvLSTM2D" else ((5,), "[2,6,3]")
    layer = Maker(name, arguments, {})()
    came, wanted = eager(f"{dtype}{shape}"), eager(f"f32{shape}") if dtype == "f64" else None
    with tl.mode("lenient"):
        given = tf.function(layer, jit_compile=True)(came)
    np.testing.assert_allclose(given, layer(wanted if wanted is not None else tf.cast(came, "float32")), atol=1e-5)


def test_every_layer_has_rows() -> None:
    cells = {"SimpleRNNCell", "LSTMCell", "GRUCell", "StackedRNNCells"}
    assert {row.make.name for row in ACCEPTED} == {row.make.name for row in REFUSED} == set(RECURRENT) - cells


# ----------------------------------------------------------------------------------------------- masks
MASKS = [
    # mask, dtype, why it is refused
    ((4, 6), "bool", None),
    ((4, 6), "int32", None),
    ((4, 6), "float32", None),
    ((4, 6, 1), "bool", None),
    ((1, 6), "bool", None),
    ((4, 5), "bool", "the mask has 5 time steps, the sequences have 6"),
    ((4, 7), "bool", "the mask has 7 time steps, the sequences have 6"),
    ((4, 1), "bool", "the mask has 1 time steps, the sequences have 6"),
    ((3, 6), "bool", "the mask has 3 rows, there are 4 sequences"),
    ((6,), "bool", "the mask has 1 axis, batch and time are needed"),
    ((4, 6, 3), "bool", "the mask has 3 axes, batch and time are needed"),
]
MASKED = [L.LSTM(5), L.GRU(5), L.SimpleRNN(5), L.RNN(keras.layers.LSTMCell(5)), L.Bidirectional(keras.layers.GRU(5))]


@pytest.mark.parametrize("make", MASKED, ids=str)
@pytest.mark.parametrize(("shape", "dtype", "why"), MASKS)
def test_masks(make: Maker, shape: tuple[int, ...], dtype: str, why: str | None) -> None:
    x, mask = eager("f32[4,6,3]"), tf.ones(shape, dtype)
    if why is None:
        assert fresh(make)(x, mask=mask).shape[0] == 4
        return
    with pytest.raises(tl.ContractError, match=why) as caught:
        fresh(make)(x, mask=mask)
    assert [d.code for d in caught.value.diagnostics] == ["TL702"]
    with pytest.raises(Exception):  # noqa: B017, PT011
        fresh(make, keras.layers)(x, mask=mask)


def test_flags_of_every_dtype_say_the_same() -> None:
    x, flags, layer = eager("f32[4,6,3]"), np.tile([1, 1, 1, 0, 0, 0], (4, 1)), layers.LSTM(5)
    wanted = layer(x, mask=tf.cast(flags, "bool"))
    for dtype in ("int32", "float32", "uint8"):
        np.testing.assert_array_equal(layer(x, mask=tf.cast(flags, dtype)), wanted)


def test_masks_of_unknown_length_pass() -> None:
    steps, flags = symbolic("f32[?,?,3]"), symbolic("bool[?,6]")
    assert layers.LSTM(5)(steps, mask=flags).shape == (None, 5)


def test_masks_of_a_convolutional_lstm() -> None:
    x = eager("f32[2,5,8,7,3]")
    assert layers.ConvLSTM2D(4, 3)(x, mask=tf.ones((2, 5), "bool")).shape == (2, 6, 5, 4)
    with pytest.raises(tl.ContractError, match="the mask has 4 time steps"):
        layers.ConvLSTM2D(4, 3)(x, mask=tf.ones((2, 4), "bool"))


# ---------------------------------------------------------------------------------------------- states
GIVEN = [
    # layer, states, why they are refused
    ("LSTM", [(4, 5), (4, 5)], None),
    ("LSTM", [(1, 5), (1, 5)], None),
    ("LSTM", [(5,), (5,)], None),
    ("LSTM", [(4, 5)], "2 states are needed, got 1"),
    ("LSTM", [(4, 5)] * 3, "2 states are needed, got 3"),
    ("LSTM", [(4, 6), (4, 6)], "state 0 has 6 units, 5 are needed"),
    ("LSTM", [(4, 5), (4, 6)], "state 1 has 6 units, 5 are needed"),
    ("LSTM", [(3, 5), (3, 5)], "state 0 is for 3 sequences, there are 4"),
    ("LSTM", [(4, 1, 5), (4, 1, 5)], "state 0 has 3 axes, 2 are needed"),
    ("GRU", [(4, 5)], None),
    ("GRU", [(1, 5)], None),
    ("GRU", [(4, 6)], "state 0 has 6 units, 5 are needed"),
    ("SimpleRNN", [(4, 5)], None),
    ("SimpleRNN", [(4, 1)], "state 0 has 1 units, 5 are needed"),
    ("SimpleRNN", [(4, 5), (4, 5)], "1 state is needed, got 2"),
]


@pytest.mark.parametrize(("name", "shapes", "why"), GIVEN)
def test_states(name: str, shapes: list[tuple[int, ...]], why: str | None) -> None:
    x, states = eager("f32[4,6,3]"), [tf.ones(shape) for shape in shapes]
    if why is None:
        assert of(name)()(x, initial_state=states).shape == (4, 5)
        assert of(name)()(x, initial_state=tuple(states)).shape == (4, 5)
        return
    for call in ({"initial_state": states}, {"initial_state": tuple(states)}):
        with pytest.raises(tl.ContractError, match=why) as caught:
            of(name)()(x, **call)
        assert [d.code for d in caught.value.diagnostics] == ["TL703"]
    with pytest.raises(Exception):  # noqa: B017, PT011
        of(name)(keras.layers)(x, initial_state=states)


def test_a_gru_that_is_given_both_states_of_an_lstm() -> None:
    """Keras ignores the second one without a word."""
    x, states = eager("f32[4,6,3]"), [tf.ones((4, 5))] * 2
    assert keras.layers.GRU(5)(x, initial_state=states).shape == (4, 5)
    with pytest.raises(tl.ContractError, match="1 state is needed, got 2"):
        layers.GRU(5)(x, initial_state=states)


def test_a_single_state_may_stand_by_itself() -> None:
    x, state = eager("f32[4,6,3]"), tf.ones((4, 5))
    assert layers.GRU(5)(x, initial_state=state).shape == (4, 5)
    with pytest.raises(tl.ContractError, match="2 states are needed, got 1"):
        layers.LSTM(5)(x, initial_state=state)


STACKED = [
    # states for an LSTMCell(4) and a GRUCell(5), why they are refused
    ([[(4, 4), (4, 4)], (4, 5)], None),
    ([[(4, 4), (4, 4)], [(4, 5)]], None),
    ([(4, 4), (4, 4), (4, 5)], "2 states are needed, got 3"),
    ([[(4, 4)], (4, 5)], "of cell 0, 2 states are needed, got 1"),
    ([[(4, 4), (4, 4)], (4, 4)], "state 1 has 4 units, 5 are needed"),
]


@pytest.mark.parametrize(("shapes", "why"), STACKED)
def test_states_of_stacked_cells(shapes: Any, why: str | None) -> None:
    layer = layers.RNN([layers.LSTMCell(4), layers.GRUCell(5)])
    states = [[tf.ones(s) for s in shape] if isinstance(shape, list) else tf.ones(shape) for shape in shapes]
    if why is None:
        assert layer(eager("f32[4,6,3]"), initial_state=states).shape == (4, 5)
        return
    with pytest.raises(tl.ContractError, match=why):
        layer(eager("f32[4,6,3]"), initial_state=states)


def test_states_of_a_convolutional_lstm_are_maps() -> None:
    x = eager("f32[2,5,8,7,3]")
    assert layers.ConvLSTM2D(4, 3)(x, initial_state=[tf.ones((2, 6, 5, 4))] * 2).shape == (2, 6, 5, 4)
    for shape, why in (((2, 8, 7, 4), "state 0 has 8 along axis 1, 6 are needed"), ((2, 6, 5, 3), "along axis 3")):
        with pytest.raises(tl.ContractError, match=why):
            layers.ConvLSTM2D(4, 3)(x, initial_state=[tf.ones(shape)] * 2)


def test_an_encoder_hands_its_states_to_a_decoder() -> None:
    source, target = symbolic("f32[?,?,3]"), symbolic("f32[?,?,4]")
    _, *states = layers.LSTM(5, return_state=True)(source)
    decoded = layers.LSTM(5, return_sequences=True)(target, initial_state=states)
    assert keras.Model([source, target], decoded)([eager("f32[2,6,3]"), eager("f32[2,7,4]")]).shape == (2, 7, 5)


def test_a_learned_initial_state_passes() -> None:
    class Reader(tl.Layer):
        def build(self, shape: Any) -> None:
            self.first = self.add_weight(shape=(1, 5))
            self.rnn = layers.GRU(5)

        def call(self, x: Any) -> Any:
            return self.rnn(x, initial_state=self.first)

    assert Reader()(eager("f32[4,6,3]")).shape == (4, 5)


# -------------------------------------------------------------------------------------------- stateful
def test_a_stateful_layer_goes_on_with_batches_of_its_size() -> None:
    layer = layers.LSTM(5, stateful=True)
    first, second = layer(eager("f32[4,6,3]")), layer(eager("f32[4,6,3]"))
    assert np.abs(first - second).max() > 0
    layer.reset_state()
    np.testing.assert_allclose(layer(eager("f32[4,6,3]")), first, atol=1e-6)
    with pytest.raises(tl.ContractError, match="keeps the states of 4 samples, the batch size is 3"):
        layer(eager("f32[3,6,3]"))


def test_a_built_stateful_layer_takes_an_unknown_batch() -> None:
    layer = layers.LSTM(5, stateful=True)
    layer(eager("f32[4,6,3]"))
    assert layer(symbolic("f32[?,6,3]")).shape == (None, 5)


def test_a_stateful_model_with_a_fixed_batch_trains() -> None:
    model = tl.Sequential([keras.Input(batch_shape=(4, 6, 3)), layers.LSTM(5, stateful=True), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.ones((8, 6, 3), "float32"), np.ones((8, 1), "float32"), batch_size=4, verbose=0)


# ------------------------------------------------------------------------------------ the lost sequence
BETWEEN = [[], [L.Dropout(0.1)], [L.Dense(4), L.Activation("relu"), L.LayerNormalization()]]
UPPER = [
    (L.LSTM(5, name="upper"), "LSTM"),
    (L.Conv1D(4, 3, name="upper"), "Conv1D"),
    (L.TimeDistributed(keras.layers.Dense(2), name="upper"), "TimeDistributed"),
    (L.Bidirectional(keras.layers.GRU(2), name="upper"), "Bidirectional"),
]


@pytest.mark.parametrize("between", BETWEEN, ids=lambda makers: "-".join(map(str, makers)) or "nothing")
@pytest.mark.parametrize(("upper", "kind"), UPPER, ids=lambda value: str(value))
@pytest.mark.parametrize("how", ["sequential", "functional"])
def test_the_layer_that_lacks_its_sequence_is_named(between: list[Maker], upper: Maker, kind: str, how: str) -> None:
    chain = [layers.LSTM(6, name="lower"), *(make() for make in between), upper()]
    build = {
        "sequential": lambda: tl.Sequential([keras.Input((8, 3)), *chain]),
        "functional": lambda: functools.reduce(lambda x, layer: layer(x), chain, keras.Input((8, 3))),
    }[how]
    with pytest.raises(tl.ContractError) as caught:
        build()
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "TL701"
    assert diagnostic.headline.startswith(f'{kind} "upper" needs')
    assert diagnostic.headline.endswith('LSTM "lower" returns its last step only')
    assert diagnostic.fixes[0].text == 'return_sequences=True in LSTM "lower"'


@pytest.mark.parametrize("upper", [make for make, _ in UPPER], ids=str)
def test_the_fix_makes_it_pass(upper: Maker) -> None:
    tl.Sequential([keras.Input((8, 3)), layers.LSTM(6, return_sequences=True), layers.Dropout(0.1), upper()])


def test_a_vector_that_no_recurrent_layer_gave_is_another_mistake() -> None:
    with pytest.raises(tl.ContractError) as caught:
        tl.Sequential([keras.Input((8, 3)), layers.LSTM(6), layers.RepeatVector(4), layers.Flatten(), layers.LSTM(5)])
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "TL201"
    assert not any("return_sequences" in fix.text for fix in diagnostic.fixes)


def test_a_state_is_no_last_step() -> None:
    _, h, _ = layers.LSTM(6, return_state=True)(keras.Input((8, 3)))
    with pytest.raises(tl.ContractError) as caught:
        layers.LSTM(5)(h)
    assert [d.code for d in caught.value.diagnostics] == ["TL201"]


# ------------------------------------------------------------------------------------------- one step
def single_step(build: Any) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        build()
    return [d.code for w in caught if isinstance(w.message, tl.ContractWarning) for d in w.message.diagnostics]


ON_PURPOSE = [
    # correct programs with single steps
    lambda: layers.LSTM(5)(eager("f32[4,1,50]")),
    lambda: layers.LSTM(5)(keras.Input((None, 50))),
    lambda: layers.LSTM(5)(keras.Input((1, 1))),
    lambda: layers.LSTM(5, stateful=True)(keras.Input(batch_shape=(1, 1, 50))),
    lambda: layers.LSTM(5, return_state=True)(keras.Input((1, 50))),
    lambda: layers.GRU(5)(keras.Input((1, 50)), initial_state=keras.Input((5,))),
    lambda: layers.LSTM(5)(layers.RepeatVector(1)(keras.Input((50,)))),
    lambda: layers.ConvLSTM1D(4, 3)(keras.Input((1, 8, 3))),
]


@pytest.mark.parametrize("build", ON_PURPOSE)
def test_single_steps_on_purpose_pass(build: Any) -> None:
    assert single_step(build) == []


@pytest.mark.parametrize("make", [L.LSTM(5), L.GRU(5), L.SimpleRNN(5), L.Bidirectional(keras.layers.LSTM(5))], ids=str)
def test_a_declared_single_step_is_perhaps_a_mistake(make: Maker) -> None:
    assert single_step(lambda: make()(keras.Input((1, 50)))) == ["TL704"]


def test_the_recurrent_weights_of_a_single_step_do_nothing() -> None:
    layer, x = layers.LSTM(5), eager("f32[4,1,50]")
    before = layer(x)
    layer.cell.recurrent_kernel.assign(layer.cell.recurrent_kernel * 7)
    np.testing.assert_array_equal(layer(x), before)


# ------------------------------------------------------------------------------------- as Keras says
def ours(layer: Any, shape: tuple[int | None, ...]) -> Any:
    """The shapes that a contract infers, nested as the results are."""
    resolved = resolve_catalogue(layer, CONTRACTS[type(layer).__name__])
    spec = Spec("float32", shape)
    checked = check(resolved, {"inputs": spec})
    assert not checked.mismatches, (layer, shape, checked.mismatches)
    return nested(infer(resolved, checked, spec))


def nested(specs: SpecTree) -> Any:
    if isinstance(specs, Spec):
        return specs.shape
    assert isinstance(specs, tuple)
    return [nested(item) for item in specs]


def listed(shapes: Any) -> Any:
    single = isinstance(shapes, tuple) and all(size is None or isinstance(size, int) for size in shapes)
    return shapes if single else [listed(shape) for shape in shapes]


def flat(shapes: Any) -> list[Any]:
    return [shapes] if isinstance(shapes, tuple) else [one for shape in shapes for one in flat(shape)]


FLAGS = list(itertools.product((False, True), repeat=2))
MAKERS = [
    *((of(name, return_sequences=s, return_state=r), (4, 6, 3)) for name in VECTORS for s, r in FLAGS),
    *((L.RNN(CELLS, return_sequences=s, return_state=r), (4, 6, 3)) for s, r in FLAGS),
    *((L.RNN(keras.layers.LSTMCell(5), return_state=r), (4, 6, 3)) for r in (False, True)),
    *(
        (L.ConvLSTM2D(4, k, strides=n, padding=p, return_sequences=s, return_state=r, data_format=f), shape)
        for k, n, p in ((3, 1, "valid"), (2, 2, "same"), (3, 2, "valid"))
        for f, shape in (("channels_last", (2, 5, 8, 7, 3)), (FIRST, (2, 5, 3, 8, 7)))
        for s, r in FLAGS
    ),
    (L.ConvLSTM1D(4, 3, dilation_rate=2), (2, 5, 8, 3)),
    (L.ConvLSTM3D(4, (1, 2, 3), return_sequences=True), (2, 5, 8, 7, 6, 3)),
]


@pytest.mark.parametrize(("make", "shape"), MAKERS, ids=str)
def test_infers_what_keras_computes(make: Maker, shape: tuple[int, ...]) -> None:
    layer = fresh(make, keras.layers)
    for unknown in [(), (0,), (1,), (0, 1)]:
        came = tuple(None if axis in unknown else size for axis, size in enumerate(shape))
        assert ours(layer, came) == listed(layer.compute_output_shape(came)), came
    given = [tuple(tensor.shape) for tensor in keras.tree.flatten(layer(tf.ones(shape)))]
    assert flat(ours(layer, shape)) == given


@pytest.mark.parametrize("policy", ["float32", "float64", "mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("name", VECTORS)
def test_dtypes_follow_the_policy(name: str, policy: str) -> None:
    for dtype in ("f16", "bf16", "f32", "i32", "bool"):
        layer = of(name, dtype=policy, **NOT_CUDNN.get(name, {}))()
        resolved = resolve_catalogue(layer, CONTRACTS[name])
        spec = Spec(parse(f"{dtype}[2,6,3]")[0], (2, 6, 3))
        out = infer(resolved, check(resolved, {"inputs": spec}), spec)
        x = tf.cast(eager("f32[2,6,3]"), spec.dtype)
        assert isinstance(out, Spec)
        assert out.dtype == layer(x).dtype.name == layer.compute_dtype


# ----------------------------------------------------------------------------------------------- cells
CELL_ROWS = [
    # cell, inputs, states, code
    (L.LSTMCell(5), (4, 3), [(4, 5), (4, 5)], None),
    (L.LSTMCell(5), (4, 3), [(1, 5), (1, 5)], None),
    (L.GRUCell(5), (4, 3), [(4, 5)], None),
    (L.SimpleRNNCell(5), (4, 2, 3), [(4, 2, 5)], None),
    (L.LSTMCell(5), (4, 6, 3), [(4, 5), (4, 5)], "TL201"),
    (L.LSTMCell(5), (4, 3), [(4, 5)], "TL703"),
    (L.LSTMCell(5), (4, 3), [(4, 6), (4, 6)], "TL703"),
    (L.GRUCell(5), (4, 3), [(4, 6)], "TL703"),
    (L.SimpleRNNCell(5), (4, 3), [(3, 5)], "TL703"),
]


@pytest.mark.parametrize(("make", "shape", "states", "code"), CELL_ROWS, ids=str)
def test_cells(make: Maker, shape: tuple[int, ...], states: list[tuple[int, ...]], code: str | None) -> None:
    given = [tf.ones(state) for state in states]
    if code is None:
        output, new = make()(tf.ones(shape), given)
        assert output.shape == (*shape[:-1], 5)
        assert len(new) == len(states)
        return
    with pytest.raises(tl.ContractError) as caught:
        make()(tf.ones(shape), given)
    assert [d.code for d in caught.value.diagnostics] == [code]


def test_a_cell_takes_a_single_state_and_a_tensor_of_states() -> None:
    assert layers.GRUCell(5)(eager("f32[4,3]"), tf.ones((4, 5)))[0].shape == (4, 5)
    assert layers.LSTMCell(5)(eager("f32[4,3]"), tf.ones((2, 4, 5)))[0].shape == (4, 5)


def test_typed_cells_run_inside() -> None:
    layer = layers.RNN(layers.StackedRNNCells([layers.LSTMCell(4), layers.SimpleRNNCell(5)]), return_sequences=True)
    plain = keras.layers.RNN([keras.layers.LSTMCell(4), keras.layers.SimpleRNNCell(5)], return_sequences=True)
    x = eager("f32[4,6,3]")
    layer(x), plain(x)
    plain.set_weights(layer.get_weights())
    np.testing.assert_array_equal(layer(x), plain(x))


class Summing(keras.layers.Layer):
    """A cell of the user's own: of rows, whatever they are, it keeps the sum."""

    state_size = 3
    output_size = 3

    def call(self, inputs: Any, states: Any) -> Any:
        rows = keras.ops.reshape(keras.ops.cast(inputs, "float32"), (keras.ops.shape(inputs)[0], -1, 3))
        total = states[0] + keras.ops.sum(rows, axis=1)
        return total, [total]


class Noted(tl.Layer):
    """A cell of the user's own that says what it takes."""

    state_size = 3

    def call(self, inputs: Float[tl.Tensor, "batch 7"], states: Any) -> Any:
        return states[0], [states[0]]


def test_of_a_cell_of_the_users_own_nothing_is_known() -> None:
    assert layers.RNN(Summing())(tf.ones((4, 6, 2, 3), "int32")).shape == (4, 3)
    with pytest.raises(tl.ContractError, match="the mask has 5 time steps"):
        layers.RNN(Summing())(tf.ones((4, 6, 2, 3)), mask=tf.ones((4, 5), "bool"))


def test_a_cell_that_says_what_it_takes_is_asked_for_each_step() -> None:
    assert layers.RNN(Noted())(eager("f32[4,6,7]")).shape == (4, 3)
    with pytest.raises(tl.ContractError, match='RNN "over" needs 7 along axis 2 but gets 8'):
        layers.RNN(Noted(), name="over")(eager("f32[4,6,8]"))


class Kerneled(Summing):
    """A cell of the user's own whose kernel has another form than those of Keras."""

    def build(self, shape: Any) -> None:
        self.kernel = self.add_weight(shape=(2, 2))  # is no table of features


def test_stacks_of_cells_of_the_users_own_are_left_alone() -> None:
    for cells, given in (([Kerneled(), layers.GRUCell(5)], "[4,6,9]"), ([Noted(), layers.GRUCell(5)], "[4,6,7]")):
        layer, x = layers.RNN(cells), eager(f"f32{given}")
        assert layer(x).shape == layer(x, initial_state=[tf.ones((4, 3)), tf.ones((4, 5))]).shape == (4, 5)
    with pytest.raises(tl.ContractError, match="needs 7 along axis 2"):
        layers.RNN([Noted(), layers.GRUCell(5)])(eager("f32[4,6,8]"))


# --------------------------------------------------------------------------------------------- as before
PLAIN = [
    L.LSTM(5, return_sequences=True, go_backwards=True),
    L.GRU(5, unroll=True, recurrent_dropout=0.1),
    L.SimpleRNN(5, return_state=False),
    L.RNN(CELLS),
]


@pytest.mark.parametrize("make", PLAIN, ids=str)
def test_it_is_the_keras_layer_in_all_else(make: Maker, tmp_path: Path) -> None:
    x = eager("f32[2,6,3]")
    model = keras.Sequential([keras.Input((6, 3)), fresh(make)])
    wanted = model(x)
    for other in (
        copy.deepcopy(model),
        keras.Sequential.from_config(model.get_config()),
        keras.models.clone_model(model),
    ):
        other.set_weights(model.get_weights())
        np.testing.assert_array_equal(other(x), wanted)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert type(loaded.layers[0]).__module__.startswith("keras.src.")
    np.testing.assert_array_equal(loaded(x), wanted)


def test_a_message_reads() -> None:
    with pytest.raises(tl.ContractError) as caught:
        layers.LSTM(4, name="reader")(eager("f32[4,6,3]"), mask=tf.ones((4, 5), "bool"))
    lines = str(caught.value).splitlines()
    assert [lines[0], *lines[2:]] == [
        'error[TL702] LSTM "reader": the mask has 5 time steps, the sequences have 6',
        "  gets   bool (4, 5)",
        "  why    a step is skipped where its flag is False: there is one flag for each step of each sequence",
        "  fix    a mask of shape (batch, time), with the same length as the sequences",
        "  more   typedlayers explain TL702",
    ]
