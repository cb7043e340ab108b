"""What all tests share: faults of our own are raised, the mode is strict, seeds are fixed."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.pop("TYPEDLAYERS_MODE", None)

import pytest

from typedlayers import errors, modes
from typedlayers.verdict import settings

if TYPE_CHECKING:
    from tests.corpus_case import Cases
    from tests.program_run import Runner


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options of this suite."""
    parser.addoption("--all-forms", action="store_true", help="run every case of the corpus in every form")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keeps the tests themselves, a million objects, out of garbage collections: each would take half a second."""
    gc.disable()
    try:
        collected = yield
    finally:
        gc.enable()
    gc.freeze()
    return collected


@pytest.fixture(autouse=True, scope="module")
def _kept() -> Iterator[None]:
    """Keeps what outlives a module, imports and caches above all, out of them too."""
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cases]:
    """The corpus: each case runs once in a session, whichever test asks, in whichever process."""
    from tests.corpus_case import Cases

    temporary = tmp_path_factory.getbasetemp()
    shared = temporary.parent if "PYTEST_XDIST_WORKER" in os.environ else temporary
    folder = shared / "corpus"
    folder.mkdir(exist_ok=True)
    running = Cases(folder)
    yield running
    running.close()


@pytest.fixture(scope="session")
def runners() -> Iterator[dict[str, Runner]]:
    """Runs whole scripts, by the way in which they run: `PLAIN` or a mode."""
    from tests.program_run import PLAIN, Forking, Runner

    plain, typed = Forking(), Forking("typedlayers")
    yield {PLAIN: Runner(plain, PLAIN), **{mode: Runner(typed, mode) for mode in ("strict", "lenient")}}
    for process in (plain, typed):
        process.close()


@pytest.fixture(autouse=True)
def _clean_modes() -> Iterator[None]:
    errors.raise_faults()
    yield
    modes._Process.mode = None
    settings.use(settings.Settings())
    errors.raise_faults(False)
