"""The pytest plugin of one process that runs tests of Keras: the exchange, records, time limits.

`TYPED` in the environment is empty for a run of plain Keras. Each test becomes a line of JSON in the file `RECORDS`.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import types
from collections.abc import Generator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.conformance.exchange import Exchange, Finder, Loader

TYPED: Final = "CONFORMANCE_TYPED"
RECORDS: Final = "CONFORMANCE_RECORDS"
SECONDS: Final = 300
"""The longest that a test may take."""

_outcomes: dict[str, dict[str, Any]] = {}


def _record(**facts: Any) -> None:
    with Path(os.environ[RECORDS]).open("a") as file:
        file.write(json.dumps(facts) + "\n")


def pytest_configure(config: pytest.Config) -> None:
    """Gives Keras's tests what their own ``conftest`` holds, which is not in the wheel, and exchanges the classes."""
    own = types.ModuleType("conftest")
    own.skip_if_backend = _skip_if_backend  # pyright: ignore
    sys.modules["conftest"] = own
    for name in ("requires_trainable_backend", "multi_device"):
        config.addinivalue_line("markers", f"{name}: a mark of Keras's tests")
    if os.environ.get(TYPED):
        from typedlayers import errors

        errors.raise_faults()
        Loader.exchange = Exchange()
        sys.meta_path.insert(0, Finder())
        _record(kind="exchanged", classes=len(Loader.exchange.classes))


def _skip_if_backend(given: str, reason: str) -> pytest.MarkDecorator:
    import keras

    return pytest.mark.skipif(keras.backend.backend() == given, reason=reason)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips the tests of several devices."""
    for item in items:
        if item.get_closest_marker("multi_device"):
            item.add_marker(pytest.mark.skip(reason="needs several devices"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Ends a test that takes too long."""

    def end(signal: int, frame: Any) -> None:
        raise TimeoutError(f"longer than {SECONDS} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(SECONDS)
    try:
        return (yield)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def pytest_runtest_logstart(nodeid: str) -> None:
    """Records which test begins, so that the one that ends the process is known."""
    _record(kind="start", test=short(nodeid))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Records a test once it is torn down."""
    one = _outcomes.setdefault(report.nodeid, {"outcome": "passed", "seconds": 0.0})
    one["seconds"] += report.duration
    if report.failed:
        one.update(outcome="failed", error=_first_line(report))
    elif report.skipped and one["outcome"] == "passed":
        one["outcome"] = "xfailed" if hasattr(report, "wasxfail") else "skipped"
    if report.when == "teardown":
        _record(kind="test", test=short(report.nodeid), **_outcomes.pop(report.nodeid))


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Records a file that cannot be imported."""
    if report.failed:
        _record(kind="test", test=f"{short(report.nodeid)}::import", outcome="failed", error=_first_line(report))


def pytest_sessionfinish() -> None:
    """Records that the process came to its end, and which test modules saw typed objects."""
    used = [] if Loader.exchange is None else sorted(Loader.exchange.used)
    _record(kind="end", used=[f"{one.removeprefix('keras.src.').replace('.', '/')}.py" for one in used])


def short(nodeid: str) -> str:
    """Returns the name of a test from below ``keras/src``."""
    return nodeid.replace(os.sep, "/").split("keras/src/", 1)[-1]


def _first_line(report: Any) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    text = str(report.longrepr) if crash is None else crash.message
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    first = lines[0] if crash is not None else lines[-1]
    if first.endswith("Error:") and len(lines) > 1:
        first = f"{first} {lines[1]}"
    return re.sub(r"/\S*/site-packages/", "", first)[:300]
