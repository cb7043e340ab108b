"""The report: all that is known to be wrong with one model, as a value that shows itself in every format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from typedlayers.diagnostics.model import Diagnostic
from typedlayers.diagnostics.render import github, html, json, sarif, text
from typedlayers.errors import ContractError
from typedlayers.rules.engine import Unchecked
from typedlayers.verdict import settings
from typedlayers.verdict.ledger import Entry
from typedlayers.verdict.traceback import ENTRY


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """The findings on a model and its data.

    Attributes:
        errors: findings that stop strict mode, in model order; consequences are listed under their cause.
        warnings: findings that strict mode only warns of, and notes.
        repairs: the repairs of lenient mode, planned or done.
        subject: the model in the user's names.
        unchecked: rules that never got their facts.

    >>> report = Report(errors=(Diagnostic("TL301", "a float64 tensor would be rounded"),), subject='Sequential "net"')
    >>> report
    <Report on Sequential "net": 1 error>
    >>> report.ok
    False
    >>> print(report)
    error[TL301] a float64 tensor would be rounded
      more   typedlayers explain TL301
    <BLANKLINE>
    Sequential "net": 1 error
    """

    errors: tuple[Diagnostic, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    repairs: tuple[Entry, ...] = ()
    subject: str = ""
    unchecked: tuple[Unchecked, ...] = ()

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Errors, then warnings, each in model order, root causes only; `Diagnostic.walk` yields the consequences."""
        return (*self.errors, *self.warnings)

    @property
    def ok(self) -> bool:
        """True if strict mode would raise nothing."""
        return not self.errors

    def __repr__(self) -> str:
        return f"<Report on {text.last_line(self.diagnostics, self._repaired, self.subject)}>"

    def __str__(self) -> str:
        return text.report(self.diagnostics, self._repaired, self.subject, self._unchecked)

    def to_json(self) -> str:
        """Returns the report as JSON; its schema is ``typedlayers/diagnostics/render/schema.json``."""
        return json.render(
            self.diagnostics,
            [_data(entry) for entry in self.repairs],
            self.subject,
            [asdict(one) for one in self.unchecked],
        )

    def to_sarif(self, changes: sarif.Changes | None = None) -> str:
        """Returns the report as SARIF 2.1.0; repairs have no place in it.

        Args:
            changes: the fixes as changes of files, as ``typedlayers check`` finds them.
        """
        return sarif.render(self.diagnostics, self._unchecked, changes=changes, site=settings.current().docs_url)

    def to_github(self) -> str:
        """Returns the report as GitHub's workflow commands, which become annotations."""
        return github.render(self.diagnostics, self._repaired, self.subject, self._unchecked)

    def to_html(self) -> str:
        """Returns the report as an HTML page."""
        return html.render(self.diagnostics, self._repaired, self.subject, self._unchecked)

    def _repr_html_(self) -> str:
        return html.fragment(self.diagnostics, self._repaired, self.subject, self._unchecked)

    def raise_for_errors(self) -> None:
        """Raises what strict mode would raise.

        Raises:
            ContractError: with every error of the report.
        """
        with ENTRY:
            if self.errors:
                raise ContractError(self.errors)

    def __bool__(self) -> bool:
        """A report has no truth value: ``assert check(model)`` would pass whatever it says."""
        raise TypeError("a Report has no truth value; use report.ok, or report.raise_for_errors()")

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.diagnostics)

    def __len__(self) -> int:
        return len(self.diagnostics)

    @property
    def _unchecked(self) -> list[str]:
        return [str(one) for one in self.unchecked]

    @property
    def _repaired(self) -> list[str]:
        return [str(entry) for entry in self.repairs]


def _data(entry: Entry) -> dict[str, Any]:
    return json.repair_data(
        entry.repair,
        what=entry.what,
        where=entry.where,
        why=entry.why,
        code=entry.code,
        before=str(entry.before),
        after=str(entry.after),
    )
