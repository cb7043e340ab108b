"""The pytest plugin: ``pytest --typedlayers=strict`` runs a test suite with contracts on, and reports what breaks them.

It imports neither Keras nor TensorFlow before the tests do.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator
from types import ModuleType
from typing import Any, Final

import pytest

from typedlayers import modes
from typedlayers.cli.arrival import installed_on_arrival
from typedlayers.errors import ContractError

_OPTION: Final = "--typedlayers"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds ``--typedlayers``."""
    told = "check every Keras model and layer of the tests: strict raises, lenient repairs, off checks nothing"
    parser.getgroup("typedlayers").addoption(_OPTION, choices=list(modes.NAMED), default=None, help=told)


def pytest_configure(config: pytest.Config) -> None:
    """Sets the mode of the process, and installs contracts as soon as Keras is imported; in each worker of xdist."""
    name = config.getoption(_OPTION)
    if name is None:
        return
    until_the_end = contextlib.ExitStack()
    config.add_cleanup(until_the_end.close)
    until_the_end.enter_context(modes.kept())
    modes.set_mode(name)
    if name != "off":
        until_the_end.enter_context(installed_on_arrival())


def pytest_report_header(config: pytest.Config) -> str | None:
    """Returns the line that tells the mode."""
    name = config.getoption(_OPTION)
    return None if name is None else f"typedlayers: {name}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Generator[None, Any, Any]:
    """Adds the report of a broken contract to a failure, wherever in the chain of exceptions it is."""
    made = yield
    for error in _chain(call.excinfo.value if call.excinfo else None):
        if isinstance(error, ContractError):
            made.sections.append(("typedlayers", str(error)))
    return made


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


@pytest.fixture
def contracts() -> Iterator[ModuleType]:
    """`typedlayers.testing`; for the time of the test, plain Keras has contracts too, in strict mode."""
    from typedlayers import installation, testing

    before = installation.is_installed()
    installation.install()
    try:
        with modes.mode("strict"):
            yield testing
    finally:
        if not before:
            installation.uninstall()
