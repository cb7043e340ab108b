"""Shapes of targets and outputs, as Keras's losses compare them."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from typedlayers.catalogue.losses import Pairing
from typedlayers.facts.pairing import Fault, aligned, disagreement
from typedlayers.spec import Shape

B = None  # the batch

ROWS = [
    #  pairing              target             output            fault
    (Pairing.BROADCAST, (B, 3), (B, 3), None),
    (Pairing.BROADCAST, (B,), (B, 1), None),
    (Pairing.BROADCAST, (B, 1), (B,), None),
    (Pairing.BROADCAST, (B, 8, 8), (B, 8, 8, 1), None),
    (Pairing.BROADCAST, (B, 8, 8, 1), (B, 8, 8), None),
    (Pairing.BROADCAST, (B, None), (B, 3), None),
    (Pairing.BROADCAST, (B, None, 1), (B, 7, 1), None),
    (Pairing.BROADCAST, (B, 1), (B, 1, 1), None),
    (Pairing.BROADCAST, (B, None), (B, 4, None), None),
    (Pairing.BROADCAST, (B, 2), (B, 3), Fault.SIZE),
    (Pairing.BROADCAST, (B, 3), (B, 1), Fault.SIZE),
    (Pairing.BROADCAST, (B, 5, 1), (B, 30, 1), Fault.SIZE),
    (Pairing.BROADCAST, (B, 1), (B, 3), Fault.IDS),
    (Pairing.BROADCAST, (B,), (B, 3), Fault.IDS),
    (Pairing.BROADCAST, (B, 24), (B, 24, 3), Fault.IDS),
    (Pairing.BROADCAST, (B, 1), (B, 1, 1, 1), Fault.RANK),
    (Pairing.BROADCAST, (B,), (B, 8, 8), Fault.RANK),
    (Pairing.SAME, (B, 4), (B, 4), None),
    (Pairing.SAME, (B,), (B, 1), None),
    (Pairing.SAME, (B,), (B, 4), Fault.IDS),
    (Pairing.SAME, (B, 2), (B, 1), Fault.SIZE),
    (Pairing.CLASS_IDS, (B,), (B, 4), None),
    (Pairing.CLASS_IDS, (B, 1), (B, 4), None),
    (Pairing.CLASS_IDS, (B, 8, 8), (B, 8, 8, 4), None),
    (Pairing.CLASS_IDS, (B, 8, 8, 1), (B, 8, 8, 4), None),
    (Pairing.CLASS_IDS, (B, None), (B, 4), None),
    (Pairing.CLASS_IDS, (B, 4), (B, 4), Fault.ONE_HOT),
    (Pairing.CLASS_IDS, (B, 8, 8, 4), (B, 8, 8, 4), Fault.ONE_HOT),
    (Pairing.CLASS_IDS, (B,), (B, 30, 30, 10), Fault.RANK),
    (Pairing.CLASS_IDS, (B, 6), (B, 7, 4), Fault.SIZE),
    (Pairing.BARE_CLASS_IDS, (B,), (B, 4), None),
    (Pairing.BARE_CLASS_IDS, (B, 1), (B, 4), Fault.COLUMN),
    (Pairing.TOKENS, (B, 6), (B, 30, 12), None),
    (Pairing.TOKENS, (B,), (B, 30, 12), Fault.RANK),
    (Pairing.GROUPS, (B,), (B, 16), None),
    (Pairing.GROUPS, (B, 1), (B, 16), None),
    (Pairing.GROUPS, (B, 4), (B, 16), Fault.RANK),
    (Pairing.SAME, (), (B, 4), None),
]


@pytest.mark.parametrize(("pairing", "target", "output", "fault"), ROWS)
def test_how_shapes_disagree(pairing: Pairing, target: Shape, output: Shape, fault: Fault | None) -> None:
    found = disagreement(pairing, target, output)
    assert (None if found is None else found.fault) is fault


FIXED = [row for row in ROWS if None not in (*row[1][1:], *row[2][1:]) and row[1]]

LOSS = {
    Pairing.BROADCAST: keras.losses.MeanSquaredError(reduction=None),
    Pairing.SAME: keras.losses.BinaryCrossentropy(reduction=None),
    Pairing.CLASS_IDS: keras.losses.SparseCategoricalCrossentropy(reduction=None),
    Pairing.GROUPS: keras.losses.Circle(reduction=None),
}
if hasattr(keras.losses, "CategoricalGeneralizedCrossEntropy"):  # which an older Keras lacks
    LOSS[Pairing.BARE_CLASS_IDS] = keras.losses.CategoricalGeneralizedCrossEntropy(reduction=None)


@pytest.mark.parametrize(("pairing", "target", "output", "fault"), [row for row in FIXED if row[0] in LOSS])
def test_keras_gives_a_value_for_each_position_exactly_where_shapes_agree(
    pairing: Pairing, target: Shape, output: Shape, fault: Fault | None
) -> None:
    samples = 6  # no other size of the table, so that nothing fits by chance
    y_true = np.zeros((samples, *target[1:]), "float32")
    y_pred = np.full((samples, *output[1:]), 0.5, "float32")
    try:
        values = LOSS[pairing](y_true, y_pred)
    except (ValueError, tf.errors.InvalidArgumentError):
        assert fault is not None
        return
    two = aligned(target, output)[1] if pairing in (Pairing.BROADCAST, Pairing.SAME) else output
    right = tuple(values.shape) == (samples, *two[1:-1])
    assert right is (fault is None) or _broadcasts_along_the_last_axis(target, output)


def _broadcasts_along_the_last_axis(target: Shape, output: Shape) -> bool:
    """Where a column meets several, the mean over the last axis hides it: the shape is right, the pairs are not."""
    return 1 in (target[-1], output[-1]) and target[-1] != output[-1]
