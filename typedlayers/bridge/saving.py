"""What Keras writes when an object is pickled or copied → the object."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import keras


def active_custom_objects() -> dict[str, Any]:
    """Returns the objects of the custom object scope that is active; an inner scope would hide them.

    Keras keeps them in a global attribute that has no public name; without it, an inner scope hides an outer one's.
    """
    try:
        from keras.src.backend.common import global_state
    except ImportError:
        return {}
    return dict(global_state.get_global_attribute("custom_objects_scope_dict") or {})


def unpickled(buffer: Any) -> Any:
    """Returns the layer or model that Keras wrote into a buffer (``KerasSaveable.__reduce__``)."""
    unpickle = getattr(keras.Model, "_unpickle_model", None)
    if unpickle is not None:
        return unpickle(buffer)
    with tempfile.TemporaryDirectory() as folder:  # a Keras without that name still opens its own files
        path = Path(folder) / "object.keras"
        path.write_bytes(buffer.getvalue())
        return keras.saving.load_model(path, safe_mode=False)
