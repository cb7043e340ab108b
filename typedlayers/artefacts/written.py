"""What typedlayers wrote into an artefact, read back: the one place that knows how the notes are laid out.

The notes are those of `typedlayers.archive.model_notes`: one key of a Keras file's config. Other formats hold the same
data as JSON: ``assets.extra/typedlayers.json`` in a SavedModel, the metadata ``typedlayers`` in ONNX and LiteRT.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from typedlayers.artefacts.model import NO_FRONT, Bounds, Contract, Front, Signature
from typedlayers.diagnostics.repair_notes import UnreadableNotes, read_repair, shown
from typedlayers.facts.front import Taken
from typedlayers.facts.front_notes import VERSION, read_front
from typedlayers.facts.value_notes import read_facts

KEY: Final = "typedlayers"
"""The key in a config, and the name of the metadata."""

FILE: Final = "typedlayers.json"
"""The file in a folder."""

MOST_REPAIRS: Final = 100
"""Entries of the ledger that are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was read.

    Attributes:
        contract: what concerns the whole model.
        by_place: the fronts of inputs, by the place at which Keras counts them.
        by_name: the same by the name of the input.
    """

    contract: Contract
    by_place: Mapping[int, Front] = field(default_factory=dict)
    by_name: Mapping[str, Front] = field(default_factory=dict)

    def front(self, place: int, *names: str) -> Front:
        """Returns what was written of an input."""
        named = next((self.by_name[name] for name in names if name in self.by_name), None)
        return named or self.by_place.get(place, NO_FRONT)

    def of_signature(self, signature: Signature) -> Signature:
        """Returns a signature with what was written of each of its inputs."""
        inputs = (
            replace(port, front=self.front(place, port.name, port.key)) for place, port in enumerate(signature.inputs)
        )
        return replace(signature, inputs=tuple(inputs))


def try_written(data: Any) -> tuple[Written | None, str]:
    """Returns what typedlayers wrote, or None and why it cannot be read."""
    try:
        return read_written(data), ""
    except UnreadableNotes as error:
        return None, str(error)


def read_written(data: Any) -> Written:
    """Returns what typedlayers wrote.

    Raises:
        UnreadableNotes: if it is something else, or of another version.
    """
    if not isinstance(data, Mapping):
        raise UnreadableNotes(f"{shown(data)} is not a model's notes")
    if data.get("version") != VERSION:
        raise UnreadableNotes(
            f"it is of version {shown(data.get('version'))}; this typedlayers reads version {VERSION}"
        )
    try:
        return Written(contract=_contract(data), by_place=_by_place(data), by_name=_by_name(data))
    except UnreadableNotes:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise UnreadableNotes(f"{type(error).__name__}: {str(error)[:200]}") from error


def _contract(data: Mapping[str, Any]) -> Contract:
    mode = data.get("mode", "")
    dims = {str(name): size for name, size in data.get("dims", {}).items()}
    if not all(size is None or (isinstance(size, int) and not isinstance(size, bool)) for size in dims.values()):
        raise UnreadableNotes(f"{shown(dims)} are not the sizes of dimensions")
    return Contract(mode=mode if isinstance(mode, str) else "custom", dims=dims, repairs=tuple(_repairs(data)))


def _repairs(data: Mapping[str, Any]) -> Iterator[str]:
    entries = [entry for notes in data.get("layers", {}).values() for entry in notes.get("ledger", ())]
    for entry in entries[:MOST_REPAIRS]:
        yield f"{read_repair(entry['repair'])}, {entry['what']} [{entry['code']}]"


def _by_place(data: Mapping[str, Any]) -> dict[int, Front]:
    """The only input of a model, which has no name in its notes."""
    only = _taken(data).get("")
    return {} if only is None else {0: only}


def _by_name(data: Mapping[str, Any]) -> dict[str, Front]:
    exported = {str(name): _front(one) for name, one in data.get("front", {}).items()}
    return {name: one for name, one in _taken(data).items() if name} | exported


def _taken(data: Mapping[str, Any]) -> dict[str, Front]:
    """What a model notes that its inputs take; what lenient mode does to bytes is not done by the file itself."""
    found = read_front(data.get("takes", {})).inputs
    return {name: Front(_bounds(one)) for name, one in found.items()}


def _bounds(one: Taken) -> Bounds | None:
    return None if one.values is None else Bounds(one.values, declared=one.declared is not None)


def _front(data: Mapping[str, Any]) -> Front:
    bounds, repair = data.get("range"), data.get("repair")
    return Front(
        None if bounds is None else Bounds(read_facts(bounds), declared=bounds.get("declared") is True),
        None if repair is None else read_repair(repair),
    )
