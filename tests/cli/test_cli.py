"""The command: what it prints, its exit status, and that it answers without Keras or TensorFlow."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner

import typedlayers
from typedlayers.catalogue import ALIASES, CONTRACTS, family_of
from typedlayers.cli import installed, layer, output
from typedlayers.cli.app import app
from typedlayers.cli.explain import explanation
from typedlayers.contracts.contract import Choice, Derived
from typedlayers.contracts.parse import Pattern
from typedlayers.diagnostics.codes import CODES, KINDS
from typedlayers.diagnostics.pages import page_of

ROOT = Path(typedlayers.__file__).parents[1]
RUNNER = CliRunner()
LAYERS = sorted({*CONTRACTS, *ALIASES})


def run(*arguments: str) -> Any:
    """The command in this process."""
    return RUNNER.invoke(app, list(arguments))


def run_alone(
    *arguments: str, before: str = "", after: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """The command in an interpreter of its own, with statements before and after it."""
    script = f"""
import sys
{before}
from typedlayers.cli import main
sys.argv = ["typedlayers", *{arguments!r}]
try:
    main()
finally:
    {after or "pass"}
"""
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=env)


# ------------------------------------------------------------------------------------- explain: codes
@pytest.mark.parametrize("code", CODES)
def test_a_code_and_its_rule_give_the_whole_page(code: str) -> None:
    page = page_of(code).text.rstrip()
    for name in (code, code.lower(), CODES[code].rule):
        result = run("explain", name)
        assert (result.exit_code, result.stdout.rstrip()) == (0, page)


# ------------------------------------------------------------------------------------ explain: layers
@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_gives_its_contract(name: str) -> None:
    result = run("explain", name)
    assert result.exit_code == 0
    target = ALIASES.get(name, name)
    assert result.stdout.startswith(f"# {target}\n")
    assert f"A layer of the family {family_of(name)}." in result.stdout
    assert str(CONTRACTS[target]) in result.stdout
    for rule in CONTRACTS[target].rules:
        assert f"{rule.code} {CODES[rule.code].rule}" in result.stdout


def test_the_contract_of_a_layer_as_a_whole(snapshot: Any) -> None:
    assert layer.contract_text("MaxPool2D") == snapshot


ARGUMENTS = [
    # layer, what its contract says of further arguments and of what they choose
    ("MultiHeadAttention", '- `value`: `Compute "#batch time *axes value_features"`'),
    ("MultiHeadAttention", "- `return_attention_scores=True`: `tuple["),
    ("Attention", "- `mask`: `tuple["),
    ("Add", '- `list[Compute "..."]`'),
    ("ReversibleEmbedding", '- `reverse=True`: `Compute "... {self.input_dim}"`'),
]


@pytest.mark.parametrize(("name", "row"), ARGUMENTS)
def test_further_arguments_and_nests_are_shown(name: str, row: str) -> None:
    assert any(line.startswith(row) for line in layer.contract_text(name).splitlines())


@pytest.mark.parametrize("name", ["conv2d", "keras.layers.Conv2D", "layers.Conv2D", "Convolution2D"])
def test_a_layer_is_found_as_users_write_it(name: str) -> None:
    assert explanation(name).startswith("# Conv2D\n")


def test_a_layer_without_a_contract_is_said_to_have_none() -> None:
    name = next(n for n in sorted(installed.public_names()) if n not in LAYERS and n[0].isupper() and n != "Layer")
    result = run("explain", name)
    assert result.exit_code == 0
    assert "has no contract in this version" in result.stdout


def test_a_layer_that_the_installed_keras_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer, "public_names", lambda: {"Dense": None})
    assert "The Keras that is installed does not have it." in layer.contract_text("Conv2D")


def test_an_unknown_name_could_not_be_explained() -> None:
    result = run("explain", "Conv22D")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "perhaps Conv2D" in result.stderr
    assert "Valid are" in result.stderr


def test_a_rule_that_is_nearly_right_is_answered_with_it() -> None:
    assert "perhaps rank-mismatch" in run("explain", "rank-mismach").stderr


# ---------------------------------------------------------------------------------------------- rules
def test_the_table_names_every_code_below_its_kind() -> None:
    text = run("rules").stdout
    for code, row in CODES.items():
        line = next(line for line in text.splitlines() if line.startswith(f"  {code} "))
        assert line.split() == [code, row.rule, str(row.severity), *row.summary.split()]
    kinds = [line for line in text.splitlines() if line[:1].isdigit()]
    assert kinds == [f"{digit}  {kind}" for digit, kind in KINDS.items() if any(c[2] == digit for c in CODES)]


def test_the_table_as_json() -> None:
    data = json.loads(run("rules", "--format", "json").stdout)
    assert [row["code"] for row in data["rules"]] == list(CODES)
    assert set(data["rules"][0]) == {"code", "rule", "kind", "severity", "summary"}


# --------------------------------------------------------------------------------- the command itself
def test_the_version() -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"typedlayers {typedlayers.__version__}\n")


@pytest.mark.parametrize("arguments", [("nonsense",), ("explain",), ("rules", "--format", "xml")])
def test_a_wrong_command_line_could_not_run(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


def test_the_demo_is_run_without_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    stand_in = ModuleType("typedlayers.cli.demo")
    stand_in.run = lambda: calls.append("run")  # pyright: ignore[reportAttributeAccessIssue]
    monkeypatch.setitem(sys.modules, "typedlayers.cli.demo", stand_in)
    assert run("demo").exit_code == 0
    assert calls == ["run"]


def test_a_demo_that_lacks_something_could_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typedlayers.cli.demo", None)
    result = run("demo")
    assert result.exit_code == 2
    assert "demo" in result.stderr


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "typedlayers", "explain", "nonsense-at-all"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "nonsense-at-all" in done.stderr


# ----------------------------------------------------------------------------- plain and on a terminal
@pytest.mark.parametrize(
    ("terminal", "environment", "rendered"),
    [(True, {}, True), (False, {}, False), (True, {"NO_COLOR": "1"}, False), (True, {"TERM": "dumb"}, False)],
)
def test_markdown_is_rendered_on_a_terminal_only(
    terminal: bool, environment: dict[str, str], rendered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal, raising=False)
    assert output.is_rendered() is rendered


def test_what_is_rendered_carries_the_text(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(output, "is_rendered", lambda: True)
    output.show(page_of("TL201").text)
    assert "TL201 rank-mismatch" in capsys.readouterr().out


def test_an_encoding_without_arrows_is_no_reason_to_fail() -> None:
    done = run_alone("explain", "Conv2D", PYTHONIOENCODING="latin-1")
    assert done.returncode == 0, done.stderr
    assert "\\u2192" in done.stdout


# --------------------------------------------------------------------------------- without frameworks
SHOW_LOADED = "print(*sorted({'keras', 'tensorflow', 'typeguard'} & set(sys.modules)), file=sys.stderr)"


@pytest.mark.parametrize("arguments", [("explain", "Conv2D"), ("explain", "TL201"), ("explain", "LSTM"), ("rules",)])
def test_an_answer_loads_no_framework(arguments: tuple[str, ...]) -> None:
    done = run_alone(*arguments, after=SHOW_LOADED)
    assert (done.returncode, done.stderr.split()) == (0, [])


def test_the_check_above_can_fail() -> None:
    assert "typeguard" in run_alone("rules", before="import typeguard", after=SHOW_LOADED).stderr.split()


@pytest.mark.parametrize(
    "missing", ["sys.modules['tensorflow'] = None", "sys.modules['tensorflow'] = sys.modules['keras'] = None"]
)
def test_a_contract_is_explained_where_frameworks_cannot_be_imported(missing: str) -> None:
    done = run_alone("explain", "Conv2D", before=missing)
    assert done.returncode == 0, done.stderr
    assert 'Compute "batch height width channels"' in done.stdout


def test_without_keras_the_arguments_of_the_catalogue_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer, "constructor", lambda name: None)
    text = layer.contract_text("Rescaling")
    assert "- `scale`: " in text
    assert "The other arguments cannot be read" in text
    assert "## Arguments" not in layer.contract_text("Dense")


# -------------------------------------------------------------------------------- compared with Keras
def test_the_names_read_from_the_source_are_those_of_keras() -> None:
    import keras

    public = {name for name in dir(keras.layers) if not name.startswith("_")}
    assert set(installed.public_names()) == public


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_the_arguments_read_from_the_source_are_those_of_keras(name: str) -> None:
    import inspect

    import keras

    read = installed.constructor(name)
    if read is None:
        assert not hasattr(keras.layers, name) or "__init__" not in vars(getattr(keras.layers, name))
        return
    signature = inspect.signature(vars(getattr(keras.layers, name))["__init__"])
    fixed = [p.name for p in signature.parameters.values() if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    assert [argument.name for argument in read] == fixed[1:]


REQUIRED: dict[str, Any] = {
    "filters": 8,
    "kernel_size": 2,
    "pool_size": 2,
    "output_size": 2,
    "rate": 0.5,
}
FORMATTED = [
    name
    for name, contract in CONTRACTS.items()
    if isinstance(contract.inputs, Choice)
    and contract.inputs.attribute == "data_format"
    and isinstance(contract.outputs, Derived)
]


@pytest.mark.parametrize("name", FORMATTED)
def test_channels_first_is_shown_as_a_layer_has_it(name: str) -> None:
    import keras

    import typedlayers as tl

    given = installed.constructor(name)
    if given is None or not hasattr(keras.layers, name):
        pytest.skip(f"the installed Keras has no {name}")
    needed = {argument.name: REQUIRED[argument.name] for argument in given if argument.default is None}
    contract = tl.contract_of(getattr(tl.layers, name)(**needed, data_format="channels_first"))
    assert contract is not None
    assert isinstance(contract.outputs, Pattern)
    line = next(line for line in layer._outputs(CONTRACTS[name]) if "channels_first" in line)
    dims = line.split('"')[-2].split()
    assert len(dims) == len(contract.outputs.dims)
    channels = str(contract.outputs.dims[1])
    assert "channels" in dims[1] or "filters" in dims[1]
    assert channels.isdecimal() or "channels" in channels
