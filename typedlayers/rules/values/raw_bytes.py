"""TL401: raw bytes 0..255 reach the first weights of an image network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.edit import Data, Insert
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix, Repair
from typedlayers.facts.graph import Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.values.bytes import are_pictures, raw_layer, takes_unit
from typedlayers.rules.values.seen import INPUT_VALUES, SeenInput
from typedlayers.rules.values.ways import is_image
from typedlayers.spec import Carrier


def find(seen: SeenInput) -> Iterator[Diagnostic]:
    """Yields the finding for whole numbers 0..255 on weights that nobody trained."""
    node = raw_layer(seen)
    if node is not None and node.fresh and RULE.code not in node.allowed and _is_asked_of(seen):
        yield _raw(seen, node)


def _is_asked_of(seen: SeenInput) -> bool:
    """Numbers of another dtype say nothing where nothing is learned from them.

    Where the model takes a unit range, a Rescaling in it would scale the training data twice: TL406 says it.
    """
    if seen.taken.scale is not None and seen.spec.dtype == "uint8":
        return False
    if not seen.use.trains and takes_unit(seen) and is_image(seen.spec):
        return False
    return seen.spec.dtype == "uint8" or seen.use.trains


RESCALING: Final = Repair("rescale", dtype="float32", scale=1 / 255)
"""What a Rescaling(1 / 255) does."""


def _raw(seen: SeenInput, node: Node) -> Diagnostic:
    label, short = node.subject.label, node.subject.short
    whole_type = seen.spec.dtype == "uint8"
    # A layer is put in front as training begins, and of a model alone whose layers nothing but itself decides on.
    repaired = whole_type and seen.use.trains and seen.rewires
    return Diagnostic(
        RULE.code,
        f"raw bytes {seen.facts.low:g}..{seen.facts.high:g} from {seen.label} reach the weights of {label}",
        where=node.subject.where,
        gets=str(seen.spec),
        needs="values around 0 to 1, which the initial weights are made for",
        why=f"every step from the input of {seen.model} to {label} keeps the values as they came",
        fixes=(
            Fix.of(Insert("layers.Rescaling(1 / 255)", short), repair=RESCALING if repaired else None),
            _in_the_data(seen),
        ),
        certainty=Certainty.CERTAIN if whole_type or are_pictures(seen) else Certainty.PERHAPS,
        repairs=(RESCALING,) if repaired else (),
        place=seen.place,
    )


def _in_the_data(seen: SeenInput) -> Fix:
    if seen.spec.carrier is Carrier.ARRAY:
        return Fix.of(Data("x", 'x.astype("float32") / 255'))
    mapped = "in the dataset: ds.map(lambda x, y: (tf.cast(x, tf.float32) / 255, y))"
    return Fix(mapped, edits=(Data("x", "tf.cast(x, tf.float32) / 255"),))


RULE = Rule(code="TL401", about=INPUT_VALUES, find=find, after=frozenset({"TL402"}))
