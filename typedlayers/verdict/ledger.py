"""The ledger: each repair, its place, its reason, and the specs before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from typing import Final

from typedlayers.diagnostics.model import Diagnostic, Location, Repair
from typedlayers.diagnostics.render.text import place, visible
from typedlayers.diagnostics.repair_kinds import after
from typedlayers.spec import Shape, Spec


@dataclass(frozen=True, slots=True, repr=False)
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
        shapes: for how many shapes it was made; sizes in which they differ are unknown in both specs.
    """

    repair: Repair
    what: str
    where: Location
    why: str
    code: str
    before: Spec
    after: Spec
    shapes: int = 1

    def __repr__(self) -> str:
        return f"<Entry: {self}>"

    def __str__(self) -> str:
        at = place(Location(self.where.file, self.where.line))
        several = f", {self.shapes} shapes" if self.shapes > 1 else ""
        where = f"{self.what}{f' ({at})' if at else ''}"
        return f"{self.repair}: {self.before} → {self.after}{several}, {where} [{self.code}]"


class Repairs(tuple[Entry, ...]):
    """The ledger of one model or layer, to be read: a tuple that shows a line for each repair."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} repair{'' if len(self) == 1 else 's'}>"

    def __str__(self) -> str:
        return "\n".join(map(str, self))

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{escape(visible(str(entry), lines=True))}</li>" for entry in self)
        return f"<ul>{items}</ul>" if items else "<p>no repairs</p>"


def _of_both(one: Spec, two: Spec) -> Spec:
    """A spec with the sizes that two have in common after the batch, and unknown ones where they differ."""
    if one.shape is None or two.shape is None or len(one.shape) != len(two.shape):
        return one.with_(shape=None)
    sizes = (size if size == other else None for size, other in zip(one.shape[1:], two.shape[1:], strict=True))
    return one.with_(shape=(*one.shape[:1], *sizes))


MOST_SHAPES: Final = 1000
"""Shapes of one entry that are told apart."""


class Ledger:
    """The entries of one layer or model, each once."""

    __slots__ = ("_entries", "_shapes")

    def __init__(self) -> None:
        self._entries: dict[tuple[object, ...], Entry] = {}
        self._shapes: dict[tuple[object, ...], set[Shape | None]] = {}

    def add(self, entry: Entry) -> None:
        """Adds an entry; the same repair is kept once, however the sizes of what it repairs vary."""
        key = (entry.repair, entry.what, entry.code, entry.before.dtype, entry.before.rank)
        known, shapes = self._entries.get(key), self._shapes.setdefault(key, set())
        if known is None:
            self._entries[key] = entry
        elif entry.before.shape not in shapes and len(shapes) < MOST_SHAPES:
            before, after_ = (_of_both(*pair) for pair in ((known.before, entry.before), (known.after, entry.after)))
            self._entries[key] = replace(known, before=before, after=after_, shapes=known.shapes + 1)
        if len(shapes) < MOST_SHAPES:
            shapes.add(entry.before.shape)

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
