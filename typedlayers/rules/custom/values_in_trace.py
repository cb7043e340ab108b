"""TL719: Python or NumPy code asks a tensor for its values while a model is traced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from typedlayers.catalogue.numpy_functions import SAME
from typedlayers.diagnostics.edit import Edit, OnTensors
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.calls import Failure, Reading, UsersCall
from typedlayers.rules.custom.topics import USERS_CALLS
from typedlayers.rules.rule import Rule

_CALLED: Final = re.compile(r"\b(np|numpy|math)\.(?:linalg\.)?(\w+)\(")

_COMMON: Final = {
    Reading.TRUTH: "keras.ops.where(condition, a, b), or keras.ops.cond, for the Python condition",
    Reading.ITERATION: "keras.ops.vectorized_map, or keras.ops.unstack over an axis of known size, for the loop",
    Reading.NUMBER: "keep the tensor: keras.ops.cast in place of int() or float(), keras.ops.arange for range()",
    Reading.METHOD: "the tensor itself in place of its numpy(): keras.ops takes it",
    Reading.NUMPY: "a function of keras.ops in place of NumPy's",
}


def find(call: UsersCall) -> Iterator[Diagnostic]:
    """Yields a call that raised because a tensor without values was asked for them."""
    failure = call.failed
    if failure is None or failure.reading is None:
        return
    yield Diagnostic(
        RULE.code,
        f"{call.label} {failure.reading.value} a tensor that has no values while the model is traced",
        where=call.where,
        needs="ops that become a part of the traced function",
        why=f"call fails at {failure.at}: a model is traced once, on tensors without values; Python and NumPy compute "
        "at once",
        fixes=(Fix(f"{_instead(failure, failure.reading)} at {failure.at.place}", edits=tuple(_edits(failure))),),
    )


def _edits(failure: Failure) -> Iterator[Edit]:
    """The same in ops, where every function of NumPy at the line has its like."""
    called = {name for _, name in _CALLED.findall(failure.at.text)}
    if failure.reading in (Reading.NUMPY, Reading.METHOD) and called <= SAME and failure.at.file:
        yield OnTensors(failure.at.file, failure.at.number)


def _instead(failure: Failure, reading: Reading) -> str:
    called = set(_CALLED.findall(failure.at.text))
    if reading in (Reading.NUMPY, Reading.NUMBER) and len(called) == 1:
        ((module, name),) = called
        if name in SAME:
            return f"keras.ops.{name} in place of {module}.{name}"
        if (module, name) == ("np", "norm"):
            return "keras.ops.norm in place of np.linalg.norm"
    return _COMMON[reading]


RULE = Rule(code="TL719", about=USERS_CALLS, find=find, after=frozenset({"TL714"}))
