"""An artefact in words, and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

from typedlayers.artefacts.model import Artefact, Port, Signature
from typedlayers.diagnostics.render.text import visible
from typedlayers.diagnostics.repair_notes import repair_data
from typedlayers.spec import Spec

MOST_LINES: Final = 200
"""Inputs, outputs and repairs that are listed."""

MOST_CHARACTERS: Final = 120
"""Characters of a name that are shown."""

NO_CONTRACT: Final = "no contract of typedlayers inside"


def as_text(artefact: Artefact) -> str:
    """Returns an artefact as lines for a reader."""
    head = [artefact.form.value, *(one for one in (artefact.what, artefact.producer) if one)]
    lines = [f"{artefact.path}: {', '.join(head)}", *_signatures(artefact), *_contract(artefact)]
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"  ... and {len(lines) - MOST_LINES} lines more"]
    return "\n".join(_line(line) for line in lines)


def _line(text: str) -> str:
    return visible(text if len(text) <= 4 * MOST_CHARACTERS else f"{text[: 4 * MOST_CHARACTERS]}...")


def _signatures(artefact: Artefact) -> Iterator[str]:
    shown: dict[tuple[tuple[Port, ...], tuple[Port, ...]], list[str]] = {}
    for signature in artefact.signatures:  # TensorFlow has two names for one signature
        shown.setdefault((signature.inputs, signature.outputs), []).append(signature.name)
    for (inputs, outputs), names in shown.items():
        yield f"  signature {', '.join(map(_short, names))}"
        yield from _ports("input", inputs)
        yield from _ports("output", outputs)
    if not shown:
        yield "  no signatures"


def _ports(side: str, ports: Sequence[Port]) -> Iterator[str]:
    width = max((len(_short(port.name)) for port in ports), default=0)
    for port in ports:
        yield f"    {side:<6}  {_short(port.name):<{width}}  {', '.join(_told(port))}"


def _told(port: Port) -> Iterator[str]:
    yield "not said in the file" if port.spec == Spec(None, None) else str(port.spec)
    if port.front.bounds is not None:
        yield str(port.front.bounds)
    if port.front.repair is not None:
        yield f"or uint8: {port.front.repair}"


def _contract(artefact: Artefact) -> Iterator[str]:
    contract = artefact.contract
    if contract is None:
        why = f"the contract of typedlayers cannot be read: {artefact.unreadable}"
        yield f"  {why if artefact.unreadable else NO_CONTRACT}"
        return
    said = [f"mode {contract.mode}"] if contract.mode else []
    said += [f"{name} is {'any size' if size is None else size}" for name, size in contract.dims.items()]
    yield f"  contract of typedlayers{': ' if said else ''}{', '.join(said)}"
    yield from (f"    repaired  {one}" for one in contract.repairs)


def _short(name: str) -> str:
    return name if len(name) <= MOST_CHARACTERS else f"{name[:MOST_CHARACTERS]}..."


def as_data(artefact: Artefact) -> dict[str, Any]:
    """Returns an artefact as plain data."""
    contract = artefact.contract
    return {
        "path": artefact.path,
        "format": artefact.form.value,
        "model": artefact.what,
        "producer": artefact.producer,
        "signatures": [_signature(one) for one in artefact.signatures],
        "contract": None if contract is None else {**asdict(contract), "repairs": list(contract.repairs)},
        "unreadable": artefact.unreadable,
    }


def _signature(signature: Signature) -> dict[str, Any]:
    inputs, outputs = ([_port(port) for port in ports] for ports in (signature.inputs, signature.outputs))
    return {"name": signature.name, "inputs": inputs, "outputs": outputs}


def _port(port: Port) -> dict[str, Any]:
    bounds, repair = port.front.bounds, port.front.repair
    known = {"low": bounds.seen.low, "high": bounds.seen.high, "declared": bounds.declared} if bounds else None
    return {
        "name": port.name,
        "dtype": port.spec.dtype,
        "shape": None if port.spec.shape is None else list(port.spec.shape),
        "range": known,
        "repair": None if repair is None else repair_data(repair),
    }
