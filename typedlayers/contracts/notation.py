"""Type hints with jaxtyping annotations, as plain data that a file can hold; read back without evaluating any text.

>>> from jaxtyping import Float
>>> from typedlayers.contracts.dtypes import Tensor
>>> noted(Float[Tensor, "batch features"])
{'dtype': 'Float', 'dims': 'batch features'}
>>> read(noted(list[Float[Tensor, "batch features"]])).__args__[0].dim_str
'batch features'
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias, Union

import jaxtyping

from typedlayers.contracts.dtypes import Compute, Tensor
from typedlayers.contracts.parse import PatternError, is_annotation, pattern_of

Notation: TypeAlias = Mapping[str, Any]
"""Plain data for ``json``: dicts, lists and strings."""

PLAIN: Final = {"int": int, "float": float, "bool": bool, "str": str, "None": type(None)}
"""Types without a tensor, allowed beside one."""


class UnknownNotation(ValueError):
    """A hint without a notation, or data that are not one."""


def noted(hint: object) -> Notation:
    """Returns a type hint as plain data.

    Raises:
        UnknownNotation: if it names a class that only its own program has: a dtype of the user's, a ``TypedDict``'s
            name is not kept, its keys are.
    """
    if is_annotation(hint):
        return _of_annotation(hint)
    plain = next((name for name, kind in PLAIN.items() if hint is kind or (hint is None and kind is type(None))), None)
    if plain is not None:
        return {"plain": plain}
    if hint is typing.Any:
        return {"any": True}
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        return {"union": [noted(item) for item in arguments]}
    if origin is typing.Annotated:
        return noted(arguments[0])
    if typing.is_typeddict(hint):
        keys = {key: noted(item) for key, item in typing.get_type_hints(hint).items()}
        return {"keys": keys, "optional": sorted(hint.__optional_keys__)}  # pyright: ignore
    if origin is tuple and not (len(arguments) == 2 and arguments[1] is Ellipsis):
        return {"tuple": [noted(item) for item in arguments]}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"dict": noted(arguments[1])}
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return {"list": noted(arguments[0])}
    raise UnknownNotation(f"{hint!r} cannot be written down")


def _of_annotation(hint: Any) -> Notation:
    dtype = hint.dtype
    if dtype is not Compute and getattr(jaxtyping, dtype.__name__, None) is not dtype:
        raise UnknownNotation(f"the dtype {dtype.__name__} is a class of its own program")
    return {"dtype": dtype.__name__, "dims": hint.dim_str}


def read(data: object) -> Any:
    """Returns the type hint that was noted.

    Raises:
        UnknownNotation: if the data are not a notation.
    """
    if not isinstance(data, Mapping):
        raise UnknownNotation(f"{data!r} is not an annotation")
    match dict(data):
        case {"dtype": str(name), "dims": str(dims), **rest} if not rest:
            return _annotation(name, dims)
        case {"plain": str(name), **rest} if name in PLAIN and not rest:
            return PLAIN[name]
        case {"any": True, **rest} if not rest:
            return typing.Any
        case {"union": [_, *_] as items, **rest} if not rest:
            return Union[tuple(map(read, items))]  # noqa: UP007 - the options are known only when this runs
        case {"tuple": list(items), **rest} if not rest:
            return tuple[tuple(map(read, items))]
        case {"list": item, **rest} if not rest:
            return list[read(item)]
        case {"dict": item, **rest} if not rest:
            return dict[str, read(item)]
        case {"keys": dict(keys), "optional": list(optional), **rest} if not rest and set(optional) <= set(keys):
            return _typed_dict({str(key): read(item) for key, item in keys.items()}, optional)
    raise UnknownNotation(f"{data!r} is not an annotation")


def _annotation(name: str, dims: str) -> Any:
    dtype = Compute if name == "Compute" else getattr(jaxtyping, name, None)
    if not isinstance(dtype, type) or not hasattr(dtype, "dtypes"):  # `AbstractDtype` itself has none
        raise UnknownNotation(f"there is no dtype {name!r}")
    try:
        annotation = dtype[Tensor, dims]  # pyright: ignore
        pattern_of(annotation)
    except (PatternError, ValueError, TypeError) as error:
        raise UnknownNotation(str(error)) from error
    return annotation


def _typed_dict(keys: Mapping[str, Any], optional: Sequence[str]) -> Any:
    wrapped = {key: typing.NotRequired[hint] if key in optional else hint for key, hint in keys.items()}
    return typing.TypedDict("Inputs", wrapped)  # pyright: ignore
