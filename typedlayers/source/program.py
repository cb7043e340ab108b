"""The source of one file as a concrete syntax tree: nodes by their place, parents, names."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import libcst as cst
from libcst import matchers, metadata

from typedlayers.source.site import Site

Node = TypeVar("Node", bound=cst.CSTNode)


class NoPlace(Exception):
    """An edit cannot be made in this source; the message says why."""


class Program:
    """One file of the user's.

    Args:
        data: its bytes.
        file: its path, links followed.

    Raises:
        NoPlace: if it is no Python that can be read.
    """

    def __init__(self, data: bytes, file: str = "") -> None:
        try:
            self._wrapper = metadata.MetadataWrapper(cst.parse_module(data), unsafe_skip_copy=True)
        except (cst.ParserSyntaxError, UnicodeDecodeError) as error:
            raise NoPlace(f"{file} cannot be read: {error}") from None
        self.data, self.file = data, file
        self.module = self._wrapper.module
        self._parents = self._wrapper.resolve(metadata.ParentNodeProvider)
        self._positions = self._wrapper.resolve(metadata.PositionProvider)
        self._lines = data.decode(self.module.encoding).splitlines()

    @functools.cached_property
    def _scopes(self) -> Mapping[cst.CSTNode, Any]:
        return self._wrapper.resolve(metadata.ScopeProvider)

    # ------------------------------------------------------------------------------------- by place
    @functools.cached_property
    def calls(self) -> tuple[cst.Call, ...]:
        """All calls, in the order of the text."""
        return tuple(matchers.findall(self.module, matchers.Call()))  # pyright: ignore[reportReturnType]

    def call_at(self, site: Site) -> cst.Call:
        """Returns the call at a place.

        Raises:
            NoPlace: if none or several could be meant.
        """
        if site.end_line is not None and site.end_column is not None:
            end = site.end_line, self._characters(site.end_line, site.end_column)
            found = [call for call in self.calls if self.end_of(call) == end]
        else:
            found = [call for call in self.calls if self.line_of(call) == site.line]
        if len(found) != 1:
            raise NoPlace(f"line {site.line} holds {'no' if not found else 'more than one'} call that could be meant")
        return found[0]

    def line_of(self, node: cst.CSTNode) -> int:
        """Returns the first line of a node, from 1."""
        return self._positions[node].start.line

    def end_of(self, node: cst.CSTNode) -> tuple[int, int]:
        """Returns the line and the column behind a node."""
        end = self._positions[node].end
        return end.line, end.column

    def _characters(self, line: int, column: int) -> int:
        text = self._lines[line - 1] if line <= len(self._lines) else ""
        return len(text.encode()[:column].decode(errors="ignore"))

    # ------------------------------------------------------------------------------------- around it
    def parent(self, node: cst.CSTNode) -> cst.CSTNode:
        """Returns the node around one."""
        return self._parents[node]

    def around(self, node: cst.CSTNode, *kinds: type[Node]) -> Node | None:
        """Returns the innermost node of some kinds around one."""
        for outer in self.outwards(node):
            if isinstance(outer, kinds):
                return outer
        return None

    def outwards(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Yields the nodes around one, the innermost first."""
        while node in self._parents:
            node = self._parents[node]
            yield node

    def statement(self, node: cst.CSTNode) -> cst.SimpleStatementLine | None:
        """Returns the line of a node, None if it shares it with other statements."""
        line = self.around(node, cst.SimpleStatementLine)
        return line if line is not None and len(line.body) == 1 else None

    def function(self, node: cst.CSTNode) -> cst.FunctionDef | cst.Lambda | None:
        """Returns the function that holds a node."""
        return self.around(node, cst.FunctionDef, cst.Lambda)

    def code(self, node: cst.CSTNode) -> str:
        """Returns the text of a node."""
        return self.module.code_for_node(node)

    # ------------------------------------------------------------------------------------------ names
    def module_of(self, name: str, near: cst.CSTNode) -> str | None:
        """Returns the dotted name that a name was imported as, None for others."""
        scope = self._scope(near)
        if scope is None:
            return None
        found = scope.get_qualified_names_for(name)
        if len(found) != 1:
            return None
        (one,) = found
        return one.name if one.source is metadata.QualifiedNameSource.IMPORT else None

    def is_bound(self, name: str, near: cst.CSTNode) -> bool:
        """Returns True if a name means something near a node."""
        scope = self._scope(near)
        return scope is not None and name in scope

    def accesses(self, imported: cst.CSTNode, name: str) -> Iterator[cst.CSTNode]:
        """Yields every use of a name that an import binds."""
        for scope in {scope for scope in self._scopes.values() if scope is not None}:
            for one in scope.assignments:
                if f"{one.name}.".startswith(f"{name}.") and getattr(one, "node", None) is imported:
                    yield from (_first_name(access.node) for access in one.references)

    def sole_value(self, name: str, near: cst.CSTNode) -> cst.BaseExpression | None:
        """Returns the value of a name that is assigned once and used once; None for any other name."""
        value, uses = self.assigned(name, near)
        return value if uses == 1 else None

    def assigned(self, name: str, near: cst.CSTNode) -> tuple[cst.BaseExpression | None, int]:
        """Returns the value of a name that is assigned once, None for any other name; and how often it is used."""
        scope = self._scope(near)
        found = list(scope[name]) if scope is not None and name in scope else []
        if len(found) != 1:
            return None, 0
        target = getattr(found[0], "node", None)
        around = None if target is None else self._parents.get(target)
        assignment = self._parents.get(around) if isinstance(around, cst.AssignTarget) else None
        return (assignment.value if isinstance(assignment, cst.Assign) else None), len(found[0].references)

    @functools.cached_property
    def imported(self) -> tuple[str, ...]:
        """Every name that an import of the file binds."""
        names = []
        for alias in matchers.findall(self.module, matchers.ImportAlias()):
            assert isinstance(alias, cst.ImportAlias)
            name = alias.evaluated_alias or alias.evaluated_name
            names.append(name.partition(".")[0])
        return tuple(dict.fromkeys(names))

    def _scope(self, near: cst.CSTNode) -> Any:
        for node in (near, *self.outwards(near)):
            scope = self._scopes.get(node)
            if scope is not None:
                return scope
        return None


def _first_name(node: cst.CSTNode) -> cst.CSTNode:
    while isinstance(node, cst.Attribute):
        node = node.value
    return node


def last_name(node: cst.CSTNode) -> str:
    """Returns the last part of a dotted name, empty if the node is none: ``Dense`` of ``keras.layers.Dense``."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


def dotted(node: cst.CSTNode) -> str:
    """Returns a dotted name as text, empty if the node is none."""
    if isinstance(node, cst.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr.value}" if before else ""
    return node.value if isinstance(node, cst.Name) else ""


def is_text(node: cst.CSTNode, value: str) -> bool:
    """Returns True if a node is the literal of a text."""
    return isinstance(node, cst.SimpleString) and node.evaluated_value == value
