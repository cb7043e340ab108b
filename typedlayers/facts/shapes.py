"""Whether data have the shape of an input, or one that Keras itself changes to it."""

from __future__ import annotations

from typedlayers.spec import Shape, Size


def fits(needed: Shape, got: Shape) -> bool:
    """Whether two shapes can be the same; an unknown size is compatible with every other.

    >>> fits((None, 3), (8, 3)), fits((None, 3), (8, 4)), fits((None, 3), (8, 3, 1))
    (True, False, False)
    """
    return len(needed) == len(got) and all(map(compatible, needed, got))


def compatible(one: Size, two: Size) -> bool:
    """Whether two sizes can be the same."""
    return one is None or two is None or one == two


def fits_after_keras(needed: Shape, got: Shape) -> bool:
    """Whether the shape fits once Keras has added or removed a last axis of size 1.

    >>> fits_after_keras((None, 28, 28, 1), (8, 28, 28)), fits_after_keras((None, 28, 28, 3), (8, 28, 28))
    (True, False)
    >>> fits_after_keras((None, 28), (8, 28, 1))
    True
    """
    if len(got) == len(needed) + 1:
        return got[-1] == 1 and fits(needed, got[:-1])
    return len(got) == len(needed) - 1 and bool(needed) and needed[-1] == 1 and fits(needed, (*got, 1))


def takes(needed: Shape | None, got: Shape | None) -> bool:
    """Whether an input takes data of a shape, as far as both are known."""
    return needed is None or got is None or fits(needed, got) or fits_after_keras(needed, got)


def without(shape: Shape, axis: int) -> Shape:
    """Returns a shape without one of its axes."""
    return (*shape[:axis], *shape[axis + 1 :])
