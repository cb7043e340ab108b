"""Faults planted in functions of typedlayers, one after the other, while a small program runs.

``python -m tests.planted strict`` plants one in every function that the program runs, which takes about an hour, and
prints what did not end as it does in plain Keras with one warning. The suite plants a few (`tests/test_faults.py`).
"""

from __future__ import annotations

import contextlib
import dis
import gc
import importlib
import operator
import sys
import tempfile
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np

import typedlayers as tl
from typedlayers import errors, layers

ROOT = str(Path(tl.__file__).parent)
X = np.random.default_rng(0).normal(size=(8, 6)).astype("float32")
Y = np.random.default_rng(1).normal(size=(8, 1)).astype("float32")
FILE = str(Path(tempfile.mkdtemp()) / "net.keras")


def program(home: Any, sequential: Any, model: Any, load: Callable[..., Any]) -> list[float]:
    """Builds, trains, calls, saves and loads two models, and returns all the numbers that come out."""
    keras.utils.set_random_seed(1)
    net = sequential([keras.Input((6,)), home.Dense(4, activation="relu"), home.Dense(1)])
    net.compile("sgd", "mse", run_eagerly=True)
    history = net.fit(X, Y, batch_size=4, verbose=0, validation_data=(X, Y), shuffle=False).history
    numbers = [*history["loss"], *history["val_loss"], net.evaluate(X, Y, verbose=0)]
    numbers += [np.sum(net.predict(X, verbose=0)), np.sum(net(X)), net.train_on_batch(X, Y), net.test_on_batch(X, Y)]
    net.set_weights(net.get_weights())
    inputs = keras.Input((6,))
    outputs = home.Add()([home.Dense(3)(inputs), home.Dense(3)(inputs)])
    numbers.append(np.sum(model(inputs, home.Dense(1)(outputs)).predict_on_batch(X)))
    net.save(FILE)
    numbers.append(np.sum(load(FILE).predict(X, verbose=0)))
    return [float(one) for one in numbers]


def plain() -> list[float]:
    """The program in plain Keras."""
    return program(keras.layers, keras.Sequential, keras.Model, keras.saving.load_model)


def typed(mode: str) -> list[float]:
    """The same, typed."""
    with tl.mode(mode):
        return program(layers, tl.Sequential, tl.Model, tl.load_model)


def broken(code: types.CodeType) -> types.CodeType:
    """Returns code of the same name that raises at once."""
    body = bytes([dis.opmap["RESUME"], 0, dis.opmap["LOAD_CONST"], 0, dis.opmap["RAISE_VARARGS"], 1])
    kinds = 0x20 | 0x80 | 0x200  # of generators and coroutines, which would not start
    return code.replace(
        co_code=body,
        co_consts=(RuntimeError("planted"),),
        co_stacksize=4,
        co_exceptiontable=b"",
        co_flags=code.co_flags & ~kinds,
    )


def functions_of(code: types.CodeType) -> list[types.FunctionType]:
    """Returns every function of this code."""
    gc.unfreeze()  # `gc` finds no referrer among what the suite has frozen
    found = [one for one in gc.get_referrers(code) if isinstance(one, types.FunctionType) and one.__code__ is code]
    gc.freeze()
    return found


@contextlib.contextmanager
def planted(code: types.CodeType) -> Iterator[None]:
    """Makes every function of this code raise."""
    functions = functions_of(code)
    assert functions
    for function in functions:
        function.__code__ = broken(code)
    try:
        yield
    finally:
        for function in functions:
            function.__code__ = code


def run(code: types.CodeType, mode: str) -> tuple[list[float], list[str]]:
    """Returns the numbers of the program with a fault in a function, and the codes that it warned of."""
    errors.raise_faults(False)
    with planted(code), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        numbers = typed(mode)
    found = [one.message for one in caught if isinstance(one.message, tl.ContractWarning)]
    return numbers, [diagnostic.code for one in found for diagnostic in one.diagnostics]


def code_of(place: str) -> types.CodeType:
    """Returns the code of a function by its place: ``typedlayers.modes:Run.entered``."""
    module, _, name = place.partition(":")
    function: Any = operator.attrgetter(name)(importlib.import_module(module))
    return function.__code__


def met(mode: str) -> list[types.CodeType]:
    """Returns the code of every function of typedlayers that the program runs, but those made anew in each call."""
    found: dict[types.CodeType, None] = {}

    def note(frame: types.FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(ROOT):
            found.setdefault(frame.f_code)

    sys.setprofile(note)
    try:
        typed(mode)
    finally:
        sys.setprofile(None)
    return [one for one in found if functions_of(one)]


def main(mode: str, part: int = 0, parts: int = 1) -> None:
    """Plants a fault in every function, or in every one of ``parts``, and prints what does not end well."""
    expected = plain()
    typed(mode)
    codes = met(mode)[part::parts]
    good = 0
    for code in codes:
        name = f"{code.co_filename.removeprefix(ROOT)}:{code.co_firstlineno} {code.co_qualname}"
        try:
            numbers, told = run(code, mode)
        except Exception as error:  # noqa: BLE001 - whatever comes out is what is looked for
            print("raised", name, type(error).__name__, error, flush=True)
            continue
        good += numbers == expected and told == ["TL901"]
        if numbers != expected or told != ["TL901"]:
            print("other numbers" if numbers != expected else "told", name, told, flush=True)
    print(f"{good} of {len(codes)} end as in plain Keras with one warning")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
