"""Samples in files: what each input is given, with the first values; nothing is unpickled."""

from __future__ import annotations

import io
import json
import math
import os
import struct
import tokenize
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.lib import format as npy

from typedlayers.artefacts.bounded import MOST_JSON, CannotRead, opened, refuse_long_directory
from typedlayers.facts.arrays import SLICE
from typedlayers.spec import Carrier, Spec, SpecTree

MOST_HEADER: Final = 10_000
"""Bytes of the header of an array, as NumPy itself has it."""

MOST_BYTES: Final = 64 << 20
"""Bytes of an archive whose values are looked at."""

MOST_ARRAYS: Final = 1000

MOST_SHAPES: Final = 16
"""Kinds of sample that are told apart: sizes of pictures, keys of lines."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples of one kind.

    Attributes:
        what: the file, in the user's names.
        x: the specs, batch axis first.
        values: a nest parallel to x of arrays with the first values; None where they cannot be looked at.
        loose: whether the dtype is only that of JSON: numbers become what the signature says.
    """

    what: str
    x: SpecTree
    values: Any
    loose: bool = False


def read_samples(path: str) -> tuple[Samples, ...]:
    """Returns the samples in a file, those of each kind together.

    Args:
        path: a ``.npy`` or ``.npz`` file, or JSON lines (``.json``, ``.jsonl``, ``.ndjson``).

    Raises:
        CannotRead: if it is none of these, or is damaged.
    """
    file = Path(path)
    match file.suffix.lower():
        case ".npy":
            return (_of_arrays(path, _array(file, path)),)
        case ".npz":
            return (_of_arrays(path, _archive(file, path)),)
        case ".json" | ".jsonl" | ".ndjson":
            return grouped(path, _lines(file, path), loose=True)
    raise CannotRead(f"{path}: samples are read from .npy, .npz, JSON lines (.jsonl) and folders of .png")


# ------------------------------------------------------------------------------------------------ arrays
@dataclass(frozen=True, slots=True)
class _Part:
    """An array in a file: what its header says, and its first values."""

    shape: tuple[int, ...]
    dtype: Any
    values: Any

    @property
    def spec(self) -> Spec:
        return Spec(str(self.dtype), self.shape, Carrier.ARRAY)


def _of_arrays(path: str, parts: _Part | Mapping[str, _Part]) -> Samples:
    if isinstance(parts, _Part):
        return Samples(path, parts.spec, parts.values)
    if [*parts] == [f"arr_{place}" for place in range(len(parts))]:  # NumPy's names of arrays without names
        found = (*parts.values(),)
        if len(found) == 1:
            return _of_arrays(path, found[0])
        return Samples(path, tuple(one.spec for one in found), tuple(one.values for one in found))
    specs = {name: one.spec for name, one in parts.items()}
    return Samples(path, specs, {name: one.values for name, one in parts.items()})


def _array(file: Path, path: str) -> _Part:
    with opened(file) as stream:
        shape, fortran, dtype, start = _header(stream, path)
        size = math.prod(shape) * dtype.itemsize
        if start + size > os.fstat(stream.fileno()).st_size:
            raise CannotRead(f"{path} is cut off: its header promises {size} bytes")
        if not size:
            return _Part(shape, dtype, None)
        values = np.memmap(stream, dtype, "r", start, shape, order="F" if fortran else "C")
    return _Part(shape, dtype, values)


def _archive(file: Path, path: str) -> dict[str, _Part]:
    with opened(file) as stream:
        try:
            refuse_long_directory(stream)
            with zipfile.ZipFile(stream) as archive:
                found = [info for info in archive.infolist() if info.filename.endswith(".npy")]
                names = [info.filename.removesuffix(".npy") for info in found]
                if not found or len(found) > MOST_ARRAYS or len({*names}) < len(names):
                    raise CannotRead(f"{path} holds no arrays, more than {MOST_ARRAYS}, or one name twice")
                room = MOST_BYTES // len(found)
                return {name: _member(archive, info, path, room) for name, info in zip(names, found, strict=True)}
        except CannotRead:
            raise
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, struct.error) as error:
            raise CannotRead(f"{path} is not an archive of arrays: {error}") from None


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, room: int) -> _Part:
    what = f"{info.filename} in {path}"
    with archive.open(info) as stream:
        shape, fortran, dtype, start = _header(stream, what)
        if start + math.prod(shape) * dtype.itemsize != info.file_size:
            raise CannotRead(f"{what} is cut off, or longer than its header says")
        row = math.prod(shape[1:]) * dtype.itemsize
        count = min(shape[0], SLICE, room // row) if shape and row else 0
        if not count or (fortran and len(shape) > 1):
            return _Part(shape, dtype, None)
        data = stream.read(count * row)
    if len(data) < count * row:
        raise CannotRead(f"{what} is cut off")
    return _Part(shape, dtype, np.frombuffer(data, dtype).reshape(count, *shape[1:]))


def _header(stream: IO[bytes], what: str) -> tuple[tuple[int, ...], bool, Any, int]:
    """The header of an array: shape, order, dtype, and where the values start."""
    start = stream.read(8)
    if start[:6] != b"\x93NUMPY" or len(start) < 8 or start[6] not in (1, 2):
        raise CannotRead(f"{what} is not an array of NumPy's")
    width = 2 if start[6] == 1 else 4
    raw = stream.read(width)
    length = int.from_bytes(raw, "little")
    if length > MOST_HEADER:
        raise CannotRead(f"{what} has a header of {length} bytes")
    read = npy.read_array_header_1_0 if width == 2 else npy.read_array_header_2_0
    try:
        shape, fortran, dtype = read(io.BytesIO(raw + stream.read(length)))
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError, tokenize.TokenError) as error:
        raise CannotRead(f"{what} has a header that cannot be read: {str(error)[:200]}") from None
    if dtype.hasobject:
        raise CannotRead(f"{what} holds Python objects; they would have to be unpickled, which runs code")
    if any(not 0 <= size <= 2**53 for size in shape):
        raise CannotRead(f"{what} has the impossible shape {shape}")
    return shape, fortran, dtype, 8 + width + length


# ------------------------------------------------------------------------------------------------- lines
def _lines(file: Path, path: str) -> Iterator[Any]:
    """The samples of JSON lines; a request as TensorFlow Serving takes it holds several."""
    room, count = MOST_JSON, 0
    with opened(file) as stream:
        while count < SLICE and (line := stream.readline(room + 1)):
            room -= len(line)
            if room < 0:
                raise CannotRead(f"the first samples of {path} have more than {MOST_JSON >> 20} MiB")
            if not line.strip():
                continue
            for sample in _of_line(line, path)[: SLICE - count]:
                count += 1
                yield sample
    if not count:
        raise CannotRead(f"{path} holds no samples")


def _of_line(line: bytes, path: str) -> list[Any]:
    try:
        value = json.loads(line)
    except RecursionError:
        raise CannotRead(f"a line of {path} is nested too deeply") from None
    except ValueError as error:
        raise CannotRead(f"{path} is not JSON lines, one sample a line: {str(error)[:200]}") from None
    instances = value.get("instances") if isinstance(value, dict) else None
    return instances if isinstance(instances, list) else [value]


def grouped(path: str, samples: Iterator[Any], *, loose: bool = False) -> tuple[Samples, ...]:
    """Returns samples, those of the same shape and dtype together.

    Args:
        path: the file, in the user's names.
        samples: an array, a number or nested lists for each; or a dict of them by the names of the inputs.
        loose: whether their dtype is only that of JSON.

    Raises:
        CannotRead: if there are more kinds of them than anybody means.
    """
    kinds: dict[Any, list[Any]] = {}
    for sample in samples:
        held = {name: _as_array(one, path) for name, one in sample.items()} if isinstance(sample, dict) else sample
        held = held if isinstance(held, dict) else _as_array(held, path)
        kinds.setdefault(_kind(held), []).append(held)
        if len(kinds) > MOST_SHAPES:
            raise CannotRead(f"{path} holds samples of more than {MOST_SHAPES} shapes")
    return tuple(_stacked(path, held, loose) for held in kinds.values())


def _kind(sample: Any) -> Any:
    if isinstance(sample, dict):
        return tuple((name, *_kind(one)) for name, one in sorted(sample.items()))
    return sample.shape, sample.dtype.kind


def _stacked(path: str, samples: list[Any], loose: bool) -> Samples:
    first = samples[0]
    if not isinstance(first, dict):
        values = np.stack(samples)
        return Samples(path, _spec(values), values, loose)
    stacked = {name: np.stack([one[name] for one in samples]) for name in first}
    return Samples(path, {name: _spec(one) for name, one in stacked.items()}, stacked, loose)


def _spec(values: Any) -> Spec:
    return Spec(str(values.dtype), values.shape, Carrier.ARRAY)


def _as_array(value: Any, path: str) -> Any:
    try:
        found = np.asarray(value)
    except (ValueError, OverflowError, RecursionError):
        raise CannotRead(f"a sample of {path} is no array: its rows have different lengths") from None
    if found.dtype.hasobject:
        raise CannotRead(f"a sample of {path} holds something that is neither a number nor a text")
    return found
