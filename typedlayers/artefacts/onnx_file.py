"""ONNX files: the graph names its inputs and outputs beside the nodes and weights, which are passed over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from typedlayers.artefacts.bounded import CannotRead, mapped, parsed
from typedlayers.artefacts.model import Artefact, Form, Port, Signature
from typedlayers.artefacts.wire import Field, fields, message_at, messages, number_at, text_at, text_of
from typedlayers.artefacts.written import KEY, Written, try_written
from typedlayers.spec import Spec

# https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
_IR_VERSION, _PRODUCER, _PRODUCER_VERSION, _GRAPH, _METADATA = 1, 2, 3, 7, 14
_NAME, _INITIALIZER, _INPUT, _OUTPUT = 2, 5, 11, 12
_NAME_OF_WEIGHTS = 8
_NAME_OF_VALUE, _TYPE, _TENSOR, _ELEMENT, _SHAPE, _DIM, _SIZE = 1, 2, 1, 1, 2, 1, 1

DTYPES: Final = {
    1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64", 8: "string", 9: "bool",
    10: "float16", 11: "float64", 12: "uint32", 13: "uint64", 14: "complex64", 15: "complex128", 16: "bfloat16",
    17: "float8_e4m3fn", 19: "float8_e5m2", 21: "uint4", 22: "int4",
}  # fmt: skip


def read(file: Path, shown: str) -> Artefact:
    """Returns what an ONNX model takes and gives.

    Raises:
        CannotRead: if it is none.
    """
    data = mapped(file)
    try:
        top = dict(fields(data))
        graph = top.get(_GRAPH)
        if not isinstance(graph, memoryview) or not isinstance(top.get(_IR_VERSION), int):
            raise CannotRead("it holds no graph")
        signature, name = _signature(graph), text_at(graph, _NAME)
    except CannotRead as error:
        raise CannotRead(f"{shown} is no ONNX file that can be read: {error}") from None
    written, unreadable = _written(data, shown)
    producer = f"{_text(top.get(_PRODUCER))} {_text(top.get(_PRODUCER_VERSION))}".strip()
    return Artefact(
        path=shown,
        form=Form.ONNX,
        what=f'graph "{name}"' if name else "",
        producer=producer,
        signatures=(signature if written is None else written.of_signature(signature),),
        contract=None if written is None else written.contract,
        unreadable=unreadable,
    )


def _text(value: Field | None) -> str:
    return text_of(value) if isinstance(value, memoryview) else ""


def _written(data: memoryview, shown: str) -> tuple[Written | None, str]:
    for entry in messages(data, _METADATA):
        if text_at(entry, 1) == KEY:
            value = message_at(entry, 2)
            return try_written(parsed(bytes(value or b""), f"the metadata {KEY} of {shown}"))
    return None, ""


def _signature(graph: memoryview) -> Signature:
    weights, inputs, outputs = set[str](), list[Port](), list[Port]()
    for number, value in fields(graph):
        if not isinstance(value, memoryview):
            continue
        if number == _INITIALIZER:
            weights.add(text_at(value, _NAME_OF_WEIGHTS))
        elif number in (_INPUT, _OUTPUT):
            (inputs if number == _INPUT else outputs).append(_port(value))
    # files of early versions list the weights among the inputs
    return Signature("main", tuple(port for port in inputs if port.name not in weights), tuple(outputs))


def _port(value: memoryview) -> Port:
    name = text_at(value, _NAME_OF_VALUE)
    kind = message_at(value, _TYPE)
    tensor = None if kind is None else message_at(kind, _TENSOR)
    if tensor is None:
        return Port(name, Spec(None, None), key=name)
    shape = message_at(tensor, _SHAPE)
    spec = Spec(DTYPES.get(number_at(tensor, _ELEMENT) or 0), None if shape is None else tuple(_sizes(shape)))
    return Port(name, spec, key=name)


def _sizes(shape: memoryview) -> Iterator[int | None]:
    for dim in messages(shape, _DIM):
        size = number_at(dim, _SIZE)
        yield None if size is None or size < 0 else size
