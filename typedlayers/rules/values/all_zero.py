"""TL411: images or sequences of whole numbers that are 0 everywhere: fractions were made whole numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from typedlayers.contracts.contract import Values
from typedlayers.diagnostics.edit import Rewrite
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.values.seen import INPUT_VALUES, SeenInput
from typedlayers.rules.values.ways import is_image
from typedlayers.spec import Kind, kind_of


def find(seen: SeenInput) -> Iterator[Diagnostic]:
    """Yields the finding for several samples in training; zeros of floats, or in a prediction, try a model out."""
    facts, one = seen.facts, seen.values_of_one
    whole = seen.spec.dtype is not None and kind_of(seen.spec.dtype) is Kind.INTEGER
    if not seen.use.trains or not whole or one is None or facts.count <= one or not facts.low == facts.high == 0:
        return
    if _is_only_sequence(seen):
        yield _sequences(seen)
    elif is_image(seen.spec):
        yield Diagnostic(
            RULE.code,
            f"{seen.label} gets images that are all 0",
            where=seen.where,
            gets=f"{seen.spec}, values 0..0",
            needs="pictures",
            why="whole numbers that are divided by 255 and made whole numbers again are all 0",
            fixes=(
                Fix(
                    'x.astype("float32") / 255, with x as the images were read: floats first, then the division',
                    edits=(Rewrite(f'(_x / _most).astype("{seen.spec.dtype}")', '_x.astype("float32") / _most'),),
                ),
            ),
            certainty=Certainty.PERHAPS,
        )


def _is_only_sequence(seen: SeenInput) -> bool:
    """True of steps of features that are all that a model gets: flags, or the first steps of a decoder, may be 0.

    Steps of one feature may be ids, unless the first layer with weights computes with them.
    """
    alone, shape = seen.graph is not None and len(seen.graph.inputs) == 1, seen.spec.shape
    if not alone or shape is None or len(shape) != 3 or shape[-1] is None:
        return False
    return shape[-1] > 1 or (bool(seen.ways) and all(_computes(way[0]) for way in seen.ways))


def _computes(nodes: Sequence[Node]) -> bool:
    """True if the first layer on a way that does not keep values computes with its weights and them."""
    for node in nodes:
        if node.contract is None:
            return False
        if node.contract.values is not Values.KEPT:
            return node.contract.values is Values.WEIGHTED and node.kind != "Embedding"
    return False


def _sequences(seen: SeenInput) -> Diagnostic:
    return Diagnostic(
        RULE.code,
        f"{seen.label} gets sequences that are all 0",
        where=seen.where,
        gets=f"{seen.spec}, values 0..0",
        needs="numbers that differ",
        why="fractions that are made whole numbers are 0; pad_sequences makes int32 unless it is told another dtype",
        fixes=(
            Fix(
                'keras.utils.pad_sequences(..., dtype="float32")',
                edits=(Rewrite("pad_sequences(_x, ...)", 'pad_sequences(_x, ..., dtype="float32")'),),
            ),
        ),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL411", about=INPUT_VALUES, find=find)
