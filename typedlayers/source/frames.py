"""Frames of a running program → the places of the user's calls in its source."""

from __future__ import annotations

import itertools
import linecache
import os
import sys
from collections.abc import Iterator
from types import CodeType, FrameType, TracebackType

from typedlayers.source.site import Site, Stop
from typedlayers.verdict.source import is_installed, is_users

Entry = tuple[FrameType, int]
"""A frame and the instruction that runs in it."""


def site_of(frame: FrameType | None, instruction: int | None = None) -> Site | None:
    if frame is None or is_installed(frame.f_code.co_filename):
        return None
    at = frame.f_lasti if instruction is None else instruction
    line, end_line, _, end_column = _position(frame.f_code, at)
    return Site(os.path.realpath(frame.f_code.co_filename), line or frame.f_lineno, end_line, end_column)


def _position(code: CodeType, instruction: int) -> tuple[int | None, int | None, int | None, int | None]:
    found = next(itertools.islice(code.co_positions(), instruction // 2, None), None)
    return found or (None, None, None, None)


def sites(entries: Iterator[Entry]) -> Iterator[Site]:
    for frame, instruction in entries:
        site = site_of(frame, instruction) if is_users(frame) else None
        if site is not None:
            yield site


def stops(entries: Iterator[Entry]) -> tuple[Stop, ...]:
    """Returns the user's lines among frames, each with the datasets that it can name."""
    found = []
    for frame, instruction in entries:
        site = site_of(frame, instruction) if is_users(frame) else None
        if site is not None:
            text = linecache.getline(frame.f_code.co_filename, site.line).strip()
            found.append(Stop(site, text, _datasets(frame)))
    return tuple(found)


def _datasets(frame: FrameType) -> dict[str, int]:
    """Returns the datasets of TensorFlow that a frame can name, and the number of parts of their elements."""
    tensorflow = sys.modules.get("tensorflow")
    kind = getattr(getattr(tensorflow, "data", None), "Dataset", None)
    if kind is None:
        return {}
    names = {**{n: frame.f_globals[n] for n in frame.f_code.co_names if n in frame.f_globals}, **frame.f_locals}
    sets = {name: value.element_spec for name, value in names.items() if isinstance(value, kind)}
    return {name: len(spec) if isinstance(spec, tuple) else 1 for name, spec in sets.items()}


def outside_of(made: object, frame: FrameType | None) -> FrameType | None:
    """Returns the first frame, outwards, that is not in a constructor of an object: a class's own ``__init__``s."""
    while frame is not None and frame.f_code.co_name == "__init__" and _first_argument(frame) is made:
        frame = frame.f_back
    return frame


def _first_argument(frame: FrameType) -> object:
    names = frame.f_code.co_varnames
    return frame.f_locals.get(names[0]) if names else None


def frames(frame: FrameType | None) -> Iterator[Entry]:
    while frame is not None:
        yield frame, frame.f_lasti
        frame = frame.f_back


def entries(entry: TracebackType | None) -> Iterator[Entry]:
    while entry is not None:
        yield entry.tb_frame, entry.tb_lasti
        entry = entry.tb_next


def is_keras(entries: list[Entry]) -> bool:
    """Returns True if an exception was raised in Keras, TensorFlow or typedlayers, for a call of the user's."""
    return bool(entries) and not is_users(entries[-1][0])


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yields an exception and those behind it."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
