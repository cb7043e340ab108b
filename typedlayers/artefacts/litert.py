"""LiteRT files (``.tflite``): a FlatBuffer whose signatures name tensors of a subgraph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from typedlayers.artefacts.bounded import CannotRead, mapped, parsed
from typedlayers.artefacts.flatbuffer import Table, Vector
from typedlayers.artefacts.model import Artefact, Form, Port, Signature
from typedlayers.artefacts.written import KEY, Written, try_written
from typedlayers.spec import Spec

MARK: Final = b"TFL3"
"""Stands at the fifth byte of the file."""

# https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/schema/schema.fbs
_SUBGRAPHS, _DESCRIPTION, _BUFFERS, _METADATA, _SIGNATURES = 2, 3, 4, 6, 7
_TENSORS, _INPUTS, _OUTPUTS = 0, 1, 2
_SHAPE, _TYPE, _NAME, _SHAPE_SIGNATURE = 0, 1, 3, 7

DTYPES: Final = {
    0: "float32", 1: "float16", 2: "int32", 3: "uint8", 4: "int64", 5: "string", 6: "bool", 7: "int16", 8: "complex64",
    9: "int8", 10: "float64", 11: "complex128", 12: "uint64", 15: "uint32", 16: "uint16", 17: "int4", 18: "bfloat16",
}  # fmt: skip

MOST_SIGNATURES: Final = 100

MOST_PORTS: Final = 1000

MOST_AXES: Final = 32


def read(file: Path, shown: str) -> Artefact:
    """Returns what a LiteRT model takes and gives.

    Raises:
        CannotRead: if it is none.
    """
    data = mapped(file)
    try:
        if bytes(data[4:8]) != MARK:
            raise CannotRead("its mark is missing")
        model = Table.root(data)
        signatures = tuple(_signatures(model))
        written, unreadable = _written(model, shown)
        description = model.text(_DESCRIPTION)
    except CannotRead as error:
        raise CannotRead(f"{shown} is no LiteRT file that can be read: {error}") from None
    return Artefact(
        path=shown,
        form=Form.LITERT,
        producer=description,
        signatures=tuple(one if written is None else written.of_signature(one) for one in signatures),
        contract=None if written is None else written.contract,
        unreadable=unreadable,
    )


def _written(model: Table, shown: str) -> tuple[Written | None, str]:
    for entry in model.tables(_METADATA):
        if entry.text(0) == KEY:
            data = model.tables(_BUFFERS).at(entry.number(1, "<I")).bytes(0)
            return try_written(parsed(bytes(data), f"the metadata {KEY} of {shown}"))
    return None, ""


def _signatures(model: Table) -> Iterator[Signature]:
    subgraphs = model.tables(_SUBGRAPHS)
    named = model.tables(_SIGNATURES)
    if named.length > MOST_SIGNATURES:
        raise CannotRead(f"it has more than {MOST_SIGNATURES} signatures")
    for entry in named:
        tensors = subgraphs.at(entry.number(4, "<I")).tables(_TENSORS)
        inputs, outputs = (tuple(_named(entry.tables(place), tensors)) for place in (0, 1))
        yield Signature(entry.text(2), inputs, outputs)
    if not named.length:
        main = subgraphs.at(0)
        inputs, outputs = (tuple(_counted(main, place)) for place in (_INPUTS, _OUTPUTS))
        yield Signature("main", inputs, outputs, keyed=False, named=False)


def _named(entries: Vector, tensors: Vector) -> Iterator[Port]:
    if entries.length > MOST_PORTS:
        raise CannotRead(f"a signature has more than {MOST_PORTS} inputs or outputs")
    for entry in entries:
        name = entry.text(0)
        yield Port(name, _spec(tensors.at(entry.number(1, "<I"))), key=name)


def _counted(subgraph: Table, place: int) -> Iterator[Port]:
    tensors = subgraph.tables(_TENSORS)
    for index in subgraph.numbers(place, MOST_PORTS) or ():
        tensor = tensors.at(index)
        yield Port(tensor.text(_NAME), _spec(tensor), key=tensor.text(_NAME))


def _spec(tensor: Table) -> Spec:
    sizes = tensor.numbers(_SHAPE_SIGNATURE, MOST_AXES) or tensor.numbers(_SHAPE, MOST_AXES)
    shape = None if sizes is None else tuple(size if size >= 0 else None for size in sizes)
    return Spec(DTYPES.get(tensor.number(_TYPE, "<b")), shape)
