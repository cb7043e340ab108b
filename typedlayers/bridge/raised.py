"""Where in the user's own code an exception came from, and what it said before Keras wrapped it."""

from __future__ import annotations

import linecache
import re
import traceback
from typing import Final

from typedlayers.facts.calls import At, Clash, Failure, Reading
from typedlayers.verdict.source import is_installed, is_users


def line_of(error: BaseException) -> At | None:
    """Returns the user's innermost line that an exception passed through, None if there is none."""
    found = None
    for frame, number in traceback.walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
        if is_users(frame) and not is_installed(file) and "__autograph_generated_file" not in file:
            found = At(file, number, linecache.getline(file, number).strip())
    return found


def failure_of(error: BaseException) -> Failure | None:
    """Returns what an exception says of the user's code, None if it passed through no line of it."""
    line = line_of(error)
    if line is None:
        return None
    text = said(error)
    return Failure(
        text,
        line,
        clash_of(error),
        reading_of(error),
        refused_in(text),
        unequal=_UNEQUAL.search(text) is not None,
        makes=_LATE.search(text) is not None,
        symbolic="A KerasTensor cannot be used as input to a TensorFlow function" in text,
    )


def said(error: BaseException) -> str:
    """Returns what was said first: Keras makes such an exception anew, with more text around it, on its way out."""
    while error.__context__ is not None and type(error.__context__) is type(error):
        error = error.__context__
    return re.sub(r"\x1b\[\d+m", "", str(error)).strip()


_LATE: Final = re.compile(
    r"only supports singleton tf\.Variables created on the first call|cannot add new elements of state \(variables or"
)
"""How TensorFlow and Keras say that a variable or layer is made too late."""

_UNEQUAL: Final = re.compile(
    r"Dimensions must be equal, but are|Shapes must be equal rank|Incompatible shapes|Matrix size-incompatible"
    r"|must be evenly divisible by|Input to reshape is a tensor with|Cannot reshape a tensor with"
    r"|Shape must be (?:at least )?rank \d+ but is rank|Ranks of all input tensors should match"
    r"|required broadcastable shapes|Dimension \d+ in both shapes must be equal"
)
"""How TensorFlow says that shapes do not go together."""

_REFUSED: Final = (
    re.compile(r"has DataType (\w+) not in list of allowed values: ([\w, ]+)"),
    re.compile(r"Value for attr '\w+' of (\w+) is not in the list of allowed values: ([\w, ]+)"),
    re.compile(r"has type (\w+) that does not match expected type of (\w+)"),
    re.compile(r"(?=expected to be a bool tensor but is a (\w+) tensor)expected to be a (bool)"),
)
"""How TensorFlow says that an op does not take a dtype."""


def refused_in(text: str) -> tuple[str, str] | None:
    """Returns a dtype that an op refused and those that it takes, None if a message does not say so."""
    for pattern in _REFUSED:
        found = pattern.search(text)
        if found is not None:
            dtype, takes = found.groups()
            return _NAMES.get(dtype, dtype), takes.strip()
    return None


_CLASHES: Final = (
    re.compile(r"of '(?P<op>\w+)' Op has type (?P<two>\w+) that does not match type (?P<one>\w+) of argument"),
    re.compile(r"compute _?(?:Mkl)?(?P<op>\w+) as .* expected to be a (?P<one>\w+) tensor but is a (?P<two>\w+)"),
    re.compile(r"conversion requested to type (?P<one>\w+) for `?tf\.Variable of type (?P<two>\w+)"),
    re.compile(r"[Cc]onversion requested dtype (?P<one>\w+) for \w+ with dtype (?P<two>\w+)"),
)
"""How TensorFlow says it: in a graph, in a kernel, of a variable, of a tensor that is converted."""

_NAMES: Final = {"float": "float32", "double": "float64", "half": "float16"}
"""Names that TensorFlow's kernels have for dtypes."""


def clash_of(error: BaseException) -> Clash | None:
    """Returns the two dtypes that TensorFlow says do not go together, None for every other exception."""
    text = said(error)
    for pattern in _CLASHES:
        found = pattern.search(text)
        if found is not None:
            names = found.groupdict()
            one, two = (_NAMES.get(names[key], names[key]) for key in ("one", "two"))
            return Clash((one, two), names.get("op") or "")
    return None


_READINGS: Final = (
    (re.compile(r"Cannot convert a symbolic tf\.Tensor .* to a numpy array"), Reading.NUMPY),
    (re.compile(r"Using a symbolic `tf\.Tensor` as a Python `bool`"), Reading.TRUTH),
    (re.compile(r"Iterating over a symbolic `tf\.Tensor`"), Reading.ITERATION),
    (re.compile(r"must be real number, not (Symbolic)?Tensor\b"), Reading.NUMBER),
    (re.compile(r"argument must be .*, not '(Symbolic)?Tensor'"), Reading.NUMBER),
    (re.compile(r"'(Symbolic)?Tensor' object cannot be interpreted as an integer"), Reading.NUMBER),
    (re.compile(r"'(Symbolic)?Tensor' object has no attribute 'numpy'"), Reading.METHOD),
)
"""How TensorFlow and Python say that a traced tensor has no values; an eager tensor is called ``EagerTensor``."""


def reading_of(error: BaseException) -> Reading | None:
    """Returns how Python code asked a traced tensor for its values, None for every other exception."""
    text = said(error)
    return next((reading for pattern, reading in _READINGS if pattern.search(text)), None)
