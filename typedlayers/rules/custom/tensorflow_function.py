"""TL720: a function of TensorFlow's gets a symbolic tensor of Keras's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.calls import UsersCall
from typedlayers.rules.custom.topics import USERS_CALLS
from typedlayers.rules.custom.values_in_trace import SAME
from typedlayers.rules.rule import Rule

_CALLED: Final = re.compile(r"\btf\.(?:math\.|nn\.|linalg\.)?(\w+)\(")

_NAMES: Final = SAME | {"cast", "gelu", "norm", "ones", "relu", "shape", "sigmoid", "silu", "softmax", "zeros"}
"""Functions that TensorFlow and ``keras.ops`` have under the same name."""


def find(call: UsersCall) -> Iterator[Diagnostic]:
    """Yields a call that raised because of it: mostly in ``compute_mask``, which Keras asks besides ``call``."""
    failure = call.failed
    if failure is None or not failure.symbolic:
        return
    called = sorted(set(_CALLED.findall(failure.at.text)) & _NAMES)
    instead = f"keras.ops.{called[0]} in place of TensorFlow's" if len(called) == 1 else "keras.ops in place of tf"
    yield Diagnostic(
        RULE.code,
        f"{call.label} gives a symbolic tensor of Keras's to a function of TensorFlow's",
        where=call.where,
        needs="keras.ops, which take tensors without values",
        why=f"it fails at {failure.at}: Keras asks compute_mask and other methods beside call about a tensor that has a"
        " dtype and a shape, and nothing else",
        fixes=(Fix(f"{instead} at {failure.at.place}"),),
    )


RULE = Rule(code="TL720", about=USERS_CALLS, find=find)
