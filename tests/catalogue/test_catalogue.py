"""The catalogue is data, complete, and what the typed classes say of themselves."""

from __future__ import annotations

import ast
import inspect
import pathlib
import subprocess
import sys

import keras
import pytest

from typedlayers import layers
from typedlayers.catalogue import ALIASES, CONTRACTS, FAMILIES, contract_named, family_of
from typedlayers.contracts.contract import Contract, Derived, Form, describe
from typedlayers.contracts.dtypes import Policy
from typedlayers.diagnostics.codes import CODES

PUBLIC = {name for name in dir(keras.layers) if not name.startswith("_")}

UNTYPED = {"Input", "InputLayer", "InputSpec"}
"""Keras's own, for good."""


# ------------------------------------------------------------------------------------------------ the data
def loads(statement: str, module: str) -> bool:
    code = f"{statement}\nimport sys\nprint({module!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1] == "True"


@pytest.mark.parametrize("module", ["keras", "tensorflow"])
def test_the_catalogue_loads_neither_keras_nor_tensorflow(module):
    assert not loads("import typedlayers.catalogue, typedlayers.catalogue.parameters", module)


def test_this_check_would_notice():
    assert loads("import keras", "keras")


def test_names_are_keras_names():
    newer = {name for name in (*CONTRACTS, *ALIASES) if name not in PUBLIC}
    assert newer <= {
        "RMSNormalization",
        "GroupedQueryAttention",
        *(name for name in CONTRACTS if name.startswith("Adaptive")),
    }


def test_no_layer_stands_in_two_families():
    assert sum(len(module.CONTRACTS) for module in FAMILIES.values()) == len(CONTRACTS)
    assert not set(CONTRACTS) & set(ALIASES)


def test_names_and_aliases_are_found():
    assert contract_named("Convolution2D") is contract_named("Conv2D") is CONTRACTS["Conv2D"]
    assert family_of("MaxPool2D") == "pooling"
    assert contract_named("NoSuchLayer") is family_of("NoSuchLayer") is None


@pytest.mark.parametrize("name", CONTRACTS)
def test_codes_of_rules_exist(name):
    assert all(rule.code in CODES for rule in CONTRACTS[name].rules)


def test_a_contract_is_resolved_from_public_attributes():
    layer = keras.layers.Conv2D(8, 3, strides=2, data_format="channels_first")
    resolved = CONTRACTS["Conv2D"].for_layer(layer, Policy())
    assert str(resolved) == ('Compute "batch channels height width" → Compute "batch 8 (height-3)//2+1 (width-3)//2+1"')


PATTERNS = [
    # layer, what it gives
    (keras.layers.Conv2D(8, 3), "batch height-2 width-2 8"),
    (keras.layers.Conv2D(8, 3, strides=2, padding="same"), "batch (height+1)//2 (width+1)//2 8"),
    (keras.layers.Conv1D(8, 3, padding="causal"), "batch time 8"),
    (keras.layers.Conv1D(8, 3, dilation_rate=2), "batch time-4 8"),
    (keras.layers.Conv2DTranspose(8, 3, strides=2), "batch 2*height+1 2*width+1 8"),
    (keras.layers.Conv2DTranspose(8, 3, strides=2, padding="same"), "batch 2*height 2*width 8"),
    (keras.layers.DepthwiseConv2D(3, depth_multiplier=2), "batch height-2 width-2 2*channels"),
    (keras.layers.MaxPooling2D(), "batch height//2 width//2 channels"),
    (keras.layers.MaxPooling2D(3, strides=2), "batch (height-3)//2+1 (width-3)//2+1 channels"),
    (keras.layers.AdaptiveMaxPooling2D((2, 3)), "batch 2 3 channels")
    if hasattr(keras.layers, "AdaptiveMaxPooling2D")
    else None,
    (keras.layers.GlobalAveragePooling2D(keepdims=True), "batch 1 1 channels"),
    (keras.layers.Permute((3, 1, 2)), "batch axis3 axis1 axis2"),
    (keras.layers.Cropping2D(((1, 2), (3, 4))), "batch height-3 width-7 channels"),
    (keras.layers.ZeroPadding2D(data_format="channels_first"), "batch channels height+2 width+2"),
    (keras.layers.UpSampling1D(3), "batch 3*time channels"),
    (keras.layers.EinsumDense("abc,cd->abd", (None, 5)), "axis_a axis_b 5"),
    (keras.layers.EinsumDense("...x,xy->...y", 5), "batch *more 5"),
    (keras.layers.Dense(5), "batch *axes {self.units}"),
]


@pytest.mark.parametrize(("layer", "text"), [row for row in PATTERNS if row is not None])
def test_outputs_are_written_as_a_reader_would(layer, text):
    resolved = CONTRACTS[type(layer).__name__].for_layer(layer, Policy())
    assert resolved.outputs is not None
    assert resolved.outputs.text == text  # pyright: ignore


# --------------------------------------------------------------------------------------------- the classes
TYPED = sorted(name for name in CONTRACTS if name in PUBLIC - UNTYPED)


def line_of(contract: Contract) -> str:
    """The first line of a typed class's docstring: what it takes and what it gives, each as code."""
    return f"{side(contract.inputs)} → {side(contract.outputs)}."


def side(form: Form) -> str:
    text = describe(form)
    return text if text == "anything" else f"`{text}`"


@pytest.mark.parametrize("name", TYPED)
def test_the_docstring_is_the_contract(name):
    assert inspect.getdoc(getattr(layers, name)).splitlines()[0] == line_of(CONTRACTS[name])


@pytest.mark.parametrize("name", TYPED)
def test_the_keras_class_is_the_only_base_and_makes_itself(name):
    cls = getattr(layers, name)
    assert cls.__bases__ == (getattr(keras.layers, name),)
    assert cls.__name__ == getattr(keras.layers, name).__name__
    assert "__init__" not in vars(cls)


@pytest.mark.parametrize("alias", sorted(alias for alias in ALIASES if alias in PUBLIC))
def test_aliases_are_the_same_class(alias):
    assert getattr(layers, alias) is getattr(layers, ALIASES[alias])
    assert getattr(keras.layers, alias) is getattr(keras.layers, ALIASES[alias])


# ------------------------------------------------------------------------------------------------ the names
def handed_through() -> set[str]:
    """The names that `typedlayers.layers` lists as handed through from Keras, for tools that do not run it."""
    tree = ast.parse(pathlib.Path(layers.__file__).read_text())
    (block,) = (node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    return {name.name for node in block.body if isinstance(node, ast.ImportFrom) for name in node.names}


FUNCTIONS = {name.lower() for name in FAMILIES["merging"].CONTRACTS}
"""The functions that make and call a merging layer: ours make ours."""


def test_every_name_of_keras_is_typed_or_listed():
    """A new layer of Keras turns this red."""
    typed = {*TYPED, *ALIASES, *FUNCTIONS, "Layer", "Input"}
    assert PUBLIC - typed - handed_through() == set()
    assert not typed & handed_through()


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_name_of_keras_is_there(name):
    assert hasattr(layers, name)
    assert name in dir(layers)
    if name in handed_through():
        assert getattr(layers, name) is getattr(keras.layers, name)


def test_names_that_keras_lacks_are_absent():
    with pytest.raises(AttributeError, match="NoSuchLayer"):
        layers.NoSuchLayer  # noqa: B018
    assert not hasattr(layers, "_no_such_name")


def test_a_star_import_brings_every_name():
    namespace: dict[str, object] = {}
    exec("from typedlayers.layers import *", namespace)
    assert set(namespace) >= PUBLIC
    assert namespace["Dense"] is layers.Dense


def test_derived_forms_show_something():
    forms = [form for contract in CONTRACTS.values() for form in (contract.inputs, contract.outputs)]
    assert all(form.shown is not None for form in forms if isinstance(form, Derived))
