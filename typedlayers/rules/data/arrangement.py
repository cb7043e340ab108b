"""Which tensor of x goes into which input of the model, or why that cannot be told."""

from __future__ import annotations

import enum
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from typedlayers.diagnostics.model import Location
from typedlayers.facts.data import Batch, Path
from typedlayers.facts.evidence import Use
from typedlayers.facts.inputs import Inputs, InputSpec, InputTree, each_input
from typedlayers.facts.shapes import fits, takes
from typedlayers.rules.data.given import Given
from typedlayers.spec import Shape, Spec, SpecTree

MOST_EXCHANGED = 5
"""Inputs among which an exchange is looked for: every order of them is tried."""


class ArrangementKind(enum.Enum):
    """How the tensors of x relate to the inputs of a model."""

    ONE_EACH = "one tensor for each input"
    UNKNOWN = "not known"
    MISSING_KEYS = "a dict without the names of some inputs"
    SHIFTING_KEYS = "a dict whose extra keys shift the inputs"
    DICT_NEEDED = "a list, for inputs whose order is not known"
    WRONG_COUNT = "another number of tensors than inputs"
    LIST_OF_SAMPLES = "a list of samples, for one input"
    EXCHANGED = "the inputs in another order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """Which tensor goes into which input.

    Attributes:
        kind: whether that is clear, or why it is not.
        model: the model in the user's names.
        where: the line that gives the data, and the model that gets them.
        batch: the data.
        use: what they are given for.
        inputs: the inputs in the order in which Keras counts them.
        names: the keys by which Keras finds them in a dict, as declared; empty where it does not look for keys.
        tensors: the tensors of x in Keras's order, with their paths; None for one of which nothing is known.
        given: each input with its tensor, as far as known.
        order: the order of x's tensors that fits the inputs.
        join: the function that makes one array of a list of samples: ``np.stack``, ``np.concatenate``.
    """

    kind: ArrangementKind
    model: str
    where: Location
    batch: Batch
    use: Use | None
    inputs: tuple[InputSpec, ...]
    names: tuple[str, ...] = ()
    tensors: tuple[tuple[Path, Spec | None], ...] = ()
    given: tuple[Given, ...] = ()
    order: tuple[int, ...] = ()
    join: str = ""

    @property
    def is_clear(self) -> bool:
        """Whether nothing is wrong with it, as far as known."""
        return self.kind in (ArrangementKind.ONE_EACH, ArrangementKind.UNKNOWN)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of x, if it is a dict, in Keras's order."""
        return tuple(sorted(self.batch.x)) if isinstance(self.batch.x, Mapping) else ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of inputs that are not a key of x."""
        return tuple(name for name in self.names if name not in self.keys)

    @property
    def extra(self) -> tuple[str, ...]:
        """The keys of x that are not the name of an input."""
        return tuple(key for key in self.keys if key not in self.names)

    def with_(self, kind: ArrangementKind, **changes: Any) -> Arrangement:
        """Returns the arrangement with more known about it."""
        return replace(self, kind=kind, **changes)


def arranged(inputs: Inputs, batch: Batch, use: Use | None = None) -> Arrangement:
    """Returns which tensor of x goes into which input.

    Keras flattens x, dict keys sorted, and counts. It looks for keys only where a dict is given to a model whose inputs
    are not a dict. Data nested in another way than declared are fine as long as the counting is right.
    """
    tree, x = inputs.tree, batch.x
    declared = () if tree is None else tuple(one for _, one in each_input(tree))
    start = Arrangement(
        kind=ArrangementKind.UNKNOWN,
        model=inputs.label,
        where=inputs.where,
        batch=batch,
        use=use,
        inputs=declared,
    )
    if tree is None or x is None:
        return start
    if len(declared) == 1 and declared[0].spec.shape is None:
        # nothing was declared, so the layer may take any nest
        return _one_each(start, [((), x)]) if isinstance(x, Spec) else start
    if isinstance(x, Mapping):
        names = _names(tree)
        if names is not None:
            return _by_name(start.with_(start.kind, names=tuple(names)), names, x, tree)
    return _counted(start.with_(start.kind, tensors=tuple(_flat(x))), tree)


def _names(tree: InputTree) -> dict[str, InputSpec] | None:
    """The keys by which Keras looks for inputs in a dict, None where it does not."""
    if isinstance(tree, InputSpec):
        return {tree.key: tree}
    named = list(tree.items()) if isinstance(tree, Mapping) else [(getattr(one, "key", ""), one) for one in tree]
    flat = {name: one for name, one in named if isinstance(one, InputSpec)}
    return flat if len(flat) == len(named) else None


def _by_name(
    start: Arrangement, names: Mapping[str, InputSpec], x: Mapping[str, SpecTree], tree: InputTree
) -> Arrangement:
    if start.missing:
        return start.with_(ArrangementKind.MISSING_KEYS)
    # where the inputs are a dict too, Keras matches the sorted keys by position, extra ones included
    if isinstance(tree, Mapping) and start.keys[: len(names)] != tuple(sorted(names)):
        return start.with_(ArrangementKind.SHIFTING_KEYS)
    found = [(one, (name,), x[name]) for name, one in names.items()]
    given = (Given(one, path, spec, start.batch, start.use) for one, path, spec in found if isinstance(spec, Spec))
    return start.with_(ArrangementKind.ONE_EACH, given=tuple(given))


def _flat(tree: SpecTree, path: Path = ()) -> Iterator[tuple[Path, Spec | None]]:
    """Yields every leaf of x in Keras's order; one that is unknown counts too."""
    if tree is None or isinstance(tree, Spec):
        yield path, tree
    elif isinstance(tree, Mapping):
        for key in sorted(tree):
            yield from _flat(tree[key], (*path, key))
    else:
        for index, item in enumerate(tree):
            yield from _flat(item, (*path, index))


def _counted(start: Arrangement, tree: InputTree) -> Arrangement:
    if len(start.tensors) != len(start.inputs):
        return _wrong_count(start)
    given_by_place = not isinstance(start.batch.x, Mapping | Spec)
    if isinstance(tree, Mapping) and given_by_place and list(tree) != sorted(tree):
        return start.with_(ArrangementKind.DICT_NEEDED, names=tuple(tree))
    order = _other_order(start)
    if order is not None:
        return start.with_(ArrangementKind.EXCHANGED, order=order)
    return _one_each(start, start.tensors)


def _one_each(start: Arrangement, tensors: Sequence[tuple[Path, Spec | None]]) -> Arrangement:
    pairs = zip(start.inputs, tensors, strict=True)
    given = (Given(one, path, spec, start.batch, start.use) for one, (path, spec) in pairs if spec is not None)
    return start.with_(ArrangementKind.ONE_EACH, tensors=tuple(tensors), given=tuple(given))


def _wrong_count(start: Arrangement) -> Arrangement:
    specs = [spec for _, spec in start.tensors if spec is not None]
    if len(specs) < len(start.tensors):
        return start  # unknown leaves may be absent ones: the count is not sure
    join = _join(start.inputs[0], specs) if len(start.inputs) == 1 else ""
    return start.with_(ArrangementKind.LIST_OF_SAMPLES if join else ArrangementKind.WRONG_COUNT, join=join)


def _join(one: InputSpec, samples: Sequence[Spec]) -> str:
    """The function that makes one array of a list of samples, empty if it is not a list of them."""
    needed = one.spec.shape
    shapes = [spec.shape for spec in samples if spec.shape is not None]
    if needed is None or len(shapes) < max(2, len(samples)):
        return ""
    if all(fits(needed[1:], shape) for shape in shapes):
        return "np.stack"
    return "np.concatenate" if all(fits((1, *needed[1:]), shape) for shape in shapes) else ""


def _other_order(start: Arrangement) -> tuple[int, ...] | None:
    """The one order in which all tensors fit, if they do not as given; None where no or several orders fit."""
    got = [spec.shape for _, spec in start.tensors if spec is not None and spec.shape is not None]
    if not 2 <= len(got) == len(start.inputs) <= MOST_EXCHANGED:
        return None
    needed = [one.spec.shape for one in start.inputs]
    if _all_fit(needed, got):
        return None
    orders = itertools.permutations(range(len(got)))
    fitting = [order for order in orders if _all_fit(needed, [got[index] for index in order])]
    return fitting[0] if len(fitting) == 1 else None


def _all_fit(needed: Sequence[Shape | None], got: Sequence[Shape | None]) -> bool:
    return all(map(takes, needed, got))


def quoted(names: Iterable[str]) -> str:
    """Returns names as a message lists them."""
    return ", ".join(map(repr, names))
