"""TL719: Python or NumPy code asks a tensor for its values while a model is traced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.calls import Failure, Reading, UsersCall
from typedlayers.rules.custom.topics import USERS_CALLS
from typedlayers.rules.rule import Rule

SAME: Final = frozenset(
    {
        "abs", "absolute", "all", "amax", "amin", "any", "append", "arange", "arccos", "arcsin", "arctan", "arctan2",
        "argmax", "argmin", "argsort", "average", "broadcast_to", "ceil", "clip", "concatenate", "cos", "cosh",
        "count_nonzero", "cross", "cumprod", "cumsum", "diag", "diagonal", "diff", "dot", "einsum", "equal", "exp",
        "expand_dims", "expm1", "flip", "floor", "full_like", "greater", "greater_equal", "hstack", "hypot",
        "isclose", "isfinite", "isinf", "isnan", "less", "less_equal", "log", "log10", "log1p", "log2", "logical_and",
        "logical_not", "logical_or", "logical_xor", "matmul", "max", "maximum", "mean", "median", "min", "minimum",
        "mod", "moveaxis", "multiply", "nan_to_num", "negative", "not_equal", "ones_like", "outer", "pad", "power",
        "prod", "quantile", "ravel", "repeat", "reshape", "roll", "round", "sign", "sin", "sinh", "sort", "split",
        "sqrt", "square", "squeeze", "stack", "std", "subtract", "sum", "swapaxes", "take", "take_along_axis", "tan",
        "tanh", "tensordot", "tile", "trace", "transpose", "tril", "triu", "var", "vdot", "vstack", "where",
        "zeros_like",
    }
)  # fmt: skip
"""Functions that NumPy and ``keras.ops`` have under the same name."""

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
        fixes=(Fix(f"{_instead(failure, failure.reading)} at {failure.at.place}"),),
    )


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
