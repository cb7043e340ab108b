"""The stubs of ``typedlayers.models``: constructors, ``compile``, ``fit`` and their like with Keras's arguments."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import keras

from tools.stubs.bases import public_members
from tools.stubs.hints import IMPORTS, argument, type_of
from typedlayers.bridge.functional import KerasFunctional

_PREAMBLE = f"""# pyright: reportIncompatibleMethodOverride=false, reportIncompatibleVariableOverride=false
{IMPORTS}
"""

_SETTINGS = "mode: ModeLike | None = None, dims: Mapping[str, int | None] | None = None"

_METHODS = ("compile", "fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch")


def model() -> str:
    """Returns the stub of ``typedlayers.models.model``."""
    return (
        _PREAMBLE
        + f"""
from typedlayers._typing.bases import ModelBase as _Base
from typedlayers.layers import Layer
from typedlayers.modes import ModeLike

class Model(_Base, Layer):
    {"; ".join(f"{name}: Any" for name in _of_functional())}
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    @overload
    def __init__(
        self, inputs: Any, outputs: Any, name: str | None = None, *, trainable: bool = True, {_SETTINGS}
    ) -> None: ...
    @overload
    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Any = None,
        autocast: bool = True,
        activity_regularizer: Function = None,
        {_SETTINGS},
    ) -> None: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
"""
        + "\n".join(_methods())
        + f"""
class Functional(Model):
    def __init__(self, inputs: Any, outputs: Any, name: str | None = None, *, {_SETTINGS}, **kwargs: Any) -> None: ...

def settle(model: Any, mode: ModeLike | None, dims: Mapping[str, int | None] | None) -> None: ...
"""
    )


def sequential() -> str:
    """Returns the stub of ``typedlayers.models.sequential``."""
    return (
        _PREAMBLE
        + f"""
from typedlayers._typing.bases import SequentialBase as _Base
from typedlayers.models.model import Model
from typedlayers.modes import ModeLike

class Sequential(_Base, Model):
    def __init__(
        self, layers: Sequence[Any] | None = None, trainable: bool = True, name: str | None = None, *, {_SETTINGS}
    ) -> None: ...
    def add(self, layer: Any, rebuild: bool = True) -> None: ...
    def pop(self, rebuild: bool = True) -> Any: ...
"""
    )


def _of_functional() -> list[str]:
    """The public attributes that a model has if it is functional."""
    return sorted(public_members(KerasFunctional) - public_members(keras.Model))


def _methods() -> Iterator[str]:
    for name in _METHODS:
        parameters = list(inspect.signature(getattr(keras.Model, name)).parameters.values())[1:]
        told = [argument(p, type_of(p.name)) for p in parameters]
        returns = "None" if name == "compile" else "Any"
        yield f"    def {name}({', '.join(['self', *told])}) -> {returns}: ..."
