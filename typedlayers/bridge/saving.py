"""What Keras writes when an object is pickled or copied → the object."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import keras


def unpickled(buffer: Any) -> Any:
    """Returns the layer or model that Keras wrote into a buffer (``KerasSaveable.__reduce__``)."""
    unpickle = getattr(keras.Model, "_unpickle_model", None)
    if unpickle is not None:
        return unpickle(buffer)
    with tempfile.TemporaryDirectory() as folder:  # a Keras without that name still opens its own files
        path = Path(folder) / "object.keras"
        path.write_bytes(buffer.getvalue())
        return keras.saving.load_model(path, safe_mode=False)
