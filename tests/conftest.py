"""What all tests share: faults of our own are raised, the mode is strict, seeds are fixed."""

from __future__ import annotations

import os
from collections.abc import Iterator

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.pop("TYPEDLAYERS_MODE", None)

import pytest

from typedlayers import errors, modes


@pytest.fixture(autouse=True)
def _clean_modes() -> Iterator[None]:
    errors.raise_faults()
    yield
    modes._Process.mode = None
    errors.raise_faults(False)
