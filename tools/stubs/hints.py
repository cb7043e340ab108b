"""Types of arguments, as the catalogue has them → their text in a stub.

Strings stay ``str``: a ``Literal`` would refuse ``def block(x, padding="same")``, which hands a ``str`` on.
"""

from __future__ import annotations

import collections.abc
import inspect
import numbers
import types
import typing
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from typedlayers.catalogue import parameters as table
from typedlayers.catalogue.parameters import PARAMETERS, parameter_type
from typedlayers.contracts.contract import Contract

HEADER: Final = '''
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol, SupportsFloat, SupportsIndex, TypeAlias

import numpy as np

class HasShape(Protocol):
    """A tensor of any framework, or an array."""

    @property
    def shape(self) -> Any: ...
    @property
    def dtype(self) -> Any: ...

Tensors: TypeAlias = HasShape | Sequence[Any] | Mapping[Any, Any] | SupportsFloat | None
"""The argument of a layer's call: a tensor, numbers or a nest of them. (Ops are inferred to return None too.)"""

'''

_NAMED: Final[Mapping[object, str]] = {
    numbers.Integral: "SupportsIndex",
    numbers.Real: "SupportsFloat",
    str: "str",
    bool: "bool",
    np.bool_: "np.bool_",
    type(None): "None",
    dict: "dict[str, Any]",
    list: "list[Any]",
    tuple: "tuple[Any, ...]",
    table.Array: "HasShape",
    # an iterable that is not a text: a text is no iterator
    table.Series: "HasShape | Iterator[Any]",
    collections.abc.Mapping: "Mapping[str, Any]",
    collections.abc.Sequence: "Sequence[Any]",
    collections.abc.Callable: "Callable[..., Any]",
}

FLAG: Final = PARAMETERS["use_bias"]

OTHERS: Final[Mapping[str, object]] = {
    "autocast": FLAG,
    "trainable": FLAG,
    "training": FLAG,
    "sparse": FLAG,
    "ragged": FLAG,
    "optional": FLAG,
    "batch_size": table.OPTIONAL_INTEGER,
    "batch_shape": table.SHAPE | None,
    "shape": table.SHAPE | None,
    "input_shape": table.SHAPE | None,
    "height": table.INTEGER,
    "width": table.INTEGER,
    # of `fit` and its like
    "epochs": table.INTEGER,
    "initial_epoch": table.INTEGER,
    "validation_split": numbers.Real,
    "validation_freq": table.AXES,
    "validation_steps": table.OPTIONAL_INTEGER,
    "validation_batch_size": table.OPTIONAL_INTEGER,
    "steps": table.OPTIONAL_INTEGER,
    "steps_per_epoch": table.OPTIONAL_INTEGER,
    "steps_per_execution": table.INTEGER,
    "verbose": str | numbers.Integral | bool | np.bool_,
    "class_weight": None,
    "run_eagerly": FLAG,
    "auto_scale_loss": FLAG,
    "return_dict": FLAG,
    "jit_compile": str | bool | None,
}
"""Types of arguments that the catalogue does not check, as Keras takes whatever they are."""


_ALIASES: Final[Mapping[str, object]] = {
    "Flag": FLAG,
    "Function": table.FUNCTION,
    "Initializer": table.INITIALIZER,
    "Number": table.NUMBER,
    "Sizes": table.SIZES,
    "Shape": table.SHAPE,
    "Axes": table.AXES,
}

IMPORTS: Final = f"""
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Self, SupportsFloat, SupportsIndex, overload

import numpy as np

from typedlayers._typing.hints import {", ".join(["HasShape", "Tensors", *_ALIASES])}
""".strip()
"""What a stub may use; what it does not use is removed."""


def header() -> str:
    """Returns the stub of the names for types that the other stubs use."""
    aliases = (f"{name}: TypeAlias = {_text(hint)}" for name, hint in _ALIASES.items())
    return "\n".join([HEADER.strip(), "", *aliases, ""])


def spelled(hint: object) -> str:
    """Returns the text of a type, by its short name if it has one.

    >>> spelled(FLAG), spelled(table.SHAPE | None)
    ('Flag', 'Shape | None')
    """
    full = _text(hint)
    for name, known in _ALIASES.items():
        text = _text(known)
        if full in (text, f"{text} | None"):
            return full.replace(text, name)
    return full


def _text(hint: object) -> str:
    """Returns the text of a type.

    >>> _text(numbers.Integral | None), _text(None)
    ('SupportsIndex | None', 'Any')
    """
    if hint is None or hint is Any:
        return "Any"
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return " | ".join(dict.fromkeys(part for arg in inner for part in _text(arg).split(" | ")))
    if origin is collections.abc.Sequence:
        return f"Sequence[{_text(inner[0])}]"
    found = _NAMED.get(hint if origin is None else origin)
    if found is None:
        raise LookupError(f"tools/stubs/hints.py has no text for {hint!r}")
    return found


def type_of(name: str, contract: Contract | None = None) -> str:
    """Returns the text of an argument's type; ``Any`` where nothing is known of it."""
    known = PARAMETERS.get(name) if contract is None else parameter_type(contract, name)
    return spelled(known if known is not None else OTHERS.get(name))


def argument(parameter: inspect.Parameter, hint: str) -> str:
    """Returns an argument with its type and, where it is short and plain, its default."""
    if parameter.kind is parameter.VAR_POSITIONAL:
        return f"*{parameter.name}: Any"
    if parameter.kind is parameter.VAR_KEYWORD:
        return f"**{parameter.name}: Any"
    if parameter.default is parameter.empty:
        return f"{parameter.name}: {hint}"
    default = parameter.default
    parts = default if isinstance(default, tuple) else (default,)
    plain = all(part is None or isinstance(part, bool | int | float | str) for part in parts)
    if default is None and hint not in ("Any", "Flag", "Function", "Initializer") and "None" not in hint.split(" | "):
        hint = f"{hint} | None"
    text = repr(default).replace("'", '"') if plain else "..."
    return f"{parameter.name}: {hint} = {text if len(text) <= 40 else '...'}"
