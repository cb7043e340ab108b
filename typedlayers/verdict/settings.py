"""The settings of a project: ``[tool.typedlayers]`` of its ``pyproject.toml``.

They hold for the process, are read where Keras's layers are first made typed, and give way to what a program says.
"""

from __future__ import annotations

import difflib
import fnmatch
import tomllib
import urllib.parse
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from typedlayers import modes
from typedlayers.diagnostics.codes import CODES, UnknownRule, code_named
from typedlayers.diagnostics.model import Diagnostic, Severity

FILE: Final = "pyproject.toml"
TABLE: Final = "typedlayers"
OUR_FAULT: Final = frozenset(code for code in CODES if code.startswith("TL9"))
"""Always told, whatever is selected."""


class SettingsError(ValueError):
    """The settings of a project cannot be read; the message names the file, the key and what is valid."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a project.

    Attributes:
        mode: the mode where nothing else sets one; None for strict.
        select: the codes that are looked at.
        ignore: the codes that are silenced.
        severity: the severity of rules, by code, in place of the table's.
        per_file: the codes that are silenced in files, by the pattern of their path below ``folder``.
        docs_url: the address of the documentation's site, which reports link to; None for none.
        folder: the folder of the file.
    """

    mode: str | None = None
    select: frozenset[str] = frozenset(CODES)
    ignore: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))
    per_file: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    docs_url: str | None = None
    folder: Path = field(default_factory=Path)

    def silences(self, diagnostic: Diagnostic) -> bool:
        """Returns True if a diagnostic is not to be told, for its code or its file."""
        codes = diagnostic.allowed_by
        if codes & self.ignore or not codes & (self.select | OUR_FAULT):
            return True
        file = diagnostic.where.file
        return file is not None and any(
            codes & silenced and self._matches(file, pattern) for pattern, silenced in self.per_file.items()
        )

    def rated(self, diagnostic: Diagnostic) -> Diagnostic:
        """Returns a diagnostic with the severity that the settings give its rule."""
        severity = self.severity.get(diagnostic.code)
        return diagnostic if severity is None else diagnostic.with_(rated=severity)

    def _matches(self, file: str, pattern: str) -> bool:
        path = Path(file)
        inside = path.relative_to(self.folder) if path.is_relative_to(self.folder) else path
        return fnmatch.fnmatch(inside.as_posix(), pattern) or fnmatch.fnmatch(path.name, pattern)


class _Process:
    """The settings in force; those of no file by default."""

    settings: Settings = Settings()


def current() -> Settings:
    """Returns the settings in force."""
    return _Process.settings


def use(settings: Settings) -> None:
    """Makes settings those of the process."""
    _Process.settings = settings
    modes.configure(settings.mode)


def load(folder: Path | None = None) -> None:
    """Reads the settings that hold in a folder, the working directory by default, and uses them.

    Raises:
        SettingsError: if they cannot be read.
    """
    found = file_for(Path.cwd() if folder is None else folder)
    use(Settings() if found is None else read(found))


def file_for(folder: Path) -> Path | None:
    """Returns the nearest ``pyproject.toml`` in or above a folder that has our table, None if there is none."""
    for one in (folder, *folder.parents):
        file = one / FILE
        if file.is_file() and TABLE in _parsed(file).get("tool", {}):
            return file
    return None


def read(file: Path) -> Settings:
    """Reads the settings of a file.

    Raises:
        SettingsError: for a key, a rule or a value that does not exist; the message lists the valid ones.
    """
    table = _parsed(file)["tool"][TABLE]
    where = f"[tool.{TABLE}] of {file}"
    if not isinstance(table, dict):
        raise SettingsError(f"{where} is not a table")
    for key in table:
        if key not in _READERS:
            near = difflib.get_close_matches(key, _READERS, n=1)
            hint = f", perhaps {near[0]}" if near else ""
            raise SettingsError(f"{where} has no key {key!r}{hint}; valid are {', '.join(_READERS)}")
    values: dict[str, Any] = {}
    for key, value in table.items():
        try:
            values[key.replace("-ignores", "").replace("-", "_")] = _READERS[key](value)
        except (ValueError, LookupError) as error:
            raise SettingsError(f"{where}: {key}: {error.args[0]}") from None
    return Settings(**values, folder=file.parent.resolve())


def _parsed(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file} cannot be read: {error}") from None


def codes(names: object) -> frozenset[str]:
    """Returns the codes that a list of codes, rules and beginnings of codes (``TL4``) names.

    >>> sorted(codes(["TL9", "rank-mismatch"]))
    ['TL201', 'TL901']
    """
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"{names!r} is not a list of codes and rules, such as ['TL301', 'rank-mismatch', 'TL4']")
    return frozenset(code for name in names for code in _codes(name))


def _codes(name: str) -> Iterable[str]:
    kind = [code for code in CODES if name.upper() in ("TL", code[:3])]
    if kind:
        return kind
    try:
        return [code_named(name).code]
    except UnknownRule as error:
        raise ValueError(str(error)) from None


def _mode(value: object) -> str:
    if value not in modes.NAMED:
        raise ValueError(f"{value!r} is no mode; valid are {', '.join(map(repr, modes.NAMED))}")
    return str(value)


def _severity(value: object) -> Mapping[str, Severity]:
    found = {}
    for name, level in _pairs(value, 'severity = { "unlike-head" = "error" }'):
        if level not in list(Severity):
            raise ValueError(f"{level!r} is no severity; valid are {', '.join(repr(str(one)) for one in Severity)}")
        found |= dict.fromkeys(codes([name]), Severity(str(level)))
    return MappingProxyType(found)


def _per_file(value: object) -> Mapping[str, frozenset[str]]:
    pairs = _pairs(value, 'per-file-ignores = { "tests/*" = ["TL301"] }')
    return MappingProxyType({pattern: codes(names) for pattern, names in pairs})


def _docs_url(value: object) -> str:
    parts = urllib.parse.urlsplit(value) if isinstance(value, str) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(f"{value!r} is no address, such as 'https://docs.example.org/typedlayers'")
    return str(value)


def _pairs(value: object, example: str) -> Iterable[tuple[str, object]]:
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} is not a table, such as {example}")
    return value.items()


_READERS: Final[Mapping[str, Callable[[object], Any]]] = MappingProxyType(
    {
        "mode": _mode,
        "select": codes,
        "ignore": codes,
        "severity": _severity,
        "per-file-ignores": _per_file,
        "docs-url": _docs_url,
    }
)
"""The keys of the table, each with the reader of its value."""
