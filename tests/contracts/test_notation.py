"""Annotations as plain data: what is read back is what was noted."""

from __future__ import annotations

import json
import typing
from typing import Any, NotRequired, TypedDict

import jaxtyping
import pytest
from jaxtyping import Bool, Float, Int, Shaped

from typedlayers.contracts.dtypes import Compute, Tensor
from typedlayers.contracts.notation import UnknownNotation, noted, read
from typedlayers.contracts.tree import tree_of


class Words(TypedDict):
    ids: Int[Tensor, "batch time"]
    mask: NotRequired[Bool[Tensor, "batch time"]]


class Half(jaxtyping.AbstractDtype):
    dtypes = ("float16",)


HINTS = [
    Float[Tensor, "batch features"],
    Shaped[Tensor, ""],
    Compute[Tensor, "*batch {self.units} #time _ dim+1"],
    list[Float[Tensor, "batch _"]],
    tuple[Float[Tensor, "batch _"], Int[Tensor, "batch"]],
    tuple[Float[Tensor, "batch _"], ...],
    dict[str, Float[Tensor, "batch _"]],
    Float[Tensor, "batch _"] | None,
    Float[Tensor, "batch _"] | Int[Tensor, "batch"],
    list[tuple[Float[Tensor, "a"], int]],
    Words,
]


@pytest.mark.parametrize("hint", HINTS, ids=str)
def test_what_is_read_back_means_the_same(hint: Any) -> None:
    again = read(json.loads(json.dumps(noted(hint))))
    assert str(tree_of(again)) == str(tree_of(hint))
    assert noted(again) == noted(hint)


def test_only_the_dtype_and_the_text_are_noted() -> None:
    assert noted(Float[Tensor, "batch 3"]) == {"dtype": "Float", "dims": "batch 3"}


NOT_NOTED = [Half[Tensor, "batch"], list[Half[Tensor, "batch"]], typing.Callable[[int], int], Tensor, "Float"]


@pytest.mark.parametrize("hint", NOT_NOTED, ids=str)
def test_a_class_of_the_program_s_own_has_no_notation(hint: Any) -> None:
    with pytest.raises(UnknownNotation):
        noted(hint)


NO_NOTATION = [
    None,
    "Float[Tensor, 'a']",
    [],
    {},
    {"dtype": "Float"},
    {"dtype": "Float", "dims": 3},
    {"dtype": "Float", "dims": "a b ) c"},
    {"dtype": "Float", "dims": "a", "more": 1},
    {"dtype": "AbstractDtype", "dims": "a"},
    {"dtype": "jaxtyped", "dims": "a"},
    {"dtype": "__import__", "dims": "a"},
    {"plain": "object"},
    {"union": []},
    {"list": None},
    {"keys": {"a": {"plain": "int"}}, "optional": ["b"]},
]


@pytest.mark.parametrize("data", NO_NOTATION, ids=str)
def test_data_that_are_no_notation(data: Any) -> None:
    with pytest.raises(UnknownNotation):
        read(data)
