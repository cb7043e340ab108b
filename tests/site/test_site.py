"""The site: every page is in it, generated or by hand, and every link leads to one."""

from __future__ import annotations

import importlib
import posixpath
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import typedlayers
from tools.site.gathering import ROOT, all_pages, gather, written_by_hand
from tools.site.linking import with_links
from tools.site.reference import GROUPS
from typedlayers.catalogue import CONTRACTS
from typedlayers.diagnostics.codes import CODES

PAGES = all_pages()
CONFIG = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]
GENERATED_SECTIONS = ("codes/", "layers/")
"""Their pages are reached from a table."""

_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def in_nav(entry: Any) -> Iterator[str]:
    """Yields the pages of a part of the navigation."""
    match entry:
        case str():
            yield entry
        case list():
            for one in entry:
                yield from in_nav(one)
        case dict():
            for one in entry.values():
                yield from in_nav(one)


def test_there_is_a_page_for_each_code_and_each_layer() -> None:
    assert {f"codes/{code}.md" for code in CODES} <= PAGES.keys()
    assert {f"layers/{name}.md" for name in CONTRACTS} <= PAGES.keys()


def test_the_tables_list_all() -> None:
    assert all(f"({code}.md)" in PAGES["codes/index.md"] for code in CODES)
    assert all(f"({name}.md)" in PAGES["layers/index.md"] for name in CONTRACTS)


def test_the_reference_has_every_public_name() -> None:
    named = [name for _, names in GROUPS.values() for name in names]
    documented = {name.rpartition(".")[2] for name in named if not name.startswith("testing.")}
    assert documented == set(typedlayers.__all__) - {"keras", "layers"}
    for name in named:
        module, _, attribute = f"typedlayers.{name}".rpartition(".")
        assert hasattr(importlib.import_module(module), attribute)


def test_every_page_is_in_the_navigation() -> None:
    listed = list(in_nav(CONFIG["nav"]))
    assert len(listed) == len(set(listed))
    reached_by_a_table = {path for path in PAGES if path.startswith(GENERATED_SECTIONS) and "index" not in path}
    assert set(listed) == PAGES.keys() - reached_by_a_table


@pytest.mark.parametrize("path", PAGES)
def test_links_lead_to_pages_and_headings(path: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", _FENCED.sub("", PAGES[path])):
        page, _, heading = target.partition("#")
        found = posixpath.normpath(posixpath.join(posixpath.dirname(path), page)) if page else path
        assert found in PAGES, f"{path}: {target}"
        if heading:
            assert heading in {slug(line) for line in re.findall(r"^#+ (.*)$", PAGES[found], re.MULTILINE)}, target


def slug(heading: str) -> str:
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", heading.lower())).strip("-")


LINKED = {
    "in prose": ("a.md", "see TL201", "see [TL201](codes/TL201.md)"),
    "from a folder": ("guides/a.md", "TL201.", "[TL201](../codes/TL201.md)."),
    "on its own page": ("codes/TL201.md", "TL201", "TL201"),
    "in code": ("a.md", "`allow[TL201]`", "`allow[TL201]`"),
    "in a link": ("a.md", "[TL201](x.md)", "[TL201](x.md)"),
    "in a heading": ("a.md", "# TL201", "# TL201"),
    "in a block": ("a.md", "```\nTL201\n```\n", "```\nTL201\n```\n"),
    "no code": ("a.md", "TL999", "TL999"),
}


@pytest.mark.parametrize(("path", "text", "linked"), LINKED.values(), ids=list(LINKED))
def test_codes_become_links(path: str, text: str, linked: str) -> None:
    assert with_links(path, text) == linked


def test_pages_are_written_anew(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "left.md").write_text("of an earlier build")
    assert {path.relative_to(folder).as_posix() for path in gather(folder)} == PAGES.keys()
    assert not (folder / "left.md").exists()


def test_no_generated_page_is_committed() -> None:
    assert not [path for path in written_by_hand() if path.startswith((*GENERATED_SECTIONS, "reference/"))]
