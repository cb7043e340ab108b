"""The versions that are supported: a slice of the tests with each TensorFlow, its Keras and its Pythons.

make versions                                    every combination; each needs its Python to be installed
nox -s "versions-3.12(tensorflow='2.19')"        one of them
nox -s nightly                                   the next Keras, which may fail
"""

from __future__ import annotations

import nox

nox.options.default_venv_backend = "venv"
nox.options.sessions = ["versions"]
nox.options.error_on_missing_interpreters = False

PYTHONS = {
    "2.18": ("3.11", "3.12"),
    "2.19": ("3.11", "3.12"),
    "2.20": ("3.11", "3.12", "3.13"),
    "2.21": ("3.11", "3.12", "3.13"),
}
"""The Pythons for which there is a wheel of each TensorFlow."""

KERAS = {"2.18": "3.8.*", "2.19": "3.11.*", "2.20": "3.13.*", "2.21": "3.15.*"}
"""The Keras of the same months; TensorFlow itself asks for 3.5 or later, and pip would take the newest."""

SLICE = (
    "tests/contracts",
    "tests/facts",
    "tests/rules",
    "tests/bridge",
    "tests/layers/test_table.py",
    "tests/layers/test_infer.py",
    "tests/layers/test_annotations.py",
    "tests/models/test_sequential.py",
    "tests/models/test_training.py",
    "tests/saving/test_plain_keras.py",
    "tests/test_namespace.py",
    "tests/test_installation.py",
)
"""What depends on Keras: contracts against real layers, models, training, files, the namespace."""

TOOLS = ("pytest", "pytest-xdist", "hypothesis", "syrupy", "jsonschema", "pandas", "scikit-learn")


@nox.session(python=["3.11", "3.12", "3.13"])
@nox.parametrize("tensorflow", list(PYTHONS))
def versions(session: nox.Session, tensorflow: str) -> None:
    """Runs the slice with one Python, one TensorFlow and its Keras."""
    if session.python not in PYTHONS[tensorflow]:
        session.skip(f"TensorFlow {tensorflow} has no wheel for Python {session.python}")
    session.install(f"tensorflow=={tensorflow}.*", f"keras=={KERAS[tensorflow]}", *TOOLS, "-e", ".")
    _run(session)


@nox.session(python="3.12")
def nightly(session: nox.Session) -> None:
    """Runs the slice with the next Keras and the newest TensorFlow, whatever the pins say."""
    session.install("-e", ".", *TOOLS)
    session.install("--pre", "--no-deps", "keras-nightly")
    _run(session)


def _run(session: nox.Session) -> None:
    session.run(
        "python", "-c", "import keras, tensorflow as tf; print('Keras', keras.__version__, 'TF', tf.__version__)"
    )
    session.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", *(session.posargs or SLICE))
