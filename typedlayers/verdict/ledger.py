"""The ledger: each repair, its place, its reason, and the specs before and after."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from html import escape
from typing import Final, TypeAlias

from typedlayers.diagnostics.model import Diagnostic, Location, Repair
from typedlayers.diagnostics.render.text import place, visible
from typedlayers.diagnostics.repair_kinds import after
from typedlayers.facts.front import EMPTY, Front
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
        count: how often it was made, as far as calls were looked at.
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
    count: int = field(default=1, compare=False)

    def __repr__(self) -> str:
        return f"<Entry: {self}>"

    def __str__(self) -> str:
        at = place(Location(self.where.file, self.where.line))
        several = f", {self.shapes} shapes" if self.shapes > 1 else ""
        where = f"{self.what}{f' ({at})' if at else ''}"
        return f"{self.repair}: {self.before} → {self.after}{several}, {where} [{self.code}]"


class Repairs(tuple[Entry, ...]):
    """The ledger of one model or layer, to be read: a tuple that shows a line for each repair.

    Attributes:
        front: by the name of the input, the values that a model takes, and what it does to bytes.
    """

    front: Front

    def __new__(cls, entries: Iterable[Entry], front: Front = EMPTY) -> Repairs:
        """Makes the tuple."""
        made = super().__new__(cls, entries)
        made.front = front
        return made

    def __repr__(self) -> str:
        return f"<{len(self)} repair{'' if len(self) == 1 else 's'}>"

    def __str__(self) -> str:
        return "\n".join([*map(str, self), *(f"takes {line}" for line in str(self.front).splitlines())])

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{escape(visible(line, lines=True))}</li>" for line in str(self).splitlines())
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

    def add(self, entry: Entry) -> Entry:
        """Adds an entry; the same repair is kept once, however the sizes of what it repairs vary.

        Returns:
            The entry as it is kept, with its count.
        """
        key = (entry.repair, entry.what, entry.code, entry.before.dtype, entry.before.rank)
        known, shapes = self._entries.get(key), self._shapes.setdefault(key, set())
        shape = entry.before.shape
        new = shape not in shapes and len(shapes) < MOST_SHAPES
        if known is not None:
            kept = replace(known, count=known.count + entry.count)
            if new:
                both = (_of_both(*pair) for pair in ((known.before, entry.before), (known.after, entry.after)))
                kept = replace(kept, shapes=known.shapes + 1, **dict(zip(("before", "after"), both, strict=True)))
            entry = kept
        if new:
            shapes.add(shape)
        self._entries[key] = entry
        return entry

    def add_all(self, finding: Diagnostic, what: str, before: Spec) -> list[Entry]:
        """Adds the repairs of a finding, each after the one before it; says those that are new.

        Args:
            finding: the mistake.
            what: the repaired tensor, in the user's names.
            before: the spec before the repairs.

        Returns:
            The entries as they are kept.
        """
        kept = []
        for repair in finding.repairs:
            changed = after(repair, before)
            entry = Entry(repair, what, finding.where, finding.headline, finding.code, before, changed)
            kept.append(self.add(entry))
            before = changed
        for entry in kept:
            _said(entry)
        return kept

    def again(self, entries: Iterable[Entry]) -> None:
        """Counts repairs that were done once more."""
        for entry in entries:
            _said(self.add(replace(entry, count=1, shapes=1)))

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)


# ------------------------------------------------------------------------------------------------- said
LOGGER: Final = logging.getLogger("typedlayers")

Hook: TypeAlias = Callable[[Entry], None]

_hooks: Final[list[Hook]] = []


def on_repair(hook: Hook) -> Callable[[], None]:
    """Calls a function at each repair, for the metrics of a serving process.

    Args:
        hook: gets the ledger's entry, whose ``count`` says how often that repair was done. What it raises is logged.

    Returns:
        A function that takes the hook away.

    >>> import typedlayers as tl
    >>> counts = {}
    >>> stop = tl.on_repair(lambda entry: counts.update({entry.code: entry.count}))
    >>> stop()
    """
    _hooks.append(hook)

    def stop() -> None:
        if hook in _hooks:
            _hooks.remove(hook)

    return stop


def _said(entry: Entry) -> None:
    if entry.count == 1:
        LOGGER.warning("repaired: %s", entry)
    for hook in tuple(_hooks):
        try:
            hook(entry)
        except Exception:  # a metric that fails is not the model's failure
            LOGGER.exception("a function given to on_repair() failed")
