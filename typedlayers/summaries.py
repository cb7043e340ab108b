"""`summary` and `plot`: a model with the contract, dtype, range of values and repairs of each layer."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import keras

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.evidence import model_evidence
from typedlayers.bridge.members import ledger_of
from typedlayers.catalogue.activations import ACTIVATIONS
from typedlayers.diagnostics.render.text import visible
from typedlayers.facts.evidence import Evidence
from typedlayers.facts.front import UNKNOWN, input_name, named_inputs
from typedlayers.facts.graph import Edge, Node
from typedlayers.spec import shape_text

_TITLES: Final = ("layer", "contract", "gives", "values", "repairs")


@dataclass(frozen=True, slots=True)
class Row:
    """One call of a layer.

    Attributes:
        layer: the layer in the user's names; an input of the model, too.
        contract: its contract, empty if it has none.
        gives: dtype and shape of what it returns.
        values: the range of its values, empty if it is not known.
        repairs: what lenient mode does before it.
        key: tells what it returns from the rest.
        takes: the keys of what it is called on.
    """

    layer: str
    contract: str = ""
    gives: str = ""
    values: str = ""
    repairs: str = ""
    key: tuple[int, ...] = ()
    takes: tuple[int, ...] = ()

    @property
    def cells(self) -> tuple[str, ...]:
        """The texts of the row, in the order of the columns."""
        return tuple(map(visible, (self.layer, self.contract, self.gives, self.values, self.repairs)))


@dataclass(frozen=True, slots=True, repr=False)
class Summary:
    """The rows of a model; its text is a table."""

    subject: str
    rows: tuple[Row, ...]

    def __str__(self) -> str:
        table = [_TITLES, *(row.cells for row in self.rows)]
        widths = [max(len(cells[at]) for cells in table) for at in range(len(_TITLES))]
        lines = ["  ".join(c.ljust(w) for c, w in zip(cells, widths, strict=True)).rstrip() for cells in table]
        lines.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join(
            [visible(self.subject), *lines] if self.rows else [f"{self.subject}: its layers are not known"]
        )

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{title}</th>" for title in _TITLES)
        rows = "".join(f"<tr>{''.join(f'<td>{html.escape(c)}</td>' for c in row.cells)}</tr>" for row in self.rows)
        return f"<table><caption>{html.escape(self.subject)}</caption><tr>{head}</tr>{rows}</table>"


@dataclass(frozen=True, slots=True, repr=False)
class Plot:
    """The graph of a model in Graphviz's language; its text is that."""

    summary: Summary

    def __str__(self) -> str:
        rows = list(enumerate(self.summary.rows))
        maker = {key: number for number, row in rows for key in row.key}
        nodes = [f'  n{number} [label="{_escaped(row)}"];' for number, row in rows]
        edges = [f"  n{maker[key]} -> n{number};" for number, row in rows for key in row.takes if key in maker]
        return "\n".join(["digraph model {", "  node [shape=box];", *nodes, *edges, "}"])

    def __repr__(self) -> str:
        return f"<Plot of {self.summary.subject}: {len(self.summary.rows)} boxes; save(path) writes it>"

    def save(self, path: str | Path) -> None:
        """Writes the graph: as text to a ``.dot`` or ``.gv`` file, drawn by Graphviz to any other.

        Raises:
            ImportError: if Graphviz is needed and the package ``pydot`` is not installed.
        """
        file = Path(path)
        if file.suffix in (".dot", ".gv"):
            file.write_text(f"{self}\n", encoding="utf-8")
            return
        import pydot  # pyright: ignore[reportMissingImports] - as keras.utils.plot_model, which needs it too

        (graph,) = pydot.graph_from_dot_data(str(self))
        graph.write(str(file), format=file.suffix.removeprefix("."))


def summary(model: Any) -> Summary:
    """Returns the layers of a model with contract, dtype and shape, range of values, and repairs.

    Args:
        model: any Keras model; of a subclassed one the layers are known once it was called.

    Raises:
        TypeError: if it is no Keras model.

    >>> import typedlayers as tl
    >>> print(tl.summary(tl.Sequential([tl.Input((4,), name="x"), tl.layers.Dense(2, name="out")], name="net")))
    Sequential "net"
    layer        contract                         gives               values  repairs
    -----------  ...
    Input "x"                                     float32 (batch, 4)
    Dense "out"  Compute "batch *axes features" → ... float32 (batch, 2)
    """
    if not isinstance(model, keras.Model):
        raise TypeError(f"summary needs a Keras model, not {model!r}")
    evidence = model_evidence(model)
    graph = evidence.graph
    if graph is None:
        return Summary(label_of(model), ())
    inputs = tuple(_of_input(edge, evidence, at) for at, edge in enumerate(graph.inputs))
    return Summary(label_of(model), (*inputs, *(_of_node(node, model) for node in graph.nodes)))


def plot(model: Any) -> Plot:
    """Returns the graph of a model with what `summary` tells of each layer; ``save("net.svg")`` draws it.

    Raises:
        TypeError: if it is no Keras model.
    """
    return Plot(summary(model))


def _of_input(edge: Edge, evidence: Evidence, at: int) -> Row:
    origin = edge.spec.origin
    named = named_inputs(None if evidence.inputs is None else evidence.inputs.tree) or ()
    taken = evidence.front.of(input_name([name for _, name in named], at)) if at < len(named) else UNKNOWN
    seen = taken.values
    said = "in training" if taken.declared is None else "declared"
    values = "" if seen is None else f"{seen.low:g} to {seen.high:g} {said}"
    repairs = "" if taken.scale is None else f"bytes in lenient mode: {taken.scale}"
    return Row("Input" if origin is None else origin.label, "", _spelled(edge), values, repairs, (edge.key,))


def _of_node(node: Node, model: Any) -> Row:
    activation = ACTIVATIONS.get(node.activation)
    values = activation.values.removeprefix("values ") if activation is not None and activation.is_bounded else ""
    before = [entry for entry in ledger_of(model) if f"before {node.subject.short} " in entry.what]
    return Row(
        node.subject.label,
        "" if node.resolved is None else str(node.resolved),
        ", ".join(map(_spelled, node.gives)),
        values,
        ", ".join(str(entry.repair) for entry in before),
        tuple(edge.key for edge in node.gives),
        tuple(edge.key for edge in node.gets),
    )


def _spelled(edge: Edge) -> str:
    return f"{edge.spec.dtype or 'unknown dtype'} {shape_text(edge.spec.shape)}"


def _escaped(row: Row) -> str:
    text = "\n".join(filter(None, row.cells))
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
