# Made by `python -m tools.stubs` of Keras 3.15.1
# pyright: reportIncompatibleMethodOverride=false, reportIncompatibleVariableOverride=false
from collections.abc import Mapping, Sequence
from typing import Any

from typedlayers._typing.bases import SequentialBase as _Base
from typedlayers.models.model import Model
from typedlayers.modes import ModeLike

class Sequential(_Base, Model):
    def __init__(
        self,
        layers: Sequence[Any] | None = None,
        trainable: bool = True,
        name: str | None = None,
        *,
        mode: ModeLike | None = None,
        dims: Mapping[str, int | None] | None = None,
    ) -> None: ...
    def add(self, layer: Any, rebuild: bool = True) -> None: ...
    def pop(self, rebuild: bool = True) -> Any: ...
