"""Patterns as the arguments of a call are nested: lists, tuples, dicts, alternatives.

A tree is read from a type hint once (`tree_of`) and matched with a tree of specs (`match_tree`).
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, Union

from typedlayers.contracts.dtypes import Policy
from typedlayers.contracts.parse import Pattern, is_annotation, pattern_of
from typedlayers.contracts.unify import Bindings, Fault, Mismatch, unify
from typedlayers.spec import Spec, SpecTree


@dataclass(frozen=True, slots=True)
class Anything:
    """No contract for this argument."""

    def __str__(self) -> str:
        return "anything"


@dataclass(frozen=True, slots=True)
class Nothing:
    """``None``."""

    def __str__(self) -> str:
        return "None"


@dataclass(frozen=True, slots=True)
class NotTensor:
    """A type without a tensor: typeguard checks it.

    Attributes:
        hint: the type hint.
    """

    hint: object

    def __str__(self) -> str:
        return getattr(self.hint, "__name__", None) or str(self.hint)


@dataclass(frozen=True, slots=True)
class OneOf:
    """``X | Y``: the first that fits."""

    options: tuple[Tree, ...]

    def __str__(self) -> str:
        return " | ".join(map(str, self.options))


@dataclass(frozen=True, slots=True)
class Many:
    """A list or tuple of any length, each item alike."""

    item: Tree

    def __str__(self) -> str:
        return f"list[{self.item}]"


@dataclass(frozen=True, slots=True)
class Fixed:
    """A tuple of a fixed length."""

    items: tuple[Tree, ...]

    def __str__(self) -> str:
        return f"tuple[{', '.join(map(str, self.items))}]"


@dataclass(frozen=True, slots=True)
class Dict:
    """A dict: with given keys (a ``TypedDict``), or with any keys and each value alike."""

    keys: Mapping[str, Tree]
    value: Tree | None = None
    optional: frozenset[str] = frozenset()

    def __str__(self) -> str:
        if self.value is not None:
            return f"dict[str, {self.value}]"
        return "{" + ", ".join(f"{key}: {tree}" for key, tree in self.keys.items()) + "}"


Tree: TypeAlias = Pattern | Anything | Nothing | NotTensor | OneOf | Many | Fixed | Dict


def tree_of(hint: object) -> Tree:
    """Returns the tree of a type hint.

    Raises:
        typedlayers.contracts.parse.PatternError: if a dimension string in it cannot be read.
    """
    if is_annotation(hint):
        return pattern_of(hint)
    if hint is None or hint is type(None):
        return Nothing()
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        return OneOf(tuple(map(_option, arguments))) if has_tensor(hint) else NotTensor(hint)
    if origin is typing.Annotated:
        return tree_of(arguments[0])
    if not has_tensor(hint):
        return Anything() if hint is typing.Any else NotTensor(hint)
    if typing.is_typeddict(hint):
        hints = typing.get_type_hints(hint)
        optional = frozenset(hint.__optional_keys__)  # pyright: ignore
        return Dict({key: tree_of(item) for key, item in hints.items()}, optional=optional)
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return Many(tree_of(arguments[0]))
        return Fixed(tuple(map(tree_of, arguments)))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return Dict({}, tree_of(arguments[1]))
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return Many(tree_of(arguments[0]))
    return Anything()


def _option(hint: object) -> Tree:
    """Reads one of several types; beside tensors, a dict of anything is still not a tensor."""
    origin = typing.get_origin(hint) or hint
    if (
        isinstance(origin, type)
        and issubclass(origin, Mapping)
        and not typing.is_typeddict(hint)
        and not has_tensor(hint)
    ):
        return Dict({}, Anything())
    return tree_of(hint)


def has_tensor(hint: object) -> bool:
    """Returns True if a type hint has a jaxtyping annotation anywhere."""
    if is_annotation(hint):
        return True
    if typing.is_typeddict(hint):
        return any(map(has_tensor, typing.get_type_hints(hint).values()))
    return any(map(has_tensor, typing.get_args(hint)))


def patterns(tree: Tree) -> list[Pattern]:
    """Returns every pattern of a tree, in order."""
    match tree:
        case Pattern():
            return [tree]
        case OneOf(items) | Fixed(items):
            return [pattern for item in items for pattern in patterns(item)]
        case Many(item):
            return patterns(item)
        case Dict(keys, value, _):
            return [p for item in [*keys.values(), *([value] if value is not None else [])] for p in patterns(item)]
    return []


def match_tree(
    tree: Tree,
    specs: SpecTree,
    bindings: Bindings,
    *,
    argument: str,
    policy: Policy,
    scope: Mapping[str, object],
    leaf: str = "",
) -> Bindings | Mismatch:
    """Unifies a nest of specs with a nest of patterns; names hold across the whole nest.

    Returns:
        The bindings after the specs, or the first mismatch.
    """

    def inner(part: Tree, spec: SpecTree, found: Bindings, key: object) -> Bindings | Mismatch:
        path = f"{argument}[{key!r}]"
        return match_tree(part, spec, found, argument=path, policy=policy, scope=scope, leaf=f"{leaf}[{key!r}]")

    def wrong(what: str) -> Mismatch:
        spec = specs if isinstance(specs, Spec) else None
        nest = None if isinstance(specs, Spec) else specs
        return Mismatch(Fault.STRUCTURE, argument, spec, name=str(tree), detail=what, nest=nest)

    def each(parts: Sequence[tuple[object, Tree, SpecTree]]) -> Bindings | Mismatch:
        found: Bindings | Mismatch = bindings
        for key, part, spec in parts:
            found = inner(part, spec, found, key)
            if isinstance(found, Mismatch):
                break
        return found

    match tree:
        case Pattern():
            if not isinstance(specs, Spec):
                return wrong(f"got {_structure(specs)}, one tensor was declared")
            return unify(tree, specs, bindings, argument=argument, policy=policy, scope=scope, leaf=leaf)
        case Anything() | NotTensor():
            return bindings
        case Nothing():
            return bindings if specs is None else wrong(f"got {_structure(specs)}, None was declared")
        case OneOf(options):
            tried = [
                match_tree(o, specs, bindings, argument=argument, policy=policy, scope=scope, leaf=leaf)
                for o in options
            ]
            good = next((found for found in tried if not isinstance(found, Mismatch)), None)
            return good if good is not None else min(tried, key=_distance)
        case Many(item):
            if isinstance(specs, Spec | Mapping) or specs is None:
                return wrong(f"got {_structure(specs)}, a list of tensors was declared")
            return each([(i, item, spec) for i, spec in enumerate(specs)])
        case Fixed(items):
            if isinstance(specs, Spec | Mapping) or specs is None or len(specs) != len(items):
                return wrong(f"got {_structure(specs)}, {len(items)} tensors were declared")
            return each([(i, item, spec) for i, (item, spec) in enumerate(zip(items, specs, strict=True))])
        case Dict(keys, value, optional):
            if not isinstance(specs, Mapping):
                return wrong(f"got {_structure(specs)}, a dict was declared")
            if value is not None:
                return each([(key, value, specs[key]) for key in sorted(specs)])
            missing = sorted(keys.keys() - specs.keys() - optional)
            extra = sorted(specs.keys() - keys.keys())
            if missing or extra:
                parts = [f"without {missing}"] * bool(missing) + [f"with {extra}"] * bool(extra)
                return wrong(f"got a dict {' and '.join(parts)}")
            return each([(key, keys[key], specs[key]) for key in keys if key in specs])
    raise TypeError(f"{tree!r} is not a tree of patterns")


def _distance(mismatch: Bindings | Mismatch) -> int:
    """Returns the distance of a failed alternative: a wrong structure is farther than a wrong rank or size."""
    order = (Fault.SIZE, Fault.NAME, Fault.DTYPE, Fault.RANK, Fault.RULE, Fault.ANNOTATION, Fault.STRUCTURE)
    return order.index(mismatch.fault) if isinstance(mismatch, Mismatch) else 0


def _structure(specs: SpecTree) -> str:
    if specs is None:
        return "None"
    if isinstance(specs, Spec):
        return "one tensor"
    if isinstance(specs, Mapping):
        return f"a dict with {sorted(specs)}"
    return f"a list of {len(specs)}"
