"""The explanation pages: one Markdown file per code in ``explanations/``, read by code."""

from __future__ import annotations

import importlib.resources
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from typedlayers.diagnostics.codes import CODES, Code

SECTIONS: Final = ("Wrong", "Right", "What lenient mode does", "When it is wrong to complain")
"""The headings of every page, in their order."""

_FENCED: Final = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes:
        code: the code that it explains.
        text: the page as Markdown.
    """

    code: Code
    text: str

    @property
    def title(self) -> str:
        """The page's first line without its mark: ``TL201 rank-mismatch``."""
        return self.text.partition("\n")[0].removeprefix("# ")

    @property
    def sections(self) -> dict[str, str]:
        """The text below each heading, by heading, in order; the text before the first is ``""``'s."""
        head, *parts = re.split(r"^## ", self.text.partition("\n")[2], flags=re.MULTILINE)
        found = {"": head.strip()}
        for part in parts:
            heading, _, body = part.partition("\n")
            found[heading.strip()] = body.strip()
        return found

    def examples(self) -> Iterator[tuple[str, str]]:
        """Yields each Python example with its heading."""
        for heading, body in self.sections.items():
            for example in _FENCED.findall(body + "\n"):
                yield heading, example


def page_of(code: str) -> Page:
    """Returns the page of a code.

    Raises:
        LookupError: if there is no such code.

    >>> page_of("TL201").title
    'TL201 rank-mismatch'
    """
    row = CODES.get(code)
    if row is None:
        raise LookupError(f"there is no code {code!r}")
    file = importlib.resources.files("typedlayers.diagnostics") / "explanations" / f"{code}.md"
    return Page(row, file.read_text(encoding="utf-8"))


def written() -> tuple[str, ...]:
    """Returns the codes that have a page, in order."""
    folder = importlib.resources.files("typedlayers.diagnostics") / "explanations"
    return tuple(sorted(file.name.removesuffix(".md") for file in folder.iterdir() if file.name.endswith(".md")))
