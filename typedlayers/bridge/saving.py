"""Keras's files and registries: the config inside an archive, and the names that classes are read back by."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import keras

CONFIG: Final = "config.json"
"""The member of a ``.keras`` archive, and the file of an unzipped one, that describes the model."""

Change = Callable[[Any], Any]
"""Gives the config to read in place of the one that was written."""


def active_custom_objects() -> dict[str, Any]:
    """Returns the objects of the custom object scope that is active; an inner scope would hide them.

    Keras keeps them in a global attribute that has no public name; without it, an inner scope hides an outer one's.
    """
    try:
        from keras.src.backend.common import global_state
    except ImportError:
        return {}
    return dict(global_state.get_global_attribute("custom_objects_scope_dict") or {})


def pickled(model: Any) -> Any:
    """Returns a model as Keras pickles it: weights, compiled state and assets, in a buffer."""
    return keras.Model.__reduce__(model)[1][0]


def unpickled(buffer: Any) -> Any:
    """Returns the layer or model that Keras wrote into a buffer (``KerasSaveable.__reduce__``)."""
    unpickle = getattr(keras.Model, "_unpickle_model", None)
    if unpickle is not None:
        return unpickle(buffer)
    with tempfile.TemporaryDirectory() as folder:  # a Keras without that name still opens its own files
        path = Path(folder) / "object.keras"
        path.write_bytes(buffer.getvalue())
        return keras.saving.load_model(path, safe_mode=False)


def changed_archive(archive: Any, change: Change) -> io.BytesIO | Any:
    """Returns an archive with its config exchanged; the archive itself if nothing changes.

    Args:
        archive: a path, or a file object.
        change: gives the new config.
    """
    with zipfile.ZipFile(archive) as source:
        config = json.loads(source.read(CONFIG))
        new = change(config)
        if new == config:
            return archive
        target = io.BytesIO()
        _copy(source, target, new)
    target.seek(0)
    return target


@contextlib.contextmanager
def changed_file(path: Any, change: Change) -> Iterator[Any]:
    """Gives the path of a model's file with its config exchanged: a temporary one, if anything changes.

    Legacy h5 files and what is not on this machine are given as they are.
    """
    place = Path(str(path))
    folder = place.is_dir() and (place / CONFIG).is_file()
    if not folder and not (place.suffix == ".keras" and zipfile.is_zipfile(place)):
        yield path
        return
    if folder:
        config = json.loads((place / CONFIG).read_text(encoding="utf-8"))
    else:
        with zipfile.ZipFile(place) as source:
            config = json.loads(source.read(CONFIG))
    new = change(config)
    if new == config:
        yield path
        return
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / place.name
        if folder:
            shutil.copytree(place, copy)
            (copy / CONFIG).write_text(json.dumps(new), encoding="utf-8")
        else:
            with zipfile.ZipFile(place) as source, copy.open("wb") as target:
                _copy(source, target, new)
        yield str(copy)


def _copy(source: zipfile.ZipFile, target: Any, config: Any) -> None:
    """Copies an archive with another config."""
    with zipfile.ZipFile(target, "w") as made:
        for member in source.infolist():
            if member.filename == CONFIG:
                made.writestr(CONFIG, json.dumps(config))
                continue
            with source.open(member) as here, made.open(member.filename, "w", force_zip64=True) as there:
                shutil.copyfileobj(here, there)


def exchange_names(classes: Mapping[str, type]) -> dict[str, Any]:
    """Lets Keras read its own public names as other classes, for the whole process.

    Keras looks its public names up in a table that has no public name itself; a user's ``custom_objects`` go before
    it. Without the table its global custom objects do the same, less well: those go before the user's.

    Args:
        classes: by name with its module: ``"keras.layers.Dense"``.

    Returns:
        What stood there before; None for what was not there. `restore_names` takes it.
    """
    table, key = _names()
    before = {key(name): table.get(key(name)) for name in classes}
    table.update({key(name): cls for name, cls in classes.items()})
    return before


def restore_names(before: Mapping[str, Any]) -> None:
    """Undoes `exchange_names`."""
    table, _ = _names()
    for name, what in before.items():
        if what is None:
            table.pop(name, None)
        else:
            table[name] = what


def _names() -> tuple[dict[str, Any], Callable[[str], str]]:
    try:
        from keras.src.api_export import REGISTERED_NAMES_TO_OBJS
    except ImportError:
        return keras.saving.get_custom_objects(), lambda name: name.rpartition(".")[2]
    return REGISTERED_NAMES_TO_OBJS, lambda name: name
