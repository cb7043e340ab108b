"""TL110: the third argument of a convolution."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest

import typedlayers as tl
from typedlayers import layers as L

WRONG: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "a kernel of two numbers": (
        lambda: L.Conv2D(32, 3, 3),
        ["Conv2D is given 3, 3: a kernel of 3 x 3 with strides of 3"],
    ),
    "with more": (
        lambda: L.SeparableConv2D(32, 5, 5, activation="relu"),
        ["SeparableConv2D is given 5, 5: a kernel of 5 x 5 with strides of 5"],
    ),
}
RIGHT: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "strides of 2": (lambda: L.Conv2D(32, 3, 2), []),
    "a pair": (lambda: L.Conv2D(32, (3, 3)), []),
    "by name": (lambda: L.Conv2D(32, 3, strides=3), []),
    "patches": (lambda: L.Conv2D(96, 4, 4), []),
    "a sequence": (lambda: L.Conv1D(32, 3, 3), []),
}


@pytest.mark.parametrize("name", [*WRONG, *RIGHT])
def test_cases(name: str) -> None:
    make, headlines = {**WRONG, **RIGHT}[name]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        make()
    found = [one for w in caught if isinstance(w.message, tl.ContractWarning) for one in w.message.diagnostics]
    assert [one.headline for one in found] == headlines
