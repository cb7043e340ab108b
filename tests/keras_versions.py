"""What the installed Keras can do: tests of what an older one lacks are skipped."""

from __future__ import annotations

from typing import Final

import keras
import pytest

VERSION: Final = tuple(int(part) for part in keras.__version__.split(".")[:2])
"""``(3, 15)``."""


def since(version: tuple[int, int], what: str) -> pytest.MarkDecorator:
    """Returns the mark of a test that needs a version of Keras.

    Args:
        version: the first one with it.
        what: what it does since then.
    """
    return pytest.mark.skipif(version > VERSION, reason=f"Keras {keras.__version__} lacks it: {what}")


def _takes_no_padding() -> bool:
    try:
        keras.layers.Conv1DTranspose(1, 1, output_padding=0)
    except ValueError:
        return False
    return True


TAKES_NO_PADDING: Final = _takes_no_padding()
"""Whether transposed convolutions take ``output_padding=0``."""

PRIVATE_NAMES: Final = keras.losses.__name__ != "keras.losses"
"""Whether modules of Keras are named ``keras.api.losses``, as in wheels up to 3.9."""
