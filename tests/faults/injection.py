"""One fault put into a program: what is said, and the program with the first fix typed beside the right one."""

from __future__ import annotations

import random
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.faults.operators import OPERATORS, Operator
from tests.faults.programs import Program, program
from tests.fixes.application import NotApplicable, applied
from typedlayers.diagnostics.model import Diagnostic, Fix


@dataclass(frozen=True)
class Run:
    """What became of a script.

    Attributes:
        said: the diagnostics of errors and warnings.
        raised: what else was raised, empty if nothing.
        signs: the output's shape and the loss, then its activation and the count of weights, if it ran to its end.
    """

    said: tuple[Diagnostic, ...] = ()
    raised: str = ""
    signs: tuple[Any, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether it ran to its end and nothing was said."""
        return not self.said and not self.raised


@dataclass(frozen=True)
class Outcome:
    """What became of one fault.

    Attributes:
        operator: the fault.
        seed: the number of the program.
        caught: whether it was said.
        named: whether the right place was named.
        fix: ``inverse``: the mended program is the right one; ``as good``: it has its output's shape and its loss;
            ``other``: nothing is said of it; ``complains``, ``breaks``; ``told``: there are no edits; ``none``.
        detail: the first fix, or why it was not one.
        codes: the codes that were said.
    """

    operator: str
    seed: int
    caught: bool
    named: bool = False
    fix: str = ""
    detail: str = ""
    codes: str = ""


def run(source: str, one: Program) -> Run:
    """Runs a script with the data of a program."""
    import keras

    import typedlayers as tl

    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    scope: dict[str, Any] = {"x": one.x, "y": one.y, "__name__": "script"}
    said: tuple[Diagnostic, ...] = ()
    raised = ""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            exec(compile(source, "script.py", "exec"), scope)
        except tl.ContractError as error:
            said = error.diagnostics
        except Exception as error:  # noqa: BLE001 - whatever Keras says of it is the outcome
            raised = f"{type(error).__name__}: {str(error)[:120]}"
    warned = [one.message for one in caught if isinstance(one.message, tl.ContractWarning)]
    said += tuple(one for message in warned for one in message.diagnostics)
    return Run(said, raised, () if said or raised else _signs(scope["model"]))


def _signs(model: Any) -> tuple[Any, ...]:
    loss = model.loss
    name = loss if isinstance(loss, str) else f"{type(loss).__name__} {loss.get_config().get('from_logits')}"
    last = model.layers[-1]
    activation = getattr(getattr(last, "activation", None), "__name__", "")
    return tuple(model.output_shape), _plain(name), activation, model.count_params(), len(model.layers)


def _plain(loss: str) -> str:
    """A loss by its name or as an instance; that of class ids and that of one-hot rows are one."""
    return loss.lower().replace("_", "").removesuffix(" false").removeprefix("sparse")


def first_fix(said: Sequence[Diagnostic]) -> tuple[Diagnostic, Fix] | None:
    """Returns the first fix of the first error."""
    first = next((one for one in said if one.fixes), None)
    return None if first is None else (first, first.fixes[0])


def outcome(operator: Operator, seed: int) -> Outcome | None:
    """Returns what becomes of one fault in one program, None if it does not apply."""
    right = program(seed)
    wrong = operator(right, random.Random(f"{operator.__name__} {seed}"))
    if wrong is None:
        return None
    found = run(wrong.text(), wrong)
    if not found.said:
        return Outcome(operator.__name__, seed, caught=False, detail=found.raised)
    text = "\n".join(map(str, found.said)).lower()
    named = any(word.lower() in text for word in wrong.at)
    codes = " ".join(dict.fromkeys(one.code for one in found.said))
    kind, detail = _judged(found, wrong, right)
    return Outcome(operator.__name__, seed, True, named, kind, detail, codes)


def _judged(found: Run, wrong: Program, right: Program) -> tuple[str, str]:
    first = first_fix(found.said)
    if first is None:
        return "none", found.said[0].headline
    said, fix = first
    if not fix.edits:
        return "told", fix.text
    try:
        mended = run(applied(wrong.text(), [(edit, said) for edit in fix.edits]), wrong)
    except NotApplicable as error:
        return "told", f"{fix.text} ({error})"
    if mended.raised:
        return "breaks", f"{fix.text} ({mended.raised})"
    if mended.said:
        return "complains", f"{fix.text} ({mended.said[0].code} {mended.said[0].headline})"
    best = run(right.text(), right).signs
    if mended.signs == best:
        return "inverse", fix.text
    return ("as good" if mended.signs[:2] == best[:2] else "other"), fix.text


def outcomes(operators: Sequence[Operator] = OPERATORS, *, each: int, tries: int = 60) -> list[Outcome]:
    """Returns the outcomes of some programs for each operator: the first ones that it applies to."""
    found: list[Outcome] = []
    for operator in operators:
        count, start = 0, OPERATORS.index(operator) * 7
        for seed in range(start, start + tries):
            one = outcome(operator, seed) if count < each else None
            if one is not None:
                count += 1
                found.append(one)
    return found
