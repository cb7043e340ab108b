"""Documentation runs: the examples of every docstring, and the programs and reports of the README."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from tests.test_imports import MODULES
from typedlayers import keras, layers

README = (Path(__file__).parents[1] / "README.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
PROGRAMS = [block for block in BLOCKS if "model.fit(digits)" in block]
REPORTS = re.findall(r"^```\n(error\[.*?)^```", README, re.DOTALL | re.MULTILINE)

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def examples() -> list[Any]:
    """Every docstring that has examples, found by module: typed classes carry Keras's names, and doctest hides them."""
    finder, found = doctest.DocTestFinder(exclude_empty=True), []
    for name in sorted(MODULES):
        if name.endswith("__main__"):
            continue
        module = importlib.import_module(name)
        tests = finder.find(module, name)
        for value in vars(module).values():
            if isinstance(value, type) and value.__module__ in ("keras", "keras.layers") and _is_ours(value, module):
                tests += finder.find(value, f"{name}.{value.__name__}", module=False, globs={})
        found += [test for test in tests if test.examples]
    return found


def _is_ours(cls: type, module: Any) -> bool:
    return getattr(layers, cls.__name__, None) is cls or cls in (tl.Sequential, tl.Model)


EXAMPLES = {test.name: test for test in examples()}


def test_there_are_examples() -> None:
    homes = {name.split(".")[1] for name in EXAMPLES if "." in name}
    assert {"contracts", "spec", "modes", "layers", "declarations", "models", "diagnostics", "adapters"} <= homes


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_examples_of_a_docstring(name: str) -> None:
    output: list[str] = []
    result = doctest.DocTestRunner(optionflags=FLAGS).run(EXAMPLES[name], out=output.append, clear_globs=False)
    assert result.failed == 0, "".join(output)


def digits() -> tf.data.Dataset:
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (32, 8, 8, 1)).astype("uint8")
    x[0, 0, 0], x[0, 0, 1] = 0, 255
    return tf.data.Dataset.from_tensor_slices((x, np.arange(32) % 10)).batch(16)


@pytest.mark.parametrize(("program", "report"), zip(PROGRAMS, REPORTS, strict=True))
def test_the_readme_s_program_gives_the_readme_s_report(program: str, report: str) -> None:
    keras.utils.clear_session()
    with pytest.raises(tl.ContractError) as caught:
        exec(compile(program, "train.py", "exec"), {"keras": keras, "digits": digits(), "__name__": "__main__"})

    def without_lines(text: str) -> list[str]:
        text = re.sub(r"line \d+\)", "line)", text)
        return [re.sub(r"train\.py:\d+", "train.py", line).rstrip() for line in text.strip().splitlines()]

    assert without_lines(str(caught.value)) == without_lines(report)


def test_the_readme_s_layer() -> None:
    (program,) = [block for block in BLOCKS if "class Classifier" in block]
    space: dict[str, Any] = {"__name__": "readme"}
    exec(compile(program, "readme.py", "exec"), space)
    (entry,) = tl.repairs(space["model"])
    assert "flatten: float32 (batch, 8, 8, 1) → float32 (batch, 64), before" in str(entry)
    assert str(entry).startswith(program.rpartition("# ")[2].split(" before")[0])


def test_the_readme_names_two_commands() -> None:
    makefile = (Path(__file__).parents[1] / "Makefile").read_text()
    for command in ("make demo", "make test"):
        assert command in README
        assert re.search(rf"^{command.split()[1]}:", makefile, re.MULTILINE)


def test_the_readme_counts_the_contracts() -> None:
    from typedlayers.catalogue import CONTRACTS

    assert f"for {len(CONTRACTS)} Keras layers" in README
