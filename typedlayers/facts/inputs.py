"""What a model takes in: its inputs as it declares them."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from typedlayers.diagnostics.model import Location
from typedlayers.facts.data import Path
from typedlayers.spec import Spec


class Reads(enum.Enum):
    """What a layer takes numbers for, if it looks them up."""

    ROWS = "rows"
    """Numbers of the rows of its table: an ``Embedding``."""
    CODES = "codes"
    """Codes below a fixed number: a ``CategoryEncoding``."""
    KEYS = "keys"
    """Entries of a vocabulary, or anything: an ``IntegerLookup``, a ``Hashing``."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A layer that looks up what comes from an input, with nothing between them.

    Attributes:
        label: the layer in the user's names.
        reads: what it takes the numbers for.
        size: how many numbers it knows, from 0; None if that is not limited.
        argument: the argument that says so: ``input_dim``.
    """

    label: str
    reads: Reads
    size: int | None = None
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Intake:
    """One input of a model.

    Attributes:
        label: the model in the user's names: ``Sequential "mnist"``.
        name: the input's name, None if Keras made it up.
        first: the layer that the input goes into, in the user's names.
        spec: what the input declares; its first size is the batch. Its shape is None where nothing was declared.
        where: the line that gives the data, and the model that gets them.
        variable: the dtype of the model's weights.
        key: the name by which Keras finds the input in a dict, the made-up one too.
        reader: what looks the values up, if that is the first thing done with them.
        dense: the layer that cannot take ragged tensors from this input, in the user's names; None if all may.
    """

    label: str
    name: str | None
    first: str
    spec: Spec
    where: Location
    variable: str | None = "float32"
    key: str = ""
    reader: Reader | None = None
    dense: str | None = None

    @property
    def who(self) -> str:
        """The input in the user's names."""
        return f"the input of {self.label}" if self.name is None else f'input "{self.name}" of {self.label}'


IntakeTree: TypeAlias = "Intake | tuple[IntakeTree, ...] | Mapping[str, IntakeTree]"
"""The inputs of a model, nested as it was given them."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a model takes in as a whole.

    Attributes:
        label: the model in the user's names.
        where: the line that gives the data, and the model that gets them.
        tree: its inputs, None where it declares none.
    """

    label: str
    where: Location
    tree: IntakeTree | None


def each_intake(tree: IntakeTree, path: Path = ()) -> Iterator[tuple[Path, Intake]]:
    """Yields every input with its path, in the order in which Keras counts them: dict keys are sorted."""
    if isinstance(tree, Intake):
        yield path, tree
    elif isinstance(tree, Mapping):
        for key in sorted(tree):
            yield from each_intake(tree[key], (*path, key))
    else:
        for index, item in enumerate(tree):
            yield from each_intake(item, (*path, index))
