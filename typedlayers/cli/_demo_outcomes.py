"""The demo's programs, run in four ways each, and the outcome of each run as a value.

The programs are the scripts of ``examples/``. Each has the same names: the
functions `mistaken` and `corrected`, which differ by the correction, and `program`, which runs either of them.
"""

from __future__ import annotations

import contextlib
import difflib
import importlib
import importlib.util
import inspect
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final

_PACKAGED: Final = Path(__file__).parent / "programs"
_CHECKOUT: Final = Path(__file__).parents[2] / "examples"

FOLDER: Final = _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
"""The programs: packaged as ``programs/`` in a wheel, ``examples/`` in a checkout. They are the same files."""

HEADS: Final = ("--", "++", "")
"""The starts of a diff's own lines, which are not lines of the programs."""

Figure = float | str


@dataclass(frozen=True, slots=True)
class Program:
    """One script.

    Attributes:
        name: of its file in ``examples/``.
        tells: the figure that shows its mistake best.
    """

    name: str
    tells: str


PROGRAMS: Final = (
    Program("raw_bytes.py", tells="test accuracy"),
    Program("forgotten_flatten.py", tells="5 images give"),
    Program("float64_tensor.py", tells="rounded by up to"),
)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to run a program.

    Attributes:
        name: the heading of its column.
        library: the module in the place of ``keras``.
        mode: the mode, which plain Keras does not read.
        version: the function of the program that is run: ``mistaken`` or ``corrected``.
    """

    name: str
    library: str
    mode: str
    version: str


PLAIN: Final = Way("plain Keras", "keras", "off", "mistaken")
STRICT: Final = Way("strict", "typedlayers.keras", "strict", "mistaken")
LENIENT: Final = Way("lenient", "typedlayers.keras", "lenient", "mistaken")
CORRECTED: Final = Way("corrected", "typedlayers.keras", "strict", "corrected")
WAYS: Final = (PLAIN, STRICT, LENIENT, CORRECTED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one run of a program.

    Attributes:
        figures: the program's measurements, by name; empty if it was stopped.
        codes: the codes of the errors that stopped it, with the line of each.
        report: the text of the error that stopped it, empty if none did.
        ledger: the repairs of `typedlayers.repairs`, one line each.
        warned: the texts of all Python warnings.
        seconds: how long it ran.
    """

    figures: Mapping[str, Figure]
    codes: tuple[tuple[str, int | None], ...]
    report: str
    ledger: tuple[str, ...]
    warned: tuple[str, ...]
    seconds: float


def loaded(program: Program) -> ModuleType:
    """Returns a program as a module of its own, so that its lines count as a user's."""
    spec = importlib.util.spec_from_file_location(Path(program.name).stem, FOLDER / program.name)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with _registered(module):
        spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def _registered(module: ModuleType) -> Iterator[None]:
    """Registers a module in ``sys.modules``, where annotations and sources are looked up, inside a ``with`` block."""
    before = sys.modules.get(module.__name__)
    sys.modules[module.__name__] = module
    try:
        yield
    finally:
        sys.modules.pop(module.__name__)
        if before is not None:
            sys.modules[module.__name__] = before


def outcome(module: ModuleType, way: Way, *, epochs: int | None = None, seed: int = 0) -> Outcome:
    """Runs a program in one way.

    Args:
        module: the program, from `loaded`.
        way: the way to run it.
        epochs: the epochs; the program's own number if None.
        seed: of the split into data to train and to test with, of the initial weights and of the shuffling.
    """
    import keras

    import typedlayers as tl

    library = importlib.import_module(way.library)
    epochs = module.EPOCHS if epochs is None else epochs
    keras.utils.clear_session()  # automatic names start again, as in a new process
    figures: dict[str, Figure] = {}
    ledger, codes, report = (), (), ""
    start = time.perf_counter()
    # Run from its own folder: the reports then name its lines as for a user who starts it there.
    with contextlib.chdir(FOLDER), _registered(module), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            with tl.mode(way.mode):
                model, figures = module.program(library, getattr(module, way.version), epochs=epochs, seed=seed)
            ledger = tuple(str(entry) for entry in tl.repairs(model))
        except tl.ContractError as error:
            report = str(error)
            codes = tuple((diagnostic.code, diagnostic.where.line) for diagnostic in error.diagnostics)
    said = tuple(str(warning.message) for warning in warned)
    return Outcome(figures, codes, report, ledger, said, time.perf_counter() - start)


def correction(module: ModuleType) -> tuple[str, ...]:
    """Returns the diff from the mistaken to the corrected program, as lines."""
    mistaken, corrected = (
        inspect.getsource(function).splitlines()[1:] for function in (module.mistaken, module.corrected)
    )
    lines = [line for line in difflib.unified_diff(mistaken, corrected, n=1, lineterm="") if line[:2] not in HEADS]
    indent = min(len(line) - len(line[1:].lstrip()) for line in lines)
    return tuple(f"{line[0]} {line[indent:]}" for line in lines)
