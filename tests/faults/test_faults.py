"""A sample of the faults: each is said, the right place is named, and the first fix is the inverse or as good.

``python -m tests.faults`` prints the whole table.
"""

from __future__ import annotations

import pytest

from tests.faults import operators
from tests.faults.injection import outcome
from tests.faults.operators import OPERATORS

SAMPLE = [
    # the fault, the number of the program, what the first fix is
    (operators.drop_layer, 4, "inverse"),
    (operators.double_layer, 15, "inverse"),
    (operators.move_layer, 24, "inverse"),
    (operators.move_layer, 36, "inverse"),
    (operators.head_units, 28, "inverse"),
    (operators.pool_size, 53, "inverse"),
    (operators.padding, 72, "inverse"),
    (operators.strides, 56, "inverse"),
    (operators.return_sequences, 91, "inverse"),
    (operators.upsampling, 93, "inverse"),
    (operators.horizon, 101, "inverse"),
    (operators.embedding_size, 99, "inverse"),
    (operators.input_shape, 105, "inverse"),
    (operators.activation, 121, "inverse"),
    (operators.from_logits, 133, "inverse"),
    (operators.labels_from_one, 171, "inverse"),
]


@pytest.mark.parametrize(("operator", "seed", "fix"), SAMPLE, ids=lambda value: getattr(value, "__name__", str(value)))
def test_the_first_fix_mends_a_fault(operator: operators.Operator, seed: int, fix: str) -> None:
    found = outcome(operator, seed)
    assert found is not None
    assert (found.caught, found.named, found.fix) == (True, True, fix), found


def test_there_are_faults_of_many_kinds() -> None:
    assert len(OPERATORS) >= 20
    assert len({operator.__name__ for operator in OPERATORS}) == len(OPERATORS)
