"""Layers whose annotations are strings: ``from __future__ import annotations`` makes them so."""

from __future__ import annotations

from typing import Any, TypedDict

import keras
from jaxtyping import Float

import typedlayers as tl

Features = Float[tl.Tensor, "batch features"]


class Pair(TypedDict):
    """Two tensors of one batch."""

    left: Float[tl.Tensor, "batch features"]
    right: Float[tl.Tensor, "batch features"]


class Doubles(tl.Layer):
    """Names of its module."""

    def call(self, x: Features) -> Features:
        """Returns twice the features."""
        return 2 * x


class Adds(tl.Layer):
    """A ``TypedDict`` of its module."""

    def call(self, pair: Pair) -> Features:
        """Returns the sum of both."""
        return pair["left"] + pair["right"]


@tl.typed
class Halves(keras.layers.Layer):
    """A class derived from a plain layer."""

    def call(self, x: Features) -> Features:
        """Returns half the features."""
        return x / 2


def with_local_alias(width: int) -> type[tl.Layer]:
    """Returns a class whose annotations name a local variable of this function."""
    Rows = Float[tl.Tensor, f"batch {width}"]

    class Local(tl.Layer):
        def call(self, x: Rows) -> Rows:
            return x

    return Local


def with_closure(width: int) -> type[tl.Layer]:
    """Returns a class whose annotations name what its ``call`` closes over."""
    Rows = Float[tl.Tensor, f"batch {width}"]

    def make() -> type[tl.Layer]:
        class Inner(tl.Layer):
            def call(self, x: Rows) -> Any:
                assert Rows is not None  # so that `call` closes over it
                return x

        return Inner

    return make()


def with_alias_of_outer_function(width: int) -> type[tl.Layer]:
    """Returns a class whose annotations name a local variable two functions out."""
    Rows = Float[tl.Tensor, f"batch {width}"]

    def make() -> type[tl.Layer]:
        class Inner(tl.Layer):
            kind = Rows  # so that the frame of the class statement has the name

            def call(self, x: Rows) -> Any:
                return x

        return Inner

    return make()


def with_decorator_and_alias(width: int) -> type[keras.layers.Layer]:
    """Returns a decorated plain class whose annotations name a local variable."""
    Rows = Float[tl.Tensor, f"batch {width}"]

    @tl.typed
    class Plain(keras.layers.Layer):
        def call(self, x: Rows) -> Any:
            return x

    return Plain


class Unknown(tl.Layer):
    """An annotation that names nothing."""

    def call(self, x: NoSuchName) -> Any:
        """Never called."""
        return x


class NoPython(tl.Layer):
    """An annotation that is no Python."""

    def call(self, x: "batch features") -> Any:
        """Never called."""
        return x


class Comma(tl.Layer):
    """An annotation that jaxtyping refuses."""

    def call(self, x: Float[tl.Tensor, "batch, features"]) -> Any:
        """Never called."""
        return x
