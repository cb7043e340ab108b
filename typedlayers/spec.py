"""A tensor as a value: dtype, shape, value range and origin.

This is the first noun of the library's one sentence (``tensor → Spec → unify …``). Nothing here
imports Keras or TensorFlow; ``bridge/`` reads their objects into it.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias, TypeVar

Size: TypeAlias = int | None
"""The size of one axis; ``None`` is *unknown*: compatible with everything, equal to nothing."""

Shape: TypeAlias = tuple[Size, ...]

T = TypeVar("T")


class Carrier(enum.Enum):
    """The kind of object that holds the values; it tells a chosen dtype from a default."""

    SYMBOLIC = "symbolic"
    """A Keras tensor of a model's graph: no values."""
    INPUT = "input"
    """A model's input, or new values in the same shape: its first axis is the batch."""
    TENSOR = "tensor"
    """A tensor of the backend: its dtype was chosen."""
    ARRAY = "array"
    """A NumPy array, a list, a number: float64 is only NumPy's default."""
    DATASET = "dataset"
    """An element of a dataset."""


class Kind(enum.Enum):
    """The kinds of dtype between which a contract distinguishes."""

    FLOAT = "float"
    INTEGER = "integer"
    BOOL = "bool"
    COMPLEX = "complex"
    STRING = "string"
    OTHER = "other"


NUMBERS: Final = (Kind.FLOAT, Kind.INTEGER, Kind.BOOL, Kind.COMPLEX)
"""Kinds of dtype whose values are numbers."""


def kind_of(dtype: str) -> Kind:
    """Returns the kind of a dtype given by its Keras or NumPy name.

    >>> kind_of("bfloat16").value, kind_of("uint8").value, kind_of("object").value
    ('float', 'integer', 'other')
    """
    if dtype.startswith(("float", "bfloat")):
        return Kind.FLOAT
    if dtype.startswith(("int", "uint")):
        return Kind.INTEGER
    if dtype.startswith("bool"):
        return Kind.BOOL
    if dtype.startswith("complex"):
        return Kind.COMPLEX
    if dtype.startswith(("str", "bytes", "<U", "|S", "S")):
        return Kind.STRING
    return Kind.OTHER


def bits_of(dtype: str) -> int | None:
    """Returns the width of a dtype in bits, or None if its name has none.

    >>> bits_of("uint8"), bits_of("bfloat16"), bits_of("bool")
    (8, 16, None)
    """
    digits = "".join(c for c in dtype.split("_")[0].lstrip("b") if c.isdigit())
    if not digits:
        return None
    return 8 if dtype.startswith("float8") else int(digits)


class RangeClass(enum.Enum):
    """The classes of value range that a program can mix up without an error."""

    UNIT = "[0, 1]"
    SIGNED_UNIT = "[-1, 1]"
    BYTES = "[0, 255]"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the greatest value seen, both finite."""

    low: float
    high: float

    BYTES_FROM = 64
    """The least maximum of bytes that make an image: class maps, board planes and counts are small integers."""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low <= self.high):
            raise ValueError(f"a range needs two finite numbers in order, not {self.low} and {self.high}")

    @property
    def family(self) -> RangeClass:
        """The class of range that these values belong to."""
        if self.low >= 0 and self.high <= 1:
            return RangeClass.UNIT
        if self.low >= -1 and self.high <= 1:
            return RangeClass.SIGNED_UNIT
        if self.low >= 0 and self.BYTES_FROM <= self.high <= 255:
            return RangeClass.BYTES
        return RangeClass.OTHER


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of a value in the user's names: ``Input "image"``, file and line if known.

    Attributes:
        label: the layer or the data.
        file: the file of the line that created it.
        line: that line.
        last_step_of: the recurrent layer whose last step this is, if it returns no sequence.
        steps: identities of the tensors with the same axis 1; not compared.
    """

    label: str
    file: str | None = None
    line: int | None = None
    last_step_of: str | None = None
    steps: frozenset[int] = field(default=frozenset(), compare=False, repr=False)

    def __str__(self) -> str:
        return self.label if self.file is None else f"{self.label}, {self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Spec:
    """The known facts of one tensor, without its values.

    Attributes:
        dtype: name of the dtype as Keras writes it (``"float32"``), or None if unknown.
        shape: one entry per axis, None for an unknown size; None as a whole for an unknown rank.
        carrier: the kind of object that holds the values.
        range: the least and greatest value seen, if the values were looked at.
        origin: the source of the tensor; not compared.
    """

    dtype: str | None
    shape: Shape | None
    carrier: Carrier = Carrier.SYMBOLIC
    range: Range | None = None
    origin: Origin | None = field(default=None, compare=False)

    @property
    def rank(self) -> int | None:
        """The number of axes, or None if unknown."""
        return None if self.shape is None else len(self.shape)

    @property
    def kind(self) -> Kind | None:
        """The kind of the dtype, or None if unknown."""
        return None if self.dtype is None else kind_of(self.dtype)

    def with_(self, **changes: object) -> Spec:
        """Returns the spec with some attributes replaced."""
        return replace(self, **changes)  # pyright: ignore[reportArgumentType]

    def __str__(self) -> str:
        return f"{self.dtype or 'unknown dtype'} {shape_text(self.shape)}"


SpecTree: TypeAlias = Spec | Sequence["SpecTree"] | Mapping[str, "SpecTree"] | None
"""A spec, or lists, tuples and dicts of them, as the arguments of a call are nested."""


def shape_text(shape: Shape | None, *, batch: bool = True) -> str:
    """Returns a shape as text: an unknown leading size is ``batch``, any other unknown one ``?``.

    >>> shape_text((None, 28, None, 1))
    '(batch, 28, ?, 1)'
    >>> shape_text((3,)), shape_text(None)
    ('(3,)', '(unknown rank)')
    """
    if shape is None:
        return "(unknown rank)"
    sizes = ["?" if size is None else str(size) for size in shape]
    if batch and shape and shape[0] is None:
        sizes[0] = "batch"
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"


def leaves(tree: SpecTree, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Spec]]:
    """Yields each spec of a nest with its path, dict keys in sorted order as Keras flattens them."""
    if isinstance(tree, Spec):
        yield path, tree
    elif isinstance(tree, Mapping):
        for key in sorted(tree):
            yield from leaves(tree[key], (*path, key))
    elif tree is not None:
        for index, item in enumerate(tree):
            yield from leaves(item, (*path, index))


def spec_at(specs: Mapping[str, SpecTree], place: str) -> Spec | None:
    """Returns the spec at a place of a call's arguments, None if there is none.

    >>> print(spec_at({"inputs": (Spec("uint8", (2,)), Spec("int32", (3,)))}, "inputs[1]"))
    int32 (3,)
    """
    return next(
        (spec for name, tree in specs.items() for path, spec in leaves(tree) if place_of(name, path) == place), None
    )


def with_place(specs: Mapping[str, SpecTree], place: str, spec: Spec) -> dict[str, SpecTree]:
    """Returns the arguments of a call with the spec at one place replaced."""

    def exchanged(here: str, tree: SpecTree) -> SpecTree:
        if here == place:
            return spec
        if isinstance(tree, Spec) or tree is None or not place.startswith(here):
            return tree
        if isinstance(tree, Mapping):
            return {key: exchanged(place_of(here, (key,)), item) for key, item in tree.items()}
        return tuple(exchanged(place_of(here, (index,)), item) for index, item in enumerate(tree))

    return {name: exchanged(name, tree) for name, tree in specs.items()}


def place_of(argument: str, path: Iterable[str | int]) -> str:
    """Returns the name of a place in an argument: ``inputs``, ``inputs[0]``, ``inputs['image']``."""
    return argument + "".join(f"[{key!r}]" for key in path)


def map_tree(change: Callable[[Spec], Spec], tree: SpecTree) -> SpecTree:
    """Returns the nest with every spec replaced by ``change(spec)``."""
    if isinstance(tree, Spec):
        return change(tree)
    if isinstance(tree, Mapping):
        return {key: map_tree(change, item) for key, item in tree.items()}
    if tree is None:
        return None
    return tuple(map_tree(change, item) for item in tree)
