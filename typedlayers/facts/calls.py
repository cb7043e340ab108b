"""One call of a layer of the user's: what it got, gave or raised, and what it does for other numbers of samples."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from typedlayers.diagnostics.model import Location
from typedlayers.diagnostics.render.text import line_of
from typedlayers.spec import Spec, SpecTree, leaves

COUNTS: Final = (2, 3)
"""Numbers of samples for which a layer must run before it is said that only the unknown number stops it."""


@dataclass(frozen=True, slots=True)
class At:
    """A line of the user's own code.

    Attributes:
        file: its file.
        number: from 1.
        text: the line itself, empty if the file cannot be read.
    """

    file: str
    number: int
    text: str

    @property
    def place(self) -> str:
        """File and line, or cell and line of a notebook, as a user writes them."""
        return line_of(self.file, self.number)

    def __str__(self) -> str:
        return f"{self.place}: {self.text}" if self.text else self.place


@dataclass(frozen=True, slots=True)
class Clash:
    """Two dtypes that an op of TensorFlow refused to compute with.

    Attributes:
        dtypes: both.
        op: the op, empty if the message does not name it.
    """

    dtypes: tuple[str, str]
    op: str = ""


class Reading(enum.Enum):
    """How Python code asks a tensor for values, which it does not have while a model is traced."""

    NUMPY = "gives NumPy"
    TRUTH = "decides in Python by"
    ITERATION = "iterates in Python over"
    NUMBER = "makes a Python number of"
    METHOD = "calls numpy() of"


@dataclass(frozen=True, slots=True)
class Failure:
    """What a ``call`` raised.

    Attributes:
        said: the message.
        at: the user's line that raised it.
        clash: the dtypes that did not go together, None if that was not the cause.
        reading: how it asked a traced tensor for values, None if that was not the cause.
        refused: a dtype, and those that an op takes in its place, None if that was not the cause.
        unequal: whether the cause was that two shapes, or a shape and a number of elements, did not go together.
        makes: whether the cause was that it made weights, or a layer, where none can be made any more.
        symbolic: whether the cause was a function of TensorFlow's that got a symbolic tensor of Keras's.
    """

    said: str
    at: At
    clash: Clash | None = None
    reading: Reading | None = None
    refused: tuple[str, str] | None = None
    unequal: bool = False
    makes: bool = False
    symbolic: bool = False

    @property
    def in_short(self) -> str:
        """The message in one line of at most 120 characters, without TensorFlow's name for the node."""
        line = " ".join(self.said.split()).partition(" for '{{node")[0]
        return line if len(line) <= 120 else line[:117] + "..."


@dataclass(frozen=True, slots=True)
class Made:
    """A layer with weights that one call of another layer made, and that nothing keeps.

    Attributes:
        label: the layer in the user's names.
        kind: its class.
        at: the line that made it.
    """

    label: str
    kind: str
    at: At


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a layer says that it gives.

    Attributes:
        method: the method that says it; its text is the method's name.
        inherited: whether the method is one of Keras, which the user's class took over.
        says: what the method says.
        gives: what ``call`` gives for the same arguments when it is not training.
    """

    method: At
    inherited: bool
    says: SpecTree
    gives: SpecTree


@dataclass(frozen=True, slots=True, kw_only=True)
class UsersCall:
    """One call of a layer of the user's.

    Attributes:
        label: the layer in the user's names.
        where: the line that made it.
        computes: the dtype that it computes in.
        came: the first tensor whose number of samples is unknown, None if all are known.
        gives: its result; None if it raised.
        failed: what it raised in a line of the user's, None if nothing.
        tried: by the number of samples that was put where it is unknown: what ``call`` raised, None if it ran.
        declared: what it says that it gives, None if it does not say so or was not asked.
        made: the layers with weights that it made and that nothing keeps.
        gives_none: whether it returned None where a model, a loss or a prediction was to be made of it.
    """

    label: str
    where: Location = field(default_factory=Location)
    computes: str = ""
    came: Spec | None = None
    gives: SpecTree = None
    failed: Failure | None = None
    tried: Mapping[int, Failure | None] = field(default_factory=dict)
    declared: Declaration | None = None
    made: tuple[Made, ...] = ()
    gives_none: bool = False

    @property
    def owner(self) -> str:
        """The class of the layer."""
        return self.label.partition(" ")[0]

    def runs(self, count: int) -> bool:
        """Returns True if the call was seen to run for a number of samples."""
        return count in self.tried and self.tried[count] is None


@dataclass(frozen=True, slots=True)
class NamedCall:
    """A call of an attention layer with the names that the user gave to query, value and key.

    Attributes:
        label: the layer in the user's names.
        where: the line of the call.
        names: the names of the first three arguments, empty of one that has none.
        texts: these arguments as they are written.
        in_list: whether they stand in one list.
    """

    label: str
    where: Location
    names: tuple[str, ...]
    texts: tuple[str, ...]
    in_list: bool = False


@dataclass(frozen=True, slots=True)
class MadeBy:
    """A layer that is made of arguments without names.

    Attributes:
        kind: its class.
        where: the line that makes it.
        args: the arguments.
    """

    kind: str
    where: Location
    args: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class LossCall:
    """A call of a loss of Keras's in a loop of the user's, on outputs and targets in this order.

    Attributes:
        label: the loss and the model in the user's names.
        where: the line of the call.
        text: the call as it is written.
        swapped: the call in Keras's order.
    """

    label: str
    where: Location
    text: str
    swapped: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCall:
    """One call of a loss or metric of the user's, as a model is trained or evaluated.

    Attributes:
        label: the loss or metric in the user's names, with its model.
        kind: ``loss`` or ``metric``.
        where: the line that defines it.
        targets: the targets, None if the model has several outputs.
        outputs: the output, None if the model has several.
        failed: what it raised in a line of the user's, None if nothing.
        gives_none: whether it returned None.
        makes: whether it is what makes the loss: it returned a function, or defines one and takes other arguments.
        method: whether it is a method of a class, whose name stands before the parameters.
        takes: its parameters, where it does not take the two that Keras gives it; None where it does.
    """

    label: str
    kind: str = "loss"
    where: Location = field(default_factory=Location)
    targets: Spec | None = None
    outputs: Spec | None = None
    failed: Failure | None = None
    gives_none: bool = False
    makes: bool = False
    method: bool = False
    takes: tuple[str, ...] | None = None

    @property
    def gets(self) -> str:
        """What it got, in short; empty if that is not known."""
        if self.targets is None or self.outputs is None:
            return ""
        return f"y_true {self.targets}, y_pred {self.outputs}"


def differ(one: Spec, two: Spec) -> bool:
    """Returns True if two tensors differ in the number of axes, or in a size that is known of both."""
    if one.shape is None or two.shape is None:
        return False
    if len(one.shape) != len(two.shape):
        return True
    return any(None not in pair and pair[0] != pair[1] for pair in zip(one.shape, two.shape, strict=True))


def disagree(says: SpecTree, gives: SpecTree) -> bool:
    """Returns True if a tensor of two results differs; results that are nested differently are not compared."""
    one, two = dict(leaves(says)), dict(leaves(gives))
    return one.keys() == two.keys() and any(differ(one[path], two[path]) for path in one)


def is_fixed(spec: Spec) -> bool:
    """Returns True if every size of a tensor with a batch axis is known."""
    return bool(spec.shape) and None not in spec.shape


def fixed_counts(came: Spec, gives: SpecTree) -> Iterator[int]:
    """Yields the numbers of samples that a result of fixed size may have been made for.

    That is the size of its first axis, or the samples whose numbers fill it, where patches were joined to the batch.
    """
    for _, spec in leaves(gives):
        if not spec.shape or not is_fixed(spec):
            continue
        sizes = [size for size in spec.shape if size is not None]
        yield sizes[0]
        sample = [size for size in (came.shape or ())[1:] if size is not None]
        if came.shape is None or len(sample) != len(came.shape) - 1 or 0 in sample:
            continue
        whole, rest = divmod(math.prod(sizes), math.prod(sample))
        if not rest and whole not in (0, sizes[0]):
            yield whole
