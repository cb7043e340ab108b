"""The table of codes, the pages and the sources agree."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

import typedlayers
from typedlayers.diagnostics import codes
from typedlayers.diagnostics.codes import CODES, KINDS, RETIRED, RULES, Code, code_named
from typedlayers.diagnostics.pages import SECTIONS, page_of, written

PACKAGE = Path(typedlayers.__file__).parent
ALL = pytest.mark.parametrize("row", CODES.values(), ids=list(CODES))


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert set(written()) == set(CODES)


@ALL
def test_the_title_of_a_page_is_code_and_rule(row: Code) -> None:
    assert page_of(row.code).title == f"{row.code} {row.rule}"


@ALL
def test_a_page_has_every_section_and_examples_of_wrong_and_right(row: Code) -> None:
    page = page_of(row.code)
    assert tuple(page.sections) == ("", *SECTIONS)
    assert all(page.sections.values())
    assert {"Wrong", "Right"} <= {heading for heading, _ in page.examples()}
    assert page.text.count("```python") == len(list(page.examples()))


@ALL
def test_the_text_of_a_page_is_plain(row: Code) -> None:
    prose = re.sub(r"```.*?```", "", page_of(row.code).text, flags=re.DOTALL)
    assert "!" not in prose
    for named in re.findall(r"TL\d{3}", prose):
        assert named in CODES


def test_codes_and_rules_are_unique() -> None:
    rows = codes._ROWS
    assert len({row.code for row in rows}) == len(rows) == len(CODES)
    assert len({row.rule for row in rows}) == len(rows) == len(RULES)
    assert [row.code for row in rows] == sorted(row.code for row in rows)


@ALL
def test_a_row_is_well_formed(row: Code) -> None:
    assert re.fullmatch(r"TL[1-9]\d\d", row.code)
    assert row.code[2] in KINDS
    assert row.kind == KINDS[row.code[2]]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row.rule)
    assert row.summary
    assert not row.summary.endswith(".")


@ALL
def test_a_code_is_found_by_number_and_by_rule_in_any_case(row: Code) -> None:
    assert code_named(row.code.lower()) is row
    assert code_named(row.rule.upper()) is row


def _emitted() -> dict[str, list[str]]:
    """The string constants of the sources that are codes, each with the files that have them; not the table's own."""
    found: dict[str, list[str]] = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        if file == PACKAGE / "diagnostics" / "codes.py":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"TL\d{3}", node.value):
                found.setdefault(node.value, []).append(str(file.relative_to(PACKAGE)))
    return found


def test_every_code_in_the_sources_is_in_the_table() -> None:
    unknown = {code: files for code, files in _emitted().items() if code not in CODES}
    assert not unknown


def test_retired_codes_are_gone_and_lead_to_one_that_is_there() -> None:
    for old, new in RETIRED.items():
        assert old not in CODES
        assert new in CODES


def test_a_retired_code_redirects(monkeypatch: pytest.MonkeyPatch) -> None:
    retired: Mapping[str, str] = {"TL299": "TL201"}
    monkeypatch.setattr(codes, "RETIRED", retired)
    assert code_named("tl299").code == "TL201"


def test_an_unknown_name_is_answered_with_near_ones() -> None:
    with pytest.raises(LookupError, match="rank-mismatch") as caught:
        code_named("rank-mismach")
    assert "typedlayers rules" in str(caught.value)


def test_a_code_without_a_page_is_an_error() -> None:
    with pytest.raises(LookupError, match="TL999"):
        page_of("TL999")
