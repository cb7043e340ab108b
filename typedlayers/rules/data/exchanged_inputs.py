"""TL508: the tensors come in another order than the model's inputs."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.rules.data.arrangement import Arrangement, ArrangementKind
from typedlayers.rules.data.topics import ARRANGEMENT
from typedlayers.rules.rule import Rule
from typedlayers.spec import shape_text


def find(arrangement: Arrangement) -> Iterator[Diagnostic]:
    """Yields the finding if exactly one other order fits the inputs."""
    if arrangement.kind is not ArrangementKind.EXCHANGED:
        return
    batch, inputs, order = arrangement.batch, arrangement.inputs, arrangement.order
    tensors = [(batch.called(path), spec) for path, spec in arrangement.tensors if spec is not None]
    moved = [(inputs[index], tensors[source]) for index, source in enumerate(order) if index != source]
    fitting = ", ".join(f"{name} fits {one.label}" for one, (name, _) in moved)
    shapes = ", ".join(shape_text(spec.shape) for _, (_, spec) in moved)
    # in a nest, an index of x is not the number of a tensor
    flat = all(path == (index,) for index, (path, _) in enumerate(arrangement.tensors))
    ordered = Fix(f"the order of the model's inputs: [{', '.join(f'x[{source}]' for source in order)}]")
    yield Diagnostic(
        "TL508",
        f"the inputs of {arrangement.model} come in another order than declared",
        where=arrangement.where,
        gets="; ".join(f"{spec} as {name}" for name, spec in tensors),
        needs="; ".join(f"{one.key}: {one.spec}" for one in inputs),
        why=f"{fitting}: {shapes}",
        fixes=(ordered,) if flat else (),
    )


RULE = Rule(code="TL508", about=ARRANGEMENT, find=find)
