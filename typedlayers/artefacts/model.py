"""An artefact as a value: its signatures, and what typedlayers wrote into it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from typedlayers.diagnostics.model import Repair
from typedlayers.facts.ranges import ValueFacts
from typedlayers.spec import Spec


class Form(enum.Enum):
    """The formats that are read."""

    KERAS = "Keras file"
    SAVED_MODEL = "SavedModel"
    ONNX = "ONNX"
    LITERT = "LiteRT"

    @property
    def casts(self) -> bool:
        """Whether what runs it casts numbers to the dtype of the signature; the others refuse them."""
        return self is Form.KERAS


@dataclass(frozen=True, slots=True)
class Bounds:
    """The range of values that an input takes.

    Attributes:
        seen: the range, with its ends.
        declared: True if a person declared it, False if training saw it.
    """

    seen: ValueFacts
    declared: bool = False

    def __str__(self) -> str:
        return f"{'values' if self.declared else 'trained on'} {self.seen}"


@dataclass(frozen=True, slots=True)
class Front:
    """What typedlayers wrote of one input.

    Attributes:
        bounds: the range of its values, None if nothing is known.
        repair: the repair of raw bytes that the artefact does itself, None if it does none.
    """

    bounds: Bounds | None = None
    repair: Repair | None = None


NO_FRONT = Front()


@dataclass(frozen=True, slots=True)
class Port:
    """An input or an output of a signature.

    Attributes:
        name: its name.
        spec: its dtype and shape, batch axis first; unknown where the artefact does not say.
        front: what typedlayers wrote of an input.
        key: the key by which Keras finds an input in a dict.
    """

    name: str
    spec: Spec
    front: Front = NO_FRONT
    key: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """What one entry of an artefact takes and gives.

    Attributes:
        name: its name.
        inputs: its inputs, in the order in which they are counted.
        outputs: its outputs.
        keyed: whether the inputs go by names; otherwise they are counted.
        named: whether the outputs go by names.
    """

    name: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    keyed: bool = True
    named: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What typedlayers wrote into an artefact, beside the fronts of its inputs.

    Attributes:
        mode: the mode of the model, empty if it has none of its own.
        dims: its named dimensions.
        repairs: the repairs done inside the model, one line each.
    """

    mode: str = ""
    dims: Mapping[str, int | None] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """A saved model.

    Attributes:
        path: the file or folder, as the user gave it.
        form: its format.
        what: the model in it, in the user's names; empty if it has no name.
        producer: the program that wrote it; empty if it does not say.
        signatures: what it takes and gives, the one that is used by default first.
        contract: what typedlayers wrote into it, None if it wrote nothing.
        unreadable: why that cannot be read; empty if it can.
    """

    path: str
    form: Form
    what: str = ""
    producer: str = ""
    signatures: tuple[Signature, ...] = ()
    contract: Contract | None = None
    unreadable: str = ""

    @property
    def name(self) -> str:
        """The last part of its path, as messages name it."""
        return self.path.replace("\\", "/").rstrip("/").rpartition("/")[2] or self.path
