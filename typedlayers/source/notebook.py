"""Code cells of a notebook as one program; what is not changed keeps its bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from typedlayers.source.imports import Exchange, Exchanged
from typedlayers.source.program import NoPlace, Program

SUFFIX: Final = ".ipynb"

_BETWEEN: Final = '"typedlayers: next cell"\n'
"""A statement between two cells: edits put nothing into it, and leave it where it is."""

_MAGIC: Final = re.compile(r"^(\s*)([%!?].*|.*\?)$", re.MULTILINE)
_MASK: Final = "pass  #typedlayers-magic:"
_PYTHON_MAGIC: Final = re.compile(r"%%(time|timeit|capture|prun|debug)\b")


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook and the program that its code cells make.

    Lines for IPython (``%matplotlib``, ``!pip``) do nothing in the program, cells in other languages are no part of it.

    Attributes:
        text: the file.
        cells: the sources of its code cells, in order.
        numbers: the place of each of them among all code cells, from 1.
    """

    text: str
    cells: tuple[str, ...]
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, data: bytes, file: str) -> Notebook:
        """Reads a notebook.

        Raises:
            NoPlace: if it is none.
        """
        try:
            text = data.decode("utf-8")
            code = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
            sources = [(number, _text(cell)) for number, cell in enumerate(code, 1)]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NoPlace(f"{file} is no notebook that can be read: {error}") from None
        known = [(number, source) for number, source in sources if _is_python(source)]
        return cls(text, tuple(source for _, source in known), tuple(number for number, _ in known))

    @property
    def program(self) -> bytes:
        """Its cells as one program."""
        return _BETWEEN.join(f"{_MAGIC.sub(_hidden, source)}\n" for source in self.cells).encode()

    def with_program(self, data: bytes) -> bytes:
        """Returns the file with another program in its cells: only lines that are not the same are written anew.

        Raises:
            NoPlace: if the program has other cells.
        """
        return _written(self.text, self._changed(data)).encode()

    def changes(self, data: bytes) -> Iterator[tuple[int, str, str]]:
        """Yields the number of each cell that another program changes, its source, and its new one.

        Raises:
            NoPlace: if the program has other cells.
        """
        for number, old, new in zip(self.numbers, self.cells, _parts(data, self), strict=True):
            if old != new:
                yield number, old, new

    def _changed(self, data: bytes) -> dict[int, str]:
        return {number: new for number, _, new in self.changes(data)}


def cell_of(program: bytes, notebook: Notebook, line: int) -> tuple[int, int]:
    """Returns the number of the cell that a line of a program stands in, and the line in it."""
    before = program.decode().splitlines(keepends=True)[: line - 1]
    marks = [index for index, one in enumerate(before) if one == _BETWEEN]
    return notebook.numbers[len(marks)], line - (marks[-1] + 1 if marks else 0)


def exchanged(data: bytes, file: str, exchange: Exchange) -> Exchanged:
    """Returns a notebook with other imports in its code cells.

    Raises:
        NoPlace: if it is no notebook that can be read.
    """
    notebook = Notebook.of(data, file)
    done = exchange(Program(notebook.program, file))
    return Exchanged(notebook.with_program(done.data), done.left)


def _is_python(source: str) -> bool:
    first = source.lstrip()
    return not first.startswith("%%") or _PYTHON_MAGIC.match(first) is not None


def _text(cell: Any) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _hidden(line: re.Match[str]) -> str:
    return f"{line[1]}{_MASK}{line[2]}"


def _parts(data: bytes, notebook: Notebook) -> list[str]:
    """The sources of the cells of a program."""
    if not notebook.cells:
        return []
    parts = data.decode().split(_BETWEEN)
    if len(parts) != len(notebook.cells):
        raise NoPlace("the cells of the notebook cannot be told apart then")
    return [_shown(part.removesuffix("\n")) for part in parts]


def _shown(text: str) -> str:
    """A cell as it is written; the line that makes a cell a magic one stays its first."""
    lines = text.replace(_MASK, "").splitlines(keepends=True)
    first = next((line for line in lines if line.startswith("%%")), None)
    if first is None or lines[0] == first:
        return "".join(lines)
    lines.remove(first)
    return "".join([first, *lines])


# ------------------------------------------------------------------------------------------- its bytes
def _written(text: str, changed: dict[int, str]) -> str:
    """Returns the text of a notebook with other sources of some of its code cells."""
    made, end = list[str](), 0
    for number, (start, stop) in enumerate(_sources(text), 1):
        if number in changed:
            made += [text[end:start], _value(text[start:stop], changed[number], ascii_only=text.isascii())]
            end = stop
    return "".join([*made, text[end:]])


def _value(old: str, new: str, *, ascii_only: bool) -> str:
    """A source in the form of the old one: a string, or a list of lines of which those that stay keep their bytes."""

    def written(line: str) -> str:
        return json.dumps(line, ensure_ascii=ascii_only)

    if not old.startswith("["):
        return written(new)
    tokens = [old[start:stop] for start, stop in _strings(old)]
    known = {json.loads(token): token for token in tokens}
    lines = [known.get(line) or written(line) for line in new.splitlines(keepends=True)]
    if not tokens:
        return f"[{', '.join(lines)}]"
    opening = old[: old.index('"')]
    closing = old[old.rindex('"') + 1 :]
    between = f",{opening[1:]}" if "\n" in opening else ", "
    return f"{opening}{between.join(lines)}{closing}"


def _strings(text: str) -> Iterator[tuple[int, int]]:
    """Yields the places of the strings of a list of strings."""
    at = text.find('"')
    while at >= 0:
        _, end = _DECODER.raw_decode(text, at)
        yield at, end
        at = text.find('"', end)


def _sources(text: str) -> list[tuple[int, int]]:
    """Returns the place of the source of each code cell."""
    cells = next(value for key, value in _entries(text, _after_space(text, 0)) if key == "cells")
    found = []
    for place in _items(text, cells[0]):
        entries = dict(_entries(text, place[0]))
        start, stop = entries["cell_type"]
        if json.loads(text[start:stop]) == "code":
            found.append(entries["source"])
    return found


_SPACE: Final = re.compile(r"[ \t\n\r]*")
_DECODER: Final = json.JSONDecoder()


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return at if found is None else found.end()


def _entries(text: str, at: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yields the keys of an object and the places of their values."""
    at = _after_space(text, at + 1)
    while text[at] != "}":
        key, at = _DECODER.raw_decode(text, at)
        at = _after_space(text, _after_space(text, at) + 1)  # behind the colon
        _, end = _DECODER.raw_decode(text, at)
        yield key, (at, end)
        at = _after_space(text, end)
        at = _after_space(text, at + 1) if text[at] == "," else at


def _items(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Yields the places of the values of a list."""
    at = _after_space(text, at + 1)
    while text[at] != "]":
        _, end = _DECODER.raw_decode(text, at)
        yield at, end
        at = _after_space(text, end)
        at = _after_space(text, at + 1) if text[at] == "," else at
