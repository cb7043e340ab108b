"""The stub of ``typedlayers.layers``: a class for each layer, with the arguments of its constructor and its call."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import keras

from tools.stubs.hints import IMPORTS, argument, type_of
from typedlayers import layers
from typedlayers.bridge.resolved import class_contract

_STAR = inspect.Parameter("_", inspect.Parameter.VAR_POSITIONAL)
"""What follows is given by name."""


def text() -> str:
    """Returns the stub."""
    names = list(layers.__all__)
    made = {name: getattr(layers, name) for name in names}
    plain = [name for name in names if made[name] is getattr(keras.layers, name) and name != "Input"]
    functions = [name for name in names if name not in plain and not isinstance(made[name], type)]
    classes = [name for name in names if name not in plain and isinstance(made[name], type) and name != "Layer"]
    lines = [
        "# pyright: reportIncompatibleMethodOverride=false, reportIncompatibleVariableOverride=false",
        IMPORTS,
        "from keras import layers as _keras",
        *(f"from keras.layers import {name} as {name}" for name in plain),
        "from typedlayers._typing.bases import LayerBase as _LayerBase",
        "",
        *_layer(),
    ]
    for name in classes:
        cls = made[name]
        is_alias = name != cls.__name__ and cls.__name__ in names
        lines += ["", *([f"{name} = {cls.__name__}"] if is_alias else _class(name, cls))]
    for name in functions:
        lines += ["", *_function(name)]
    return "\n".join([*lines, ""])


def _layer() -> list[str]:
    arguments = ", ".join(_described(p, None) for p in _open_arguments(keras.layers.Layer))
    return [
        "class Layer(_LayerBase):",
        "    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...",
        f"    def __init__(self, *, {arguments}) -> None: ...",
        "    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...",
    ]


def _class(name: str, cls: type) -> list[str]:
    contract = class_contract(cls)
    told = [_described(p, contract) for p in _constructor(cls)]
    return [
        f"class {name}(_keras.{name}, Layer):",
        "    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...",
        f"    def __init__({', '.join(['self', *told])}) -> None: ...",
        f"    def __call__({', '.join(['self', *_call(name)])}) -> Any: ...",
    ]


def _constructor(cls: type) -> Iterator[inspect.Parameter]:
    """Yields the arguments of a constructor; in place of ``**kwargs`` those of the base classes that take them."""
    own = list(inspect.signature(cls.__init__).parameters.values())[1:]
    is_open = any(p.kind is p.VAR_KEYWORD for p in own)
    named = [p for p in own if p.kind is not p.VAR_KEYWORD]
    yield from named
    known = {p.name for p in named}
    further = [p for p in _open_arguments(cls) if p.name not in known] if is_open else []
    if further and not any(p.kind in (p.KEYWORD_ONLY, p.VAR_POSITIONAL) for p in named):
        yield _STAR
    yield from further


def _open_arguments(cls: type) -> list[inspect.Parameter]:
    """The arguments that a class hands up to its bases, the last of which is Keras's ``Layer``."""
    found: dict[str, inspect.Parameter] = {}
    inits = dict.fromkeys(base.__init__ for base in cls.__mro__ if "__init__" in vars(base))
    for init in inits:
        for p in list(inspect.signature(init).parameters.values())[1:]:
            # what a base needs is given to it by the class
            if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY) and p.default is not p.empty:
                found.setdefault(p.name, p.replace(kind=p.KEYWORD_ONLY))
        if init is keras.layers.Layer.__init__:
            break
    for name in ("input_shape", "input_dim"):  # Keras's ``Layer`` pops these from its ``**kwargs``
        found.setdefault(name, inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None))
    return list(found.values())


def _call(name: str) -> Iterator[str]:
    parameters = list(inspect.signature(getattr(keras.layers, name).call).parameters.values())[1:]
    for at, p in enumerate(parameters):
        yield argument(p, "Tensors" if at == 0 else type_of(p.name) if p.name == "training" else "Any")
    if not any(p.name == "training" or p.kind is p.VAR_KEYWORD for p in parameters):
        yield f"*, training: {type_of('training')} = None"  # Keras takes it of every layer


def _described(p: inspect.Parameter, contract: Any) -> str:
    return "*" if p is _STAR else argument(p, type_of(p.name, contract))


def _function(name: str) -> list[str]:
    parameters = inspect.signature(getattr(keras.layers, name)).parameters.values()
    told = ["inputs: Sequence[Any]" if p.name == "inputs" else _described(p, None) for p in parameters]
    return [f"def {name}({', '.join(told)}) -> Any: ..."]
