"""What a model remembers: its mode, its named dimensions, what it has taken in, and the repairs at its entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import keras

from typedlayers.bridge.backend import has_strategy, is_traced
from typedlayers.bridge.layer_state import ADOPTED, STATE, State, set_state
from typedlayers.bridge.marks import Mark
from typedlayers.contracts.bound import Bound, Source
from typedlayers.contracts.unify import Bindings
from typedlayers.diagnostics.model import Repair
from typedlayers.facts.front import EMPTY, Front
from typedlayers.modes import Mode, Run
from typedlayers.verdict.ledger import Entry


class ModelState(State):
    """What a model remembers.

    Attributes:
        mode: the mode given to the model, None if it takes the one in force.
        own_run: the run that its layers read their mode from.
        dims: names given to the model, with their sizes.
        front: what its inputs take.
        made: its weights as they were made, None if they are no longer so, or it is not known.
        after: its weights as the last training left them, None if none is known.
        traced: what was done to bytes in the step functions that were traced on some, None if none was.
        taken: signatures of data in which nothing was found; with the repairs of the front that they need, where those
            depend on the weights.
        dry_run: the last dry run, with what it depends on.
        looked: the dataset of the last training, with its mode, if its first batch was right.
        trains: the weights that its train step was traced for, None if it was not.
        copied: the trained model that it is a clone of, in the user's names; empty of every other.
        columns: the columns of the data frame that it was trained on last, empty if it was none.
        owns: whether its layers know the run that they belong to.
    """

    __slots__ = (
        "after",
        "columns",
        "copied",
        "dims",
        "dry_run",
        "front",
        "looked",
        "made",
        "mode",
        "own_run",
        "owns",
        "taken",
        "traced",
        "trains",
    )

    def __init__(self, site: tuple[str, int] | None, *, by_package: bool = False) -> None:
        super().__init__(site, by_package=by_package)
        self.mode: Mode | None = None
        self.own_run = Run()
        self.dims: Mapping[str, int | None] = {}
        self.front: Front = EMPTY
        self.made: Mark | None = None
        self.after: Mark | None = None
        self.traced: Mapping[str, Repair] | None = None
        self.taken: dict[Any, tuple[Entry, ...] | None] = {}
        self.trains: frozenset[int] | None = None
        self.columns: tuple[str, ...] = ()
        self.copied = ""
        self.owns = False
        self.looked: Any = None
        self.dry_run: tuple[Any, Any] | None = None

    def names(self, label: str) -> Bindings | None:
        """The model's named dimensions as bindings, None if it has none."""
        if not self.dims:
            return None
        source = Source(f"dims= of {label}")
        return Bindings({name: Bound(size, source) for name, size in self.dims.items() if size is not None})


def model_state(model: Any) -> ModelState:
    """Returns what a model remembers; a plain one that has nothing yet is given a state."""
    state = model.__dict__.get(STATE)
    if isinstance(state, ModelState):
        return state
    state = ModelState(None if state is None else state.site)
    state.fresh = not getattr(model, "built", False)
    set_state(model, state)
    ADOPTED.add(model)
    return state


OWN_EVALUATION: Final = "_use_cached_eval_dataset"
"""The argument by which Keras's ``fit`` calls ``evaluate`` on the validation data."""


def running(state: ModelState) -> Mode | None:
    """Returns the mode of a model's run if this call belongs to it, None if it stands alone.

    The threads of replicas see no context of the run; other threads do not belong to it.
    """
    here = state.own_run.here
    if here is not None:
        return here
    anywhere = state.own_run.anywhere
    return anywhere if anywhere is not None and has_strategy() else None


def is_in_a_step(model: Any, state: ModelState) -> bool:
    """Returns True if a call of a model is a part of one of its steps.

    A callback calls the model on values as anybody does; the steps of a run are traced, or run eagerly throughout, as
    PyTorch's are.
    """
    if running(state) is None:
        return False
    return is_traced() or bool(model.run_eagerly) or keras.backend.backend() == "torch"


def sizes_of(dims: Mapping[str, int | None]) -> Mapping[str, int | None]:
    """Returns the named dimensions that a user gave to a model.

    Raises:
        ValueError: if a name is no identifier, or a size no integer.
    """
    for name, size in dims.items():
        valid = isinstance(name, str) and name.isidentifier()
        if not valid or not (size is None or (isinstance(size, int) and not isinstance(size, bool) and size >= 0)):
            raise ValueError(
                f"dims={{{name!r}: {size!r}}}: a dimension's name and its size (an integer, or None) are needed"
            )
    return dict(dims)


OURS: Final = ("mode", "dims")
"""The arguments that a typed model's constructor has and Keras's has not."""
