# Made by `python -m tools.stubs` of Keras 3.15.1
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol, SupportsFloat, SupportsIndex, TypeAlias

import numpy as np

class HasShape(Protocol):
    """A tensor of any framework, or an array."""

    @property
    def shape(self) -> Any: ...
    @property
    def dtype(self) -> Any: ...

Tensors: TypeAlias = HasShape | Sequence[Any] | Mapping[Any, Any] | SupportsFloat | None
"""The argument of a layer's call: a tensor, numbers or a nest of them. (Ops are inferred to return None too.)"""

Flag: TypeAlias = bool | np.bool_ | SupportsIndex | None
Function: TypeAlias = str | dict[str, Any] | Callable[..., Any] | None
Initializer: TypeAlias = str | dict[str, Any] | Callable[..., Any] | HasShape | None
Number: TypeAlias = SupportsFloat | HasShape
Sizes: TypeAlias = SupportsIndex | Sequence[SupportsFloat] | HasShape | Iterator[Any]
Shape: TypeAlias = Sequence[SupportsIndex | HasShape | None] | Iterator[Any]
Axes: TypeAlias = SupportsIndex | Sequence[SupportsIndex] | HasShape | Iterator[Any]
