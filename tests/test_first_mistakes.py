"""The three mistakes that this project began with are said by the same code, however the program is run."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.program_run import PLAIN, Runner

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the programs run in forked children")

UNEDITED: Final = "import keras\nimport numpy as np\nimport tensorflow as tf\n"
TYPED: Final = "from typedlayers import keras\nimport numpy as np\nimport tensorflow as tf\n"
CHECK: Final = "import typedlayers as tl\nprint(tl.check(model, x))\n"
CHECK_WITH_TARGETS: Final = "import typedlayers as tl\nprint(tl.check(model, x, targets=y))\n"
FIT: Final = "model.fit(x, y, verbose=0)\n"


@dataclass(frozen=True)
class Mistake:
    """A program with one mistake, in parts.

    Attributes:
        model: makes ``model``.
        data: makes ``x`` and ``y``.
        use: what the program does with them.
        loss: compiles the model.
        told: what it is told.
        with_targets: what it is told when there are targets: more is known then.
    """

    model: str
    data: str
    use: str
    loss: str
    told: str
    with_targets: str


MISTAKES: Final = {
    "a float64 tensor into Dense": Mistake(
        model="model = keras.Sequential([keras.Input((10,)), keras.layers.Dense(64, activation='relu')])\n",
        data="x, y = tf.random.normal((32, 10), dtype=tf.float64), tf.zeros((32, 64))\n",
        use="model(x)\n",
        loss="model.compile('sgd', 'mse')\n",
        told="error[TL301]",
        with_targets="error[TL301]",
    ),
    # both Dense work on each pixel: ten numbers for every position of the picture
    "a custom layer around Dense on one picture": Mistake(
        model="""
class Projection(keras.layers.Layer):
    def __init__(self, size, **named):
        super().__init__(**named)
        self.dense = keras.layers.Dense(size)

    def call(self, x):
        return self.dense(x)

model = keras.Sequential([Projection(64, name="projection"), keras.layers.Dense(10, name="scores")])
""",
        data="x, y = keras.random.normal((1, 32, 32, 3)), np.array([3])\n",
        use="model(x)\n",
        loss="model.compile('sgd', keras.losses.SparseCategoricalCrossentropy(from_logits=True))\n",
        told="warning[TL206] perhaps",
        with_targets="error[TL601]",
    ),
    "raw bytes from tf.data into Conv2D": Mistake(
        model="""
model = keras.Sequential([
    keras.layers.Conv2D(8, 3, activation="relu"),
    keras.layers.Flatten(),
    keras.layers.Dense(10, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy")
""",
        data="x = np.random.default_rng(0).integers(0, 256, (32, 16, 16, 3)).astype('uint8')\ny = np.arange(32) % 10\n",
        use="model.fit(tf.data.Dataset.from_tensor_slices((x, y)).batch(8), verbose=0)\n",
        loss="",
        told="error[TL401]",
        with_targets="error[TL401]",
    ),
}
NAMES = pytest.mark.parametrize("name", MISTAKES)


def said(runner: Runner, source: str, folder: Path) -> str:
    """Returns what a program prints, after no step of training."""
    script = folder / "program.py"
    script.write_text(source, "utf-8")
    run = runner.run(script)
    assert run.steps == 0
    return run.stdout + run.stderr


@NAMES
def test_an_unedited_program_under_typedlayers_run(runners: dict[str, Runner], name: str, tmp_path: Path) -> None:
    one = MISTAKES[name]
    assert one.told in said(runners["strict"], UNEDITED + one.model + one.data + one.use, tmp_path)
    fitted = UNEDITED + one.model + one.data + one.loss + FIT
    assert one.with_targets in said(runners["strict"], fitted, tmp_path)


@NAMES
def test_a_typed_program(runners: dict[str, Runner], name: str, tmp_path: Path) -> None:
    one = MISTAKES[name]
    assert one.told in said(runners[PLAIN], TYPED + one.model + one.data + one.use, tmp_path)
    assert one.with_targets in said(runners[PLAIN], TYPED + one.model + one.data + one.loss + FIT, tmp_path)


@NAMES
@pytest.mark.parametrize("start", [TYPED, UNEDITED], ids=["typed", "plain"])
def test_a_report(runners: dict[str, Runner], name: str, start: str, tmp_path: Path) -> None:
    one = MISTAKES[name]
    assert one.told in said(runners[PLAIN], start + one.model + one.data + CHECK, tmp_path)
    with_targets = start + one.model + one.data + one.loss + CHECK_WITH_TARGETS
    assert one.with_targets in said(runners[PLAIN], with_targets, tmp_path)
