"""What typedlayers remembers of a model and its layers, through every way of saving."""

from __future__ import annotations

import copy
import json
import pickle
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from jaxtyping import Float

import typedlayers as tl
from tests.saving.zoo import PACKAGE, table
from typedlayers import layers
from typedlayers.archive.model_notes import FILE, KEY, model_notes
from typedlayers.bridge.layer_state import state_of
from typedlayers.bridge.model_state import model_state
from typedlayers.facts.front import Front, Taken
from typedlayers.facts.ranges import ValueFacts
from typedlayers.modes import LENIENT, STRICT


def noted_dense(units: int) -> Any:
    return tl.annotate(layers.Dense(units), inputs=Float[tl.Tensor, "batch features"])


FRONT = Front(inputs={"": Taken(declared=(-0.5, 0.5), trained=ValueFacts(-0.5, 0.4, whole=False, count=8))})


def sequential() -> Any:
    """Annotated, allowed, repaired; with a mode, dimensions and a trained range."""
    stack = [tl.Input((2, 2)), noted_dense(3), tl.allow(layers.Dense(2), "float64-tensor"), layers.Dense(2)]
    model = tl.Sequential(stack, mode="lenient", dims={"features": 4})
    model_state(model).front = FRONT
    return model


def functional() -> Any:
    inputs = tl.Input((2, 2))
    with tl.mode("lenient"):
        outputs = tl.allow(layers.Dense(2), "TL301")(noted_dense(3)(inputs))
    return tl.Model(inputs, outputs, mode=tl.Mode(cast="warn"), dims={"features": None})


@keras.saving.register_keras_serializable(PACKAGE)
class Around(tl.Layer):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.one, self.two = layers.Dense(2), layers.Dense(2)

    def build(self, input_shape: Any) -> None:
        self.one.build(input_shape)
        self.two.build(input_shape)

    def call(self, x: Any) -> Any:
        return self.one(x) + self.two(x)


def inside() -> Any:
    """A layer inside a custom one, and one inside a model inside."""
    around = Around()
    tl.allow(around.two, "float64-tensor")
    inner = tl.Sequential([tl.Input((2,)), noted_dense(2)], name="inner", mode="off")
    return tl.Sequential([tl.Input((4,)), around, inner])


@keras.saving.register_keras_serializable(PACKAGE)
class Noted(tl.Model):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.first, self.last = layers.Dense(3), layers.Dense(2)

    def call(self, x: Any) -> Any:
        return self.last(self.first(x))


def subclassed() -> Any:
    model = Noted(mode="lenient", dims={"features": 4})
    tl.annotate(model.first, inputs=Float[tl.Tensor, "batch features"])
    tl.allow(model.last, "float64-tensor")
    model(table())
    return model


def by_file(suffix: str) -> Callable[[Any, Path], Any]:
    def saved(model: Any, folder: Path) -> Any:
        model.save(folder / f"model{suffix}")
        return tl.load_model(folder / f"model{suffix}")

    return saved


WAYS: dict[str, Callable[[Any, Path], Any]] = {
    "keras": by_file(".keras"),
    "h5": by_file(".h5"),
    "json": lambda model, _: tl.keras.models.model_from_json(model.to_json()),
    "pickle": lambda model, _: pickle.loads(pickle.dumps(model)),
    "deepcopy": lambda model, _: copy.deepcopy(model),
    "config": lambda model, _: type(model).from_config(model.get_config()),
    "clone": lambda model, _: tl.keras.models.clone_model(model),
    "convert": lambda model, _: tl.from_keras(model),
}
MODELS = {"sequential": sequential, "functional": functional, "inside": inside}
ROWS = [(name, way) for name in MODELS for way in WAYS if (name, way) != ("functional", "h5")]  # holds no operation
ROWS += [("subclassed", way) for way in ("keras", "pickle", "deepcopy")]


def without_training(notes: Any) -> Any:
    """The notes of a clone: its weights are new, and what a training saw is none of theirs."""
    found = copy.deepcopy(notes)
    for taken in found.get("takes", {}).get("inputs", {}).values():
        taken.pop("trained", None)
    return found


@pytest.mark.parametrize(("name", "way"), ROWS)
def test_what_is_remembered_comes_along(name: str, way: str, tmp_path: Path) -> None:
    model = {**MODELS, "subclassed": subclassed}[name]()
    again = WAYS[way](model, tmp_path)
    notes = model_notes(model)
    assert set(notes) > {"version"} if name != "inside" else set(notes) == {"version", "layers"}
    assert model_notes(again) == (without_training(notes) if way == "clone" else notes)
    if name == "inside":
        assert model_notes(again.layers[-1]) == model_notes(model.layers[-1])
        assert model_state(again.layers[-1]).mode == model_state(model.layers[-1]).mode


def test_what_it_means() -> None:
    again = copy.deepcopy(sequential())
    state = model_state(again)
    assert state.mode is LENIENT
    assert dict(state.dims) == {"features": 4}
    assert state.front == FRONT
    assert str(tl.contract_of(again.layers[1])).startswith('Float "batch features"')
    assert [entry.repair.kind for entry in tl.repairs(again)] == ["flatten"]
    assert str(tl.repairs(again)[0]) == str(tl.repairs(again)[0])
    with tl.mode("strict"):
        again.layers[2](keras.ops.cast(np.ones((1, 3)), "float64"))  # allowed
        with pytest.raises(tl.ContractError, match="TL301"):
            again.layers[3](keras.ops.cast(np.ones((1, 2)), "float64"))


@pytest.mark.parametrize("built", [False, True])
@pytest.mark.parametrize("way", ["pickle", "deepcopy"])
def test_a_lone_layer_s_annotation_comes_along(way: str, built: bool, tmp_path: Path) -> None:
    layer, around = noted_dense(3), Around()
    tl.allow(around.two, "float64-tensor")
    if built:
        layer(table())
        around(table())
    again = WAYS[way](layer, tmp_path)
    assert str(tl.contract_of(again)) == str(tl.contract_of(layer))
    with pytest.raises(tl.ContractError, match="TL201"):
        again(np.ones((2, 2, 4), "float32"))
    other = WAYS[way](around, tmp_path)
    assert state_of(other.two).allowed == {"TL301"}
    assert state_of(other.one).allowed == frozenset()


def test_an_entry_names_the_file_and_not_the_folders_of_its_maker() -> None:
    written = json.dumps(sequential().get_config()[KEY])
    assert Path(__file__).name in written
    assert str(Path(__file__).parent) not in written


def test_a_subclassed_model_writes_an_asset(tmp_path: Path) -> None:
    subclassed().save(tmp_path / "model.keras")
    with zipfile.ZipFile(tmp_path / "model.keras") as archive:
        assert f"assets/{FILE}" in archive.namelist()
        assert KEY not in json.loads(archive.read("config.json"))["config"]
    sequential().save(tmp_path / "model.keras")
    with zipfile.ZipFile(tmp_path / "model.keras") as archive:
        assert not [name for name in archive.namelist() if name.endswith(FILE)]


def test_a_mode_that_is_asked_for_stands_in_the_file_s_place(tmp_path: Path) -> None:
    for make in (sequential, functional, subclassed):
        model = make()
        model.save(tmp_path / "model.keras")
        assert model_state(tl.load_model(tmp_path / "model.keras", mode="strict")).mode is STRICT
        assert model_state(tl.load_model(tmp_path / "model.keras")).mode == model_state(model).mode


def test_a_model_that_allows_a_mismatch_is_made_again_in_strict(tmp_path: Path) -> None:
    with tl.mode("off"):
        inputs = tl.Input((8, 8, 1), dtype="uint8")
        outputs = tl.allow(layers.Conv2D(2, 3), "integer-fails")(inputs)
        model = tl.Model(inputs, outputs)
    for way in ("keras", "deepcopy", "clone", "config"):
        assert WAYS[way](model, tmp_path).output_shape == (None, 6, 6, 2)


# -------------------------------------------------------------------------------------- what cannot be read
def _ledger(*, dtype: Any = "float32", shape: Any = None, line: Any = 3) -> dict[str, Any]:
    """The notes of a layer with one entry in its ledger."""
    spec = {"dtype": dtype, "shape": shape}
    where = {"file": None, "line": line, "what": "", "within": ""}
    entry = {"repair": {"kind": "flatten"}, "what": "x", "where": where, "why": "", "code": "TL201"}
    return {"layers": {"Dense": {"ledger": [{**entry, "before": spec, "after": spec}]}}}


ROWS_OF_FRONT = [
    (3, "is not a range of values"),
    ({"dtype": "int32"}, "is not a range of values"),
    ({"dtype": "junk"}, "is not a range of values"),
    ({"declared": [1]}, "is not a range of values"),
    ({"declared": [True, False]}, "is not a range of values"),
    ({"declared": [1, 0]}, "is not a range of values"),
    ({"declared": [0, float("nan")]}, "is not a range of values"),
    ({"declared": [0, float("inf")]}, "is not a range of values"),
    ({"declared": [0, 10**400]}, "OverflowError"),
    ({"trained": {"low": 1, "high": 0, "whole": True, "count": 2}}, "not a range of values"),
    ({"trained": {"low": "little"}}, "little"),
    ({"trained": {}}, "low"),
    ({"trained": {"low": 0, "high": 10**400, "whole": True, "count": 2}}, "OverflowError"),
]

BROKEN = [
    # what is done to the notes          a part of the reason
    ({"version": 3}, "version 3; this typedlayers reads version 2"),
    ({"version": None}, "version None"),
    ({"mode": "stric"}, "'stric'"),
    ({"mode": {"cast": "perhaps"}}, "perhaps"),
    ({"mode": {"unknown": 1}}, "unknown"),
    ({"dims": {"features": "many"}}, "many"),
    ({"dims": 3}, "int"),
    ({"takes": []}, "is not a range of values"),
    ({"takes": {"inputs": [], "frozen": True}}, "is not a range of values"),
    ({"takes": {"frozen": 1}}, "is not a range of values"),
    *(({"takes": {"inputs": {"": row}}}, reason) for row, reason in ROWS_OF_FRONT),
    ({"layers": []}, "not a table of layers' notes"),
    ({"layers": {"Dense": 3}}, "not a layer's notes"),
    ({"layers": {"Dense": {"inputs": "Float"}}}, "not an annotation"),
    ({"layers": {"Dense": {"allow": ["no-such-rule"]}}}, "no-such-rule"),
    ({"layers": {"Dense": {"ledger": [{}]}}}, "is missing"),
    (_ledger(shape=[-1]), "is not a size"),
    (_ledger(shape=[10**400]), "is not a size"),
    (_ledger(shape="abc"), "is not a spec"),
    (_ledger(shape=[1] * 99), "is not a spec"),
    (_ledger(dtype=["float32"]), "is not a spec"),
    (_ledger(dtype="float32\x1b"), "is not a spec"),
    (_ledger(line=True), "is not a size"),
]


@pytest.mark.parametrize(("change", "reason"), BROKEN, ids=str)
def test_what_cannot_be_read_is_said_and_the_model_is_loaded(change: dict[str, Any], reason: str) -> None:
    model = sequential()
    config = model.get_config()
    config[KEY] = {**config[KEY], **change}
    with tl.mode("lenient"), pytest.warns(tl.ContractWarning) as caught:
        again = tl.Sequential.from_config(config)
    (diagnostic,) = caught[0].message.diagnostics  # pyright: ignore
    assert diagnostic.code == "TL802"
    assert 'Sequential "' in diagnostic.headline
    assert reason in diagnostic.why
    assert model_notes(again) == {"version": 2, "takes": {"inputs": {}, "unread": True}}
    assert [type(layer).__name__ for layer in again.layers] == ["Flatten", "Dense", "Dense", "Dense"]


@pytest.mark.parametrize("content", ["", "[]", '{"version": 7}', "{"])
def test_an_asset_that_cannot_be_read(content: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(content)
    model = Noted()
    with pytest.warns(tl.ContractWarning, match="TL802"):
        model.load_assets(str(tmp_path))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.load_assets(None)
        model.load_assets(str(tmp_path / "nothing"))


def test_a_place_that_is_no_more_is_passed_over() -> None:
    config = sequential().get_config()
    config[KEY]["layers"] = {"LSTM": {"allow": ["TL301"]}, "Dense": {"allow": ["TL301"]}}
    again = tl.Sequential.from_config(config)
    assert state_of(again.layers[1]).allowed == {"TL301"}
