"""Faults of typedlayers itself are raised here, not turned into warnings."""

from __future__ import annotations

import os
from collections.abc import Iterator

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import pytest

from typedlayers.errors import faults_are_raised, raise_faults


@pytest.fixture(autouse=True)
def _faults() -> Iterator[None]:
    before = faults_are_raised()
    raise_faults()
    yield
    raise_faults(before)
