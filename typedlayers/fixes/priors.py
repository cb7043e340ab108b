"""How likely a fix is, before anything is known of the program: one table, each row with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from typedlayers.diagnostics.edit import (
    Adapt,
    Argument,
    Attribute,
    Data,
    Edit,
    Exchange,
    Gather,
    Insert,
    Keep,
    Loss,
    LossArgument,
    Metric,
    MetricArgument,
    Move,
    Omit,
    OnTensors,
    Remove,
    Replace,
    Rewrite,
    Setting,
)
from typedlayers.fixes.code import called

ARGUMENTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        # a word that was forgotten, or is another layer's default
        "return_sequences": 1.0,
        "padding": 1.0,
        "activation": 1.0,
        "data_format": 1.2,
        "keepdims": 1.2,
        # a size that another place of the program states
        "n": 1.1,
        "units": 1.3,
        "filters": 1.3,
        "shape": 1.3,
        "input_dim": 1.3,
        "axis": 1.4,
        "size": 1.4,
        "strides": 1.4,
        # a size that may be meant
        "pool_size": 1.6,
        "kernel_size": 1.6,
        "target_shape": 1.7,
    }
)
"""What an argument costs; any other 1.8."""

LAYERS: Final[Mapping[str, float]] = MappingProxyType(
    {
        # the layers that tutorials forget
        "Flatten": 1.2,
        "Rescaling": 1.2,
        "GlobalAveragePooling": 1.45,
        "GlobalMaxPooling": 1.8,
        # an axis that only carries the data along
        "Reshape": 1.7,
        "RepeatVector": 1.8,
        "Permute": 2.0,
        # values are thrown away or made up
        "Cropping": 2.2,
        "ZeroPadding": 2.2,
        "Resizing": 2.4,
        # weights that nobody planned
        "Embedding": 2.0,
        "Dense": 2.4,
        "Conv": 2.4,
    }
)
"""What a new layer costs, by the beginning of its name; any other 2.4, an op 1.6."""

OTHERS: Final[Mapping[type[Edit], float]] = MappingProxyType(
    {
        LossArgument: 1.0,
        Metric: 1.0,
        MetricArgument: 1.0,
        Loss: 1.2,
        Setting: 1.3,
        Data: 1.5,
        Attribute: 1.5,
        Replace: 1.6,
        Remove: 1.8,
        Move: 1.7,
        Exchange: 1.1,
        Gather: 1.1,
        OnTensors: 1.4,
        Adapt: 1.2,
        Keep: 1.2,
        Rewrite: 1.4,
        Omit: 1.8,
    }
)
"""What every other edit costs; a removal throws a layer away that somebody wrote."""

SECOND: Final = 0.7
"""The part of its cost that each further edit adds."""

FAR: Final = 0.08
"""What each layer between the finding and the edit costs."""

ALSO: Final = -0.8
"""What each further finding is worth that the same fix mends."""


def cost(edits: Sequence[Edit]) -> float:
    """Returns the cost of edits: the less, the likelier.

    >>> cost([Argument("", "padding", '"same"')]) < cost([Insert("layers.Dense(3)", "")])
    True
    """
    each = sorted(map(_cost, edits), reverse=True)
    return sum(one if i == 0 else SECOND * one for i, one in enumerate(each))


def _cost(edit: Edit) -> float:
    match edit:
        case Argument(_, name, _):
            return ARGUMENTS.get(name, 1.8)
        case Insert(code, _):
            kind = called(code)[0].removeprefix("layers.")
            known = (value for name, value in LAYERS.items() if kind.startswith(name))
            return next(known, 2.4 if code.startswith("layers.") else 1.6)
    return OTHERS[type(edit)]
