"""Cells of a notebook: their names, and an error below the lines that led to it."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Iterator
from types import TracebackType

_SHELL = ("IPython", "ipykernel")


def name_of(file: str) -> str | None:
    """Returns the name of the cell that a file of IPython's stands for (``Cell In[2]``), None for any other file."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    named = getattr(getattr(shell, "compile", None), "format_code_name", None)  # since IPython 8
    found = None if named is None else named(file)
    return None if found is None else " ".join(found)


def led_here(traceback: TracebackType | None) -> Iterator[tuple[str, int, str]]:
    """Yields file, number and text of each line of a traceback, the outermost first; IPython's own are left out."""
    while traceback is not None:
        frame, number = traceback.tb_frame, traceback.tb_lineno
        if str(frame.f_globals.get("__name__", "")).partition(".")[0] not in _SHELL:
            file = frame.f_code.co_filename
            yield file, number, linecache.getline(file, number, frame.f_globals).strip()
        traceback = traceback.tb_next
