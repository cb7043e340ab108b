"""Samples and their targets by the names that people give them: ``x_val`` and ``y_val``, ``images`` and ``labels``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import libcst as cst

from typedlayers.source.program import NoPlace, Program

TARGETS: Final = {
    "x": ("y",),
    "X": ("y", "Y"),
    "images": ("labels", "targets", "masks"),
    "features": ("labels", "targets"),
    "inputs": ("targets", "outputs", "labels"),
    "data": ("labels", "targets"),
    "samples": ("labels", "targets"),
    "texts": ("labels", "targets"),
}
"""A part of the name of samples, and what stands in its place in the name of their targets."""

_PART: Final = re.compile(r"[xX](?=_|[a-z]|\d|$)|[a-z]+|[A-Z][a-z]*")


def with_targets(program: Program, given: cst.BaseExpression) -> dict[str, cst.BaseExpression]:
    """Returns samples as ``x`` and their targets as ``y``; a slice of the samples is one of the targets too.

    Args:
        program: the file.
        given: the samples: a name or a slice of one, alone or as the only element of a tuple or list.

    Raises:
        NoPlace: if no name of the program is known to be that of the targets.
    """
    if isinstance(given, cst.Tuple | cst.List) and given.elements:
        given = given.elements[0].value
    named = given.value if isinstance(given, cst.Subscript) else given
    names = _namesakes(named.value) if isinstance(named, cst.Name) else ()
    found = [one for one in names if program.is_bound(one, given)]
    if not found:
        raise NoPlace("the name of the targets is not known")
    targets = cst.Name(found[0])
    return {"x": given, "y": given.with_changes(value=targets) if isinstance(given, cst.Subscript) else targets}


def _namesakes(name: str) -> Iterator[str]:
    """Yields the names that targets may have.

    >>> [*_namesakes("x_val")], [*_namesakes("test_images")], [*_namesakes("Xtest")]
    (['y_val'], ['test_labels', 'test_targets', 'test_masks'], ['ytest', 'Ytest'])
    """
    for part in _PART.finditer(name):
        for other in TARGETS.get(part[0], ()):
            yield f"{name[: part.start()]}{other}{name[part.end() :]}"
