"""What a piece of a program is warned of."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator

import typedlayers as tl
from typedlayers.diagnostics.model import Diagnostic


@contextlib.contextmanager
def warned(*codes: str) -> Iterator[list[Diagnostic]]:
    """Gives the findings with these codes that a ``with`` block was warned of, all if none is named, once it ends."""
    found: list[Diagnostic] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield found
    told = [one for w in caught if isinstance(w.message, tl.ContractWarning) for one in w.message.diagnostics]
    found += [one for one in told if not codes or one.code in codes]
