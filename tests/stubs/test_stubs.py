"""The stubs: what `python -m tools.stubs` makes of the installed Keras is what is committed."""

from __future__ import annotations

from pathlib import Path

import keras
import pytest

from tools.stubs.hints import type_of
from tools.stubs.writing import MARK, ROOT, texts, write
from typedlayers import layers
from typedlayers.catalogue.parameters import PARAMETERS

MADE_OF = (ROOT / "typedlayers/layers/__init__.pyi").read_text().partition("\n")[0].removeprefix(MARK)
"""The version of Keras that the committed stubs were made of."""


def test_the_stubs_are_not_stale(tmp_path: Path) -> None:
    if keras.__version__ != MADE_OF:
        assert texts()  # another Keras has other signatures; of it the stubs can be made too
        return
    for made in write(tmp_path):
        committed = ROOT / made.relative_to(tmp_path)
        hint = f"{committed} is stale; `python -m tools.stubs` writes it"
        assert committed.is_file(), hint
        assert committed.read_text() == made.read_text(), hint


def test_no_stub_is_left_over() -> None:
    assert {str(path.relative_to(ROOT)) for path in (ROOT / "typedlayers").rglob("*.pyi")} <= set(texts())


def test_every_layer_has_a_class_in_the_stub() -> None:
    text = (ROOT / "typedlayers/layers/__init__.pyi").read_text()
    for name in layers.__all__:
        assert any(form in text for form in (f"class {name}(", f"\n{name} = ", f"def {name}(", f" as {name}\n")), name


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_every_type_of_the_catalogue_has_a_text(name: str) -> None:
    assert type_of(name) != "Any"


def test_the_package_says_that_it_is_typed() -> None:
    assert (ROOT / "typedlayers/py.typed").is_file()
