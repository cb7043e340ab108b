"""A model's compiled programs as texts that can be compared: optimized HLO and the nodes of the TF graph."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf

Factory = Callable[[], tuple[Callable[..., Any], tuple[Any, ...]]]
"""Returns a function and the arguments to trace it with."""

METADATA = re.compile(r",? ?metadata=\{[^{}]*(\{[^{}]*\}[^{}]*)*\}")
TABLES = re.compile(r"^(FileNames|FunctionNames|FileLocations|StackFrames)\n(\d.*\n)*\n?", flags=re.M)
DEFINED = (r"%([\w.\-]+)", r"^\s*(?:ROOT )?([\w.\-]+) = ", r"^(?:ENTRY )?([\w.\-]+) (?:\(.*)?\{$")


@dataclass(frozen=True)
class Program:
    """What a function became.

    Attributes:
        hlo: its optimized HLO, normalised; empty if XLA did not compile it.
        nodes: operation, name, inputs and result types of every node of its graph and of the graph's functions.
        traces: how often Python ran it when its program was asked for twice.
    """

    hlo: str
    nodes: tuple[str, ...]
    traces: int


def lower(factory: Factory, *, jit: bool) -> Program:
    """Asks twice for the program of what the factory makes, and returns it."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(0)
    function, arguments = factory()
    count = 0

    def counted(*args: Any) -> Any:
        nonlocal count
        count += 1
        return function(*args)

    compiled = tf.function(counted, jit_compile=jit, autograph=False)
    graphs = [compiled.get_concrete_function(*arguments).graph for _ in range(2)]
    traces = count
    hlo = normalised(compiled.experimental_get_compiler_ir(*arguments)(stage="optimized_hlo")) if jit else ""
    return Program(hlo, nodes_of(graphs[-1]), traces)


def nodes_of(graph: Any) -> tuple[str, ...]:
    """Returns every node of a graph, and of the functions in it, as one line."""
    nodes = [
        f"{op.type} {op.name} ({', '.join(t.name for t in op.inputs)}) -> "
        f"{', '.join(f'{t.dtype.name}{t.shape}' for t in op.outputs)}"
        for op in graph.get_operations()
    ]
    inner = sorted(node.op for function in graph.as_graph_def().library.function for node in function.node_def)
    return (*nodes, *inner)


def normalised(hlo: str) -> str:
    """Takes source positions off and renames computations and instructions in order of appearance."""
    hlo = TABLES.sub("", re.sub(r"^HloModule [^\s,]+", "HloModule m", METADATA.sub("", hlo)))
    defined = {name for pattern in DEFINED for name in re.findall(pattern, hlo, flags=re.M)}
    names: dict[str, str] = {}

    def renamed(match: re.Match[str]) -> str:
        name = match.group(0)
        return names.setdefault(name, f"%{len(names)}") if name in defined else name

    return re.sub(r"[A-Za-z_][\w.\-]*", renamed, hlo.replace("%", ""))
