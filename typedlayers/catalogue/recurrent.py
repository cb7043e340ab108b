"""Contracts of ``keras.layers``' recurrent layers and their cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from typedlayers.catalogue.instance import InstanceContract
from typedlayers.catalogue.layout import CHANNELS_FIRST, dims
from typedlayers.catalogue.states import (
    BATCH_IS_KNOWN,
    MASK_FITS,
    SINGLE_STEP,
    STATES_FIT,
    STATES_OF_CELL_FIT,
    states_misfit,
)
from typedlayers.catalogue.steps import over_time, time_beside
from typedlayers.catalogue.windows import FITS_FIXES, FITS_WHY, reach, windowed
from typedlayers.contracts.contract import (
    Call,
    Choice,
    Contract,
    Derived,
    Inner,
    Resolved,
    Rule,
    Values,
    by,
    unknown,
)
from typedlayers.contracts.dtypes import Compute, Integers, Policy, Tensor
from typedlayers.contracts.parse import Pattern
from typedlayers.contracts.tree import Anything
from typedlayers.spec import Shape, Size

SPACE: Final = {1: ("width",), 2: ("height", "width"), 3: ("depth", "height", "width")}
"""The names of the axes of one step between batch and channels, by their number."""


# ------------------------------------------------------------------------------------------- outputs
def _outputs(layer: Any) -> object:
    """Returns the last step or all steps, then the states if ``return_state`` is set."""
    lead = "batch time" if layer.return_sequences else "batch"
    output = Compute[Tensor, f"{lead} {_width(layer.cell)}"]
    return output if not layer.return_state else tuple[(output, *map(_state, layer.state_size))]


def _state(size: Any) -> object:
    return tuple[tuple(map(_state, size))] if isinstance(size, list | tuple) else Compute[Tensor, f"batch {size}"]


def _width(cell: Any) -> int:
    """Returns the number of values per step: the cell's, else the size of its first state."""
    size = getattr(cell, "output_size", None)
    if size is None:
        size = cell.state_size
    return int(size[0] if isinstance(size, list | tuple) else size)


# --------------------------------------------------------------------------------------------- weights
def _first_cell(layer: Any) -> Any:
    layer = getattr(layer, "forward_layer", layer)
    cell = getattr(layer, "cell", layer)
    while getattr(cell, "cells", None):
        cell = cell.cells[0]
    return cell


def _features_fit(layer: Any, shape: Shape) -> str | None:
    """No ``input_spec`` of a recurrent layer says what its weights are made for."""
    cell = _first_cell(layer)
    kernel = getattr(cell, "kernel", None)
    if kernel is None:
        return None
    made_for, channels_first = int(kernel.shape[-2]), getattr(cell, "data_format", None) == CHANNELS_FIRST
    came = shape[2] if channels_first else shape[-1]
    return None if came in (None, made_for) else f"its weights have {made_for} features, the input has {came}"


FEATURES_FIT: Final = Rule("TL203", _features_fit, why="the kernel has one row for each feature of the first call")


# -------------------------------------------------------------------------------------------- integers
def _integers(layer: Any) -> Integers:
    """Input dropout multiplies by a mask of floats; cuDNN takes floats only, and is tried on a GPU alone."""
    if layer.dropout:
        return Integers.FAILS
    return Integers.FAILS_ON_GPU if _allows_cudnn(layer) else Integers.CONVERTED


def _allows_cudnn(layer: Any) -> bool:
    """Returns True if a layer's arguments let Keras hand it to cuDNN where there is a GPU."""
    return bool(
        getattr(layer, "use_cudnn", False) in ("auto", True)
        and _is_keras(layer.activation, "tanh")
        and _is_keras(layer.recurrent_activation, "sigmoid")
        and layer.use_bias
        and getattr(layer, "reset_after", True)
        and not layer.recurrent_dropout
        and not layer.unroll
    )


def _is_keras(activation: Any, name: str) -> bool:
    """Keras compares functions: its own, ``keras.ops`` and TensorFlow's, not one of the user's with that name."""
    home = str(getattr(activation, "__module__", "")).partition(".")[0]
    return getattr(activation, "__name__", None) == name and home in ("keras", "tensorflow")


def _recurrent(integers: Integers = Integers.CONVERTED) -> InstanceContract:
    return InstanceContract(
        inputs=Compute[Tensor, "batch time features"],
        outputs=Derived(_outputs, Compute[Tensor, "batch {self.units}"]),
        arguments={"initial_state": None, "mask": None},
        integers=integers,
        integers_of=_integers,
        values=Values.WEIGHTED,
        rules=(FEATURES_FIT, BATCH_IS_KNOWN, MASK_FITS, STATES_FIT, SINGLE_STEP),
    )


# ---------------------------------------------------------------------------------- RNN over any cells
@dataclass(frozen=True, kw_only=True)
class OverCell(Contract):
    """The contract of ``RNN``: that of its cell, over time. Of a cell that is not known, nothing is."""

    def for_layer(self, layer: Any, policy: Policy, inner: Inner = unknown) -> Resolved:
        """Returns the contract as it is for one layer."""
        cell = inner(layer.cell)
        step = None if cell is None else cell.arguments.get(cell.first)
        if cell is None or not isinstance(step, Pattern):
            anything = {"inputs": Anything(), "initial_state": Anything(), "mask": Anything()}
            rules = (BATCH_IS_KNOWN, MASK_FITS)
            return Resolved(anything, None, policy, layer, rules, contract=replace(self, outputs=None))
        resolved = super().for_layer(layer, policy, inner)
        return replace(
            resolved,
            arguments={**resolved.arguments, "inputs": over_time(step, time_beside(step))},
            outputs=None if cell.own else resolved.outputs,
            policy=replace(resolved.policy, integers=cell.policy.integers),
            rules=(BATCH_IS_KNOWN, MASK_FITS) if cell.own else self.rules,
        )


@dataclass(frozen=True, kw_only=True)
class OfFirstCell(Contract):
    """The contract of ``StackedRNNCells``: that of the first cell, as far as it is known."""

    def for_layer(self, layer: Any, policy: Policy, inner: Inner = unknown) -> Resolved:
        """Returns the contract as it is for one layer."""
        resolved = super().for_layer(layer, policy, inner)
        first = inner(layer.cells[0]) if layer.cells else None
        if first is None:
            return replace(resolved, arguments={"inputs": Anything()}, rules=())
        step = first.arguments.get(first.first, Anything())
        return replace(resolved, arguments={"inputs": step}, rules=() if first.own else self.rules, own=first.own)


# ------------------------------------------------------------------------------------------- ConvLSTM
def _videos(rank: int) -> Choice:
    options = ("channels_last", CHANNELS_FIRST)
    return by("data_format", {option: Compute[Tensor, _over(option, SPACE[rank], "channels")] for option in options})


def _over(data_format: str, space: Any, channels: str) -> str:
    return dims(data_format, space, channels).replace("batch", "batch time", 1)


def _maps(layer: Any) -> object:
    """The maps of the last step or of all of them; the states are maps of the same size."""
    sizes = [
        windowed(name, covered, int(stride), layer.padding)
        for name, covered, stride in zip(SPACE[len(layer.kernel_size)], _reaches(layer), layer.strides, strict=True)
    ]
    state = dims(layer.data_format, sizes, str(int(layer.filters)))
    output = Compute[Tensor, state.replace("batch", "batch time", 1) if layer.return_sequences else state]
    return tuple[output, Compute[Tensor, state], Compute[Tensor, state]] if layer.return_state else output


def _reaches(layer: Any) -> list[int]:
    return [reach(int(k), int(d)) for k, d in zip(layer.kernel_size, layer.dilation_rate, strict=True)]


def _space(layer: Any, shape: Shape) -> Shape:
    return shape[3:] if layer.data_format == CHANNELS_FIRST else shape[2:-1]


def _kernel_fits(layer: Any, shape: Shape) -> str | None:
    if layer.padding != "valid":
        return None
    for name, size, covered in zip(SPACE[len(layer.kernel_size)], _space(layer, shape), _reaches(layer), strict=True):
        if size is not None and size < covered:
            return f"a kernel that covers {covered} positions does not fit in {name} {size}"
    return None


def _map_states_misfit(layer: Any, call: Call) -> str | None:
    came, given = call.shape("inputs"), call.specs.get("initial_state")
    if came is None or given is None:
        return None
    sizes = [
        _windows(size, covered, int(stride), layer.padding)
        for size, covered, stride in zip(_space(layer, came), _reaches(layer), layer.strides, strict=True)
    ]
    filters = int(layer.filters)
    shape = (filters, *sizes) if layer.data_format == CHANNELS_FIRST else (*sizes, filters)
    return states_misfit([shape, shape], given, came[0])


def _windows(size: Size, covered: int, stride: int, padding: str) -> Size:
    if size is None:
        return None
    return (size - (covered if padding == "valid" else 1)) // stride + 1


KERNEL_FITS: Final = Rule("TL205", _kernel_fits, why=FITS_WHY, fixes=FITS_FIXES)
MAP_STATES_FIT: Final = Rule(
    "TL703", _map_states_misfit, about="initial_state", why="the states are maps like the output"
)


def _conv_lstm(rank: int) -> Contract:
    new = " ".join(f"new_{name}" for name in SPACE[rank])
    return Contract(
        inputs=_videos(rank),
        outputs=Derived(_maps, Compute[Tensor, f"batch {new} {{self.filters}}"]),
        arguments={"initial_state": None, "mask": None},
        integers=Integers.FAILS,
        values=Values.WEIGHTED,
        rules=(KERNEL_FITS, FEATURES_FIT, BATCH_IS_KNOWN, MASK_FITS, MAP_STATES_FIT),
    )


SIMPLE_RNN: Final = _recurrent()
LSTM: Final = _recurrent(Integers.FAILS_ON_GPU)
GRU: Final = _recurrent(Integers.FAILS_ON_GPU)

RNN: Final = OverCell(
    inputs=Compute[Tensor, "batch time ..."],
    outputs=Derived(_outputs, Compute[Tensor, "batch ..."]),
    arguments={"initial_state": None, "mask": None},
    values=Values.WEIGHTED,
    rules=(FEATURES_FIT, BATCH_IS_KNOWN, MASK_FITS, STATES_FIT, SINGLE_STEP),
)

CONV_LSTM_1D: Final = _conv_lstm(1)
CONV_LSTM_2D: Final = _conv_lstm(2)
CONV_LSTM_3D: Final = _conv_lstm(3)

# A simple cell computes whatever axes its steps have, each position by itself.
SIMPLE_RNN_CELL: Final = Contract(
    inputs=Compute[Tensor, "batch *axes features"],
    outputs=tuple[Compute[Tensor, "batch *axes {self.units}"], list[Compute[Tensor, "batch *axes {self.units}"]]],
    arguments={"states": None},
    values=Values.WEIGHTED,
    rules=(FEATURES_FIT, STATES_OF_CELL_FIT),
)


def _cell() -> Contract:
    return Contract(
        inputs=Compute[Tensor, "batch features"],
        outputs=tuple[Compute[Tensor, "batch {self.units}"], list[Compute[Tensor, "batch {self.units}"]]],
        arguments={"states": None},
        values=Values.WEIGHTED,
        rules=(FEATURES_FIT, STATES_OF_CELL_FIT),
    )


LSTM_CELL: Final = _cell()
GRU_CELL: Final = _cell()

STACKED_RNN_CELLS: Final = OfFirstCell(
    inputs=Compute[Tensor, "batch ..."], values=Values.WEIGHTED, rules=(FEATURES_FIT,)
)

CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {
        "SimpleRNN": SIMPLE_RNN,
        "LSTM": LSTM,
        "GRU": GRU,
        "RNN": RNN,
        "ConvLSTM1D": CONV_LSTM_1D,
        "ConvLSTM2D": CONV_LSTM_2D,
        "ConvLSTM3D": CONV_LSTM_3D,
        "SimpleRNNCell": SIMPLE_RNN_CELL,
        "LSTMCell": LSTM_CELL,
        "GRUCell": GRU_CELL,
        "StackedRNNCells": STACKED_RNN_CELLS,
    }
)
