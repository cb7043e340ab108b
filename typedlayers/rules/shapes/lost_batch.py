"""TL214: an output has no row for each sample any more, and is compared with targets that have one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.edit import Argument, Edit, Rewrite
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.samples import Departure, Fate
from typedlayers.rules.rule import Need, Rule
from typedlayers.rules.targets.pair import OUTPUTS, Pair
from typedlayers.spec import shape_text

_DOES: Final = {
    Fate.REDUCED: "makes one result of all samples of a batch",
    Fate.MOVED: "moves the batch axis to another place",
    Fate.REGROUPED: "makes other rows of the samples of a batch",
    Fate.JOINED: "puts the samples of one tensor behind those of another",
}


def find(pair: Pair) -> Iterator[Diagnostic]:
    """Yields the finding if the targets have a row for each of several samples, and the output has not.

    One number of a batch may be a loss that the model computes itself, trained towards targets that are all the same.
    """
    lost, target = pair.head.departure, pair.target
    if lost is None or pair.loss is None or target is None or not target.shape:
        return
    count, reduced = target.shape[0], lost.fate is Fate.REDUCED
    if count is None or count <= 1:
        return
    varied = pair.seen is not None and pair.seen.low != pair.seen.high
    if (reduced and pair.seen is not None and not varied) or (
        lost.fate in (Fate.REGROUPED, Fate.JOINED) and not _fits(pair)
    ):
        return
    certain = varied and not lost.gives if reduced else lost.fate is Fate.MOVED or lost.gives[0] != 1
    yield _lost(pair, lost, Certainty.CERTAIN if certain else Certainty.PERHAPS)


def _fits(pair: Pair) -> bool:
    """True if a row of the targets is like a row of the output: only the number of rows is wrong."""
    target, output = pair.shape, pair.head.shape
    return target is not None and output is not None and (len(target) < len(output) or target[1:] == output[1:])


def _lost(pair: Pair, lost: Departure, certainty: Certainty) -> Diagnostic:
    own = lost.subject.where
    return Diagnostic(
        RULE.code,
        f"{lost.subject.label} {_DOES[lost.fate]}, but {pair.named} compares each sample with its target",
        where=pair.where if own.line is None else own,
        gets=f"{shape_text(lost.gives)} from {lost.subject.label}, made of {shape_text(lost.gets)}",
        needs=f"a row for each sample, as the targets have: {pair.target}",
        why="Keras broadcasts the two, or stops with an error of shapes; predict() gives no result for each sample",
        fixes=tuple(_fixes(lost)),
        certainty=certainty,
    )


def _fixes(lost: Departure) -> Iterator[Fix]:
    match lost.fate:
        case Fate.REDUCED if lost.kind in ("Mean", "Sum", "Max", "Min") and len(lost.gets) > 1:
            axes = tuple(range(1, len(lost.gets)))
            axis = axes[0] if len(axes) == 1 else axes
            edit = Rewrite(f"{lost.kind.lower()}(_x)", f"{lost.kind.lower()}(_x, axis={axis})")
            yield Fix(f"axis={axis} for {lost.subject.label}: all axes but the first", edits=(edit,))
        case Fate.REDUCED if lost.gives == lost.gets[1:]:
            where = lost.subject.where
            edit = Rewrite("_x[0]", "_x[:, 0]", "", where.file or "", where.line or 0)
            yield Fix("x[:, 0] in place of x[0]: axis 0 counts the samples", edits=(edit,))
        case Fate.REDUCED:
            yield Fix("a layer or an op that keeps axis 0: layers never touch the batch axis")
        case Fate.MOVED if lost.kind in ("Stack", "Pack"):
            text = f"axis=1 for {lost.subject.label}, if the steps are to follow the samples"
            edit = Rewrite("stack(_x, ...)", "stack(_x, ..., axis=1)")
            yield Fix(f"{text}: axis 0 counts the samples", edits=(edit,))
        case Fate.MOVED:
            what = "axes that begin with 0" if len(lost.gets) > 2 else "leave it out"
            yield Fix(f"{what}, for {lost.subject.label}: axis 0 counts the samples")
        case Fate.JOINED:
            owner = lost.subject.label if lost.subject.where.line is None else lost.subject.short
            yield Fix(f"axis=-1 for {owner}: axis 0 counts the samples", edits=(_last_axis(lost),))
        case Fate.REGROUPED:
            yield Fix("layers.Reshape(...) with the shape of one sample: it leaves the batch axis alone")


def _last_axis(lost: Departure) -> Edit:
    if lost.subject.where.line is not None:
        return Argument(lost.subject.short, "axis", "-1")
    return Rewrite("concatenate(_x, ...)", "concatenate(_x, axis=-1)")


RULE = Rule(code="TL214", about=OUTPUTS, find=find, needs=(Need.TARGETS,))
