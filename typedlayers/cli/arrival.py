"""Keras's arrival: contracts are installed when a script imports Keras, not before.

A script's settings for TensorFlow or Keras before it imports them (``os.environ["KERAS_BACKEND"]``) must keep
working, and a script that never imports Keras must start at once.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Final

_WATCHED: Final = ("keras", "tensorflow")
"""Each imports the other; contracts need both fully imported."""


class _Watch(MetaPathFinder):
    """A finder that defers to the others, and notices when their module has been imported."""

    def __init__(self, then: Callable[[], None]) -> None:
        self.then = then
        self.under_way = 0

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Returns the spec of the next finder."""
        if fullname not in _WATCHED:
            return None
        behind = sys.meta_path[sys.meta_path.index(self) + 1 :]  # another watch is one of them
        spec = next((s for f in behind if (s := f.find_spec(fullname, path, target)) is not None), None)
        if spec is not None and spec.loader is not None:
            self._announce(spec.loader)
        return spec

    def _announce(self, loader: object) -> None:
        """Makes a loader report when it is done, once: the loader itself is restored."""
        run = loader.exec_module  # pyright: ignore[reportAttributeAccessIssue]
        of_another_watch = "exec_module" in vars(loader)

        def exec_module(module: ModuleType) -> None:
            if of_another_watch:
                loader.exec_module = run  # pyright: ignore[reportAttributeAccessIssue]
            else:
                del loader.exec_module  # pyright: ignore[reportAttributeAccessIssue]
            self.under_way += 1
            try:
                run(module)
            finally:
                self.under_way -= 1
            self._installed_if_whole()

        loader.exec_module = exec_module  # pyright: ignore[reportAttributeAccessIssue]

    def _installed_if_whole(self) -> None:
        if "keras" in sys.modules and not self.under_way:
            _stop(self)
            self.then()


def _stop(watch: _Watch) -> None:
    if watch in sys.meta_path:
        sys.meta_path.remove(watch)


@contextlib.contextmanager
def installed_on_arrival(*also: Callable[[], None]) -> Iterator[None]:
    """Installs contracts as soon as Keras is imported; at once if it already is.

    Args:
        also: what is to be done then too.
    """

    def then() -> None:
        from typedlayers.installation import install

        install()
        for one in also:
            one()

    if "keras" in sys.modules:
        then()
        yield
        return
    watch = _Watch(then)
    sys.meta_path.insert(0, watch)
    try:
        yield
    finally:
        _stop(watch)
