"""TL520 `small-table`: more ids than places, known from the layers alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.graphs import Net, headlines, offered, told
from typedlayers.diagnostics.model import Certainty
from typedlayers.facts.graph import Graph, IdsGiven, Maker
from typedlayers.rules.data.small_table import RULE

WORDS = IdsGiven(16, words=True)


def looked_up(ids: IdsGiven | None, table: str = "Embedding table", between: str = "", **more: Any) -> Graph:
    """A layer that makes ids, perhaps a layer or an op, and a table."""
    net = Net()
    facts = {} if ids is None else {"ids": lambda: ids}
    x = net.call("StringLookup names", net.input(4, dtype="string"), 4, dtype="int64", facts=facts)
    if between:
        x = net.call(between, x, 4, dtype="int64", maker=Maker.KERAS if between == "Flatten" else Maker.OP)
    return net.to(net.call(table, x, 4, 8, **more))


SURE, PERHAPS = Certainty.CERTAIN, Certainty.PERHAPS
TABLE, LIMIT = 'Embedding "table"', IdsGiven(50, limit="max_tokens")

WRONG = {
    "a vocabulary": (looked_up(WORDS, input_dim=10), SURE, f"16 ids but {TABLE} knows 10"),
    "one too many": (looked_up(WORDS, input_dim=15), SURE, f"16 ids but {TABLE} knows 15"),
    "through a layer that keeps them": (
        looked_up(WORDS, between="Flatten", input_dim=10),
        SURE,
        f"16 ids but {TABLE} knows 10",
    ),
    "through a cast": (looked_up(WORDS, between="Cast", input_dim=10), SURE, f"16 ids but {TABLE} knows 10"),
    "a limit": (looked_up(LIMIT, input_dim=10), PERHAPS, f"up to 50 ids but {TABLE} knows 10"),
    "rows of zeros": (
        looked_up(WORDS, "CategoryEncoding table", num_tokens=10),
        PERHAPS,
        '16 ids but CategoryEncoding "table" knows 10',
    ),
    "an op": (
        looked_up(WORDS, "OneHot", maker=Maker.OP, num_classes=10),
        PERHAPS,
        "16 ids but op OneHot knows 10",
    ),
}

RIGHT = {
    "a place for each": looked_up(WORDS, input_dim=16),
    "more places": looked_up(WORDS, input_dim=20000),
    "a limit that fits": looked_up(LIMIT, input_dim=50),
}

LOOKS_WRONG = {
    "an op may take the rest of them": looked_up(WORDS, between="Minimum", input_dim=10),
    "it makes no ids": looked_up(None, input_dim=10),
    "another layer": looked_up(WORDS, "Dense", input_dim=10),
    "it was silenced": looked_up(WORDS, input_dim=10, facts={"allowed": frozenset({"TL520"})}),
}


@pytest.mark.parametrize(("graph", "certainty", "said"), WRONG.values(), ids=list(WRONG))
def test_more_ids_than_places_are_said(graph: Graph, certainty: Certainty, said: str) -> None:
    found = told(RULE, graph)
    assert headlines(found) == [f'StringLookup "names" makes {said}']
    assert found[0].certainty is certainty


@pytest.mark.parametrize("graph", [*RIGHT.values(), *LOOKS_WRONG.values()], ids=[*RIGHT, *LOOKS_WRONG])
def test_nothing_is_said(graph: Graph) -> None:
    assert told(RULE, graph) == []


def test_a_limit_can_be_lowered_too() -> None:
    found = told(RULE, looked_up(LIMIT, input_dim=10))
    assert offered(found) == ['input_dim=50 for "table"', 'max_tokens=10 for "names"']
