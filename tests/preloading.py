"""What a process imports before it forks a child for each program: else every child would import it anew.

No op runs here: TensorFlow's thread pools do not survive a fork.
"""

from __future__ import annotations

import gc
import importlib
import pkgutil

LATE = ("tensorflow.python.data.ops", "tensorflow.saved_model")
"""Packages whose modules TensorFlow imports when a program first needs them."""


def preload(*packages: str) -> None:
    """Imports Keras, TensorFlow and every module of packages, and keeps them out of the children's garbage collections.

    A collection writes to each object that it looks at, and so copies the pages that a child shares with its parent.
    """
    for package in ("keras", "tensorflow", *LATE, *packages):
        importlib.import_module(package)
    for package in (*LATE, *packages):
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    gc.collect()
    gc.freeze()
