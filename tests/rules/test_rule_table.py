"""Nothing is missing: every code has its page and its programs, every rule its file, its tests and its rows."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any, Final

import pytest

from typedlayers.diagnostics.codes import CODES
from typedlayers.diagnostics.pages import page_of
from typedlayers.rules.table import homes, rules

CORPUS: Final = json.loads((Path(__file__).parents[1] / "corpus_expectations.json").read_text())
RULES: Final = {rule.code: rule for rule in rules()}

_PAGE: Final = "no report of it is among the programs; its page holds one, which runs"

NOT_IN_CORPUS: Final = {
    "TL108": _PAGE,
    "TL624": _PAGE,
    "TL741": _PAGE,
    "TL742": _PAGE,
    "TL710": _PAGE,
    "TL625": _PAGE,
    "TL109": _PAGE,
    "TL413": _PAGE,
    "TL743": _PAGE,
    "TL525": _PAGE,
    "TL526": _PAGE,
    "TL626": _PAGE,
    "TL627": _PAGE,
    "TL628": _PAGE,
    "TL629": _PAGE,
    "TL527": _PAGE,
    "TL528": _PAGE,
    "TL744": _PAGE,
    "TL745": _PAGE,
    "TL531": _PAGE,
    "TL630": _PAGE,
    "TL746": _PAGE,
    "TL230": _PAGE,
    "TL110": _PAGE,
    "TL309": _PAGE,
    "TL806": _PAGE,
    "TL534": _PAGE,
    "TL414": _PAGE,
    "TL723": _PAGE,
    "TL724": _PAGE,
    "TL739": _PAGE,
    "TL740": _PAGE,
    "TL215": _PAGE,
    "TL216": _PAGE,
    "TL217": _PAGE,
    "TL222": _PAGE,
    "TL302": _PAGE,
    "TL501": _PAGE,
    "TL508": _PAGE,
    "TL514": _PAGE,
    "TL515": _PAGE,
    "TL517": _PAGE,
    "TL518": _PAGE,
    "TL614": _PAGE,
    "TL615": _PAGE,
    "TL616": _PAGE,
    "TL618": _PAGE,
    "TL621": _PAGE,
    "TL623": _PAGE,
    "TL622": _PAGE,
    "TL620": _PAGE,
    "TL519": _PAGE,
    "TL619": _PAGE,
    "TL520": _PAGE,
    "TL523": _PAGE,
    "TL529": _PAGE,
    "TL524": _PAGE,
    "TL716": _PAGE,
    "TL719": _PAGE,
    "TL219": _PAGE,
    "TL409": _PAGE,
    "TL412": _PAGE,
    "TL720": _PAGE,
    "TL731": _PAGE,
    "TL732": _PAGE,
    "TL733": _PAGE,
    "TL734": _PAGE,
    "TL735": _PAGE,
    "TL736": _PAGE,
    "TL737": _PAGE,
    "TL738": _PAGE,
    "TL805": _PAGE,
    "TL804": _PAGE,
    "TL801": "only lenient mode casts bytes and leaves them unscaled; the table tells the codes of strict mode",
}
"""Rules that no program of the corpus breaks, and why."""


def tables(code: str, kind: str) -> list[Any]:
    """Returns the tables of a rule's tests of a kind: ``WRONG``, ``WRONG_ARRAYS``."""
    folder, rule = homes()[code].split(".")[-2:]
    module = vars(importlib.import_module(f"tests.rules.{folder}.test_{rule}"))
    return [rows for name, rows in module.items() if f"{name}_".startswith(f"{kind}_")]


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_page(code: str) -> None:
    assert page_of(code).title == f"{code} {CODES[code].rule}"


@pytest.mark.parametrize("code", homes())
def test_a_file_holds_the_rule_of_its_name(code: str) -> None:
    assert RULES[code].code == code
    assert RULES[code] is importlib.import_module(homes()[code]).RULE


def test_every_rule_is_in_the_table_once() -> None:
    assert sorted(rule.code for rule in rules()) == sorted(homes())


@pytest.mark.parametrize("code", homes())
def test_what_explains_a_rule_is_another_code(code: str) -> None:
    assert RULES[code].after <= CODES.keys() - {code}


@pytest.mark.parametrize("code", homes())
@pytest.mark.parametrize("kind", ["WRONG", "RIGHT"])
def test_every_rule_has_rows(code: str, kind: str) -> None:
    found = tables(code, kind)
    assert found
    assert all(isinstance(rows, dict | list) and rows for rows in found)


@pytest.mark.parametrize("code", homes())
def test_a_program_breaks_every_rule(code: str) -> None:
    met = {one for row in CORPUS.values() for one in row["strict"]}
    assert (code in met) is (code not in NOT_IN_CORPUS)


def test_the_exceptions_are_rules() -> None:
    assert NOT_IN_CORPUS.keys() <= homes().keys()
