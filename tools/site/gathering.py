"""Every page of the site by its path, and the folder that they are written to."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tools.site import codes, layers, reference
from tools.site.linking import with_links

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = ROOT / "build" / "pages"


def written_by_hand() -> dict[str, str]:
    """Returns the pages of ``docs/`` by path."""
    docs = ROOT / "docs"
    return {path.relative_to(docs).as_posix(): path.read_text(encoding="utf-8") for path in sorted(docs.rglob("*.md"))}


def all_pages() -> Mapping[str, str]:
    """Returns every page by path, with codes in prose linked to their pages.

    Raises:
        ValueError: if a page is both written and generated.
    """
    pages = written_by_hand()
    for generated in (codes.pages(), layers.pages(), reference.pages()):
        if twice := pages.keys() & generated:
            raise ValueError(f"written and generated: {', '.join(sorted(twice))}")
        pages |= generated
    return {path: with_links(path, text) for path, text in pages.items()}


def gather(folder: Path) -> list[Path]:
    """Writes every page below a folder, which is emptied first; returns the files."""
    shutil.rmtree(folder, ignore_errors=True)
    files = []
    for path, text in all_pages().items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        files.append(file)
    return files
