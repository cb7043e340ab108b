"""TL505: x, y or sample weights have different numbers of samples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.edit import Data as Edits
from typedlayers.diagnostics.edit import Edit, Rewrite
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.data import Source
from typedlayers.facts.pairing import fits
from typedlayers.rules.data.topics import DATA, Data, Part
from typedlayers.rules.rule import Rule
from typedlayers.spec import Kind, Spec


def find(data: Data) -> Iterator[Diagnostic]:
    """Yields the finding if first axes differ that count the same samples.

    They do where Keras draws from arrays, and where its own loss compares outputs with y. Steps of the user's own may
    take the elements of a dataset apart as they like.
    """
    counted = data.compared or (data.drawn and data.batch.source is Source.ARRAYS)
    if not counted or not data.is_clear:
        return
    known = [(_named(part), part.spec.shape[0]) for part in data.parts() if part.spec.shape]
    sizes = [(name, size) for name, size in known if size is not None]
    other = next(((name, size) for name, size in sizes if size != sizes[0][1]), None)
    if other is None:
        return
    (first, size), (second, count) = sizes[0], other
    inside = "" if data.batch.what == "x" else f"; in {data.batch.what} they differ"
    yield Diagnostic(
        "TL505",
        f"{data.model} gets {size} samples as {first} but {count} as {second}",
        where=data.where,
        gets=", ".join(f"{name}: {size}" for name, size in sizes),
        needs="the same number of samples in everything that is given together",
        why=f"the first axis counts the samples, and every sample needs its own of each{inside}",
        fixes=(
            *_of_classes(data, other[0], count),
            *_in_order(data, other[0]),
            Fix(
                f"if {second} is another split than {first}: the part of it that belongs to {first}",
                edits=_cut(data, other[0], size, count),
            ),
        ),
    )


def _of_classes(data: Data, other: str, count: int) -> Iterator[Fix]:
    """As many weights as there are classes: each sample gets that of its class."""
    y = data.batch.y
    if other != "sample_weight" or count != data.classes or not isinstance(y, Spec) or y.shape is None:
        return
    ids = "y" if len(y.shape) == 1 else "y[:, 0]" if y.shape[-1] == 1 else "np.argmax(y, axis=-1)"
    number = "" if y.kind is Kind.INTEGER or ids.startswith("np") else '.astype("int32")'
    code = f"sample_weight[{ids}{number}]"
    yield Fix(f"{code}: the weight of its class for each sample", edits=(Edits("sample_weight", code),))


ORDER: Final = Rewrite(
    "_a, _b, _c, _d = train_test_split(_x, _y, ...)", "_a, _c, _b, _d = train_test_split(_x, _y, ...)"
)
"""Both parts of x come before those of y."""


def _in_order(data: Data, other: str) -> Iterator[Fix]:
    """The targets are of the shape and dtype of x, which the loss does not compare with: the other part of x."""
    x, y = data.batch.x, data.batch.y
    if other != "the targets y" or data.batch.source is not Source.ARRAYS or data.wanted is None:
        return
    if not isinstance(x, Spec) or not isinstance(y, Spec) or not x.shape or not y.shape or len(x.shape) < 2:
        return
    if x.dtype == y.dtype and x.shape[1:] == y.shape[1:] and not fits(y.shape, data.wanted):
        order = "x_train, x_test, y_train, y_test = train_test_split(x, y)"
        yield Fix(f"{order}, the order of its results: y is another part of x", edits=(ORDER,))


def _cut(data: Data, other: str, size: int, count: int) -> tuple[Edit, ...]:
    """The first samples of the longer of x and y; which ones belong together is for the user to say."""
    bare = isinstance(data.batch.x, Spec) and isinstance(data.batch.y, Spec)
    if data.batch.source is not Source.ARRAYS or not bare or other != "the targets y":
        return ()
    return (Edits("y", f"y[:{size}]") if count > size else Edits("x", f"x[:{count}]"),)


def _named(part: Part) -> str:
    return f"the targets {part.code}" if part.place.part == "y" else part.code


RULE = Rule(code="TL505", about=DATA, find=find, after=frozenset({"TL503"}))
