"""The exchange: what a test module of Keras sees in place of Keras's layers and models.

Only the test module itself is exchanged. Keras's own code imports what it always did.
"""

from __future__ import annotations

import builtins
import importlib.abc
import importlib.machinery
import inspect
import types
from collections import Counter
from typing import Any, ClassVar, Final

MODELS: Final = ("Sequential", "Model", "Input")
_NAMESPACES: Final = ("keras.layers", "keras.src.layers", "keras.api.layers")


class Exchange:
    """The typed object for each object of Keras.

    Attributes:
        classes: the public names of layers that are exchanged.
        used: how often each test module got a typed object.
    """

    def __init__(self) -> None:
        import keras

        import typedlayers as tl
        from typedlayers import layers

        tl.register()  # keras.saving gives typed layers, as it does for a user who asks for it
        self._typed: dict[int, Any] = {}
        self._plain: dict[int, Any] = {}
        self._kept: list[Any] = []  # an identity is valid as long as its object lives
        self._views: dict[tuple[str, str], View] = {}
        self.classes: dict[str, Any] = {}
        self.used: Counter[str] = Counter()
        for name in sorted(vars(keras.layers)):
            plain, typed = getattr(keras.layers, name), getattr(layers, name, None)
            if name.startswith("_") or isinstance(plain, types.ModuleType) or typed in (None, plain):
                continue
            if inspect.isclass(plain):
                assert issubclass(typed, plain), f"{name} is not derived from Keras's class"
                assert typed.__name__ == plain.__name__, f"{name} has another __name__"
            self.classes[name] = typed
            self._add(plain, typed)
        for name in MODELS:
            self._add(getattr(keras, name), getattr(tl, name))

    def _add(self, plain: Any, typed: Any) -> None:
        self._typed[id(plain)] = typed
        self._plain[id(typed)] = plain
        self._kept += [plain, typed]

    def plain(self, value: Any) -> Any:
        """Returns Keras's object for a typed one: what a test that patches a module has to put there."""
        return self._plain.get(id(value), value)

    def seen(self, value: Any, tester: str, owner: str = "", name: str = "") -> Any:
        """Returns what a test module gets in place of a value."""
        if isinstance(value, View):
            return value
        if isinstance(value, types.ModuleType):
            return self._seen_module(value, tester)
        typed = self.classes.get(name) if owner in _NAMESPACES else None
        typed = self._typed.get(id(value), value) if typed is None else typed
        self.used[tester] += typed is not value
        return typed

    def _seen_module(self, module: types.ModuleType, tester: str) -> types.ModuleType:
        name = module.__name__
        if name.partition(".")[0] != "keras" or name.endswith("_test") or name.startswith("keras.src.testing"):
            return module
        return self._views.setdefault((name, tester), View(module, self, tester))


class View(types.ModuleType):
    """A module of Keras as one test module sees it."""

    def __init__(self, real: types.ModuleType, exchange: Exchange, tester: str) -> None:
        super().__init__(real.__name__)
        for name in ("__doc__", "__package__", "__loader__", "__spec__"):
            vars(self)[name] = getattr(real, name, None)
        vars(self)["_view"] = real, exchange, tester

    def __getattr__(self, name: str) -> Any:
        real, exchange, tester = vars(self)["_view"]
        return exchange.seen(getattr(real, name), tester, real.__name__, name)

    def __setattr__(self, name: str, value: Any) -> None:
        real, exchange, _ = vars(self)["_view"]
        setattr(real, name, exchange.plain(value))

    def __delattr__(self, name: str) -> None:
        delattr(vars(self)["_view"][0], name)

    def __dir__(self) -> list[str]:
        return dir(vars(self)["_view"][0])


class Loader(importlib.machinery.SourceFileLoader):
    """Runs a test module of Keras with an ``import`` that gives views."""

    exchange: ClassVar[Exchange | None] = None

    def exec_module(self, module: types.ModuleType) -> None:
        """Runs the module."""
        exchange, tester = self.exchange, module.__name__
        assert exchange is not None

        def imported(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
            return exchange.seen(builtins.__import__(name, globals, locals, fromlist, level), tester)

        vars(module)["__builtins__"] = {**vars(builtins), "__import__": imported}
        super().exec_module(module)


class Finder(importlib.abc.MetaPathFinder):
    """Finds the test modules of Keras."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        """Returns the spec of a test module of Keras, None for every other module."""
        if not (fullname.startswith("keras.") and fullname.endswith("_test")):
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.origin:
            spec.loader = Loader(fullname, spec.origin)
        return spec
