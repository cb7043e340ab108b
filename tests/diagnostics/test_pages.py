"""Every example of every explanation page runs: what is called wrong gives its code, everything else nothing."""

from __future__ import annotations

import linecache
import warnings
from pathlib import Path

import pytest

from typedlayers import errors, modes
from typedlayers.diagnostics.codes import CODES
from typedlayers.diagnostics.pages import page_of

BROKEN_CHECK = frozenset({"TL901"})
"""Codes that no program can bring about: a check is broken for them on purpose."""


def _examples(*, wrong: bool) -> list[object]:
    rows = []
    for code in CODES:
        chosen = [(heading, text) for heading, text in page_of(code).examples() if (heading == "Wrong") is wrong]
        for number, (heading, text) in enumerate(chosen):
            rows.append(pytest.param(code, text, id=f"{code}-{heading.split()[0].lower()}-{number}"))
    return rows


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """An empty working directory, the default mode, faults of ours as users meet them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(modes.ENVIRONMENT, raising=False)
    monkeypatch.setattr(errors._Faults, "raised", False)
    if request.node.callspec.params["code"] in BROKEN_CHECK:
        monkeypatch.setattr("typedlayers.layers._call.check", _broken)


def _broken(*_args: object, **_kwargs: object) -> None:
    raise RuntimeError("broken by the test")


def _run(code: str, text: str) -> set[str]:
    """Runs an example as a script of its own; returns the codes that came up."""
    file = f"<{code}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    diagnostics = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            exec(compile(text, file, "exec"), {"__name__": "example"})
        except errors.ContractError as error:
            diagnostics += error.diagnostics
    diagnostics += [d for w in caught if isinstance(w.message, errors.ContractWarning) for d in w.message.diagnostics]
    return {d.code for diagnostic in diagnostics for d in diagnostic.walk()}


@pytest.mark.parametrize(("code", "text"), _examples(wrong=True))
def test_what_a_page_calls_wrong_gives_its_code(code: str, text: str) -> None:
    assert _run(code, text) == {code}


@pytest.mark.parametrize(("code", "text"), _examples(wrong=False))
def test_every_other_example_runs_untroubled(code: str, text: str) -> None:
    assert _run(code, text) == set()
