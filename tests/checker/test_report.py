"""The report as a value: what counts as fine, what each format holds, and that it needs no Keras."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys

import jsonschema
import pytest

import typedlayers as tl
from tests.diagnostics.test_formats import SARIF
from tests.diagnostics.test_render import SCHEMA
from typedlayers.diagnostics.model import Diagnostic, Location, Repair
from typedlayers.errors import ContractError
from typedlayers.rules.engine import Unchecked
from typedlayers.spec import Spec
from typedlayers.verdict.ledger import Entry
from typedlayers.verdict.report import Report

CAUSED = Diagnostic("TL203", 'Dense "out" needs 784 along axis 1 but gets 676')
ERROR = Diagnostic("TL201", 'Conv2D "conv" needs 4 dimensions but gets 3', follows=(CAUSED,))
WARNING = Diagnostic("TL206", 'Net "net" classifies every pixel by itself')
ENTRY = Entry(
    Repair("cast", "float32"),
    'before Dense "out"',
    Location("<cell 1>", 3),
    'Dense "out" gets integers',
    "TL304",
    Spec("uint8", (None, 8)),
    Spec("float32", (None, 8)),
)
UNCHECKED = (
    Unchecked("targets and loss", ("TL602", "TL604"), "no targets were given", "give targets"),
    Unchecked("ids", ("TL512",), "their values cannot be read", "give arrays"),
)
REPORTS = {
    "empty": Report(),
    "an error": Report(errors=(ERROR,), subject='Sequential "net"'),
    "a warning": Report(warnings=(WARNING,)),
    "a repair": Report(repairs=(ENTRY,)),
    "not checked": Report(unchecked=UNCHECKED),
    "all": Report((ERROR, CAUSED), (WARNING,), (ENTRY,), 'Sequential "net"', UNCHECKED),
}
SHOWN = pytest.mark.parametrize("report", REPORTS.values(), ids=list(REPORTS))


@SHOWN
def test_it_is_fine_without_errors(report: Report) -> None:
    assert report.ok is (len(report.errors) == 0)
    assert report.diagnostics == report.errors + report.warnings


@SHOWN
def test_every_format_holds_every_headline(report: Report) -> None:
    texts = [
        str(report),
        report.to_html(),
        report._repr_html_(),
        report.to_json(),
        report.to_sarif(),
        report.to_github(),
    ]
    for text in texts:
        for diagnostic in report.diagnostics:
            for told in diagnostic.walk():
                assert told.headline in text.replace("&quot;", '"').replace('\\"', '"')


@SHOWN
def test_every_format_holds_what_was_not_checked(report: Report) -> None:
    data = json.loads(report.to_json())["unchecked"]
    assert [Unchecked(**{**one, "codes": tuple(one["codes"])}) for one in data] == list(report.unchecked)
    for text in (str(report), report.to_html(), report._repr_html_(), report.to_sarif(), report.to_github()):
        for one in report.unchecked:
            assert str(one) in text


def test_a_topic_is_one_line() -> None:
    assert str(REPORTS["not checked"]).splitlines() == [
        "not checked",
        "  targets and loss (2 rules): no targets were given; give targets",
        "  ids (TL512): their values cannot be read; give arrays",
        "",
        "nothing to report",
    ]


@SHOWN
def test_it_has_no_truth_value(report: Report) -> None:
    with pytest.raises(TypeError, match=r"use report\.ok, or report\.raise_for_errors\(\)"):
        assert report


@SHOWN
def test_it_raises_its_errors_when_asked(report: Report) -> None:
    if report.ok:
        report.raise_for_errors()
        return
    with pytest.raises(ContractError) as raised:
        report.raise_for_errors()
    assert raised.value.diagnostics == report.errors


@SHOWN
def test_it_is_a_collection_of_its_diagnostics(report: Report) -> None:
    assert tuple(report) == report.diagnostics
    assert len(report) == len(report.diagnostics)


@SHOWN
def test_json_and_sarif_fit_their_schemas(report: Report) -> None:
    jsonschema.validate(json.loads(report.to_json()), SCHEMA)
    jsonschema.validate(json.loads(report.to_sarif()), SARIF)


def test_the_repairs_are_told() -> None:
    report = REPORTS["all"]
    (entry,) = json.loads(report.to_json())["repairs"]
    assert (entry["before"], entry["after"]) == ("uint8 (batch, 8)", "float32 (batch, 8)")
    assert str(ENTRY) in str(report)
    assert str(report).splitlines()[-1] == 'Sequential "net": 2 errors, 1 warning, 1 repair'


def test_what_follows_is_folded_under_its_cause() -> None:
    text = str(REPORTS["an error"])
    assert text.count(CAUSED.headline) == 1
    assert f"this also causes: {CAUSED.headline}" in text
    assert text.endswith('Sequential "net": 1 error')


@SHOWN
def test_it_is_a_value(report: Report) -> None:
    assert pickle.loads(pickle.dumps(report)) == report
    assert hash(report) == hash(pickle.loads(pickle.dumps(report)))
    with pytest.raises(AttributeError):
        report.errors = ()  # pyright: ignore[reportAttributeAccessIssue]


def test_it_is_public_and_needs_no_keras() -> None:
    assert tl.Report is Report
    code = "import sys, typedlayers as tl\nprint(tl.Report().to_html()[:9], 'keras' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "<!doctype False\n"
