"""TL619: what ``compile`` was given, beside the outputs; and what Keras makes of the same."""

from __future__ import annotations

import warnings
from typing import Any

import keras
import numpy as np
import pytest

import typedlayers as tl

SIZE, AGE = np.zeros((8, 1), "float32"), np.ones((8, 1), "float32")
DICT = {"size": "mse", "age": "mae"}

# the model returns a dict?, compile's arguments, what is said
WRONG: dict[str, tuple[bool, dict[str, Any], str]] = {
    "other names": (False, {"loss": {"size_out": "mse", "age_out": "mae"}}, "no output is named size_out, age_out"),
    "a name too many": (False, {"loss": {**DICT, "sex": "mse"}}, "no output is named sex"),
    "a name too few": (False, {"loss": {"size": "mse"}}, "age has no loss"),
    "a name too many of a dict": (True, {"loss": {**DICT, "sex": "mse"}}, "no output is named sex"),
    "more losses": (False, {"loss": ["mse"] * 3}, "has 2 outputs but is compiled with 3 losses"),
    "three weights": (False, {"loss": ["mse", "mae"], "loss_weights": [1, 2, 3]}, "has 2 losses but 3 loss weights"),
    "two weights of one loss": (False, {"loss": "mse", "loss_weights": [1, 2]}, "has 1 loss but 2 loss weights"),
    "other weights": (False, {"loss": DICT, "loss_weights": {"a": 1, "b": 2}}, "the weight of its name"),
    "metrics of other names": (False, {"loss": "mse", "metrics": {"sex": "mae"}}, "no output is named sex"),
    "metrics of three": (False, {"loss": "mse", "metrics": ["mae"] * 3}, "there are 3 for 2 outputs"),
    "metrics of one": (True, {"loss": "mse", "metrics": ["mae"]}, "there are 1 for 2 outputs"),
}  # fmt: skip

SILENT: dict[str, tuple[bool, dict[str, Any], str]] = {
    "weights by the alphabet": (
        False,
        {"loss": ["mse", "mae"], "loss_weights": {"size": 1, "age": 9}},
        "alphabetical order: age, size",
    )
}
"""What Keras does in silence: the weight of ``size`` goes to ``age``."""

PERHAPS: dict[str, tuple[bool, dict[str, Any], str]] = {
    "fewer losses": (False, {"loss": ["mse"]}, "has 2 outputs but is compiled with 1 loss"),
    "a list for a dict": (True, {"loss": ["mse", "mae"]}, "alphabetical order: age, size"),
}

RIGHT: dict[str, tuple[bool, dict[str, Any]]] = {
    "one for all": (False, {"loss": "mse", "metrics": [["mae"], ["mse"]]}),
    "a list": (False, {"loss": ["mse", "mae"], "loss_weights": [1, 2], "metrics": ["mae", "mse"]}),
    "None in a list": (False, {"loss": ["mse", None]}),
    "None in a dict": (False, {"loss": {"size": "mse", "age": None}, "metrics": {"size": ["mae"]}}),
    "dicts": (False, {"loss": DICT, "loss_weights": {"age": 1, "size": 2}, "metrics": {"age": "mae"}}),
    "numbers beside a dict": (False, {"loss": DICT, "loss_weights": [1, 2]}),
    "a part of a dict": (True, {"loss": {"size": "mse"}, "loss_weights": {"size": 2}}),
    "the same loss in a list": (True, {"loss": ["mse", "mse"]}),
    "dicts of a dict": (True, {"loss": DICT, "loss_weights": {"age": 1, "size": 2}, "metrics": {"age": "mae"}}),
}


def trained(home: Any, layers: Any, by_name: bool, given: dict[str, Any]) -> Any:
    x = layers.Input((3,))
    size, age = layers.Dense(1, name="size")(x), layers.Dense(1, name="age")(x)
    model = home.Model(x, {"size": size, "age": age} if by_name else [size, age])
    model.compile("sgd", **given)
    y = {"size": SIZE, "age": AGE} if by_name else [SIZE, AGE]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Gradients do not exist")
        model.fit(np.ones((8, 3), "float32"), y, verbose=0)
    return model


@pytest.mark.parametrize("name", {**WRONG, **SILENT})
def test_wrong(name: str) -> None:
    by_name, given, said = {**WRONG, **SILENT}[name]
    with pytest.raises(tl.ContractError) as caught:
        trained(tl, tl.layers, by_name, given)
    (one,) = caught.value.diagnostics
    assert one.code == "TL619"
    assert said in f"{one.headline} {one.why}"


@pytest.mark.parametrize("name", WRONG)
def test_keras_refuses_it_too(name: str) -> None:
    by_name, given, _ = WRONG[name]
    with pytest.raises((KeyError, ValueError, TypeError)):
        trained(keras, keras.layers, by_name, given)


def test_keras_takes_a_dict_of_weights_by_the_alphabet() -> None:
    by_name, given, _ = SILENT["weights by the alphabet"]
    model = trained(keras, keras.layers, by_name, given)
    assert {one.name: one.loss_weights for one in model._compile_loss._flat_losses} == {"size": 9, "age": 1}


@pytest.mark.parametrize("name", PERHAPS)
def test_perhaps(name: str) -> None:
    by_name, given, said = PERHAPS[name]
    with pytest.warns(tl.ContractWarning) as caught:
        trained(tl, tl.layers, by_name, given)
    (warned,) = [one.message for one in caught if isinstance(one.message, tl.ContractWarning)]
    (one,) = warned.diagnostics
    assert (one.code, one.certainty.value) == ("TL619", "perhaps")
    assert said in f"{one.headline} {one.why}"


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    by_name, given = RIGHT[name]
    assert trained(tl, tl.layers, by_name, given).history is not None


@pytest.mark.parametrize("key", ["p", "q"])
def test_a_sequential_has_no_name_for_its_output(key: str) -> None:
    model = tl.Sequential([tl.layers.Input((3,)), tl.layers.Dense(1, name="p")])
    model.compile("sgd", {key: "mse"})
    with pytest.raises(tl.ContractError, match="a Sequential has one output without a name"):
        model.fit(np.ones((8, 3), "float32"), SIZE, verbose=0)
