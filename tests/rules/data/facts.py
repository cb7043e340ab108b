"""Facts of models and data, written short, and what a rule finds in them."""

from __future__ import annotations

from typing import Any

from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.facts.data import Batch, Source
from typedlayers.facts.evidence import Evidence, Use
from typedlayers.facts.inputs import Inputs, InputSpec
from typedlayers.rules.engine import findings
from typedlayers.rules.rule import AnyRule
from typedlayers.spec import Carrier, Spec

WHERE = Location("train.py", 7, 'Functional "net"', "given to it")
N = None


class AtHand:
    """Values that can be exchanged, of a tensor or a nest, for rules that never look at them."""

    def __getitem__(self, key: object) -> AtHand:
        return self


AT_HAND = AtHand()


def an_input(shape: Any, dtype: str = "float32", name: str = "image", **more: Any) -> InputSpec:
    """Returns an input of a model, without the batch axis."""
    whole = None if shape is None else (None, *shape)
    return InputSpec('Functional "net"', name, 'Dense "d"', Spec(dtype, whole), WHERE, key=name, **more)


def array(shape: Any, dtype: str = "float32") -> Spec:
    """Returns the spec of an array."""
    return Spec(dtype, shape, Carrier.ARRAY)


def element(shape: Any, dtype: str = "float32") -> Spec:
    """Returns the spec of a tensor of a dataset."""
    return Spec(dtype, shape, Carrier.DATASET)


def arrays(x: Any, y: Any = None, weight: Any = None, **more: Any) -> Batch:
    """Returns arrays whose values are at hand."""
    return Batch(x, y, weight, **{"values": AT_HAND, **more})


def dataset(x: Any, y: Any = None, weight: Any = None, **more: Any) -> Batch:
    """Returns what is known of a dataset."""
    return Batch(x, y, weight, what="the dataset", source=Source.DATASET, **more)


def drawn(x: Any, y: Any = None, weight: Any = None) -> Batch:
    """Returns the first batch of a generator."""
    return Batch(x, y, weight, what="the generator", source=Source.DRAWN)


def evidence(tree: Any, batch: Batch, use: Use = Use.FIT, *, compiled: bool = True, **more: Any) -> Evidence:
    """Returns what is known of a model with these inputs and its data."""
    return Evidence(
        label='Functional "net"',
        where=WHERE,
        use=use,
        inputs=Inputs('Functional "net"', WHERE, tree),
        batch=batch,
        compared=compiled,
        **more,
    )


def told(rule: AnyRule, *facts: Any, **more: Any) -> list[Diagnostic]:
    """Returns what a rule finds, each with its line and its three sentences."""
    found = findings([rule], evidence(*facts, **more))
    for one in found:
        assert one.code == rule.code
        assert one.where.line == 7
        assert one.gets
        assert one.needs
    return found


def headlines(rule: AnyRule, *facts: Any, **more: Any) -> list[str]:
    """Returns the headlines of what a rule finds."""
    return [one.headline for one in told(rule, *facts, **more)]


def repairs(found: list[Diagnostic]) -> list[str]:
    """Returns what lenient mode would do about findings, in words."""
    return [str(repair) for one in found for repair in one.repairs]
