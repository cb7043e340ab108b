"""TensorFlow's SavedModel folders: ``saved_model.pb`` holds the signatures beside the graph, which is passed over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from typedlayers.artefacts.bounded import MOST_JSON, CannotRead, below, mapped, opened, parsed
from typedlayers.artefacts.model import Artefact, Form, Port, Signature
from typedlayers.artefacts.wire import message_at, messages, number_at, text_at
from typedlayers.artefacts.written import FILE, Written, try_written
from typedlayers.spec import Shape, Spec

MODEL: Final = "saved_model.pb"

EXTRA: Final = ("assets.extra", FILE)
"""The folder that TensorFlow leaves to others, and our file in it."""

# https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/saved_model.proto, meta_graph.proto
_META_GRAPHS, _INFO, _SIGNATURES = 2, 1, 5
_VERSION_IN_INFO = 5
_KEY, _VALUE = 1, 2
_INPUTS, _OUTPUTS = 1, 2
_DTYPE, _SHAPE = 2, 3
_DIM, _UNKNOWN_RANK, _SIZE = 2, 3, 1

DTYPES: Final = {
    1: "float32", 2: "float64", 3: "int32", 4: "uint8", 5: "int16", 6: "int8", 7: "string", 8: "complex64",
    9: "int64", 10: "bool", 14: "bfloat16", 17: "uint16", 18: "complex128", 19: "float16", 22: "uint32", 23: "uint64",
    24: "float8_e5m2", 25: "float8_e4m3fn", 29: "int4", 30: "uint4",
}  # fmt: skip
"""https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/framework/types.proto"""

DEFAULT: Final = "serving_default"

MOST_SIGNATURES: Final = 1000


def read(folder: Path, shown: str) -> Artefact:
    """Returns the signatures of a SavedModel.

    Raises:
        CannotRead: if it is none.
    """
    data = mapped(below(folder, MODEL))
    try:
        graph = message_at(data, _META_GRAPHS)
        if graph is None:
            raise CannotRead("it holds no graph")
        version = text_at(message_at(graph, _INFO) or memoryview(b""), _VERSION_IN_INFO)
        signatures = tuple(_signatures(graph))
    except CannotRead as error:
        raise CannotRead(f"{MODEL} in {shown} cannot be read: {error}") from None
    written, unreadable = _written(folder, shown)
    return Artefact(
        path=shown,
        form=Form.SAVED_MODEL,
        producer=f"TensorFlow {version}" if version else "",
        signatures=tuple(one if written is None else written.of_signature(one) for one in _default_first(signatures)),
        contract=None if written is None else written.contract,
        unreadable=unreadable,
    )


def _written(folder: Path, shown: str) -> tuple[Written | None, str]:
    file = below(folder, *EXTRA)
    if not file.exists():
        return None, ""
    with opened(file) as stream:
        data = stream.read(MOST_JSON + 1)
    return try_written(parsed(data, f"{'/'.join(EXTRA)} in {shown}"))


def _signatures(graph: memoryview) -> Iterator[Signature]:
    for count, entry in enumerate(messages(graph, _SIGNATURES)):
        if count >= MOST_SIGNATURES:
            raise CannotRead(f"it has more than {MOST_SIGNATURES} signatures")
        name, value = text_at(entry, _KEY), message_at(entry, _VALUE)
        if value is not None and not name.startswith("__saved_model"):
            yield Signature(name, tuple(_ports(value, _INPUTS)), tuple(_ports(value, _OUTPUTS)))


def _ports(signature: memoryview, field: int) -> list[Port]:
    found = []
    for entry in messages(signature, field):
        name, info = text_at(entry, _KEY), message_at(entry, _VALUE)
        found.append(Port(name, _spec(memoryview(b"") if info is None else info), key=name))
    return sorted(found, key=lambda port: port.name)


def _spec(info: memoryview) -> Spec:
    shape = message_at(info, _SHAPE)
    return Spec(DTYPES.get(number_at(info, _DTYPE) or 0), None if shape is None else _shape(shape))


def _shape(data: memoryview) -> Shape | None:
    if number_at(data, _UNKNOWN_RANK):
        return None
    sizes = [number_at(dim, _SIZE) or 0 for dim in messages(data, _DIM)]
    return tuple(size if size >= 0 else None for size in sizes)


def _default_first(signatures: tuple[Signature, ...]) -> list[Signature]:
    return sorted(signatures, key=lambda one: (one.name != DEFAULT, one.name))
