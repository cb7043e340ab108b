"""Data against a model's inputs: what is a mistake, which one, what lenient mode may do; and what is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.facts.data import Batch, Finding, Part, Source
from typedlayers.facts.inputs import Inputs, Intake, Reader, Reads
from typedlayers.facts.values import IdFacts
from typedlayers.rules.contracts.repair_plan import after
from typedlayers.rules.data.all_rules import findings
from typedlayers.rules.data.ids import check_ids
from typedlayers.rules.data.samples import check_batched, check_counts, check_lists, check_ranks, check_text_arrays
from typedlayers.spec import Carrier, Spec

WHERE = Location("train.py", 7, 'Functional "net"', "given to it")
FINE: tuple[str | None, str | None] = (None, None)
N = None


def an_input(shape: Any, dtype: str = "float32", name: str = "image", **more: Any) -> Intake:
    """An input of a model; its batch comes by itself."""
    whole = None if shape is None else (None, *shape)
    return Intake('Functional "net"', name, 'Dense "d"', Spec(dtype, whole), WHERE, key=name, **more)


def a_model(tree: Any) -> Inputs:
    return Inputs('Functional "net"', WHERE, tree)


def array(shape: Any, dtype: str = "float32") -> Spec:
    return Spec(dtype, shape, Carrier.ARRAY)


def element(shape: Any, dtype: str = "float32") -> Spec:
    return Spec(dtype, shape, Carrier.DATASET)


def dataset(x: Any, y: Any = None, weight: Any = None, **more: Any) -> Batch:
    return Batch(x, y, weight, what="the dataset", source=Source.DATASET, **more)


def codes(found: list[Finding]) -> list[str]:
    return [finding.diagnostic.code for finding in found]


SHAPES = [
    # one sample of the input, the array, the code, what lenient mode does
    ((6,), (8, 6), *FINE),
    ((6,), (8, None), *FINE),
    ((6,), (6,), "TL503", "expand_dims(axis=0)"),
    ((6,), (1, 6), *FINE),
    ((6,), (8, 7), "TL502", None),
    ((6,), (8, 6, 1), *FINE),  # Keras takes the last axis away
    ((6,), (8, 1, 6), "TL501", "squeeze(axis=1)"),
    ((6,), (8, 2, 3), "TL501", "flatten"),
    ((6,), (8, 2, 4), "TL501", None),
    ((1,), (8,), *FINE),  # Keras adds the last axis
    ((1,), (8, 1), *FINE),
    ((), (8,), *FINE),
    ((), (8, 1), *FINE),
    ((), (), "TL503", "expand_dims(axis=0)"),
    ((1,), (), "TL503", "expand_dims(axis=0)"),
    ((None,), (8, 5), *FINE),
    ((None,), (5,), "TL503", None),  # a sequence, or samples of one step
    ((None, 1), (5, 1), *FINE),  # samples of one step each: Keras adds the last axis
    ((None, 1), (8, 5), *FINE),
    ((None, 8), (50, 8), "TL503", None),  # one sequence, or rows
    ((1, 8), (50, 8), "TL501", "expand_dims(axis=1)"),
    ((1, 8), (1, 8), "TL503", "expand_dims(axis=0)"),
    ((28, 28, 1), (8, 28, 28, 1), *FINE),
    ((28, 28, 1), (8, 28, 28), *FINE),
    ((28, 28), (8, 28, 28, 1), *FINE),
    ((28, 28, 1), (28, 28, 1), "TL503", "expand_dims(axis=0)"),
    ((28, 28, 1), (28, 28), "TL503", "expand_dims(axis=0)"),
    ((28, 28, 1), (8, 784), "TL501", None),
    ((28, 28, 1), (8, 1, 28, 28), "TL502", None),
    ((28, 28, 1), (8, 28, 28, 3), "TL502", None),
    ((28, 28, 1), (1, 8, 28, 28, 1), "TL501", "squeeze(axis=0)"),
    ((28, 28, 1), (8, 1, 28, 28, 1), "TL501", "squeeze(axis=1)"),
    ((28, 28, 1), (8, 1, 1, 28, 28, 1), "TL501", None),
    ((28, 28, 1), (4, 8, 28, 28, 1), "TL501", None),
    ((1, 28, 28), (8, 28, 28), "TL501", "expand_dims(axis=1)"),
    ((1, 28, 28), (8, 28, 28, 1), "TL502", None),
    ((1, 28, 28), (1, 28, 28), "TL503", "expand_dims(axis=0)"),
    ((28, 28, 3), (8, 28, 28), "TL501", None),
    ((28, 28, 3), (28, 28, 3), "TL503", "expand_dims(axis=0)"),
    ((None, None, 3), (8, 20, 30, 3), *FINE),
    ((None, None, 3), (20, 30, 3), "TL503", "expand_dims(axis=0)"),
    ((None, None, 1), (20, 30, 1), "TL503", "expand_dims(axis=0)"),
    ((None, None, 1), (8, 20, 30), *FINE),
    ((None, None, 1), (60000, 784), "TL501", None),
    ((None, None, 3), (8, 20, 30, 4), "TL502", None),
    ((None, None, 3), (8, 20, 30, 1), "TL502", None),
    (None, (8, 3, 3, 3), *FINE),  # nothing was declared
    ((6,), None, *FINE),  # nothing is known
]


@pytest.mark.parametrize(("sample", "shape", "code", "repair"), SHAPES)
def test_an_array_for_an_input(sample: Any, shape: Any, code: str | None, repair: str | None) -> None:
    found = findings(a_model(an_input(sample)), Batch(array(shape)))
    assert codes(found) == ([] if code is None else [code])
    assert [finding.path for finding in found] == [()] * len(found)
    assert [finding.diagnostic.lenient and str(finding.diagnostic.lenient) for finding in found] == (
        [] if code is None else [repair]
    )


def test_one_sample_beside_targets_is_not_made_a_batch() -> None:
    (found,) = findings(a_model(an_input((6,))), Batch(array((6,)), array((1,))))
    assert (found.diagnostic.code, found.diagnostic.lenient) == ("TL503", None)


def test_targets_tell_rows_from_a_sample() -> None:
    (found,) = findings(a_model(an_input((None, 8))), Batch(array((650, 8)), array((650,))))
    assert found.diagnostic.code == "TL501"
    assert "a row is no sequence" in found.diagnostic.why


ELEMENTS = [
    # one sample of the input, the element of a dataset, the code
    ((6,), (N, 6), None),
    ((6,), (4, 6), None),  # drop_remainder
    ((6,), (6,), "TL503"),
    ((1,), (), "TL503"),
    ((), (), "TL503"),
    ((1,), (N,), None),
    ((28, 28, 1), (28, 28, 1), "TL503"),
    ((28, 28, 1), (28, 28), "TL503"),
    ((28, 28, 1), (N, 28, 28), None),
    ((28, 28, 1), (N, N, 28, 28, 1), "TL504"),
    ((28, 28, 1), (2, 4, 28, 28, 1), "TL504"),
    ((6,), (N, N, 6), "TL504"),
    ((6,), (N, N, 7), "TL501"),
    ((6,), None, None),
    ((None, None, 1), (N, N, N), None),  # a batch without channels
    ((None, None, 1), (N, N, 1), "TL503"),  # it would be a batch of images one pixel wide
    ((None,), (N,), "TL503"),
]


@pytest.mark.parametrize(("sample", "shape", "code"), ELEMENTS)
def test_an_element_for_an_input(sample: Any, shape: Any, code: str | None) -> None:
    found = findings(a_model(an_input(sample)), dataset(element(shape)))
    assert codes(found) == ([] if code is None else [code])
    assert all(finding.diagnostic.lenient is None for finding in found if code in ("TL503", "TL504"))


def test_a_dataset_is_said_not_to_be_batched_once() -> None:
    tree = {"a": an_input((1,), name="a"), "b": an_input((1,), name="b")}
    assert codes(findings(a_model(tree), dataset({"a": element(()), "b": element(())}))) == ["TL503"]


@pytest.mark.parametrize(("sample", "shape", "code", "repair"), SHAPES)
def test_a_repair_makes_the_data_fit(sample: Any, shape: Any, code: str | None, repair: str | None) -> None:
    inputs, spec = a_model(an_input(sample)), array(shape)
    for found in findings(inputs, Batch(spec)):
        lenient = found.diagnostic.lenient
        assert lenient is None or findings(inputs, Batch(after(lenient, spec))) == []


CAUSES = [
    # one sample of the input, the array, a word of the cause, the fix and what it does
    ((28, 28, 1), (8, 1, 28, 28), "channels come first", "np.moveaxis(x, 1, -1)", lambda x: np.moveaxis(x, 1, -1)),
    ((3, 28, 28), (8, 28, 28, 3), "channels come last", "np.moveaxis(x, -1, 1)", lambda x: np.moveaxis(x, -1, 1)),
    ((28, 28, 3), (8, 28, 28, 4), "alpha", "x[..., :3]", lambda x: x[..., :3]),
    ((28, 28, 3), (8, 28, 28, 1), "grey", "np.repeat(x, 3, axis=-1)", lambda x: np.repeat(x, 3, axis=-1)),
    (
        (28, 28, 3),
        (8, 28, 28),
        "grey",
        "np.repeat(x[..., np.newaxis], 3, axis=-1)",
        lambda x: np.repeat(x[..., np.newaxis], 3, axis=-1),
    ),
    ((20, 8), (50, 8, 20), "exchanged", "np.swapaxes(x, 1, 2)", lambda x: np.swapaxes(x, 1, 2)),
    ((784,), (8, 28, 28), "784 values", "x.reshape(len(x), -1)", lambda x: x.reshape(len(x), -1)),
    ((28, 28, 1), (8, 784), "784 values", "x.reshape((-1, 28, 28, 1))", lambda x: x.reshape((-1, 28, 28, 1))),
    ((6,), (8, 1, 6), "axis 1 of size 1", "np.squeeze(x, axis=1)", lambda x: np.squeeze(x, axis=1)),
    ((1, 8), (50, 8), "in place 1 is missing", "np.expand_dims(x, axis=1)", lambda x: np.expand_dims(x, axis=1)),
    ((6,), (6,), "one sample", "x[np.newaxis]", lambda x: x[np.newaxis]),
    ((1,), (), "one sample", "np.reshape(x, (1, 1))", lambda x: np.reshape(x, (1, 1))),
    ((), (), "one sample", "np.reshape(x, (1,))", lambda x: np.reshape(x, (1,))),
    ((28, 28, 1), (28, 28), "one sample", "x[np.newaxis]", lambda x: x[np.newaxis]),
]


@pytest.mark.parametrize(("sample", "shape", "why", "fix", "apply"), CAUSES)
def test_the_cause_and_a_fix_that_makes_the_data_fit(
    sample: Any, shape: Any, why: str, fix: str, apply: Callable[[Any], Any]
) -> None:
    inputs = a_model(an_input(sample))
    (found,) = findings(inputs, Batch(array(shape)))
    assert why in found.diagnostic.why
    assert any(fix in one.text for one in found.diagnostic.fixes)
    assert findings(inputs, Batch(array(apply(np.zeros(shape, "float32")).shape))) == []


def test_where_nothing_is_sure_no_fix_is_offered() -> None:
    (found,) = findings(a_model(an_input((6,))), Batch(array((8, 7))))
    assert "6 in the model and 7 in the data" in found.diagnostic.why
    assert found.diagnostic.fixes == ()


USER, ITEM, WIDE = an_input((3,), name="user"), an_input((3,), name="item"), an_input((5,), name="wide")
ROWS, MORE = array((8, 3)), array((8, 5))
IN_ORDER, BY_KEY, SORTED = (USER, ITEM), {"user": USER, "item": ITEM}, {"item": ITEM, "user": USER}

ARRANGEMENTS = [
    # the model's inputs, x, the code
    (USER, {"user": ROWS}, None),
    (USER, {"user": ROWS, "age": ROWS}, None),  # picked by its name
    (USER, {"age": ROWS}, "TL506"),
    ((USER,), {"age": ROWS, "user": ROWS}, None),
    (USER, (ROWS, ROWS), "TL507"),
    (USER, (array((3,)), array((3,))), "TL509"),
    (USER, (array((1, 3)), array((1, 3)), array((1, 3))), "TL509"),
    (USER, (ROWS, None), None),  # one is unknown
    (an_input(None), (ROWS, ROWS), None),  # nothing was declared: a layer may take a list
    (IN_ORDER, (ROWS, ROWS), None),
    (IN_ORDER, {"user": ROWS, "item": ROWS}, None),
    (IN_ORDER, {"age": ROWS, "user": ROWS, "item": ROWS}, None),  # picked by their names
    (IN_ORDER, {"user": ROWS}, "TL506"),
    (IN_ORDER, ROWS, "TL507"),
    (IN_ORDER, (ROWS, ROWS, ROWS), "TL507"),
    (IN_ORDER, ((ROWS, ROWS),), None),  # flattened
    (BY_KEY, {"user": ROWS, "item": ROWS}, None),
    (BY_KEY, {"user_id": ROWS, "item_id": ROWS}, "TL506"),
    (BY_KEY, {"user": ROWS, "item": ROWS, "age": ROWS}, "TL506"),
    (BY_KEY, {"user": ROWS, "item": ROWS, "zip": ROWS}, None),  # sorts behind the others: left out
    (BY_KEY, {"user": ROWS, "item": ROWS, "nation": ROWS}, "TL506"),
    (BY_KEY, (ROWS, ROWS), "TL507"),  # in which order?
    (SORTED, (ROWS, ROWS), None),
    (SORTED, ROWS, "TL507"),
    ({"user": USER}, ROWS, None),
    ({"user": USER}, {"wrong": ROWS}, "TL506"),
    ((USER, {"k": ITEM}), (ROWS, {"k": ROWS}), None),
    ((USER, {"k": ITEM}), (ROWS, {"other": ROWS}), None),  # counted off
    ((USER, {"k": ITEM}), (ROWS,), "TL507"),
    ((USER, WIDE), (ROWS, MORE), None),
    ((USER, WIDE), (MORE, ROWS), "TL508"),
    ((USER, WIDE), (MORE, MORE), "TL502"),
    ((USER, ITEM, WIDE), (MORE, ROWS, ROWS), "TL502, TL502"),  # in two orders it would fit
    ({"user": USER, "wide": WIDE}, {"user": MORE, "wide": ROWS}, "TL502, TL502"),  # by name: no order is wrong
    ((USER, an_input(None, name="b")), (ROWS, MORE), None),
    (None, {"anything": ROWS}, None),  # a subclassed model
]


@pytest.mark.parametrize(("tree", "x", "expected"), ARRANGEMENTS)
def test_a_nest_for_the_inputs(tree: Any, x: Any, expected: str | None) -> None:
    found = findings(a_model(tree), Batch(x))
    assert ", ".join(codes(found)) == (expected or "")


def test_an_extra_key_tells_what_goes_where() -> None:
    x = {"age": ROWS, "item": ROWS, "user": ROWS}
    (found,) = findings(a_model(BY_KEY), Batch(x))
    assert "'age' goes into 'item', 'item' goes into 'user'" in found.diagnostic.why
    (found,) = findings(a_model(BY_KEY), dataset(x, element((8, 1))))
    assert "ds.map(lambda x, y: ({name: x[name] for name in ('item', 'user')}, y))" in found.diagnostic.fixes[0].text


def test_keys_that_are_nearly_right_are_to_be_renamed() -> None:
    (found,) = findings(a_model(BY_KEY), Batch({"user_id": ROWS, "item_id": ROWS}))
    assert found.diagnostic.fixes[0].text == "rename the keys: 'user_id' to 'user', 'item_id' to 'item'"


def test_exchanged_inputs_are_put_in_order() -> None:
    (found,) = findings(a_model((USER, WIDE)), Batch((MORE, ROWS)))
    assert found.diagnostic.fixes[0].text.endswith("[x[1], x[0]]")


DTYPES = [
    # the input's dtype, the array, the code
    ("float32", array((8, 3), "float64"), None),
    ("float32", Spec("float64", (8, 3), Carrier.TENSOR), "TL301"),
    ("float32", element((8, 3), "float64"), None),
    ("float32", array((8, 3), "int64"), None),
    ("float32", array((8, 3), "bool"), None),
    ("float32", array((8, 3), "string"), "TL302"),
    ("float32", array((8, 3), "object"), "TL302"),
    ("float32", array((8, 3), "complex64"), "TL303"),
    ("int32", array((8, 3), "float32"), None),
    ("int32", array((8, 3), "string"), "TL302"),
    ("string", array((8, 3), "string"), None),
    ("string", array((8, 3), "object"), None),
    ("string", array((8, 3), "int64"), "TL514"),
    ("string", element((8, 3), "float32"), "TL514"),
]


@pytest.mark.parametrize(("dtype", "spec", "code"), DTYPES)
def test_dtypes(dtype: str, spec: Spec, code: str | None) -> None:
    assert codes(findings(a_model(an_input((3,), dtype)), Batch(spec))) == ([] if code is None else [code])


def test_the_columns_without_numbers_are_named() -> None:
    frame = Batch(array((8, 3), "object"), what="the data frame", columns=(("age", "int64"), ("city", "object")))
    (found,) = findings(a_model(an_input((3,))), frame)
    assert "the column 'city' holds no numbers" in found.diagnostic.why


LISTS = [
    # the list as an array, the code and what lenient mode does
    (array((8, 3), "float64"), "TL509", "cast to float32"),
    (array((8, 3), "int64"), "TL509", "cast to float32"),
    (array((8, None), "float64"), "TL509", None),
    (array((8, 4), "float64"), "TL509", None),
    (array((8, 3), "string"), "TL509", None),
]


@pytest.mark.parametrize(("spec", "code", "repair"), LISTS)
def test_python_lists(spec: Spec, code: str, repair: str | None) -> None:
    (found,) = findings(a_model(an_input((3,))), Batch(spec, lists=frozenset({"x"})))
    assert found.diagnostic.code == code
    assert (found.diagnostic.lenient and str(found.diagnostic.lenient)) == repair


def test_a_list_of_lists_is_named_by_its_place() -> None:
    tree = {"user": USER, "item": ITEM}
    x = {"user": array((8, 3)), "item": array((8, 3), "int64")}
    (found,) = findings(a_model(tree), Batch(x, lists=frozenset({"x['item']"})))
    assert found.path == ("item",)
    assert "x['item']" in found.diagnostic.gets


def test_ragged_tensors_matter_to_layers_that_cannot_take_them() -> None:
    ragged = frozenset({"x"})
    assert findings(a_model(an_input((None,))), dataset(element((N, N)), ragged=ragged)) == []
    (found,) = findings(a_model(an_input((None,), dense='LSTM "l"')), dataset(element((N, N)), ragged=ragged))
    assert found.diagnostic.code == "TL511"
    assert findings(a_model(an_input((None,), dense='LSTM "l"')), dataset(element((N, N)))) == []


EMBEDDING = Reader('Embedding "e"', Reads.ROWS, 10, "input_dim")
ENCODING = Reader('CategoryEncoding "c"', Reads.CODES, 4, "num_tokens")
LOOKUP = Reader('IntegerLookup "l"', Reads.KEYS)
IDS = [
    # what looks the values up, what was seen of them, the code
    (EMBEDDING, IdFacts(0, 9), None),
    (EMBEDDING, IdFacts(1, 10), "TL512"),
    (EMBEDDING, IdFacts(-1, 9), "TL512"),
    (EMBEDDING, IdFacts(0, 9, fraction=0.5), "TL513"),
    (EMBEDDING, IdFacts(0, 9, rounded=(2049, 2048)), "TL513"),
    (ENCODING, IdFacts(0, 3), None),
    (ENCODING, IdFacts(1, 4), "TL512"),
    (ENCODING, IdFacts(-1, 3), None),  # -1 is left out, which multi-hot rows use on purpose
    (LOOKUP, IdFacts(-5, 16777216), None),
    (LOOKUP, IdFacts(0, 2**25, rounded=(16777217, 16777216)), "TL513"),
    (LOOKUP, IdFacts(0, 9, fraction=0.5), None),
]


@pytest.mark.parametrize(("reader", "facts", "code"), IDS)
def test_values_that_are_looked_up(reader: Reader, facts: IdFacts, code: str | None) -> None:
    found = check_ids(an_input((1,), reader=reader), reader, facts, array((8, 1), "int64"), "x")
    assert (found and found.code) == code


def test_values_are_looked_at_only_for_a_layer_that_looks_them_up() -> None:
    def never(value: Any, dtype: str | None) -> IdFacts:
        raise AssertionError("the values were looked at")

    def out_of_range(value: Any, dtype: str | None) -> IdFacts:
        assert (value, dtype) == ("the values", "int32")
        return IdFacts(0, 10)

    batch = Batch(array((8, 1), "int64"), values="the values")
    assert findings(a_model(an_input((1,), "int32")), batch, never) == []
    assert codes(findings(a_model(an_input((1,), "int32", reader=EMBEDDING)), batch, out_of_range)) == ["TL512"]
    assert findings(a_model(an_input((1,), "int32", reader=EMBEDDING)), batch) == []


def of_feed(inputs: Inputs, batch: Batch) -> list[Finding]:
    return [*check_lists(inputs, batch), *check_text_arrays(inputs, batch)]


def of_pairs(inputs: Inputs, batch: Batch) -> list[Finding]:
    return [*check_ranks(inputs, batch), *check_batched(inputs, batch), *check_counts(inputs, batch)]


Y = array((8, 1))
FEEDS = [
    # the data, the code and the part
    (Batch(ROWS, Y), None, None),
    (Batch(ROWS, array((2,)), lists=frozenset({"y"})), "TL509", Part.Y),
    (Batch(ROWS, Y, array((8,)), lists=frozenset({"sample_weight"})), "TL509", Part.WEIGHT),
    (Batch(array((8, 1), "string")), "TL515", Part.X),
    (Batch(Spec("string", (8, 1), Carrier.TENSOR)), None, None),
    (Batch(array((8,), "object")), None, None),  # all of them text: Keras makes a tensor of it
    (Batch(array((8, 1), "object")), "TL515", Part.X),
    (dataset(element((N, 1), "string")), None, None),
]


@pytest.mark.parametrize(("batch", "code", "part"), FEEDS)
def test_what_the_adapters_of_keras_take(batch: Batch, code: str | None, part: Part | None) -> None:
    found = of_feed(a_model(an_input((3,))), batch)
    assert [(one.diagnostic.code, one.part) for one in found] == ([] if code is None else [(code, part)])


def drawn(x: Any, y: Any = None) -> Batch:
    return Batch(x, y, what="the generator", source=Source.DRAWN)


PAIRS = [
    # the data, the code
    (Batch(ROWS, Y), None),
    (Batch(ROWS, array((10, 1))), "TL505"),
    (Batch(ROWS, Y, array((10,))), "TL505"),
    (Batch((ROWS, array((9, 3))), Y), "TL505"),
    (Batch(ROWS, {"a": Y, "b": array((7,))}), "TL505"),
    (Batch(ROWS, None), None),
    (dataset(element((N, 3)), element((N, 1))), None),
    (dataset(element((N, 3)), element(())), None),  # a batch with one number for all
    (dataset(element((4, 3)), element((4, 1))), None),
    (dataset(element((4, 3)), element((N, 1))), None),
    (dataset(element((8, 3)), element((4, 1))), "TL505"),
    (dataset(element((5, 3)), element((1,))), "TL503"),
    (dataset(element((5, 3)), element(())), "TL503"),
    (dataset(element((1, 3)), element((1,))), None),
    (dataset(element(None), element((N, 1))), "TL510"),
    (dataset(element((N, 3)), element(None)), "TL510"),
    (drawn(element((8, 3)), element((8,))), None),
    (drawn(element((8, 3)), element((7,))), "TL505"),
    (drawn(element((5, 3)), element(())), "TL503"),
]


@pytest.mark.parametrize(("batch", "code"), PAIRS)
def test_x_and_y_belong_together(batch: Batch, code: str | None) -> None:
    assert codes(of_pairs(a_model(an_input((3,))), batch)[:1]) == ([] if code is None else [code])


def test_every_diagnostic_names_the_line_and_says_what_it_gets() -> None:
    batches = [batch for batch, code, _ in FEEDS if code] + [batch for batch, code in PAIRS if code]
    found: list[Diagnostic] = []
    for batch in batches:
        inputs = a_model(an_input((3,)))
        found += [one.diagnostic for one in (*of_feed(inputs, batch), *of_pairs(inputs, batch))]
    assert len(found) >= len(batches)
    for one in found:
        assert one.where.line == 7
        assert one.gets
        assert one.needs
        assert one.why
