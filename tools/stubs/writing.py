"""All stubs, by their file; formatted by ruff, as all files here are."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import keras

from tools.stubs import bases, hints, layers, models, namespace

ROOT = Path(__file__).parents[2]
MARK = "# Made by `python -m tools.stubs` of Keras "


def texts() -> Mapping[str, str]:
    """Returns the text of each stub, unformatted, by its path in the repository."""
    found = {
        "_typing/hints.pyi": hints.header(),
        "_typing/bases.pyi": bases.BASES,
        "_typing/listed.pyi": bases.listed(),
        "layers/__init__.pyi": layers.text(),
        "models/model.pyi": models.model(),
        "models/sequential.pyi": models.sequential(),
        **{f"keras/{name}": text for name, text in namespace.files()},
    }
    return {f"typedlayers/{name}": f"{MARK}{keras.__version__}\n{text}" for name, text in found.items()}


def write(folder: Path = ROOT) -> list[Path]:
    """Writes all stubs below a folder and returns their paths."""
    written = []
    for name, text in texts().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    for command in (["check", "--fix", "--quiet", "--select", "F401,I"], ["format", "--quiet"]):
        config = ["--config", str(ROOT / "pyproject.toml")]
        subprocess.run([sys.executable, "-m", "ruff", *command, *config, *map(str, written)], check=True)
    return written
