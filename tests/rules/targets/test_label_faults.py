"""What a loss cannot do with values of targets, and what a head can never give."""

from __future__ import annotations

import numpy as np
import pytest

from typedlayers.catalogue.activations import ACTIVATIONS
from typedlayers.catalogue.losses import LOSSES, LossFacts
from typedlayers.facts.labels import Seen
from typedlayers.facts.values import seen_of
from typedlayers.rules.targets.label_faults import Fault, fault_of, is_out_of_reach

BINARY, SPARSE = "binary_crossentropy", "sparse_categorical_crossentropy"


def seen(*values: float, weighted: bool = False) -> Seen:
    found = seen_of(np.array(values, "float64"), weighted=weighted)
    assert found is not None
    return found


FAULTS = [
    #  values              loss         classes  fault
    ((0, 1, 1), BINARY, 1, None),
    ((0.2, 0.9, 0.5), BINARY, 1, None),
    ((-0.0005, 1.0005, 0.5), BINARY, 1, None),
    ((-1, 1, 1), BINARY, 1, Fault.SIGNS),
    ((0, 255, 0), BINARY, 1, Fault.BYTES),
    ((0, 17, 200), BINARY, 1, Fault.BYTES),
    ((0, 1, 2), BINARY, 1, Fault.IDS),
    ((0.5, 1.5, 3.2), BINARY, 1, Fault.RANGE),
    ((0, 0.5, 1.05), BINARY, 1, Fault.NOISE),
    ((-0.05, 0.5, 1), BINARY, 1, Fault.NOISE),
    ((0, 1, np.nan), BINARY, 1, Fault.NOT_FINITE),
    ((0, 1, np.inf), "mean_squared_error", 1, Fault.NOT_FINITE),
    ((-3, 5, 1), "mean_squared_error", 1, None),
    ((0, 1, 2), SPARSE, 3, None),
    ((0, 1, 2), SPARSE, None, None),
    ((0, 1, 3), SPARSE, 3, Fault.MORE_CLASSES),
    ((1, 2, 3), SPARSE, 3, Fault.FROM_ONE),
    ((-1, 0, 2), SPARSE, 3, Fault.PADDING),
    ((-2, 0, 2), SPARSE, 3, Fault.RANGE),
    ((0, 0.5, 2), SPARSE, 3, Fault.FRACTIONS),
    ((-1, 1, 1), "hinge", 1, None),
    ((0, 1, 1), "squared_hinge", 1, None),
    ((0, 1, 4), "hinge", 1, Fault.RANGE),
    ((0, 3, 9), "poisson", 1, None),
    ((-2, 3, 9), "poisson", 1, Fault.RANGE),
    ((0, 3, 5), "ctc", 6, None),
    ((0, 3, 6), "ctc", 6, Fault.MORE_CLASSES),
    ((0, 2, 3), "mean_absolute_percentage_error", 1, Fault.ZEROS),
    ((1, 2, 3), "mean_absolute_percentage_error", 1, None),
    ((7, -7, 3), "circle", 4, None),
]


@pytest.mark.parametrize(("values", "loss", "classes", "fault"), FAULTS)
def test_what_is_wrong_with_values(
    values: tuple[float, ...], loss: str, classes: int | None, fault: Fault | None
) -> None:
    assert fault_of(seen(*values), LossFacts(LOSSES[loss], loss), classes) is fault


@pytest.mark.parametrize(("values", "loss"), [((-1, 1, 1), BINARY), ((-2, 3, 9), "poisson"), ((0, 1, 4), "hinge")])
def test_values_that_weights_may_take_out_are_left_alone(values: tuple[float, ...], loss: str) -> None:
    assert fault_of(seen(*values, weighted=True), LossFacts(LOSSES[loss], loss), 1) is None


@pytest.mark.parametrize(
    ("values", "activation", "out"),
    [
        ((-3, 4), "relu", True),
        ((-0.5, 4), "relu", False),
        ((0, 100), "sigmoid", True),
        ((0, 1.1), "sigmoid", False),
        ((-1.1, 1.1), "tanh", False),
        ((-5, 5), "linear", False),
        ((-5, 5), "leaky_relu", False),
    ],
)
def test_what_a_head_can_never_give(values: tuple[float, ...], activation: str, out: bool) -> None:
    mse = LossFacts(LOSSES["mean_squared_error"], "mse")
    assert is_out_of_reach(seen(*values), mse, ACTIVATIONS[activation]) is out
