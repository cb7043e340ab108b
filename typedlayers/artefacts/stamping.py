"""Writes what typedlayers knows of the inputs of a model into an exported artefact; `written` reads it back.

A LiteRT file has no place that can be written without rewriting the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from typedlayers.artefacts.model import Front
from typedlayers.artefacts.saved_model import EXTRA
from typedlayers.artefacts.written import KEY
from typedlayers.diagnostics.repair_notes import repair_data
from typedlayers.facts.front_notes import VERSION
from typedlayers.facts.value_notes import facts_data

_METADATA_OF_ONNX: Final = 14


def contract_data(fronts: Mapping[str, Front], *, mode: str = "", dims: Mapping[str, int | None] | None = None) -> Any:
    """Returns the notes of an exported artefact as plain data.

    Args:
        fronts: what is known of each input, by its name.
        mode: the mode of the model, empty if it has none of its own.
        dims: its named dimensions.
    """
    found: dict[str, Any] = {"version": VERSION, "front": {name: _front_data(one) for name, one in fronts.items()}}
    if mode:
        found["mode"] = mode
    return found | ({"dims": dict(dims)} if dims else {})


def _front_data(front: Front) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if front.bounds is not None:
        data["range"] = {**facts_data(front.bounds.seen), "declared": front.bounds.declared}
    if front.repair is not None:
        data["repair"] = repair_data(front.repair)
    return data


def stamp_saved_model(folder: str, data: Any) -> None:
    """Writes notes into a SavedModel: a file in the folder that TensorFlow leaves to others."""
    file = Path(folder, *EXTRA)
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(data), encoding="utf-8")


def stamp_onnx(file: str, data: Any) -> None:
    """Writes notes into an ONNX file: two messages of protocol buffers one after the other are one."""
    entry = _field(1, KEY.encode()) + _field(2, json.dumps(data).encode())
    with Path(file).open("ab") as stream:
        stream.write(_field(_METADATA_OF_ONNX, entry))


def _field(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    found = bytearray()
    while value >= 0x80:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])
