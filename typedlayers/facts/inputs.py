"""The inputs that a model declares."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from typedlayers.diagnostics.model import Location
from typedlayers.facts.data import Path
from typedlayers.spec import Shape, Spec


class LookupKind(enum.Enum):
    """What a layer looks numbers up as."""

    ROWS = "rows"
    """Row numbers of its table: an ``Embedding``."""
    CODES = "codes"
    """Codes below a fixed number: a ``CategoryEncoding``."""
    KEYS = "keys"
    """Entries of a vocabulary, or any number: an ``IntegerLookup``, a ``Hashing``."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """A layer that looks up the values of an input, with no layer in between.

    Attributes:
        label: the layer in the user's names.
        kind: what it looks the numbers up as.
        size: how many numbers it knows, from 0; None if there is no limit.
        argument: the constructor argument that sets the size: ``input_dim``.
        is_op: whether it is an op, as ``ops.one_hot``: rows of zeros may be meant.
    """

    label: str
    kind: LookupKind
    size: int | None = None
    argument: str = ""
    is_op: bool = False


class Ranks(NamedTuple):
    """How many axes a layer takes.

    Attributes:
        least: the fewest.
        most: the most, None if any number is taken.
        last: the size of the last axis, if the layer's weights fix it.
    """

    least: int
    most: int | None
    last: int | None = None

    def __str__(self) -> str:
        return f"{self.least} axes" if self.most == self.least else f"{self.least} or more axes"


@dataclass(frozen=True, slots=True)
class InputSpec:
    """One input that a model declares.

    Attributes:
        model: the model in the user's names: ``Sequential "mnist"``.
        name: the input's name, None if Keras made it up.
        consumer: the first layer that reads the input, in the user's names.
        spec: the declared dtype and shape, batch axis first; the shape is None where none was declared.
        where: the line that gives the data, and the model that gets them.
        variable: the dtype of that layer's weights.
        key: the name by which Keras finds the input in a dict, a made-up one too.
        lookup: the layer that looks the values up, if that is the first thing done with them.
        dense_only: the layer that fails on ragged tensors of this input, in the user's names; None if none does.
        ranks: the fewest and the most axes that the layer takes, where no shape is declared; None if it is not known.
        made: the shape of the input that Keras made of the first data, None of one that was declared.
    """

    model: str
    name: str | None
    consumer: str
    spec: Spec
    where: Location
    variable: str | None = "float32"
    key: str = ""
    lookup: Lookup | None = None
    dense_only: str | None = None
    ranks: Ranks | None = None
    made: Shape | None = None

    @property
    def label(self) -> str:
        """The input in the user's names."""
        return f"the input of {self.model}" if self.name is None else f'input "{self.name}" of {self.model}'

    @property
    def needs(self) -> str:
        """What is declared, as a message says it."""
        declared = f"a batch with {self.ranks}" if self.ranks is not None else str(self.spec)
        return f"{declared}, for {self.consumer}"


InputTree: TypeAlias = "InputSpec | tuple[InputTree, ...] | Mapping[str, InputTree]"
"""The inputs of a model, nested as they were declared."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """All inputs that a model declares.

    Attributes:
        label: the model in the user's names.
        where: the line that gives the data, and the model that gets them.
        tree: the inputs, nested as they were declared; None if none are declared, as in a subclassed model.
    """

    label: str
    where: Location
    tree: InputTree | None


def each_input(tree: InputTree, path: Path = ()) -> Iterator[tuple[Path, InputSpec]]:
    """Yields every input with its path, in the order in which Keras counts them: dict keys are sorted."""
    if isinstance(tree, InputSpec):
        yield path, tree
    elif isinstance(tree, Mapping):
        for key in sorted(tree):
            yield from each_input(tree[key], (*path, key))
    else:
        for index, item in enumerate(tree):
            yield from each_input(item, (*path, index))
