"""Samples against an artefact: the rules on data and values run on its signature as they do on a model's inputs."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from typedlayers.artefacts.model import Artefact, Bounds, Form, Port, Signature
from typedlayers.artefacts.samples import Samples
from typedlayers.diagnostics.codes import CODES
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix, Location, Place
from typedlayers.facts.arrays import SLICE
from typedlayers.facts.data import Batch
from typedlayers.facts.evidence import Evidence, Origin, Use
from typedlayers.facts.front import Front as KnownFront
from typedlayers.facts.front import Taken, input_name
from typedlayers.facts.graph import Edge, Graph
from typedlayers.facts.inputs import Inputs, InputSpec, InputTree
from typedlayers.facts.values import Values
from typedlayers.rules.engine import findings
from typedlayers.rules.rule import AnyRule
from typedlayers.rules.table import rules
from typedlayers.rules.values.ways import is_image
from typedlayers.spec import NUMBERS, Kind, Spec, SpecTree, kind_of, leaves

OTHERS: Final = frozenset({"TL302", "TL303", "TL308", "TL406"})
"""Rules beside those on data that hold of a signature."""

FAR: Final = 10
"""How many times as far from zero as any value of the training a value has to be to be spoken of."""


@functools.cache
def _rules() -> tuple[AnyRule, ...]:
    return tuple(rule for rule in rules() if CODES[rule.code].kind == "data" or rule.code in OTHERS)


def findings_of(artefact: Artefact, samples: Sequence[Samples]) -> list[Diagnostic]:
    """Returns what is wrong with samples for the signature of an artefact that they fit best.

    Args:
        artefact: the artefact.
        samples: the samples, those of each kind together.
    """
    found = [[*_of_signature(artefact, signature, samples)] for signature in artefact.signatures]
    return min(found, key=len, default=[])


def _of_signature(artefact: Artefact, signature: Signature, samples: Sequence[Samples]) -> Iterator[Diagnostic]:
    """The findings, each mistake of an input once however many sizes of sample have it."""
    told: dict[tuple[str, Place | None], Diagnostic] = {}
    for one in samples:
        for finding in _of_kind(artefact, signature, _matched(signature, one)):
            told.setdefault((finding.code, finding.place), finding)
    yield from told.values()


def _of_kind(artefact: Artefact, signature: Signature, given: Samples) -> Iterator[Diagnostic]:
    found = [_of_a_file(finding) for finding in findings(_rules(), _evidence(artefact, signature, given))]
    yield from found
    if all(finding.place is not None for finding in found):
        yield from _of_ports(artefact, signature, given, {finding.place for finding in found})


def _of_a_file(finding: Diagnostic) -> Diagnostic:
    """A finding without what would change the model: an artefact is finished, and no mode of ours runs it."""
    return finding.with_(repairs=(), fixes=tuple(fix for fix in finding.fixes if "layers." not in fix.text))


def _label(artefact: Artefact, signature: Signature) -> str:
    """What takes the samples: a Keras file has one signature only."""
    return artefact.name if artefact.form is Form.KERAS else f'signature "{signature.name}" of {artefact.name}'


def _matched(signature: Signature, samples: Samples) -> Samples:
    """Samples as the signature names them: one input needs no name; in JSON a number has no dtype of its own."""
    x, values = samples.x, samples.values
    if isinstance(x, Mapping) and len(x) == len(signature.inputs) == 1 and signature.inputs[0].name in x:
        (name,) = x
        x, values = x[name], values[name]
    found = replace(samples, x=x, values=values)
    if not samples.loose:
        return found
    dtypes = {path: port.spec.dtype for path, _, port in _pairs(signature, x) if port is not None}
    return replace(found, x=_with_dtypes(x, values, dtypes))


def _with_dtypes(x: SpecTree, values: Any, dtypes: Mapping[Any, str | None], path: tuple[Any, ...] = ()) -> SpecTree:
    if isinstance(x, Mapping):
        return {name: _with_dtypes(one, values[name], dtypes, (*path, name)) for name, one in x.items()}
    if not isinstance(x, Spec):
        return x
    needed = dtypes.get(path)
    numbers = needed is not None and kind_of(needed) in NUMBERS and x.kind in NUMBERS
    return x.with_(dtype=needed) if numbers and Values(values).unfit(str(needed)) is None else x


def _pairs(signature: Signature, x: SpecTree) -> Iterator[tuple[tuple[str | int, ...], Spec, Port | None]]:
    """Each tensor of the samples with its path and the input that it goes into."""
    by_key = {key: port for port in signature.inputs for key in (port.name, port.key)}
    for place, (path, spec) in enumerate(leaves(x)):
        counted = signature.inputs[place] if place < len(signature.inputs) else None
        yield path, spec, by_key.get(str(path[-1])) if path and isinstance(path[-1], str) else counted


# ------------------------------------------------------------------------------------------- the engine
def _evidence(artefact: Artefact, signature: Signature, samples: Samples) -> Evidence:
    label = _label(artefact, signature)
    where = Location(what=label, within=label)
    edges = tuple(Edge(place, port.spec) for place, port in enumerate(signature.inputs))
    graph = Graph(label, inputs=edges, whole=False)
    return Evidence(label=label, where=where).with_facts(
        Origin.FILE,
        use=Use.EVALUATE,
        graph=graph,
        flat=graph,
        inputs=Inputs(label, where, _tree(signature, label, where)),
        batch=Batch(samples.x, what=samples.what, values=_values(samples.values)),
        front=KnownFront(inputs=dict(_trained(signature, samples.x))),
    )


def _trained(signature: Signature, x: SpecTree) -> Iterator[tuple[str, Taken]]:
    """What training saw of each input; bytes that the artefact scales itself are no other range."""
    names = [port.key or port.name for port in signature.inputs]
    for _, spec, port in _pairs(signature, x):
        bounds = None if port is None else port.front.bounds
        if port is not None and bounds is not None and not bounds.declared and not _is_scaled(port, spec):
            yield input_name(names, signature.inputs.index(port)), Taken(trained=bounds.seen)


def _tree(signature: Signature, label: str, where: Location) -> InputTree:
    found = [(port.key or port.name, _input(port, label, where)) for port in signature.inputs]
    if len(found) == 1:
        return found[0][1]
    return dict(found) if signature.keyed else tuple(one for _, one in found)


def _input(port: Port, label: str, where: Location) -> InputSpec:
    shape = port.spec.shape
    # a signature of one sample at a time is served each sample by itself
    spec = port.spec.with_(shape=(None, *shape[1:])) if shape else port.spec
    return InputSpec(label, port.name, label, spec, where, variable=None, key=port.key or port.name)


def _values(tree: Any) -> Any:
    if isinstance(tree, Mapping):
        return {name: _values(one) for name, one in tree.items()}
    if isinstance(tree, tuple):
        return tuple(map(_values, tree))
    return None if tree is None else Values(tree[:SLICE] if getattr(tree, "ndim", 0) else tree)


def _is_scaled(port: Port, spec: Spec) -> bool:
    return port.front.repair is not None and spec.dtype == "uint8"


# ---------------------------------------------------------------------------------- what no model has
def _of_ports(
    artefact: Artefact, signature: Signature, samples: Samples, told: set[Place | None]
) -> Iterator[Diagnostic]:
    for path, spec, port in _pairs(signature, samples.x):
        place = Place("x", path)
        if port is None or place in told or _is_scaled(port, spec):
            continue
        about = _About(artefact, signature, samples.what, port, spec, place)
        wrong = None if artefact.form.casts else about.dtype()
        values = _at(samples.values, path)
        if wrong is None and port.front.bounds is not None and values is not None:
            wrong = about.outside(port.front.bounds, Values(values[:SLICE] if values.ndim else values))
        if wrong is not None:
            yield wrong


def _at(values: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        values = None if values is None else values[key]
    return values


class _About:
    """One tensor of the samples and the input of the artefact that it goes into."""

    def __init__(
        self, artefact: Artefact, signature: Signature, what: str, port: Port, spec: Spec, place: Place
    ) -> None:
        label = _label(artefact, signature)
        self.input = f'input "{port.name}" of {label}'
        self.where = Location(what=label, within=label)
        self.artefact, self.what, self.port, self.spec, self.place = artefact, what, port, spec, place

    def dtype(self) -> Diagnostic | None:
        """What runs this format refuses every dtype but that of the signature."""
        needed, got = self.port.spec.dtype, self.spec.dtype
        if needed is None or got is None or needed == got or kind_of(needed) is kind_of(got) is Kind.STRING:
            return None
        floats = kind_of(needed) is Kind.FLOAT and kind_of(got) in NUMBERS and got != "complex128"
        return self._diagnostic(
            "TL811",
            f"{self.input} takes {needed} but gets {got}",
            gets=f"{self.spec} as {self.what}",
            why=f"{self.artefact.form.value} does not cast: what runs it refuses another dtype",
            fixes=(Fix(f'cast it: x.astype("{needed}")'),) if floats else (),
        )

    def outside(self, bounds: Bounds, values: Values) -> Diagnostic | None:
        """Values that a person excluded, or of another order than those of the training."""
        seen = values.range
        if seen is None or (not bounds.declared and is_image(self.spec)):
            return None  # images have a rule of their own
        low, high = bounds.seen.low, bounds.seen.high
        if bounds.declared:
            wrong = not seen.finite or seen.low < low or seen.high > high
        else:
            most = FAR * max(abs(low), abs(high))
            wrong = not seen.finite or (most > 0 and max(abs(seen.low), abs(seen.high)) > most)
        if not wrong:
            return None
        told = str(seen) if seen.finite else f"{seen}, and {seen.nan + seen.infinite} that are not finite"
        given = "takes values" if bounds.declared else "was trained on values"
        return self._diagnostic(
            "TL812",
            f"{self.input} {given} {low:g}..{high:g} but gets {told}",
            gets=f"{self.spec}, values {told}, as {self.what}",
            why="the range is declared"
            if bounds.declared
            else "the weights suppose the range that they were trained on",
            certainty=Certainty.CERTAIN if bounds.declared else Certainty.PERHAPS,
        )

    def _diagnostic(self, code: str, headline: str, **facts: Any) -> Diagnostic:
        bounds = self.port.front.bounds
        needs = str(self.port.spec) if bounds is None else f"{self.port.spec}, {bounds}"
        return Diagnostic(code, headline, where=self.where, needs=needs, place=self.place, **facts)
