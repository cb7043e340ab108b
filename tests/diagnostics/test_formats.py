"""HTML, SARIF and GitHub's annotations: whole texts, what they escape, and the rules of each format."""

from __future__ import annotations

import html.parser
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import typedlayers
from tests.diagnostics.test_render import EXAMPLES, LATER, SHOWN
from tools.site.gathering import all_pages
from typedlayers.diagnostics.codes import CODES
from typedlayers.diagnostics.model import Diagnostic, Fix, Location
from typedlayers.diagnostics.pages import page_of
from typedlayers.diagnostics.render import github as as_github
from typedlayers.diagnostics.render import html as as_html
from typedlayers.diagnostics.render import sarif as as_sarif
from typedlayers.diagnostics.render import text as as_text

REPAIRED = ('cast to float32: uint8 (batch, 8) → float32 (batch, 8), before Dense "out" (train.py:3) [TL304]',)
SUBJECT = 'Sequential "mnist"'
HOSTILE = Diagnostic(
    "TL201",
    "</summary><script>alert('a & b')</script> needs 100%, gets ::error::",
    where=Location("<script>", 1, within="a\r\nb"),
    why='"quoted" & <i>more</i>',
    fixes=(Fix("line 1\nline 2"),),
)


@pytest.fixture
def in_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Diagnostic:
    """A diagnostic at a line of a file below the working directory."""
    monkeypatch.chdir(tmp_path)
    caused = LATER.with_(where=Location(str(tmp_path / "my net, v2.py"), 15, 'Dense "out"'))
    where = Location(str(tmp_path / "my net, v2.py"), 14, 'Conv2D "conv1"', 'layer 2 of 5 in Sequential "mnist"')
    return EXAMPLES["with everything"].with_(where=where, follows=(caused,))


# ------------------------------------------------------------------------------------------------ report
def test_the_report_as_text_ends_with_its_counts(snapshot: Any) -> None:
    assert as_text.report([EXAMPLES["a line, no place"], EXAMPLES["perhaps"]], REPAIRED, SUBJECT) == snapshot


LAST_LINES = {
    "nothing": ((), (), "nothing to report"),
    "one": ((LATER,), (), "1 error"),
    "only repairs": ((), REPAIRED * 2, "2 repairs"),
    "all": ((LATER, EXAMPLES["perhaps"], LATER), REPAIRED, "2 errors, 1 warning, 1 repair"),
}


@pytest.mark.parametrize(("diagnostics", "repairs", "line"), LAST_LINES.values(), ids=list(LAST_LINES))
def test_the_last_line(diagnostics: tuple[Diagnostic, ...], repairs: tuple[str, ...], line: str) -> None:
    assert as_text.last_line(diagnostics, repairs) == line
    assert as_text.last_line(diagnostics, repairs, SUBJECT) == f"{SUBJECT}: {line}"
    assert as_text.report(diagnostics, repairs, SUBJECT).splitlines()[-1] == f"{SUBJECT}: {line}"


# ------------------------------------------------------------------------------------------------- HTML
VOID = {"meta", "!doctype"}


class Page(html.parser.HTMLParser):
    """Reads a page: its text, its elements, and whether each that opens is closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.told, self.opened, self.seen = "", [], set()
        self.feed(page)
        assert not self.opened

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen |= {tag, *(name for name, _ in attrs)}
        if tag not in VOID:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.told += data


def test_the_page_as_a_whole(snapshot: Any) -> None:
    assert as_html.render([EXAMPLES["with everything"], EXAMPLES["perhaps"]], REPAIRED, SUBJECT) == snapshot


@pytest.mark.parametrize("diagnostic", [*EXAMPLES.values(), HOSTILE], ids=[*EXAMPLES, "hostile"])
def test_a_page_tells_all_that_the_text_does(diagnostic: Diagnostic) -> None:
    page = Page(as_html.render([diagnostic], REPAIRED, "<b>model</b>"))
    assert as_text.headline(diagnostic) in page.told
    assert "<b>model</b>: 1 " in page.told
    for text in (as_text.place(diagnostic.where), *(text for _, text in as_text.rows(diagnostic)), *REPAIRED):
        assert text.replace("\r\n", "\n") in page.told.replace("\r\n", "\n")
    assert page.seen.isdisjoint({"script", "link", "img", "iframe", "src", "href", "b", "i"})


def test_a_page_stands_alone() -> None:
    page = as_html.render([HOSTILE])
    assert page.startswith("<!doctype html>")
    assert "light dark" in page
    assert not re.search(r"https?:|url\(|@import", page)


def test_a_fragment_is_the_page_s_body() -> None:
    fragment = as_html.fragment([LATER], REPAIRED, SUBJECT)
    assert fragment in as_html.render([LATER], REPAIRED, SUBJECT)
    assert "<html" not in fragment


# ------------------------------------------------------------------------------------------------ SARIF
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
ADDRESS = {"type": "string", "format": "uri", "pattern": "^https?://"}
COUNTED = {"type": "integer", "minimum": 1}
FILE_AT = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"uri": {"type": "string", "pattern": "^[^ <>\\\\,]+$"}},
}
SARIF: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": {"$ref": "#/$defs/run"}},
    },
    "$defs": {
        "run": {
            "type": "object",
            "required": ["tool"],
            "additionalProperties": False,
            "properties": {
                "tool": {
                    "type": "object",
                    "required": ["driver"],
                    "additionalProperties": False,
                    "properties": {"driver": {"$ref": "#/$defs/toolComponent"}},
                },
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "invocations": {"type": "array", "items": {"$ref": "#/$defs/invocation"}},
                "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
            },
        },
        "invocation": {
            "type": "object",
            "required": ["executionSuccessful"],
            "additionalProperties": False,
            "properties": {
                "executionSuccessful": {"type": "boolean"},
                "toolExecutionNotifications": {"type": "array", "items": {"$ref": "#/$defs/notification"}},
            },
        },
        "notification": {
            "type": "object",
            "required": ["message"],
            "additionalProperties": False,
            "properties": {"level": LEVEL, "message": TEXT},
        },
        "toolComponent": {
            "type": "object",
            "required": ["name"],
            "additionalProperties": False,
            "properties": {
                "name": {"type": "string"},
                "version": {"type": "string"},
                "informationUri": ADDRESS,
                "rules": {"type": "array", "uniqueItems": True, "items": {"$ref": "#/$defs/reportingDescriptor"}},
            },
        },
        "reportingDescriptor": {
            "type": "object",
            "required": ["id"],
            "additionalProperties": False,
            "properties": {
                "id": {"type": "string"},
                "name": {"type": "string"},
                "shortDescription": TEXT,
                "helpUri": ADDRESS,
                "help": {
                    "type": "object",
                    "required": ["text", "markdown"],
                    "additionalProperties": False,
                    "properties": {"text": {"type": "string"}, "markdown": {"type": "string", "pattern": "^# TL"}},
                },
                "defaultConfiguration": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"level": LEVEL},
                },
                "properties": {"type": "object"},
            },
        },
        "result": {
            "type": "object",
            "required": ["message"],
            "additionalProperties": False,
            "properties": {
                "ruleId": {"type": "string"},
                "ruleIndex": {"type": "integer", "minimum": -1},
                "level": LEVEL,
                "message": TEXT,
                "locations": {"type": "array", "items": {"$ref": "#/$defs/location"}},
                "relatedLocations": {"type": "array", "uniqueItems": True, "items": {"$ref": "#/$defs/location"}},
                "fixes": {"type": "array", "uniqueItems": True, "items": {"$ref": "#/$defs/fix"}},
            },
        },
        "fix": {
            "type": "object",
            "required": ["artifactChanges"],
            "additionalProperties": False,
            "properties": {
                "description": TEXT,
                "artifactChanges": {
                    "type": "array",
                    "minItems": 1,
                    "uniqueItems": True,
                    "items": {"$ref": "#/$defs/artifactChange"},
                },
            },
        },
        "artifactChange": {
            "type": "object",
            "required": ["artifactLocation", "replacements"],
            "additionalProperties": False,
            "properties": {
                "artifactLocation": FILE_AT,
                "replacements": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/replacement"}},
            },
        },
        "replacement": {
            "type": "object",
            "required": ["deletedRegion"],
            "additionalProperties": False,
            "properties": {
                "deletedRegion": {
                    "type": "object",
                    "required": ["startLine"],
                    "additionalProperties": False,
                    "properties": dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), COUNTED),
                },
                "insertedContent": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"text": {"type": "string"}},
                },
            },
        },
        "location": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "physicalLocation": {
                    "type": "object",
                    "required": ["artifactLocation"],
                    "additionalProperties": False,
                    "properties": {
                        "artifactLocation": FILE_AT,
                        "region": {
                            "type": "object",
                            "additionalProperties": False,
                            "properties": {"startLine": {"type": "integer", "minimum": 1}},
                        },
                    },
                },
                "logicalLocations": {
                    "type": "array",
                    "uniqueItems": True,
                    "items": {"type": "object", "properties": {"fullyQualifiedName": {"type": "string"}}},
                },
                "message": TEXT,
            },
        },
    },
}
"""What SARIF 2.1.0 requires of the parts that are written here, and no other property."""


def test_sarif_as_a_whole(in_file: Diagnostic, snapshot: Any) -> None:
    data = as_sarif.as_data([in_file, EXAMPLES["perhaps"]])
    for rule in data["runs"][0]["tool"]["driver"]["rules"]:
        assert rule["help"].pop("markdown") == page_of(rule["id"]).text
    text = json.dumps(data, indent=2, ensure_ascii=False)
    assert text.replace(f'"{typedlayers.__version__}"', '"VERSION"') == snapshot


@SHOWN
def test_sarif_fits_its_schema(diagnostic: Diagnostic, in_file: Diagnostic) -> None:
    jsonschema.validate(json.loads(as_sarif.render([diagnostic, in_file, HOSTILE])), SARIF)


def test_sarif_of_every_code_fits_its_schema() -> None:
    data = as_sarif.as_data([Diagnostic(code, "a headline") for code in CODES])
    jsonschema.validate(data, SARIF)
    (run,) = data["runs"]
    for result in run["results"]:
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert (rule["id"], rule["name"]) == (result["ruleId"], CODES[result["ruleId"]].rule)


def test_sarif_of_nothing_is_a_run_without_results() -> None:
    data = as_sarif.as_data([])
    jsonschema.validate(data, SARIF)
    assert data["runs"][0]["results"] == []


SITE = "https://docs.example.org/typedlayers/"


def test_without_an_address_no_rule_has_a_page() -> None:
    (run,) = as_sarif.as_data([LATER])["runs"]
    assert "informationUri" not in run["tool"]["driver"]
    assert "helpUri" not in run["tool"]["driver"]["rules"][0]


def test_with_an_address_each_rule_has_its_page_on_the_site() -> None:
    data = as_sarif.as_data([Diagnostic(code, "a headline") for code in CODES], site=SITE)
    jsonschema.validate(data, SARIF)
    driver = data["runs"][0]["tool"]["driver"]
    assert driver["informationUri"] == SITE
    pages = all_pages()
    for rule in driver["rules"]:
        assert f"{rule['helpUri'].removeprefix(SITE).rstrip('/')}.md" in pages


TEXTS = {
    # a file before and after a fix
    "a line more": ("a = 1\nb = 2\n", "a = 1\nc = 3\nb = 2\n"),
    "a line at the end": ("a = 1\n", "a = 1\nb = 2\n"),
    "behind a last line that does not end": ("a = 1", "a = 1\nb = 2"),
    "a line less": ("a = 1\nb = 2\nc = 3\n", "a = 1\nc = 3\n"),
    "the last line less": ("a = 1\nb = 2", "a = 1\n"),
    "two places": ("a = 1\nb = 2\nc = 3\n", "import x\na = 1\nb = 2\nc = 4\n"),
    "an empty file": ("", "a = 1\n"),
    "line ends of Windows": ("a = 1\r\nb = 2\r\n", "a = 1\r\nb = 3\r\n"),
    "letters beyond ASCII": ("ä = 1\nb = 'ü'", "ä = 2\nb = 'ö'"),
}


@pytest.mark.parametrize(("before", "after"), TEXTS.values(), ids=list(TEXTS))
def test_the_replacements_make_the_new_text_of_the_old(before: str, after: str, in_file: Diagnostic) -> None:
    change = as_sarif.Change("put it in", {str(in_file.where.file): (before, after)})
    data = as_sarif.as_data([in_file], changes={in_file: [change]})
    jsonschema.validate(data, SARIF)
    (result,) = data["runs"][0]["results"]
    (fix,) = result["fixes"]
    (file,) = fix["artifactChanges"]
    assert file["artifactLocation"] == result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert replaced(before, file["replacements"]) == after


def replaced(text: str, replacements: list[dict[str, Any]]) -> str:
    """A text with the replacements made as SARIF defines them: lines and columns from 1, the end is not part of it."""
    lines = text.splitlines(keepends=True)

    def offset(line: int, column: int) -> int:
        return sum(map(len, lines[: line - 1])) + column - 1

    for one in reversed(replacements):
        region = one["deletedRegion"]
        start = offset(region["startLine"], region["startColumn"])
        end = offset(region["endLine"], region["endColumn"])
        text = text[:start] + one["insertedContent"]["text"] + text[end:]
    return text


def test_what_follows_is_a_related_location_that_stands_once(in_file: Diagnostic) -> None:
    twice = in_file.with_(follows=in_file.follows * 2)
    (result,) = as_sarif.as_data([twice])["runs"][0]["results"]
    (related,) = result["relatedLocations"]
    assert related["message"]["text"] == LATER.headline
    assert related["physicalLocation"]["region"] == {"startLine": 15}


def test_a_notebook_s_cell_is_no_file() -> None:
    (result,) = as_sarif.as_data([EXAMPLES["a line, no place"]])["runs"][0]["results"]
    assert "locations" not in result


def test_a_file_elsewhere_is_an_absolute_uri(tmp_path: Path) -> None:
    diagnostic = LATER.with_(where=Location(str(tmp_path / "a b.py"), 3))
    (result,) = as_sarif.as_data([diagnostic])["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == (tmp_path / "a b.py").as_uri()


# ------------------------------------------------------------------------------------------------ GitHub
def test_annotations_as_a_whole(in_file: Diagnostic, snapshot: Any) -> None:
    assert as_github.render([in_file, EXAMPLES["perhaps"]], REPAIRED, SUBJECT) == snapshot


COMMAND = re.compile(r"::(error|warning|notice) ([a-z]+=[^,:\r\n]*(?:,[a-z]+=[^,:\r\n]*)*)::([^\r\n]*)")


def unescaped(text: str) -> str:
    for code, character in {"%0A": "\n", "%0D": "\r", "%3A": ":", "%2C": ",", "%25": "%"}.items():
        text = text.replace(code, character)
    return text


@pytest.mark.parametrize("diagnostic", [*EXAMPLES.values(), HOSTILE], ids=[*EXAMPLES, "hostile"])
def test_an_annotation_is_one_line_that_gives_back_the_text(diagnostic: Diagnostic) -> None:
    first, last = as_github.render([diagnostic]).splitlines()
    command = COMMAND.fullmatch(first)
    assert command is not None
    message = unescaped(command[3])
    assert message.startswith(as_text.headline(diagnostic))
    for text in (as_text.place(diagnostic.where), *(text for _, text in as_text.rows(diagnostic))):
        assert text in message
    assert last == as_text.count([diagnostic])


def test_the_place_of_an_annotation_is_a_property(in_file: Diagnostic) -> None:
    command = COMMAND.match(as_github.render([in_file]))
    assert command is not None
    properties = dict(part.split("=", 1) for part in command[2].split(","))
    assert {name: unescaped(value) for name, value in properties.items()} == {
        "file": "my net, v2.py",
        "line": "14",
        "title": "TL201 rank-mismatch",
    }


def test_github_knows_every_severity() -> None:
    first = as_github.render([Diagnostic(code, "a headline") for code in CODES]).splitlines()[:-1]
    assert [line.split()[0] for line in first] == [
        f"::{str(row.severity).replace('note', 'notice')}" for row in CODES.values()
    ]
