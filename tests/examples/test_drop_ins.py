"""The example scripts that import typedlayers as a user does: in every mode, and in plain Keras by another import."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.examples.runs import ROOT, Result, in_one_process

pytest.importorskip("sklearn")

TYPED: Final = "from typedlayers import keras, layers\n"
PLAIN: Final = "import keras\nfrom keras import layers\n"
WAYS: Final = ("plain", "strict", "lenient")


@dataclass(frozen=True)
class Example:
    """A script that is right, but for one thing that it shows to be refused or repaired.

    Attributes:
        script: its file in ``examples/``.
        strict: the codes that it prints in strict mode.
        lenient: the codes that it prints in lenient mode.
        repairs: the codes of the ledger that it prints.
        misled: what plain Keras gives another figure for, because of the mistake that it does not refuse.
    """

    script: str
    strict: tuple[str, ...] = ()
    lenient: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    misled: frozenset[str] = frozenset()


EXAMPLES: Final = (
    Example("annotated_layer.py", strict=("TL203",), lenient=("TL203",)),
    Example(
        "custom_train_step.py", strict=("TL201",), lenient=("TL207",), misled=frozenset({"steps of the untrained"})
    ),
    Example("lenient_serving.py", repairs=("TL301", "TL406"), misled=frozenset({"loss of bytes"})),
    Example("multi_input.py", strict=("TL501", "TL501"), lenient=("TL501", "TL501")),
    Example("strict_classifier.py", strict=("TL201", "TL204"), lenient=("TL204",)),
    Example("transfer_learning.py", strict=("TL404",), lenient=("TL404",)),
)


def figures(result: Result) -> dict[str, str]:
    """The numbers that a script printed, by name."""
    return dict(re.findall(r"^([\w ]+): ([\d.]+)$", result.stdout, re.MULTILINE))


def codes(result: Result) -> tuple[str, ...]:
    """The codes of the errors that a script printed, in order."""
    return tuple(re.findall(r"error\[(TL\d+)\]", result.stdout))


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Result]]:
    """Every run of every script, in one process: TensorFlow starts once."""
    plain = tmp_path_factory.mktemp("plain")
    rows = []
    for example in EXAMPLES:
        typed = Path("examples", example.script)
        source = (ROOT / typed).read_text("utf-8")
        assert source.count(TYPED) == 1
        (plain / example.script).write_text(source.replace(TYPED, PLAIN), "utf-8")
        rows += [(str(plain / example.script), [], "strict"), (str(typed), [], "strict"), (str(typed), [], "lenient")]
    found = iter(in_one_process(*rows))
    return {example.script: {way: next(found) for way in WAYS} for example in EXAMPLES}


@pytest.fixture(params=EXAMPLES, ids=lambda example: example.script)
def example(request: pytest.FixtureRequest) -> Example:
    return request.param


@pytest.mark.parametrize("way", WAYS)
def test_it_runs_to_its_end(example: Example, results: dict[str, dict[str, Result]], way: str) -> None:
    got = results[example.script][way]
    # each repair is logged once: without a handler of the program's, Python prints it on standard error
    said = [line for line in got.stderr.splitlines() if not line.startswith("repaired: ")]
    assert (got.status, said) == (0, [])
    assert figures(got)


@pytest.mark.parametrize("mode", ["strict", "lenient"])
def test_what_is_right_gives_the_figures_of_plain_keras(
    example: Example, results: dict[str, dict[str, Result]], mode: str
) -> None:
    plain, typed = (figures(results[example.script][way]) for way in ("plain", mode))
    assert plain.keys() == typed.keys()
    assert {name for name in plain if plain[name] != typed[name]} == example.misled


def test_what_is_wrong_is_refused(example: Example, results: dict[str, dict[str, Result]]) -> None:
    got = results[example.script]
    assert {way: codes(got[way]) for way in WAYS} == {
        "plain": (),
        "strict": example.strict,
        "lenient": example.lenient,
    }


def test_what_is_repaired_stands_in_the_ledger(example: Example, results: dict[str, dict[str, Result]]) -> None:
    got = results[example.script]
    assert got["plain"].repairs == []
    for mode in ("strict", "lenient"):
        assert tuple(re.findall(r"\[(TL\d+)\]$", entry)[0] for entry in got[mode].repairs) == example.repairs
