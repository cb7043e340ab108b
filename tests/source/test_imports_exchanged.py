"""`typedlayers migrate`: imports exchanged and back, byte for byte."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from typedlayers.cli.migrate import Direction, migrated
from typedlayers.source.imports import typed, untyped
from typedlayers.source.notebook import exchanged
from typedlayers.source.program import NoPlace, Program

ROWS = [
    # as it was, typed
    ("import keras", "from typedlayers import keras"),
    ("import keras as K  # short", "from typedlayers import keras as K  # short"),
    ("import keras, numpy as np", "import typedlayers.keras as keras, numpy as np"),
    ("import os, keras", "import os, typedlayers.keras as keras"),
    ("import keras.layers", "import keras.layers, typedlayers.keras as keras"),
    ("import keras.utils, os", "import keras.utils, typedlayers.keras as keras, os"),
    ("import keras.layers, keras.models", "import keras.layers, keras.models, typedlayers.keras as keras"),
    ("import keras.layers as L", "import typedlayers.keras.layers as L"),
    ("from keras import layers", "from typedlayers import layers"),
    ("from keras import (layers as L)", "from typedlayers import (layers as L)"),
    ("from keras import layers, ops", "from typedlayers.keras import layers, ops"),
    (
        "from keras import (\n    Model,  # a\n    ops,\n)",
        "from typedlayers.keras import (\n    Model,  # a\n    ops,\n)",
    ),
    ("from keras.layers import Dense, LSTM", "from typedlayers.keras.layers import Dense, LSTM"),
    ("from keras.layers import *", "from typedlayers.keras.layers import *"),
    ("from keras import *", "from typedlayers.keras import *"),
    ("from keras.models import Sequential", "from typedlayers.keras.models import Sequential"),
    ("from keras.saving import load_model", "from typedlayers.keras.saving import load_model"),
    (
        "import tensorflow as tf\ntf.keras.layers.Dense(3)",
        "import typedlayers.tensorflow as tf\ntf.keras.layers.Dense(3)",
    ),
    (
        "import tensorflow\ntensorflow.keras.Model",
        "import typedlayers.tensorflow as tensorflow\ntensorflow.keras.Model",
    ),
    ("import tensorflow as tf, os\nk = tf.keras", "import typedlayers.tensorflow as tf, os\nk = tf.keras"),
    (
        "import tensorflow.keras.layers\ntensorflow.keras.layers.Dense",
        "import tensorflow.keras.layers, typedlayers.tensorflow as tensorflow\ntensorflow.keras.layers.Dense",
    ),
    ("from tensorflow import keras", "from typedlayers.tensorflow import keras"),
    ("import tensorflow.keras as keras", "import typedlayers.tensorflow.keras as keras"),
    ("from tensorflow.keras import layers, models", "from typedlayers.tensorflow.keras import layers, models"),
    ("from tensorflow.keras.layers import Dense", "from typedlayers.tensorflow.keras.layers import Dense"),
    (
        "try:\n    import tensorflow.keras as keras\nexcept ImportError:\n    import keras; import os",
        "try:\n    import typedlayers.tensorflow.keras as keras\n"
        "except ImportError:\n    from typedlayers import keras; import os",
    ),
    (
        "def f():\n    import  tensorflow as tf\n\n    return tf.keras.models.Sequential()",
        "def f():\n    import  typedlayers.tensorflow as tf\n\n    return tf.keras.models.Sequential()",
    ),
    ("import tensorflow as tf\r\nx = tf.keras.layers", "import typedlayers.tensorflow as tf\r\nx = tf.keras.layers"),
    ("# coding: latin-1\nimport keras  # é", "# coding: latin-1\nfrom typedlayers import keras  # é"),
]

PAGE = (Path(__file__).parents[2] / "docs/migrate.md").read_text()
OF_THE_PAGE = [tuple(row) for row in re.findall(r"^\| `(.*?)` \| `(.*?)` \|$", PAGE, re.MULTILINE)]

LEFT_ALONE = [
    "import keras.backend as K",
    "from keras import backend, ops",
    "from keras.utils import to_categorical",
    "from keras.applications import VGG16",
    "from tensorflow.keras import backend as K",
    "from tensorflow.keras.preprocessing.image import ImageDataGenerator",
    "import tensorflow as tf\ntf.keras.utils.to_categorical(tf.constant(3))",
    "import tensorflow as tf\n\n\ndef f(tf):\n    return tf.keras.layers",
    "from .keras import layers",
    "import keras_tuner",
    "x = 'import keras'",
]


def encoded(source: str) -> bytes:
    return f"{source}\n".encode("latin-1" if "latin-1" in source else "utf-8")


@pytest.mark.parametrize(("source", "expected"), [*ROWS, *OF_THE_PAGE])
def test_the_way_there_and_back(source: str, expected: str) -> None:
    there = typed(Program(encoded(source))).data
    assert there == encoded(expected)
    assert typed(Program(there)).data == there
    back = untyped(Program(there))
    assert (back.data, back.left) == (encoded(source), ())
    assert untyped(Program(back.data)).data == back.data


@pytest.mark.parametrize("source", LEFT_ALONE)
def test_what_is_not_typed_stays(source: str) -> None:
    assert typed(Program(encoded(source))).data == encoded(source)


BACK = [
    # as a person wrote it, untyped, the lines that are left
    ("from typedlayers import keras, layers  # c", "import keras\nfrom keras import layers  # c", ()),
    ("from typedlayers import layers, Sequential", "from keras import layers, Sequential", ()),
    (
        "from typedlayers import (\n    ContractError,\n    layers,\n)",
        "from keras import layers\nfrom typedlayers import ContractError",
        (1,),
    ),
    ("\nimport typedlayers as tl", "\nimport typedlayers as tl", (2,)),
    ("import typedlayers.keras", "import typedlayers.keras", (1,)),
]


@pytest.mark.parametrize(("source", "expected", "left"), BACK)
def test_typed_imports_of_a_person_go_back_as_far_as_keras_has_them(
    source: str, expected: str, left: tuple[int, ...]
) -> None:
    done = untyped(Program(encoded(source)))
    assert (done.data, done.left) == (encoded(expected), left)


def test_the_page_has_rows() -> None:
    assert len(OF_THE_PAGE) == 10


# ----------------------------------------------------------------------------------------- notebooks
def notebook(*cells: list[str] | str, indent: int = 1, ascii: bool = False) -> bytes:
    code = [{"cell_type": "code", "metadata": {}, "outputs": ["import keras\n"], "source": source} for source in cells]
    note = {"cell_type": "markdown", "source": ["import keras\n", "é"]}
    return json.dumps({"cells": [note, *code], "nbformat": 4}, indent=indent, ensure_ascii=ascii).encode()


NOTEBOOKS = [
    # a notebook, the number of lines that are exchanged
    (notebook(["%matplotlib inline\n", "import tensorflow as tf\n", "!pip list"], ["x = tf.keras.layers.Dense(3)"]), 1),
    (notebook("import keras\nkeras.layers", indent=2), 1),
    (notebook(["%%bash\n", "if x; then"], ["import keras  # é\n", "keras.layers?\n"], ascii=True), 1),
    (notebook(["%%time\n", "from keras import layers"], ["import keras"]), 2),
    (notebook([], ["print(1)"]), 0),
]


@pytest.mark.parametrize(("data", "count"), NOTEBOOKS)
def test_a_notebook_the_way_there_and_back(data: bytes, count: int) -> None:
    there = exchanged(data, "a.ipynb", typed).data
    changed = [a for a, b in zip(there.splitlines(), data.splitlines(), strict=True) if a != b]
    assert len(changed) == count
    assert all(b"typedlayers" in line for line in changed)
    assert exchanged(there, "a.ipynb", untyped).data == data


def test_names_of_one_cell_are_known_in_the_next() -> None:
    assert b"import typedlayers.tensorflow as tf" in exchanged(NOTEBOOKS[0][0], "a.ipynb", typed).data


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"cells": 3}', notebook("def f(:\n    import keras")])
def test_what_is_no_notebook_is_refused(data: bytes) -> None:
    with pytest.raises(NoPlace, match="be read"):
        exchanged(data, "a.ipynb", typed)


# ---------------------------------------------------------------------------------------- the command
@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an environment, a hidden folder, a link to the outside and a file that is no Python."""
    outside = tmp_path / "outside.py"
    root = tmp_path / "project"
    for name in ("a.py", "package/b.py", ".hidden/c.py", "env/lib/d.py", "node_modules/e.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("import keras\n")
    (root / "env/pyvenv.cfg").touch()
    (root / "package/broken.py").write_text("import keras\ndef f(:\n")
    (root / "n.ipynb").write_bytes(NOTEBOOKS[0][0])
    outside.write_text("import keras\n")
    (root / "link.py").symlink_to(outside)
    monkeypatch.chdir(root)
    return root


def texts(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.parent.rglob("*") if file.is_file()}


def test_a_folder_the_way_there_and_back(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = texts(folder)
    assert migrated(".", Direction.TYPED) == 1
    shown = capsys.readouterr()
    assert texts(folder) == before
    assert "+++ b/package/b.py\n" in shown.out
    assert "broken.py cannot be read" in shown.err
    assert migrated(".", Direction.TYPED, write=True) == 1
    changed = {name for name, data in texts(folder).items() if data != before[name]}
    assert changed == {str(folder / name) for name in ("a.py", "package/b.py", "n.ipynb")}
    assert migrated(".", Direction.BACK, write=True) == 0
    assert texts(folder) == before


def test_a_diff_can_be_applied(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    migrated("package", Direction.TYPED)
    patch = capsys.readouterr().out
    subprocess.run(["git", "apply", "-"], input=patch, text=True, check=True, cwd=folder)
    assert (folder / "package/b.py").read_text() == "from typedlayers import keras\n"


def test_a_diff_of_a_file_with_other_line_ends_can_be_applied(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.py").write_bytes(b"import keras\r\n# \x0c\r\n")
    migrated("a.py", Direction.TYPED)
    patch = capsys.readouterr().out.encode()
    subprocess.run(["git", "apply", "-"], input=patch, check=True, cwd=folder)
    assert (folder / "a.py").read_bytes() == b"from typedlayers import keras\r\n# \x0c\r\n"


@pytest.mark.parametrize("path", ["missing.py", "missing", "env/pyvenv.cfg"])
def test_a_path_that_is_neither(folder: Path, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert migrated(path, Direction.TYPED) == 2
    assert path in capsys.readouterr().err


PROGRAM = """\
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.keras.preprocessing.image import ImageDataGenerator
import keras.utils
from keras import backend


@tf.function
def scaled(x):
    if tf.reduce_max(x) > 1:
        return x / 255
    return x


model = tf.keras.Sequential([tf.keras.Input((8, 8, 3)), layers.Conv2D(2, 3), layers.Flatten(), keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(scaled(tf.ones((4, 8, 8, 3))), np.zeros((4, 1)), verbose=0)
print(type(model).__mro__[0] is tf.keras.Sequential, model.layers[-1].__class__ is keras.layers.Dense, backend.floatx())
print(hasattr(type(model.layers[0]), "__typedlayers__") or type(type(model.layers[0])).__name__, ImageDataGenerator)
"""


def test_a_migrated_program_runs_and_is_typed(tmp_path: Path) -> None:
    for name, data in (("plain", PROGRAM.encode()), ("typed", typed(Program(PROGRAM.encode())).data)):
        (tmp_path / f"{name}.py").write_bytes(data)
    said = {
        name: subprocess.run([sys.executable, f"{name}.py"], cwd=tmp_path, capture_output=True, text=True).stdout
        for name in ("plain", "typed")
    }
    assert said["plain"].splitlines()[0] == said["typed"].splitlines()[0] == "True True float32"
    assert "Kin" in said["typed"]
    assert "Kin" not in said["plain"]
