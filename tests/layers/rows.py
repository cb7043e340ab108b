"""The notation of the table of layers: ``case(L.Dense(10), "f32[?,784]", gives="f32[?,10]")``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tests.keras_versions import TAKES_NO_PADDING
from typedlayers import layers

DTYPES = {
    "f16": "float16",
    "bf16": "bfloat16",
    "f32": "float32",
    "f64": "float64",
    "i8": "int8",
    "u8": "uint8",
    "i32": "int32",
    "i64": "int64",
    "bool": "bool",
    "c64": "complex64",
    "str": "string",
}
BATCH, OTHER = 2, 8
"""The sizes that stand for ``?`` where a tensor has to have values: of the first axis, and of any other."""


@dataclass(frozen=True)
class Maker:
    """A layer to be made: anew for every test, typed or plain."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def __call__(self, home: Any = layers) -> Any:
        """Returns a new layer; a plain one if its home is ``keras.layers``."""
        return getattr(home, self.name)(*self.args, **self.kwargs)

    @property
    def available(self) -> bool:
        """Whether the installed Keras has the layer, and takes the arguments."""
        takes = TAKES_NO_PADDING or self.kwargs.get("output_padding") != 0
        return takes and hasattr(keras.layers, self.name)

    def __str__(self) -> str:
        inside = [*map(_spelled, self.args), *(f"{name}={_spelled(value)}" for name, value in self.kwargs.items())]
        return f"{self.name}({', '.join(inside)})"


def _spelled(value: object) -> str:
    return getattr(value, "__name__", None) or repr(value)


class Makers:
    """``L.Dense(10)`` stands for ``layers.Dense(10)``, to be made later."""

    def __getattr__(self, name: str) -> Callable[..., Maker]:
        return lambda *args, **kwargs: Maker(name, args, kwargs)


L = Makers()


@dataclass(frozen=True)
class Case:
    """A row: a layer, what it is given, and the verdict.

    Attributes:
        make: the layer.
        given: the tensor that it is given.
        gives: what it gives, if the row is accepted.
        code: the code that strict mode raises, if it is refused.
        lenient: the repairs of lenient mode, in order; or ``"refuse"``.
        after: a tensor that the layer was called on before, so that it has weights.
        eager: whether only an eager tensor is meant: a Keras tensor's dtype was not made by hand.
    """

    make: Maker
    given: str
    gives: str | None
    code: str | None
    lenient: str | None
    after: str | None
    eager: bool

    def __str__(self) -> str:
        after = f" after {self.after}" if self.after else ""
        return f"{self.make} on {self.given}{after} {'gives ' + self.gives if self.gives else 'is ' + str(self.code)}"


def case(
    make: Maker,
    given: str,
    *,
    gives: str | None = None,
    code: str | None = None,
    lenient: str | None = None,
    after: str | None = None,
) -> Case:
    """Returns a row; a refused one says what lenient mode does."""
    assert (gives is None) is (code is not None), f"{make} on {given}: one verdict is needed"
    assert (lenient is None) is (code is None), f"{make} on {given}: what does lenient mode do?"
    return Case(make, given, gives, code, lenient, after, eager=code == "TL301")


def dtypes(make: Maker, sizes: str, *, double: str | None = "TL301", integers: str | None = None) -> Iterator[Case]:
    """Yields the rows of what is refused for its dtype: doubles, strings, complex numbers, integers."""
    if double is not None:
        yield case(make, f"f64[{sizes}]", code=double, lenient="cast")
    yield case(make, f"str[{sizes}]", code="TL302", lenient="refuse")
    yield case(make, f"c64[{sizes}]", code="TL303", lenient="refuse")
    if integers is not None:
        yield case(make, f"u8[{sizes}]", code=integers, lenient="cast")
        yield case(make, f"i64[{sizes}]", code=integers, lenient="cast")


# ------------------------------------------------------------------------------------------- the notation
def parse(text: str) -> tuple[str, tuple[int | None, ...]]:
    """Returns dtype and shape of ``f32[?,784]``.

    >>> parse("u8[?,28,28,1]"), parse("f32[]")
    (('uint8', (None, 28, 28, 1)), ('float32', ()))
    """
    dtype, _, sizes = text.removesuffix("]").partition("[")
    return DTYPES[dtype], tuple(None if size == "?" else int(size) for size in sizes.split(",") if size)


def known(shape: tuple[int | None, ...]) -> tuple[int, ...]:
    """Returns a shape with a size in place of every unknown one."""
    return tuple(size if size is not None else OTHER if axis else BATCH for axis, size in enumerate(shape))


def symbolic(text: str) -> Any:
    """Returns a Keras tensor: the input of a functional model."""
    dtype, shape = parse(text)
    return keras.Input(batch_shape=shape, dtype=dtype) if shape else keras.KerasTensor(shape, dtype)


def eager(text: str) -> Any:
    """Returns a tensor with values between 0 and 1, or 0 and 9 for integers."""
    dtype, shape = parse(text)
    sizes = known(shape)
    if dtype == "string":
        return tf.fill(sizes, "a")
    draw = np.random.default_rng(0)
    if dtype.startswith(("int", "uint")):
        return tf.constant(draw.integers(0, 10, sizes), dtype)
    return tf.cast(draw.uniform(0, 1, sizes), dtype)


def text_of(value: Any) -> str:
    """Returns a tensor in the notation of the table."""
    short = {name: key for key, name in DTYPES.items()}
    name = value.dtype if isinstance(value.dtype, str) else value.dtype.name
    return f"{short[name]}[{','.join('?' if size is None else str(size) for size in value.shape)}]"


def with_values(text: str) -> str:
    """Returns what ``text`` becomes where every size is known."""
    dtype, sizes = text.split("[")[0], known(parse(text)[1])
    return f"{dtype}[{','.join(map(str, sizes))}]"
