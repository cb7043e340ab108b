"""Facts → rules → gate: what every entry of a model does with what it learns.

An entry adds facts to the evidence and asks; which rules run follows from what is known, never from which entry it is.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import keras

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.evidence import Known, model_evidence, with_batch
from typedlayers.bridge.inputs import input_dtype, steps_as_keras
from typedlayers.bridge.members import contract_in_model
from typedlayers.bridge.model_graph import kept_graph, layers_in_order
from typedlayers.bridge.model_state import model_state
from typedlayers.bridge.own_losses import joined_losses, turned_losses
from typedlayers.bridge.resolved import names_of
from typedlayers.bridge.stack import inner_layers, input_layer
from typedlayers.bridge.tensors import shape_of
from typedlayers.contracts.contract import check
from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.facts.calls import UsersCall
from typedlayers.facts.data import Batch, Source
from typedlayers.facts.evidence import Evidence, Origin, Use
from typedlayers.facts.fitting import Fitting
from typedlayers.facts.graph import Node
from typedlayers.models._front import front_now
from typedlayers.modes import STRICT, Mode
from typedlayers.rules.contracts.findings import findings_of
from typedlayers.rules.contracts.walk import Walk, walk
from typedlayers.rules.custom import call_without_result
from typedlayers.rules.engine import findings, is_of_data
from typedlayers.rules.table import rules
from typedlayers.spec import Carrier, Kind, Shape, Spec
from typedlayers.spec import Origin as TensorOrigin

_TEXT: Final = "TL302"


def examined(
    model: Any, batch: Batch, use: Use, mode: Mode = STRICT, fitting: Fitting | None = None
) -> tuple[Evidence, list[Diagnostic]]:
    """Returns what is known of a model with data, and everything that is wrong with it.

    Args:
        model: any Keras model.
        batch: what is known of the data.
        use: what the data are given for.
        mode: what the mode repairs.
        fitting: what ``fit`` is given beside the data.
    """
    by_itself = replace(model_evidence(model, use, mode), fitting=fitting, front=front_now(model))
    known = with_batch(model, by_itself, batch, _origin(batch))
    joined, turned = joined_losses(model, known.evidence), turned_losses(model, known.evidence)
    known = replace(known, evidence=replace(known.evidence, joined=joined, turned=turned))
    of_data = findings(rules(), known.evidence)
    # Where only the data tell what the layers get, a mistake in the data themselves is what the layers would say again.
    explained = kept_graph(model) is None and any(one.code == _TEXT or is_of_data(one) for one in of_data)
    of_layers = () if explained else _of_layers(model, known, batch)
    return known.evidence, [*_of_result(model, known, use), *of_layers, *of_data]


def of_input(model: Any, batch: Batch, use: Use, mode: Mode) -> tuple[Evidence, list[Diagnostic]]:
    """Returns what is known of x, and what can be said of it, once a step of the user's has handed it on as drawn.

    As a step is traced no model is run besides: only what Keras kept of the model is known.
    """
    known = model_evidence(model, use, mode).with_facts(
        Origin.TRACE, batch=batch, hands_over=True, front=front_now(model)
    )
    return known, findings(rules(), known)


def of_model(model: Any, use: Use | None = None) -> list[Diagnostic]:
    """Returns what can be said of a model by itself: once it is made, or when it is about to be trained."""
    return findings(rules(), model_evidence(model, use))


def _origin(batch: Batch) -> Origin:
    return Origin.FIRST_BATCH if batch.source is Source.DRAWN else Origin.DATA


# ------------------------------------------------------------------------------------- layer contracts
def _of_layers(model: Any, known: Known, batch: Batch) -> Iterator[Diagnostic]:
    """The contracts that the data, or a dry run on their spec, break on the way through the layers."""
    told = set[str]()
    for one in (*_of_chain(model, batch), *known.found):
        if one.headline not in told:
            told.add(one.headline)
            yield one


def _of_result(model: Any, known: Known, use: Use) -> list[Diagnostic]:
    """What is said of a model whose ``call`` returns None, where Keras's own step works on the result."""
    if not known.gives_none or not steps_as_keras(model, *use.steps, *(("compute_loss",) if use.compares else ())):
        return []
    code = getattr(inspect.unwrap(type(model).call), "__code__", None)
    label = label_of(model)
    where = Location(what=label) if code is None else Location(code.co_filename, code.co_firstlineno, label)
    return list(call_without_result.find(UsersCall(label=label, where=where, gives_none=True)))


def _of_chain(model: Any, batch: Batch) -> tuple[Diagnostic, ...]:
    walk = way_of_data(model, batch)
    return () if walk is None else walk.diagnostics


def way_of_data(model: Any, batch: Batch) -> Walk | None:
    """Sends the data through a Sequential that declares no input: the layers alone say what they take."""
    if not isinstance(model, keras.Sequential) or not model.layers or not isinstance(batch.x, Spec):
        return None
    if model.built or declared_spec(model) is not None:
        return None
    return walked(model, _first_spec(model, batch.x))


def walked(model: Any, spec: Spec) -> Walk:
    """Sends a spec through the layers of a Sequential."""
    state = model_state(model)
    return walk(layers_in_order(model), spec, state.names(label_of(model)), frozenset(state.dims))


def declared_spec(model: Any) -> Spec | None:
    """Returns what a Sequential's declared input gives to its first layer, None where none is declared."""
    given = input_layer(model)
    shape = None if given is None else shape_of(given.batch_shape)
    if shape is None or not model.layers:
        return None
    return Spec(input_dtype(model), (None, *shape[1:]), Carrier.INPUT, origin=input_origin(model))


def input_origin(model: Any) -> TensorOrigin | None:
    """Returns the input of a Sequential as the origin of what reaches its first layer."""
    given = input_layer(model)
    return None if given is None else TensorOrigin(f'Input "{given.name}"')


def _first_spec(model: Any, x: Spec) -> Spec:
    """What reaches the first layer, in the dtype that Keras casts to; text it leaves as it is."""
    shape = (batch_of_data(model, x.shape), *x.shape[1:]) if x.shape else x.shape
    return Spec(
        x.dtype if x.kind is Kind.STRING else input_dtype(model), shape, Carrier.INPUT, origin=TensorOrigin("the data")
    )


def batch_of_data(model: Any, shape: Shape) -> int | None:
    """Returns the size of the batches of a Sequential that declares no input.

    A size that merely came with the first data is no part of the contract, but Keras fixes it where states are kept.
    """
    keeps_states = any(getattr(layer, "stateful", False) for layer in inner_layers(model))
    return shape[0] if keeps_states else None


def of_calls(model: Any, unjudged: Any = None) -> list[Diagnostic]:
    """Returns the contracts that the calls of a functional model break, in model order.

    What a plain layer gets cannot be repaired any more, since the call was made.

    Args:
        model: the model; of one that is not functional there is nothing to say.
        unjudged: tells the layers to look at; all of them if None.
    """
    graph = kept_graph(model)
    if graph is None:
        return []
    names = model_state(model).names(label_of(model))
    nodes = (node for node in graph.nodes if unjudged is None or unjudged(node.layer))
    return [one.with_(repairs=()) for node in nodes for one in _of_call(node, names)]


def _of_call(node: Node, names: Any) -> Iterator[Diagnostic]:
    if node.resolved is None:
        return
    shared = names if node.resolved.own else None
    checked = check(node.resolved, node.specs, bindings=shared, values=node.values)
    found = findings_of(checked, node.resolved, node.specs, node.subject, shared)
    yield from (one for one in found if one.code not in node.allowed)


def unused_names(model: Any) -> list[Diagnostic]:
    """Returns a warning for names of ``dims=`` that no annotation has."""
    state, label = model_state(model), label_of(model)
    if not state.dims:
        return []
    contracts = [contract_in_model(layer) for layer in inner_layers(model)]
    used = frozenset[str]().union(*(names_of(c) for c in contracts if c is not None and c.own))
    unused = sorted(set(state.dims) - used)
    if not unused:
        return []
    known = f"its layers' annotations have {', '.join(sorted(used))}" if used else "no layer of it is annotated"
    headline = f"dims= of {label} names {', '.join(unused)}, which no annotation has"
    return [Diagnostic("TL105", headline, state.location(label), why=known)]
