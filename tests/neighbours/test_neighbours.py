"""Packages that build on Keras: each program gives the same plain, with contracts installed, and as drop-in."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import warnings
from typing import Any

import keras
import pytest

import typedlayers as tl
from tests.neighbours.programs import PROGRAMS

CASES = [
    pytest.param(
        name, marks=pytest.mark.skipif(importlib.util.find_spec(package) is None, reason=f"needs {package}"), id=name
    )
    for name, (_, package) in PROGRAMS.items()
]


@functools.cache
def plain(name: str) -> Any:
    """What the program gives in plain Keras."""
    return outcome(name, keras)


def outcome(name: str, namespace: Any) -> Any:
    program, package = PROGRAMS[name]
    importlib.import_module(package)  # keras-rs draws a seed as it is imported
    keras.backend.clear_session()
    keras.utils.set_random_seed(0)
    return program(namespace)


@pytest.mark.parametrize("mode", ["strict", "lenient"])
@pytest.mark.parametrize("name", CASES)
def test_with_contracts_installed(name: str, mode: str) -> None:
    expected = plain(name)
    tl.install()
    try:
        with tl.mode(mode), warnings.catch_warnings():
            warnings.simplefilter("error", tl.ContractWarning)
            assert outcome(name, keras) == expected
    finally:
        tl.uninstall()


@pytest.mark.parametrize("mode", ["strict", "lenient"])
@pytest.mark.parametrize("name", CASES)
def test_as_a_drop_in(name: str, mode: str) -> None:
    from typedlayers import keras as typed

    expected = plain(name)
    with tl.mode(mode), warnings.catch_warnings():
        warnings.simplefilter("error", tl.ContractWarning)
        assert outcome(name, typed) == expected
