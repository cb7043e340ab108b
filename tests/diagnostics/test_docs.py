"""The pages of ``docs/`` run: each as one program, each block compared with what is said below it.

``pytest --snapshot-update`` writes what is said below a block anew.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import itertools
import json
import linecache
import re
import tomllib
import warnings
from pathlib import Path
from typing import Any

import keras
import pytest

from typedlayers.diagnostics.codes import CODES
from typedlayers.errors import ContractError, ContractWarning
from typedlayers.verdict import settings

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_a_page_is_a_program_that_does_what_it_says(
    page: Path, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # for the files that it writes
    keras.backend.clear_session()  # so that the names Keras gives are those of a fresh program
    names: dict[str, object] = {"__name__": "example"}
    text = page.read_text(encoding="utf-8")
    blocks = [(block, said, run(block, names)) for block, said in BLOCK.findall(text)]
    for name in [name for name in names if name.startswith("test_")]:  # as pytest would call it
        function: Any = names[name]
        function(**{fixture: request.getfixturevalue(fixture) for fixture in inspect.signature(function).parameters})
    if request.config.getoption("--snapshot-update"):
        told = iter(blocks)
        page.write_text(BLOCK.sub(lambda block: _updated(block, next(told)[2]), text), encoding="utf-8")
    else:
        for _, said, told in blocks:
            assert told == said


def _updated(block: re.Match[str], told: str) -> str:
    """Returns a block with what it prints below it, if it had a text."""
    if not block[2]:
        return block[0]
    start, end = block.start(2) - block.start(), block.end(2) - block.start()
    return block[0][:start] + told + block[0][end:]


def test_every_block_is_looked_at() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        found = BLOCK.findall(text)
        assert text.count("```python") == len(found)
        assert text.count("```text") == sum(bool(said) for _, said in found)


FENCES = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

ELSEWHERE = {
    # blocks that are neither programs nor what programs print: the pages that may have them
    "": None,  # command lines, each of which is looked at below
    "py": {"editors.md": "tests/stubs/test_editors.py", "fix.md": "tests/cli/test_fix.py"},
    "diff": {"fix.md": "tests/cli/test_fix.py"},
    "yaml": {"guides/ci.md": "", "testing.md": "tests/test_pytest_plugin.py"},
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_every_other_block_is_looked_at(page: Path) -> None:
    for language, block in FENCES.findall(page.read_text(encoding="utf-8")):
        match language:
            case "python" | "text":
                continue
            case "toml":
                found = tomllib.loads(block)
                assert {*found.get("tool", {})} <= {"typedlayers", "ruff"}
            case "json":
                assert json.loads(block)
            case _:
                pages = ELSEWHERE[language]
                name = page.relative_to(DOCS).as_posix()
                assert pages is None or name in pages
                tested = "" if pages is None else pages[name]
                assert not tested or page.name in (DOCS.parent / tested).read_text(encoding="utf-8")


def test_the_settings_of_the_page_are_read(tmp_path: Path) -> None:
    (block,) = (block for kind, block in FENCES.findall((DOCS / "configuration.md").read_text()) if kind == "toml")
    (tmp_path / "pyproject.toml").write_text(block)
    found = settings.read(tmp_path / "pyproject.toml")
    assert found.mode == "strict"
    assert "TL206" in found.ignore


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_codes_exist(page: Path) -> None:
    assert set(re.findall(r"TL\d{3}", page.read_text(encoding="utf-8"))) <= set(CODES)


COMMAND = re.compile(r"(?:`|run: |^)(typedlayers (?:--|[a-z]+ )[^`\n#…]*)(?=`|\n|#)", re.MULTILINE)
"""A command line in code, and the sentences that begin alike."""
SENTENCES = ("comes", "does", "is", "needs", "supports")

COMMANDS = [
    pytest.param(line, id=f"{page.relative_to(DOCS).as_posix()}-{line}")
    for page in PAGES
    for line in dict.fromkeys(COMMAND.findall(page.read_text(encoding="utf-8")))
    if line.split()[1] not in SENTENCES
]


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_exists_with_its_options(line: str) -> None:
    import typer.main

    from typedlayers.cli.app import app

    command = typer.main.get_command(app)
    name, *words = re.split(r"\s{3,}", line)[0].split()[1:]
    known = command.commands.get(name, command)  # type: ignore[attr-defined]
    valid = {option for parameter in known.params for option in (*parameter.opts, *parameter.secondary_opts)}
    if name in ("run", "fix"):  # what stands after the script is the script's own
        words = list(itertools.takewhile(lambda word: not word.endswith(".py"), words))
    assert name in command.commands or name.startswith("--")  # type: ignore[attr-defined]
    options = {word.partition("=")[0].strip("[]") for word in (name, *words) if word.lstrip("[").startswith("-")}
    assert options <= valid | {"--install-completion", "--help", "--"}
