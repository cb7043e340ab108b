"""TL301: float64 tensors for inputs of lower precision."""

from __future__ import annotations

import pytest

from tests.rules.data.facts import an_input, array, arrays, dataset, element, repairs, told
from typedlayers.facts.data import Batch
from typedlayers.rules.data.float64_tensor import RULE
from typedlayers.spec import Carrier, Spec

TENSOR = arrays(Spec("float64", (8, 3), Carrier.TENSOR))

WRONG = {
    "float32": "precision drops from 53 to 24 bits",
    "float16": "precision drops from 53 to 11 bits",
}

RIGHT: dict[str, tuple[str, Batch]] = {
    "a float64 input": ("float64", TENSOR),
    "a float32 tensor": ("float32", arrays(Spec("float32", (8, 3), Carrier.TENSOR))),
}

LOOKS_WRONG: dict[str, tuple[str, Batch]] = {
    "of an array, float64 is NumPy's default": ("float32", arrays(array((8, 3), "float64"))),
    "a dataset made of arrays": ("float32", dataset(element((8, 3), "float64"))),
    "ids as floats": ("int32", TENSOR),
}


@pytest.mark.parametrize("dtype", WRONG)
def test_wrong(dtype: str) -> None:
    found = told(RULE, an_input((3,), dtype), TENSOR)
    assert [one.headline for one in found] == [
        f'input "image" of Functional "net" is {dtype} but gets a float64 tensor'
    ]
    assert WRONG[dtype] in found[0].why
    assert repairs(found) == [f"cast to {dtype}"]


@pytest.mark.parametrize("name", [*RIGHT, *LOOKS_WRONG])
def test_right(name: str) -> None:
    dtype, batch = {**RIGHT, **LOOKS_WRONG}[name]
    assert told(RULE, an_input((3,), dtype), batch) == []
