"""The dtype side of a contract: which dtypes an annotation takes, and what `Compute` means.

`Compute` is our own jaxtyping dtype: *a dtype that the layer's dtype policy takes without loss*. jaxtyping's
``Float`` would let float64 into a float32 layer, and would refuse the integers that ``Dense`` takes rightly.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import jaxtyping

from typedlayers.spec import Carrier, Kind, Spec, bits_of, kind_of

if TYPE_CHECKING:
    from typing import Any as Tensor
else:

    class _AnyTensor(type):
        """Makes ``isinstance(x, Tensor)`` true of whatever has a shape and a dtype."""

        def __instancecheck__(cls, value: object) -> bool:
            return hasattr(value, "shape") and hasattr(value, "dtype")

    class Tensor(metaclass=_AnyTensor):
        """Any tensor, in annotations of the catalogue: a tensor of the backend, a Keras tensor or an array."""


if TYPE_CHECKING:
    from jaxtyping import Float as Compute
else:

    class Compute(jaxtyping.AbstractDtype):
        """A dtype that the layer's dtype policy takes without loss."""

        dtypes: tuple[re.Pattern[str], ...] = (re.compile(r"(b?float|u?int|bool)"),)


class Integers(enum.Enum):
    """A layer's effect on integers (an ``Input`` of a float dtype has converted them before)."""

    CONVERTED = "converted"
    """The layer computes with them in its compute dtype."""
    KEPT = "kept"
    """They pass through: the output has the input's dtype."""
    LOOKED_UP = "looked up"
    """They are indices: the layer looks them up."""
    WRAPS = "wraps"
    """8-bit integers overflow: 200 + 100 is 44."""
    FAILS = "fails"
    """The layer is built, and fails when the first batch runs."""
    FAILS_ON_GPU = "fails on a GPU"
    """A CPU computes with them in the layer's compute dtype; on a GPU the first batch fails."""
    TRUNCATES = "truncates"
    """The result is truncated to integers: nearly everything becomes 0."""


class Stage(enum.Enum):
    """The place of a layer; it decides whether a float64 tensor is a mistake."""

    MODEL = "model"
    """In models, at or between weights: a float64 tensor asks for more precision than the layer has."""
    DATA = "data"
    """Also in data pipelines, where float64 is NumPy's default."""


class DtypeFault(enum.Enum):
    """The reason that a dtype does not fit; strict mode explains it, lenient mode repairs or refuses it."""

    DOUBLE = "double"
    """A float64 tensor, made on purpose, would be rounded to the layer's dtype."""
    TEXT = "text"
    """Strings or Python objects where numbers are needed."""
    COMPLEX = "complex"
    """The imaginary part would be discarded."""
    INTEGERS_FAIL = "integers fail"
    INTEGERS_FAIL_ON_GPU = "integers fail on a GPU"
    INTEGERS_WRAP = "integers wrap"
    INTEGERS_TRUNCATED = "integers truncated"
    NOT_LISTED = "not listed"
    """The annotation lists other dtypes."""


_FAULTS: Final[Mapping[Integers, DtypeFault]] = {
    Integers.FAILS: DtypeFault.INTEGERS_FAIL,
    Integers.FAILS_ON_GPU: DtypeFault.INTEGERS_FAIL_ON_GPU,
    Integers.TRUNCATES: DtypeFault.INTEGERS_TRUNCATED,
}


@dataclass(frozen=True, slots=True)
class Policy:
    """The dtype side of a layer's policy and contract.

    Attributes:
        compute: the dtype that the layer computes in, None if unknown.
        variable: the dtype of its weights, None if unknown.
        integers: its effect on integers.
        stage: where it belongs.
        gpu: whether a GPU is visible; without one, a failure on GPUs is only a possible mistake.
    """

    compute: str | None = "float32"
    variable: str | None = "float32"
    integers: Integers = Integers.CONVERTED
    stage: Stage = Stage.MODEL
    gpu: bool = False


@dataclass(frozen=True, slots=True)
class DtypeRule:
    """The dtypes that an annotation accepts.

    Attributes:
        label: the name of the jaxtyping dtype: ``"Float"``, ``"Compute"``.
        names: dtype names that fit; None if any does.
        patterns: regular expressions of dtype names that fit.
        compute: True for `Compute`, which depends on the layer's policy.
    """

    label: str
    names: frozenset[str] | None
    patterns: tuple[re.Pattern[str], ...] = ()
    compute: bool = False

    def fault(self, spec: Spec, policy: Policy) -> DtypeFault | None:
        """Returns why a spec's dtype does not fit, or None if it does or is unknown."""
        if spec.dtype is None:
            return None
        if self.compute:
            return _compute_fault(spec, policy)
        if self.names is None or spec.dtype in self.names or any(p.match(spec.dtype) for p in self.patterns):
            return None
        return DtypeFault.NOT_LISTED

    def single(self) -> str | None:
        """Returns the target of a cast: the one dtype that fits, if there is only one."""
        if self.names is not None and len(self.names) == 1 and not self.patterns:
            return next(iter(self.names))
        return None


def _compute_fault(spec: Spec, policy: Policy) -> DtypeFault | None:
    assert spec.dtype is not None
    kind = kind_of(spec.dtype)
    if kind in (Kind.STRING, Kind.OTHER):
        return DtypeFault.TEXT
    if kind is Kind.COMPLEX:
        return DtypeFault.COMPLEX
    if kind is Kind.INTEGER:
        if policy.integers is Integers.WRAPS and bits_of(spec.dtype) == 8:
            return DtypeFault.INTEGERS_WRAP
        return _FAULTS.get(policy.integers)
    if spec.dtype == "float64" and spec.carrier is Carrier.TENSOR and _rounds(policy):
        known = {policy.compute, policy.variable} - {None}
        return DtypeFault.DOUBLE if known and "float64" not in known else None
    return None


def _rounds(policy: Policy) -> bool:
    """Returns True if a layer loses the precision of a float64 tensor; pipelines and indices do not."""
    return policy.stage is Stage.MODEL and policy.integers is not Integers.LOOKED_UP


def rule_of(annotation: object) -> DtypeRule:
    """Returns the dtype rule of a jaxtyping annotation, read from its public ``dtype`` and ``dtypes``."""
    dtype, dtypes = annotation.dtype, annotation.dtypes  # pyright: ignore
    label = dtype.__name__
    if isinstance(dtype, type) and issubclass(dtype, Compute):  # pyright: ignore[reportArgumentType]
        return DtypeRule(label, None, compute=True)
    if not isinstance(dtypes, tuple | list):
        return DtypeRule(label, None)
    names = frozenset(d for d in dtypes if isinstance(d, str))
    if "bool_" in names:
        names |= {"bool"}
    return DtypeRule(label, names, tuple(d for d in dtypes if isinstance(d, re.Pattern)))
