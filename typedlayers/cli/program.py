"""A program that Python can run: a script by its path or a module by its name, with its ``__main__``."""

from __future__ import annotations

import builtins
import importlib.util
import os
import sys
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType


class NoProgram(Exception):
    """There is no such program; the message names it and the place searched."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A program that is ready to run.

    Attributes:
        code: the whole program, compiled.
        main: its module, still empty.
        argv0: the first entry of ``sys.argv``.
    """

    code: CodeType
    main: ModuleType
    argv0: str


@dataclass(frozen=True, slots=True)
class Script:
    """A script, as ``python PATH`` runs it."""

    path: str

    @property
    def folder(self) -> str:
        """The first entry of ``sys.path``: the script's folder, links followed."""
        return os.path.dirname(os.path.realpath(self.path))  # noqa: PTH120 - the spelling is Python's own

    def load(self) -> Loaded:
        """Compiles the script.

        Raises:
            NoProgram: if the file does not exist or cannot be read.
            SyntaxError: as Python raises it.
        """
        file = os.path.join(Path.cwd(), self.path)  # noqa: PTH118 - not normalised, as Python's ``__file__``
        try:
            source = Path(file).read_bytes()
        except FileNotFoundError:
            raise NoProgram(f"there is no file {self.path!r} in {str(Path.cwd())!r}") from None
        except IsADirectoryError:
            raise NoProgram(f"{self.path!r} is a folder; a script is needed, or a module with -m") from None
        except OSError as error:
            raise NoProgram(f"{self.path!r} cannot be read: {error.strerror}") from None
        main = _main(file=file, loader=SourceFileLoader("__main__", file))
        return Loaded(compile(source, file, "exec", dont_inherit=True), main, self.path)


@dataclass(frozen=True, slots=True)
class Cells:
    """The code cells of a notebook, as one script; in it ``display`` prints."""

    path: str

    @property
    def folder(self) -> str:
        """The first entry of ``sys.path``: the notebook's folder, links followed."""
        return Script(self.path).folder

    @property
    def file(self) -> str:
        """The notebook's path, links followed."""
        return os.path.realpath(self.path)

    def source(self) -> bytes:
        """Returns the program.

        Raises:
            NoProgram: if the file does not exist or is no notebook.
        """
        from typedlayers.source.notebook import Notebook  # which reads Python by libcst: `run` does without it
        from typedlayers.source.program import NoPlace

        try:
            return Notebook.of(Path(self.file).read_bytes(), self.path).program
        except OSError as error:
            raise NoProgram(f"{self.path!r} cannot be read: {error.strerror}") from None
        except NoPlace as error:
            raise NoProgram(str(error)) from None

    def load(self) -> Loaded:
        """Compiles the program.

        Raises:
            NoProgram: if the file does not exist or is no notebook.
            SyntaxError: as Python raises it.
        """
        main = _main(file=self.file, loader=None)
        vars(main)["display"] = print
        return Loaded(compile(self.source(), self.file, "exec", dont_inherit=True), main, self.path)


@dataclass(frozen=True, slots=True)
class Module:
    """A module, as ``python -m NAME`` runs it; of a package its ``__main__``."""

    name: str

    @property
    def folder(self) -> str:
        """The first entry of ``sys.path``: the working directory."""
        return str(Path.cwd())

    def load(self) -> Loaded:
        """Finds the module, which imports the packages around it, and compiles it.

        Raises:
            NoProgram: if the module does not exist or has no code.
        """
        spec = self._spec(self.name)
        code = spec.loader.get_code(spec.name) if hasattr(spec.loader, "get_code") else None  # pyright: ignore
        if code is None:
            raise NoProgram(f"the module {spec.name!r} has no Python code")
        main = _main(file=spec.origin, loader=spec.loader, package=spec.parent, spec=spec, cached=spec.cached)
        return Loaded(code, main, spec.origin or self.name)

    def _spec(self, name: str) -> ModuleSpec:
        try:
            spec = importlib.util.find_spec(name)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{name}.".startswith(f"{error.name}."):
                raise  # a package around it fails on an import of its own: the user's error
            spec = None
        if spec is None or spec.loader is None:
            hint = "; for a path, leave out -m" if name.endswith(".py") or os.sep in name else ""
            raise NoProgram(f"there is no module {name!r}{hint}")
        return spec if spec.submodule_search_locations is None else self._spec(f"{name}.__main__")


def _main(
    *,
    file: str | None,
    loader: object,
    package: str | None = None,
    spec: ModuleSpec | None = None,
    cached: str | None = None,
) -> ModuleType:
    """Returns a ``__main__`` with the names that Python sets in it."""
    main = ModuleType("__main__")
    names = {"file": file, "loader": loader, "package": package, "spec": spec, "cached": cached, "builtins": builtins}
    if sys.version_info < (3, 14):
        names["annotations"] = {}
    vars(main).update({f"__{name}__": value for name, value in names.items()})
    return main
