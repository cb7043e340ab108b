"""TL410 `ids-as-numbers`: ids of words on the way to weights."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.graphs import Net, headlines, told
from typedlayers.diagnostics.model import Certainty
from typedlayers.facts.graph import Graph, IdsGiven, Maker
from typedlayers.rules.values.ids_as_numbers import RULE

WORDS, ENTRIES = IdsGiven(40, words=True), IdsGiven(40)


def weighed(ids: IdsGiven | None, *between: str, head: str = "Dense head", **more: Any) -> Graph:
    """A layer that makes ids, layers or ops, and a layer with weights."""
    net = Net()
    facts = {} if ids is None else {"ids": lambda: ids}
    x = net.call("TextVectorization words", net.input(dtype="string"), 6, dtype="int64", facts=facts)
    for one in between:
        x = net.call(one, x, 6, maker=Maker.OP if one in ("Cast", "Log") else Maker.KERAS)
    return net.to(net.call(head, x, 8, **more))


WRONG = {
    "words": (weighed(WORDS), Certainty.CERTAIN, "words"),
    "words after a cast": (weighed(WORDS, "Cast"), Certainty.CERTAIN, "words"),
    "words after a dropout": (weighed(WORDS, "Dropout"), Certainty.CERTAIN, "words"),
    "few words": (weighed(IdsGiven(4, words=True)), Certainty.CERTAIN, "words"),
    "entries": (weighed(ENTRIES), Certainty.PERHAPS, "entries"),
}

RIGHT = {
    "an Embedding": weighed(WORDS, "Embedding"),
    "no ids: ones and zeros": weighed(None),
}

LOOKS_WRONG = {
    "bins are in their order": weighed(IdsGiven(40, ordered=True)),
    "a few entries may be steps of a scale": weighed(IdsGiven(6)),
    "an op may make amounts of them": weighed(WORDS, "Log"),
    "a Rescaling says that amounts are meant": weighed(WORDS, "Rescaling"),
    "they are given out": weighed(WORDS, head="Flatten"),
    "it was silenced": weighed(WORDS, facts={"allowed": frozenset({"TL410"})}),
}


@pytest.mark.parametrize(("graph", "certainty", "what"), WRONG.values(), ids=list(WRONG))
def test_ids_that_reach_weights_are_said(graph: Graph, certainty: Certainty, what: str) -> None:
    found = told(RULE, graph)
    said = f'ids of {what} from TextVectorization "words" reach the weights of Dense "head" as numbers'
    assert headlines(found) == [said]
    assert found[0].certainty is certainty


@pytest.mark.parametrize("graph", [*RIGHT.values(), *LOOKS_WRONG.values()], ids=[*RIGHT, *LOOKS_WRONG])
def test_nothing_is_said(graph: Graph) -> None:
    assert told(RULE, graph) == []
