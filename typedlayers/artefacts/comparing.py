"""Two artefacts compared: whether a program that uses the one before goes on working with the new one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from typedlayers.artefacts.model import Artefact, Bounds, Form, Port, Signature
from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.spec import RangeClass, Shape, Size, shape_text

BREAKING: Final = "TL813"
HARMLESS: Final = "TL814"


@dataclass(frozen=True, slots=True)
class _Two:
    """The two artefacts.

    Attributes:
        new: the artefact that is to be used from now on.
        old: the one that programs were written for.
    """

    new: Artefact
    old: Artefact

    def said(self, *, breaks: bool, headline: str, signature: str, was: str, now: str, why: str = "") -> Diagnostic:
        label = self.new.name if self.new.form is Form.KERAS else f'signature "{signature}" of {self.new.name}'
        return Diagnostic(
            BREAKING if breaks else HARMLESS,
            headline,
            where=Location(what=label, within=label),
            gets=f"{now} in {self.new.path}",
            needs=f"{was} in {self.old.path}",
            why=why,
        )


def differences(new: Artefact, old: Artefact) -> list[Diagnostic]:
    """Returns each difference of an artefact from the one before it: breaking ones are errors, others notes.

    Args:
        new: the artefact that is to be used from now on.
        old: the one that programs were written for.
    """
    two = _Two(new, old)
    return [*_signatures(two)]


def _signatures(two: _Two) -> Iterator[Diagnostic]:
    if two.new.form is not two.old.form:  # each format has its own names of signatures: the default ones are compared
        for new, old in zip(two.new.signatures[:1], two.old.signatures[:1], strict=False):
            yield from _both(two, new, old)
        return
    new, old = ({one.name: one for one in artefact.signatures} for artefact in (two.new, two.old))
    for name, before in old.items():
        if name in new:
            yield from _both(two, new[name], before)
        else:
            yield two.said(
                breaks=True,
                headline=f'the signature "{name}" is gone',
                signature=name,
                was=f'a signature "{name}"',
                now="none of that name",
            )
    for name in new.keys() - old.keys():
        yield two.said(
            breaks=False,
            headline=f'the signature "{name}" is new',
            signature=name,
            was="none of that name",
            now=f'a signature "{name}"',
        )


def _both(two: _Two, new: Signature, old: Signature) -> Iterator[Diagnostic]:
    foreign = two.new.form is not two.old.form
    for side, now, was, named in (
        ("input", new.inputs, old.inputs, new.keyed and old.keyed),
        ("output", new.outputs, old.outputs, new.named and old.named),
    ):
        counted = len(now) == len(was) and (not named or (foreign and _names(now).isdisjoint(_names(was))))
        if counted and _names(now) == _names(was) and [*map(_name, now)] != [*map(_name, was)]:
            yield _reordered(two, new.name, side, now, was)
        elif counted:
            for pair in zip(now, was, strict=True):
                yield from _Pair(two, new.name, side, *pair).differences()
        else:
            yield from _by_name(two, new.name, side, now, was)


def _name(port: Port) -> str:
    return port.name


def _names(ports: Sequence[Port]) -> set[str]:
    return set(map(_name, ports))


def _reordered(two: _Two, signature: str, side: str, new: Sequence[Port], old: Sequence[Port]) -> Diagnostic:
    now, was = (", ".join(map(_name, ports)) for ports in (new, old))
    return two.said(
        breaks=True,
        headline=f"the {side}s are counted in another order",
        signature=signature,
        was=was,
        now=now,
        why=f"these {side}s go by their place",
    )


def _by_name(two: _Two, signature: str, side: str, new: Sequence[Port], old: Sequence[Port]) -> Iterator[Diagnostic]:
    found = {port.name: port for port in new}
    for was in old:
        if was.name in found:
            yield from _Pair(two, signature, side, found[was.name], was).differences()
        else:
            yield two.said(
                breaks=True,
                headline=f'the {side} "{was.name}" is gone',
                signature=signature,
                was=str(was.spec),
                now=f'no {side} "{was.name}"',
            )
    for now in new:
        if now.name not in _names(old):
            yield two.said(
                breaks=side == "input",
                headline=f'the {side} "{now.name}" is new',
                signature=signature,
                was=f'no {side} "{now.name}"',
                now=str(now.spec),
                why="programs do not give it" if side == "input" else "",
            )


@dataclass(frozen=True, slots=True)
class _Pair:
    """An input or output, now and before."""

    two: _Two
    signature: str
    side: str
    now: Port
    was: Port

    @property
    def is_input(self) -> bool:
        return self.side == "input"

    def differences(self) -> Iterator[Diagnostic]:
        now, was = self.now.spec, self.was.spec
        if None not in (now.dtype, was.dtype) and now.dtype != was.dtype:
            yield self._said(True, f"has the dtype {now.dtype}, before {was.dtype}")
        change = compared(now.shape, was.shape, is_input=self.is_input)
        if change is not None:
            breaks, how = change
            yield self._said(breaks, f"is {how}: {shape_text(now.shape)}, before {shape_text(was.shape)}")
        if self.is_input:
            yield from self._repairs()
            yield from self._ranges()

    def _repairs(self) -> Iterator[Diagnostic]:
        now, was = self.now.front.repair, self.was.front.repair
        if now == was:
            return
        if was is None:
            yield self._said(False, f"takes uint8 too: {now}")
        elif now is None:
            yield self._said(True, f"does not take uint8 any more, before: {was}")
        else:
            yield self._said(True, f"does something else with uint8: {now}, before {was}")

    def _ranges(self) -> Iterator[Diagnostic]:
        now, was = self.now.front.bounds, self.was.front.bounds
        if was is None and now is not None:
            yield self._said(False, f"says its range of values: {now}")
        if now is None and was is not None:
            yield self._said(False, f"does not say its range of values, before {was}")
        if now is None or was is None:
            return
        change = ranges_compared(now, was)
        if change is not None:
            breaks, how = change
            yield self._said(breaks, f"has {how}: {now}, before {was}")

    def _said(self, breaks: bool, what: str) -> Diagnostic:
        now, was = (
            str(port.spec) if port.front.bounds is None else f"{port.spec}, {port.front.bounds}"
            for port in (self.now, self.was)
        )
        headline = f'the {self.side} "{self.now.name}" {what}'
        return self.two.said(breaks=breaks, headline=headline, signature=self.signature, was=was, now=now)


def compared(now: Shape | None, was: Shape | None, *, is_input: bool) -> tuple[bool, str] | None:
    """Returns whether a change of shape breaks programs, and its kind; None if there is none, or one is unknown.

    An input may take more than before, an output may promise more than before.

    >>> compared((None, 8), (None, None), is_input=True), compared((None, 8), (None, None), is_input=False)
    ((True, 'narrower'), (False, 'narrower'))
    """
    if now == was or (now is None and was is None):
        return None
    if now is None or was is None:
        return is_input is (was is None), "wider" if now is None else "narrower"
    if len(now) != len(was):
        return True, f"of {len(now)} axes"
    kinds = {_of_axis(*sizes) for sizes in zip(now, was, strict=True)} - {""}
    if "another" in kinds or len(kinds) > 1:
        return True, "of another shape"
    (how,) = kinds
    return is_input is (how == "narrower"), how


def _of_axis(now: Size, was: Size) -> str:
    if now == was:
        return ""
    if was is None:
        return "narrower"
    return "wider" if now is None else "another"


ALIKE: Final = 2
"""Two trainings see other ends of the same range; one of more than this times the width is another range."""


def ranges_compared(now: Bounds, was: Bounds) -> tuple[bool, str] | None:
    """Returns whether a change of the range of values breaks programs, and its kind; None if there is none."""
    one, two = now.seen, was.seen
    if (one.low, one.high) == (two.low, two.high):
        return None
    if now.declared or was.declared:
        inside = one.low <= two.low and two.high <= one.high
        return not inside, "a wider range of values" if inside else "a narrower range of values"
    if one.family is not two.family:
        return True, "another range of values"
    if one.family is not RangeClass.OTHER:
        return None
    width, before = one.high - one.low, two.high - two.low
    apart = one.high < two.low or two.high < one.low
    alike = not apart and width <= ALIKE * before and before <= ALIKE * width
    return (False, "other ends of its range") if alike else (True, "another range of values")
