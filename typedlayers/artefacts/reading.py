"""Any artefact by its path: which format it is, and what it takes and gives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from typedlayers.artefacts import keras_file, litert, onnx_file, saved_model
from typedlayers.artefacts.bounded import CannotRead, opened
from typedlayers.artefacts.model import Artefact

_BY_ENDING: Final[dict[str, Callable[[Path, str], Artefact]]] = {
    ".keras": keras_file.read,
    ".onnx": onnx_file.read,
    ".tflite": litert.read,
}

_HDF5: Final = b"\x89HDF\r\n\x1a\n"


def read_artefact(path: str) -> Artefact:
    """Returns what stands in an artefact; none of its code runs, and no framework is imported.

    Args:
        path: a ``.keras``, ``.onnx`` or ``.tflite`` file, or the folder of a SavedModel.

    Raises:
        CannotRead: if it is none of these, is damaged, or is larger than any real one.
    """
    try:
        file = Path(path)
        if file.is_dir():
            if not (file / saved_model.MODEL).exists():
                raise CannotRead(f"{path} is a folder without {saved_model.MODEL}, so it is no SavedModel")
            return saved_model.read(file, path)
        reader = _BY_ENDING.get(file.suffix.lower()) or _by_content(file, path)
    except ValueError as error:  # a null character in the path
        raise CannotRead(f"{path!r} cannot be read: {error}") from None
    return reader(file, path)


def _by_content(file: Path, path: str) -> Callable[[Path, str], Artefact]:
    with opened(file) as stream:
        start = stream.read(8)
    if start == _HDF5:
        raise CannotRead(f"{path} is an HDF5 file of Keras's old format; load it and save it as .keras")
    if start.startswith(b"PK"):
        return keras_file.read
    if start[4:8] == litert.MARK:
        return litert.read
    kinds = "a .keras, .onnx or .tflite file, or the folder of a SavedModel"
    raise CannotRead(f"{path} is no artefact that can be read: {kinds} is needed")
