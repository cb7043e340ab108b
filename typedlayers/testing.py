"""Assertions for tests of models and layers; they are the fixture ``contracts`` of `typedlayers.pytest_plugin`."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from typedlayers.checking import check
from typedlayers.diagnostics.codes import code_named
from typedlayers.errors import ContractError
from typedlayers.modes import STRICT, mode
from typedlayers.verdict.report import Report


def assert_fits(target: Any, data: Any = None, *, targets: Any = None) -> None:
    """Asserts that a model, its data, targets and loss fit, or that a layer takes its input; runs no batch.

    Args:
        target: any Keras model or layer, plain ones too.
        data: of a model, what ``fit`` would be given; of a layer, its argument: an array, a tensor, or a nest of them.
        targets: the targets of a model, where they are not part of ``data``.

    Raises:
        AssertionError: with the report, if there is an error.

    >>> import numpy as np, typedlayers as tl
    >>> assert_fits(tl.layers.Dense(3), np.zeros((2, 4), "float32"))
    """
    __tracebackhide__ = True
    report = _report_on(target, data, targets)
    if not report.ok:
        raise AssertionError(str(report))


def assert_breaks(target: Any, data: Any = None, *, code: str, targets: Any = None) -> None:
    """Asserts that a code is reported, as an error or a warning.

    Args:
        target: as for `assert_fits`.
        data: as for `assert_fits`.
        code: the code or the rule: ``"TL201"``, ``"rank-mismatch"``.
        targets: as for `assert_fits`.

    Raises:
        AssertionError: with the report, if the code is not in it.
        LookupError: if there is no such code.

    >>> import numpy as np, typedlayers as tl
    >>> assert_breaks(tl.layers.Conv2D(8, 3), np.zeros((2, 8, 8), "float32"), code="rank-mismatch")
    """
    __tracebackhide__ = True
    wanted = code_named(code).code
    report = _report_on(target, data, targets)
    if wanted not in {one.code for found in report for one in found.walk()}:
        raise AssertionError(f"{wanted} is not reported:\n{report}")


def _report_on(target: Any, data: Any, targets: Any) -> Report:
    if isinstance(target, keras.Model) or not isinstance(target, keras.layers.Layer):
        return check(target, data, targets=targets)
    if data is None:
        raise TypeError("a layer is tested on its argument: assert_fits(layer, array)")
    inputs = keras.tree.map_structure(_symbolic, data)
    try:
        with mode(STRICT):
            outputs = target(inputs)
    except ContractError as error:
        return Report(errors=error.diagnostics, subject=target.name)
    return check(keras.Model(inputs, outputs))


def _symbolic(value: Any) -> Any:
    dtype = keras.backend.standardize_dtype(value.dtype)
    if isinstance(value, np.ndarray) and dtype == "float64":
        dtype = keras.config.floatx()  # as Keras converts arrays
    return keras.Input(batch_shape=(None, *value.shape[1:]), dtype=dtype)
