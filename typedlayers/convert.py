"""`to_keras` and `from_keras`: the same model without typed classes, and with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import keras

from typedlayers.archive.model_notes import moded, reading
from typedlayers.archive.scope import plain_scope, readable
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.functional import KerasFunctional
from typedlayers.bridge.graph import functional_of
from typedlayers.bridge.saving import changed_archive, pickled, unpickled
from typedlayers.bridge.stack import inner_layers
from typedlayers.models._export import of_bytes
from typedlayers.models._front import bytes_taken
from typedlayers.models.sequential import Sequential as _all_named  # noqa: F401 - a scope holds what is imported
from typedlayers.modes import ModeLike, as_mode


def to_keras(model: Any) -> Any:
    """Returns a plain Keras model of the same architecture, weights and compiled state; the same outputs, bit for bit.

    A model that scales bytes by their dtype, in lenient mode, becomes one that takes ``uint8`` and rescales them. The
    model for scaled floats is inside, under its own name: ``plain.get_layer(model.name)``. Layers of your own classes
    are not changed.

    Args:
        model: a Sequential or functional model.

    Raises:
        TypeError: if it is neither: only its own code knows the layers of a subclassed model.

    >>> import keras, typedlayers as tl
    >>> plain = tl.to_keras(tl.Sequential([tl.Input((4,)), tl.layers.Dense(2)]))
    >>> type(plain) is keras.Sequential, type(plain.layers[0]) is keras.layers.Dense
    (True, True)
    """
    _require(model, "to_keras", "keras.Model")
    objects = _users_objects(model)
    with plain_scope(objects):
        plain = unpickled(changed_archive(pickled(model), lambda config: readable(config, objects)))
    scales = bytes_taken(model)
    if not scales:
        if getattr(plain, "inputs", None):
            plain(functional_of(plain).input)  # ONNX is written of models only that were called
        return plain
    outer = of_bytes(plain, scales)
    if plain.compiled:
        outer.compile_from_config(plain.get_compile_config())
    return outer


def from_keras(model: Any, mode: ModeLike | None = None) -> Any:
    """Returns a typed model of the same architecture, weights and compiled state.

    Args:
        model: a Sequential or functional model, typed or not; models inside it become typed too, except those of
            classes of your own.
        mode: the mode of the new model.

    Raises:
        TypeError: if it is neither.
        ContractError: if the model breaks a contract that the mode does not repair.
        ValueError: if the mode does not exist.

    >>> import keras, typedlayers as tl
    >>> model = tl.from_keras(keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]), mode="lenient")
    >>> type(model) is tl.Sequential, type(model.layers[0]) is tl.layers.Dense
    (True, True)
    """
    _require(model, "from_keras", "typedlayers.Model")
    given = None if mode is None else as_mode(mode, source="from_keras(mode=)")
    with reading(_users_objects(model), given) as users:
        made = unpickled(changed_archive(pickled(model), lambda config: readable(config, users)))
    return moded(made, given)


def _require(model: Any, function: str, base: str) -> None:
    if not isinstance(model, keras.Model):
        raise TypeError(f"{function} needs a Keras model, not {model!r}")
    if not (_is_keras_s(type(model)) and isinstance(model, keras.Sequential | KerasFunctional)):
        raise TypeError(
            f"{function} needs a Sequential or a functional model; {label_of(model)} is of a class of your own, and "
            f"only its code knows its layers: derive {type(model).__name__} from {base} instead"
        )


def _is_keras_s(item: Any) -> bool:
    """Returns True for a class or function of Keras, and for a typed class that replaces one."""
    return item.__module__.partition(".")[0] == "keras"


def _users_objects(model: Any) -> dict[str, Any]:
    """Returns the user's classes and functions in a model, by their names in its config."""
    given = [*_leaves(getattr(model, "loss", None)), *model.metrics, getattr(model, "optimizer", None)]
    classes = [type(layer) for layer in inner_layers(model)] + [type(item) for item in given]
    functions = [item for item in given if callable(item) and hasattr(item, "__name__")]
    return {keras.saving.get_registered_name(item): item for item in (*classes, *functions) if not _is_keras_s(item)}


def _leaves(nest: Any) -> Iterator[Any]:
    if isinstance(nest, Mapping):
        nest = list(nest.values())
    if isinstance(nest, Sequence) and not isinstance(nest, str):
        for item in nest:
            yield from _leaves(item)
    elif nest is not None and not isinstance(nest, str):
        yield nest
