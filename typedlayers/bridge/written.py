"""How the user wrote a call: the names that stand for its arguments."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Sequence
from types import FrameType
from typing import Any, Final

import keras

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.users_code import tree_of
from typedlayers.diagnostics.model import Location
from typedlayers.facts.calls import NamedCall
from typedlayers.verdict.source import user_frame

_ATTENTION: Final = (
    keras.layers.MultiHeadAttention,
    keras.layers.GroupQueryAttention,
    keras.layers.Attention,
    keras.layers.AdditiveAttention,
)


def named_call(layer: Any, args: Sequence[Any]) -> NamedCall | None:
    """Returns the names of query, value and key in a call of an attention layer, as they follow one another.

    None of every other layer, where one tensor is given twice, and where the line cannot be read.
    """
    if not isinstance(layer, _ATTENTION):
        return None
    in_list = len(args) == 1 and isinstance(args[0], list | tuple)
    given = args[0] if in_list else args
    if len(given) < 3 or len({id(one) for one in given[:3]}) < 3:
        return None
    frame = user_frame()
    node = None if frame is None else written_call(frame)
    if node is None or frame is None:
        return None
    written = node.args
    if in_list:
        alone = node.args[0] if len(node.args) == 1 else None
        written = alone.elts if isinstance(alone, ast.List | ast.Tuple) else []
    if len(written) < 3 or any(isinstance(one, ast.Starred) for one in written[:3]):
        return None
    texts = tuple(map(ast.unparse, written[:3]))
    where = Location(frame.f_code.co_filename, node.lineno, label_of(layer))
    return NamedCall(label_of(layer), where, tuple(map(_name, written[:3])), texts, in_list)


def _name(node: ast.expr) -> str:
    """The last name of what is given: of ``self.key_dense(x)`` it is ``key_dense``."""
    while isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def written_call(frame: FrameType) -> ast.Call | None:
    """Returns the call that a frame is in, as it is written; None if its file is not what was compiled."""
    code = frame.f_code
    positions = list(code.co_positions())
    if not 0 <= frame.f_lasti // 2 < len(positions):
        return None
    line, end, column, end_column = positions[frame.f_lasti // 2]
    tree = tree_of(tuple(linecache.getlines(code.co_filename)))
    for node in ast.walk(tree) if tree is not None else ():
        at = isinstance(node, ast.Call) and (node.lineno, node.end_lineno, node.end_col_offset) == (
            line,
            end,
            end_column,
        )
        if at and isinstance(node, ast.Call) and node.col_offset == column:
            return node
    return None
