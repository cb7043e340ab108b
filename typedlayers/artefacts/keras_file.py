"""Keras's ``.keras`` files: a zip file whose ``config.json`` says everything but the weights."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from typedlayers.artefacts.bounded import CannotRead, member, opened, parsed
from typedlayers.artefacts.keras_config import signature_of
from typedlayers.artefacts.model import Artefact, Form
from typedlayers.artefacts.written import FILE, KEY, try_written

CONFIG: Final = "config.json"
METADATA: Final = "metadata.json"
ASSET: Final = f"assets/{FILE}"


def read(path: Path, shown: str) -> Artefact:
    """Returns what stands in a Keras file.

    Raises:
        CannotRead: if it is none.
    """
    with opened(path) as file:
        config, metadata, asset = (member(file, name, shown) for name in (CONFIG, METADATA, ASSET))
    if config is None:
        raise CannotRead(f"{shown} is a zip file without {CONFIG}, so it is no Keras file")
    data = parsed(config, f"{CONFIG} in {shown}")
    notes = _notes(data) if asset is None else parsed(asset, f"{ASSET} in {shown}")
    written, unreadable = (None, "") if notes is None else try_written(notes)
    signature = signature_of(data)
    return Artefact(
        path=shown,
        form=Form.KERAS,
        what=_label(data),
        producer=_producer(metadata),
        signatures=(signature if written is None else written.of_signature(signature),),
        contract=None if written is None else written.contract,
        unreadable=unreadable,
    )


def _notes(data: Any) -> Any:
    config = data.get("config") if isinstance(data, Mapping) else None
    return config.get(KEY) if isinstance(config, Mapping) else None


def _label(data: Mapping[str, Any]) -> str:
    name = data["config"].get("name")
    kind = str(data["class_name"])
    return f'{kind} "{name}"' if isinstance(name, str) else kind


def _producer(metadata: bytes | None) -> str:
    data = None if metadata is None else parsed(metadata, METADATA)
    version = data.get("keras_version") if isinstance(data, Mapping) else None
    return f"Keras {version}" if isinstance(version, str) else ""
