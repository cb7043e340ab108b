"""Layers whose constructors have hints. (None of them is a string: there is no ``from __future__`` here.)"""

from typing import Any

import keras

import typedlayers as tl
from typedlayers import layers


class Own(tl.Layer):
    """A layer with hints of every kind."""

    def __init__(
        self,
        units: int,
        rate: float = 0.5,
        axes: tuple[int, ...] = (1,),
        label: str | None = "a",
        anything: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.units, self.rate, self.axes, self.label, self.anything = units, rate, axes, label, anything


class PlainOwn(keras.layers.Layer):
    """The same, plain."""

    def __init__(
        self,
        units: int,
        rate: float = 0.5,
        axes: tuple[int, ...] = (1,),
        label: str | None = "a",
        anything: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.units, self.rate, self.axes, self.label, self.anything = units, rate, axes, label, anything


class Scaled(layers.Dense):
    """A subclass of a typed layer with a constructor of its own."""

    def __init__(self, units: int, factor: int = 1, **kwargs: Any) -> None:
        super().__init__(units * factor, **kwargs)
