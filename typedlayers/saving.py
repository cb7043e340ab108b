"""`load_model` and `register`: files of Keras, opened typed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import keras

from typedlayers.archive.model_notes import moded, reading
from typedlayers.archive.scope import Registration, readable
from typedlayers.bridge.saving import changed_file
from typedlayers.models.sequential import Sequential as _all_named  # noqa: F401 - a scope holds what is imported
from typedlayers.modes import ModeLike, as_mode
from typedlayers.verdict.traceback import ENTRY


def load_model(
    filepath: Any,
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,
    safe_mode: bool = True,
    mode: ModeLike | None = None,
) -> Any:
    """Loads a saved model as a typed one, whether typed or plain layers wrote the file.

    Args:
        filepath: as for ``keras.saving.load_model``: a ``.keras`` file or folder, a legacy ``.h5`` file.
        custom_objects: as for ``keras.saving.load_model``; a class of yours goes before ours, also under a name of
            Keras's: ``{"Dense": MyDense}``.
        compile: as for ``keras.saving.load_model``.
        safe_mode: as for ``keras.saving.load_model``.
        mode: the model's mode, in place of the one that was saved.

    Returns:
        The model, with the mode, names, annotations, allowances, ranges and repairs that were saved.

    Raises:
        ContractError: if the model breaks a contract that its mode does not repair.
        ValueError: if the mode does not exist, or Keras cannot read the file.

    >>> import os, tempfile, typedlayers as tl
    >>> path = os.path.join(tempfile.mkdtemp(), "digits.keras")
    >>> tl.Sequential([tl.Input((4,)), tl.layers.Dense(2)], mode="lenient").save(path)
    >>> type(tl.load_model(path).layers[0]) is tl.layers.Dense
    True
    """
    given = None if mode is None else as_mode(mode, source="load_model(mode=)")
    with (
        ENTRY,
        reading(custom_objects, given) as users,
        changed_file(filepath, lambda config: readable(config, users)) as path,
    ):
        try:
            model = keras.saving.load_model(
                path, custom_objects=dict(custom_objects or {}), compile=compile, safe_mode=safe_mode
            )
        except (TypeError, ValueError) as error:
            _note_missing(error)
            raise
    return moded(model, given)


_MISSING: Final = re.compile(r"Could not locate (?:class|function) '(\w+)'")
"""How Keras says, at the end of a whole config, that a file names an object that it does not find."""


def _note_missing(error: Exception) -> None:
    """Adds to Keras's message what to write, if the file names an object that is not there."""
    found = _MISSING.search(str(error))
    if found is not None:
        name = found[1]
        error.add_note(
            f"typedlayers: the file needs your {name}: tl.load_model(path, custom_objects={{{name!r}: {name}}}),\n"
            "or import the module that registers it with @keras.saving.register_keras_serializable()"
        )


def model_from_json(json_string: str, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """Returns the model of ``model.to_json()``, typed and without weights.

    Args:
        json_string: the text of ``to_json``.
        custom_objects: as for ``keras.models.model_from_json``; a class of yours goes before ours.

    >>> import typedlayers as tl
    >>> model = tl.Sequential([tl.Input((4,)), tl.layers.Dense(2)])
    >>> type(tl.keras.models.model_from_json(model.to_json())) is tl.Sequential
    True
    """
    with reading(custom_objects, None) as users:
        config = readable(json.loads(json_string), users)
        return keras.models.model_from_json(json.dumps(config), custom_objects=dict(custom_objects or {}))


def register() -> None:
    """Lets ``keras.saving.load_model`` itself return typed layers and models; a second call does nothing.

    It holds for the whole process, and is never done by an import. A user's ``custom_objects`` go before it.

    >>> import keras, typedlayers as tl
    >>> tl.register()
    >>> try:
    ...     layer = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(keras.layers.Dense(2)))
    ... finally:
    ...     tl.unregister()
    >>> type(layer) is tl.layers.Dense
    True
    """
    Registration.enter()


def unregister() -> None:
    """Undoes `register`; does nothing without it."""
    Registration.leave()
