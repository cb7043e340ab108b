"""Changes of a tree, made all at once: nodes, what stands beside them, what goes, and imports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import libcst as cst
from libcst.codemod import CodemodContext
from libcst.codemod.visitors import AddImportsVisitor

from typedlayers.source.program import NoPlace, Program

Change = Callable[[Any], Any]


@dataclass(slots=True)
class _Around:
    """What stands beside a node afterwards."""

    before: list[cst.CSTNode] = field(default_factory=list)
    after: list[cst.CSTNode] = field(default_factory=list)
    is_gone: bool = False


class Plan:
    """The changes of one file.

    Args:
        program: the file.
    """

    def __init__(self, program: Program) -> None:
        self.program: Final = program
        self._changes: dict[cst.CSTNode, list[Change]] = {}
        self._around: dict[cst.CSTNode, _Around] = {}
        self._imports: list[tuple[str, str | None, str | None]] = []

    def change(self, node: cst.CSTNode, change: Change) -> None:
        """Adds a change of a node: a function of the node as it has become inside."""
        self._changes.setdefault(node, []).append(change)

    def put(self, node: cst.CSTNode, new: cst.CSTNode) -> None:
        """Adds another node in the place of one.

        Raises:
            NoPlace: if the node is changed already.
        """
        if node in self._changes:
            raise NoPlace("two edits change the same expression")
        self.change(node, lambda _: new)

    def beside(self, node: cst.CSTNode, before: Sequence[cst.CSTNode] = (), after: Sequence[cst.CSTNode] = ()) -> None:
        """Adds nodes before and after one; the later comes nearer."""
        around = self._around.setdefault(node, _Around())
        around.before += before
        around.after[:0] = after

    def has_after(self, node: cst.CSTNode) -> bool:
        """Returns True if something is put after a node."""
        return node in self._around and bool(self._around[node].after)

    def drop(self, node: cst.CSTNode) -> None:
        """Takes a node away."""
        self._around.setdefault(node, _Around()).is_gone = True

    def need(self, module: str, name: str | None = None, alias: str | None = None) -> None:
        """Adds an import: ``from module import name`` or ``import module as alias``."""
        self._imports.append((module, name, alias))

    def done(self) -> bytes:
        """Returns the file with all changes made."""
        module = self.program.module.visit(_Making(self._changes, self._around))
        context = CodemodContext()
        for imported in self._imports:
            AddImportsVisitor.add_needed_import(context, *imported)
        if self._imports:
            module = AddImportsVisitor(context).transform_module(module)
        return module.bytes


class _Making(cst.CSTTransformer):
    def __init__(self, changes: dict[cst.CSTNode, list[Change]], around: dict[cst.CSTNode, _Around]) -> None:
        super().__init__()
        self._changes, self._around = changes, around

    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        """Makes the changes of one node."""
        updated_node = super().on_leave(original_node, updated_node)
        for change in self._changes.get(original_node, ()):
            updated_node = change(updated_node)
        around = self._around.get(original_node)
        if around is None:
            return updated_node
        kept = () if around.is_gone else (updated_node,)
        together = (*around.before, *kept, *around.after)
        return cst.FlattenSentinel(together) if together else cst.RemoveFromParent()
