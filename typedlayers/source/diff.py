"""Changes of files as a unified diff, which ``patch -p1`` and ``git apply`` take."""

from __future__ import annotations

import difflib
import io
import tokenize
from collections.abc import Mapping
from pathlib import Path

from typedlayers.source.notebook import SUFFIX, Notebook


def diff_of(before: Mapping[str, bytes], after: Mapping[str, bytes], folder: Path) -> str:
    """Returns the diff of files, in the order of their names.

    Args:
        before: the old bytes of each file.
        after: the new bytes of each file.
        folder: the folder that names are given from; a file outside of it has its whole path.
    """
    return "".join(_one(_name(Path(file), folder), before[file], after[file]) for file in sorted(after))


def diff_by_cell(before: Mapping[str, bytes], after: Mapping[str, bytes], folder: Path) -> str:
    """Returns the diff of files, as `diff_of` does, but of a notebook that of each cell, for a reader."""
    return "".join(_of_cells(Path(file), folder, before[file], after[file]) for file in sorted(after))


def _of_cells(file: Path, folder: Path, before: bytes, after: bytes) -> str:
    name = _name(file, folder)
    if file.suffix != SUFFIX:
        return _one(name, before, after)
    old, new = (Notebook.of(data, name) for data in (before, after))
    cells = zip(old.numbers, old.cells, new.cells, strict=True)
    return "".join(_one(f"{name} cell {n}", f"{a}\n".encode(), f"{b}\n".encode()) for n, a, b in cells if a != b)


def _one(name: str, before: bytes, after: bytes) -> str:
    old, new = (_lines(data) for data in (before, after))
    lines = difflib.unified_diff(old, new, f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(data: bytes) -> list[str]:
    """Returns the lines of a source with their own ends."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return list(io.StringIO(data.decode(encoding), newline=""))


def _name(file: Path, folder: Path) -> str:
    folder = folder.resolve()
    return (file.relative_to(folder) if file.is_relative_to(folder) else file).as_posix().lstrip("/")
