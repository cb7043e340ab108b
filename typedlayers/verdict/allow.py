"""Rules that the user silenced: for a layer, for a ``with`` block, or by a comment at the line."""

from __future__ import annotations

import contextlib
import contextvars
import linecache
import re
from collections.abc import Iterable, Iterator

from typedlayers.diagnostics.codes import code_named
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.verdict import settings

_COMMENT = re.compile(r"#\s*typedlayers:\s*allow\[([^\]]*)\]")


class Allowance:
    """The rules of one ``with allow(...)`` block or one program, and which of them silenced something."""

    def __init__(self, codes: frozenset[str]) -> None:
        self.codes = codes
        self.used: set[str] = set()


class _Process:
    """The rules that a command's ``--allow`` silences, in every thread."""

    allowances: tuple[Allowance, ...] = ()


_active: contextvars.ContextVar[tuple[Allowance, ...]] = contextvars.ContextVar("typedlayers_allow", default=())


def codes_of(rules: Iterable[str]) -> frozenset[str]:
    """Returns the codes of rules named by rule name or code.

    Raises:
        LookupError: if there is no such rule.
    """
    return frozenset(code_named(rule).code for rule in rules)


def enter(allowance: Allowance) -> contextvars.Token[tuple[Allowance, ...]]:
    """Makes a block's rules active in this context."""
    return _active.set((*_active.get(), allowance))


def leave(token: contextvars.Token[tuple[Allowance, ...]]) -> None:
    """Ends a block."""
    _active.reset(token)


@contextlib.contextmanager
def everywhere(allowance: Allowance) -> Iterator[None]:
    """Makes rules active in every thread of this process, for the time of a ``with`` block."""
    before = _Process.allowances
    _Process.allowances = (*before, allowance)
    try:
        yield
    finally:
        _Process.allowances = before


def is_allowed(diagnostic: Diagnostic, codes: frozenset[str] = frozenset()) -> bool:
    """Returns True if the settings, the layer, an active block or a comment at the line silence a diagnostic."""
    if settings.current().silences(diagnostic):
        return True
    silencing = diagnostic.allowed_by
    if silencing & (codes | _at_line(diagnostic)):
        return True
    found = False
    # all allowances, not the first: each that applies counts as used, or an outer block would be reported as unused
    for allowance in (*_Process.allowances, *_active.get()):
        if silencing & allowance.codes:
            allowance.used.update(silencing & allowance.codes)
            found = True
    return found


def _at_line(diagnostic: Diagnostic) -> frozenset[str]:
    where = diagnostic.where
    if where.file is None or where.line is None:
        return frozenset()
    # linecache knows notebook cells and the scripts of `run` too
    comment = _COMMENT.search(linecache.getline(where.file, where.line))
    if comment is None:
        return frozenset()
    return codes_of(rule.strip() for rule in comment[1].split(",") if rule.strip())
