"""Forms of expressions: ``_x.shape[0]``, ``stack(_x, ...)``; whether code has one, and what stands in its places."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Any

ANY = re.compile(r"_[a-z]\w*|_")
"""The names that stand for any expression in a form."""

REST = "..."
"""The key of the arguments that a form leaves open."""


def parts(code: str, form: str) -> dict[str, str] | None:
    """Returns the code of each part that a form leaves open, None if the code has another form.

    A function that the form names is a part too: it is called as the code calls it.

    >>> parts("tf.stack(outs, axis=0)", "stack(_x, axis=0)")
    {'stack': 'tf.stack', '_x': 'outs'}
    >>> parts("(4, 2, 5)", "(4, ...)"), parts("a + b", "_x + _x")
    ({'...': '2, 5'}, None)
    >>> parts("layers.Attention()(x)", "_layer(_x)")
    {'_layer': 'layers.Attention()', '_x': 'x'}
    """
    source = f"({code})"
    try:
        node = ast.parse(source, mode="eval").body
    except SyntaxError:
        return None
    found = _Found(source)
    return found.parts if found.fits(node, ast.parse(form, mode="eval").body) else None


class _Found:
    def __init__(self, source: str) -> None:
        self.source = source
        self.parts: dict[str, str] = {}

    def fits(self, node: Any, form: Any) -> bool:
        match form:
            case ast.Name(name) if ANY.fullmatch(name):
                return isinstance(node, ast.expr) and self._is(name, node)
            case ast.Call():
                return isinstance(node, ast.Call) and self._call(node, form)
            case ast.Tuple() | ast.List():
                return isinstance(node, ast.Tuple | ast.List) and self._listed(node.elts, form.elts)
            case ast.AST():
                pairs = zip(ast.iter_fields(node), ast.iter_fields(form), strict=False)
                return type(node) is type(form) and all(self.fits(one, two) for (_, one), (_, two) in pairs)
            case list():
                alike = isinstance(node, list) and len(node) == len(form)
                return alike and all(map(self.fits, node, form))
        return node == form

    def _call(self, node: ast.Call, form: ast.Call) -> bool:
        if isinstance(form.func, ast.Name):
            name = form.func.id
            named = ANY.fullmatch(name) is not None or _last(node.func) == name
            if not named or not self._is(name, node.func):
                return False
        elif not self.fits(node.func, form.func):
            return False
        is_open = any(map(_is_rest, form.args))
        given = {word.arg: word for word in node.keywords}
        for word in form.keywords:
            if word.arg not in given or not self.fits(given.pop(word.arg).value, word.value):
                return False
        return self._listed(node.args, form.args, [*given.values()] if is_open else ()) and (is_open or not given)

    def _listed(self, nodes: Sequence[ast.expr], forms: Sequence[ast.expr], more: Sequence[ast.keyword] = ()) -> bool:
        is_open = bool(forms) and _is_rest(forms[-1])
        fixed = forms[:-1] if is_open else forms
        if len(nodes) < len(fixed) or (len(nodes) > len(fixed) and not is_open):
            return False
        if any(isinstance(node, ast.Starred) for node in nodes[: len(fixed)]):
            return False
        if is_open:
            self.parts[REST] = ", ".join(map(self._text, (*nodes[len(fixed) :], *more)))
        return all(map(self.fits, nodes, fixed))

    def _is(self, name: str, node: ast.AST) -> bool:
        text = self._text(node)
        return self.parts.setdefault(name, text) == text or name == "_"

    def _text(self, node: ast.AST) -> str:
        return ast.get_source_segment(self.source, node) or ast.unparse(node)


def _is_rest(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def _last(node: ast.expr) -> str:
    """The last part of a dotted name, as Keras spells it."""
    match node:
        case ast.Attribute(_, name) | ast.Name(name):
            return name.removeprefix("reduce_")
    return ""
