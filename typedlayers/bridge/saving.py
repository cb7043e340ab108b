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

LARGEST: Final = 1 << 28
"""Bytes that a config has at most; what claims to have more is no config, and is left to Keras to refuse."""

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
    """Returns a model as Keras pickles it: weights, compiled state and assets, in a buffer.

    scikeras puts a ``__reduce__`` of its own into ``keras.Model``, which gives the same bytes as an array.
    """
    given: Any = keras.Model.__reduce__(model)[1][0]
    return given if hasattr(given, "seek") else io.BytesIO(bytes(given))


def unpickled(buffer: Any) -> Any:
    """Returns the layer or model that Keras wrote into a buffer (``KerasSaveable.__reduce__``)."""
    unpickle = getattr(keras.Model, "_unpickle_model", None)
    if unpickle is not None:
        return unpickle(buffer)
    with tempfile.TemporaryDirectory() as folder:  # a Keras without that name still opens its own files
        path = Path(folder) / "object.keras"
        path.write_bytes(buffer.getvalue())
        return keras.saving.load_model(path, safe_mode=False)


def changed_archive(archive: io.BytesIO, change: Change) -> io.BytesIO:
    """Returns an archive with its config exchanged; the archive itself if nothing changes.

    Args:
        archive: what `pickled` gives.
        change: gives the new config.
    """
    config = _config_in(archive)
    new = config if config is None else change(config)
    if new == config:
        return archive
    changed = io.BytesIO(archive.getvalue())
    _exchange_config(changed, new)
    changed.seek(0)
    return changed


@contextlib.contextmanager
def changed_file(path: Any, change: Change) -> Iterator[Any]:
    """Gives the path of a model's file with its config exchanged: a temporary copy, if anything changes.

    Legacy h5 files, what is not on this machine, and what only Keras can tell the fault of are given as they are.
    """
    place = Path(str(path))
    folder = place.is_dir() and (place / CONFIG).is_file()
    if folder:
        config = _read_json((place / CONFIG).read_bytes())
    else:
        config = _config_in(place) if place.suffix == ".keras" and zipfile.is_zipfile(place) else None
    new = config if config is None else change(config)
    if new == config:
        yield path
        return
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / place.name
        if folder:
            shutil.copytree(place, copy)
            (copy / CONFIG).write_text(json.dumps(new), encoding="utf-8")
        else:
            shutil.copyfile(place, copy)
            _exchange_config(copy, new)
        yield str(copy)


def _config_in(archive: Any) -> Any:
    """The config in an archive; None if there is none that can be read, which Keras says better."""
    with zipfile.ZipFile(archive) as source:
        if CONFIG not in source.namelist() or source.getinfo(CONFIG).file_size > LARGEST:
            return None
        return _read_json(source.read(CONFIG))


def _read_json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:  # Keras reads it next, and raises this
        return None


def _exchange_config(archive: Any, config: Any) -> None:
    """Writes another config at an archive's end; its other members stay where and as they are."""
    with zipfile.ZipFile(archive, "a") as made:
        made.filelist.remove(made.NameToInfo.pop(CONFIG))
        made.writestr(CONFIG, json.dumps(config))


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
    written = _written_names()
    for name, cls in classes.items():  # what such a class writes is then, to the letter, what Keras's own writes
        plain = before[key(name)]
        if plain in written:
            written[cls] = written[plain]
    return before


def restore_names(before: Mapping[str, Any]) -> None:
    """Undoes `exchange_names`."""
    table, _ = _names()
    written = _written_names()
    for name, what in before.items():
        if table.get(name) is not what:
            written.pop(table.get(name), None)
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


def _written_names() -> dict[Any, str]:
    """Keras's table of the public names of its classes; an empty one where it is elsewhere, and files say more."""
    try:
        from keras.src.api_export import REGISTERED_OBJS_TO_NAMES
    except ImportError:
        return {}
    return REGISTERED_OBJS_TO_NAMES
