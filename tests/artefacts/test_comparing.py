"""Two artefacts compared: each difference, and whether it breaks programs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.artefacts import made
from typedlayers.artefacts.comparing import differences
from typedlayers.artefacts.model import Artefact, Bounds, Form, Front, Port, Signature
from typedlayers.diagnostics.model import Repair
from typedlayers.facts.ranges import ValueFacts
from typedlayers.spec import Spec
from typedlayers.verifying import verify

BREAKS, GOES_ON = "TL813", "TL814"


def port(
    name: str = "x",
    dtype: str | None = "float32",
    shape: Any = (None, 8),
    trained: tuple[float, float] | None = None,
    declared: tuple[float, float] | None = None,
    scale: float | None = None,
) -> Port:
    seen = declared or trained
    bounds = None if seen is None else Bounds(ValueFacts(*seen), declared=declared is not None)
    repair = None if scale is None else Repair("rescale", "float32", scale=scale)
    return Port(name, Spec(dtype, shape), Front(bounds, repair), name)


X = port()
Y = port("y", shape=(None, 3))

INPUTS = [
    # before                          now                             code, and a part of the headline
    (X, X, []),
    (X, port(dtype="int32"), [(BREAKS, "dtype int32, before float32")]),
    (X, port(dtype=None), []),
    (X, port(shape=(None, None)), [(GOES_ON, "wider: (batch, ?), before (batch, 8)")]),
    (port(shape=(None, None)), X, [(BREAKS, "narrower: (batch, 8), before (batch, ?)")]),
    (X, port(shape=(None, 9)), [(BREAKS, "another shape")]),
    (X, port(shape=(None, 8, 1)), [(BREAKS, "of 3 axes")]),
    (X, port(shape=(4, None)), [(BREAKS, "another shape")]),
    (X, port(shape=(1, 8)), [(BREAKS, "narrower")]),
    (X, port(shape=None), [(GOES_ON, "wider")]),
    (port(shape=None), X, [(BREAKS, "narrower")]),
    (X, port(scale=1 / 255), [(GOES_ON, "takes uint8 too")]),
    (port(scale=1 / 255), X, [(BREAKS, "does not take uint8 any more")]),
    (port(scale=1 / 255), port(scale=1 / 127.5), [(BREAKS, "something else with uint8")]),
    (port(trained=(0, 1)), port(trained=(0, 0.98)), []),
    (port(trained=(0, 1)), port(trained=(0, 255)), [(BREAKS, "another range")]),
    (port(trained=(0, 1)), port(trained=(-1, 1)), [(BREAKS, "another range")]),
    (port(trained=(-3, 3)), port(trained=(-3.5, 3)), [(GOES_ON, "other ends")]),
    (port(trained=(-3, 3)), port(trained=(-30, 30)), [(BREAKS, "another range")]),
    (port(trained=(300, 400)), port(trained=(500, 600)), [(BREAKS, "another range")]),
    (port(declared=(0, 1)), port(declared=(0, 2)), [(GOES_ON, "a wider range")]),
    (port(declared=(0, 2)), port(declared=(0, 1)), [(BREAKS, "a narrower range")]),
    (port(trained=(0, 1)), X, [(GOES_ON, "does not say its range")]),
    (X, port(trained=(0, 1)), [(GOES_ON, "says its range")]),
    (X, port("z"), [(BREAKS, 'the input "x" is gone'), (BREAKS, 'the input "z" is new')]),
]  # fmt: skip

OUTPUTS = [
    (Y, Y, []),
    (Y, port("y", "float16", (None, 3)), [(BREAKS, "dtype float16")]),
    (Y, port("y", shape=(None, 4)), [(BREAKS, "another shape")]),
    (Y, port("y", shape=(None, None)), [(BREAKS, "wider")]),
    (port("y", shape=(None, None)), Y, [(GOES_ON, "narrower")]),
    (Y, port("z", shape=(None, 3)), [(BREAKS, 'the output "y" is gone'), (GOES_ON, 'the output "z" is new')]),
]


def artefact(signature: Signature, form: Form = Form.SAVED_MODEL, path: str = "net") -> Artefact:
    return Artefact(path=path, form=form, signatures=(signature,))


def told(new: Artefact, old: Artefact) -> list[tuple[str, str]]:
    return [(one.code, one.headline) for one in differences(new, old)]


def compare(found: list[tuple[str, str]], expected: list[tuple[str, str]]) -> None:
    assert [code for code, _ in found] == [code for code, _ in expected]
    assert all(part in headline for (_, headline), (_, part) in zip(found, expected, strict=True))


@pytest.mark.parametrize(("was", "now", "expected"), INPUTS)
def test_inputs(was: Port, now: Port, expected: list[tuple[str, str]]) -> None:
    new, old = (artefact(Signature("serve", (one,), (Y,))) for one in (now, was))
    compare(told(new, old), expected)


@pytest.mark.parametrize(("was", "now", "expected"), OUTPUTS)
def test_outputs(was: Port, now: Port, expected: list[tuple[str, str]]) -> None:
    new, old = (artefact(Signature("serve", (X,), (one,))) for one in (now, was))
    compare(told(new, old), expected)


def test_names_that_keras_made_up_are_no_difference() -> None:
    new, old = (
        artefact(Signature("call", (port(f"in_{n}"),), (port(f"out_{n}"),), keyed=False, named=False), Form.KERAS)
        for n in (1, 2)
    )
    assert told(new, old) == []


def test_inputs_that_are_counted_in_another_order() -> None:
    a, b = port("a"), port("b")
    new, old = (artefact(Signature("call", pair, (Y,), keyed=False), Form.KERAS) for pair in ((b, a), (a, b)))
    compare(told(new, old), [(BREAKS, "another order")])
    new, old = (artefact(Signature("serve", pair, (Y,))) for pair in ((b, a), (a, b)))
    assert told(new, old) == []


def test_signatures() -> None:
    one, two = Signature("one", (X,), (Y,)), Signature("two", (X,), (Y,))
    both = Artefact(path="net", form=Form.SAVED_MODEL, signatures=(one, two))
    compare(told(artefact(one), both), [(BREAKS, 'the signature "two" is gone')])
    compare(told(both, artefact(one)), [(GOES_ON, 'the signature "two" is new')])


def test_formats_have_names_of_their_own() -> None:
    keras_file = artefact(Signature("call", (port("image"),), (port("digit"),), named=False), Form.KERAS)
    exported = artefact(Signature("serving_default", (port("image"),), (port("output_0"),)))
    assert told(exported, keras_file) == []


@pytest.mark.parametrize("new", ["two.keras", "two", "two.tflite"])
@pytest.mark.parametrize("old", ["two.keras", "two", "two.tflite"])
def test_one_model_in_two_formats(new: str, old: str) -> None:
    assert [one.headline for one in verify(made.path(new), against=made.path(old))] == []


def test_another_model() -> None:
    report = verify(made.path("trained.keras"), against=made.path("two"))
    assert not report.ok
    assert {one.code for one in report} == {BREAKS, GOES_ON}
