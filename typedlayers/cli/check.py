"""``typedlayers check``: MODULE:MODEL → the model, its data, its report."""

from __future__ import annotations

import contextlib
import enum
import functools
import inspect
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from typedlayers import modes
from typedlayers.cli.arrival import installed_on_arrival
from typedlayers.cli.ending import Ending
from typedlayers.errors import ContractError
from typedlayers.verdict import allow as allowances
from typedlayers.verdict.report import Report

MOST_NAMES: Final = 12
"""The number of a module's names to list where one is not found."""


class ReportFormat(enum.StrEnum):
    """The format of a report."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    HTML = "html"


class NotFound(Exception):
    """A module, attribute or model does not exist; the message lists those that do."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An object in a module, as a user writes it: ``train:model``, ``package.nets:Nets.small``."""

    module: str
    path: str

    @classmethod
    def parsed(cls, text: str, option: str) -> Reference:
        """Reads a reference.

        Raises:
            NotFound: if the text is not a reference.

        >>> Reference.parsed("train:model", "MODULE:MODEL")
        Reference(module='train', path='model')
        """
        module, _, path = text.partition(":")
        if not module or not path:
            raise NotFound(f"{text!r} is not of the form {option}, such as train:{option.partition(':')[2].lower()}")
        return cls(module, path)

    def __str__(self) -> str:
        return f"{self.module}:{self.path}"

    def made(self) -> Any:
        """Imports the module and returns the object; a function or class is called without arguments.

        Raises:
            NotFound: if it does not exist, needs arguments, or the user's code fails (its traceback was shown then).
            ContractError: if the user's own code raised one.
        """
        value: Any = _of_user(functools.partial(_imported, self.module), f"importing {self.module!r} failed")
        for name in self.path.split("."):
            if not hasattr(value, name):
                raise NotFound(f"{self}: there is no {name!r}; there {_listed(value)}")
            value = getattr(value, name)
        if not (inspect.isroutine(value) or inspect.isclass(value) or isinstance(value, functools.partial)):
            return value
        needed = _needed(value)
        if needed:
            raise NotFound(f"{self} takes {', '.join(needed)}; only what takes no arguments can be called")
        return _of_user(value, f"calling {self} failed")


def report_on(model: Reference, data: Reference | None, allowed: allowances.Allowance) -> Report:
    """Returns the report on a user's model.

    The user's code runs in mode off: mistakes belong in the report, not in an exception while the model is built.

    Raises:
        NotFound: if the model or data do not exist; the message lists what does.
    """
    with installed_on_arrival():
        try:
            made = model.made()
            given = None if data is None else data.made()
        except ContractError as error:
            return Report(errors=error.diagnostics, subject=str(model))
    from typedlayers.checking import check, refuse_unfit

    try:
        refuse_unfit(made, given)
    except TypeError as error:
        raise NotFound(f"{model}: {error}") from None
    with allowances.everywhere(allowed):
        return check(made, given)


def rendered(report: Report, form: ReportFormat) -> str:
    """Returns the report's text in a format."""
    forms: dict[ReportFormat, Callable[[], str]] = {
        ReportFormat.TEXT: report.__str__,
        ReportFormat.JSON: report.to_json,
        ReportFormat.SARIF: report.to_sarif,
        ReportFormat.GITHUB: report.to_github,
        ReportFormat.HTML: report.to_html,
    }
    return forms[form]()


# --------------------------------------------------------------------------------------- the user's code
def _of_user(run: Callable[[], Any], failed: str) -> Any:
    """Runs the user's code; its prints go to standard error, as standard output is the report's."""
    ending, value = _ended(run, "off")
    if isinstance(ending.error, NotFound | ContractError):
        raise ending.error
    if ending.error is not None and _is_raised_in_keras(ending.error):
        again, _ = _ended(functools.partial(_from_the_start, run), "strict")  # strict mode says why
        if isinstance(again.error, ContractError):
            raise again.error
    if ending.error is not None:
        ending.tell()
        raise NotFound(f"{failed}: {traceback.format_exception_only(ending.error)[-1].strip()}")
    return value


def _ended(run: Callable[[], Any], mode: str) -> tuple[Ending, Any]:
    """Runs the user's code in a mode; returns how it ended, and its value."""
    value = None
    with Ending() as ending, contextlib.redirect_stdout(sys.stderr), modes.mode(mode):
        value = run()
    return ending, value


def _from_the_start(run: Callable[[], Any]) -> Any:
    """Runs the user's code again; layers get the names that they get in a fresh program."""
    sys.modules["keras"].utils.clear_session()
    return run()


def _is_raised_in_keras(error: BaseException) -> bool:
    frames = (frame for frame, _ in traceback.walk_tb(error.__traceback__))
    return any(str(frame.f_globals.get("__name__")).partition(".")[0] == "keras" for frame in frames)


def _imported(name: str) -> ModuleType:
    folder = str(Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        __import__(name)  # unlike importlib's, its frames are not in a traceback
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise  # the module exists; one of its own imports does not
        raise NotFound(f"there is no module {name!r} in {folder!r} or among the installed packages") from None
    return sys.modules[name]


def _needed(function: Callable[..., Any]) -> list[str]:
    """Returns the required arguments of a function."""
    parameters = inspect.signature(function).parameters.values()
    free = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [p.name for p in parameters if p.default is p.empty and p.kind not in free]


def _listed(value: Any) -> str:
    names = [name for name in vars(value) if not name.startswith("_")] if hasattr(value, "__dict__") else []
    return f"are {', '.join(sorted(names)[:MOST_NAMES])}" if names else "is nothing public"
