"""TL529: ``adapt`` is given data that its layer cannot learn from."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.refusals import RefusedAdapt
from typedlayers.rules.custom.topics import REFUSED_ADAPTS
from typedlayers.rules.rule import Rule
from typedlayers.spec import Kind


def find(adapt: RefusedAdapt) -> Iterator[Diagnostic]:
    """Yields why the data are refused: pairs, text for numbers, numbers for text, or no tensor at all."""
    if adapt.parts > 1:
        names = ("x", "y", "w")[: adapt.parts] if adapt.parts <= 3 else ("x", "*rest")
        yield _made(
            adapt,
            f"adapt of {adapt.label} takes one tensor at a time but the dataset gives {adapt.parts}",
            needs="a dataset of the inputs alone",
            fixes=(Fix(f"adapt(ds.map(lambda {', '.join(names)}: x))"),),
        )
    elif adapt.given is None:
        yield _made(
            adapt,
            f"adapt of {adapt.label} takes an array, a tensor or a dataset but gets a {adapt.kind}",
            needs="numbers in an array" if not adapt.of_text else "text in an array",
            fixes=_as_array(adapt),
        )
    elif not adapt.of_text and adapt.given.kind in (Kind.STRING, Kind.OTHER):
        yield _made(
            adapt,
            f"{adapt.label} needs numbers but adapt gets {_kind_of(adapt)}",
            gets=f"{adapt.given}",
            needs="numbers",
            fixes=_of_text(adapt),
        )
    elif adapt.of_text and adapt.given.kind not in (Kind.STRING, Kind.OTHER):
        written = "x.astype(str)" if adapt.code == "x" else "ds.map(tf.strings.as_string)"
        yield _made(
            adapt,
            f"{adapt.label} needs text but adapt gets numbers",
            gets=f"{adapt.given}",
            needs="text",
            fixes=(Fix("layers.IntegerLookup() in its place, for ids"), Fix(f"as text, as they are: adapt({written})")),
        )


def _made(adapt: RefusedAdapt, headline: str, **facts: object) -> Diagnostic:
    return Diagnostic(RULE.code, headline, where=adapt.where).with_(**facts)


def _kind_of(adapt: RefusedAdapt) -> str:
    assert adapt.given is not None
    return "text" if adapt.given.kind is Kind.STRING else "an array of objects"


def _of_text(adapt: RefusedAdapt) -> tuple[Fix, ...]:
    if adapt.code == "ds":
        numbers = "adapt(ds.map(tf.strings.to_number))"
    else:
        numbers = 'adapt(x.astype("float32"))'
    return (Fix(f"if all of it is numbers written as text: {numbers}"), Fix("layers.StringLookup() for words"))


def _as_array(adapt: RefusedAdapt) -> tuple[Fix, ...]:
    match adapt.kind:
        case "dict":
            return (Fix('a layer for each feature: adapt(x["name"])'),)
        case "DataFrame" | "Series":
            return (Fix("adapt(x.to_numpy())" if adapt.of_text else 'adapt(x.to_numpy("float32"))'),)
    return (Fix("adapt(np.array(x))"),)


RULE = Rule(code="TL529", about=REFUSED_ADAPTS, find=find)
