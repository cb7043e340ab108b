"""The renderers: whole texts of representative diagnostics, and JSON that its schema accepts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import typedlayers
from typedlayers.diagnostics.codes import CODES
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix, Location, Repair
from typedlayers.diagnostics.render import github as as_github
from typedlayers.diagnostics.render import html as as_html
from typedlayers.diagnostics.render import json as as_json
from typedlayers.diagnostics.render import sarif as as_sarif
from typedlayers.diagnostics.render import text as as_text
from typedlayers.diagnostics.subject import with_origin
from typedlayers.spec import Origin, Spec

SCHEMA = json.loads((Path(typedlayers.__file__).parent / "diagnostics/render/schema.json").read_text(encoding="utf-8"))

LATER = Diagnostic("TL203", 'Dense "out" needs 784 along axis 1 (features) but gets 676')
LAST = Diagnostic("TL207", 'Net "net" promises 10 along axis 1 but gives 12')

EXAMPLES = {
    "only a headline": Diagnostic("TL106", "allow(TL301) silenced nothing", Location(what="allow")),
    "with everything": Diagnostic(
        "TL201",
        'Conv2D "conv1" needs 4 dimensions but gets 3',
        where=Location("<cell 3>", 14, 'Conv2D "conv1"', 'layer 2 of 5 in Sequential "mnist"'),
        gets='float32 (batch, 28, 28) from InputLayer "image"',
        needs='Compute "batch height width channels"',
        why='(batch, 28, 28) has 3 axes; Conv2D "conv1" reads (batch, height, width, channels)',
        fixes=(
            Fix("x[..., np.newaxis] for the data: it lacks the channel axis", Repair("expand_dims", axis=-1)),
            Fix('layers.Reshape((28, 28, 1)) before "conv1"', Repair("expand_dims", axis=-1)),
        ),
        repairs=(Repair("expand_dims", axis=-1),),
        follows=(LATER,),
    ),
    "a line, no place": Diagnostic(
        "TL301", 'Dense "a" computes in float32 but gets a float64 tensor', Location("<cell 1>", 2)
    ),
    "a place, no line": Diagnostic(
        "TL304",
        'Conv2D "c" fails on integers when it runs, and gets uint8',
        where=Location(within="layer 1 of 2 in Sequential"),
        repairs=(Repair("cast", "float32"),),
    ),
    "a fix of two lines": Diagnostic(
        "TL503",
        "the dataset is not batched",
        fixes=(Fix("ds = ds.batch(32)\n(the result has to be kept)"), Fix("ds = ds.padded_batch(32)")),
    ),
    "perhaps": Diagnostic(
        "TL206",
        'Net "net" classifies every pixel by itself',
        fixes=(Fix("layers.Flatten()"),),
        certainty=Certainty.PERHAPS,
    ),
    "a factor": Diagnostic(
        "TL401",
        'raw bytes 0..255 of input "x" reach the weights of Conv2D "c"',
        repairs=(Repair("rescale", "float32", scale=1 / 127.5, offset=-1.0),),
    ),
    "caused by what was caused": Diagnostic(
        "TL204", 'Reshape "r": each sample has 50 elements', follows=(LATER.with_(follows=(LAST,)), LAST)
    ),
}

SHOWN = pytest.mark.parametrize("diagnostic", EXAMPLES.values(), ids=list(EXAMPLES))


@SHOWN
def test_the_text_as_a_whole(diagnostic: Diagnostic, snapshot: Any) -> None:
    assert as_text.render([diagnostic]) == snapshot
    assert str(diagnostic) == as_text.render([diagnostic])


def test_the_text_of_several_ends_with_their_count(snapshot: Any) -> None:
    assert as_text.render([EXAMPLES["with everything"], LATER, EXAMPLES["perhaps"]]) == snapshot


@SHOWN
def test_the_headline_is_one_line_and_the_last_line_leads_on(diagnostic: Diagnostic) -> None:
    first, *_, last = as_text.render([diagnostic]).splitlines()
    assert first.startswith(f"{diagnostic.severity}[{diagnostic.code}] ")
    assert first.endswith(diagnostic.headline)
    assert last.split() == ["more", "typedlayers", "explain", diagnostic.code]


@SHOWN
def test_the_text_carries_no_escape_sequence(diagnostic: Diagnostic) -> None:
    assert as_text.render([diagnostic]).replace("\n", "").isprintable()


def test_the_count() -> None:
    assert as_text.count([]) == "nothing to report"
    assert as_text.count([LATER]) == "1 error"
    assert as_text.count([LATER, EXAMPLES["perhaps"], LATER]) == "2 errors, 1 warning"


# ---------------------------------------------------------------------------------------------- places
def test_a_file_below_the_working_directory_is_shown_as_users_write_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    inside, outside = tmp_path / "src" / "train.py", tmp_path.parent / "other.py"
    assert as_text.place(Location(str(inside), 3)) == str(Path("src") / "train.py") + ":3"
    assert as_text.place(Location(str(outside), 3)) == f"{outside}:3"
    assert as_text.place(Location("<stdin>", 1)) == "<stdin>:1"


def test_a_file_without_a_line_is_shown_without_one() -> None:
    assert as_text.place(Location("<stdin>", within="layer 1 of 1")) == "<stdin>, layer 1 of 1"


# ------------------------------------------------------------------------------------------------ JSON
def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@SHOWN
def test_json_fits_its_schema(diagnostic: Diagnostic) -> None:
    jsonschema.validate(json.loads(as_json.render([diagnostic, LATER])), SCHEMA)


def test_json_of_every_code_fits_its_schema() -> None:
    jsonschema.validate(as_json.as_data([Diagnostic(code, "a headline") for code in CODES]), SCHEMA)


def test_json_as_a_whole(snapshot: Any) -> None:
    assert as_json.render([EXAMPLES["with everything"]]) == snapshot


def test_an_empty_report_is_one() -> None:
    empty = {"version": 1, "subject": "", "diagnostics": [], "repairs": [], "unchecked": []}
    assert as_json.as_data([]) == empty
    jsonschema.validate(as_json.as_data([]), SCHEMA)


@SHOWN
def test_json_carries_all_that_the_text_does(diagnostic: Diagnostic) -> None:
    (data,) = as_json.as_data([diagnostic])["diagnostics"]
    told = json.dumps(data, ensure_ascii=False)
    for part in (diagnostic.headline, diagnostic.gets, diagnostic.needs, diagnostic.why):
        assert json.dumps(part, ensure_ascii=False) in told
    assert [fix["text"] for fix in data["fixes"]] == [fix.text for fix in diagnostic.fixes]
    assert [inner["headline"] for inner in data["follows"]] == [inner.headline for inner in diagnostic.follows]


@pytest.mark.parametrize("spoiled", [{"code": "X201"}, {"severity": "fatal"}, {"unknown": 1}, {"headline": ""}])
def test_the_schema_refuses_what_is_no_report(spoiled: dict[str, object]) -> None:
    data = as_json.as_data([LATER])
    data["diagnostics"][0] |= spoiled
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, SCHEMA)


def test_control_characters_of_names_are_written_as_escapes() -> None:
    name = 'Dense "a\x1b[31m\nb"'
    told = Diagnostic("TL201", f"{name} needs 3 axes", Location(None, None, name, name), gets=name, why="one\ntwo")
    text = as_text.render([told])
    assert 'Dense "a\\x1b[31m\\nb" needs 3 axes' in text
    assert "\x1b" not in text
    assert "why    one\n         two" in text


EVIL = "a\x1b[31m\x9b2J\u202e\x7f\r::error::b"
FORMS = {
    "text": lambda told, line: as_text.report([told], [line], EVIL, [line]),
    "github": lambda told, line: as_github.render([told], [line], EVIL, [line]),
    "html": lambda told, line: as_html.render([told], [line], EVIL, [line]),
    "json": lambda told, line: as_json.render([told], [{"what": line}], EVIL, [{"topic": line}]),
    "sarif": lambda told, line: as_sarif.render([told], [line]),
}


@pytest.mark.parametrize("form", FORMS)
def test_no_format_holds_a_character_that_a_terminal_obeys(form: str) -> None:
    inner = Diagnostic("TL202", EVIL, Location(EVIL, 3, EVIL, EVIL))
    facts = {"gets": EVIL, "needs": EVIL, "why": EVIL, "fixes": (Fix(EVIL),), "follows": (inner,)}
    told = Diagnostic("TL201", EVIL, Location(EVIL, 3, EVIL, EVIL), **facts)  # pyright: ignore
    shown = FORMS[form](told, EVIL)
    assert {one for one in shown if not one.isprintable()} == {"\n"}
    assert not any(line.startswith("::error::") for line in shown.splitlines())


def test_the_schema_is_valid_and_has_a_name_of_its_own() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == f"urn:typedlayers:report:{SCHEMA['properties']['version']['const']}"


def test_the_origin_of_a_tensor_is_named_as_its_line_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    spec = Spec("float32", (None, 8), origin=Origin('LSTM "first"', str(tmp_path / "train.py"), 8))
    assert with_origin(spec) == 'float32 (batch, 8) from LSTM "first", train.py:8'
    assert with_origin(spec.with_(origin=Origin("the data"))) == "float32 (batch, 8) from the data"
    assert with_origin(spec.with_(origin=None)) == "float32 (batch, 8)"
