"""A layer's contract as data, its form for one layer, and the two things done with it: `check` and `infer`."""

from __future__ import annotations

import enum
import html
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from typedlayers.contracts.bound import Bound, Source
from typedlayers.contracts.dtypes import Integers, Policy, Stage
from typedlayers.contracts.parse import Pattern, PatternError
from typedlayers.contracts.tree import Anything, Dict, Fixed, Many, Tree, has_tensor, match_tree, tree_of
from typedlayers.contracts.unify import Bindings, Fault, Mismatch, shape_from
from typedlayers.diagnostics.edit import Edit
from typedlayers.diagnostics.model import Fix, Repair
from typedlayers.spec import Carrier, Kind, Shape, Spec, SpecTree, leaves

NO_SCOPE: Final[Mapping[str, object]] = MappingProxyType({})


class Values(enum.Enum):
    """A layer's effect on the values of its input; rules follow raw bytes to the first weights by it."""

    KEPT = "kept"
    """The output's values are values of the input (moved, chosen, or with zeros added)."""
    CHANGED = "changed"
    """Their range changes, or is unknown."""
    WEIGHTED = "weighted"
    """They meet weights whose initial scale assumes inputs of the order of 1."""


class Positions(enum.Enum):
    """A layer mixes positions (the axes between batch and last) or keeps them apart."""

    APART = "apart"
    """Each position is computed by itself."""
    MIXED = "mixed"
    """A position of the output depends on several of the input, or positions are removed."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Annotations chosen by a public attribute of the layer, such as ``data_format``.

    Attributes:
        attribute: the attribute's name.
        options: the annotation for each value; the first is shown without a layer.
    """

    attribute: str
    options: Mapping[object, object]

    def annotation(self, layer: object) -> object:
        """Returns the annotation for one layer."""
        return self.options[getattr(layer, self.attribute)]

    @property
    def shown(self) -> object:
        """The annotation that stands for all of them."""
        return next(iter(self.options.values()))


@dataclass(frozen=True, slots=True)
class Derived:
    """An annotation computed from a layer's public attributes.

    Attributes:
        derive: a function of the layer.
        shown: the annotation that stands for all of them.
    """

    derive: Callable[[Any], object]
    shown: object

    def annotation(self, layer: object) -> object:
        """Returns the annotation for one layer."""
        return self.derive(layer)


@dataclass(frozen=True, slots=True)
class Inferred:
    """An annotation of a result, computed from the layer and the input's shape: no pattern says a product of axes.

    Attributes:
        derive: a function of the layer and the first argument's shape, or the nest of shapes where it is a nest; it
            returns None where only Keras knows.
        shown: the annotation that stands for all of them.
    """

    derive: Callable[[Any, Any], object]
    shown: object

    def annotation(self, layer: object) -> object:
        """Returns the annotation that holds for every shape."""
        return self.shown


@dataclass(frozen=True, slots=True)
class Called:
    """A result that an argument of the call chooses, such as ``return_attention_scores``.

    Attributes:
        argument: the argument's name.
        options: the form for each of its values; the first holds where it is not given.
    """

    argument: str
    options: Mapping[object, Form]

    def form(self, values: Mapping[str, object]) -> Form:
        """Returns the form for the arguments of one call."""
        default = next(iter(self.options))
        value = values.get(self.argument, default)
        return self.options.get(value if isinstance(value, Hashable) else default, self.options[default])

    def annotation(self, layer: object) -> object:
        """Returns the annotation that holds where the argument is not given."""
        first = next(iter(self.options.values()))
        return first.annotation(layer) if isinstance(first, Choice | Derived | Inferred) else first

    @property
    def shown(self) -> object:
        """The annotation that stands for all of them."""
        return shown(next(iter(self.options.values())))


Form: TypeAlias = Choice | Derived | Inferred | Called | object | None
"""An annotation, or a function that returns one; None where there is no contract."""


def by(attribute: str, options: Mapping[object, object]) -> Choice:
    """Annotations chosen by a public attribute of the layer."""
    return Choice(attribute, MappingProxyType(dict(options)))


Proposal: TypeAlias = Fix | Edit | str
"""A fix of a rule: ``{0}`` is the origin of the first of several tensors, as in `Rule.check`; an edit without a layer
edits the layer itself."""


def in_words(offer: Proposal) -> str:
    """Returns a rule's fixes without edits, for a rule lent to another layer."""
    return offer.text if isinstance(offer, Fix) else str(offer)


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition of a layer that no equation of axes says.

    Attributes:
        code: the code of the diagnostic.
        check: a function of the layer and the first argument's shape (or nest of shapes, where it is a nest) that
            returns the mistake as a clause, or None. In it ``{0}`` is the origin of the first tensor of a list.
        why: the cause, as a clause.
        fixes: the changes to type, the likeliest first.
        propose: a function of the layer and the shapes of the argument that returns more fixes, for these shapes.
        about: the argument that it is about, of a rule on several arguments: its ``check`` gets a `Call`.
        mend: the repair of that argument, where it is not a guess.
    """

    code: str
    check: Callable[[Any, Any], str | None]
    why: str = ""
    fixes: tuple[Proposal, ...] = ()
    propose: Callable[[Any, Any], Iterable[Proposal]] | None = None
    about: str | None = None
    mend: Repair | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """The arguments of one call, for rules on several of them.

    Attributes:
        specs: the arguments that hold tensors, by name.
        values: the arguments themselves, as far as they are known.
    """

    specs: Mapping[str, SpecTree]
    values: Mapping[str, object]

    def spec(self, name: str) -> Spec | None:
        """Returns the spec of an argument that is one tensor, None for every other."""
        found = self.specs.get(name)
        return found if isinstance(found, Spec) else None

    def shape(self, name: str) -> Shape | None:
        """Returns the shape of an argument that is one tensor; None for others and for an unknown rank."""
        spec = self.spec(name)
        return None if spec is None else spec.shape


def unknown(_: object) -> None:
    """Returns None: the contract of the inner layer is unknown."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Contract:
    """The inputs and outputs of a layer.

    Attributes:
        inputs: the annotation of the first argument, or a `Form` of it; a type hint with annotations in it
            (``list[Compute[Tensor, "batch features"]]``) for a nest of tensors.
        outputs: the annotation of the result, or a nest of them; None if only Keras knows it.
        arguments: the annotations of further arguments of ``call`` that hold tensors, by name, in its order.
        integers: its effect on integers.
        values: its effect on the range of values.
        positions: mixed or kept apart.
        stage: where it is used: in models, or in data pipelines too.
        rules: conditions that no equation of axes says.
        parameters: types of constructor arguments that the table of parameter types does not name.
        first: the name of the first argument, where messages are to call it as Keras does.

    Raises:
        typedlayers.contracts.parse.PatternError: if an annotation cannot be read.
        ValueError: if the outputs use a name that the inputs do not bind.
    """

    inputs: Form
    outputs: Form = None
    arguments: Mapping[str, Form] = field(default_factory=dict)
    integers: Integers = Integers.CONVERTED
    values: Values = Values.CHANGED
    positions: Positions = Positions.MIXED
    stage: Stage = Stage.MODEL
    rules: tuple[Rule, ...] = ()
    parameters: Mapping[str, object] = field(default_factory=dict)
    first: str = "inputs"

    def __post_init__(self) -> None:
        for form in (self.inputs, *self.arguments.values(), self.outputs):
            options = form.options.values() if isinstance(form, Choice) else [shown(form)]
            for annotation in options:
                if has_tensor(annotation):
                    tree_of(annotation)

    def for_layer(self, layer: object, policy: Policy, inner: Inner = unknown) -> Resolved:
        """Returns the contract as it is for one layer.

        Args:
            layer: the layer.
            policy: its dtypes.
            inner: returns the contract of the layer inside, for wrappers.
        """
        return Resolved(
            arguments={self.first: _tree(self.inputs, layer)} | {k: _tree(f, layer) for k, f in self.arguments.items()},
            outputs=None if self.outputs is None else _tree(self.outputs, layer),
            policy=replace(policy, integers=self.integers, stage=self.stage),
            rules=self.rules,
            layer=layer,
            contract=self,
        )

    def __repr__(self) -> str:
        return f"<Contract: {self}>"

    def _repr_html_(self) -> str:
        return f"<code>{html.escape(str(self))}</code>"

    def __str__(self) -> str:
        return f"{describe(self.inputs)} → {describe(self.outputs)}"


Inner: TypeAlias = Callable[[object], "Resolved | None"]
"""Returns the contract of a layer inside another one, None if it is unknown."""


def shown(form: Form) -> object:
    """Returns the annotation that shows a form without a layer."""
    return form.shown if isinstance(form, Choice | Derived | Inferred | Called) else form


def describe(form: Form) -> str:
    """Prints a form as its docstring line does: ``Compute "*batch features"``."""
    annotation = shown(form)
    if annotation is None:
        return "anything"
    return str(tree_of(annotation)) if has_tensor(annotation) else str(annotation)


def _tree(form: Form, layer: object) -> Tree:
    annotation = form.annotation(layer) if isinstance(form, Choice | Derived | Inferred | Called) else form
    return Anything() if annotation is None else tree_of(annotation)


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact about one layer that its contract does not state: an axis fixed by weights, a number of axes.

    Attributes:
        source: its origin, for the message.
        axis: the axis (negative from the end), None for a fact about the rank.
        size: the size of that axis.
        least: the least number of axes.
        most: the greatest number of axes.
    """

    source: Source
    axis: int | None = None
    size: int | None = None
    least: int | None = None
    most: int | None = None

    def mismatch(self, argument: str, spec: Spec, pattern: Pattern | None) -> Mismatch | None:
        """Returns the mismatch of a spec with the fact, or None."""
        if spec.shape is None:
            return None
        rank = len(spec.shape)
        if self.axis is None:
            low, high = self.least or 0, self.most if self.most is not None else rank
            if low <= rank <= high:
                return None
            needed = low if rank < low else high
            return Mismatch(Fault.RANK, argument, spec, pattern, got=rank, needed=needed, detail=str(self.source))
        if not -rank <= self.axis < rank:
            return None
        got = spec.shape[self.axis]
        if got is None or self.size is None or got == self.size:
            return None
        bound, axis = Bound(self.size, self.source), self.axis % rank
        name = None if pattern is None else dim_at(pattern, self.axis, rank)
        return Mismatch(Fault.NAME, argument, spec, pattern, axis, got, self.size, name, bound)


def dim_at(pattern: Pattern, axis: int, rank: int) -> str | None:
    """Returns the dimension of an axis, None inside a run of axes."""
    at, axis = pattern.variadic, axis % rank
    if at is None or axis < at:
        return str(pattern.dims[axis]) if axis < len(pattern.dims) else None
    back = axis - rank
    return str(pattern.dims[back]) if -back <= len(pattern.dims) - 1 - at else None


@dataclass(frozen=True, slots=True, repr=False)
class Resolved:
    """A contract for one layer.

    Attributes:
        arguments: the tree of each argument of ``call``, in its order.
        outputs: the tree of the result, None if only Keras knows it.
        policy: the layer's dtypes.
        rules: demands that are no equations of axes.
        facts: sizes that the layer's weights and input spec fix.
        layer: the object of ``{self.x}``.
        contract: the catalogue's contract, None for annotations of the user's own.
        own: True if the user annotated the arguments.
        promises: True if the user annotated the result: it is checked then.
    """

    arguments: Mapping[str, Tree]
    outputs: Tree | None
    policy: Policy
    layer: object
    rules: tuple[Rule, ...] = ()
    facts: tuple[Fact, ...] = ()
    contract: Contract | None = None
    own: bool = False
    promises: bool = False

    @property
    def first(self) -> str:
        """The name of the first argument."""
        return next(iter(self.arguments), "inputs")

    def __repr__(self) -> str:
        return f"<Contract of a layer: {self}>"

    def _repr_html_(self) -> str:
        return f"<code>{html.escape(str(self))}</code>"

    def __str__(self) -> str:
        tensors = {k: t for k, t in self.arguments.items() if not isinstance(t, Anything)}
        inside = ", ".join(f"{name}: {tree}" if len(tensors) > 1 else str(tree) for name, tree in tensors.items())
        return f"{inside or 'anything'} → {self.outputs if self.outputs is not None else 'anything'}"


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of a check.

    Attributes:
        bindings: the sizes of names, as far as the specs fit.
        mismatches: the mismatches in the order of the arguments, each with the layer's rule that found it.
    """

    bindings: Bindings
    mismatches: tuple[tuple[Mismatch, Rule | None], ...] = ()


def check(
    resolved: Resolved,
    specs: Mapping[str, SpecTree],
    *,
    bindings: Bindings | None = None,
    values: Mapping[str, object] = NO_SCOPE,
) -> Checked:
    """Checks the arguments of one call against a contract.

    Args:
        resolved: the layer's contract.
        specs: the arguments that hold tensors, by name.
        bindings: names that are bound already (those of the whole model).
        values: the arguments themselves, for ``{x}``.

    Returns:
        The bindings, and every mismatch found: one argument's does not hide another's.
    """
    found = bindings or Bindings()
    mismatches: list[tuple[Mismatch, Rule | None]] = []
    scope = {**values, "self": resolved.layer}
    for name, tree in resolved.arguments.items():
        if name not in specs:
            continue
        policy = _widened(resolved.policy, specs[name])
        result = match_tree(tree, specs[name], found, argument=name, policy=policy, scope=scope)
        if isinstance(result, Mismatch):
            mismatches.append((result, None))
        else:
            found = result
    first = specs.get(resolved.first)
    if not mismatches and first is not None:
        mismatches += _of_layer(resolved, first) or _of_call(resolved, Call(specs, values))
    return Checked(found, tuple(mismatches))


def _widened(policy: Policy, specs: SpecTree) -> Policy:
    """Returns the policy for a nest: integers beside another dtype are computed in the wider one."""
    alone = (Integers.WRAPS, Integers.FAILS, Integers.FAILS_ON_GPU)
    dtypes = {spec.dtype for _, spec in leaves(specs)}
    return replace(policy, integers=Integers.KEPT) if policy.integers in alone and len(dtypes) > 1 else policy


def _of_layer(resolved: Resolved, specs: SpecTree) -> list[tuple[Mismatch, Rule | None]]:
    tree = resolved.arguments.get(resolved.first)
    pattern = tree if isinstance(tree, Pattern) else None
    spec = specs if isinstance(specs, Spec) else None
    for fact in resolved.facts:
        mismatch = None if spec is None else fact.mismatch(resolved.first, spec, pattern)
        if mismatch is not None:
            return [(mismatch, None)]
    shapes = shapes_of(specs)
    if shapes is None:
        return []
    for rule in resolved.rules:
        detail = rule.check(resolved.layer, shapes) if rule.about is None else None
        if detail is not None:
            return [(Mismatch(Fault.RULE, resolved.first, spec, pattern, detail=detail, nest=specs), rule)]
    return []


def _of_call(resolved: Resolved, call: Call) -> list[tuple[Mismatch, Rule | None]]:
    """Rules on several arguments: the first that finds something wrong with each of them."""
    found: list[tuple[Mismatch, Rule | None]] = []
    told = set[str]()
    for rule in resolved.rules:
        if rule.about is None or rule.about in told:
            continue
        detail = rule.check(resolved.layer, call)
        if detail is not None:
            told.add(rule.about)
            tree = resolved.arguments.get(rule.about)
            pattern = tree if isinstance(tree, Pattern) else None
            mismatch = Mismatch(
                Fault.RULE, rule.about, call.spec(rule.about), pattern, detail=detail, nest=call.specs.get(rule.about)
            )
            found.append((mismatch, rule))
    return found


def shapes_of(specs: SpecTree) -> Any:
    """Returns the shapes of a nest of specs, nested as they are; None if a number of axes in it is unknown.

    >>> shapes_of((Spec("float32", (None, 3)), Spec("float32", (None, 4))))
    ((None, 3), (None, 4))
    """
    if specs is None or any(spec.shape is None for _, spec in leaves(specs)):
        return None
    if isinstance(specs, Spec):
        return specs.shape
    if isinstance(specs, Mapping):
        return {key: shapes_of(item) for key, item in specs.items()}
    return tuple(map(shapes_of, specs))


def infer(resolved: Resolved, checked: Checked, spec: SpecTree, values: Mapping[str, object] = NO_SCOPE) -> SpecTree:
    """Returns the output: a spec, or a nest of specs; None where only Keras knows."""
    if resolved.outputs is None or (resolved.own and not resolved.promises):
        return None
    scope = {**values, "self": resolved.layer}
    form = resolved.contract.outputs if resolved.contract is not None and not resolved.own else None
    tree = resolved.outputs
    if isinstance(form, Called):
        form = form.form(values)
        tree = _tree(form, resolved.layer)
    if isinstance(form, Inferred) and (shapes := shapes_of(_first(spec, resolved))) is not None:
        derived = form.derive(resolved.layer, shapes)
        if derived is None:
            return None
        tree = tree_of(derived)
    return _infer(tree, resolved.policy, checked.bindings, _first(spec, resolved), scope)


def _first(spec: SpecTree, resolved: Resolved) -> SpecTree:
    return spec.get(resolved.first) if isinstance(spec, Mapping) else spec


def _infer(tree: Tree, policy: Policy, bindings: Bindings, spec: SpecTree, scope: Mapping[str, object]) -> SpecTree:
    match tree:
        case Pattern():
            return Spec(output_dtype(tree, policy, spec), _shape(tree, bindings, scope), Carrier.SYMBOLIC)
        case Fixed(items):
            return tuple(_infer(item, policy, bindings, spec, scope) for item in items)
        case Dict(keys, None, _):
            return {key: _infer(item, policy, bindings, spec, scope) for key, item in keys.items()}
        case Many():
            return None
    return None


def _shape(pattern: Pattern, bindings: Bindings, scope: Mapping[str, object]) -> Shape | None:
    """Returns a result's shape; unknown where the arithmetic fails: the layer's own call raises then."""
    try:
        shape = shape_from(pattern, bindings, scope)
    except (ArithmeticError, PatternError):
        return (None,) * len(pattern.dims) if pattern.variadic is None else None
    return None if shape is None else tuple(size if size is None or size >= 0 else None for size in shape)


def output_dtype(pattern: Pattern, policy: Policy, spec: SpecTree) -> str | None:
    """Returns the dtype of the output for the dtype of the input, None if unknown."""
    if not pattern.dtype.compute:
        return pattern.dtype.single()
    came = [leaf for _, leaf in leaves(spec)]
    passes = policy.integers in (Integers.KEPT, Integers.WRAPS)
    if not came or not passes or any(leaf.kind is Kind.FLOAT for leaf in came):
        return policy.compute
    dtypes = {leaf.dtype for leaf in came}
    return dtypes.pop() if len(dtypes) == 1 else None
