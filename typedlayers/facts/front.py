"""The front of a model: for each input by name, the values that it takes, and what is done to bytes.

It is immutable: who learns something puts a new one in its place.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, TypeAlias

from typedlayers.diagnostics.model import Repair
from typedlayers.facts.data import Path
from typedlayers.facts.inputs import InputTree, each_input
from typedlayers.facts.ranges import ValueFacts

Ends: TypeAlias = tuple[float, float]

UNITS: Final[Mapping[Ends, tuple[float, float]]] = MappingProxyType(
    {(0, 1): (1 / 255, 0.0), (-1, 1): (1 / 127.5, -1.0)}
)
"""Scale and offset that bring bytes 0..255 into a range."""

NEAR: Final = 0.02
"""How far from an end of its range the values of a training may stay, as a share of its width: 5 of 255."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one input takes.

    Attributes:
        declared: the least and the greatest value that the user declared, None if nothing is declared.
        trained: what training saw of its values, None if that is not known.
        dtype: the float dtype in which the model's layers get it.
    """

    declared: Ends | None = None
    trained: ValueFacts | None = None
    dtype: str = "float32"

    @property
    def values(self) -> ValueFacts | None:
        """What the values are like: a declared range goes before what training saw."""
        if self.declared is not None:
            return ValueFacts(*self.declared, whole=False, count=0)
        return self.trained

    def __str__(self) -> str:
        if self.values is None:
            return "values unknown"
        seen = "" if self.declared is not None else " as in training"
        scaled = "" if self.scale is None else f"; bytes are scaled: {self.scale}"
        return f"values {self.values}{seen}{scaled}"

    @property
    def ends(self) -> Ends | None:
        """The range that the values stay in, None if unknown: that of training, or a usual one that it fills."""
        if self.declared is not None:
            return self.declared
        if self.trained is None:
            return None
        found = _filled(self.trained)
        return (self.trained.low, self.trained.high) if found is None else found

    @property
    def scale(self) -> Repair | None:
        """What brings bytes into the range; None where they need nothing, or where a factor would be a guess."""
        if self.declared is None and (self.trained is None or self.trained.whole):
            return None  # masks of 0 and 1 are whole numbers in every dtype
        unit = UNITS.get(self.ends or (0, 0))
        return None if unit is None else Repair("rescale", dtype=self.dtype, scale=unit[0], offset=unit[1])


def _filled(seen: ValueFacts) -> Ends | None:
    """The unit range, or that of bytes, whose ends the values reach."""
    for low, high in (*UNITS, (0, 255)):
        near = NEAR * (high - low)
        if low <= seen.low <= low + near and high - near <= seen.high <= high:
            return (low, high)
    return None


UNKNOWN: Final = Taken()


@dataclass(frozen=True, kw_only=True)
class Front:
    """What the inputs of a model take.

    Attributes:
        inputs: by the name of the input; the one input of a model without a name of the user's is ``""``.
        frozen: whether nothing more is learned from what comes.
        unread: whether there are notes on it that could not be read.
    """

    inputs: Mapping[str, Taken] = field(default_factory=dict)
    frozen: bool = False
    unread: bool = False

    def of(self, key: str) -> Taken:
        """Returns what is known of one input."""
        return self.inputs.get(key, UNKNOWN)

    def with_(self, key: str, **changes: object) -> Front:
        """Returns the front with something else known of one input."""
        changed = replace(self.of(key), **changes)  # pyright: ignore[reportArgumentType]
        return replace(self, inputs={**self.inputs, key: changed})

    def __str__(self) -> str:
        said = [f"{key or 'input'}: {one}" for key, one in self.inputs.items()]
        return "\n".join([*said, *(["frozen"] if self.frozen else [])])

    @property
    def untrained(self) -> Front:
        """The front without what training saw."""
        return replace(self, inputs={key: replace(one, trained=None) for key, one in self.inputs.items()})

    @functools.cached_property
    def scales(self) -> Mapping[str, Repair]:
        """What is done to bytes, by the name of the input."""
        return {key: scale for key, one in self.inputs.items() if (scale := one.scale) is not None}


EMPTY: Final = Front()


def ends_of(values: object, source: str) -> Ends:
    """Returns a range that a user declares.

    Raises:
        ValueError: if it is not two finite numbers in order.

    >>> ends_of((0, 1), "Input(values=)")
    (0.0, 1.0)
    """
    match values:
        case [int() | float() as low, int() | float() as high] if -math.inf < low < high < math.inf:
            return float(low), float(high)
    raise ValueError(f"{source} is {values!r}; two finite numbers are needed, the least and the greatest: (0, 1)")


Named: TypeAlias = Sequence[tuple[Path, str]]
"""The inputs of a model in the order in which Keras counts them: the place of each in the nest, and its name."""


def named_inputs(tree: InputTree | None) -> Named | None:
    """Returns the inputs that a model declares, None if it declares none."""
    return None if tree is None else [(path, one.key) for path, one in each_input(tree)]


def places_of(inputs: Named | None, given: Sequence[Path]) -> dict[Path, tuple[int | None, str]]:
    """Returns, for each tensor of the data, the number of the input that it goes into, and the name of that.

    Args:
        inputs: the inputs that a model declares, None if it declares none.
        given: the places of the tensors in the nest of the data, in the order in which Keras counts them.

    >>> places_of(None, [("ids",), ("image",)])
    {('ids',): (None, 'ids'), ('image',): (None, 'image')}
    >>> places_of([((0,), "image"), ((1,), "ids")], [("ids",), ("image",)])
    {('ids',): (1, 'ids'), ('image',): (0, 'image')}
    """
    if inputs is None:
        return {path: (None, "/".join(map(str, path)) if len(given) > 1 else "") for path in given}
    paths, names = [path for path, _ in inputs], [name for _, name in inputs]
    found: dict[Path, tuple[int | None, str]] = {}
    for place, path in enumerate(given):
        index = _index(path, paths, names, place if len(given) == len(inputs) else None)
        found[path] = (index, "/".join(map(str, path)) if index is None else input_name(names, index))
    return found


def input_name(names: Sequence[str], index: int) -> str:
    """Returns the name by which a front knows an input: Keras's made-up names of single inputs change."""
    return "" if len(names) == 1 else names[index]


def _index(path: Path, declared: list[Path], names: list[str], place: int | None) -> int | None:
    if path and path[-1] in names:  # Keras finds an input by its name, whatever the nest
        return names.index(str(path[-1]))
    if path in declared:
        return declared.index(path)
    return place
