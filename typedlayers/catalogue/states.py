"""Rules of recurrent layers: masks, states, and the batches of a stateful layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from typedlayers.contracts.contract import Call, Rule
from typedlayers.diagnostics.edit import Insert
from typedlayers.diagnostics.model import Fix
from typedlayers.spec import Carrier, Shape, Spec, SpecTree

StateShapes: TypeAlias = Sequence["Shape | StateShapes"]
"""The shape of each state without the batch; of stacked cells, a list for each of them."""


# ----------------------------------------------------------------------------------------------- masks
def _mask_misfits(_: Any, call: Call) -> str | None:
    """Keras takes flags of any dtype, ``(batch, time, 1)`` for ``(batch, time)``, and one row of them for all."""
    mask, came = call.shape("mask"), call.shape("inputs")
    if mask is None or came is None or len(came) < 2:
        return None
    if len(mask) != 2 and (len(mask) != 3 or mask[2] not in (None, 1)):
        return f"the mask has {len(mask)} {'axis' if len(mask) == 1 else 'axes'}, batch and time are needed"
    return _lengths_differ(mask, came) or (None if mask[0] == 1 else _batches_differ(mask, came))


def _mask_of_steps_misfits(_: Any, call: Call) -> str | None:
    """Beyond batch and time, the mask of a wrapper may have the axes that the layer inside needs."""
    mask, came = call.shape("mask"), call.shape("inputs")
    if mask is None or came is None or len(came) < 2:
        return None
    if len(mask) < 2:
        return f"the mask has {len(mask)} {'axis' if len(mask) == 1 else 'axes'}, batch and time are needed"
    return _lengths_differ(mask, came) or _batches_differ(mask, came)


def _lengths_differ(mask: Shape, came: Shape) -> str | None:
    if None in (mask[1], came[1]) or mask[1] == came[1]:
        return None
    return f"the mask has {mask[1]} time steps, the sequences have {came[1]}"


def _batches_differ(mask: Shape, came: Shape) -> str | None:
    if None in (mask[0], came[0]) or mask[0] == came[0]:
        return None
    return f"the mask has {mask[0]} rows, there are {came[0]} sequences"


_ONE_FLAG: Final = "a step is skipped where its flag is False: there is one flag for each step of each sequence"
_MASK_OF_SHAPE: Final = ("a mask of shape (batch, time), with the same length as the sequences",)

MASK_FITS: Final = Rule("TL702", _mask_misfits, about="mask", why=_ONE_FLAG, fixes=_MASK_OF_SHAPE)
MASK_OF_STEPS_FITS: Final = Rule("TL702", _mask_of_steps_misfits, about="mask", why=_ONE_FLAG, fixes=_MASK_OF_SHAPE)


# ---------------------------------------------------------------------------------------------- states
def state_shapes(layer: Any, came: Shape) -> StateShapes | None:
    """Returns the shapes of a recurrent layer's states without the batch, None if they cannot be known.

    Args:
        layer: the layer; of a ``Bidirectional`` the states of both directions follow each other.
        came: the shape of the sequences.
    """
    if hasattr(layer, "forward_layer"):
        both = [state_shapes(one, came) for one in (layer.forward_layer, layer.backward_layer)]
        return None if None in both else [shape for shapes in both for shape in shapes or ()]
    sizes = layer.state_size
    # between batch and features a simple cell has whatever axes its steps have
    return _with_axes(sizes, came[2:-1]) if isinstance(sizes, list | tuple) else None


def _with_axes(sizes: Sequence[Any], between: Shape) -> StateShapes:
    return [_with_axes(size, between) if isinstance(size, list | tuple) else (*between, int(size)) for size in sizes]


def states_misfit(needed: StateShapes, came: SpecTree, batch: int | None) -> str | None:
    """Returns how initial states do not fit, as a clause, or None.

    Args:
        needed: the shape of each state without the batch.
        came: the given states; a single one may be without a list.
        batch: the size of the batch, None if unknown.
    """
    if came is None or isinstance(came, Mapping):
        return None
    states = [came] if isinstance(came, Spec) else list(came)
    if len(states) != len(needed):
        return f"{len(needed)} state{' is' if len(needed) == 1 else 's are'} needed, got {len(states)}"
    for at, (shape, state) in enumerate(zip(needed, states, strict=True)):
        wrong = _state_misfits(shape, state, batch, at)
        if wrong is not None:
            return wrong
    return None


def _state_misfits(needed: Any, state: SpecTree, batch: int | None, at: int) -> str | None:
    if isinstance(needed, list):
        wrong = states_misfit(needed, state, batch)
        return None if wrong is None else f"of cell {at}, {wrong}"
    if not isinstance(state, Spec):
        inside = [item for _, item in _items(state)]
        return None if len(inside) != 1 else _state_misfits(needed, inside[0], batch, at)
    if state.shape is None:
        return None
    # a state without a batch, and one of a batch of 1, hold for every sample
    own = state.shape[1:] if len(state.shape) == len(needed) + 1 else state.shape
    if len(own) != len(needed):
        return f"state {at} has {len(state.shape)} axes, {len(needed) + 1} are needed"
    for axis, (size, wanted) in enumerate(zip(own, needed, strict=True)):
        if None in (size, wanted) or size == wanted or (at > 0 and size == 1):
            continue
        what = "units" if len(needed) == 1 else f"along axis {axis + 1}"
        return f"state {at} has {size} {what}, {wanted} are needed"
    first = state.shape[0] if own is not state.shape else None
    if None not in (first, batch) and first not in (1, batch):
        return f"state {at} is for {first} sequences, there are {batch}"
    return None


def _items(tree: SpecTree) -> Iterator[tuple[int, SpecTree]]:
    if tree is not None and not isinstance(tree, Spec | Mapping):
        yield from enumerate(tree)


def _initial_states_misfit(layer: Any, call: Call) -> str | None:
    came, given = call.shape("inputs"), call.specs.get("initial_state")
    needed = None if came is None or given is None else state_shapes(layer, came)
    return None if needed is None or came is None else states_misfit(needed, given, came[0])


def _states_of_cell_misfit(layer: Any, call: Call) -> str | None:
    """Of too many states, a cell takes the first; of a single tensor, its rows."""
    came, given = call.shape("inputs"), call.specs.get("states")
    if came is None or given is None or isinstance(given, Spec | Mapping):
        return None
    sizes = layer.state_size if isinstance(layer.state_size, list | tuple) else [layer.state_size]
    needed = _with_axes(sizes, came[1:-1])
    return states_misfit(needed, list(given)[: max(len(needed), 1)], came[0])


_GOES_ON: Final = "each step goes on from the states of the one before: an LSTM has two (h and c), others have one"

STATES_FIT: Final = Rule("TL703", _initial_states_misfit, about="initial_state", why=_GOES_ON)
STATES_OF_CELL_FIT: Final = Rule("TL703", _states_of_cell_misfit, about="states", why=_GOES_ON)


# -------------------------------------------------------------------------------------------- stateful
def _batch_is_known(layer: Any, shape: Shape) -> str | None:
    """Finds a stateful layer with unknown batch: its kept states belong to fixed samples."""
    if not layer.stateful or not shape:
        return None
    kept = _kept_for(getattr(layer, "forward_layer", layer).states)
    if kept is None and shape[0] is None:
        return "stateful=True keeps a state for each sample, but the size of the batch is not fixed"
    if kept is None or shape[0] is None or shape[0] == kept:
        return None
    return f"stateful=True keeps the states of {kept} samples, the batch size is {shape[0]}"


def _kept_for(states: Any) -> int | None:
    while isinstance(states, list | tuple):
        states = states[0] if states else None
    shape = getattr(states, "shape", None)
    return int(shape[0]) if shape else None


def _fixed_batches(layer: Any, shape: Shape) -> Iterator[str]:
    if shape[0] is None:
        sizes = ", ".join("None" if size is None else str(size) for size in shape[1:])
        yield f"keras.Input(batch_shape=(batch_size, {sizes})) with the size of your batches"
    else:
        yield "batches of one size: drop_remainder=True for the data, and that batch_size in predict too"


BATCH_IS_KNOWN: Final = Rule(
    "TL703",
    _batch_is_known,
    why="the states of a batch are carried over to the sample with the same place in the next one",
    propose=_fixed_batches,
)


# ------------------------------------------------------------------------------------------- one step
def _single_step(layer: Any, call: Call) -> str | None:
    """A declared input of one step; where states are carried over or handed on, single steps are on purpose."""
    spec = call.spec("inputs")
    if spec is None or spec.shape is None or len(spec.shape) != 3 or spec.carrier is not Carrier.INPUT:
        return None
    handed_on = layer.stateful or layer.return_state or call.values.get("initial_state") is not None
    steps, features = spec.shape[1:]
    if handed_on or steps != 1 or features in (None, 1):
        return None
    return f"its sequences have one step of {features} features, so nothing goes on from step to step"


SINGLE_STEP: Final = Rule(
    "TL704",
    _single_step,
    about="inputs",
    why="the states start as zeros and are used once, so the recurrent weights have no effect",
    fixes=(
        Fix(
            "perhaps the time axis is the last one: layers.Permute((2, 1)) before it, or keras.Input((length, 1)) and"
            " np.swapaxes(x, 1, 2) for the data",
            edits=(Insert("layers.Permute((2, 1))", ""),),
        ),
    ),
)
