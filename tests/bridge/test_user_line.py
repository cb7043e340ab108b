"""The user's own line: the innermost frame outside keras, tensorflow and typedlayers."""

from __future__ import annotations

import copy
import inspect
import linecache
import types
import warnings
from typing import Any

import keras
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers
from typedlayers.bridge.layer_state import state_of
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.verdict.source import user_frame, user_line, warn


def here() -> int:
    """The line that called this."""
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno


def module_named(name: str, source: str, file: str = "") -> types.ModuleType:
    """A module of a given name, of a file of its own."""
    module = types.ModuleType(name)
    file = file or f"<{name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), module.__dict__)
    return module


def site(layer: Any) -> Any:
    state = state_of(layer)
    assert state is not None
    return state.site


def test_the_line_of_a_call() -> None:
    assert user_line() == (__file__, here())


CALLER = "def call(function):\n    return function()\n"


@pytest.mark.parametrize(
    "name", ["keras.src.models", "keras", "tensorflow.python.x", "typedlayers.layers", "functools"]
)
def test_frames_of_the_libraries_are_not_the_users(name: str) -> None:
    library = module_named(name, CALLER)
    assert library.call(user_line) == (__file__, here())


@pytest.mark.parametrize("name", ["__main__", "keras_tools", "my.keras", "tensorflow_models", "typedlayers_more"])
def test_frames_of_others_are(name: str) -> None:
    assert module_named(name, CALLER).call(user_line) == (f"<{name}>", 2)


INSTALLED = [
    "/usr/lib/python3.11/site-packages/scikeras/wrappers.py",
    "/home/ann/net/.venv/lib/python3.12/site-packages/keras_tuner/engine.py",
    "/usr/lib/python3/dist-packages/mlflow/tensorflow.py",
    copy.__file__,
]


@pytest.mark.parametrize("file", INSTALLED)
def test_a_frame_of_an_installed_package_is_passed_over(file: str) -> None:
    package = module_named("package", CALLER, file)
    assert package.call(user_line) == (__file__, here())


def test_a_package_that_nobody_of_the_user_called_is_named_itself() -> None:
    frame = module_named("package", "import sys\ndef call():\n    return sys._getframe()\n", INSTALLED[0]).call()
    assert user_frame(frame) is inspect.currentframe()
    alone = types.SimpleNamespace(f_globals=frame.f_globals, f_code=frame.f_code, f_back=None)
    assert user_frame(alone) is alone  # pyright: ignore[reportArgumentType]


def test_the_frame_of_a_call() -> None:
    frame = user_frame()
    assert frame is inspect.currentframe()


def test_the_line_that_made_a_layer() -> None:
    layer = layers.Dense(3)
    assert site(layer) == (__file__, here() - 1)
    several = [layers.Dense(units) for units in (1, 2)]
    assert {site(layer) for layer in several} == {(__file__, here() - 1)}


def test_the_line_that_made_a_model() -> None:
    model = tl.Sequential([keras.Input((4,)), layers.Dense(3)])
    assert site(model) == (__file__, here() - 1)


def test_a_layer_made_by_keras_has_the_line_that_asked_for_it() -> None:
    layer = layers.Dense.from_config(layers.Dense(3).get_config())
    assert site(layer) == (__file__, here() - 1)


def test_a_notebook_cell() -> None:
    source = "from typedlayers import layers\nlayer = layers.Dense(3)\n"
    cell = module_named("__main__", source)
    assert site(cell.layer) == ("<__main__>", 2)
    with pytest.raises(tl.ContractError) as caught:
        cell.layer(tf.ones((2,)))
    assert "<__main__>:2" in str(caught.value)


def test_a_layer_of_a_users_library_has_the_line_inside_it() -> None:
    source = "from typedlayers import layers\ndef make():\n    return layers.Dense(3)\n"
    assert site(module_named("models.heads", source).make()) == ("<models.heads>", 3)


def warned(call: Any) -> list[warnings.WarningMessage]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        call()
    return caught


def test_a_warning_comes_at_the_users_line() -> None:
    diagnostic = Diagnostic("TL106", "allow silenced nothing")
    library = module_named("keras.src.somewhere", CALLER)
    (caught,) = warned(lambda: library.call(lambda: warn([diagnostic])))
    assert (caught.filename, caught.lineno) == (__file__, here() - 1)
    assert issubclass(caught.category, tl.ContractWarning)
    assert caught.message.diagnostics == (diagnostic,)  # type: ignore[union-attr]


def test_a_warning_is_shown_once_for_a_line() -> None:
    def twice() -> None:
        for _ in range(2):
            warn([Diagnostic("TL106", "once for this line")])

    assert len(warned(twice)) == 1


def test_a_warning_can_be_turned_into_an_error_or_away() -> None:
    diagnostic = Diagnostic("TL106", "another")
    with warnings.catch_warnings():
        warnings.simplefilter("error", tl.ContractWarning)
        with pytest.raises(tl.ContractWarning, match="TL106"):
            warn([diagnostic])
        warnings.filterwarnings("ignore", message=".*TL106")
        warn([diagnostic])
