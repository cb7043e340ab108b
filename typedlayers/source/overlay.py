"""Sources that are run as if they stood in their files: changed modules are imported, nothing is written."""

from __future__ import annotations

import contextlib
import linecache
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any


class _Loader(SourceFileLoader):
    """A loader that takes the bytes of a file from the overlay."""

    def __init__(self, fullname: str, path: str, data: bytes) -> None:
        super().__init__(fullname, path)
        self._data = data

    def path_stats(self, path: str) -> Mapping[str, object]:
        raise OSError("no compiled file holds this")

    def get_data(self, path: str) -> bytes:
        return self._data


class _Finder(MetaPathFinder):
    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Returns Python's own spec, with another loader for a file of the overlay."""
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin is None or not isinstance(spec.loader, SourceFileLoader):
            return None
        data = self._files.get(os.path.realpath(spec.origin))
        if data is None:
            return None
        spec.loader = _Loader(fullname, spec.origin, data)
        return spec


@contextlib.contextmanager
def laid_over(files: Mapping[str, bytes]) -> Iterator[None]:
    """Gives files other contents, for imports and for whoever shows lines of source.

    Args:
        files: the contents, by the path of the file, links followed.
    """
    finder = _Finder(files)
    sys.meta_path.insert(0, finder)
    lines, read = dict(linecache.cache), linecache.updatecache
    for file, data in files.items():
        show_lines(file, data)

    def updatecache(filename: str, module_globals: dict[str, Any] | None = None) -> list[str]:
        data = files.get(os.path.realpath(filename))
        return read(filename, module_globals) if data is None else show_lines(filename, data)

    linecache.updatecache = updatecache  # AutoGraph reads files anew before it converts a function
    try:
        yield
    finally:
        linecache.updatecache = read
        sys.meta_path.remove(finder)
        linecache.cache.clear()
        linecache.cache.update(lines)


def show_lines(file: str, data: bytes) -> list[str]:
    """Gives `linecache` the lines, and returns them; without a time of change it never asks the file again."""
    from importlib.util import decode_source

    text = decode_source(data)
    lines = text.splitlines(keepends=True)
    linecache.cache[file] = (len(text), None, lines, file)
    return lines
