"""The pages of ``docs/`` run: each as one program, each block compared with what is said below it.

``pytest --snapshot-update`` writes what is said below a block anew.
"""

from __future__ import annotations

import contextlib
import io
import linecache
import re
import warnings
from pathlib import Path

import keras
import pytest

from typedlayers.diagnostics.codes import CODES
from typedlayers.errors import ContractError, ContractWarning

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(DOCS.glob("*.md"))
BLOCK = re.compile(r"^```python\n(.*?)^```$(?:\n+^```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
FILE = "example.py"


def run(text: str, names: dict[str, object]) -> str:
    """Runs a block; returns what it prints, and the text of the error that ends it."""
    linecache.cache[FILE] = (len(text), None, text.splitlines(keepends=True), FILE)
    out = io.StringIO()
    with contextlib.redirect_stdout(out), warnings.catch_warnings():
        warnings.simplefilter("error", ContractWarning)
        try:
            exec(compile(text, FILE, "exec"), names)
        except ContractError as error:
            print(error)
    return out.getvalue()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_a_program_that_does_what_it_says(
    page: Path, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # for the files that it writes
    keras.backend.clear_session()  # so that the names Keras gives are those of a fresh program
    names: dict[str, object] = {"__name__": "example"}
    text = page.read_text(encoding="utf-8")
    blocks = [(block, said, run(block, names)) for block, said in BLOCK.findall(text)]
    if request.config.getoption("--snapshot-update"):
        for _, said, told in blocks:
            text = text.replace(f"```text\n{said}```", f"```text\n{told}```") if said else text
        page.write_text(text, encoding="utf-8")
    else:
        for _, said, told in blocks:
            assert told == said


def test_every_block_is_looked_at() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        found = BLOCK.findall(text)
        assert text.count("```python") == len(found)
        assert text.count("```text") == sum(bool(said) for _, said in found)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_codes_and_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert set(re.findall(r"TL\d{3}", text)) <= set(CODES)
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (page.parent / target).is_file(), target
