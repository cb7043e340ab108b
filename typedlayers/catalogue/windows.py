"""The sizes that windows leave, as the text of a dimension: the arithmetic of convolution and pooling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from typedlayers.catalogue.layout import SPATIAL, data_format_of, turned_picture
from typedlayers.diagnostics.edit import Argument, Insert
from typedlayers.diagnostics.model import Fix
from typedlayers.spec import Shape

UNKNOWN: Final = "_"

FITS_WHY: Final = 'padding="valid" puts a window only where all of it fits'
FITS_FIXES: Final = (
    Fix.of(Argument("", "padding", '"same"'), condition="or a smaller window"),
    "perhaps longer inputs: pad or resize them, so that the window fits",
)
"""The reason for a window that does not fit."""


def turned(layer: Any, shape: Shape) -> Iterator[Fix]:
    """Yields the fix for a picture that seems to have its channels where the layer has a side of it."""
    order = turned_picture(data_format_of(layer), shape)
    if order is not None:
        permute = f"layers.Permute({order})"
        place = "first" if order[-1] == 1 else "last"
        yield Fix(f"{permute} before it, if the data have the channels {place}", edits=(Insert(permute, ""),))


def shifted(name: str, by: int, *, factor: int = 1) -> str:
    """Returns ``factor * name + by``.

    >>> shifted("height", -2), shifted("width", 0), shifted("time", 1, factor=2)
    ('height-2', 'width', '2*time+1')
    """
    scaled = name if factor == 1 else f"{factor}*{name}"
    return scaled if by == 0 else f"{scaled}{by:+d}"


def reach(window: int, dilation: int = 1) -> int:
    """Returns how many positions a dilated window covers."""
    return (window - 1) * dilation + 1


def windowed(name: str, reach: int, stride: int, padding: object) -> str:
    """Returns the number of windows along an axis.

    Args:
        name: the axis.
        reach: how many positions a window covers.
        stride: from one window to the next.
        padding: ``"valid"``, ``"same"`` or ``"causal"`` in any case; the size is unknown for anything else.

    >>> windowed("height", 3, 1, "valid"), windowed("height", 3, 2, "valid"), windowed("height", 2, 2, "valid")
    ('height-2', '(height-3)//2+1', 'height//2')
    >>> windowed("height", 3, 1, "same"), windowed("height", 3, 2, "same")
    ('height', '(height+1)//2')
    """
    kind = padding.lower() if isinstance(padding, str) else None
    if kind not in ("valid", "same", "causal") or stride < 1:
        return UNKNOWN
    covered = reach if kind == "valid" else 1
    if stride == 1:
        return shifted(name, 1 - covered)
    if covered == stride:
        return f"{name}//{stride}"
    if covered < stride:
        return f"({shifted(name, stride - covered)})//{stride}"
    return f"({shifted(name, -covered)})//{stride}+1"


def transposed(name: str, reach: int, stride: int, padding: str, extra: int | None) -> str:
    """Returns the output size of a transposed convolution along an axis.

    Args:
        name: the axis.
        reach: how many positions a window covers.
        stride: from one window to the next.
        padding: ``"valid"`` or ``"same"``.
        extra: the ``output_padding``.

    >>> transposed("height", 3, 2, "valid", None), transposed("height", 3, 2, "same", None)
    ('2*height+1', '2*height')
    """
    return shifted(name, _transposed_shift(reach, stride, padding, extra), factor=stride)


def transposed_size(size: int, reach: int, stride: int, padding: str, extra: int | None) -> int:
    """Returns what `transposed` describes for one size."""
    return size * stride + _transposed_shift(reach, stride, padding, extra)


def _transposed_shift(reach: int, stride: int, padding: str, extra: int | None) -> int:
    if padding == "same":
        return 0 if extra is None else reach % 2 + extra - stride
    return max(reach, stride) - stride if extra is None else reach + extra - stride


def too_large(sizes: Shape, windows: Sequence[int], reaches: Sequence[int]) -> str | None:
    """Returns which window does not fit its axis, as a clause, or None.

    >>> too_large((5, None), (6, 6), (6, 6))
    'a window of 6 does not fit in height 5'
    >>> too_large((4,), (3,), (5,))
    'a window of 3 spread over 5 positions does not fit in time 4'
    """
    for name, size, window, covered in zip(SPATIAL[len(sizes)], sizes, windows, reaches, strict=True):
        if size is not None and size < covered:
            spread = "" if window == covered else f" spread over {covered} positions"
            return f"a window of {window}{spread} does not fit in {name} {size}"
    return None
