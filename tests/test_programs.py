"""Whole programs in plain Keras, run unedited: a correct one is not troubled, its broken twin is stopped at once.

Nobody who wrote a program of ``tests/programs/`` has heard of typedlayers. A twin is the same program with one
mistake, written down here as what stands in the place of what.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.program_run import PLAIN, Runner

pytest.importorskip("sklearn")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the programs run in forked children")

FOLDER: Final = Path(__file__).parent / "programs"
MODES: Final = ("strict", "lenient")


@dataclass(frozen=True)
class Twin:
    """A program with one mistake.

    Attributes:
        right: what the correct program says, once.
        wrong: what the twin says in its place.
        codes: the codes of which one is to stop it.
    """

    right: str
    wrong: str
    codes: tuple[str, ...]

    def written(self, program: Path, folder: Path) -> Path:
        """Writes the twin of a program into a folder."""
        source = program.read_text("utf-8")
        assert source.count(self.right) == 1
        twin = folder / program.name
        twin.write_text(source.replace(self.right, self.wrong), "utf-8")
        return twin


TWINS: Final = {
    # labels in the place of the images
    "anomaly_autoencoder": Twin(
        "autoencoder.fit(zeros, zeros, epochs",
        "autoencoder.fit(zeros, y[y == 0], epochs",
        ("TL601",),
    ),
    # padding as -1, which is no class
    "entity_tagger": Twin('padding="post", value=0)', 'padding="post", value=-1)', ("TL606",)),
    # one stride too long: pictures of 16 x 16
    "gan": Twin(
        "layers.Conv2DTranspose(16, 4, strides=2,",
        "layers.Conv2DTranspose(16, 4, strides=4,",
        ("TL203", "TL502"),
    ),
    # the softmax is forgotten
    "imbalanced_generator": Twin(
        'keras.layers.Dense(N_CLASSES, activation="softmax")', "keras.layers.Dense(N_CLASSES)", ("TL604",)
    ),
    # the forgotten Flatten, found on two replicas
    "mirrored_strategy": Twin("            tf.keras.layers.Flatten(),\n", "", ("TL601",)),
    # labels for the sparse loss, given to the other
    "mixed_precision": Twin("y = to_categorical(d.target, num_classes=10)", "y = d.target", ("TL602",)),
    # the dataset was never batched
    "mixture_density": Twin("train = train.shuffle(600, seed=0).batch(64)", "train = train.shuffle(600)", ("TL503",)),
    # two losses exchanged
    "multi_task": Twin(
        '"digit": "sparse_categorical_crossentropy",\n            "odd": "binary_crossentropy",',
        '"digit": "binary_crossentropy",\n            "odd": "sparse_categorical_crossentropy",',
        ("TL602",),
    ),
    # the state is float64, as NumPy made it
    "reinforce": Twin(", dtype=tf.float32)", ")", ("TL301",)),
    # more units than the states that it gets
    "seq2seq": Twin(
        "keras.layers.LSTM(UNITS, return_sequences=True, return_state=True)",
        "keras.layers.LSTM(2 * UNITS, return_sequences=True, return_state=True)",
        ("TL703",),
    ),
    # softmax over one unit is always 1
    "siamese": Twin('Dense(1, activation="sigmoid")', 'Dense(1, activation="softmax")', ("TL603",)),
    # columns under each other's names
    "tabular_features": Twin(
        '"hours": frame["hours"],\n        "job": frame["job"],',
        '"hours": frame["job"],\n        "job": frame["hours"],',
        ("TL302",),
    ),
    # labels as text
    "text_from_strings": Twin(
        "y = np.array([i % 2 for i in range(400)])",
        'y = np.array(["good" if i % 2 else "bad" for i in range(400)])',
        ("TL610",),
    ),
    # an answer for each hour of the window, where one is wanted: MSE broadcasts
    "timeseries_forecast": Twin("GRU(16))", "GRU(16, return_sequences=True))", ("TL601",)),
    # raw bytes for the backbone
    "transfer_learning": Twin("    x = layers.Rescaling(1 / 127.5, offset=-1)(x)\n", "", ("TL401",)),
    # the mask has no axis for the queries; the batch is as long as the sentences
    "transformer_masks": Twin("return keep[:, None, :]", "return keep", ("TL706",)),
    # the head is forgotten: sixteen hidden units are compared with one price
    "two_inputs_weighted": Twin("outputs=price_out)", "outputs=joint)", ("TL601",)),
    # the mask as a PNG file has it: 0 and 255
    "unet_segmentation": Twin("masks[i, disc] = 1\n", "masks[i, disc] = 255\n", ("TL606",)),
    # no Flatten: the decoder gets maps
    "vae": Twin("    x = layers.Flatten()(x)\n", "", ("TL501",)),
    # the loss is not told of the logits
    "video_convlstm": Twin(
        "loss=keras.losses.BinaryCrossentropy(from_logits=True)", 'loss="binary_crossentropy"', ("TL604",)
    ),
}


def test_every_program_has_a_twin() -> None:
    assert [path.stem for path in sorted(FOLDER.glob("*.py"))] == sorted(TWINS)


@pytest.mark.parametrize("name", TWINS)
def test_a_correct_program_runs_as_in_plain_keras(runners: dict[str, Runner], name: str) -> None:
    script = FOLDER / f"{name}.py"
    plain = runners[PLAIN].run(script)
    assert plain.status == 0, plain.stderr
    assert plain.stdout
    assert plain.steps > 0
    for mode in MODES:
        got = runners[mode].run(script)
        assert got.status == 0, got.stderr
        assert got.stdout == plain.stdout
        assert got.steps == plain.steps
        assert "ContractWarning" not in got.stderr


@pytest.mark.parametrize("name", TWINS)
def test_its_broken_twin_is_stopped_before_a_step(runners: dict[str, Runner], name: str, tmp_path: Path) -> None:
    twin = TWINS[name]
    got = runners["strict"].run(twin.written(FOLDER / f"{name}.py", tmp_path))
    assert got.status == 1, got.stdout
    assert any(f"error[{code}]" in got.stderr for code in twin.codes), got.stderr
    assert got.steps == 0
