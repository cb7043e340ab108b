"""TL511: ragged tensors for layers that take dense ones only."""

from __future__ import annotations

from tests.rules.data.facts import N, an_input, array, arrays, dataset, element, headlines, told
from typedlayers.rules.data.ragged_data import RULE

RAGGED = frozenset({"x"})
INPUT = an_input((None,), dense_only='LSTM "l"')

WRONG = {
    "a dataset": (INPUT, dataset(element((N, N)), ragged=RAGGED)),
}

RIGHT = {
    "dense tensors": (INPUT, dataset(element((N, N)))),
}

LOOKS_WRONG = {
    "the layer takes them": (an_input((None,)), dataset(element((N, N)), ragged=RAGGED)),
}


def test_wrong() -> None:
    for facts in WRONG.values():
        assert headlines(RULE, *facts) == ['LSTM "l" needs dense tensors but the dataset gives ragged ones']


def test_right() -> None:
    for facts in (*RIGHT.values(), *LOOKS_WRONG.values()):
        assert told(RULE, *facts) == []


def test_they_are_padded() -> None:
    (one,) = told(RULE, INPUT, dataset(element((N, N)), element((N,)), ragged=RAGGED))
    assert one.fixes[0].text == "pad them: ds.map(lambda x, y: (x.to_tensor(), y))"
    (one,) = told(RULE, INPUT, arrays(array((8, N)), ragged=RAGGED))
    assert one.fixes[0].text == "pad them to a dense tensor: x.to_tensor()"
