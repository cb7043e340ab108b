"""The layout: a row imports only rows with a smaller number, and the core loads neither Keras nor TensorFlow."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "typedlayers"

ROWS = {
    # module or package                 row
    "typedlayers.spec": 0,
    "typedlayers.modes": 0,
    "typedlayers.diagnostics": 1,
    "typedlayers.errors": 2,
    "typedlayers.contracts": 3,
    "typedlayers.catalogue": 4,
    "typedlayers.facts": 5,
    "typedlayers.rules": 6,
    "typedlayers.verdict": 7,
    "typedlayers.artefacts": 7,
    "typedlayers.fixes": 7,
    "typedlayers.bridge": 8,
    "typedlayers.source": 8,
    "typedlayers.adapters": 9,
    "typedlayers.archive": 10,
    "typedlayers.layers": 11,
    "typedlayers.models": 12,
    "typedlayers.declarations": 13,
    "typedlayers.installation": 13,
    "typedlayers.checking": 13,
    "typedlayers.pictures": 13,
    "typedlayers.verifying": 14,
    "typedlayers.saving": 13,
    "typedlayers.summaries": 13,
    "typedlayers.convert": 13,
    "typedlayers.cloning": 13,
    "typedlayers.keras": 14,
    "typedlayers.tensorflow": 15,
    "typedlayers.testing": 14,
    "typedlayers.cli": 16,
    "typedlayers.pytest_plugin": 17,
    "typedlayers.__main__": 17,
}
LAST_WITHOUT_KERAS = 7
OPEN = {"typedlayers"}  # the lazy front page

PRIVATE_TO_KERAS = {"typedlayers.bridge", "typedlayers.layers._typed"}
"""The only places that may read a private name of Keras or TensorFlow."""

RUNS_SCRIPTS = "typedlayers.cli.run"
"""The only place that executes code: the user's script, compiled from its file."""


def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        if "programs" in parts:  # programs that the demo runs as a user's own
            continue
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def unit_of(module: str) -> str | None:
    return next((unit for unit in sorted(ROWS, key=len, reverse=True) if f"{module}.".startswith(f"{unit}.")), None)


def imports_of(path: Path) -> set[str]:
    """Modules imported at run time; what stands under ``if TYPE_CHECKING`` is for type checkers only."""
    tree = ast.parse(path.read_text())
    hidden = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for statement in node.body
        for inner in ast.walk(statement)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


MODULES = modules()


def test_every_module_has_a_row() -> None:
    assert [m for m in MODULES if m not in OPEN and unit_of(m) is None] == []


@pytest.mark.parametrize("module", sorted(set(MODULES) - OPEN))
def test_a_row_imports_only_smaller_rows(module: str) -> None:
    own = unit_of(module)
    assert own is not None
    for imported in imports_of(MODULES[module]):
        unit = unit_of(imported)
        if unit is not None and unit != own:
            assert ROWS[unit] < ROWS[own], f"{module} (row {ROWS[own]}) imports {imported} (row {ROWS[unit]})"


@pytest.mark.parametrize(
    "module", [m for m in sorted(set(MODULES) - OPEN) if ROWS[str(unit_of(m))] <= LAST_WITHOUT_KERAS]
)
def test_the_core_imports_no_framework(module: str) -> None:
    tops = {name.partition(".")[0] for name in imports_of(MODULES[module])}
    assert not tops & {"keras", "tensorflow"}, module


@pytest.mark.parametrize("module", sorted(MODULES))
def test_private_names_of_keras_stay_in_the_bridge(module: str) -> None:
    if any(f"{module}.".startswith(f"{home}.") for home in PRIVATE_TO_KERAS):
        return
    assert not {name for name in imports_of(MODULES[module]) if name.startswith(("keras.src", "tensorflow.python"))}


@pytest.mark.parametrize("module", sorted(m for m in MODULES if not m.startswith("typedlayers.tensorflow")))
def test_tensorflow_is_imported_where_it_is_used(module: str) -> None:
    """Keras on another backend runs where TensorFlow is not installed."""
    for node in ast.parse(MODULES[module].read_text()).body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
        assert not [name for name in names if name.partition(".")[0] in ("tensorflow", "jax", "torch")]


def loaded_by(statement: str) -> set[str]:
    """The frameworks that a fresh interpreter has loaded after a statement."""
    code = f"import sys\n{statement}\nprint(*({{'keras', 'tensorflow'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "statement",
    [
        "import typedlayers",
        "import typedlayers.catalogue",
        "import typedlayers.rules.contracts.walk, typedlayers.rules.data.topics, typedlayers.verdict.gate",
        "from typedlayers.cli import main",
        "import typedlayers.source.apply, typedlayers.source.witness, typedlayers.cli.fixing, typedlayers.cli.migrate",
        "from typedlayers import ContractError, Mode, mode",
    ],
)
def test_nothing_of_this_loads_a_framework(statement: str) -> None:
    assert loaded_by(statement) == set()


def test_the_check_above_can_fail() -> None:
    assert loaded_by("from typedlayers import layers; layers.Dense") == {"keras", "tensorflow"}


def test_no_text_of_an_annotation_is_evaluated() -> None:
    assert "exec(" in MODULES[RUNS_SCRIPTS].read_text()
    for module, path in MODULES.items():
        if module == RUNS_SCRIPTS:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("eval", "exec"), f"{module}:{node.lineno}"
