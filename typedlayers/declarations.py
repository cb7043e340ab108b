"""A user's declarations on a layer, and their read-back: contracts, allowances, repairs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar, overload

import keras

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.front import front_of, named_inputs_of, notice_changes
from typedlayers.bridge.layer_state import State, state_of
from typedlayers.bridge.members import ledger_of
from typedlayers.bridge.model_state import model_state
from typedlayers.bridge.resolved import contract_of_class, resolved_of
from typedlayers.contracts.contract import Contract, Resolved
from typedlayers.contracts.dims import Axis, Constant, Dim
from typedlayers.contracts.parse import Pattern, PatternError
from typedlayers.contracts.tree import has_tensor, tree_of
from typedlayers.contracts.unify import Bindings, Mismatch, unify
from typedlayers.diagnostics.codes import CODES
from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.diagnostics.subject import Subject
from typedlayers.errors import ContractError
from typedlayers.facts.front import EMPTY, ends_of, input_name
from typedlayers.modes import Checking, Level, current
from typedlayers.rules.contracts.explain import explain
from typedlayers.spec import Spec
from typedlayers.verdict import allow as allowances
from typedlayers.verdict import source
from typedlayers.verdict.ledger import Repairs
from typedlayers.verdict.traceback import entry

L = TypeVar("L")
M = TypeVar("M")


@entry
def annotate(layer: L, *, inputs: object = None, outputs: object = None, values: object = None) -> L:
    """Narrows or widens one layer's contract at its site.

    Args:
        layer: a typed layer.
        inputs: jaxtyping annotation of the first argument, or a list, tuple or dict of them.
        outputs: jaxtyping annotation of the result.
        values: for a model, the least and the greatest value that it takes; a dict of them by the name of the input
            where it has several.

    Returns:
        The layer itself.

    Raises:
        TypeError: if it is no typed layer, or an annotation is none; if values are given for what is no model.
        ValueError: if values are not two finite numbers in order, or there is no such input.
        ContractError: TL101 if an annotation cannot be read; TL103 if it contradicts what the layer is or has.

    >>> import typedlayers as tl
    >>> from jaxtyping import Float
    >>> head = tl.annotate(tl.layers.Dense(10), inputs=Float[tl.Tensor, "batch 128"])
    >>> print(tl.contract_of(head))
    Float "batch 128" → Compute "batch *axes {self.units}"
    """
    state = state_of(layer)
    if state is None:
        raise TypeError(f"annotate needs a typed layer (from typedlayers import layers), not {layer!r}")
    if values is not None:
        _declare(layer, values)
    for name, hint in (("inputs", inputs), ("outputs", outputs)):
        if hint is not None and not has_tensor(hint):
            example = "Float[tl.Tensor, 'batch features']"
            raise TypeError(f"annotate({name}=): {hint!r} is not a jaxtyping annotation such as {example}")
    label = label_of(layer)
    try:
        trees = {name: tree_of(hint) for name, hint in (("inputs", inputs), ("outputs", outputs)) if hint is not None}
    except PatternError as error:
        where = state.location(label)
        unreadable = Diagnostic("TL101", f"the annotation of {label} cannot be read", where, why=str(error))
        raise ContractError([unreadable]) from error
    contract = resolved_of(layer)
    if contract is not None:
        for name, tree in trees.items():
            if isinstance(tree, Pattern):
                _contradiction(layer, state, contract, name, tree)
    before = state.annotated or (None, None)
    state.annotated = (before[0] if inputs is None else inputs, before[1] if outputs is None else outputs)
    state.forget()
    return layer


def _declare(model: Any, values: object) -> None:
    if not isinstance(model, keras.Model):
        raise TypeError(f"annotate(values=) needs a model, not {model!r}; tl.Input(..., values=) declares one input")
    named = named_inputs_of(model) or [((), "")]
    names = [input_name([name for _, name in named], index) for index in range(len(named))]
    given = values if isinstance(values, Mapping) else dict.fromkeys(names, values)
    unknown = set(given) - set(names)
    if unknown and not (names == [""] and len(given) == 1):
        raise ValueError(f"annotate(values=) names {', '.join(map(str, unknown))}; the inputs are {', '.join(names)}")
    state = model_state(model)
    for name, ends in given.items():
        key = name if name in names else ""
        state.front = state.front.with_(key, declared=ends_of(ends, "annotate(values=)"))
    state.taken.clear()


def _contradiction(layer: Any, state: State, contract: Resolved, name: str, tree: Pattern) -> None:
    """Compares an annotation with what a layer's weights, arguments and catalogue contract fix."""
    if tree.variadic is not None:
        return
    shape = tuple(map(_fixed_size, tree.dims))
    promised = Spec(tree.dtype.single(), shape)
    known = contract.arguments.get(contract.first) if name == "inputs" else contract.outputs
    found: Bindings | Mismatch = Bindings()
    if isinstance(known, Pattern):
        scope = {"self": layer}
        found = unify(known, promised, Bindings(), argument=name, policy=contract.policy, scope=scope)
    if not isinstance(found, Mismatch) and name == "inputs":
        found = next((m for fact in contract.facts if (m := fact.mismatch(name, promised, tree)) is not None), found)
    if isinstance(found, Mismatch):
        label = label_of(layer)
        where = state.location(label)
        told = explain(found, None, contract, Subject(label, f'"{getattr(layer, "name", "")}"', where), ())
        said = told.headline.removeprefix(f"{label} ").replace(" for `outputs`", "")
        if name == "outputs":
            said = said.replace("needs", "gives", 1).replace("but gets", "where the annotation says")
        headline = f'the annotation "{tree.text}" contradicts {label}, which {said}'
        raise ContractError(
            [told.with_(code="TL103", headline=headline, gets=f"{tree} as annotation", needs=str(known), fixes=())]
        )


def _fixed_size(dim: Dim) -> int | None:
    """The size of a dimension that is a number."""
    value = dim.size.value if isinstance(dim, Axis) and isinstance(dim.size, Constant) else None
    return value if isinstance(value, int) else None


def contract_of(target: Any) -> Resolved | Contract | None:
    """Returns the contract of a layer, or of a layer class.

    Returns:
        For a layer its contract with that layer's attributes; for a class what holds for all its layers: the
        annotations of its ``call``, or the catalogue's contract. None if there is none.

    Raises:
        TypeError: if it is neither a Keras layer nor a layer class.

    >>> import typedlayers as tl
    >>> print(tl.contract_of(tl.layers.Dense))
    Compute "batch *axes features" → Compute "batch *axes {self.units}"
    >>> from jaxtyping import Float
    >>> class Double(tl.Layer):
    ...     def call(self, x: Float[tl.Tensor, "batch {self.width}"]):
    ...         return 2 * x
    >>> print(tl.contract_of(Double))
    Float "batch {self.width}" → anything
    """
    if isinstance(target, type) and issubclass(target, keras.layers.Layer):
        return contract_of_class(target)
    if not isinstance(target, keras.layers.Layer):
        raise TypeError(f"contract_of needs a Keras layer or a layer class, not {target!r}")
    return resolved_of(target)


def repairs(target: Any) -> Repairs:
    """Returns the ledger: lenient mode's repairs in a model or layer, in model order; empty for a plain one.

    It is a tuple, whose text has one line for each repair; its ``front`` says, for each input of a model by name,
    which values it takes, and what is done to bytes.

    Raises:
        TypeError: if it is no Keras layer or model.
    """
    if not isinstance(target, keras.layers.Layer):
        raise TypeError(f"repairs needs a Keras model or layer, not {target!r}")
    front = EMPTY
    if isinstance(target, keras.Model):
        notice_changes(target)
        front = front_of(target)
    return Repairs(ledger_of(target), front)


def freeze(model: M) -> M:
    """Ends inference: from now on the model takes what it takes now, whatever is trained, set or loaded.

    What fits the contract passes or is repaired as the mode says; all else raises TL406. The range of an input is what
    ``tl.Input(values=)`` declares, or what training saw: [0, 1], [-1, 1] or [0, 255] where it reached both ends, else
    the ends of the training's first samples, and half of their distance beyond.

    Args:
        model: a Keras model.

    Returns:
        The model itself.

    Raises:
        TypeError: if it is no Keras model.
    """
    if not isinstance(model, keras.Model):
        raise TypeError(f"freeze needs a Keras model, not {model!r}")
    notice_changes(model)
    state = model_state(model)
    state.front = replace(front_of(model), frozen=True)
    state.taken.clear()
    return model


@overload
def allow(target: str, /, *rules: str) -> contextlib.AbstractContextManager[None]: ...
@overload
def allow(target: L, rule: str, /, *rules: str) -> L: ...
def allow(target: Any, /, *rules: str) -> Any:
    """Silences rules where they are wrong: for a layer or model, or for a ``with`` block.

    Args:
        target: a typed layer or model; or the first rule of a ``with`` block.
        rules: names or codes of rules: ``"float64-tensor"``, ``"TL301"``.

    Returns:
        The layer or model itself; or a context manager, which warns (TL106) if it silenced nothing.

    Raises:
        LookupError: if there is no such rule.
        TypeError: if the target is no typed layer or model, or no rule is given.

    >>> import typedlayers as tl
    >>> layer = tl.allow(tl.layers.Dense(3), "float64-tensor")
    >>> tl.allow(layer, "rank-mismatches")
    Traceback (most recent call last):
    typedlayers.diagnostics.codes.UnknownRule: there is no code or rule 'rank-mismatches'; perhaps rank-mismatch or ...
    """
    if isinstance(target, str):
        return _allowed(allowances.codes_of((target, *rules)))
    if not rules:
        raise TypeError(
            'allow needs a rule to silence: tl.allow(layer, "float64-tensor"); `typedlayers rules` lists them'
        )
    state = state_of(target)
    if state is None:
        raise TypeError(f"allow needs a typed layer or model, or the name of a rule, not {target!r}")
    state.allowed |= allowances.codes_of(rules)
    state.fits.clear()
    state.plans.clear()
    return target


@contextlib.contextmanager
def _allowed(codes: frozenset[str]) -> Iterator[None]:
    allowance = allowances.Allowance(codes)
    token = allowances.enter(allowance)
    try:
        yield
    finally:
        allowances.leave(token)
    unused, mode = sorted(codes - allowance.used), current()
    if unused and mode.checking is Checking.ON:
        rules = ", ".join(f'"{CODES[code].rule}"' for code in unused)
        where = Location(*(source.user_line() or (None, None)), what="allow")
        diagnostic = Diagnostic("TL106", f"allow({rules}) silenced nothing", where)
        if mode.warnings is Level.ERROR:
            raise ContractError([diagnostic])
        source.warn([diagnostic])
