"""TL712: a layer works for one number of samples only, but the batch size is left open."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Rewrite
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.calls import Failure, UsersCall, fixed_counts, is_fixed
from typedlayers.rules.custom.topics import USERS_CALLS
from typedlayers.rules.rule import Rule
from typedlayers.spec import Spec, leaves


def find(call: UsersCall) -> Iterator[Diagnostic]:
    """Yields the number of samples that a result of fixed size was made for, if one sample more makes it fail."""
    if call.came is None or call.gives is None:
        return
    for count in fixed_counts(call.came, call.gives):
        failure = call.tried.get(count + 1)
        # both trials are asked for: a layer may fail for any number that is put in, for reasons of its own
        if failure is not None and call.runs(count):
            yield _fixed(call, call.came, count, failure)
            return


def _fixed(call: UsersCall, came: Spec, count: int, failure: Failure) -> Diagnostic:
    made = next((str(spec) for _, spec in leaves(call.gives) if is_fixed(spec)), "")
    fails = f"for {count + 1} call fails at {failure.at} ({failure.in_short})"
    return Diagnostic(
        RULE.code,
        f"{call.label} works for a batch size of {count} only, but the batch size is left open",
        where=call.where,
        gets=str(came),
        needs="a result for every number of samples",
        why=f"it gives {made} for any number of samples; {fails}",
        fixes=(
            Fix(
                f"-1 in a reshape, keras.ops.shape(x)[0] elsewhere, for the batch axis at {failure.at.place}",
                edits=(Rewrite(f"reshape(_x, ({count}, ...))", "reshape(_x, (-1, ...))", call.owner, failure.at.file),),
            ),
            Fix(f"Input(..., batch_size={count}), if every batch has {count} samples, the last one too"),
        ),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL712", about=USERS_CALLS, find=find, after=frozenset({"TL711"}))
