"""`typedlayers fix`: programs are run, mended and run again; the changes are snapshots."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.cli.broken_programs import PROGRAMS, broken
from typedlayers.cli.check import Reference
from typedlayers.cli.fix import Mender
from typedlayers.cli.fixing import fix_program
from typedlayers.cli.outcome import Ended, Mended
from typedlayers.cli.program import Cells, Module, Script
from typedlayers.cli.rehearsal import CheckRun, Run, ScriptRun
from typedlayers.diagnostics.model import Certainty
from typedlayers.source.diff import diff_of
from typedlayers.source.notebook import Notebook
from typedlayers.source.program import NoPlace
from typedlayers.source.project import Project
from typedlayers.source.site import Seen

BROKEN = broken()


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def in_this_process(run: Run, sources: Mapping[str, bytes], seconds: float) -> Seen:
    """A run in this process: the user's modules are imported anew each time."""
    import keras

    keras.backend.clear_session()
    before = set(sys.modules)
    try:
        return run.seen(sources)
    finally:
        for name in set(sys.modules) - before:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(str(Path.cwd())):
                del sys.modules[name]


def mended(run: Run, **settings: object) -> Mended:
    return Mender(run, Project(Path.cwd()), in_this_process, **settings).mended()  # type: ignore[arg-type]


def script(source: str, name: str = "train.py") -> ScriptRun:
    Path(name).write_text(source)
    return ScriptRun(Script(name))


def changes(outcome: Mended) -> str:
    steps = "".join(f"{step.finding.diagnostic.code} {step.fix.text}\n" for step in outcome.steps)
    return steps + diff_of(outcome.before, outcome.after, Path.cwd())


# --------------------------------------------------------------------------------------------- scripts
def test_a_right_program_stays_as_it_is() -> None:
    outcome = mended(script(PROGRAMS["called"][0]))
    assert (outcome.ended, outcome.after, outcome.left) == (Ended.CLEAN, {}, ())


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_program_is_mended(name: str, snapshot: SnapshotAssertion) -> None:
    outcome = mended(script(BROKEN[name]))
    assert changes(outcome) == snapshot
    assert (outcome.ended, outcome.left, outcome.crash) == (Ended.CLEAN, (), None)
    assert Path("train.py").read_text() == BROKEN[name]


SEVERAL = """\
#!/usr/bin/env python
# coding: utf-8

# In[1]:


import keras
import numpy as np
from keras import layers

# In[2]:


images = np.random.default_rng(0).integers(0, 256, size=(40, 8, 8, 1)).astype("uint8")
labels = np.arange(40) % 4 + 1

# In[3]:


model = keras.Sequential([
    layers.Conv2D(4, 3, activation="relu"),  # strokes
    layers.Dense(4, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(images, labels, verbose=0)
"""


def test_several_mistakes_of_an_exported_notebook(snapshot: SnapshotAssertion) -> None:
    outcome = mended(script(SEVERAL))
    assert changes(outcome) == snapshot
    assert (outcome.ended, outcome.left) == (Ended.CLEAN, ())


CELLS: list[Any] = [
    ["%matplotlib inline\n", "import keras\n", "import numpy as np\n", "from keras import layers"],
    ["%%time\n", "images = np.random.default_rng(0).integers(0, 256, size=(40, 8, 8, 1)).astype('uint8')\n",
     "labels = np.arange(40) % 4 + 1  # four kinds, é"],
    "model = keras.Sequential([\n    layers.Conv2D(4, 3, activation='relu'),  # strokes\n"
    "    layers.Dense(4, activation='softmax'),\n])\nmodel.compile('adam', 'sparse_categorical_crossentropy')",
    ["%%bash\n", "if x; then"],
    [],
    ["# the training\n", "model.fit(images, labels, verbose=0)\n", "display(model.name)\n", "!pip list"],
]  # fmt: skip


def notebook(cells: list[Any], **form: Any) -> bytes:
    code: list[Any] = [{"cell_type": "code", "outputs": [{"text": ["1\n"]}], "source": source} for source in cells]
    notes = [{"cell_type": "markdown", "source": ["# Digits\n", "import é"]}]
    return json.dumps({"cells": [*notes, *code], "metadata": {"source": []}, "nbformat": 4}, **form).encode()


FORMS: dict[str, dict[str, Any]] = {
    "as Jupyter writes it": {"indent": 1, "ensure_ascii": False},
    "on one line": {"ensure_ascii": True},
}


@pytest.mark.parametrize("form", FORMS)
def test_a_notebook_is_mended_cell_by_cell(
    form: str, snapshot: SnapshotAssertion, capsys: pytest.CaptureFixture[str]
) -> None:
    file, data = Path("digits.ipynb"), notebook(CELLS, **FORMS[form])
    file.write_bytes(data)
    run = ScriptRun(Cells(str(file)))
    assert fix_program(run, str(Path.cwd()), write=True, rehearse=in_this_process) == 0
    told = capsys.readouterr()
    assert told.out == snapshot(name="diff")
    assert "digits.ipynb, cell 6, line 2" in told.err
    assert Path("digits.ipynb.orig").read_bytes() == data
    expected = [list(one) if isinstance(one, list) else one for one in CELLS]
    expected[2] = expected[2].replace("    layers.Conv2D", "    layers.Rescaling(1 / 255),\n    layers.Conv2D")
    expected[2] = expected[2].replace("    layers.Dense", "    layers.Flatten(),\n    layers.Dense")
    expected[5][1] = expected[5][1].replace("labels", "labels - 1")
    assert file.read_bytes() == notebook(expected, **FORMS[form])


def test_what_is_no_notebook_is_not_run(capsys: pytest.CaptureFixture[str]) -> None:
    Path("broken.ipynb").write_text("{")
    assert fix_program(ScriptRun(Cells("broken.ipynb")), ".", rehearse=in_this_process) == 2
    assert "is no notebook that can be read" in capsys.readouterr().err
    assert fix_program(ScriptRun(Cells("none.ipynb")), ".", rehearse=in_this_process) == 2


def test_an_edit_that_would_join_cells_is_not_made() -> None:
    of = Notebook.of(notebook(["a = 1", "b = 2"]), "a.ipynb")
    with pytest.raises(NoPlace, match="cannot be told apart"):
        of.with_program(b"a = 1\nb = 2\n")


def test_the_page_s_program_gives_the_page_s_diff() -> None:
    page = (Path(__file__).parents[2] / "docs/fix.md").read_text()
    program, diff = (re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL)[0] for kind in ("py", "diff"))
    outcome = mended(script(program))
    assert diff_of(outcome.before, outcome.after, Path.cwd()) == diff


NET = """\
from keras import Sequential, layers


def block(units):
    return layers.Dense(units, activation="relu")


def network():
    model = Sequential([layers.Conv2D(4, 3), block(8), block(8), layers.Dense(3, activation="softmax", name="kind")])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model
"""
TRAIN = """\
import numpy as np

from .net import network

x, y = np.random.default_rng(0).random((12, 8, 8, 1)), np.arange(12) % 3
{more}network().fit(x.astype("float32"), y, verbose=0)
"""


def package(more: str = "") -> None:
    Path("net").mkdir()
    for name, text in (("__init__", ""), ("net", NET), ("train", TRAIN.format(more=more))):
        Path(f"net/{name}.py").write_text(text)


def test_a_package_of_two_modules(snapshot: SnapshotAssertion) -> None:
    package("y = y + 1\n")
    sys.path.insert(0, str(Path.cwd()))
    try:
        outcome = mended(ScriptRun(Module("net.train")))
    finally:
        sys.path.remove(str(Path.cwd()))
    assert changes(outcome) == snapshot
    assert [Path(file).name for file in sorted(outcome.after)] == ["net.py", "train.py"]
    assert (outcome.ended, outcome.left) == (Ended.CLEAN, ())


def test_a_model_that_is_checked(snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch) -> None:
    package()
    monkeypatch.syspath_prepend(str(Path.cwd()))
    Path("net/data.py").write_text(TRAIN.format(more="pairs = x, y\n").split("network()")[0].replace("from .net", "# "))
    run = CheckRun(Reference("net.net", "network"), Reference("net.data", "pairs"))
    outcome = mended(run)
    assert changes(outcome) == snapshot
    assert (outcome.ended, outcome.left) == (Ended.CLEAN, ())


def test_a_file_outside_of_the_project_is_never_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package()
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    monkeypatch.syspath_prepend(str(tmp_path))
    outcome = Mender(
        script("import net.train\n"), Project(tmp_path / "project"), lambda run, sources, _: run.seen(sources)
    ).mended()
    assert (outcome.ended, outcome.after) == (Ended.LEFT, {})
    assert all("net.py is not part of the project" in refused.why for refused in outcome.refused)
    assert len(outcome.refused) == 2


MANY = """\
import keras
import numpy as np
from keras import layers

{made}
model = keras.Sequential([layers.Embedding(9, 4), *stages, layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(np.ones((4, 5)), np.ones((4, 1)))
"""


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ("stages = [layers.LSTM(4) for _ in range(2)]", "in a loop or a function"),
        ("stages = []\nfor _ in range(2):\n    stages.append(layers.LSTM(4))", "in a loop or a function"),
        ("def stage():\n    return layers.LSTM(4)\n\n\nstages = [stage(), stage()]", "in a loop or a function"),
    ],
)
def test_a_line_that_makes_several_layers_is_left_to_the_person(made: str, why: str) -> None:
    outcome = mended(script(MANY.format(made=made)))
    assert (outcome.ended, outcome.after) == (Ended.LEFT, {})
    assert [why in refused.why for refused in outcome.refused] == [True]
    assert outcome.left[0].diagnostic.code == "TL701"


def test_what_is_only_suspected_is_mended_on_request() -> None:
    source = PROGRAMS["subclassed"][0].replace('dtype="float32")', 'dtype="float32") * 255')
    outcome = mended(script(source))
    assert (outcome.ended, outcome.after) == (Ended.CLEAN, {})
    assert [one.diagnostic.certainty for one in outcome.left] == [Certainty.PERHAPS]
    outcome = mended(script(source), with_doubts=True)
    assert (outcome.left, len(outcome.steps)) == ((), 1)
