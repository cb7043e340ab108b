"""What Keras itself says of arguments and calls that a contract refuses.

A program that looks for Keras's words, or for the kind of its error, finds them in ours. Nothing of the try is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import keras

from typedlayers.bridge.copies import nothing_kept, stateless_copy
from typedlayers.bridge.dry_run import compute_output_spec
from typedlayers.bridge.raised import said
from typedlayers.bridge.tensors import is_tensor
from typedlayers.modes import mode

_LONGEST: Final = 300
"""Characters of Keras's words; some of its messages go on to print whole tensors."""


def refusal_of_arguments(cls: type, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Exception | None:
    """Returns what the constructor of a layer of Keras's raises, None if it accepts its arguments."""
    with nothing_kept(), mode("off"):
        try:
            cls(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - it is what was asked for
            return error
    return None


def refusal_of_call(
    layer: Any, call: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Exception | None:
    """Returns what a layer of Keras's raises when it is called on tensors of these dtypes and shapes, None if nothing.

    Args:
        layer: the layer; one that is not built stays so.
        call: Keras's own ``__call__``.
        args: the positional arguments.
        kwargs: the arguments by name.
    """
    symbolic = keras.tree.map_structure(_symbolic, (list(args), dict(kwargs)))
    with nothing_kept(), mode("off"):
        copy = stateless_copy(layer, {})
        try:
            compute_output_spec(lambda given: call(copy, *given[0], **given[1]), symbolic)
        except Exception as error:  # noqa: BLE001 - it is what was asked for
            return error
    return None


def _symbolic(value: Any) -> Any:
    if not is_tensor(value):
        return value
    return keras.KerasTensor(tuple(value.shape), dtype=keras.backend.standardize_dtype(value.dtype))


def words_of(error: Exception) -> str:
    """Returns what Keras says, in one line.

    >>> words_of(ValueError("It needs  one of them."))
    'Keras says: It needs one of them.'
    """
    text = re.sub(r"\s+", " ", said(error))
    return f"Keras says: {text if len(text) <= _LONGEST else f'{text[:_LONGEST]}...'}"
