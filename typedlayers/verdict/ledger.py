"""The ledger: each repair, its place, its reason, and the specs before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from typedlayers.diagnostics.model import Diagnostic, Location, Repair
from typedlayers.diagnostics.render.text import place
from typedlayers.diagnostics.repair_kinds import after
from typedlayers.spec import Spec


@dataclass(frozen=True, slots=True)
class Entry:
    """One repair.

    Attributes:
        repair: the repair.
        what: to what, in the user's names: ``input of Sequential "net"``.
        where: the user's line and the layer's place.
        why: the headline of the mistake.
        code: the code of the mistake.
        before: the spec before it.
        after: the spec that the layer gets.
    """

    repair: Repair
    what: str
    where: Location
    why: str
    code: str
    before: Spec
    after: Spec

    def __str__(self) -> str:
        at = place(Location(self.where.file, self.where.line))
        return f"{self.repair}: {self.before} → {self.after}, {self.what}{f' ({at})' if at else ''} [{self.code}]"


class Ledger:
    """The entries of one layer or model, each once."""

    __slots__ = ("_entries",)

    def __init__(self) -> None:
        self._entries: dict[tuple[object, ...], Entry] = {}

    def add(self, entry: Entry) -> None:
        """Adds an entry; the same repair of the same spec is kept once."""
        # without the batch: batches of other sizes are the same repair
        key = (entry.repair, entry.what, entry.code, entry.before.dtype, (entry.before.shape or ())[1:])
        self._entries.setdefault(key, entry)

    def add_all(self, finding: Diagnostic, what: str, before: Spec) -> None:
        """Adds the repairs of a finding, each after the one before it.

        Args:
            finding: the mistake.
            what: the repaired tensor, in the user's names.
            before: the spec before the repairs.
        """
        for repair in finding.repairs:
            changed = after(repair, before)
            self.add(Entry(repair, what, finding.where, finding.headline, finding.code, before, changed))
            before = changed

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)
