"""TL739: Python draws random numbers, or counts, in code that is run once, as it is traced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix, Location
from typedlayers.facts.traced import Kept, Once
from typedlayers.rules.custom.topics import ONCE
from typedlayers.rules.rule import Rule

_SAME: Final = {
    # of NumPy and Python              of TensorFlow
    "normal": "normal",
    "gauss": "normal",
    "randn": "normal",
    "standard_normal": "normal",
    "random": "uniform",
    "rand": "uniform",
    "uniform": "uniform",
    "random_sample": "uniform",
    "randint": "uniform",
    "integers": "uniform",
    "randrange": "uniform",
    "shuffle": "shuffle",
    "permutation": "shuffle",
}


def find(once: Once) -> Iterator[Diagnostic]:
    """Yields the finding, a perhaps: a number that is drawn once for all batches may be meant so."""
    runs = "each element" if once.pipeline else "each batch"
    where = Location(once.at.file, once.at.number, once.where)
    if once.kind is Kept.DRAWN:
        yield Diagnostic(
            RULE.code,
            f"{once.text} in {once.where} draws once: every {runs.removeprefix('each ')} gets the same numbers",
            where=where,
            needs=f"an op that draws anew for {runs}",
            why="the function is traced once; what Python and NumPy compute in it is a constant of the trace",
            fixes=(Fix(f"{_op(once)} in place of {once.text}"),),
            certainty=Certainty.PERHAPS,
        )
        return
    yield Diagnostic(
        RULE.code,
        f"{once.text} in {once.where} is counted once, and the condition that it decides is settled then",
        where=where,
        needs=f"a variable, which changes with {runs}",
        why="the function is traced once; a Python number and a Python condition in it are constants of the trace",
        fixes=(
            Fix(
                f'{once.text} = self.add_variable((), "zeros", dtype="int32", trainable=False) in __init__, '
                f"{once.text}.assign_add(1) for the count, and keras.ops.cond for the condition"
            ),
        ),
        certainty=Certainty.PERHAPS,
    )


def _op(once: Once) -> str:
    same = _SAME.get(once.text.rpartition(".")[2])
    return f"{'tf' if once.pipeline else 'keras'}.random.{same}" if same else "an op of tf.random or keras.random"


RULE = Rule(code="TL739", about=ONCE, find=find)
