"""`Input`: Keras's, which may declare the range of its values."""

from __future__ import annotations

import inspect
import numbers
from collections.abc import Mapping
from typing import Any

import keras

from typedlayers.bridge.front import declare_values
from typedlayers.diagnostics.model import Location
from typedlayers.facts.front import ends_of
from typedlayers.layers._arguments import no_shape, refuse
from typedlayers.modes import Checking, current
from typedlayers.verdict.source import user_line


def Input(*args: Any, values: tuple[float, float] | None = None, **kwargs: Any) -> Any:
    """``keras.Input``, with the range of values that the model takes.

    Args:
        *args: as for ``keras.Input``.
        values: the least and the greatest value, ``(0, 1)`` for pictures that are divided by 255; None to take what
            training sees. What is outside is refused (TL406); lenient mode scales uint8 into [0, 1] and [-1, 1].
        **kwargs: as for ``keras.Input``.

    Raises:
        ContractError: TL102, if ``shape`` is a number.
        ValueError: if ``values`` are not two finite numbers in order.

    >>> import typedlayers as tl
    >>> image = tl.Input((28, 28, 1), values=(0, 1), name="image")
    >>> print(tl.repairs(tl.Model(image, tl.layers.Flatten()(image), mode="lenient")).front)
    input: values 0..1; bytes are scaled: rescale by 1/255
    """
    _check_shape(args, kwargs)
    ends = None if values is None else ends_of(values, "Input(values=)")
    tensor = keras.Input(*args, **kwargs)
    if ends is not None:
        declare_values(tensor, ends)
    return tensor


def _check_shape(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
    """Checks that a shape is no bare number.

    Raises:
        ContractError: TL102, if it is one.
    """
    named = {**dict(zip(_plain.parameters, args, strict=False)), **kwargs}
    shape = named.get("shape")
    if isinstance(shape, numbers.Integral) and current().checking is not Checking.OFF:
        label = f'Input "{named["name"]}"' if named.get("name") else "Input"
        refuse(no_shape(label, "shape", shape, Location(*(user_line() or (None, None)), what=label)))


_plain = inspect.signature(keras.Input)
Input.__signature__ = _plain.replace(  # pyright: ignore[reportFunctionMemberAccess]
    parameters=[
        *_plain.parameters.values(),
        inspect.Parameter("values", inspect.Parameter.KEYWORD_ONLY, default=None),
    ]
)
