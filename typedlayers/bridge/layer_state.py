"""What a typed layer remembers: one object, in one attribute that every typed layer has from its birth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from weakref import WeakSet

from typedlayers.contracts.contract import Resolved
from typedlayers.contracts.unify import Bindings
from typedlayers.diagnostics.model import Location, Repair
from typedlayers.modes import Mode, Run
from typedlayers.verdict.ledger import Ledger

STATE: Final = "_typedlayers"

SEEN_MOST: Final = 256
"""Signatures that a layer remembers; a layer that meets more of them starts anew."""

Plan = Mapping[str, tuple[Repair, ...]]


class State:
    """What a typed layer remembers of its contract, its calls and its repairs.

    Attributes:
        site: file and line of the user's code that made the layer.
        within: the layer's place in its model.
        by_keras: whether code of Keras made the layer, called from the user's line.
        by_package: whether code of an installed package made the layer, and not the user's.
        annotated: annotations given by `typedlayers.annotate`: inputs and outputs.
        allowed: codes that are silenced for this layer.
        ledger: repairs done for this layer.
        run: the run of the model that the layer belongs to.
        shared: the model's named dimensions, for contracts of the user's own.
        given: of a class of the user's, the plain values that its constructor got in place of defaults.
        fresh: whether the weights are as their initializers made them.
        fits: signatures of calls in which nothing was found, so that there is nothing for any mode to decide.
        plans: by mode and signature, the repairs of calls that need some; what is written down is not planned again.
        told: warnings that were given: each once for a layer or model.
        spec_seen: the ``input_spec`` that they were checked with.
        announced: whether Keras asked the layer what it gives, in a symbolic call.
        agreed: whether a result was seen that is as the user's own ``compute_output_shape`` says.
        known: the resolved contract (None if there is none) and whether whole shapes belong to a signature; None if it
            is not resolved yet.
    """

    __slots__ = (
        "agreed",
        "allowed",
        "annotated",
        "announced",
        "by_keras",
        "by_package",
        "fits",
        "fresh",
        "given",
        "known",
        "ledger",
        "plans",
        "run",
        "shared",
        "site",
        "spec_seen",
        "told",
        "within",
    )

    def __init__(self, site: tuple[str, int] | None, *, by_keras: bool = False, by_package: bool = False) -> None:
        self.site = site
        self.by_keras = by_keras
        self.by_package = by_package
        self.announced = False
        self.within = ""
        self.annotated: tuple[object, object] | None = None
        self.allowed: frozenset[str] = frozenset()
        self.ledger = Ledger()
        self.run: Run | None = None
        self.shared: Bindings | None = None
        self.given: Mapping[str, Any] = {}
        self.fresh = True
        self.told: set[str] = set()
        self.forget()

    def forget(self) -> None:
        """Drops the resolved contract and all signatures: the contract or the weights changed."""
        self.agreed = False
        # one value: another thread sees all of it or nothing
        self.known: tuple[Resolved | None, bool] | None = None
        self.fits: set[Any] = set()
        self.plans: dict[tuple[Mode, Any], Plan] = {}
        self.spec_seen: Any = None

    def refresh(self, input_spec: Any) -> None:
        """Drops everything if the layer's ``input_spec`` was exchanged (``build`` does that)."""
        if input_spec is not self.spec_seen:
            self.forget()
            self.spec_seen = input_spec

    @property
    def contract(self) -> Resolved | None:
        """The resolved contract, None if there is none or it is not resolved yet."""
        return None if self.known is None else self.known[0]

    def remember(self, key: Any) -> None:
        """Keeps the signature of a call that fits."""
        if len(self.fits) >= SEEN_MOST:
            self.fits.clear()
        self.fits.add(key)

    def plan(self, mode: Mode, key: Any, repairs: Plan) -> None:
        """Keeps the repairs that a mode makes of calls with a signature."""
        if len(self.plans) >= SEEN_MOST:
            self.plans.clear()
        self.plans[mode, key] = repairs

    def location(self, what: str) -> Location:
        """The user's line and the layer's place."""
        file, line = self.site or (None, None)
        return Location(file, line, what, self.within)


ADOPTED: Final[WeakSet[Any]] = WeakSet()
"""Layers of plain Keras that were given a state: `typedlayers.uninstall` takes it from them again."""


def set_state(layer: Any, state: State) -> None:
    """Gives a layer its state, past Keras's tracking of attributes."""
    object.__setattr__(layer, STATE, state)


def adopted(layer: Any) -> State:
    """Returns a layer's state; a plain layer that has none yet, made before we were installed, is given one."""
    state: State | None = layer.__dict__.get(STATE)
    if state is None:
        state = State(None)
        state.fresh = not getattr(layer, "built", False)
        set_state(layer, state)
        ADOPTED.add(layer)
    return state


def state_of(layer: object) -> State | None:
    """Returns what a typed layer remembers, None for a plain one."""
    return getattr(layer, "__dict__", {}).get(STATE)
