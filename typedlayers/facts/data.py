"""What is known of a batch of data, wherever it comes from."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from typedlayers.facts.ranges import ValueFacts
from typedlayers.facts.traced import Once
from typedlayers.facts.values import Values
from typedlayers.spec import Spec, SpecTree, leaves, place_of

Path = tuple[str | int, ...]
"""Where a tensor stands in a nest: keys and indices."""


class Source(enum.Enum):
    """The kinds of data that Keras trains and predicts from."""

    ARRAYS = "arrays"
    """Arrays, tensors, data frames and nests of them: their first axis counts the samples."""
    DATASET = "dataset"
    """A ``tf.data.Dataset``, a distributed one too: an element spec, and no values."""
    PYDATASET = "pydataset"
    """A ``keras.utils.PyDataset``: nothing is known until Keras draws from it."""
    GENERATOR = "generator"
    """A Python generator: nothing is known until its first batch."""
    DRAWN = "drawn"
    """A batch that was drawn from a source."""
    OTHER = "other"
    """Something else: nothing is known."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """How the elements of a dataset are put together, as far as its last transformations tell.

    Attributes:
        batched: how often elements are batched one after the other, where nothing makes equal lengths of them.
        apart: True if parts of an element come from one shuffled dataset, which each of them draws in its own order.
        once: what Python computes once in the functions that make its elements.
        wraps: what is taken from pictures of bytes, or added to them, in bytes: ``- 128``; empty if nothing is.
        unpaired: True if the two tensors of an element are drawn from shuffles of their own.
        frozen: True if what a function of random numbers made in the first epoch is kept for all others.
    """

    batched: int = 0
    apart: bool = False
    once: tuple[Once, ...] = ()
    frozen: bool = False
    wraps: str = ""
    unpaired: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """What is known of a batch of data.

    Attributes:
        x: the input's specs as the model is given them, batch axes first: one spec, or tuples and dicts of them.
            A list of one tensor is that tensor. None, as a whole or as a leaf, is absent or unknown.
        y: the targets' specs.
        weight: the sample weights' specs.
        what: the data in the user's names.
        source: what the data come from.
        values: a nest parallel to x of `Values`: what can be looked at without drawing anything, else None.
        targets: the same for y.
        weights: the same for the sample weights.
        lists: places, such as ``x['age']``, where a Python list of numbers or text stands for an array.
        ragged: places of ragged tensors.
        nullable: places of data frames with a column of pandas' own dtypes, such as ``Int64``.
        columns: the columns of a data frame, each with its name and dtype.
        pipeline: how a dataset makes its elements, None if unknown.
    """

    x: SpecTree
    y: SpecTree = None
    weight: SpecTree = None
    what: str = "x"
    source: Source = Source.ARRAYS
    values: Any = None
    targets: Any = None
    weights: Any = None
    lists: frozenset[str] = frozenset()
    ragged: frozenset[str] = frozenset()
    nullable: frozenset[str] = frozenset()
    columns: tuple[tuple[str, str], ...] = ()
    pipeline: Pipeline | None = None

    @property
    def is_at_hand(self) -> bool:
        """Whether other tensors can be put in the place of those of x; columns of pandas stay as they are."""
        return (self.values is not None or bool(self.lists)) and not self.columns

    def called(self, path: Path) -> str:
        """Returns an input tensor's name in the user's words: ``x['age']``, ``x['age'] of the dataset``.

        >>> Batch(None).called(("age",)), Batch(None, what="the dataset", source=Source.DATASET).called(())
        ("x['age']", 'the dataset')
        """
        if self.source is Source.ARRAYS:
            return place_of(self.what, path)
        return f"{place_of('x', path)} of {self.what}" if path else self.what

    def value_at(self, path: Path) -> Any:
        """Returns the value of one tensor of x, None where it cannot be looked at."""
        return _at(self.values, path)

    def weight_at(self, path: Path) -> Any:
        """Returns the value of one tensor of the sample weights, None where it cannot be looked at."""
        return _at(self.weights, path)


def by_dtype(batch: Batch) -> Batch | None:
    """Returns data with what their dtype says of their values, which were not seen; None if it says nothing.

    A tensor of uint8 holds bytes, 0..255.
    """
    if not any(spec.dtype == "uint8" for _, spec in leaves(batch.x)):
        return None
    return replace(batch, values=_of_dtype(batch.x))


def _of_dtype(tree: SpecTree) -> Any:
    if isinstance(tree, Spec):
        return Values.known(ValueFacts(0, 255)) if tree.dtype == "uint8" else None
    if isinstance(tree, Mapping):
        return {key: _of_dtype(one) for key, one in tree.items()}
    return None if tree is None else tuple(map(_of_dtype, tree))


def _at(value: Any, path: Path) -> Any:
    for key in path:
        if value is None:
            return None
        value = value[key]
    return value
