"""Code cells of a notebook as one program; what is not changed keeps its bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from typedlayers.source.imports import Exchange, Exchanged
from typedlayers.source.program import NoPlace, Program

_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_BETWEEN: Final = "# typedlayers: next cell\n"
_MAGIC: Final = re.compile(r"^(\s*)([%!?].*|.*\?)$", re.MULTILINE)
_MASK: Final = "#typedlayers-magic:"
_PYTHON_MAGIC: Final = re.compile(r"%%(time|timeit|capture|prun|debug)\b")


def exchanged(data: bytes, file: str, exchange: Exchange) -> Exchanged:
    """Returns a notebook with other imports in its code cells.

    Lines for IPython (``%matplotlib``, ``!pip``) stay as they are, as do cells in other languages.

    Raises:
        NoPlace: if it is no notebook that can be read.
    """
    text = data.decode("utf-8")
    try:
        cells = [cell for cell in json.loads(text)["cells"] if _is_python(cell)]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoPlace(f"{file} is no notebook that can be read: {error}") from None
    before = [_text(cell) for cell in cells]
    joined = _BETWEEN.join(f"{_MAGIC.sub(_hidden, source)}\n" for source in before)
    done = exchange(Program(joined.encode(), file))
    after = [_shown(part.removesuffix("\n")) for part in done.data.decode().split(_BETWEEN)] if cells else []
    changed = {id(cell): new for cell, old, new in zip(cells, before, after, strict=True) if old != new}
    return Exchanged(_written(text, changed, cells).encode(), done.left)


def _is_python(cell: Any) -> bool:
    if cell["cell_type"] != "code":
        return False
    first = _text(cell).lstrip()
    return not first.startswith("%%") or _PYTHON_MAGIC.match(first) is not None


def _text(cell: Any) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _hidden(line: re.Match[str]) -> str:
    return f"{line[1]}{_MASK}{line[2]}"


def _shown(text: str) -> str:
    return text.replace(_MASK, "")


# ------------------------------------------------------------------------------------------- its bytes
def _written(text: str, changed: dict[int, str], cells: list[Any]) -> str:
    """Returns the text of a notebook with other sources: only the strings of changed lines are written anew."""
    document = json.loads(text)
    sources = {id(cell): changed.get(id(known)) for cell, known in zip(_python(document), cells, strict=True)}
    new = iter(list(_strings(document, sources)))

    def exchange(token: re.Match[str]) -> str:
        value = next(new)
        if value is None:
            return token[0]
        return json.dumps(value, ensure_ascii=token[0].isascii())

    return _STRING.sub(exchange, text)


def _python(document: Any) -> list[Any]:
    return [cell for cell in document["cells"] if _is_python(cell)]


def _strings(node: Any, sources: dict[int, str | None]) -> Iterator[str | None]:
    """Yields, for every string of a document in order, its new value, or None to leave it."""
    match node:
        case str():
            yield None
        case list():
            for one in node:
                yield from _strings(one, sources)
        case dict():
            for key, value in node.items():
                yield None
                is_source = key == "source" and sources.get(id(node)) is not None
                yield from _lines(value, str(sources[id(node)])) if is_source else _strings(value, sources)


def _lines(source: str | list[str], new: str) -> Iterator[str | None]:
    old = [source] if isinstance(source, str) else source
    lines = [new] if isinstance(source, str) else new.splitlines(keepends=True)
    yield from (None if a == b else b for a, b in zip(old, lines, strict=True))
