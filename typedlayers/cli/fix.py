"""``typedlayers fix``: a program is run, mended and run again, until nothing is said any more or nothing helps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from typedlayers.cli.installed import constructor
from typedlayers.cli.outcome import Chooser, Ended, Listener, Mended, Refused, Step, in_order
from typedlayers.cli.rehearsal import Rehearse, Run
from typedlayers.diagnostics.model import Certainty, Fix, Location
from typedlayers.diagnostics.render.text import place
from typedlayers.source.apply import edited
from typedlayers.source.notebook import Notebook, cell_of
from typedlayers.source.program import NoPlace
from typedlayers.source.project import Project
from typedlayers.source.site import Crash, Finding, Seen

MOST_ROUNDS: Final = 20
"""The runs of one program, the first included."""

INPUT: Final = ("shape", "batch_size", "dtype", "sparse", "batch_shape", "name", "tensor", "optional")
"""The arguments of ``keras.Input``, which is a function."""


@dataclass(slots=True)
class Mender:
    """Runs and mends one program.

    Attributes:
        run: the program.
        project: the files that may be changed.
        rehearse: runs it with other sources.
        choose: orders the fixes of a finding.
        tell: is told of each run and fix.
        seconds: the time that one run may take.
        rounds: the number of runs.
        with_doubts: True if what is only suspected is mended too.
        sources: the programs of files that hold them in another form: notebooks.
    """

    run: Run
    project: Project
    rehearse: Rehearse
    choose: Chooser = in_order
    tell: Listener = lambda _: None
    seconds: float = 300.0
    rounds: int = MOST_ROUNDS
    with_doubts: bool = False
    sources: Mapping[str, bytes] = field(default_factory=dict)
    _sources: dict[str, bytes] = field(default_factory=dict, init=False)
    _before: dict[str, bytes] = field(default_factory=dict, init=False)
    _tried: list[dict[str, bytes]] = field(default_factory=list, init=False)
    _chosen: dict[tuple[str, str], Sequence[Fix]] = field(default_factory=dict, init=False)
    _steps: list[Step] = field(default_factory=list, init=False)
    _refused: list[Refused] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self._sources = dict(self.sources)

    def mended(self) -> Mended:
        """Runs the program and mends it, as far as fixes help."""
        seen = self._run(self._sources)
        if seen.crash is not None and not seen.findings:
            return Mended(Ended.NOT_RUN, crash=seen.crash)
        given_up: set[tuple[str, str]] = set()
        while todo := [one for one in self._to_mend(seen) if one.key not in given_up]:
            after = self._all_helped(todo, seen) or self._one_helped(todo[0], seen)
            if after is None:
                given_up.add(todo[0].key)
            seen = after or seen
        return self._outcome(seen)

    def _outcome(self, seen: Seen) -> Mended:
        is_wrong = bool(seen.errors) or seen.crash is not None or any(one.diagnostic.is_error for one in seen.findings)
        ended = Ended.LEFT if is_wrong else Ended.CLEAN
        after = {file: self._sources[file] for file in self._before if self._sources[file] != self._before[file]}
        before = {file: self._before[file] for file in after}
        for file in self.sources.keys() & after.keys():
            before[file] = self.project.read(file)
            after[file] = Notebook.of(before[file], file).with_program(after[file])
        steps, refused = tuple(self._steps), tuple(self._refused)
        return Mended(ended, steps, refused, seen.findings, seen.crash, seen.is_cut, before, after)

    def _to_mend(self, seen: Seen) -> Iterator[Finding]:
        if len(self._tried) >= self.rounds:
            return
        for one in seen.findings:
            if self.with_doubts or one.diagnostic.certainty is Certainty.CERTAIN:
                yield one

    # ------------------------------------------------------------------------------------------ attempts
    def _all_helped(self, todo: Sequence[Finding], seen: Seen) -> Seen | None:
        """Tries the first fix of each of several findings at once."""
        pairs = [(finding, fixes[0]) for finding in todo if (fixes := self._choices(finding))]
        if len(pairs) < 2:
            return None
        try:
            changed = self._edited(pairs, seen)
        except NoPlace:
            return None
        after = self._run({**self._sources, **changed})
        if any(_fault(finding, seen, after) for finding, _ in pairs) or len(after.findings) >= len(seen.findings):
            return None
        for finding, fix in pairs:
            self._keep(finding, fix)
        self._take(changed)
        return after

    def _one_helped(self, finding: Finding, seen: Seen) -> Seen | None:
        """Tries the fixes of a finding in order and returns the run after the first that helps."""
        for fix in self._choices(finding):
            if len(self._tried) >= self.rounds:
                return None
            try:
                changed = self._edited([(finding, fix)], seen)
            except NoPlace as error:
                self._refuse(finding, fix, str(error))
                continue
            after = self._run({**self._sources, **changed})
            why = _fault(finding, seen, after)
            if not why:
                self._keep(finding, fix)
                self._take(changed)
                return after
            self._refuse(finding, fix, why)
        return None

    def _choices(self, finding: Finding) -> Sequence[Fix]:
        if finding.key not in self._chosen:
            fixes = [fix for fix in finding.diagnostic.fixes if fix.edits]
            self._chosen[finding.key] = self.choose(finding, fixes)
        return self._chosen[finding.key]

    def _edited(self, pairs: Sequence[tuple[Finding, Fix]], seen: Seen) -> dict[str, bytes]:
        changed = edited(pairs, seen, self._read, positions)
        for file in self.sources.keys() & changed.keys():
            list(Notebook.of(self.project.read(file), file).changes(changed[file]))  # its cells can still be told apart
        if {**self._sources, **changed} in self._tried:
            raise NoPlace("the program was run so before")
        return changed

    # ------------------------------------------------------------------------------------------- results
    def _keep(self, finding: Finding, fix: Fix) -> None:
        step = Step(finding, fix)
        self._steps.append(step)
        self.tell(step)

    def _take(self, changed: dict[str, bytes]) -> None:
        self._before = {**{file: self._read(file) for file in changed}, **self._before}
        self._sources = {**self._sources, **changed}

    def line_of(self, file: str, line: int | None) -> str:
        """Returns a line of the program as the user would name it: a cell of a notebook and the line in it."""
        if file not in self.sources or line is None:
            return place(Location(file, line))
        cell, inner = cell_of(self._sources[file], Notebook.of(self.project.read(file), file), line)
        return f"{place(Location(file))}, cell {cell}, line {inner}"

    def _refuse(self, finding: Finding, fix: Fix, why: str) -> None:
        refused = Refused(finding, fix, why)
        self._refused.append(refused)
        self.tell(refused)

    def _read(self, file: str) -> bytes:
        return self._sources[file] if file in self._sources else self.project.read(file)

    def _run(self, sources: dict[str, bytes]) -> Seen:
        self._tried.append(sources)
        seen = self.rehearse(self.run, sources, self.seconds)
        self.tell(seen)
        return seen


def _fault(finding: Finding, before: Seen, after: Seen) -> str:
    """Returns why a fix did not help, empty if it did.

    What the program says then may be new: behind the first mistake there may be another one. An exception that Keras
    raises, or at the line that the finding was at, comes of the fix.
    """
    then = [one for one in after.findings if one.kind == finding.kind]
    if len(then) >= sum(one.kind == finding.kind for one in before.findings):
        return f"then it is said: {then[0].diagnostic.headline}"
    crash = after.crash
    if crash is not None and before.crash is None and (crash.is_in_keras or _is_at(crash, finding)):
        return f"the program fails then: {crash.text.splitlines()[0]}"
    return ""


def _is_at(crash: Crash, finding: Finding) -> bool:
    """Returns True if an exception was raised where a finding was."""
    if not crash.stops or not finding.stops:
        return True
    there, then = finding.stops[0], crash.stops[0]
    return there.site.file == then.site.file and (there.site.line == then.site.line or there.text == then.text)


def positions(kind: str) -> Sequence[str]:
    """Returns the names of a constructor's arguments, none if it is not Keras's."""
    if kind == "Input":
        return INPUT
    return [argument.name for argument in constructor(kind) or ()]


def project_of(folder: str) -> Project:
    """Returns the project of a program by the first entry of its ``sys.path``."""
    return Project.around(Path(folder))
