"""TL720: a function of TensorFlow's that gets a symbolic tensor of Keras's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.custom.seen import N, a_call, raised, spec
from typedlayers.facts.calls import At
from typedlayers.rules.custom.tensorflow_function import RULE


def at(line: str) -> Any:
    """A call that failed at a line with a function of TensorFlow's."""
    return a_call(came=spec(N, 4), failed=raised("...", At("net.py", 7, line), symbolic=True))


WRONG = {
    "a function that keras.ops has": (
        at("return tf.math.not_equal(ids, 0)"),
        "keras.ops.not_equal in place of TensorFlow's at net.py:7",
    ),
    "one that it has not": (at("return tf.sequence_mask(ids)"), "keras.ops in place of tf at net.py:7"),
    "two": (at("return tf.cast(tf.shape(ids), 'int32')"), "keras.ops in place of tf at net.py:7"),
}

RIGHT = {"it gave a result": a_call(came=spec(N, 4), gives=spec(N, 4))}

LOOKS_WRONG = {"it raised something else there": a_call(failed=raised("no", At("net.py", 7, "tf.not_equal(x, 0)")))}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    call, fix = WRONG[name]
    (found,) = RULE.find(call)
    assert found.headline == "Mine \"mine\" gives a symbolic tensor of Keras's to a function of TensorFlow's"
    assert [one.text for one in found.fixes] == [fix]


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert list(RULE.find({**RIGHT, **LOOKS_WRONG}[name])) == []
