"""The names: `typedlayers` and `typedlayers.keras`, which stands where ``import keras`` stood."""

from __future__ import annotations

import importlib
import sys
import types
from typing import Any

import keras as plain
import pytest

import typedlayers as tl
from tests.keras_versions import PRIVATE_NAMES
from typedlayers import keras, layers

EXCHANGED = {"layers", "models", "saving", "Sequential", "Model", "Input", "Layer"}
"""The names of keras that may be typed ones here."""

OF_A_MODULE = {name for name in dir(types.ModuleType("any")) if name.startswith("__")} | {
    "__builtins__",
    "__cached__",
    "__dir__",
    "__file__",
    "__path__",
}
"""What every module has for itself."""


def names(module: Any) -> list[str]:
    return sorted(set(dir(module)) - OF_A_MODULE)


# ------------------------------------------------------------------------------------------------ keras
def test_every_name_of_keras_is_there() -> None:
    assert set(names(plain)) <= set(dir(keras))


@pytest.mark.parametrize("name", sorted(set(names(plain)) - EXCHANGED))
def test_every_other_name_is_keras_s_own(name: str) -> None:
    assert getattr(keras, name) is getattr(plain, name)


@pytest.mark.parametrize("name", ["layers", "models", "Sequential", "Layer"])
def test_exchanged_names_are_typed(name: str) -> None:
    assert getattr(keras, name) is not getattr(plain, name)


def test_exchanged_names_are_those_of_typedlayers() -> None:
    assert keras.Sequential is tl.Sequential is keras.models.Sequential
    assert keras.Layer is tl.Layer is keras.layers.Layer
    assert keras.layers.Dense is layers.Dense
    assert issubclass(keras.Sequential, plain.Sequential)


@pytest.mark.parametrize("module", ["layers", "models", "saving"])
def test_every_name_of_an_exchanged_module_is_there(module: str) -> None:
    mine, theirs = getattr(keras, module), getattr(plain, module)
    assert set(names(theirs)) <= set(dir(mine))
    for name in names(theirs):
        assert hasattr(mine, name)


def test_what_models_does_not_exchange_is_keras_s_own() -> None:
    for name in set(names(plain.models)) - EXCHANGED - {"clone_model", "load_model", "model_from_json", "Functional"}:
        assert getattr(keras.models, name) is getattr(plain.models, name)


# --------------------------------------------------------------------------------- the ways to import it
IMPORTS = [
    # statement, an expression of it, what it must be
    ("from typedlayers import keras", "keras.layers.Dense", lambda: layers.Dense),
    ("import typedlayers.keras", "typedlayers.keras.layers.Dense", lambda: layers.Dense),
    ("import typedlayers.keras as keras", "keras.Sequential", lambda: tl.Sequential),
    ("import typedlayers.keras.layers", "typedlayers.keras.layers.Dense", lambda: layers.Dense),
    ("import typedlayers.keras.layers as L", "L.Conv2D", lambda: layers.Conv2D),
    ("from typedlayers.keras import layers", "layers.Dense", lambda: layers.Dense),
    ("from typedlayers.keras import layers, Sequential, ops", "Sequential", lambda: tl.Sequential),
    ("from typedlayers.keras.layers import Dense, Input", "Dense", lambda: layers.Dense),
    ("from typedlayers.keras.layers import LSTM", "LSTM", lambda: layers.LSTM),
    ("from typedlayers.keras.layers import *", "Dense", lambda: layers.Dense),
    ("from typedlayers.layers import *", "Dense", lambda: layers.Dense),
    ("import typedlayers.keras.models", "typedlayers.keras.models.Sequential", lambda: tl.Sequential),
    ("from typedlayers.keras.models import Sequential", "Sequential", lambda: tl.Sequential),
    ("from typedlayers.keras.models import load_model", "load_model", lambda: tl.load_model),
    ("from typedlayers.keras.saving import load_model", "load_model", lambda: tl.load_model),
    ("import typedlayers.keras.saving", "typedlayers.keras.saving.save_model", lambda: plain.saving.save_model),
    ("import typedlayers.keras.utils", "typedlayers.keras.utils", lambda: plain.utils),
    ("import typedlayers.keras.utils as utils", "utils.to_categorical", lambda: plain.utils.to_categorical),
    ("from typedlayers.keras.utils import to_categorical", "to_categorical", lambda: plain.utils.to_categorical),
    ("from typedlayers.keras.ops import cast", "cast", lambda: plain.ops.cast),
    ("from typedlayers.keras.losses import MeanSquaredError as M", "M", lambda: plain.losses.MeanSquaredError),
    ("from typedlayers.keras import applications", "applications", lambda: plain.applications),
    ("from typedlayers.keras import __version__ as v", "v", lambda: plain.__version__),
    ("import typedlayers as tl", "tl.keras.layers.Dense", lambda: layers.Dense),
    ("from typedlayers import *", "Sequential", lambda: tl.Sequential),
]


@pytest.mark.parametrize(("statement", "expression", "expected"), IMPORTS)
def test_imports(statement: str, expression: str, expected: Any) -> None:
    namespace: dict[str, Any] = {}
    exec(statement, namespace)
    assert eval(expression, namespace) == expected()  # noqa: S307 - the expressions of the table above


@pytest.mark.skipif(PRIVATE_NAMES, reason="modules of this Keras are named keras.api")
def test_modules_that_are_not_exchanged_keep_their_own_names() -> None:
    assert importlib.import_module("typedlayers.keras.losses") is plain.losses
    assert plain.losses.__name__ == "keras.losses"


@pytest.mark.skipif(PRIVATE_NAMES, reason="modules of this Keras are named keras.api")
def test_an_import_of_a_module_below_changes_nothing_of_keras() -> None:
    name = "typedlayers.keras.applications.resnet50"
    before = plain.applications.resnet50
    try:
        module = importlib.import_module(name)
        assert plain.applications.resnet50 is before
        assert module is before
    finally:
        plain.applications.resnet50 = before
        if sys.modules.get(name) is not before:
            sys.modules.pop(name, None)


def test_a_program_that_only_exchanges_its_import() -> None:
    model = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(2, 3), keras.layers.Flatten()])
    model.compile(keras.optimizers.SGD(), keras.losses.MeanSquaredError())
    assert model.output_shape == (None, 72)
    assert isinstance(model, tl.Sequential)
    with pytest.raises(tl.ContractError, match="TL201"):
        keras.Sequential([keras.Input((8, 8)), keras.layers.Conv2D(2, 3)])


# ---------------------------------------------------------------------------------------- unknown names
UNKNOWN = [
    (tl, "module 'typedlayers' has no attribute 'NoSuch'"),
    (layers, "module 'typedlayers.layers' has no attribute 'NoSuch', and keras.layers has none either"),
    (keras, "has no attribute 'NoSuch'"),
    (keras.layers, "has no attribute 'NoSuch'"),
    (keras.models, "has no attribute 'NoSuch'"),
]


@pytest.mark.parametrize(("module", "text"), UNKNOWN, ids=lambda value: getattr(value, "__name__", ""))
def test_an_unknown_name(module: Any, text: str) -> None:
    assert not hasattr(module, "NoSuch")
    with pytest.raises(AttributeError) as caught:
        module.NoSuch  # noqa: B018
    assert text in str(caught.value)
    with pytest.raises(ImportError, match="NoSuch"):
        exec(f"from {module.__name__} import NoSuch")


def test_an_unknown_module() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"typedlayers\.keras\.nosuch"):
        importlib.import_module("typedlayers.keras.nosuch")


# ------------------------------------------------------------------------------------------ typedlayers
OURS = {
    "ContractError",
    "ContractWarning",
    "Diagnostic",
    "Input",
    "Layer",
    "Mode",
    "Sequential",
    "Tensor",
    "allow",
    "annotate",
    "contract_of",
    "keras",
    "layers",
    "mode",
    "repairs",
    "set_mode",
    "typed",
}
"""The public names of the table of DESIGN that there are by now."""


def test_all_names_what_is_public() -> None:
    assert set(tl.__all__) >= OURS
    assert len(set(tl.__all__)) == len(tl.__all__)
    for name in tl.__all__:
        assert getattr(tl, name) is not None
        assert name in dir(tl)


def test_dir_names_everything_once() -> None:
    assert len(set(dir(tl))) == len(dir(tl))


def test_every_name_has_its_public_home_in_its_repr() -> None:
    assert tl.ContractError.__module__ == "typedlayers"
    assert tl.ContractWarning.__module__ == "typedlayers"
    assert tl.Sequential.__module__ == "keras"
    assert tl.Layer.__module__ == "keras.layers"


def test_the_version_is_there() -> None:
    assert tl.__version__.split(".")[0].isdigit()
