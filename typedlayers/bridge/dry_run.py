"""A dry run: a model called on tensors without values, to see what it would do. Nothing of it is kept.

It runs the user's ``call`` once more, as Keras itself does when it builds a model; what that prints is not shown.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import keras

from typedlayers.bridge.copies import nothing_kept, stateless_copy
from typedlayers.bridge.layer_state import ADOPTED, STATE
from typedlayers.bridge.model_graph import is_composed, is_model, seen_graph
from typedlayers.bridge.outputs import output_names
from typedlayers.bridge.raised import said
from typedlayers.bridge.recording import Recorder, recorder
from typedlayers.bridge.tensors import is_tensor
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.errors import ContractError
from typedlayers.facts.graph import Graph
from typedlayers.spec import Spec, SpecTree
from typedlayers.verdict.gate import collecting

Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a dry run showed.

    Attributes:
        graph: the calls of the model, None if it did not come to its end.
        flat: the same, with the calls inside layers of the user's in their place; as far as it came.
        found: what the contracts of its layers say.
        failed: what the user's code raised, empty if it came to its end.
        gives_none: whether it came to its end and gave None.
    """

    graph: Graph | None
    flat: Graph | None = None
    found: tuple[Diagnostic, ...] = ()
    failed: str = ""
    gives_none: bool = False


class Entrance:
    """How calls of plain layers are seen: `typedlayers.layers` puts its wrapper of ``Layer.__call__`` here."""

    wrap: Wrap | None = None


def dry_run(model: Any, x: SpecTree) -> DryRun:
    """Calls a model on tensors of these dtypes and shapes; in the graph the number of samples is left open.

    Args:
        model: a Keras model, built or not.
        x: the specs of its input; every rank has to be known.
    """
    given = x
    if any(leaf is None or leaf.shape is None for leaf in keras.tree.flatten(given)):
        return DryRun(None, failed="the number of axes of an input is unknown")
    originals: dict[int, Any] = {}
    notes = Recorder(originals)
    run = _Run(notes)
    with collecting() as found, nothing_kept(), _every_layer_seen(), contextlib.redirect_stdout(io.StringIO()):
        copy = _callable(stateless_copy(model, originals))
        try:
            run.of(copy, keras.tree.map_structure(_symbolic, given))
        except ContractError as error:
            return DryRun(None, run.seen(model), (*found, *error.diagnostics))
        except Exception as error:  # noqa: BLE001 - the user's code: the run itself will raise it again
            return DryRun(None, run.seen(model), tuple(found), _in_one_line(run.raised or error))
    if run.outputs is None:
        return DryRun(None, run.seen(model), tuple(found), "its call returns None", gives_none=True)
    names = _names(model, run.outputs)
    graph, flat = (
        seen_graph(model, notes, run.inputs, run.outputs, names, opened) for opened in (is_model, is_composed)
    )
    return DryRun(graph, flat, tuple(found))


class _Run:
    """One call of a function in a scratch graph of Keras's backend, with what went in and what came out."""

    def __init__(self, notes: Recorder) -> None:
        self.notes = notes
        self.inputs: Any = None
        self.outputs: Any = None
        self.raised: Exception | None = None

    def of(self, function: Callable[[Any], Any], given: Any) -> None:
        def traced(x: Any) -> Any:
            self.notes.restart()
            self.inputs = x
            try:
                self.outputs = function(x)
            except Exception as error:
                self.raised = error  # Keras wraps it in words of its own on its way out
                raise
            return self.outputs

        token = recorder.set(self.notes)
        try:
            compute_output_spec(traced, given)
        finally:
            recorder.reset(token)

    def seen(self, model: Any) -> Graph:
        """The calls of a run that did not come to its end."""
        return seen_graph(model, self.notes, self.inputs, (), (), is_composed, stopped=True)


def compute_output_spec(function: Callable[[Any], Any], given: Any) -> Any:
    """Runs a function on symbolic tensors in a scratch graph (``keras.Operation.compute_output_spec``)."""
    operation = keras.Operation(name="dry_run")
    operation.call = function
    return keras.Operation.compute_output_spec(operation, given)


def _in_one_line(error: BaseException) -> str:
    text = " ".join(said(error).split())
    return f"{type(error).__name__}: {text[:117]}..." if len(text) > 120 else f"{type(error).__name__}: {text}"


def _symbolic(spec: Spec) -> Any:
    return keras.KerasTensor(spec.shape, dtype=spec.dtype or keras.config.floatx())


def _callable(copy: Any) -> Callable[[Any], Any]:
    """A Sequential that is not built is its layers one after the other: no graph has to be made for it."""
    if isinstance(copy, keras.Sequential) and not copy.built:
        return lambda x: _through(copy.layers, x)
    return copy


def _through(layers: list[Any], x: Any) -> Any:
    for layer in layers:
        x = layer(x)
    return x


def _names(model: Any, outputs: Any) -> tuple[str, ...]:
    """The names by which ``compile`` and ``fit`` know the outputs."""
    kept = output_names(model)
    if kept:
        return kept
    if isinstance(outputs, dict):
        return tuple(str(key) for key in sorted(outputs))
    if isinstance(outputs, list | tuple):
        return tuple(str(index) for index in range(len(outputs)))
    last = model.layers[-1] if isinstance(model, keras.Sequential) and model.layers else model
    return (last.name,) if is_tensor(outputs) else ()


@contextlib.contextmanager
def _every_layer_seen() -> Iterator[None]:
    """Lets plain layers report their calls too, for the time of a dry run; other threads are not concerned."""
    plain, wrap = keras.layers.Layer.__call__, Entrance.wrap
    before = set(ADOPTED)
    if wrap is not None:
        keras.layers.Layer.__call__ = wrap(plain)
    try:
        yield
    finally:
        keras.layers.Layer.__call__ = plain
        for layer in set(ADOPTED) - before:
            vars(layer).pop(STATE, None)
            ADOPTED.discard(layer)
