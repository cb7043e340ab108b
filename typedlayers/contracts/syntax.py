"""Text as Python's syntax tree, one thread after the other.

CPython up to 3.12 counts the depth of a tree for the whole interpreter: two threads that make trees at once may end in
``SystemError: AST constructor recursion depth mismatch`` (python/cpython issue 106905).
"""

from __future__ import annotations

import ast
import threading
from typing import Final

_lock: Final = threading.Lock()


def expression(text: str) -> ast.expr:
    """Returns the tree of an expression; nothing is evaluated.

    Raises:
        SyntaxError: if it is none.

    >>> ast.dump(expression("n"))
    "Name(id='n', ctx=Load())"
    """
    with _lock:
        return ast.parse(text, mode="eval").body


def statements(text: str) -> ast.Module:
    r"""Returns the tree of a text of Python; nothing is run.

    Raises:
        SyntaxError: if it is none.

    >>> len(statements("a = 1\nb = 2").body)
    2
    """
    with _lock:
        return ast.parse(text)
