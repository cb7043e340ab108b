"""typeguard's plug-in: makes ``typeguard.check_type`` right where the shape of a tensor is not fully known.

jaxtyping's ``isinstance`` takes an unknown size (``None``) for a value: it refuses ``"7 3"`` for a Keras tensor of
shape ``(None, 3)``. Such a tensor is unified instead, as are all values of an annotation made with our own `Tensor`.
Everything else, plain arrays above all, is left to jaxtyping.

typeguard finds `lookup` by its entry point ``typeguard.checker_lookup``; nothing here imports Keras or TensorFlow.
Which names hold how far:

- Those of unified tensors hold across one call of a function that typeguard instruments: its arguments, annotated
  local variables and result. ``{self.units}`` and ``{n}`` are read from its arguments.
- In a generator each tensor is checked by itself: the last batch may be smaller.
- Those of the arrays that are left to jaxtyping hold where jaxtyping says so (``jaxtyping.jaxtyped``); the two kinds
  are not compared with each other.
- Of ``X | Y``, names that a part of ``X`` bound before ``X`` failed stay bound: typeguard does not tell.
"""

from __future__ import annotations

import inspect
import operator
import sys
from collections.abc import Iterable
from typing import Any, Final

from typeguard import TypeCheckerCallable, TypeCheckError, TypeCheckMemo

from typedlayers.contracts.dtypes import Policy, Tensor
from typedlayers.contracts.parse import is_annotation, pattern_of
from typedlayers.contracts.unify import Bindings, Fault, Mismatch, unify
from typedlayers.spec import Shape, Size, Spec

_BACKENDS: Final = {"tensorflow": "Tensor", "jax": "Array", "torch": "Tensor"}
"""The tensor class that a Keras tensor represents in a model, per backend."""

_ANY_POLICY: Final = Policy(compute=None, variable=None)
"""No layer is known here, so `Compute` takes every dtype that could be computed with."""


class _Call(dict[str, Any]):
    """The local variables of one instrumented call, and what its names are bound to so far.

    typeguard makes one memo per call, which has room for nothing but its public attributes; a copy of the locals with
    one attribute more goes there, and the user's own ``locals()`` are left alone.
    """

    __slots__ = ("bindings",)

    def __init__(self, variables: dict[str, Any]) -> None:
        super().__init__(variables)
        self.bindings = Bindings()


def lookup(origin_type: Any, args: tuple[Any, ...], extras: tuple[Any, ...]) -> TypeCheckerCallable | None:
    """Returns the checker of a jaxtyping annotation, None for any other type."""
    return check if is_annotation(origin_type) else None


def check(value: Any, origin_type: Any, args: tuple[Any, ...], memo: TypeCheckMemo) -> None:
    """Checks one value against one jaxtyping annotation.

    Raises:
        TypeCheckError: if it does not fit.
        typedlayers.contracts.parse.PatternError: if the annotation has an expression that cannot be read without
            running it.
    """
    array_type = origin_type.array_type
    spec = _spec(value)
    ours = array_type is Tensor or _is_keras_tensor(value) or (spec is not None and _has_unknown(spec))
    if not ours:
        if not isinstance(value, origin_type):
            raise TypeCheckError(f"is not an instance of {origin_type.__module__}.{origin_type.__qualname__}")
        return
    if spec is None or not _is_instance(value, array_type):
        raise TypeCheckError(f"is not an instance of {getattr(array_type, '__qualname__', array_type)}")
    call = _call(memo)
    found = unify(
        pattern_of(origin_type),
        spec,
        call.bindings,
        argument=_name_of(value, call),
        policy=_ANY_POLICY,
        scope=call,
    )
    if isinstance(found, Mismatch):
        raise TypeCheckError(f"does not fit {found.pattern}: it is {spec}, and {_reason(found)}")
    call.bindings = found


def _call(memo: TypeCheckMemo) -> _Call:
    if isinstance(memo.locals, _Call):
        return memo.locals
    call = _Call(memo.locals)
    if not _in_generator():
        memo.locals = call
    return call


def _in_generator() -> bool:
    """Returns True if typeguard checks for a generator: its frame is the first outside typeguard."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] in ("typeguard", "typedlayers"):
        frame = frame.f_back
    return frame is not None and bool(frame.f_code.co_flags & (inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR))


def _name_of(value: object, variables: dict[str, Any]) -> str:
    """The name of the variable that holds a value: typeguard does not hand on the argument's."""
    return next((name for name, held in variables.items() if held is value), "the value")


def _is_instance(value: object, array_type: Any) -> bool:
    if array_type is Any or isinstance(value, array_type):
        return True
    stands_for = [getattr(sys.modules.get(module), name, None) for module, name in _BACKENDS.items()]
    return _is_keras_tensor(value) and any(array_type is tensor for tensor in stands_for)


def _is_keras_tensor(value: object) -> bool:
    kind = getattr(sys.modules.get("keras"), "KerasTensor", None)  # where there is one, Keras is imported already
    return isinstance(kind, type) and isinstance(value, kind)


def _has_unknown(spec: Spec) -> bool:
    return spec.shape is None or None in spec.shape


def _spec(value: Any) -> Spec | None:
    """Returns the spec of a value by its ``shape`` and ``dtype``, None without them."""
    try:
        shape, dtype = value.shape, value.dtype
    except AttributeError:
        return None
    name = dtype if isinstance(dtype, str) else getattr(dtype, "name", None)
    if not isinstance(name, str):
        name = repr(dtype).rpartition(".")[2]  # torch.float32
    if shape is None or getattr(shape, "rank", 0) is None:  # tf.TensorShape(None)
        return Spec(name, None)
    return Spec(name, _sizes(shape)) if isinstance(shape, Iterable) else None


def _sizes(shape: Iterable[object]) -> Shape:
    def size(entry: Any) -> Size:
        try:
            return operator.index(entry)
        except TypeError:
            return None  # None itself, and the symbolic sizes of other backends

    return tuple(map(size, shape))


def _reason(mismatch: Mismatch) -> str:
    """Returns the mismatch as a clause."""
    match mismatch:
        case Mismatch(fault=Fault.DTYPE, spec=Spec() as spec):
            return f"its dtype is {spec.dtype}"
        case Mismatch(fault=Fault.RANK, pattern=pattern):
            least = "at least " if pattern is not None and pattern.variadic is not None else ""
            return f"it has {mismatch.got} axes, not {least}{mismatch.needed}"
        case Mismatch(needed=needed) if needed is not None:
            bound = "" if mismatch.bound is None else f", because of {mismatch.bound.source}"
            name = "" if mismatch.name == str(needed) else f"{mismatch.name} = "
            return f"axis {mismatch.axis} is {mismatch.got}, not {name}{needed}{bound}"
        case Mismatch(got=got) if got is not None:
            return f"axis {mismatch.axis} is {got}: {mismatch.detail}"
    return mismatch.detail
