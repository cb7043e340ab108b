"""TL630: a batch normalization over rows is trained on batches of one sample."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Replace
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.data import Batch, Source
from typedlayers.facts.evidence import Evidence, Use
from typedlayers.facts.graph import Node
from typedlayers.rules.rule import Need, Rule, Stage, Topic
from typedlayers.spec import leaves


def _of_one(evidence: Evidence) -> Iterator[Evidence]:
    trains = evidence.use in (Use.FIT, Use.TRAIN_ON_BATCH)
    if trains and evidence.batch is not None and _size(evidence, evidence.batch) == 1:
        yield evidence


BATCHES_OF_ONE = Topic("batches of one sample", (Need.GRAPH, Need.DATA), _of_one, Stage.TARGETS)
"""A training on batches of one sample."""


def _size(evidence: Evidence, batch: Batch) -> int | None:
    """How many samples a batch has, None if that is not known; one sample alone is no choice of a batch size."""
    sizes = [spec.shape[0] for _, spec in leaves(batch.x) if spec.shape]
    if not sizes:
        return None
    if evidence.use is Use.FIT and batch.source is Source.ARRAYS:
        given = None if evidence.fitting is None else evidence.fitting.batch_size
        return given if sizes[0] != 1 else None
    return sizes[0]


def find(evidence: Evidence) -> Iterator[Diagnostic]:
    """Yields the first normalization that has nothing to compare a sample with."""
    graph = evidence.flat or evidence.graph
    node = None if graph is None else next(filter(_is_of_rows, graph.nodes), None)
    if node is None or RULE.code in node.allowed:
        return
    yield Diagnostic(
        RULE.code,
        f"{node.subject.label} is trained on batches of one sample: its output is its offset, whatever comes in",
        where=node.subject.where,
        needs="batches of several samples, batch_size=32",
        why="it subtracts the mean of the batch, and the mean of one value is that value",
        fixes=(
            Fix("batch_size=32 in fit, or a dataset with .batch(32)"),
            Fix.of(Replace(node.subject.short, "layers.LayerNormalization()"), condition="for batches of one"),
        ),
        certainty=Certainty.PERHAPS,
    )


def _is_of_rows(node: Node) -> bool:
    came = node.single_input
    rows = came is not None and came.shape is not None and len(came.shape) == 2
    return node.kind == "BatchNormalization" and rows and bool(node.attribute("trainable", default=True))


RULE = Rule(code="TL630", about=BATCHES_OF_ONE, find=find)
