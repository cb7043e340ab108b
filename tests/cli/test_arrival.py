"""Keras's arrival: each of several watches is told once, and the loader is left as it was."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from typedlayers.cli import arrival


@pytest.mark.parametrize("count", [1, 2, 3])
def test_every_watch_is_told_once(count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"arriving_{count}"
    (tmp_path / f"{name}.py").write_text("here = True\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(arrival, "_WATCHED", (name,))
    monkeypatch.setitem(sys.modules, "keras", sys.modules.get("keras", ModuleType("keras")))
    told: list[int] = []
    watches = [arrival._Watch(lambda number=number: told.append(number)) for number in range(count)]
    monkeypatch.setattr(sys, "meta_path", [*watches, *sys.meta_path])
    module = importlib.import_module(name)
    assert sorted(told) == list(range(count))
    assert module.here
    assert module.__spec__ is not None
    assert "exec_module" not in vars(module.__spec__.loader)
    assert not set(watches) & set(sys.meta_path)
