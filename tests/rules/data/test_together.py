"""All rules on data at once: one mistake is told by one rule, and independent ones each by their own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.data.facts import N, an_input, array, arrays, dataset, drawn, element, evidence
from typedlayers.facts.data import Batch
from typedlayers.facts.evidence import Use
from typedlayers.rules.engine import findings
from typedlayers.rules.table import homes, rules

RULES = tuple(rule for rule in rules() if homes()[rule.code].startswith("typedlayers.rules.data."))

USER, ITEM, WIDE = an_input((3,), name="user"), an_input((3,), name="item"), an_input((5,), name="wide")
ROWS, MORE, Y = array((8, 3)), array((8, 5)), array((8, 1))
TEXT = array((8, 3), "string")
IN_Y = frozenset({"y"})

ONE: dict[str, tuple[Any, Batch, str]] = {
    "one sample, whose rows are not counted": (USER, arrays(array((3,)), array((1,))), "TL503"),
    "elements of one sample, shown by x and by y": (USER, dataset(element((3,)), element((1,))), "TL503"),
    "rows of one label": (USER, dataset(element((5, 3)), element((1,))), "TL503"),
    "two batch axes": (USER, dataset(element((4, 8, 3)), element((4, 8, 1))), "TL504"),
    "a list of samples": (USER, arrays((array((3,)), array((3,))), array((2, 1))), "TL509"),
    "targets in a list": (USER, arrays(ROWS, array((2,)), lists=IN_Y), "TL509"),
    "text for numbers": (USER, arrays(TEXT, Y), "TL302"),
    "text of another width": (USER, arrays(array((8, 4), "string"), Y), "TL302"),
    "text to draw from": (an_input((3,), "string"), arrays(TEXT, Y), "TL515"),
    "exchanged": ((USER, WIDE), arrays((MORE, ROWS), Y), "TL508"),
    "a wrong count": (USER, arrays((ROWS, MORE), Y), "TL507"),
    "wrong keys": ({"user": USER}, arrays({"age": ROWS}, Y), "TL506"),
    "another width": (USER, arrays(MORE, Y), "TL502"),
    "counts": (USER, drawn(element((8, 3)), element((7,))), "TL505"),
}

SEVERAL: dict[str, tuple[Any, Batch, list[str]]] = {
    "two inputs": ((USER, WIDE), arrays((MORE, MORE), Y), ["TL502"]),
    "in two orders it would fit": ((USER, ITEM, WIDE), arrays((MORE, ROWS, ROWS), Y), ["TL502", "TL502"]),
    "by name": ({"user": USER, "wide": WIDE}, arrays({"user": MORE, "wide": ROWS}, Y), ["TL502", "TL502"]),
    "text and numbers": (
        {"user": USER, "wide": WIDE},
        arrays({"user": TEXT, "wide": ROWS}, Y),
        ["TL302", "TL502"],
    ),
    "a width and an unknown rank": (
        {"user": USER, "wide": WIDE},
        dataset({"user": element(None), "wide": element((N, 3))}, element((N, 1))),
        ["TL502", "TL510"],
    ),
}


@pytest.mark.parametrize("name", ONE)
def test_one_mistake_is_told_once(name: str) -> None:
    tree, batch, code = ONE[name]
    assert [one.code for one in findings(RULES, evidence(tree, batch))] == [code]


@pytest.mark.parametrize("name", SEVERAL)
def test_independent_mistakes_are_all_told(name: str) -> None:
    tree, batch, codes = SEVERAL[name]
    assert [one.code for one in findings(RULES, evidence(tree, batch))] == codes


@pytest.mark.parametrize("use", Use)
def test_right_data_are_right_for_every_use(use: Use) -> None:
    tree = {"user": USER, "wide": WIDE}
    for batch in (
        arrays({"user": ROWS, "wide": MORE}, Y, array((8,))),
        dataset({"user": element((N, 3)), "wide": element((N, 5))}, element((N, 1))),
        drawn({"user": element((8, 3)), "wide": element((8, 5))}, element((8, 1))),
    ):
        assert findings(RULES, evidence(tree, batch, use)) == []


def test_a_step_of_the_users_own_takes_data_apart_as_it_likes() -> None:
    batch = drawn((element((8, 5)), element((4, 3))), element((7,)))
    assert findings(RULES, evidence(USER, batch, hands_over=False, compiled=False)) == []
