"""A candidate: edits that may mend a finding, and how likely they are beside others."""

from __future__ import annotations

from dataclasses import dataclass

from typedlayers.diagnostics.edit import Edit


@dataclass(frozen=True, slots=True)
class Candidate:
    """Edits that may mend a finding.

    Attributes:
        edits: the edits, to be made together.
        distance: how many layers lie between them and the place of the finding.
        unlike: what they cost more, or less, than such edits in general.
        note: the words after them.
    """

    edits: tuple[Edit, ...]
    distance: int = 0
    unlike: float = 0.0
    note: str = ""
