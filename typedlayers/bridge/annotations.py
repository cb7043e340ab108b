"""The annotations of a user's ``call`` → a contract.

Type hints are resolved by ``typing.get_type_hints``; names that are local to the function in which the class was
defined are found in that function's frame, which is looked at when the class is made.
"""

from __future__ import annotations

import inspect
import sys
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from typedlayers.contracts.dtypes import Policy
from typedlayers.contracts.parse import PatternError
from typedlayers.contracts.tree import Anything, NotTensor, Tree, has_tensor, tree_of
from typedlayers.diagnostics.model import Diagnostic, Fix, Location
from typedlayers.errors import ContractError


@dataclass(frozen=True, slots=True)
class Signature:
    """What a user's ``call`` declares.

    Attributes:
        arguments: the tree of each annotated argument, in order.
        others: type hints of annotated arguments that hold no tensor.
        outputs: the tree of the result, None if it is not annotated.
        parameters: names of all the positional parameters of ``call``, in order.
        keywords: names of its keyword-only parameters.
    """

    arguments: Mapping[str, Tree]
    others: Mapping[str, object]
    outputs: Tree | None
    parameters: tuple[str, ...]
    keywords: tuple[str, ...] = ()

    @property
    def declares(self) -> bool:
        """Whether there is anything to check."""
        return bool(self.arguments or self.others or self.outputs is not None)


@dataclass(slots=True)
class Definition:
    """Where a class was defined: what its string annotations may name.

    Attributes:
        local: the names of the defining function that its annotations use.
        file: file of the class statement.
        line: line of the class statement.
    """

    local: dict[str, object] = field(default_factory=dict)
    file: str | None = None
    line: int | None = None


def definition_of(cls: type, frame: FrameType | None) -> Definition:
    """Returns what a class's annotations may need from the frame of its ``class`` statement."""
    if frame is None:
        return Definition()
    wanted = set[str]()
    for function in (cls.__dict__.get("call"), cls.__dict__.get("__init__")):
        for hint in getattr(function, "__annotations__", {}).values():
            if isinstance(hint, str):
                wanted |= _names_in(hint)
    found = {name: frame.f_locals[name] for name in wanted if name in frame.f_locals}
    return Definition(found, frame.f_code.co_filename, frame.f_lineno)


def _names_in(text: str) -> set[str]:
    import ast

    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError:
        return set()
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def hints_of(function: Callable[..., Any], definition: Definition, cls: type) -> dict[str, Any]:
    """Returns the resolved type hints of a function.

    Raises:
        ContractError: TL101, if a string annotation names something that is not there or is no annotation.
    """
    raw = getattr(function, "__annotations__", {})
    if not raw:
        return {}
    spaces = dict(definition.local)
    closure = inspect.getclosurevars(function) if inspect.isfunction(function) else None
    if closure is not None:
        spaces = {**closure.nonlocals, **spaces}
    try:
        return typing.get_type_hints(function, localns=spaces, include_extras=True)
    except (NameError, SyntaxError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(cls, definition, function, str(error)) from error


def _unreadable(cls: type, definition: Definition, function: Callable[..., Any], detail: str) -> ContractError:
    code = getattr(function, "__code__", None)
    file = code.co_filename if code is not None else definition.file
    line = code.co_firstlineno if code is not None else definition.line
    return ContractError(
        [
            Diagnostic(
                "TL101",
                f"an annotation of {cls.__name__}.{function.__name__} cannot be read",
                where=Location(file, line, what=cls.__name__),
                why=detail,
                fixes=(Fix('annotate with jaxtyping, such as Float[tl.Tensor, "batch features"]'),),
            )
        ]
    )


def signature_of(function: Callable[..., Any], definition: Definition, cls: type) -> Signature:
    """Returns what a ``call`` declares.

    Raises:
        ContractError: TL101, if an annotation cannot be read.
    """
    hints = hints_of(function, definition, cls)
    arguments: dict[str, Tree] = {}
    others: dict[str, object] = {}
    parameters = [p for p in inspect.signature(function).parameters.values() if p.name != "self"]
    try:
        for parameter in parameters:
            hint = hints.get(parameter.name)
            if hint is None or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                continue
            tree = tree_of(hint)
            if isinstance(tree, NotTensor):
                others[parameter.name] = hint
            elif not isinstance(tree, Anything):
                arguments[parameter.name] = tree
        result = hints.get("return")
        outputs = tree_of(result) if result is not None and has_tensor(result) else None
    except PatternError as error:
        raise _unreadable(cls, definition, function, str(error)) from error
    return Signature(arguments, others, outputs, *parameter_names(function))


def parameter_names(function: Callable[..., Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns the names of the positional parameters of a ``call``, and those of its keyword-only ones."""
    parameters = [p for p in inspect.signature(function).parameters.values() if p.name != "self"]
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    names = tuple(p.name for p in parameters if p.kind in positional)
    return names, tuple(p.name for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY)


def policy_of(layer: Any) -> Policy:
    """Returns what a layer's dtype policy says."""
    return Policy(getattr(layer, "compute_dtype", None), getattr(layer, "variable_dtype", None))


def class_frame() -> FrameType | None:
    """Returns the frame of the ``class`` statement that is being executed."""
    from typedlayers.verdict.source import user_frame

    return user_frame(sys._getframe(1))
