"""Arguments of a user's layer that its saved config does not keep: said before the file is written."""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import typedlayers as tl
from typedlayers import layers


class Own(tl.Layer):
    """Keras makes the config."""

    def __init__(self, factor: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, x: Any) -> Any:
        return x * self.factor


class Keeps(Own):
    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "factor": self.factor}


class Forgets(Own):
    def get_config(self) -> dict[str, Any]:
        return super().get_config()


class NeedsIt(tl.Layer):
    def __init__(self, factor: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.factor = factor

    def get_config(self) -> dict[str, Any]:
        return super().get_config()

    def call(self, x: Any) -> Any:
        return x * self.factor


class OfKeras(layers.Dense):
    """A class derived from a layer of Keras's takes over its config, which lacks what the class adds."""

    def __init__(self, units: int, factor: float = 1.0, **kwargs: Any) -> None:
        super().__init__(units, **kwargs)
        self.factor = factor


class Inside(tl.Layer):
    """What it was given is seen in a layer inside only."""

    def __init__(self, filters: int = 8, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dense = layers.Dense(filters)

    def get_config(self) -> dict[str, Any]:
        return super().get_config()

    def call(self, x: Any) -> Any:
        return self.dense(x)


class Sides(tl.Layer):
    """One argument is turned into two others, which the config keeps."""

    def __init__(self, size: int | None = None, height: int = 1, width: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.height, self.width = (height, width) if size is None else (size, size)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "height": self.height, "width": self.width}

    def call(self, x: Any) -> Any:
        return x


class Reads(Own):
    """It is read back in a way of its own."""

    def get_config(self) -> dict[str, Any]:
        return {"settings": [self.factor]}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        return cls(*config["settings"])


class Unused(tl.Layer):
    """The argument changes nothing that can be seen."""

    def __init__(self, verbose: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def get_config(self) -> dict[str, Any]:
        return super().get_config()

    def call(self, x: Any) -> Any:
        return x


FACTOR = "factor=3.0: the file loads with factor=1.0"
NEEDED = "factor=3.0: the file cannot be loaded"
INSIDE = "filters=4: the file loads with filters=8"

LAYERS = [
    # what                                layer                                     forgotten
    ("a config of Keras's",               lambda: Own(3.0),                         []),
    ("all is kept",                       lambda: Keeps(3.0),                       []),
    ("the default was given",             lambda: Forgets(1.0),                     []),
    ("nothing was given",                 Forgets,                                  []),
    ("made into others",                  lambda: Sides(4),                         []),
    ("read back in its own way",          lambda: Reads(3.0),                       []),
    ("of no effect",                      lambda: Unused(verbose=1),                []),
    ("a name and a dtype",                lambda: Forgets(name="f", dtype="float16"), []),
    ("Keras's own arguments",             lambda: OfKeras(4, activation="relu"),    []),
    ("forgotten",                         lambda: Forgets(3.0),                     [FACTOR]),
    ("given by name",                     lambda: Forgets(factor=3.0),              [FACTOR]),
    ("without a default",                 lambda: NeedsIt(3.0),                     [NEEDED]),
    ("added to a layer of Keras's",       lambda: OfKeras(4, factor=3.0),           [FACTOR]),
    ("seen in a layer inside",            lambda: Inside(4),                        [INSIDE]),
]  # fmt: skip


def said(model: Any, path: Path) -> list[str]:
    """What is said of the arguments as a model is saved."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.save(path / "model.keras")
    found = [one for w in caught if isinstance(w.message, tl.ContractWarning) for one in w.message.diagnostics]
    assert {one.code for one in found} <= {"TL804"}
    return [one.headline.partition("without its ")[2] for one in found]


def saved(make: Any, path: Path) -> list[str]:
    return said(tl.Sequential([tl.Input((4,)), make()]), path)


@pytest.mark.parametrize(("make", "expected"), [row[1:] for row in LAYERS], ids=[row[0] for row in LAYERS])
def test_what_a_file_does_not_keep_is_said(make: Any, expected: list[str], tmp_path: Path) -> None:
    assert saved(make, tmp_path) == expected
    assert (tmp_path / "model.keras").exists()


@pytest.fixture
def _installed() -> Iterator[None]:
    tl.install()
    yield
    tl.uninstall()


@pytest.mark.usefixtures("_installed")
def test_plain_layers_are_looked_at_while_contracts_are_installed(tmp_path: Path) -> None:
    class Plain(keras.layers.Layer):
        def __init__(self, factor: float = 1.0, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.factor = factor

        def get_config(self) -> dict[str, Any]:
            return super().get_config()

        def call(self, x: Any) -> Any:
            return x

    model = keras.Sequential([keras.Input((4,)), Plain(3.0)])
    assert said(model, tmp_path) == [FACTOR]


class Net(tl.Model):
    def __init__(self, units: int = 8, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.dense = layers.Dense(units)

    def call(self, x: Any) -> Any:
        return self.dense(x)


def test_of_a_subclassed_model_keras_keeps_the_defaults_only(tmp_path: Path) -> None:
    net = Net(4)
    net(np.ones((2, 3), "float32"))
    assert said(net, tmp_path) == ["units=4: the file loads with units=8"]
    fresh = Net()
    fresh(np.ones((2, 3), "float32"))
    assert said(fresh, tmp_path) == []


def test_it_is_said_once_and_not_where_it_is_allowed(tmp_path: Path) -> None:
    model = tl.Sequential([tl.Input((4,)), Forgets(3.0)])
    assert len(said(model, tmp_path)) == 1
    assert said(model, tmp_path) == []
    assert saved(lambda: tl.allow(Forgets(3.0), "forgotten-argument"), tmp_path) == []
    with tl.mode("off"):
        assert saved(lambda: Forgets(3.0), tmp_path) == []


def test_the_trial_leaves_names_and_seeds_as_they_were(tmp_path: Path) -> None:
    model = tl.Sequential([tl.Input((4,)), Inside(4)])
    layers.Dense(1)
    first = layers.Dense(1).name
    random.seed(3)
    expected = random.random()
    random.seed(3)
    assert said(model, tmp_path) == [INSIDE]
    assert random.random() == expected
    before, after = (int(name.rpartition("_")[2]) for name in (first, layers.Dense(1).name))
    assert after == before + 1
