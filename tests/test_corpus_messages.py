"""Every message that the corpus meets, whole; ``--snapshot-update`` writes them anew."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest

from tests.corpus_case import CASES, Cases

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the cases run in forked children")

BUGS = sorted(name for name, case in CASES.items() if not case.correct)


def normalised(text: str, case: str) -> str:
    """Returns a text without what another folder or another run would change."""
    text = re.sub(rf"[\w./-]*{re.escape(case)}\.py", f"{case}.py", text)
    text = re.sub(r"0x[0-9a-f]{6,}", "0x…", text)
    return re.sub(r"[\w./-]*/(?=site-packages/)", "", text)


@pytest.mark.parametrize("case", BUGS)
def test_a_case_is_told(cases: Cases, case: str, snapshot: Any) -> None:
    assert normalised(cases.run(case, "bug", "strict").told, case) == snapshot
