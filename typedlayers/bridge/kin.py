"""Typed classes as drop-ins in ``isinstance``: a plain Keras layer is one of ours where it is one of Keras's.

``isinstance(layer, layers.BatchNormalization)`` picks layers out of a ``keras.applications`` model, whose layers are
plain: with an ordinary subclass the same program would pick none, silently.
"""

from __future__ import annotations

import abc
from typing import Any, Final
from weakref import WeakKeyDictionary

_STANDS_FOR: Final[WeakKeyDictionary[type, type]] = WeakKeyDictionary()
"""The Keras class that a typed class of this library stands for."""


class Kin(abc.ABCMeta):
    """The metaclass of typed classes. It derives from ``ABCMeta``, so that a subclass may have abstract methods."""

    def __instancecheck__(cls, instance: Any) -> bool:
        """Whether an object is of this class, or of the Keras class that it stands for."""
        stands_for = _STANDS_FOR.get(cls)
        return isinstance(instance, stands_for) if stands_for is not None else super().__instancecheck__(instance)

    def __subclasscheck__(cls, subclass: type) -> bool:
        """Whether a class is derived from this one, or from the Keras class that it stands for."""
        stands_for = _STANDS_FOR.get(cls)
        return issubclass(subclass, stands_for) if stands_for is not None else super().__subclasscheck__(subclass)


def stand_for(cls: type, plain: type) -> None:
    """Lets a typed class of this library answer ``isinstance`` and ``issubclass`` as the Keras class it stands for."""
    _STANDS_FOR[cls] = plain


def stood_for(cls: type) -> type | None:
    """Returns the Keras class that a typed class of this library stands for, None of every other class."""
    return _STANDS_FOR.get(cls)
