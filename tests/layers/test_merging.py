"""The merging layers: what fits together, what is refused and why, and that everything else is as in plain Keras."""

from __future__ import annotations

import itertools
import random
import warnings
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from tests.layers.rows import Case, L, Maker, case, eager, parse, symbolic, text_of, with_values
from typedlayers import layers
from typedlayers.catalogue import CONTRACTS
from typedlayers.catalogue.merging import CONTRACTS as MERGING
from typedlayers.contracts.contract import check, infer
from typedlayers.contracts.dtypes import Policy
from typedlayers.spec import Spec

BROADCASTING = ("Add", "Multiply", "Average", "Maximum", "Minimum")
"""Layers that take any number of tensors and broadcast; Subtract takes two."""

ROWS = [
    # layer, what it is given, verdict
    *(case(Maker(name, (), {}), "f32[?,4] f32[?,4]", gives="f32[?,4]") for name in (*BROADCASTING, "Subtract")),
    *(case(Maker(name, (), {}), "f32[?,4] f32[?,4] f32[?,1]", gives="f32[?,4]") for name in BROADCASTING),
    *(
        case(Maker(name, (), {}), "f32[?,4] f32[?,5]", code="TL209", lenient="refuse")
        for name in (*BROADCASTING, "Subtract")
    ),
    # broadcasting on purpose: gates, weights of steps, a context, value and advantage, a position table
    case(L.Multiply(), "f32[?,7,7,6] f32[?,1,1,6]", gives="f32[?,7,7,6]"),
    case(L.Multiply(), "f32[?,7,7,6] f32[?,6]", gives="f32[?,7,7,6]"),
    case(L.Multiply(), "f32[?,8,6] f32[?,8,1]", gives="f32[?,8,6]"),
    case(L.Multiply(), "f32[?,6,6] f32[?,6]", gives="f32[?,6,6]"),
    case(L.Add(), "f32[?,8,6] f32[?,1,6]", gives="f32[?,8,6]"),
    case(L.Add(), "f32[?,1] f32[?,6]", gives="f32[?,6]"),
    case(L.Add(), "f32[?] f32[?,6]", gives="f32[?,6]"),
    case(L.Add(), "f32[?,4]", gives="f32[?,4]"),
    # what does not fit
    case(L.Add(), "f32[?,28,8] f32[?,27,8]", code="TL209", lenient="refuse"),
    case(L.Multiply(), "f32[?,8,6] f32[?,8]", code="TL209", lenient="refuse"),
    case(L.Add(), "f32[3,4] f32[2,4]", code="TL209", lenient="refuse"),
    case(L.Add(), "f32[3,4,5] f32[1,4,5]", code="TL209", lenient="refuse"),
    case(L.Subtract(), "f32[?,4] f32[?,4] f32[?,4]", code="TL107", lenient="refuse"),
    case(L.Subtract(), "f32[?,4]", code="TL107", lenient="refuse"),
    case(L.Add(), "f64[2,4] f32[2,4]", code="TL301", lenient="cast"),
    case(L.Add(), "f32[?,4] str[?,4]", code="TL302", lenient="refuse"),
    case(L.Add(), "c64[?,4] f32[?,4]", code="TL303", lenient="refuse"),
    # integers
    case(L.Add(), "u8[?,4] u8[?,4]", code="TL305", lenient="cast"),
    case(L.Subtract(), "u8[?,4] u8[?,4]", code="TL305", lenient="cast"),
    case(L.Multiply(), "u8[?,4] u8[?,4]", code="TL305", lenient="cast"),
    case(L.Average(), "i8[?,4] i8[?,4]", code="TL305", lenient="cast"),
    case(L.Add(), "u8[?,4] f32[?,4]", gives="f32[?,4]"),
    case(L.Multiply(), "u8[?,4] bool[?,4]", gives="u8[?,4]"),
    case(L.Maximum(), "u8[?,4] u8[?,4]", gives="u8[?,4]"),
    case(L.Add(), "i32[?,4] i32[?,4]", gives="i32[?,4]"),
    # Concatenate
    case(L.Concatenate(), "f32[?,8,5] f32[?,8,6]", gives="f32[?,8,11]"),
    case(L.Concatenate(axis=1), "f32[?,8,5] f32[?,3,5]", gives="f32[?,11,5]"),
    case(L.Concatenate(axis=0), "f32[3,4] f32[2,4]", gives="f32[5,4]"),
    case(L.Concatenate(), "str[?,4] str[?,1]", gives="str[?,5]"),
    case(L.Concatenate(), "u8[?,4] u8[?,4]", gives="u8[?,8]"),
    case(L.Concatenate(), "f32[?,6,4] f32[?,3]", code="TL209", lenient="refuse"),
    case(L.Concatenate(), "f32[?,3,8,8] f32[?,5,8,8]", code="TL209", lenient="refuse"),
    case(L.Concatenate(), "f32[?,1,5] f32[?,4,5]", code="TL209", lenient="refuse"),
    case(L.Concatenate(), "f32[3,4] f32[2,4]", code="TL209", lenient="refuse"),
    case(L.Concatenate(axis=2), "f32[?,4] f32[?,4]", code="TL208", lenient="refuse"),
    # Dot
    case(L.Dot(-1), "f32[?,4] f32[?,4]", gives="f32[?,1]"),
    case(L.Dot(1), "f32[?,4,5] f32[?,4,6]", gives="f32[?,5,6]"),
    case(L.Dot([2, 1], normalize=True), "f32[?,4,5] f32[?,5]", gives="f32[?,4]"),
    case(L.Dot((1, -1)), "f32[?,4,5] f32[?,6,4]", gives="f32[?,5,6]"),
    case(L.Dot(-1), "i32[?,4] i32[?,4]", gives="i32[?,1]"),
    case(L.Dot(1), "f32[?,4,5] f32[?,6,5]", code="TL209", lenient="refuse"),
    case(L.Dot(-1), "f32[3,4] f32[2,4]", code="TL203", lenient="refuse"),
    case(L.Dot(2), "f32[?,4] f32[?,4]", code="TL208", lenient="refuse"),
    case(L.Dot(0), "f32[?,4] f32[?,4]", code="TL208", lenient="refuse"),
    case(L.Dot(-1), "f32[] f32[?,4]", code="TL201", lenient="refuse"),
    case(L.Dot(-1), "f32[?] f32[?]", code="TL208", lenient="refuse"),
    case(L.Dot(-1), "f32[?,4] f32[?,4] f32[?,4]", code="TL107", lenient="refuse"),
]  # fmt: skip
ACCEPTED = [row for row in ROWS if row.gives is not None]
REFUSED = [row for row in ROWS if row.code is not None]


def several(text: str, tensor: Any) -> list[Any]:
    """The tensors of ``f32[?,4] u8[?,4]``, each made by a function."""
    return [tensor(part) for part in text.split()]


@pytest.mark.parametrize("row", ACCEPTED, ids=str)
def test_accepted(row: Case) -> None:
    assert row.gives is not None
    assert text_of(row.make()(several(row.given, eager))) == with_values(row.gives)
    assert row.make()(several(row.given, symbolic)).shape == parse(row.gives)[1]


@pytest.mark.parametrize("row", REFUSED, ids=str)
def test_refused(row: Case) -> None:
    for tensor in (eager,) if row.eager else (eager, symbolic):
        layer = row.make()
        with pytest.raises(tl.ContractError) as caught:
            layer(several(row.given, tensor))
        (diagnostic,) = caught.value.diagnostics
        assert diagnostic.code == row.code
        assert layer.name in diagnostic.headline


@pytest.mark.parametrize("row", [row for row in REFUSED if row.lenient == "refuse"], ids=str)
def test_lenient_mode_raises_what_it_cannot_repair(row: Case) -> None:
    with tl.mode("lenient"), pytest.raises(tl.ContractError) as caught:
        row.make()(several(row.given, eager))
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == [row.code]


def test_every_layer_and_every_rule_has_a_row() -> None:
    assert {row.make.name for row in ACCEPTED} == {row.make.name for row in REFUSED} == set(MERGING)
    for name, contract in MERGING.items():
        alike = [name] if name in ("Concatenate", "Dot") else [*BROADCASTING, "Subtract"]  # which share their rules
        rows = [row for row in (*REFUSED, *TABLES) if row.make.name in alike]
        hit = {rule_that_hits(row) for row in rows if row.code in ("TL208", "TL209")}
        assert hit >= {rule for rule in contract.rules if rule.about is None}, name


def rule_that_hits(row: Case) -> Any:
    """The first rule of the row's layer that finds something."""
    layer, shapes = row.make(keras.layers), tuple(parse(part)[1] for part in row.given.split())
    return next(rule for rule in MERGING[row.make.name].rules if rule.check(layer, shapes) is not None)


TABLES = [case(L.Add(), "f32[?,4,5] f32[4,5]", code="TL209", lenient="refuse")]
"""A table without a batch axis beside a batch: only a symbolic batch shows that it is none."""


@pytest.mark.parametrize("row", TABLES, ids=str)
def test_a_table_without_batch_axis_is_refused(row: Case) -> None:
    x, table = symbolic("f32[?,4,5]"), eager("f32[4,5]")
    assert keras.layers.Add()([x, table]).shape == (4, 4, 5), "Keras takes the rows for the batch"
    with pytest.raises(tl.ContractError, match="has no batch axis") as caught:
        row.make()([x, table])
    assert [fix.text for fix in caught.value.diagnostics[0].fixes] == ["ops.expand_dims(x, 0) for `inputs[1]`"]
    fixed = keras.Model(x, layers.Add()([x, keras.ops.expand_dims(table, 0)]))
    assert fixed(eager("f32[3,4,5]")).shape == (3, 4, 5)


def test_numbers_are_merged() -> None:
    """As losses are added up; on Keras tensors without axes Keras itself fails."""
    assert layers.Add()([eager("f32[]"), eager("f32[]")]).shape == ()


def test_a_fixed_batch_beside_a_batch_of_the_same_rank_passes() -> None:
    assert layers.Add()([symbolic("f32[?,4,5]"), eager("f32[1,4,5]")]).shape[1:] == (4, 5)


def test_what_keras_broadcasts_after_it_was_built_passes() -> None:
    layer = layers.Add()
    layer([eager("f32[3,4]"), eager("f32[3,4]")])
    assert layer([eager("f32[3,4]"), eager("f32[1,4]")]).shape == (3, 4)
    with pytest.raises(tl.ContractError, match="a batch of 3"):
        layer([eager("f32[3,4]"), eager("f32[2,4]")])


# ------------------------------------------------------------------------------------ weights of steps
def scores(x: Any) -> Any:
    """One number for each step, as attention is written by hand."""
    return layers.Flatten()(layers.Dense(1, activation="tanh")(x))


def pooled_gate(x: Any) -> Any:
    """One number for each feature: a gate over the channels, as in efficient channel attention."""
    means = layers.Reshape((8, 1))(layers.GlobalAveragePooling1D()(x))
    return layers.Flatten()(layers.Conv1D(1, 3, padding="same")(means))


WEIGHTS = [
    # how the weights of a sequence (batch, 8, 8) are made, whether they are of its steps
    (lambda x: layers.Softmax()(scores(x)), True),
    (lambda x: layers.Activation("sigmoid")(layers.Dropout(0.1)(scores(x))), True),
    (lambda x: keras.ops.squeeze(layers.Dense(1)(x), -1), True),
    (lambda x: layers.Reshape((8,))(layers.Dense(1)(x)), True),
    (lambda x: layers.Reshape((8, 1))(layers.Softmax()(scores(x))), False),
    (lambda x: layers.Dense(8)(scores(x)), False),
    (lambda x: layers.Dense(8)(layers.GlobalAveragePooling1D()(x)), False),
    (pooled_gate, False),
    (lambda x: layers.Flatten()(layers.Dense(1)(layers.Permute((2, 1))(x))), False),
    (lambda x: layers.LSTM(8)(x), False),
    (lambda _: keras.Input((8,)), False),
]
"""Where the sizes agree by accident, only the way shows what an axis is."""


@pytest.mark.parametrize(("weights", "of_steps"), WEIGHTS)
@pytest.mark.parametrize("encode", [lambda x: x, lambda x: layers.LSTM(8, return_sequences=True)(x)])
def test_weights_of_steps_that_meet_features(weights: Any, of_steps: bool, encode: Any) -> None:
    x = encode(keras.Input((8, 8)))
    gate = weights(x)
    for pair in ([x, gate], [gate, x]):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", tl.ContractWarning)
            assert layers.Multiply()(pair).shape == (None, 8, 8)
        told = [d for w in caught if isinstance(w.message, tl.ContractWarning) for d in w.message.diagnostics]
        assert [diagnostic.code for diagnostic in told] == (["TL211"] if of_steps else [])


# ------------------------------------------------------------------------------------- as Keras says
SIZES = (None, 1, 2, 3)
MAKERS = [
    *(Maker(name, (), {}) for name in (*BROADCASTING, "Subtract")),
    *(L.Concatenate(axis=axis) for axis in (-1, 1, 2)),
    *(L.Dot(axes) for axes in (-1, 1, 2, (1, 2), (2, 1), (-1, 1))),
]


@pytest.mark.parametrize("make", MAKERS, ids=str)
def test_refuses_what_keras_refuses_and_infers_what_it_computes(make: Maker) -> None:
    draw = random.Random(str(make))
    for _ in range(150):
        shapes = tuple((None, *draw.choices(SIZES, k=draw.randint(1, 3))) for _ in range(2))
        mine, theirs = ours(make, shapes), keras_says(make, shapes)
        note = f"{make} on {shapes}: ours {mine}, Keras {theirs}"
        if isinstance(theirs, str):
            # Keras takes an unknown size for a number of its own, and compares it
            assert mine is None or any(None in shape[1:] for shape in shapes), note
        elif make.name == "Concatenate" and len({len(shape) for shape in shapes}) > 1:
            assert mine is None, note  # Keras looks at the ranks again when it runs, and fails
        else:
            assert mine is not None, note
            assert len(mine) == len(theirs), note
            assert all(b in (None, a) or _unknown_in_keras(make, a, b) for a, b in zip(mine, theirs, strict=True)), note


def _unknown_in_keras(make: Maker, mine: int | None, theirs: int | None) -> bool:
    """Concatenate of Keras says the first input's sizes, also where only another knows them."""
    return make.name == "Concatenate" and mine is None is not theirs


def ours(make: Maker, shapes: Any) -> Any:
    resolved = CONTRACTS[make.name].for_layer(make(keras.layers), Policy())
    specs = tuple(Spec("float32", shape) for shape in shapes)
    checked = check(resolved, {"inputs": specs})
    if checked.mismatches:
        return None
    out = infer(resolved, checked, {"inputs": specs})
    assert isinstance(out, Spec)
    return out.shape


def keras_says(make: Maker, shapes: Any) -> Any:
    try:
        return make(keras.layers)([keras.KerasTensor(shape) for shape in shapes]).shape
    except (ValueError, TypeError, IndexError) as error:
        return str(error)


VALUES = {"uint8": (200,), "int8": (100, -100), "int32": (200,), "float32": (200,)}
"""What 100 is merged with, so that a sum, difference or product needs more than 8 bits."""


@pytest.mark.parametrize(("one", "other"), itertools.product(VALUES, VALUES))
@pytest.mark.parametrize("name", sorted(MERGING))
def test_integers_are_what_they_are_in_a_run(name: str, one: str, other: str) -> None:
    """Refused where Keras gives another number than for floats, and only there; the dtype is what comes."""
    make = L.Dot(-1) if name == "Dot" else Maker(name, (), {})
    resolved = CONTRACTS[name].for_layer(make(keras.layers), Policy())
    specs = {"inputs": (Spec(one, (1, 1)), Spec(other, (1, 1)))}
    checked = check(resolved, specs)
    wraps, came = False, None
    for value in VALUES[other]:
        tensors = [tf.constant([[100]], one), tf.constant([[value]], other)]
        right = make(keras.layers)([tf.cast(tensor, "float32") for tensor in tensors])
        came = make(keras.layers)(tensors)
        wraps |= not np.array_equal(np.asarray(came, "float64"), np.asarray(right, "float64"))
    assert came is not None
    if name != "Dot":  # a product of int8 comes as int32; one of uint8 wraps, and nothing is said of it
        assert bool(checked.mismatches) == wraps
    out = infer(resolved, checked, specs)
    assert isinstance(out, Spec)
    assert checked.mismatches or out.dtype in (None, came.dtype.name)


# ------------------------------------------------------------------------------------------ messages
def test_a_message_names_both_tensors_and_where_they_come_from() -> None:
    x, y = keras.Input((28, 3), name="x"), keras.Input((28, 3), name="y")
    a, b = layers.Conv1D(8, 1, name="a")(x), layers.Conv1D(8, 2, name="b")(y)
    with pytest.raises(tl.ContractError) as caught:
        layers.Add(name="sum")([a, b])
    (told,) = caught.value.diagnostics
    assert told.headline == 'Add "sum": Conv1D "a" has 28 along axis 1, Conv1D "b" has 27 along axis 1'
    assert told.gets == 'float32 (batch, 28, 8) from Conv1D "a", float32 (batch, 27, 8) from Conv1D "b"'


FIXES = [
    # layer, what came, the fixes
    (L.Multiply(), "f32[?,5,3] f32[?,5]", ("layers.Reshape((5, 1)) after",)),
    (L.Multiply(), "f32[?,5,3] f32[?,4]", ()),
    (L.Concatenate(), "f32[?,6,4] f32[?,3]", ("layers.RepeatVector(6) after",)),
    (L.Concatenate(), "f32[?,6,4] f32[?,3,2,1]", ()),
    (L.Concatenate(), "f32[?,3,8,8] f32[?,5,8,8]", ("axis=1",)),
    (L.Concatenate(), "f32[?,3,8] f32[?,5,7]", ()),
    (L.Concatenate(), "f32[?,24,24,3] f32[?,25,25,4]", ("layers.ZeroPadding2D", "layers.Cropping2D")),
    (L.Dot(1), "f32[?,6,4] f32[?,3,6]", ("axes=(1, 2)",)),
    (L.Dot(1), "f32[?,6,4] f32[?,4,6]", ()),
]  # fmt: skip


@pytest.mark.parametrize(("make", "given", "fixes"), FIXES)
def test_a_fix_is_offered_where_it_mends(make: Maker, given: str, fixes: tuple[str, ...]) -> None:
    with pytest.raises(tl.ContractError) as caught:
        make()(several(given, symbolic))
    offered = [fix.text for fix in caught.value.diagnostics[0].fixes]
    assert len(offered) == len(fixes)
    assert all(text.startswith(start) for text, start in zip(offered, fixes, strict=True))


def test_the_offered_fixes_mend() -> None:
    sequence, weights, vector = symbolic("f32[?,5,3]"), symbolic("f32[?,5]"), symbolic("f32[?,4]")
    assert layers.Multiply()([sequence, layers.Reshape((5, 1))(weights)]).shape == (None, 5, 3)
    assert layers.Concatenate()([sequence, layers.RepeatVector(5)(vector)]).shape == (None, 5, 7)
    assert layers.Dot((1, 2))([symbolic("f32[?,6,4]"), symbolic("f32[?,3,6]")]).shape == (None, 4, 3)


# ------------------------------------------------------------------------------------------ lenient mode
@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("name", ["Add", "Subtract", "Multiply", "Average"])
def test_lenient_mode_casts_a_member_of_the_list(name: str, compiled: bool) -> None:
    x, y = tf.constant([[200, 100]], "uint8"), tf.constant([[100, 200]], "uint8")
    layer = getattr(layers, name)()

    def call(*tensors: Any) -> Any:
        return layer(list(tensors))

    with tl.mode("lenient"):
        gives = tf.function(call, jit_compile=True, autograph=False)(x, y) if compiled else call(x, y)
    floats = [tf.cast(tensor, "float32") for tensor in (x, y)]
    np.testing.assert_array_equal(gives, getattr(keras.layers, name)()(floats))
    assert [entry.what for entry in tl.repairs(layer)] == [f'`inputs[0]` of {name} "{layer.name}"']


def test_a_repair_in_a_list_is_a_node_of_the_model(tmp_path: Any) -> None:
    x, y = keras.Input((2,), dtype="uint8", name="x"), keras.Input((2,), dtype="uint8", name="y")
    with tl.mode("lenient"):
        model = keras.Model([x, y], layers.Add()([x, y]))
    data = [np.array([[200, 100]], "uint8")] * 2
    np.testing.assert_array_equal(model(data), [[400.0, 200.0]])
    model.save(tmp_path / "model.keras")
    np.testing.assert_array_equal(keras.saving.load_model(tmp_path / "model.keras")(data), [[400.0, 200.0]])


# ---------------------------------------------------------------------------------------- as in Keras
FUNCTIONS = ["add", "subtract", "multiply", "average", "maximum", "minimum", "concatenate", "dot"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_functions_make_typed_layers(name: str) -> None:
    x, y = symbolic("f32[?,4]"), symbolic("f32[?,4]")
    mine, theirs = getattr(layers, name)([x, y], name="merged"), getattr(keras.layers, name)([x, y])
    made = mine._keras_history.operation
    assert type(made) is getattr(layers, name.capitalize())
    assert made.name == "merged"
    assert mine.shape == theirs.shape
    assert getattr(layers, name).__doc__ == getattr(keras.layers, name).__doc__
    with pytest.raises(tl.ContractError):
        getattr(layers, name)([x, symbolic("f32[?,5,4,3]") if name == "concatenate" else symbolic("f32[?,5]")])


def test_masks_are_merged_as_in_keras() -> None:
    ids = tf.constant([[1, 2, 0], [3, 0, 0]])
    for name in ("Add", "Concatenate", "Maximum"):
        found = []
        for home in (layers, keras.layers):
            embedded = home.Embedding(5, 4, mask_zero=True)(ids)
            found.append(np.asarray(getattr(home, name)()([embedded, embedded])._keras_mask))
        np.testing.assert_array_equal(*found)


@pytest.mark.parametrize("name", sorted(MERGING))
def test_round_trips(name: str, tmp_path: Any) -> None:
    x, y = keras.Input((4,), name="x"), keras.Input((4,), name="y")
    layer = layers.Dot(1) if name == "Dot" else getattr(layers, name)()
    assert type(layer).from_config(layer.get_config()).get_config() == layer.get_config()
    model = keras.Model([x, y], layer([x, y]))
    model.save(tmp_path / "model.keras")
    plain = keras.saving.load_model(tmp_path / "model.keras")
    data = [eager("f32[2,4]"), eager("f32[2,4]")]
    np.testing.assert_array_equal(plain(data), model(data))
    assert type(plain.layers[-1]) is getattr(keras.layers, name)
    np.testing.assert_array_equal(keras.models.clone_model(model)(data), model(data))


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float64"])
@pytest.mark.parametrize("name", sorted(MERGING))
def test_mixed_precision(name: str, policy: str) -> None:
    arguments = {"axes": 1} if name == "Dot" else {}
    data = [eager("f16[2,4]"), eager("f32[2,4]")]
    mine = getattr(layers, name)(dtype=policy, **arguments)(data)
    theirs = getattr(keras.layers, name)(dtype=policy, **arguments)(data)
    assert mine.dtype == theirs.dtype
    np.testing.assert_array_equal(mine, theirs)


def test_a_call_that_fits_is_known_by_its_signature() -> None:
    layer, data = layers.Add(), [eager("f32[3,4]"), eager("f32[3,4]")]
    layer(data)
    layer(data)
    assert len(layer._typedlayers.fits) == 1
    with pytest.raises(tl.ContractError):
        layer([eager("f32[3,4]"), eager("f32[2,4]")])
