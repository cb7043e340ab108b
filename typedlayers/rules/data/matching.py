"""Which tensor of the data goes into which input, as Keras counts them off; and what is wrong with that."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from typedlayers.diagnostics.edit import Data
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.data import Batch, Path, Source
from typedlayers.facts.inputs import Inputs, Intake, IntakeTree, each_intake
from typedlayers.facts.shapes import fits, takes
from typedlayers.spec import Shape, Spec, SpecTree, shape_text

MOST_EXCHANGED = 5
"""Inputs among which an exchange is looked for: every order of them is tried."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An input and what goes into it.

    Attributes:
        intake: the input.
        path: where the tensor stands in x.
        spec: the tensor, None if it is unknown.
    """

    intake: Intake
    path: Path
    spec: Spec | None


def arranged(inputs: Inputs, batch: Batch) -> tuple[Pair, ...] | Diagnostic:
    """Returns the pairs of inputs and tensors, or what is wrong with the arrangement of x.

    Keras flattens x, dict keys sorted, and counts off. It picks by name only where a dict comes for a model whose
    inputs are no dict. What comes in another nest than declared is fine as long as the counting is right.
    """
    if inputs.tree is None or batch.x is None:
        return ()
    declared = list(each_intake(inputs.tree))
    if len(declared) == 1 and declared[0][1].spec.shape is None:
        return (Pair(declared[0][1], (), batch.x),) if isinstance(batch.x, Spec) else ()
    if isinstance(batch.x, Mapping):
        names = _names(inputs.tree)
        if names is not None:
            return _by_name(inputs, names, batch.x, batch)
    given = list(_flat(batch.x))
    if len(given) != len(declared):
        return _wrong_count(inputs, [intake for _, intake in declared], given, batch)
    if isinstance(inputs.tree, Mapping) and not isinstance(batch.x, Mapping | Spec):
        keys = list(inputs.tree)
        if keys != sorted(keys):
            return _dict_needed(inputs, keys, batch)
    pairs = tuple(Pair(intake, path, spec) for (_, intake), (path, spec) in zip(declared, given, strict=True))
    return _exchanged(inputs, pairs, batch) or pairs


def _flat(tree: SpecTree, path: Path = ()) -> Iterator[tuple[Path, Spec | None]]:
    """Every leaf of x in Keras's order; one that is unknown counts too."""
    if tree is None or isinstance(tree, Spec):
        yield path, tree
    elif isinstance(tree, Mapping):
        for key in sorted(tree):
            yield from _flat(tree[key], (*path, key))
    else:
        for index, item in enumerate(tree):
            yield from _flat(item, (*path, index))


# ------------------------------------------------------------------------------------------------ dicts
def _names(tree: IntakeTree) -> dict[str, Intake] | None:
    """The names by which Keras looks for inputs in a dict, None where it does not."""
    if isinstance(tree, Intake):
        return {tree.key: tree}
    named = list(tree.items()) if isinstance(tree, Mapping) else [(getattr(i, "key", ""), i) for i in tree]
    flat = {name: intake for name, intake in named if isinstance(intake, Intake)}
    return flat if len(flat) == len(named) else None


def _by_name(
    inputs: Inputs, names: Mapping[str, Intake], x: Mapping[str, SpecTree], batch: Batch
) -> tuple[Pair, ...] | Diagnostic:
    missing = [name for name in names if name not in x]
    if missing:
        return _missing_keys(inputs, names, missing, x, batch)
    if isinstance(inputs.tree, Mapping) and sorted(x)[: len(names)] != sorted(names):
        return _shifting_keys(inputs, names, x, batch)
    return tuple(
        Pair(intake, (name,), spec)
        for name, intake in names.items()
        if (spec := x[name]) is None or isinstance(spec, Spec)
    )


def _missing_keys(
    inputs: Inputs, names: Mapping[str, Intake], missing: Sequence[str], x: Mapping[str, SpecTree], batch: Batch
) -> Diagnostic:
    extra = sorted(set(x) - set(names))
    near = {name: difflib.get_close_matches(name, extra, n=1, cutoff=0.5) for name in missing}
    found = {name: match[0] for name, match in near.items() if match}
    fixes = [Fix(f"the names of the inputs as keys: {{{', '.join(f'{name!r}: ...' for name in names)}}}")]
    if len(set(found.values())) == len(missing):
        fixes.insert(0, _renamed(found, x))
    return Diagnostic(
        "TL506",
        f"{inputs.label} needs the inputs {_quoted(names)} but gets the keys {_quoted(sorted(x))}",
        where=inputs.where,
        gets=f"a dict with the keys {_quoted(sorted(x))} as {batch.what}",
        needs=f"a key for each input of the model: {_quoted(names)}",
        why=f"there is nothing under {_quoted(missing)}, and Keras looks for inputs by these names",
        fixes=tuple(fixes),
    )


def _renamed(found: Mapping[str, str], x: Mapping[str, SpecTree]) -> Fix:
    """The fix that gives each missing key the value of the key that is spelled nearly so."""
    kept = {key: key for key in x if key not in found.values()}
    code = ", ".join(f"{new!r}: x[{old!r}]" for new, old in (*kept.items(), *found.items()))
    text = "rename the keys: " + ", ".join(f"{old!r} to {new!r}" for new, old in found.items())
    return Fix(text, edits=(Data("x", f"{{{code}}}"),))


def _shifting_keys(inputs: Inputs, names: Mapping[str, Intake], x: Mapping[str, SpecTree], batch: Batch) -> Diagnostic:
    extra, order = sorted(set(x) - set(names)), sorted(names)
    wrong = [f"{key!r} goes into {name!r}" for key, name in zip(sorted(x), order, strict=False) if key != name]
    kept = f"{{name: x[name] for name in {tuple(order)!r}}}"
    edit = Data("x", kept)
    if batch.source is Source.DATASET:
        given = "x" if batch.y is None else "x, y" if batch.weight is None else "x, y, w"
        result = kept if given == "x" else f"({kept}{given[1:]})"
        edit = Data("ds", f"ds.map(lambda {given}: {result})")
    return Diagnostic(
        "TL506",
        f"the extra key {_quoted(extra)} shifts the inputs of {inputs.label}",
        where=inputs.where,
        gets=f"a dict with the keys {_quoted(sorted(x))} as {batch.what}",
        needs=f"the keys {_quoted(order)}, one for each input",
        why=f"Keras sorts the keys and counts them off against its inputs: {', '.join(wrong)}",
        fixes=(Fix(f"drop the keys that are not an input: {edit.code}", edits=(edit,)),),
    )


def _dict_needed(inputs: Inputs, keys: Sequence[str], batch: Batch) -> Diagnostic:
    named = "{" + ", ".join(f"{key!r}: x[{i}]" for i, key in enumerate(keys)) + "}"
    return Diagnostic(
        "TL507",
        f"{inputs.label} needs a dict with the keys {_quoted(keys)} but gets a list of {len(keys)}",
        where=inputs.where,
        gets=f"a list of {len(keys)} tensors as {batch.what}",
        needs=f"a dict with the keys {_quoted(keys)}",
        why="the keys were not declared in sorted order, so a list could be meant in two orders; Keras refuses it",
        fixes=(Fix(f"a dict: {named}", edits=(Data("x", named),)),),
    )


# ------------------------------------------------------------------------------------------------ lists
def _wrong_count(
    inputs: Inputs, declared: Sequence[Intake], given: Sequence[tuple[Path, Spec | None]], batch: Batch
) -> Diagnostic | tuple[Pair, ...]:
    specs = [spec for _, spec in given]
    if None in specs:
        return ()
    known = [spec for spec in specs if spec is not None]
    if len(declared) == 1 and (joined := _join(declared[0], known)) is not None:
        return _list_of_samples(inputs, declared[0], known, joined, batch)
    needed = "1 input" if len(declared) == 1 else f"{len(declared)} inputs"
    why, fixes = _count_cause(declared, known, batch)
    return Diagnostic(
        "TL507",
        f"{inputs.label} has {needed} but gets {len(known)} tensor{'s' * (len(known) != 1)}",
        where=inputs.where,
        gets=f"{'; '.join(map(str, known[:4]))}{'; ...' * (len(known) > 4)} as {batch.what}",
        needs="; ".join(f"{intake.key or intake.name}: {intake.spec}" for intake in declared),
        why=why,
        fixes=tuple(Fix(fix) for fix in fixes),
    )


def _count_cause(declared: Sequence[Intake], given: Sequence[Spec], batch: Batch) -> tuple[str, list[str]]:
    first = declared[0]
    if len(given) == len(declared) + 1 and batch.y is None and takes(first.spec.shape, given[0].shape):
        return "what comes last may be the targets, which are no input", [
            "perhaps an element should be (x, y), not x alone"
            if batch.source in (Source.DATASET, Source.DRAWN)
            else "perhaps fit(x, y), with two arguments, not fit((x, y))"
        ]
    if len(given) < len(declared):
        one_each = ", ".join(f"{intake.key!r}: ..." for intake in declared)
        if batch.columns:
            return "a data frame is one tensor; Keras does not take it apart by its columns", [
                f"a dict of its columns: {{name: frame[name] for name in {tuple(i.key for i in declared)!r}}}"
            ]
        return "", [f"one tensor for each input, by name: {{{one_each}}}"]
    return "Keras counts them off, and what is too many is left out or refused", []


def _join(intake: Intake, given: Sequence[Spec]) -> str | None:
    """How a list of samples becomes one array, if it is one: ``np.stack`` or ``np.concatenate``."""
    needed, shapes = intake.spec.shape, [spec.shape for spec in given]
    if needed is None or len(shapes) < 2 or not all(shape is not None for shape in shapes):
        return None
    if all(shape is not None and fits(needed[1:], shape) for shape in shapes):
        return "np.stack"
    return "np.concatenate" if all(shape is not None and fits((1, *needed[1:]), shape) for shape in shapes) else None


def _list_of_samples(inputs: Inputs, intake: Intake, given: Sequence[Spec], joined: str, batch: Batch) -> Diagnostic:
    return Diagnostic(
        "TL509",
        f"{intake.who} needs one array but gets a list of {len(given)} samples",
        where=inputs.where,
        gets=f"a list of {len(given)}, the first {given[0]}, as {batch.what}",
        needs=f"{intake.spec}, for {intake.first}",
        why="Keras takes a list for several inputs, one for each item",
        fixes=(Fix(f"one array: {joined}(x)", edits=(Data("x", f"{joined}(x)"),)),),
    )


def _exchanged(inputs: Inputs, pairs: Sequence[Pair], batch: Batch) -> Diagnostic | None:
    """Inputs that were given in another order: nothing fits as it is, and one other order fits."""
    if not 2 <= len(pairs) <= MOST_EXCHANGED or any(pair.spec is None or pair.spec.shape is None for pair in pairs):
        return None
    needed = [pair.intake.spec.shape for pair in pairs]
    got: list[Shape | None] = [pair.spec.shape for pair in pairs if pair.spec is not None]
    if all(map(takes, needed, got)):
        return None
    orders = [order for order in itertools.permutations(range(len(got))) if all(map(takes, needed, _in(order, got)))]
    if len(orders) != 1:
        return None
    order = orders[0]
    names = [batch.called(pair.path) for pair in pairs]
    moved = [i for i, j in enumerate(order) if i != j]
    listed = ", ".join(f"{names[order[i]]} fits {pairs[i].intake.who}" for i in moved)
    return Diagnostic(
        "TL508",
        f"the inputs of {inputs.label} come in another order than declared",
        where=inputs.where,
        gets="; ".join(f"{pair.spec} as {name}" for pair, name in zip(pairs, names, strict=True)),
        needs="; ".join(f"{pair.intake.key}: {pair.intake.spec}" for pair in pairs),
        why=f"{listed}: {', '.join(shape_text(got[order[i]]) for i in moved)}",
        fixes=(Fix(f"the order of the model's inputs: [{', '.join(f'x[{i}]' for i in order)}]"),)
        if all(pair.path == (i,) for i, pair in enumerate(pairs))
        else (),
    )


def _in(order: Sequence[int], shapes: Sequence[Shape | None]) -> list[Shape | None]:
    return [shapes[i] for i in order]


def _quoted(names: Mapping[str, object] | Sequence[str]) -> str:
    return ", ".join(map(repr, names))
