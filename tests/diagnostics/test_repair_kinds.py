"""Every kind of repair: its words, what it makes of a spec, and that NumPy and a mode know it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from typedlayers.diagnostics.model import Repair
from typedlayers.diagnostics.repair_kinds import KINDS, after, kind_of_repair
from typedlayers.modes import Mode
from typedlayers.spec import Carrier, Spec

SPEC = Spec("float64", (None, 8, 1), Carrier.TENSOR)

ROWS = {
    "cast": (Repair("cast", dtype="float32"), "cast to float32", Spec("float32", (None, 8, 1), Carrier.ARRAY)),
    "rescale": (
        Repair("rescale", dtype="float32", scale=1 / 127.5, offset=-1.0),
        "rescale by 1/127.5, -1",
        Spec("float32", (None, 8, 1), Carrier.ARRAY),
    ),
    "flatten": (Repair("flatten"), "flatten", SPEC.with_(shape=(None, 8))),
    "expand_dims": (Repair("expand_dims", axis=-1), "expand_dims(axis=-1)", SPEC.with_(shape=(None, 8, 1, 1))),
    "argmax": (
        Repair("argmax", dtype="int64"),
        "class ids of one-hot rows",
        SPEC.with_(dtype="int64", shape=(None, 8)),
    ),
    "one_hot": (
        Repair("one_hot", dtype="float32", size=3),
        "one-hot rows of 3 classes",
        SPEC.with_(dtype="float32", shape=(None, 8, 1, 3)),
    ),
    "squeeze": (Repair("squeeze", axis=2), "squeeze(axis=2)", SPEC.with_(shape=(None, 8))),
}


def test_every_kind_has_a_row() -> None:
    assert ROWS.keys() == KINDS.keys()


@pytest.mark.parametrize(("repair", "words", "spec"), ROWS.values(), ids=list(ROWS))
def test_words_and_spec(repair: Repair, words: str, spec: Spec) -> None:
    assert str(repair) == words
    assert after(repair, SPEC) == spec


OF_TARGETS = {"argmax", "one_hot"}
"""What is done to targets only, which `Mode.targets` decides on, whatever it is."""


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - OF_TARGETS))
def test_a_mode_says_what_is_done_about_it(kind: str) -> None:
    assert kind in {entry.name for entry in dataclasses.fields(Mode)}
    assert Mode().action(kind).value == "error"


def test_targets_are_encoded_anew_by_numpy_and_by_keras() -> None:
    import keras

    ids, rows = np.array([2.0, 0.0]), np.array([[0, 0, 1], [1, 0, 0]], "float32")
    for ops in (np, keras.ops):
        np.testing.assert_array_equal(KINDS["one_hot"].compute(ops, ROWS["one_hot"][0], ids), rows)
        np.testing.assert_array_equal(KINDS["argmax"].compute(ops, ROWS["argmax"][0], rows), [2, 0])


@pytest.mark.parametrize(
    "kind", [name for name, kind in KINDS.items() if not kind.elementwise and name not in OF_TARGETS]
)
def test_an_array_is_looked_at_anew_and_not_copied(kind: str) -> None:
    array = np.zeros((2, 8, 1))
    made = KINDS[kind].compute(np, ROWS[kind][0], array)
    assert np.shares_memory(made, array)
    assert made.shape == after(ROWS[kind][0], SPEC.with_(shape=(2, 8, 1))).shape


@pytest.mark.parametrize("kind", ["flatten", "expand_dims", "squeeze"])
def test_of_an_unknown_shape_nothing_is_known_after_it(kind: str) -> None:
    assert after(ROWS[kind][0], Spec("float32", None)).shape is None


def test_a_kind_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="there is no repair 'guess'; there are cast, rescale, flatten"):
        kind_of_repair(Repair("guess"))
