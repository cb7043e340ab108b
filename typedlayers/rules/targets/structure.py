"""Whether targets are numbered and named as the outputs of a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from typedlayers.diagnostics.edit import Data
from typedlayers.diagnostics.model import Diagnostic, Fix, Location
from typedlayers.facts.data import Source
from typedlayers.facts.evidence import Evidence, Use
from typedlayers.facts.outputs import Head
from typedlayers.facts.pairing import fits
from typedlayers.rules.targets.pairing_fixes import for_one_target, in_their_names, where_none_are
from typedlayers.spec import Spec, SpecTree, shape_text

CODE: Final = "TL609"


def misses_targets(evidence: Evidence) -> bool:
    """Returns True if the targets are known to be missing where the loss needs them."""
    batch, use = evidence.batch, evidence.use
    if use is None or not use.compares or batch is None or batch.y is not None:
        return False
    return batch.x is not None and batch.source in (Source.ARRAYS, Source.DATASET, Source.DRAWN)


def structure_fault(evidence: Evidence) -> Diagnostic | None:
    """Returns what is wrong with the number, the names or the order of the targets, None if nothing is."""
    heads, training, label, where = evidence.outputs, evidence.training, evidence.label, evidence.where
    if heads is None or training is None:
        return None
    given = None if evidence.batch is None else evidence.batch.y
    where = Location(where.file, where.line, label, where.within)
    wanted = [head for head, one in zip(heads, training.outputs, strict=True) if one.given]
    if not wanted:
        return None
    if misses_targets(evidence):
        return Diagnostic(
            CODE,
            f"{label} is compiled with a loss but gets no targets",
            where=where,
            needs=f"targets for {_listed(wanted)}",
            why="the data hold inputs only; the loss has nothing to compare the output with",
            fixes=(
                *(where_none_are(evidence, heads[0]) if len(heads) == 1 else ()),
                _given_where(evidence),
            ),
        )
    if given is None or isinstance(given, Spec):
        if isinstance(given, Spec) and len(wanted) == 2 and _is_third_part(evidence):
            return _taken_for_weights(label, where, wanted, evidence)
        if isinstance(given, Spec) and len(wanted) > 1:
            return _number(label, where, wanted, 1, given, tuple(for_one_target(evidence, wanted, given)))
        return None
    if isinstance(given, Mapping):
        missing = [head.name for head in wanted if head.name not in given]
        extra = [key for key in given if key not in {head.name for head in heads}]
        if len(heads) == 1 or not (missing or extra):
            return None
        said = "; ".join(
            part
            for part in (
                f"nothing is named {', '.join(missing)}" if missing else "",
                f"no output is named {', '.join(extra)}" if extra else "",
            )
            if part
        )
        return Diagnostic(
            CODE,
            f"the targets for {label} are named {', '.join(map(str, given))} but its outputs {_names(heads)}",
            where=where,
            why=said,
            needs=f"a dict with the keys {_names(wanted)}",
            fixes=(in_their_names(given, heads, missing) or Fix(f"name the targets as the outputs: {_names(wanted)}"),),
        )
    if len(given) not in (len(heads), len(wanted)):
        return _number(label, where, wanted, len(given), given)
    return _order(label, where, heads, given)


def _given_where(evidence: Evidence) -> Fix:
    """Where the targets are to be given."""
    assert evidence.batch is not None
    if evidence.batch.source is not Source.ARRAYS:
        return Fix("yield (x, y) pairs from the dataset")
    if evidence.use is Use.VALIDATION:
        return Fix.of(Data("validation_data", "(x, y)"), condition="the targets of these samples beside them")
    return Fix("pass the targets as y")


def _number(
    label: str, where: Location, wanted: Sequence[Head], count: int, given: SpecTree, fixes: tuple[Fix, ...] = ()
) -> Diagnostic | None:
    if count == 1 and len(wanted) == 1:
        return None
    return Diagnostic(
        CODE,
        f"{label} has {len(wanted)} outputs with a loss but gets {count} target{'' if count == 1 else 's'}",
        where=where,
        needs=f"targets for {_listed(wanted)}",
        why="Keras pairs targets with outputs one by one, in order or by name",
        fixes=fixes or (Fix(f"y={{{', '.join(f'{head.name!r}: ...' for head in wanted)}}}"),),
    )


def _is_third_part(evidence: Evidence) -> bool:
    """True of weights that came with one target of two, out of elements that Keras takes apart."""
    batch = evidence.batch
    return batch is not None and batch.source is not Source.ARRAYS and isinstance(batch.weight, Spec)


def _taken_for_weights(label: str, where: Location, wanted: Sequence[Head], evidence: Evidence) -> Diagnostic:
    batch = evidence.batch
    assert batch is not None
    nested = Data("ds", "ds.map(lambda x, y_1, y_2: (x, (y_1, y_2)))")
    return Diagnostic(
        CODE,
        f"{label} has 2 outputs with a loss but gets 1 target and sample weights",
        where=where,
        gets=f"{batch.y} as y and {batch.weight} as sample_weight, of {batch.what}",
        needs=f"targets for {_listed(wanted)}",
        why="an element of three parts is (x, y, sample_weight): the third is taken for the weights of samples",
        fixes=(
            Fix(
                "yield (x, (y_1, y_2)): both targets in one tuple",
                edits=(nested,) if batch.source is Source.DATASET else (),
            ),
        ),
    )


def _order(label: str, where: Location, heads: Sequence[Head], given: Sequence[SpecTree]) -> Diagnostic | None:
    """Targets in another order: each fits another output's shape, and two do not fit their own."""
    if len(given) != len(heads) or len(heads) < 2:
        return None
    shapes = [spec.shape if isinstance(spec, Spec) else None for spec in given]
    outputs = [head.shape for head in heads]
    if any(shape is None for shape in (*shapes, *outputs)):
        return None
    wrong = [i for i, (one, two) in enumerate(zip(shapes, outputs, strict=True)) if not _alike(one, two)]
    if len(wrong) != 2:
        return None
    first, second = wrong
    if not (_alike(shapes[first], outputs[second]) and _alike(shapes[second], outputs[first])):
        return None
    one, two = heads[first].name, heads[second].name
    return Diagnostic(
        CODE,
        f'the targets for outputs "{one}" and "{two}" of {label} come in the other order',
        where=where,
        gets=f"y[{first}] {shape_text(_any(shapes[first]))} and y[{second}] {shape_text(_any(shapes[second]))}",
        needs=f'"{one}" {shape_text(outputs[first])} and "{two}" {shape_text(outputs[second])}',
        why="a list of targets is paired with the outputs in order, whatever their shapes",
        fixes=(_exchanged(heads, first, second),),
    )


def _exchanged(heads: Sequence[Head], first: int, second: int) -> Fix:
    places = {first: second, second: first}
    made = ", ".join(f"{head.name!r}: y[{places.get(index, index)}]" for index, head in enumerate(heads))
    return Fix(f"y={{{made}}}", edits=(Data("y", f"{{{made}}}"),))


def _any(shape: Any) -> Any:
    return (None, *shape[1:]) if shape else shape


def _alike(target: Any, output: Any) -> bool:
    bare = len(target) == 1 and len(output) == 2 and output[1] == 1
    return bare or fits(target, output)


def _names(heads: Sequence[Head]) -> str:
    return ", ".join(head.name for head in heads)


def _listed(heads: Sequence[Head]) -> str:
    named = [f'"{head.name}" of {head.subject.label}' for head in heads]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
