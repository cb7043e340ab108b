"""Losses of the user's, computed once on tensors without values: whether they keep a value for each sample."""

from __future__ import annotations

import contextlib
import functools
import inspect
import io
from collections.abc import Iterator
from typing import Any, Final

import keras
import numpy as np

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.copies import nothing_kept
from typedlayers.bridge.dry_run import compute_output_spec
from typedlayers.bridge.losses import for_outputs, given_loss
from typedlayers.diagnostics.model import Location
from typedlayers.facts.evidence import Evidence
from typedlayers.facts.traced import Joined, Turned
from typedlayers.spec import Spec, leaves
from typedlayers.verdict.source import is_installed


def joined_losses(model: Any, evidence: Evidence) -> tuple[Joined, ...]:
    """Returns the losses of the user's that give one number for a batch whose samples are weighted.

    Args:
        model: a compiled model.
        evidence: what is known of it: its outputs, and the data.
    """
    return tuple(_joined(model, evidence)) if evidence.compared else ()


def _joined(model: Any, evidence: Evidence) -> Iterator[Joined]:
    batch, outputs, fitting = evidence.batch, evidence.outputs, evidence.fitting
    by_class = fitting is not None and fitting.class_weight is not None
    if batch is None or outputs is None or not (by_class or batch.weight is not None):
        return
    given = for_outputs(model.loss, tuple(head.name for head in outputs))
    targets = [spec for _, spec in leaves(batch.y)]
    if given is None or len(targets) != len(outputs):
        return
    for loss, target, head in zip(given, targets, outputs, strict=True):
        function = _own(loss)
        if function is None or target.shape is None or head.shape is None:
            continue
        result = _result(loss, target, head.spec)
        if result is not None and len(result.shape) == 0:
            code = inspect.unwrap(function).__code__
            label = f'Loss "{code.co_name if function is loss else type(loss).__name__}" of {label_of(model)}'
            where = Location(code.co_filename, code.co_firstlineno, label)
            yield Joined(label, where, "class_weight" if by_class else "sample_weight")


_OUTPUT: Final = frozenset(
    {"y_pred", "pred", "preds", "prediction", "predictions", "output", "outputs", "y_hat", "yhat"}
)
_TARGETS: Final = frozenset({"y_true", "true", "target", "targets", "label", "labels", "y"})


def turned_losses(model: Any, evidence: Evidence) -> tuple[Turned, ...]:
    """Returns the losses of the user's whose parameters are named for output and targets, in this order.

    Those that give the same both ways are left out: each is computed twice, of small random numbers.
    """
    return tuple(_turned(model, evidence)) if evidence.compared else ()


def _turned(model: Any, evidence: Evidence) -> Iterator[Turned]:
    batch, outputs = evidence.batch, evidence.outputs
    if batch is None or outputs is None:
        return
    given = for_outputs(model.loss, tuple(head.name for head in outputs))
    targets = [spec for _, spec in leaves(batch.y)]
    if given is None or len(targets) != len(outputs):
        return
    for loss, target, head in zip(given, targets, outputs, strict=True):
        function = _own(loss)
        code = None if function is None else inspect.unwrap(function).__code__
        names = () if code is None else code.co_varnames[: code.co_argcount][-2:]
        if code is None or len(names) != 2 or names[0] not in _OUTPUT or names[1] not in _TARGETS:
            continue
        if not _is_the_same_both_ways(loss, target, head.spec):
            label = f'Loss "{code.co_name if function is loss else type(loss).__name__}" of {label_of(model)}'
            yield Turned(label, Location(code.co_filename, code.co_firstlineno, label), (names[0], names[1]))


def _is_the_same_both_ways(loss: Any, target: Spec, output: Spec) -> bool:
    call = loss.call if isinstance(loss, keras.losses.Loss) else loss
    shapes = [(2, *(2 if size is None else size for size in (one.shape or (2,))[1:])) for one in (target, output)]
    rng = np.random.default_rng(0)
    one, two = (keras.ops.convert_to_tensor(rng.uniform(0.1, 0.9, shape), dtype=output.dtype) for shape in shapes)
    with nothing_kept(), contextlib.redirect_stdout(io.StringIO()):
        try:
            found = np.asarray(call(one, two)), np.asarray(call(two, one))
        except Exception:  # noqa: BLE001 - the user's code: nothing is known of it then
            return True
    return found[0].shape == found[1].shape and bool(np.allclose(found[0], found[1]))


def _own(loss: Any) -> Any:
    """The function that computes a loss of the user's, None of Keras's and of what has no code to point at."""
    if loss is None or isinstance(loss, str) or given_loss(loss) is not None or isinstance(loss, functools.partial):
        return None
    function = type(loss).call if isinstance(loss, keras.losses.Loss) else loss
    code = getattr(inspect.unwrap(function), "__code__", None)
    of_keras = getattr(function, "__module__", "").partition(".")[0] in ("keras", "tensorflow", "typedlayers")
    return None if code is None or of_keras or is_installed(code.co_filename) else function


def _result(loss: Any, target: Spec, output: Spec) -> Any:
    """What a loss gives, None if it does not run on tensors without values, or gives no tensor."""
    call = loss.call if isinstance(loss, keras.losses.Loss) else loss
    dtype = output.dtype or keras.config.floatx()
    given = tuple(keras.KerasTensor((None, *(one.shape or ())[1:]), dtype=dtype) for one in (target, output))
    with nothing_kept(), contextlib.redirect_stdout(io.StringIO()):
        try:
            result = compute_output_spec(lambda pair: call(*pair), given)
        except Exception:  # noqa: BLE001 - the user's code: the run itself will raise it again
            return None
    return result if hasattr(result, "shape") else None
