"""Which targets belong to which output, as Keras pairs them: one by one, in order, or by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from typedlayers.facts.data import Path
from typedlayers.spec import place_of


@dataclass(frozen=True, slots=True)
class Paired:
    """What belongs to each output.

    Attributes:
        values: one thing for each output, None where there is none or it is unknown.
        paths: where each stands in the user's data.
        called: what the user calls the whole.
    """

    values: tuple[Any, ...]
    paths: tuple[Path, ...]
    called: str = "y"

    def name(self, index: int) -> str:
        """What belongs to an output, in the user's words: ``y['dept']``."""
        return place_of(self.called, self.paths[index])


def paired(names: Sequence[str], compiled: Sequence[bool], given: Any, called: str = "y") -> Paired:
    """Returns what a nest of targets, of their values or weights holds for each output.

    Args:
        names: the outputs' names.
        compiled: whether each was given a loss; one without a loss may have no targets either.
        given: one thing, a list in order, or a dict by name.
        called: what the user calls the whole.
    """
    if isinstance(given, Mapping):
        values = tuple(given.get(name) for name in names)
        return Paired(values, tuple((name,) for name in names), called)
    with_loss = [index for index, given_loss in enumerate(compiled) if given_loss]
    if not isinstance(given, list | tuple):
        alone = with_loss[0] if len(with_loss) == 1 else None
        return Paired(
            tuple(given if index == alone else None for index in range(len(names))), ((),) * len(names), called
        )
    places = dict.fromkeys(range(len(names)))
    if len(given) == len(names):
        places = {index: index for index in places}
    elif len(given) == len(with_loss):
        places |= {index: place for place, index in enumerate(with_loss)}
    values = tuple(None if place is None else given[place] for place in places.values())
    return Paired(values, tuple(() if place is None else (place,) for place in places.values()), called)
