"""Why the shape of an output and that of its targets differ: the layer that is missing or too much, and the repair.

A repair is offered only if the output it would give fits the targets.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from typedlayers.catalogue.losses import Pairing
from typedlayers.diagnostics.edit import Argument, Data, Insert, Side
from typedlayers.diagnostics.model import Fix
from typedlayers.facts.outputs import Head, Kind, Stage
from typedlayers.facts.pairing import Disagreement, Fault, aligned, compatible, disagreement, fits
from typedlayers.rules.targets.pair import Offer
from typedlayers.spec import Shape, shape_text

_BY_ITSELF = (Kind.DENSE, Kind.APART, Kind.PER_STEP)


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause and its repairs.

    Attributes:
        why: the cause, as a clause.
        fixes: what to type, the likeliest first.
    """

    why: str
    fixes: tuple[Offer, ...] = ()


def cause_of(head: Head, pairing: Pairing, target: Shape, found: Disagreement) -> Cause:
    """Returns the likeliest cause of a disagreement, as far as the way to the output tells it."""
    output = head.shape
    assert output is not None
    for cause in (_autoencoder, _broadcast_merge, _flat, _positions_left, _steps_lost, _other_length, _other_width):
        named = cause(head, pairing, target, output, found)
        if named is not None:
            return named
    return Cause("")


def _autoencoder(head: Head, pairing: Pairing, target: Shape, output: Shape, found: Disagreement) -> Cause | None:
    """An output that looks like the input, with one label for each sample."""
    if len(head.inputs) != 1 or head.inputs[0] is None or not head.only or None in output[1:]:
        return None
    labels = len(target) == 1 or (len(target) == 2 and target[1] == 1)
    if pairing not in (Pairing.SAME, Pairing.BROADCAST) or not labels or len(output) < 3:
        return None
    if head.inputs[0] != output or _keeps_steps(head):
        return None
    why = f"the output has the same shape as the input, {shape_text(output)}: the model gives its input back"
    return Cause(why, (Fix("y=x: pass the inputs as targets too", edits=(Data("y", "x"),)),))


def _keeps_steps(head: Head) -> bool:
    """Whether a recurrent layer returns all steps and nothing else changed their number: no sequence is made anew."""
    kinds = {stage.kind for stage in head.stages}
    return Kind.ALL_STEPS in kinds and kinds <= {Kind.ALL_STEPS, *_BY_ITSELF}


def _broadcast_merge(head: Head, pairing: Pairing, target: Shape, output: Shape, found: Disagreement) -> Cause | None:
    """A sum or product of branches, of which only some have the targets' shape."""
    shapes = [branch.shape for branch in head.branches if branch.shape is not None]
    if len(shapes) < 2 or len(shapes) < len(head.branches):
        return None
    fitting = [disagreement(pairing, target, shape) is None for shape in shapes]
    if all(fitting) or not any(fitting):
        return None
    right = next(branch for branch, fits_it in zip(head.branches, fitting, strict=True) if fits_it)
    wrong = next(branch for branch, fits_it in zip(head.branches, fitting, strict=True) if not fits_it)
    why = (
        f"{head.subject.label} broadcasts {shape_text(right.shape)} of {right.label}"
        f" over {shape_text(wrong.shape)} of {wrong.label}"
    )
    size = right.shape[-1] if right.shape else None
    same = right.shape is not None and wrong.shape is not None and right.shape[:-1] == wrong.shape[:-1]
    added = Insert(f"layers.Dense({size})", wrong.short, Side.AFTER)
    mended = Fix.of(added, condition="so that all branches have the same shape")
    return Cause(why, (mended,) if same and size is not None else ())


def _flat(head: Head, pairing: Pairing, target: Shape, output: Shape, found: Disagreement) -> Cause | None:
    """The same numbers for each sample, in another number of axes."""
    one, two = target[1:], output[1:]
    if pairing not in (Pairing.SAME, Pairing.BROADCAST) or len(one) == len(two) or None in (*one, *two):
        return None
    if math.prod(size or 0 for size in one) != math.prod(size or 0 for size in two) or min(len(one), len(two)) != 1:
        return None
    sizes = ", ".join(map(str, two))
    why = f"both have {math.prod(size or 0 for size in two)} numbers for each sample, one of them in a row"
    reshaped = Data("y", f"y.reshape(len(y), {sizes})")
    if len(two) == 1:
        return Cause(why, (reshaped,))
    return Cause(why, (Insert("layers.Flatten()", head.subject.short, Side.AFTER), reshaped))


def _run(head: Head) -> tuple[tuple[Stage, ...], Stage | None]:
    """The last layers that compute each position by itself, and the layer before them."""
    run: list[Stage] = []
    for stage in head.stages:
        if stage.kind not in _BY_ITSELF:
            return tuple(run), stage
        run.append(stage)
    return tuple(run), None


def _positions_left(head: Head, pairing: Pairing, target: Shape, output: Shape, found: Disagreement) -> Cause | None:
    """Maps or steps that nothing brought down to one row for each sample."""
    pooled = (None, output[-1])
    one, two = aligned(target, output)
    if len(output) < 3 or (found.fault is not Fault.RANK and len(one) > 2):
        return None
    if len(two) <= 1 or disagreement(pairing, target, pooled) is not None:
        return None
    run, before = _run(head)
    dense = next((stage for stage in reversed(run) if stage.kind is Kind.DENSE), None)
    per_step = any(stage.kind is Kind.PER_STEP for stage in run)
    if before is not None and before.kind is Kind.ALL_STEPS:
        why = f"{before.line} returns every step, and nothing after it makes one row of them"
        last_only = Argument(before.subject.short, "return_sequences", "False")
        return Cause(why, (f"{last_only} and its inner layer without TimeDistributed" if per_step else last_only,))
    if per_step:
        return Cause("each step of the sequence gives an output of its own")
    came = f"between {before.line} and " if before is not None else "before "
    if dense is None:
        last = head.stages[0] if head.stages else None
        if last is None:
            return Cause("")
        pooling = Insert(f"layers.GlobalAveragePooling{len(output) - 2}D()", last.subject.short, Side.AFTER)
        return Cause(f"nothing makes one row of the maps of {last.line}", (pooling,) if len(output) < 6 else ())
    why = f"nothing flattens {came}{dense.line}, so that it works on each position by itself"
    return Cause(why, tuple(_flattening(dense)))


def _flattening(dense: Stage) -> Iterator[Offer]:
    rank, short = len(dense.gets or ()), dense.subject.short
    if dense.gets is not None and None not in dense.gets[1:]:
        yield Insert("layers.Flatten()", short)
    if 3 <= rank <= 5:
        yield Fix.of(Insert(f"layers.GlobalAveragePooling{rank - 2}D()", short), condition="for one number per channel")


def _steps_lost(head: Head, pairing: Pairing, target: Shape, output: Shape, found: Disagreement) -> Cause | None:
    """Targets for each step, and a recurrent layer that gives only its last one."""
    run, before = _run(head)
    if before is None or before.kind is not Kind.LAST_STEP or len(output) != 2 or len(target) < 2:
        return None
    if before.gets is None or len(before.gets) != 3 or any(stage.kind is Kind.PER_STEP for stage in run):
        return None
    steps, wanted = before.gets[1], target[1]
    why = f"{before.line} returns its last step only"
    if compatible(steps, wanted) and disagreement(pairing, target, (None, steps, output[-1])) is None:
        return Cause(why, (Argument(before.subject.short, "return_sequences", "True"),))
    if wanted is None or disagreement(pairing, target, (None, wanted, output[-1])) is not None:
        return None
    return Cause(why, (_repeated(before, wanted),))


_RECURRENT = ("LSTM", "GRU", "SimpleRNN")


def _repeated(stage: Stage, steps: int, *before: Argument) -> Fix:
    """The fix that makes a sequence of a last step: repeated, and read by a second recurrent layer."""
    repeat = Insert(f"layers.RepeatVector({steps})", stage.subject.short, Side.AFTER)
    then = "then a second recurrent layer with return_sequences=True: one step for each of the horizon"
    text = ", ".join((*map(str, before), str(repeat), then))
    kind, size = stage.subject.label.partition(" ")[0], stage.gives[-1] if stage.gives else None
    if kind not in _RECURRENT or size is None:
        return Fix(text)
    second = Insert(f"layers.{kind}({size}, return_sequences=True)", stage.subject.short, Side.AFTER)
    return Fix(text, edits=(*before, second, repeat))


def _other_length(head: Head, pairing: Pairing, target: Shape, output: Shape, found: Disagreement) -> Cause | None:
    """Sequences or maps of another length than the targets'."""
    axis = found.axis
    if axis is None or axis >= len(output) - 1:
        return None
    _, before = _run(head)
    changing = next((stage for stage in head.stages if _size(stage.gives, axis) != _size(stage.gets, axis)), None)
    if before is not None and before.kind is Kind.ALL_STEPS and len(output) == 3:
        wanted, steps = target[1], _size(before.gives, 1)
        why = f"{before.line} returns one step for each of the {steps} that it gets"
        fitting = wanted is not None and disagreement(pairing, target, (None, wanted, output[-1])) is None
        if fitting and wanted is not None:
            last_only = Argument(before.subject.short, "return_sequences", "False")
            return Cause(why, (_repeated(before, wanted, last_only),))
        return Cause(why)
    if changing is not None and _size(changing.gets, axis) is not None:
        came, gave = _size(changing.gets, axis) or 0, _size(changing.gives, axis) or 0
        windowed = "Conv" in changing.subject.label and 0 < gave < came
        same = (f'perhaps padding="same" in {changing.subject.short} and wherever else borders are lost',)
        return Cause(f"{changing.line} changes {came} to {gave} along this axis", same if windowed else ())
    return None


def _size(shape: Shape | None, axis: int) -> int | None:
    return shape[axis] if shape is not None and axis < len(shape) else None


def _other_width(head: Head, pairing: Pairing, target: Shape, output: Shape, found: Disagreement) -> Cause | None:
    """Another number of units or filters than the targets have columns."""
    if pairing not in (Pairing.SAME, Pairing.BROADCAST):
        return None
    size = 1 if len(target) == len(output) - 1 else target[-1]
    if size is None or len(target) not in (len(output), len(output) - 1):
        return None
    if not fits(target[: len(output) - 1], output[:-1]):
        return None
    given = f"{output[-1]} column{'' if output[-1] == 1 else 's'}"
    why = f"the output has {given}, the targets have {size}"
    fitting = disagreement(pairing, target, (*output[:-1], size)) is None
    return Cause(why, (head.width.of(size),) if head.width is not None and fitting else ())
