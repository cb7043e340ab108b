"""The exceptions; each carries its diagnostics."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from typedlayers.diagnostics.model import Diagnostic
from typedlayers.diagnostics.render.text import render

_last = threading.local()


class ContractError(ValueError):
    """A program does not fit its contracts.

    It is a `ValueError`, so that code which catches Keras's own shape errors still works. Built from diagnostics
    it shows their report; built from one string, as Keras and AutoGraph rebuild exceptions on their way out of a
    ``call``, it takes back the diagnostics that this thread last raised with that text.

    Attributes:
        diagnostics: the findings, root causes first.
    """

    # Keras does not rewrite an exception that is marked as rewritten, nor AutoGraph one that is marked to pass through.
    # Both are duck-typed marks: keras utils/traceback_utils.py (inject_argument_info_in_traceback) and
    # tensorflow python/autograph/impl/api.py (_attach_error_metadata).
    _keras_call_info_injected = True
    ag_pass_through = True

    diagnostics: tuple[Diagnostic, ...]

    def __init__(self, diagnostics: Sequence[Diagnostic] | str = ()) -> None:
        if isinstance(diagnostics, str):
            text = diagnostics
            known: tuple[str, tuple[Diagnostic, ...]] | None = getattr(_last, "raised", None)
            self.diagnostics = known[1] if known is not None and known[0] in text else ()
            super().__init__(known[0] if self.diagnostics and known is not None else text)
            return
        self.diagnostics = tuple(diagnostics)
        text = render(self.diagnostics)
        _last.raised = (text, self.diagnostics)
        super().__init__(text)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.diagnostics, str(self)))

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


ContractError.__module__ = "typedlayers"


def _rebuild(diagnostics: tuple[Diagnostic, ...], text: str) -> ContractError:
    return ContractError(diagnostics if diagnostics else text)


class ContractWarning(UserWarning):
    """A possible mistake, or one that was repaired only in part.

    Attributes:
        diagnostics: the findings.
    """

    diagnostics: tuple[Diagnostic, ...]

    def __init__(self, diagnostics: Sequence[Diagnostic] | str = ()) -> None:
        if isinstance(diagnostics, str):
            self.diagnostics = ()
            super().__init__(diagnostics)
        else:
            self.diagnostics = tuple(diagnostics)
            super().__init__(render(self.diagnostics))


ContractWarning.__module__ = "typedlayers"


class _Faults:
    """The setting of `raise_faults`: unexpected exceptions of ours are raised, or become one warning."""

    raised = False


def raise_faults(raised: bool = True) -> None:
    """Raises faults of typedlayers itself in place of a warning; for its own tests."""
    _Faults.raised = raised


def faults_are_raised() -> bool:
    """Returns True if faults of typedlayers itself are raised."""
    return _Faults.raised
