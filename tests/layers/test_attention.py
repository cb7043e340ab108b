"""The attention layers: what query, value, key and masks must have in common, and what they give."""

from __future__ import annotations

import contextlib
import copy
import itertools
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from tests.layers.rows import L, Maker, eager, parse, symbolic, text_of, with_values
from typedlayers import layers
from typedlayers.catalogue.attention import CONTRACTS
from typedlayers.contracts.contract import check, infer
from typedlayers.contracts.dtypes import Policy
from typedlayers.spec import Spec, SpecTree

PAIR = ("Attention", "AdditiveAttention")
"""Layers whose first argument is a list."""


@dataclass(frozen=True)
class Row:
    """A call of an attention layer, and the verdict.

    Attributes:
        make: the layer.
        given: query, value and, if there is one, key.
        masks: masks by argument; of the layers that take a list, ``mask`` holds them in order, ``-`` for None.
        gives: what it gives, if it is accepted.
        code: the code that strict mode raises, if it is refused.
        lenient: the repair of lenient mode.
        runs: whether Keras runs it all the same.
    """

    make: Maker
    given: str
    gives: str | None = None
    code: str | None = None
    masks: Mapping[str, str] = field(default_factory=dict)
    lenient: str | None = None
    runs: bool = False

    @property
    def available(self) -> bool:
        """Whether the installed Keras has the layer."""
        return self.make.available

    def __str__(self) -> str:
        masks = "".join(f" {name}={text}" for name, text in self.masks.items())
        return f"{self.make} on {self.given}{masks} {'gives ' + self.gives if self.gives else 'is ' + str(self.code)}"

    def call(self, layer: Any, tensor: Any, **options: Any) -> Any:
        """Calls a layer with the row's arguments, made by a function."""
        given = [tensor(part) for part in self.given.split()]
        if self.make.name in PAIR:
            masks = [None if part == "-" else tensor(part) for part in self.masks.get("mask", "").split()]
            return layer(given, **({"mask": masks} if masks else {}), **options)
        return layer(*given, **{name: tensor(text) for name, text in self.masks.items()}, **options)


MHA, GQA = L.MultiHeadAttention(2, 4), L.GroupQueryAttention(4, 2, 1)
BOTH = (MHA, GQA)


def of_both(given: str, **rest: Any) -> list[Row]:
    """The same row of MultiHeadAttention and of GroupQueryAttention."""
    return [Row(make, given, **rest) for make in BOTH]


MASKS = ("5,6", "1,6", "?,5,6", "1,5,6", "?,1,6", "?,5,1", "?,2,5,6", "?,1,5,6", "?,1,1,6")
"""Shapes of an attention_mask for 5 queries, 6 keys and 2 heads."""
WRONG_MASKS = ("3,6", "?,5,5", "?,6,5", "?,3,5,6", "?,1,2,5,6")

ROWS = [
    *of_both("f32[?,5,8] f32[?,6,8]", gives="f32[?,5,8]"),
    *of_both("f32[?,5,8] f32[?,6,8] f32[?,6,3]", gives="f32[?,5,8]"),
    *of_both("f32[?,5,8] f32[?,?,8]", gives="f32[?,5,8]"),
    *of_both("i32[?,5,8] i32[?,6,8]", gives="f32[?,5,8]"),
    *of_both("f32[?,5,8] f32[?,6,8]", masks={"value_mask": "bool[?,6]", "key_mask": "bool[?,6]"}, gives="f32[?,5,8]"),
    *(
        row
        for mask in MASKS
        for row in of_both("f32[?,5,8] f32[?,6,8]", masks={"attention_mask": f"bool[{mask}]"}, gives="f32[?,5,8]")
    ),
    *(
        row
        for mask in WRONG_MASKS
        for row in of_both("f32[?,5,8] f32[?,6,8]", masks={"attention_mask": f"bool[{mask}]"}, code="TL706")
    ),
    *of_both(
        "f32[?,5,8] f32[?,6,8]", masks={"attention_mask": "bool[?,6]"}, code="TL706", lenient="expand_dims(axis=1)"
    ),
    *of_both("f32[?,5,8] f32[?,6,8]", masks={"value_mask": "bool[?,5]"}, code="TL706"),
    *of_both("f32[?,5,8] f32[?,6,8]", masks={"key_mask": "bool[?,5]"}, code="TL706"),
    *of_both("f32[?,5,8] f32[?,6,8] f32[?,7,8]", code="TL203"),
    *of_both("f32[3,5,8] f32[2,6,8]", code="TL203"),
    *of_both("f32[?,8] f32[?,6,8]", code="TL201"),
    *of_both("f64[2,5,8] f32[2,6,8]", code="TL301", lenient="cast to float32", runs=True),
    *of_both("str[?,5,8] f32[?,6,8]", code="TL302"),
    *of_both("f32[?,5,8] c64[?,6,8]", code="TL303"),
    Row(GQA, "f32[?,2,5,8] f32[?,6,8]", code="TL201"),
    Row(MHA, "f32[?,2,5,8] f32[?,2,6,8]", gives="f32[?,2,5,8]"),
    Row(MHA, "f32[?,2,5,8] f32[?,6,8]", code="TL706"),
    Row(L.MultiHeadAttention(2, 4, output_shape=7), "f32[?,5,8] f32[?,6,8]", gives="f32[?,5,7]"),
    Row(L.MultiHeadAttention(2, 4, output_shape=(7, 3), value_dim=5), "f32[?,5,8] f32[?,6,8]", gives="f32[?,5,7,3]"),
    Row(L.MultiHeadAttention(2, 4, dropout=0.5), "f32[1,5,8] f32[3,6,8]", gives="f32[3,5,8]"),
    Row(L.MultiHeadAttention(2, 4, attention_axes=(2,)), "f32[?,5,6,8] f32[?,5,7,8]", gives="f32[?,5,6,8]"),
    Row(L.MultiHeadAttention(2, 4, attention_axes=[-2]), "f32[?,5,6,8] f32[?,5,7,8]", gives="f32[?,5,6,8]"),
    Row(L.MultiHeadAttention(2, 4, attention_axes=1), "f32[?,5,6,8] f32[?,4,6,8]", gives="f32[?,5,6,8]"),
    Row(L.MultiHeadAttention(2, 4, attention_axes=(2,)), "f32[?,5,6,8] f32[?,4,7,8]", code="TL706"),
    *(row for name in PAIR for row in (
        Row(Maker(name, (), {}), "f32[?,5,8] f32[?,6,8]", gives="f32[?,5,8]"),
        Row(Maker(name, (), {}), "f32[?,5,8] f32[?,6,3] f32[?,6,8]", gives="f32[?,5,3]"),
        Row(Maker(name, (), {}), "f32[?,2,5,8] f32[?,2,6,8]", gives="f32[?,2,5,8]"),
        Row(Maker(name, (), {}), "f32[?,5,8] f32[?,6,8]", masks={"mask": "bool[?,5] bool[?,6]"}, gives="f32[?,5,8]"),
        Row(Maker(name, (), {}), "f32[?,5,8] f32[?,6,8]", masks={"mask": "- bool[?,6]"}, gives="f32[?,5,8]"),
        Row(Maker(name, (), {}), "f32[?,5,8] f32[?,6,8]", masks={"mask": "bool[?,5] -"}, gives="f32[?,5,8]"),
        Row(Maker(name, (), {}), "f32[?,5,8] f32[?,6,8]", masks={"mask": "- bool[?,5]"}, code="TL203"),
        Row(Maker(name, (), {}), "f32[?,5,8] f32[?,6,8]", masks={"mask": "bool[?,6] -"}, code="TL203"),
        Row(Maker(name, (), {}), "f32[?,5,8] f32[?,6,7]", code="TL203"),
        Row(Maker(name, (), {}), "f32[?,5,8] f32[?,7,3] f32[?,6,8]", code="TL203"),
        Row(Maker(name, (), {}), "f32[3,5,8] f32[2,6,8]", code="TL203"),
        Row(Maker(name, (), {}), "f32[?] f32[?]", code="TL201"),
        Row(Maker(name, (), {}), "f32[?,5,8]", code="TL107"),
        Row(Maker(name, (), {}), "f64[2,5,8] f32[2,6,8]", code="TL301", lenient="cast to float32", runs=True),
        Row(Maker(name, (), {}), "str[?,5,8] f32[?,6,8]", code="TL302"),
        Row(Maker(name, (), {}), "f32[?,5,8] c64[?,6,8]", code="TL303"),
    )),
    Row(L.Attention(), "i32[?,5,8] i32[?,6,8]", code="TL304", lenient="cast to float32"),
    Row(L.Attention(use_scale=True), "i32[?,5,8] i32[?,6,8]", gives="f32[?,5,8]"),
    Row(L.Attention(score_mode="concat"), "i32[?,5,8] i32[?,6,8]", gives="f32[?,5,8]"),
    Row(L.AdditiveAttention(), "i32[?,5,8] i32[?,6,8]", gives="f32[?,5,8]"),
]  # fmt: skip
ROWS = [row for row in ROWS if row.available]
ACCEPTED = [row for row in ROWS if row.gives is not None]
REFUSED = [row for row in ROWS if row.code is not None]


def table(rows: list[Row]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=str)


@table(ACCEPTED)
def test_accepted(row: Row) -> None:
    assert row.gives is not None
    if "?,?" not in row.given:
        assert text_of(row.call(row.make(), eager)) == with_values(row.gives)
    assert row.call(row.make(), symbolic).shape[1:] == parse(row.gives)[1][1:]


@table(REFUSED)
def test_refused(row: Row) -> None:
    for tensor in (eager,) if row.code == "TL301" else (eager, symbolic):
        layer = row.make()
        with pytest.raises(tl.ContractError) as caught:
            row.call(layer, tensor)
        assert {diagnostic.code for diagnostic in caught.value.diagnostics} == {row.code}
        assert layer.name in caught.value.diagnostics[0].headline


@table([row for row in REFUSED if row.make.available])
def test_keras_fails_on_what_is_refused(row: Row) -> None:
    with contextlib.nullcontext() if row.runs else pytest.raises(Exception):  # noqa: PT011 - whatever it raises
        row.call(row.make(keras.layers), eager)


@table([row for row in REFUSED if row.lenient is not None])
@pytest.mark.parametrize("compiled", [False, True])
def test_lenient_mode_repairs(row: Row, compiled: bool) -> None:
    layer = row.make()
    with tl.mode("lenient"):
        if compiled:
            row.call(layer, eager)
            tf.function(lambda: row.call(layer, eager), jit_compile=True, autograph=False)()
        else:
            row.call(layer, eager)
    assert [str(entry.repair) for entry in tl.repairs(layer)][:1] == [row.lenient]


@table([row for row in REFUSED if row.lenient is None])
def test_lenient_mode_raises_what_it_cannot_repair(row: Row) -> None:
    layer = row.make()
    with tl.mode("lenient"), pytest.raises(tl.ContractError):
        row.call(layer, eager)


def test_a_repaired_padding_mask_hides_the_padding_of_each_sample() -> None:
    x, padding = eager("f32[3,5,8]"), tf.constant(np.arange(5) < np.array([[5], [2], [3]]))
    layer = layers.MultiHeadAttention(2, 4)
    expected = layer(x, x, attention_mask=padding[:, None, :])
    with tl.mode("lenient"):
        np.testing.assert_array_equal(layer(x, x, attention_mask=padding), expected)


def test_a_repaired_mask_is_a_node_of_the_model() -> None:
    x, padding = symbolic("f32[?,5,8]"), symbolic("bool[?,5]")
    with tl.mode("lenient"):
        model = keras.Model([x, padding], layers.MultiHeadAttention(2, 4)(x, x, attention_mask=padding))
    assert model([eager("f32[3,5,8]"), eager("bool[3,5]")]).shape == (3, 5, 8)


def test_every_layer_and_every_rule_has_a_row() -> None:
    available = {name for name in CONTRACTS if hasattr(keras.layers, name)}
    assert {row.make.name for row in ACCEPTED} == {row.make.name for row in REFUSED} == available
    codes = {rule.code for contract in CONTRACTS.values() for rule in contract.rules}
    tested_below = {"TL707", "TL708"}
    assert codes - tested_below <= {row.code for row in REFUSED}


# ------------------------------------------------------------------------------------- what they give
@table(ACCEPTED)
def test_infers_what_keras_gives(row: Row) -> None:
    for scores in (False, True):
        plain = row.make(keras.layers)
        resolved = CONTRACTS[row.make.name].for_layer(plain, Policy())
        specs = specs_of(row, resolved.first)
        values = {"return_attention_scores": scores}
        checked = check(resolved, specs, values=values)
        assert not checked.mismatches
        mine, theirs = infer(resolved, checked, specs, values), row.call(plain, eager, return_attention_scores=scores)
        for one, other in zip(*(each if scores else [each] for each in (mine, theirs)), strict=True):
            assert one.dtype == other.dtype.name
            if one.shape is not None:
                assert len(one.shape) == len(other.shape)
                assert all(a in (None, b) for a, b in zip(one.shape, other.shape, strict=True) if "?" not in row.given)
                assert one.shape[-1] in (None, other.shape[-1])


def specs_of(row: Row, first: str) -> dict[str, SpecTree]:
    given: list[SpecTree] = [Spec(*parse(part)) for part in row.given.split()]
    if row.make.name in PAIR:
        return {first: given}
    return dict(zip((first, "value", "key"), given, strict=False))


# -------------------------------------------------------------------------------------------- the masks
MIXED = np.array([[1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 1, 1]])
SQUARES = [
    # a mask of 4 queries and 4 keys beside 4 samples; whether it looks like padding
    (MIXED, True),
    (MIXED.astype("float32"), True),
    (np.tri(4), False),
    (np.tri(4, k=1), False),
    (np.tri(4, k=-1), False),
    (np.ones((4, 4)), False),
    (np.eye(4), False),
    (np.triu(np.ones((4, 4))), False),
    (np.kron(np.eye(2), np.ones((2, 2))), False),
    (np.array([[1, 1, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1]]), False),
    (1 - MIXED, False),
]
"""Causal ones of all kinds, bands and blocks are no padding."""


@pytest.mark.parametrize(("mask", "padding"), SQUARES)
@pytest.mark.parametrize("mode", ["strict", "lenient"])
def test_padding_is_told_by_its_values_where_the_shape_is_square(mask: Any, padding: bool, mode: str) -> None:
    x = eager("f32[4,4,8]")
    given = mask if mask.dtype == "float32" else mask.astype(bool)
    with warnings.catch_warnings(record=True) as caught, tl.mode(mode):
        warnings.simplefilter("always", tl.ContractWarning)
        layers.MultiHeadAttention(2, 4)(x, x, attention_mask=tf.constant(given))
    codes = [d.code for w in caught if isinstance(w.message, tl.ContractWarning) for d in w.message.diagnostics]
    assert codes == (["TL707"] if padding else [])


def test_a_square_mask_of_fewer_samples_is_left_alone() -> None:
    x = eager("f32[3,4,8]")
    layers.MultiHeadAttention(2, 4)(x, x, attention_mask=tf.constant(MIXED.astype(bool)))


@pytest.mark.parametrize("argument", ["attention_mask", "value_mask", "key_mask"])
@pytest.mark.parametrize("make", BOTH, ids=str)
def test_a_mask_to_be_added_is_refused(make: Maker, argument: str) -> None:
    x, seen = eager("f32[2,4,8]"), np.ones((2, 4, 4) if argument == "attention_mask" else (2, 4), bool)
    seen[..., -1] = False
    plain = make(keras.layers)
    added = tf.constant(np.where(seen, 0.0, -1e9), "float32")
    expected = plain(x, x, **{argument: tf.constant(seen)})
    assert not np.allclose(plain(x, x, **{argument: added}), expected), "Keras takes it the wrong way round"
    with pytest.raises(tl.ContractError) as caught:
        make()(x, x, **{argument: added})
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["TL708"]
    np.testing.assert_allclose(plain(x, x, **{argument: added == 0}), expected)


@pytest.mark.parametrize("dtype", ["float32", "int32", "uint8", "bool"])
def test_a_mask_of_zero_and_one_passes_in_every_dtype(dtype: str) -> None:
    x, mask = eager("f32[2,4,8]"), tf.cast(np.tri(4)[None], dtype)
    layers.MultiHeadAttention(2, 4)(x, x, attention_mask=mask)


def test_a_mask_in_a_graph_has_no_values_to_look_at() -> None:
    layer = layers.MultiHeadAttention(2, 4)

    @tf.function
    def call(x: Any, mask: Any) -> Any:
        return layer(x, x, attention_mask=mask)

    assert call(eager("f32[4,4,8]"), tf.constant(MIXED.astype(bool))).shape == (4, 4, 8)


def test_a_causal_mask_of_unknown_length_passes_in_a_graph() -> None:
    layer = layers.MultiHeadAttention(2, 4)

    @tf.function(input_signature=[tf.TensorSpec((None, None, 8))])
    def call(x: Any) -> Any:
        time = tf.shape(x)[1]
        return layer(x, x, attention_mask=tf.linalg.band_part(tf.ones((time, time)), -1, 0))

    assert call(eager("f32[3,5,8]")).shape == (3, 5, 8)


@pytest.mark.parametrize("mask", ["f32[2,1,5]", "f32[1,5]", "f32[5,5]"])
def test_masks_of_a_decoder_pass(mask: str) -> None:
    """One query at a time against all keys so far; a mask without batch."""
    query = eager("f32[2,1,8]") if mask != "f32[5,5]" else eager("f32[2,5,8]")
    layers.MultiHeadAttention(2, 4)(query, eager("f32[2,5,8]"), attention_mask=eager(mask), use_causal_mask=False)


# ---------------------------------------------------------------------------------------- as in Keras
def test_features_that_the_weights_were_made_for() -> None:
    layer = layers.MultiHeadAttention(2, 4)
    layer(eager("f32[2,5,8]"), eager("f32[2,6,7]"))
    for query, value, name in (("f32[2,5,9]", "f32[2,6,7]", "query"), ("f32[2,5,8]", "f32[2,6,9]", "value")):
        with pytest.raises(tl.ContractError, match=f"weights for the {name} are made for") as caught:
            layer(eager(query), eager(value))
        assert caught.value.diagnostics[0].code == "TL203"
    additive = layers.AdditiveAttention()
    additive([eager("f32[2,5,8]"), eager("f32[2,6,8]")])
    with pytest.raises(tl.ContractError, match="TL203"):
        additive([eager("f32[2,5,9]"), eager("f32[2,6,9]")])


def test_arguments_may_be_named() -> None:
    layer = layers.MultiHeadAttention(2, 4)
    assert layer(query=eager("f32[2,5,8]"), value=eager("f32[2,6,8]"), key=None).shape == (2, 5, 8)
    with pytest.raises(tl.ContractError, match="`value`"):
        layer(query=eager("f32[3,5,8]"), value=eager("f32[2,6,8]"))


def test_masks_of_the_tensors_themselves_are_used_as_in_keras() -> None:
    ids = tf.constant([[1, 2, 0], [3, 0, 0]])
    embedded = layers.Embedding(5, 8, mask_zero=True)(ids)
    for make in (*BOTH, L.Attention(), L.AdditiveAttention()):
        if not make.available:
            continue
        found = []
        for home in (layers, keras.layers):
            keras.utils.set_random_seed(0)
            layer = make(home)
            x = tf.identity(embedded)
            x._keras_mask = embedded._keras_mask
            found.append(layer([x, x]) if make.name in PAIR else layer(x, x))
        np.testing.assert_array_equal(*found)


@pytest.mark.parametrize("make", [MHA, GQA, L.Attention(use_scale=True), L.AdditiveAttention()], ids=str)
def test_round_trips(make: Maker, tmp_path: Any) -> None:
    if not make.available:
        pytest.skip("the installed Keras lacks it")
    x, y = keras.Input((5, 8), name="x"), keras.Input((6, 8), name="y")
    layer = make()
    assert layer.get_config() == type(layer).from_config(layer.get_config()).get_config()
    model = keras.Model([x, y], layer([x, y]) if make.name in PAIR else layer(x, y))
    data = [eager("f32[2,5,8]"), eager("f32[2,6,8]")]
    model.save(tmp_path / "model.keras")
    plain = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(plain(data), model(data))
    assert type(plain.layers[-1]) is getattr(keras.layers, make.name)
    again = copy.deepcopy(layer)
    assert type(again) is type(layer)
    model.save_weights(tmp_path / "weights.weights.h5")
    plain.load_weights(tmp_path / "weights.weights.h5")
    assert keras.models.clone_model(model)(data).shape == (2, 5, 8)


POLICIES = ("mixed_float16", "mixed_bfloat16", "float64")


@pytest.mark.parametrize(
    ("make", "policy"), itertools.product([MHA, GQA, L.Attention(), L.AdditiveAttention()], POLICIES)
)
def test_mixed_precision(make: Maker, policy: str) -> None:
    if not make.available:
        pytest.skip("the installed Keras lacks it")
    row = Row(make, "f16[2,5,8] f32[2,6,8]")
    mine = row.call(Maker(make.name, make.args, {"dtype": policy})(), eager)
    theirs = row.call(Maker(make.name, make.args, {"dtype": policy})(keras.layers), eager)
    assert mine.dtype == theirs.dtype
    assert mine.shape == theirs.shape


def test_the_class_has_keras_s_name() -> None:
    """Keras calls the class GroupedQueryAttention, and exports it as GroupQueryAttention."""
    if not hasattr(keras.layers, "GroupQueryAttention"):
        pytest.skip("the installed Keras lacks it")
    assert layers.GroupQueryAttention.__name__ == keras.layers.GroupQueryAttention.__name__
    assert layers.GroupQueryAttention.__module__ == keras.layers.GroupQueryAttention.__module__
    assert isinstance(keras.layers.GroupQueryAttention(4, 2, 1), layers.GroupQueryAttention)


@pytest.mark.parametrize("home", [layers, keras.layers], ids=["typed", "plain"])
def test_the_class_is_found_by_both_of_its_names(home: Any, tmp_path: Any) -> None:
    """A typed file says the one, a plain one the other."""
    if not hasattr(keras.layers, "GroupQueryAttention"):
        pytest.skip("the installed Keras lacks it")
    x = keras.Input((5, 8))
    model = keras.Model(x, home.GroupQueryAttention(4, 2, 1)(x, x))
    model.save(tmp_path / "model.keras")
    again = tl.load_model(tmp_path / "model.keras")
    assert type(again.layers[-1]) is layers.GroupQueryAttention
    np.testing.assert_array_equal(again(eager("f32[2,5,8]")), model(eager("f32[2,5,8]")))
