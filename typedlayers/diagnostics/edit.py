"""The edits of a fix as values: a tool applies them without reading their texts.

Code in an edit is Python as the user would type it: ``layers``, ``losses``, ``metrics`` and ``ops`` are those of
``keras``, ``np`` is NumPy and ``tf`` TensorFlow; in code about data, ``x``, ``y`` or ``ds`` is the data.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from typedlayers.diagnostics.render.cells import name_of


class Side(enum.StrEnum):
    """Where a layer is put."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Argument:
    """Gives a constructor argument another value.

    Attributes:
        layer: the layer in the user's names: ``Dense "head"``, or ``"head"``; ``Input "image"`` is the input of that
            name, or the only one; empty in a rule of the layer's own.
        name: the argument.
        value: its value, as code.
    """

    layer: str
    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}={self.value}" + (f" in {self.layer}" if self.layer else "")


@dataclass(frozen=True, slots=True)
class Insert:
    """Puts a layer before or after another one.

    Attributes:
        code: the new layer, or an op on ``x``.
        layer: the other layer in the user's names; empty in a rule of the layer's own.
        side: before or after it.
        index: which of the tensors that the other layer gets it is put on, None if it gets one.
    """

    code: str
    layer: str
    side: Side = Side.BEFORE
    index: int | None = None

    def __str__(self) -> str:
        which = "" if self.index is None else f", on inputs[{self.index}]"
        return f"{self.code} {self.side} {self.layer}{which}"


@dataclass(frozen=True, slots=True)
class Remove:
    """Takes a layer away.

    Attributes:
        layer: the layer in the user's names.
    """

    layer: str

    def __str__(self) -> str:
        return f"leave {self.layer} out"


@dataclass(frozen=True, slots=True)
class Replace:
    """Puts another layer in the place of one.

    Attributes:
        layer: the layer in the user's names.
        code: the new layer; a bare class, ``layers.IntegerLookup``, takes the arguments of the old one.
    """

    layer: str
    code: str

    def __str__(self) -> str:
        return f"{self.code} in place of {self.layer}"


@dataclass(frozen=True, slots=True)
class Move:
    """Puts a layer, as it is, to another place.

    Attributes:
        layer: the layer in the user's names.
        side: before or after the other one.
        other: the layer that it is put beside, in the user's names.
    """

    layer: str
    side: Side
    other: str

    def __str__(self) -> str:
        return f"move {self.layer} {_TO[self.side]} {self.other}"


@dataclass(frozen=True, slots=True)
class Exchange:
    """Exchanges two of the tensors that a layer is called on: ``layer([query, value, key])``.

    Attributes:
        layer: the layer in the user's names.
        one: the index of one of them.
        two: the index of the other.
    """

    layer: str
    one: int
    two: int

    def __str__(self) -> str:
        return f"exchange inputs[{self.one}] and inputs[{self.two}] of {self.layer}"


@dataclass(frozen=True, slots=True)
class Gather:
    """Gives a layer that is called on several tensors one list of them: ``layer([a, b])`` for ``layer(a, b)``.

    Attributes:
        layer: the layer in the user's names.
    """

    layer: str

    def __str__(self) -> str:
        return f"call {self.layer} on one list of tensors: layer([a, b])"


_TO = {Side.BEFORE: "before", Side.AFTER: "behind"}


@dataclass(frozen=True, slots=True)
class Loss:
    """Gives ``compile`` another loss.

    Attributes:
        value: the loss, as code.
        output: the output that it is for, empty if the model has only one.
    """

    value: str
    output: str = ""

    def __str__(self) -> str:
        return f"loss={self.value}"


@dataclass(frozen=True, slots=True)
class LossArgument:
    """Gives an argument of the loss another value.

    Attributes:
        name: the argument.
        value: its value, as code.
        output: the output whose loss it is, empty if the model has only one.
    """

    name: str
    value: str
    output: str = ""

    def __str__(self) -> str:
        return f"{self.name}={self.value} in the loss"


@dataclass(frozen=True, slots=True)
class Metric:
    """Gives ``compile`` another metric in the place of one.

    Attributes:
        old: the metric in the user's words.
        code: the new one.
        output: the output that it is for, empty if the model has only one.
    """

    old: str
    code: str
    output: str = ""

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class MetricArgument:
    """Gives an argument of a metric another value.

    Attributes:
        old: the metric in the user's words.
        name: the argument.
        value: its value, as code.
        output: the output that it is for, empty if the model has only one.
    """

    old: str
    name: str
    value: str
    output: str = ""

    def __str__(self) -> str:
        return f"{self.name}={self.value} in {self.old.partition('(')[0]}"


@dataclass(frozen=True, slots=True)
class Setting:
    """Gives ``compile`` another argument.

    Attributes:
        name: the argument: ``loss``, ``loss_weights``, ``metrics``.
        code: the new code, in which the argument as it was stands by its name.
    """

    name: str
    code: str

    def __str__(self) -> str:
        return f"{self.name} = {self.code} in compile"


@dataclass(frozen=True, slots=True)
class Data:
    """Gives other data.

    Attributes:
        place: the data to replace: ``x``, ``y``, ``ds`` for a dataset as a whole, or another argument of the call that
            gives them, such as ``sample_weight``. For ``validation_data``, ``x`` is what stands there and ``y`` its
            targets, by the names of the program.
        code: the new code; the data and the arguments of the call stand in it by their names.
    """

    place: str
    code: str

    def __str__(self) -> str:
        return f"{self.place} = {self.code}"


@dataclass(frozen=True, slots=True)
class Attribute:
    """Sets an attribute in the ``__init__`` of a class of the user's.

    Attributes:
        owner: the class.
        name: the attribute.
        value: its value, as code.
    """

    owner: str
    name: str
    value: str

    def __str__(self) -> str:
        return f"self.{self.name} = {self.value} in {self.owner}.__init__"


@dataclass(frozen=True, slots=True)
class Omit:
    """Takes a method out of a class of the user's, so that Keras's own does its work.

    Attributes:
        owner: the class.
        method: the method.
    """

    owner: str
    method: str

    def __str__(self) -> str:
        return f"leave {self.method} of {self.owner} out"


@dataclass(frozen=True, slots=True)
class Keep:
    """Makes in ``__init__`` what a method of a class of the user's makes each time that it runs.

    Attributes:
        owner: the class.
        made: the class of what is made.
        name: the attribute that keeps it.
    """

    owner: str
    made: str
    name: str

    def __str__(self) -> str:
        return f"self.{self.name} = {self.made}(...) in {self.owner}.__init__"


@dataclass(frozen=True, slots=True)
class Adapt:
    """Lets a layer learn from data before a model is given them.

    Attributes:
        layer: the layer in the user's names.
        code: the data, as code.
    """

    layer: str
    code: str

    def __str__(self) -> str:
        return f"{self.layer.rpartition(' ')[2].strip(chr(34))}.adapt({self.code})"


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Rewrites the one expression of its form in the user's own code.

    In the form a name with ``_`` before it stands for any expression, ``...`` for the other arguments,
    and the name of a function for that function in any namespace. ``return`` before it: what a function returns; with
    `` = `` in it: an assignment, of which the names are exchanged.

    Attributes:
        old: the form.
        new: what comes in its place; ``_input`` is the first argument of the function that it stands in.
        owner: the class that holds it, empty if it may stand anywhere.
        file: the file that holds it, empty if that is not known.
        line: the line that holds it, 0 if that is not known.
    """

    old: str
    new: str
    owner: str = ""
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        said = f"{_plain(self.new)} in place of {_plain(self.old)}"
        if self.line:
            return f"{said} at {_place(self.file, self.line)}"
        return f"{said} in {self.owner}" if self.owner else said


def _place(file: str, line: int) -> str:
    cell = name_of(file)
    return f"{Path(file).name}:{line}" if cell is None else f"{cell}, line {line}"


@dataclass(frozen=True, slots=True)
class OnTensors:
    """Computes with ``keras.ops`` what a function of the user's computes with NumPy, and keeps tensors as they are.

    Attributes:
        file: the file.
        line: a line of the function.
    """

    file: str
    line: int

    def __str__(self) -> str:
        return f"keras.ops in place of NumPy, and no numpy(), at {_place(self.file, self.line)}"


def _plain(form: str) -> str:
    return re.sub(r"\b_(?=[a-z])", "", form)


LayerEdit: TypeAlias = Argument | Insert | Remove | Replace | Move | Exchange | Gather
"""A change of the layers and of what they are called on."""

Edit: TypeAlias = (
    LayerEdit
    | Loss
    | LossArgument
    | Metric
    | MetricArgument
    | Setting
    | Data
    | Adapt
    | Attribute
    | Omit
    | Keep
    | Rewrite
    | OnTensors
)
"""One change of a program; `str` says it as a user reads it."""
