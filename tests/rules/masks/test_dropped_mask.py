"""TL721: a mask is dropped before a layer that would use it."""

from __future__ import annotations

import pytest

from tests.rules.graphs import Net, headlines, offered, told
from typedlayers.facts.graph import Graph, Maker, MaskHandling
from typedlayers.rules.masks.dropped_mask import RULE


def dropped_by(
    layer: str, maker: Maker = Maker.KERAS, handling: MaskHandling = MaskHandling.DROPS, source: str = "Embedding words"
) -> Graph:
    """A padded text whose mask one layer drops before an LSTM."""
    net = Net()
    x = net.call(source, net.input(20), 20, 8, masked=True)
    x = net.call(layer, x, 20, 8, maker=maker, handling=handling)
    return net.to(net.call("LSTM rnn", x, 4))


def through_others() -> Graph:
    net = Net()
    x = net.call("Embedding words", net.input(20), 20, 8, masked=True)
    x = net.call("Conv1D conv", x, 18, 8)
    x = net.call("Dropout", x, 18, 8)
    return net.to(net.call("LSTM rnn", x, 4))


WRONG = {
    "a convolution": (
        dropped_by("Conv1D conv"),
        'Conv1D "conv" drops the mask of Embedding "words", and then LSTM "rnn" computes over the padded steps',
        'mask_zero=False in Embedding "words", if the padding is meant to count',
    ),
    "through layers that would have kept it": (
        through_others(),
        'Conv1D "conv" drops the mask of Embedding "words", and then LSTM "rnn" computes over the padded steps',
        'mask_zero=False in Embedding "words", if the padding is meant to count',
    ),
    "a layer of the user's": (
        dropped_by("Scale mine", Maker.USER),
        'Scale "mine" drops the mask of Embedding "words", and then LSTM "rnn" computes over the padded steps',
        "self.supports_masking = True in Scale.__init__, if it leaves each step where it is",
    ),
    "a Lambda": (
        dropped_by("Lambda half", Maker.FUNCTION),
        'Lambda "half" drops the mask of Embedding "words", and then LSTM "rnn" computes over the padded steps',
        "Lambda(..., mask=lambda inputs, mask: mask), if it leaves each step where it is",
    ),
    "an op": (
        dropped_by("Multiply", Maker.OP),
        'op Multiply drops the mask of Embedding "words", and then LSTM "rnn" computes over the padded steps',
        "a layer in place of the op: layers.Add, layers.Multiply, layers.Rescaling hand the mask on",
    ),
    "a Masking": (
        dropped_by("Conv1D conv", source="Masking padding"),
        'Conv1D "conv" drops the mask of Masking "padding", and then LSTM "rnn" computes over the padded steps',
        'leave Masking "padding" out, if the padding is meant to count',
    ),
}  # fmt: skip


def pooled() -> Graph:
    net = Net()
    x = net.call("Embedding words", net.input(20), 20, 8, masked=True)
    x = net.call("Conv1D conv", x, 18, 8)
    return net.to(net.call("GlobalMaxPooling1D pool", x, 8))


def given_its_own() -> Graph:
    net = Net()
    x = net.call("Embedding words", net.input(20), 20, 8, masked=True)
    x = net.call("Conv1D conv", x, 20, 8)
    return net.to(net.call("LSTM rnn", x, 4, handling=MaskHandling.HAS_ITS_OWN))


def no_mask() -> Graph:
    net = Net()
    x = net.call("Conv1D conv", net.input(20, 8), 18, 8)
    return net.to(net.call("LSTM rnn", x, 4))


def allowed() -> Graph:
    net = Net()
    x = net.call("Embedding words", net.input(20), 20, 8, masked=True)
    x = net.call("Conv1D conv", x, 18, 8, facts={"allowed": frozenset({"TL721"})})
    return net.to(net.call("LSTM rnn", x, 4))


RIGHT = {
    "no mask": no_mask(),
    "the mask is handed on": dropped_by("Dropout", handling=MaskHandling.KEEPS),
    "nothing later would use it": pooled(),
    "the user says that it is meant": allowed(),
}


def rejoined() -> Graph:
    """The layer drops the mask, but the masked tensor is what the LSTM gets."""
    net = Net()
    words = net.call("Embedding words", net.input(20), 20, 8, masked=True)
    net.call("Conv1D side", words, 20, 8)
    return net.to(net.call("LSTM rnn", words, 4))


def turned() -> Graph:
    """Steps that were joined to one vector are no steps: the LSTM runs over something else."""
    net = Net()
    x = net.call("Embedding words", net.input(20), 20, 8, masked=True)
    x = net.call("Conv1D conv", x, 20, 8)
    x = net.call("Reshape", x, 40, 4)
    return net.to(net.call("LSTM rnn", x, 4))


LOOKS_WRONG = {
    "another branch gets the mask": rejoined(),
    "the steps are elsewhere by then": turned(),
    "a mask of its own is given": given_its_own(),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    graph, headline, fix = WRONG[name]
    found = told(RULE, graph)
    assert headlines(found) == [headline]
    assert fix in offered(found)


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert told(RULE, {**RIGHT, **LOOKS_WRONG}[name]) == []
