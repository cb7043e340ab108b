"""`fit`, `tl.check` and ``typedlayers check`` say the same of one program and its data."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

from tests.corpus_case import CASES, Cases
from tests.corpus_forms import Form

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the cases run in forked children")

SETTINGS = {"epochs", "verbose", "batch_size", "shuffle"}
"""Arguments of `fit` that say nothing of the data."""


def fits_once(path: Path) -> bool:
    """True if a program does with its model nothing but ``model.fit(x, y)``."""
    run = next(node for node in ast.parse(path.read_text()).body if getattr(node, "name", None) == "run")
    assert isinstance(run, ast.FunctionDef)
    model = run.args.args[1].arg
    uses = [node for node in ast.walk(run) if isinstance(node, ast.Name) and node.id == model]
    fits = [node for node in ast.walk(run) if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "fit"]
    if len(uses) != 1 or len(fits) != 1:
        return False
    return len(fits[0].args) == 2 and {named.arg for named in fits[0].keywords} <= SETTINGS


FITS = sorted(name for name, case in CASES.items() if fits_once(case.path))

MISSED = {
    # `fit` finds it when the first batch comes, and a look at the model does not
    (Form.CHECKED, "data_330_double_precision_only_at_the_input"): {"TL301"},
    (Form.COMMANDED, "data_330_double_precision_only_at_the_input"): {"TL301"},
    # the batch size is an argument of `fit`
    (Form.CHECKED, "shape_h04_stateful_last_batch_smaller"): {"TL709"},
    (Form.COMMANDED, "shape_h04_stateful_last_batch_smaller"): {"TL709"},
}
"""What `fit` finds and another entry does not."""


@pytest.mark.parametrize("case", FITS)
@pytest.mark.parametrize("form", [Form.CHECKED, Form.COMMANDED])
def test_every_entry_says_the_same(cases: Cases, case: str, form: Form) -> None:
    fitted, checked = cases.run(case, "bug", "strict"), cases.run(case, "bug", "strict", form)
    assert set(fitted.codes) - set(checked.codes) == MISSED.get((form, case), set()), checked.text
    assert set(checked.codes) <= set(fitted.codes), checked.text
