"""The outputs of a model: their names, and what a loss is given of a model that shows nothing else.

``KerasTensor._keras_mask`` is a tensor's mask, ``Functional._outputs_struct`` the nest of the outputs. Where a Keras
lacks them, no output is masked, and none is known by a key.
"""

from __future__ import annotations

from typing import Any

from typedlayers.bridge.graph import functional_of
from typedlayers.bridge.members import location_of
from typedlayers.bridge.tensors import is_tensor, spec_of
from typedlayers.diagnostics.subject import Subject
from typedlayers.facts.outputs import Head


def is_run_as_graph(model: Any) -> bool:
    """Returns True if the user's class leaves ``call`` to Keras, so that the graph is what runs."""
    owner = next(cls for cls in type(model).__mro__ if "call" in vars(cls))
    return owner.__module__.partition(".")[0] in ("keras", "typedlayers")


def heads_given(model: Any, given: Any) -> tuple[Head, ...]:
    """Returns the heads of a model of which only the outputs are known, as its loss is traced.

    Args:
        model: a subclassed model.
        given: its output: a tensor, a list or a dict of them.
    """
    if isinstance(given, dict):
        named = [(str(key), given[key]) for key in sorted(given)]
    elif isinstance(given, list | tuple):
        named = [(f"{index}", item) for index, item in enumerate(given)]
    else:
        named = [(model.name, given)]
    if not named or not all(is_tensor(item) for _, item in named):
        return ()
    subject = Subject.of(type(model).__name__, model.name, location_of(model))
    return tuple(
        Head(name, subject, spec_of(item), masked=getattr(item, "_keras_mask", None) is not None, only=len(named) == 1)
        for name, item in named
    )


def output_names(model: Any) -> tuple[str, ...]:
    """Returns the names by which ``compile`` and ``fit`` know a model's outputs: keys of a dict, else layers' names."""
    graph = functional_of(model)
    struct = getattr(graph, "_outputs_struct", None)
    if isinstance(struct, dict) and len(struct) == len(graph.outputs):
        return tuple(str(key) for key in sorted(struct))
    return tuple(getattr(graph, "output_names", ()))


def returned_keys(model: Any) -> tuple[str, ...] | None:
    """Returns the keys of the dict that a functional model returns, as the user ordered them.

    Returns:
        Empty for a tensor or a flat list of them; None for deeper nests and for models that are not functional.
    """
    graph = functional_of(model)
    struct = getattr(graph, "_outputs_struct", None)
    if struct is None:
        return None
    items = (
        list(struct.values() if isinstance(struct, dict) else struct) if isinstance(struct, dict | list | tuple) else []
    )
    if any(isinstance(item, dict | list | tuple) for item in items):
        return None
    return tuple(map(str, struct)) if isinstance(struct, dict) else ()
