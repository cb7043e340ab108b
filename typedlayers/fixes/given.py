"""Candidates of the data: another declared input, or an axis of the data more, less, or in another order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from typedlayers.diagnostics.edit import Argument, Data
from typedlayers.facts.graph import Graph
from typedlayers.fixes.candidate import Candidate
from typedlayers.fixes.case import Case
from typedlayers.spec import Carrier, Spec

HOT: Final = -0.7
"""One-hot rows of as many columns as an Embedding has ids."""


def of_input(case: Case, graph: Graph) -> Iterator[Candidate]:
    """Yields the shape of the data as the declared one."""
    if len(graph.inputs) != 1 or case.fed or graph.inputs[0].shape is None:
        return
    batch = case.evidence.batch
    given = batch.x.shape if batch is not None and isinstance(batch.x, Spec) else None
    if given is not None and given[1:] != graph.inputs[0].shape[1:]:
        yield Candidate((Argument(_input_name(graph), "shape", str(tuple(given[1:]))),))


def _input_name(graph: Graph) -> str:
    origin = graph.inputs[0].spec.origin
    return origin.label if origin is not None and origin.label.startswith("Input ") else "keras.Input"


def of_data(case: Case) -> Iterator[Candidate]:
    """Yields data with an axis more or less, or in another order."""
    batch = case.evidence.batch
    if batch is None or not isinstance(batch.x, Spec) or not batch.x.shape:
        return
    yield from _as_ids(case, batch.x)
    for code in _arranged("x", batch.x):
        yield Candidate((Data("x", code),))
    if isinstance(batch.y, Spec) and batch.y.shape:
        for code in _arranged("y", batch.y):
            yield Candidate((Data("y", code),))
        if len(batch.y.shape) > 2:
            yield Candidate((Data("y", _argmax("y", batch.y)),))


def _as_ids(case: Case, x: Spec) -> Iterator[Candidate]:
    """One-hot rows where an Embedding looks ids up."""
    if case.graph is None or not x.shape or len(x.shape) < 3:
        return
    sizes = {node.attribute("input_dim") for node in case.graph.nodes if node.kind == "Embedding"}
    if x.shape[-1] in sizes:
        yield Candidate((Data("x", _argmax("x", x)),), unlike=HOT)


def _argmax(name: str, spec: Spec) -> str:
    return f"{'tf' if spec.carrier is Carrier.DATASET else 'np'}.argmax({name}, axis=-1)"


def _arranged(name: str, spec: Spec) -> Iterable[str]:
    shape = spec.shape or ()
    yield f"{name}[..., np.newaxis]"
    if len(shape) > 1 and shape[-1] == 1:
        yield f"{name}[..., 0]"
    if spec.carrier is Carrier.DATASET:
        return
    if len(shape) == 4 and shape[1] in (1, 3):
        yield f"np.moveaxis({name}, 1, -1)"
    if len(shape) < 4:
        yield f"{name}[np.newaxis]"
