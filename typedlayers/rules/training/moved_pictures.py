"""TL625: a layer of the model moves or mixes the pictures, and their targets stay as they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.training.topics import MOVED, Moved
from typedlayers.spec import Shape, Spec, leaves, shape_text

_MOVE: Final = frozenset(
    {"RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom", "RandomShear", "RandomPerspective",
     "RandomElasticTransform"}
)  # fmt: skip
_MIX: Final = frozenset({"MixUp", "CutMix"})


def find(moved: Moved) -> Iterator[Diagnostic]:
    """Yields the first such layer; of targets that are no maps only a mixing is told."""
    for node in moved.graph.nodes:
        target = _map_of_its_size(node, moved)
        if node.kind in _MIX or target is not None:
            yield _told(node, target, moved)
            return


def _map_of_its_size(node: Node, moved: Moved) -> Spec | None:
    """The targets that have a value for each position of what a layer moves."""
    came = node.single_input
    if node.kind not in _MOVE or came is None or came.shape is None or len(came.shape) != 4:
        return None
    sizes = came.shape[2:] if node.attribute("data_format") == "channels_first" else came.shape[1:3]
    if None in sizes:
        return None
    return next((spec for _, spec in leaves(moved.y) if _has(spec.shape, sizes)), None)


def _has(shape: Shape | None, sizes: Shape) -> bool:
    return shape is not None and len(shape) >= 3 and sizes in (shape[1:3], shape[2:4])


def _told(node: Node, target: Spec | None, moved: Moved) -> Diagnostic:
    name = node.subject.short.strip('"')
    mixes = node.kind in _MIX
    does = "mixes pictures of a batch" if mixes else "moves the pictures"
    key, labels = ("labels", "one-hot labels") if mixes else ("segmentation_masks", "maps")
    return Diagnostic(
        RULE.code,
        f"{node.subject.label} {does} inside the model, where their targets do not follow",
        where=node.subject.where,
        gets=f"targets {'of one picture each' if target is None or target.shape is None else shape_text(target.shape)}",
        needs=f"a step that does the same to pictures and {labels}",
        why="a layer of the model gets x alone: from then on x and y are not of one picture",
        fixes=(
            Fix(
                f'in the dataset: d = {name}({{"images": x, "{key}": y}}, training=True), and d["images"], d["{key}"] '
                "in place of x, y; not in the model"
            ),
        ),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL625", about=MOVED, find=find)
