"""What brings targets and outputs together: data taken apart, named anew, or given as targets at all."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from typedlayers.diagnostics.edit import Data, Loss
from typedlayers.diagnostics.model import Fix
from typedlayers.facts.data import Source
from typedlayers.facts.evidence import Evidence
from typedlayers.facts.inputs import each_input
from typedlayers.facts.outputs import Head
from typedlayers.facts.pairing import fits
from typedlayers.rules.data.stacked import UNSTACKED, is_stacked
from typedlayers.spec import Shape, Spec, SpecTree


def for_one_target(evidence: Evidence, wanted: Sequence[Head], given: Spec) -> Iterator[Fix]:
    """Yields what gives several outputs their parts of one target, or leaves one output without a loss."""
    if evidence.batch is None or evidence.batch.source is not Source.ARRAYS or given.shape is None:
        return
    widths = [head.shape[-1] if head.shape is not None and len(head.shape) == 2 else None for head in wanted]
    if len(given.shape) == 2 and None not in widths and sum(width or 0 for width in widths) == given.shape[1]:
        ends = list(itertools.accumulate(width or 0 for width in widths))
        parts = [f"y[:, {start or ''}:{end}]" for start, end in zip((0, *ends), ends, strict=False)]
        yield Fix.of(Data("y", f"[{', '.join(parts)}]"), condition="its columns for each output")
        return
    fitting = [head for head in wanted if _alike(given.shape, head.shape)]
    heads, training = evidence.outputs, evidence.training
    if len(fitting) != 1 or heads is None or training is None:
        return
    known = [one.loss for one in training.outputs]
    loss = known[heads.index(fitting[0])]
    name = "" if loss is None else loss.text.strip("\"'")
    if name.isidentifier():
        losses = ", ".join(f'"{name}"' if head is fitting[0] else "None" for head in heads)
        yield Fix.of(Loss(f"[{losses}]"), condition=f"for {fitting[0].name} alone")


def in_their_names(given: Mapping[str, SpecTree], heads: Sequence[Head], missing: Sequence[str]) -> Fix | None:
    """Returns the targets under the names of the outputs: those of no other name in their order."""
    strange = [key for key in given if key not in {head.name for head in heads}]
    if len(strange) != len(missing):
        return None
    names = dict(zip(missing, strange, strict=True))
    shapes = {head.name: head.shape for head in heads}
    for name, key in names.items():
        spec = given[key]
        if not isinstance(spec, Spec) or spec.shape is None or not _alike(spec.shape, shapes[name]):
            return None
    made = ", ".join(f"{head.name!r}: y[{names.get(head.name, head.name)!r}]" for head in heads)
    return Fix.of(Data("y", f"{{{made}}}"))


def where_none_are(evidence: Evidence, head: Head) -> Iterator[Fix]:
    """Yields what makes targets of a dataset that gives x alone: a key of its dict, or the half of a stacked pair."""
    batch, inputs = evidence.batch, evidence.inputs
    if batch is None or inputs is None or batch.source is not Source.DATASET or inputs.tree is None:
        return
    if isinstance(batch.x, Mapping):
        names = [one.key for _, one in each_input(inputs.tree)]
        left = [key for key in batch.x if key not in names]
        if len(left) == 1 and all(name in batch.x for name in names):
            kept = ", ".join(f"{name!r}: x[{name!r}]" for name in names)
            yield Fix.of(Data("ds", f"ds.map(lambda x: ({{{kept}}}, x[{left[0]!r}]))"))
        return
    (declared, *others) = [one.spec.shape for _, one in each_input(inputs.tree)]
    if isinstance(batch.x, Spec) and not others and is_stacked(batch.x, declared, head.shape):
        yield UNSTACKED


def _alike(target: Shape, output: Shape | None) -> bool:
    if output is None:
        return False
    return (len(target) == 1 and len(output) == 2 and output[1] == 1) or fits(target, output)
