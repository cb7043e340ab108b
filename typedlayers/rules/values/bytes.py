"""Where raw bytes of images reach the first weights as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from typedlayers.contracts.contract import Values
from typedlayers.contracts.parse import Pattern
from typedlayers.facts.graph import Node
from typedlayers.rules.contracts.repair_plan import CHANNEL_COUNTS
from typedlayers.rules.values.seen import SeenInput
from typedlayers.rules.values.ways import keeps_values
from typedlayers.spec import Range, RangeClass, Shape, Spec

WHITE: Final = 250
"""From here on the brightest of several pictures of one channel is white; counts and heights seldom end there."""

LEAST_MOST: Final = Range.BYTES_FROM
"""From here on the greatest of whole numbers makes bytes of them: class maps are small numbers."""

LEAST_SIDE: Final = 8
"""A square array without a channel axis is taken for an image from this height on."""


def raw_layer(seen: SeenInput) -> Node | None:
    """Returns the first layer with weights that raw bytes reach as they are, None if there is none."""
    facts = seen.facts
    if not facts.finite or not facts.whole or facts.family is not RangeClass.BYTES:
        return None
    return reached_raw(seen)


def reached_raw(seen: SeenInput) -> Node | None:
    """Returns the first layer with weights that images reach as they are, None if there is none."""
    found = (reaches_weights_raw(nodes, specs) for nodes, specs in seen.ways)
    return next((node for node in found if node is not None), None)


def are_pictures(seen: SeenInput) -> bool:
    """Returns True for pictures, whatever their dtype is: they have colours, or go up to white."""
    shape = seen.spec.shape or ()
    coloured = len(shape) == 4 and bool({3, 4} & {shape[1], shape[-1]})
    return coloured or seen.facts.high >= WHITE


def takes_unit(seen: SeenInput) -> bool:
    """Returns True if the model takes fractions of a unit range in this input, as it declares or as training saw."""
    trained = seen.trained
    return trained is not None and trained.family in (RangeClass.UNIT, RangeClass.SIGNED_UNIT)


def reaches_weights_raw(nodes: Sequence[Node], specs: tuple[Spec, ...]) -> Node | None:
    """Returns the first layer with weights if images reach it with unchanged values, else None.

    Images have 1, 3 or 4 channels, or are squares (batch, side, side): other arrays of three axes may be windows of a
    table, where bytes are correct. Every layer before the weights keeps values; the layer itself is a convolution, or a
    Dense after a flatten. After another op, a Lambda, a custom layer or a normalization nothing is known of the values.
    """
    if not _is_image(specs[0].shape):
        return None
    for index, node in enumerate(nodes):
        if keeps_values(node):
            continue
        contract = node.contract
        if contract is None or contract.values is not Values.WEIGHTED or not _is_image_layer(node, specs[index]):
            return None
        # a linear layer that is normalized right after: its result does not depend on the scale of its input
        following = nodes[index + 1 : index + 2]
        is_scale_free = bool(following) and following[0].kind.endswith("Normalization")
        return None if is_scale_free and _is_linear(node) else node
    return None


def _is_image(shape: Shape | None) -> bool:
    match shape:
        case (_, height, width):
            return height is not None and height == width and height >= LEAST_SIDE
        case (_, first, _, last):
            return first in CHANNEL_COUNTS or last in CHANNEL_COUNTS
    return False


def _is_image_layer(node: Node, spec: Spec) -> bool:
    """Returns True for a convolution over height and width, and for a Dense after a flatten."""
    assert node.resolved is not None
    tree = node.resolved.arguments[node.resolved.first]
    if isinstance(tree, Pattern) and "height" in tree.text.split():
        return True
    # what the model declares: images may be given to it that are yet to be flattened
    declared = node.gets[0].spec if node.gets else spec
    return node.kind == "Dense" and declared.rank == 2


def _is_linear(node: Node) -> bool:
    layer = node.resolved.layer if node.resolved is not None else None
    return getattr(getattr(layer, "activation", None), "__name__", "linear") == "linear"
