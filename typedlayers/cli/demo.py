"""``typedlayers demo``: three programs, each with a mistake that plain Keras runs, side by side in four ways."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType
from typing import Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from typedlayers.cli._demo_outcomes import (
    CORRECTED,
    FOLDER,
    LENIENT,
    PLAIN,
    PROGRAMS,
    STRICT,
    WAYS,
    Figure,
    Outcome,
    Program,
    Way,
    correction,
    loaded,
    outcome,
)
from typedlayers.cli.output import complain, is_rendered

COULD_NOT_RUN: Final = 2
WIDEST_CELL: Final = 20
ENDS: Final = "ends"
"""The figure of a program that did not run to its end."""

Outcomes = Mapping[Way, Outcome]


def run(*, epochs: int | None = None, seed: int = 0, console: Console | None = None) -> dict[Program, Outcomes]:
    """Runs the demo and prints it.

    Args:
        epochs: the epochs of each program; its own number if None.
        seed: of data, weights and shuffling.
        console: the output; standard output if None, plain unless it is a terminal with colours.

    Returns:
        All outcomes, in the order in which they were printed.

    Raises:
        typer.Exit: with status 2, if scikit-learn is missing.
    """
    if importlib.util.find_spec("sklearn") is None:
        complain('demo: the digits come with scikit-learn, which is missing: pip install "typedlayers[demo]"')
        raise typer.Exit(COULD_NOT_RUN)
    console = console if console is not None else _console()
    start, found = time.perf_counter(), {}
    with _progress(console) as progress:
        task = progress.add_task("TensorFlow starts", total=len(PROGRAMS) * len(WAYS))
        with _quiet():
            modules = [loaded(program) for program in PROGRAMS]
        _say_opening(console, seed)
        for number, (program, module) in enumerate(zip(PROGRAMS, modules, strict=True), start=1):
            outcomes: dict[Way, Outcome] = {}
            for way in WAYS:
                progress.update(task, description=f"{program.name}, {way.name}")
                outcomes[way] = outcome(module, way, epochs=epochs, seed=seed)
                progress.advance(task)
            found[program] = outcomes
            console.rule(f"{number} of {len(PROGRAMS)}: {program.name}", align="left")
            _say_program(console, module, outcomes, epochs)
    console.rule("Summary", align="left")
    _say_summary(console, found, time.perf_counter() - start)
    return found


# ------------------------------------------------------------------------------------------ its surroundings
def _console() -> Console:
    if is_rendered():
        return Console(highlight=False)
    return Console(force_terminal=False, no_color=True, highlight=False)


def _progress(console: Console) -> Progress:
    columns = (SpinnerColumn(), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Hides the lines that TensorFlow's C++ writes to standard error before it reads its log level."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


# ------------------------------------------------------------------------------------------ its parts
def _say_opening(console: Console, seed: int) -> None:
    from sklearn.datasets import load_digits

    count, *size = load_digits().images.shape  # pyright: ignore[reportAttributeAccessIssue]
    _paragraph(
        console,
        f"Three programs, each with a mistake that plain Keras does not name, on {count:,} handwritten digits of "
        f"{' x '.join(map(str, size))} pixels (scikit-learn's; a fifth of them to test with; seed {seed}). Each runs "
        "in plain Keras, in strict mode, in lenient mode, and corrected by hand (in strict mode too).",
    )
    console.print(f"The programs: {FOLDER}\n", soft_wrap=True, markup=False)


def _say_program(console: Console, module: ModuleType, outcomes: Outcomes, epochs: int | None) -> None:
    for paragraph in (module.__doc__ or "").split("\n\n")[:2]:
        _paragraph(console, paragraph)
    trained = module.EPOCHS if epochs is None else epochs
    console.print(_figures(outcomes, f"{trained} epoch{'s' if trained != 1 else ''}"))
    console.print()
    for way in (PLAIN, LENIENT, CORRECTED):
        notes = _notes(outcomes[way])
        if way is PLAIN or notes:
            _block(console, f"{way.name} says", notes or ["nothing: no error, no warning"], "yellow")
        if way is PLAIN:
            _block(console, "strict says", outcomes[STRICT].report.splitlines(), "red")
        if way is LENIENT:
            _block(console, "lenient's ledger, tl.repairs(model)", outcomes[way].ledger, "cyan")
    _block(console, "corrected by hand", correction(module), "green")


def _say_summary(console: Console, found: Mapping[Program, Outcomes], seconds: float) -> None:
    table = Table("", *(way.name for way in WAYS), show_lines=True)
    for program, outcomes in found.items():
        table.add_row(f"{program.name}\n{program.tells}", *(_summary(outcomes[way], program) for way in WAYS))
    console.print(table)
    console.print(f"\n{len(found) * len(WAYS)} runs in {seconds:.0f} s.\n")
    codes = [code for outcomes in found.values() for code, _ in outcomes[STRICT].codes]
    console.print(
        "Next: write `from typedlayers import keras` for `import keras` in a script of yours, "
        f"or type `typedlayers explain {codes[0]}`.",
        soft_wrap=True,
    )


def _figures(outcomes: Outcomes, title: str) -> Table:
    table = Table(title, *(way.name for way in WAYS))
    table.add_row(ENDS, *(_end(outcomes[way]) for way in WAYS))
    names = dict.fromkeys(name for found in outcomes.values() for name in found.figures)
    for name in (name for name in names if name != ENDS):
        table.add_row(name, *(_cell(outcomes[way].figures.get(name)) for way in WAYS))
    table.add_row("seconds", *(f"{outcomes[way].seconds:.1f}" for way in WAYS))
    return table


# ------------------------------------------------------------------------------------------ their words
def _end(found: Outcome) -> str:
    if found.codes:
        return "stopped: " + ", ".join(code for code, _ in found.codes)
    if ENDS in found.figures:
        return _cell(found.figures[ENDS])
    return "runs, " + _count(len(found.ledger), "repair") if found.ledger else "runs"


def _summary(found: Outcome, program: Program) -> str:
    if found.codes:
        return "\n".join(code if line is None else f"{code}\nline {line}" for code, line in found.codes)
    repaired = f"\n{_count(len(found.ledger), 'repair')}" if found.ledger else ""
    return _cell(found.figures.get(program.tells)) + repaired


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"


def _cell(figure: Figure | None) -> str:
    """Returns a figure as a table cell; of a long text only the start, the rest is printed below."""
    if figure is None:
        return "-"
    if isinstance(figure, str) and len(figure) <= WIDEST_CELL:
        return figure
    return _text(figure).partition(":")[0]


def _text(figure: Figure) -> str:
    return figure if isinstance(figure, str) else f"{figure:.3g}"


def _notes(found: Outcome) -> list[str]:
    """Returns a run's other texts: those too long for the table, and warnings."""
    texts = [f"{name} {_text(f)}" for name, f in found.figures.items() if len(_text(f)) > WIDEST_CELL]
    return [line for text in (*texts, *found.warned) for line in text.splitlines()]


def _paragraph(console: Console, text: str) -> None:
    console.print(Text(" ".join(text.split()) + "\n"))


def _block(console: Console, heading: str, lines: Sequence[str], style: str) -> None:
    console.print(Text(heading, style=f"bold {style}"))
    for line in lines or ("nothing",):
        console.print(Text(f"  {line}"), soft_wrap=True)
    console.print()
