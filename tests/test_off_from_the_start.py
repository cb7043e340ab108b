"""``TYPEDLAYERS_MODE=off`` before the import: nothing of Keras's is wrapped, and whoever asks for checks is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

PREAMBLE = """
import json, pickle, warnings
import typedlayers as tl
warnings.simplefilter("always")
"""

OFF = """
import keras, numpy as np
from typedlayers import layers
found = {}
base = keras.layers.Layer
found["call"] = [layers.Dense.__call__ is base.__call__, tl.Sequential.__call__ is base.__call__]
found["made"] = [layers.Conv2D.__new__ is base.__new__]
methods = keras.Model.fit, base.__call__, keras.losses.Loss.__call__
tl.install()
found["installed"] = [now is then for now, then in
    zip((keras.Model.fit, base.__call__, keras.losses.Loss.__call__), methods, strict=True)]

@tl.typed
class Mine(base):
    def call(self, x):
        return 2 * x

model = tl.Sequential([tl.Input((3,)), Mine(), layers.Dense(2)])
model.compile("sgd", "mse")
model.fit(np.ones((4, 3), "int64"), np.ones((4, 2)), verbose=0)
again = pickle.loads(pickle.dumps(tl.Sequential([tl.Input((3,)), layers.Dense(2)])))
found["pickled"] = [type(again) is tl.Sequential, isinstance(again.layers[0], layers.Dense)]
found["checks"] = [layers.Dense(2)(np.ones((4, 3, 2))).shape == (4, 3, 2)]
with warnings.catch_warnings(record=True) as caught:
    tl.set_mode("strict")
    tl.Sequential([tl.Input((3,))], mode="lenient")
    tl.set_mode("off")
    with tl.mode("strict"):
        pass
found["told"] = [str(one.message).split(",")[0] for one in caught]
found["lines"] = [one.filename for one in caught]
print(json.dumps(found))
"""

WISHED = """
tl.set_mode("strict")
from typedlayers import layers
import keras
try:
    tl.Sequential([tl.Input((3,)), layers.Conv2D(2, 3)])
except tl.ContractError as error:
    print(json.dumps({"code": error.diagnostics[0].code}))
"""


def run(source: str) -> Any:
    environment = {**os.environ, "TYPEDLAYERS_MODE": "off"}
    done = subprocess.run(
        [sys.executable, "-c", PREAMBLE + source], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def off() -> Any:
    return run(OFF)


@pytest.mark.parametrize("what", ["call", "made", "installed", "pickled", "checks"])
def test_keras_s_own_methods_are_in_place(off: Any, what: str) -> None:
    assert off[what]
    assert all(off[what])


def test_who_asks_for_checks_is_told(off: Any) -> None:
    assert off["told"] == ["set_mode() asks for strict", "Sequential(mode=) asks for lenient", "mode() asks for strict"]
    assert set(off["lines"]) == {"<string>"}  # the lines are the user's


def test_a_mode_that_is_set_before_the_import_of_the_layers_wins() -> None:
    assert run(WISHED) == {"code": "TL201"}
