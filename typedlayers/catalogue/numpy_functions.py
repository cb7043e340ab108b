"""Functions that compute the same in NumPy and in ``keras.ops``."""

from __future__ import annotations

from typing import Final

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
