"""What Keras or TensorFlow refused, taken apart: read only once something was raised."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, Final

import keras
import numpy as np

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.stack import inner_layers
from typedlayers.bridge.tensors import is_tensor, spec_of, specs_of
from typedlayers.diagnostics.model import Location
from typedlayers.facts.refusals import RefusedAdapt, RefusedCall, UnlikeWeights
from typedlayers.spec import leaves
from typedlayers.verdict.source import user_line

_FRAMES: Final = frozenset({"DataFrame", "Series"})
"""The classes of pandas, which ``adapt`` of a layer of numbers does not take."""

_OF_KERAS: Final = frozenset({"training", "mask"})
"""Arguments that every layer takes, whether its ``call`` has them or not."""


def refused_call(layer: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, own: bool) -> RefusedCall | None:
    """Returns what is wrong with the arguments of a call that failed, None if they are those of its ``call``.

    Args:
        layer: the layer or model that was called.
        args: the positional arguments.
        kwargs: the arguments by name.
        own: whether ``call`` is the user's own.
    """
    label = label_of(layer)
    given = keras.tree.flatten([args, dict(kwargs)])
    layers = tuple(label_of(one) for one in given if isinstance(one, keras.layers.Layer))
    found = _unlike(inspect.signature(layer.call), args, {k: v for k, v in kwargs.items() if k not in _OF_KERAS})
    if not layers and found is None:
        return None
    code = getattr(inspect.unwrap(type(layer).call), "__code__", None)
    at = (code.co_filename, code.co_firstlineno) if own and code is not None and not layers else user_line()
    where = Location(*(at or (None, None)), what=label)
    if layers:
        return RefusedCall(label=label, where=where, own=own, layers=layers)
    return RefusedCall(label=label, where=where, own=own, parts=_parts(args), **(found or {}))


def _parts(args: tuple[Any, ...]) -> int | None:
    return len(args[0]) if len(args) == 1 and isinstance(args[0], list | tuple) else None


def _unlike(signature: inspect.Signature, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any] | None:
    """How arguments differ from a signature, None if they do not."""
    try:
        signature.bind(*args, **kwargs)
    except TypeError:
        kinds = [(one, one.kind) for one in signature.parameters.values()]
        positional = [one.name for one, kind in kinds if kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
        needed = [
            one.name
            for one, kind in kinds
            if one.default is one.empty and kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
        ]
        named = {*positional[: len(args)], *kwargs}
        any_name = any(kind is inspect.Parameter.VAR_KEYWORD for _, kind in kinds)
        any_number = any(kind is inspect.Parameter.VAR_POSITIONAL for _, kind in kinds)
        return {
            "parameters": tuple(needed),
            "missing": tuple(name for name in needed if name not in named),
            "unknown": () if any_name else tuple(name for name in kwargs if name not in signature.parameters),
            "surplus": 0 if any_number else max(len(args) - len(positional), 0),
        }
    return None


def refused_adapt(layer: Any, data: Any) -> RefusedAdapt:
    """Returns what an ``adapt`` that failed was given.

    Args:
        layer: the preprocessing layer.
        data: the data.
    """
    label = label_of(layer)
    where = Location(*(user_line() or (None, None)), what=label)
    of_text = isinstance(layer, keras.layers.TextVectorization | keras.layers.StringLookup)
    kind, element = type(data).__name__, getattr(data, "element_spec", None)
    if element is None:
        given = spec_of(data) if is_tensor(data) and kind not in _FRAMES else None
        return RefusedAdapt(label=label, where=where, of_text=of_text, given=given, kind=kind)
    specs = [spec for _, spec in leaves(specs_of(element))]
    return RefusedAdapt(
        label=label,
        where=where,
        of_text=of_text,
        code="ds",
        given=specs[0] if len(specs) == 1 else None,
        kind=kind,
        parts=len(specs),
    )


def unlike_weights(owner: Any, given: Any) -> UnlikeWeights | None:
    """Returns how weights differ from those of the model or layer that was given them, None if they do not.

    Args:
        owner: a model or a layer.
        given: what its ``set_weights`` got.
    """
    if not isinstance(given, list | tuple):
        return None
    made = owner.weights
    label, counts = label_of(owner), (len(made), len(given))
    where = Location(*(user_line() or (None, None)), what=label)
    shapes = [(tuple(one.shape), tuple(np.shape(two))) for one, two in zip(made, given, strict=False)]
    first = next((index for index, (one, two) in enumerate(shapes) if one != two), None)
    if first is None:
        return UnlikeWeights(label=label, where=where, counts=counts) if counts[0] != counts[1] else None
    weight = made[first]
    holder = [one for one in inner_layers(owner) if one is not owner and any(weight is own for own in one.weights)]
    layer = holder[-1] if holder else owner
    return UnlikeWeights(
        label=label,
        where=where,
        layer=label_of(layer),
        last=any(made[-1] is own for own in layer.weights),
        weight=weight.name,
        shapes=shapes[first],
        counts=counts,
    )
