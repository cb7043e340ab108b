"""One case of the corpus, run in a forked child, once in a session."""

from __future__ import annotations

import ast
import enum
import fcntl
import importlib.util
import json
import os
import pickle
import re
import signal
import subprocess
import sys
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.corpus_forms import Form, Rewriting, commanded
from tests.preloading import preload
from typedlayers.diagnostics.model import Diagnostic

SECONDS = 120
"""How long a case may run."""

FOLDER = Path(__file__).parent / "corpus"

ALIASES = {
    "target": ("target", "label", "y_true"),
    "input": ("input",),
    "loss": ("loss", "crossentropy", "cross-entropy"),
    "dataset": ("dataset", "generator", "pipeline", "sample"),
    "metric": ("metric", "accuracy"),
}


@dataclass(frozen=True)
class Case:
    """What a case's file says of itself."""

    path: Path
    kind: str
    offender: str | None
    fix_words: tuple[str, ...]

    @property
    def correct(self) -> bool:
        return self.kind == "ok"


class Outcome(enum.Enum):
    FINISHED = "finished"
    RAISED = "raised"


@dataclass(frozen=True)
class Run:
    """What one run of a case did."""

    outcome: Outcome
    codes: tuple[str, ...]
    text: str
    batches: int
    repairs: int = 0
    changed: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def told(self) -> str:
        """What we said, without what Keras did."""
        return "\n\n".join(map(str, self.diagnostics))

    @property
    def untroubled(self) -> bool:
        return self.outcome is Outcome.FINISHED and not self.codes

    def names(self, offender: str | None) -> bool:
        words = ALIASES.get(str(offender), (str(offender).lower(),))
        return any(re.search(rf"(?<![a-z0-9]){re.escape(w)}", self.text.lower()) for w in words)

    def says(self, words: tuple[str, ...]) -> bool:
        return any(word.lower() in self.text.lower() for word in words)

    def agrees_with(self, other: Run) -> bool:
        if not self.result or self.result.keys() != other.result.keys():
            return False
        return all(np.allclose(self.result[k], other.result[k], rtol=1e-2, atol=1e-3) for k in self.result)


def _read(path: Path) -> Case:
    found: dict[str, Any] = {}
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper():
            try:
                found[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue
    return Case(path, found["KIND"], found["OFFENDER"], tuple(found["FIX_WORDS"] or ()))


CASES = {path.stem: _read(path) for path in sorted(FOLDER.glob("*.py"))}


PLAIN = "plain"
"""The way without contracts: the program gets Keras itself. The others are the names of modes."""


class Cases:
    """A process that has imported TensorFlow and run nothing, and forks a child for each case.

    TensorFlow's thread pools do not survive a fork, so a process that ran an op, as one of pytest does, cannot fork.

    Args:
        folder: keeps what the children answered, for all tests of a session; its processes share it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: subprocess.Popen[str] | None = None

    def run(self, case: str, part: str, mode: str, form: Form = Form.WRITTEN) -> Run:
        """Runs ``build`` and ``run`` of a case (``"bug"``), or its ``fixed``, in a mode; once, however often asked."""
        kept = self._folder / f"{case}.{part}.{mode}.{form}"
        with kept.with_name(f"{kept.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # until the file is closed
            if not kept.exists():
                kept.write_text(self._answer(CASES[case].path, part, mode, form))
        return _run_of(kept.read_text())

    def run_file(self, path: Path, part: str, mode: str) -> Run:
        """Runs a program of the form of a case."""
        return _run_of(self._answer(path, part, mode, Form.WRITTEN))

    def close(self) -> None:
        """Ends the process."""
        if self._running is not None:
            self._running.communicate()

    def _answer(self, path: Path, part: str, mode: str, form: Form) -> str:
        self._running = self._running or _started()
        assert self._running.stdin is not None
        assert self._running.stdout is not None
        print(json.dumps([str(path), part, mode, form]), file=self._running.stdin, flush=True)
        answer = self._running.stdout.readline().strip()
        assert answer, f"{path.stem}, {part}, {mode}, {form}: the child gave no answer within {SECONDS} s"
        return answer


def _started() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.corpus_case"],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _run_of(answer: str) -> Run:
    data = json.loads(answer)
    found = pickle.loads(bytes.fromhex(data["diagnostics"]))
    codes = tuple(dict.fromkeys(one.code for one in found))
    return Run(**{**data, "outcome": Outcome(data["outcome"]), "codes": codes, "diagnostics": found})


def _serve() -> None:
    """Answers each line of the standard input with a line; nothing but answers reaches the standard output."""
    preload("typedlayers")
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for line in sys.stdin:
        path, part, mode, form = json.loads(line)
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read)
            signal.alarm(SECONDS)
            with os.fdopen(write, "w") as pipe:
                json.dump(_child(Path(path), part, mode, Form(form)), pipe)
            os._exit(0)
        os.close(write)
        with os.fdopen(read) as pipe:
            text = pipe.read()
        os.waitpid(pid, 0)
        print(text, file=answers, flush=True)


def _child(path: Path, part: str, mode: str, form: Form) -> dict[str, Any]:
    import keras

    import typedlayers as tl
    from typedlayers import errors

    errors.raise_faults()
    if mode != PLAIN:
        tl.set_mode(mode)
    rewriting = Rewriting(form)
    namespace = rewriting.namespace(_namespace(mode, form))
    batches = _count_batches()
    diagnostics: list[Any] = []
    texts: list[str] = []

    def note(message: Any, category: type[Warning], *rest: object, **more: object) -> None:
        if issubclass(category, tl.ContractWarning) and not batches:
            diagnostics.extend(message.diagnostics)
            texts.append(str(message))

    out: dict[str, Any] = {"outcome": "finished", "repairs": 0, "result": {}}
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = note
        try:
            module = _load(path)
            keras.utils.set_random_seed(1)
            keras.utils.disable_interactive_logging()
            if form is Form.COMMANDED:
                report = commanded(module)
                diagnostics.extend(report.diagnostics)
                texts.append(str(report))
            elif part == "fixed":
                out["result"] = _comparable(module.fixed(namespace))
            else:
                load = keras.models.load_model if mode == PLAIN else tl.load_model
                model = rewriting.model(module.build(namespace), load)
                out["result"] = _comparable(module.run(namespace, model))
                out["repairs"] = len(tl.repairs(model))
        except tl.ContractError as error:
            out["outcome"] = "raised"
            diagnostics.extend(error.diagnostics)
            texts.append(str(error))
        except Exception as error:  # noqa: BLE001 - whatever the case raises is its outcome
            out["outcome"] = "raised"
            texts.append(f"{type(error).__name__}: {error}")
    out["diagnostics"] = pickle.dumps(tuple(diagnostics)).hex()
    out["text"], out["batches"], out["changed"] = "\n".join(texts), len(batches), rewriting.changed
    return out


def _namespace(mode: str, form: Form) -> Any:
    """What a program gets for Keras."""
    import keras

    import typedlayers as tl
    from typedlayers import keras as typed

    if form is Form.INSTALLED and mode != PLAIN:
        tl.install()
        return keras
    return keras if mode == PLAIN else typed


def _load(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def _count_batches() -> list[None]:
    """A list that grows by one with every finished step of training, testing or predicting."""
    import keras

    batches: list[None] = []
    trainer = next(base for base in keras.Model.__mro__ if base.__name__ == "TensorFlowTrainer")

    def wrap(name: str, attribute: str) -> None:
        inherited = getattr(trainer, name)

        def make(self: Any, *args: Any, **kwargs: Any) -> Any:
            out = inherited(self, *args, **kwargs)
            function = getattr(self, attribute)
            if not getattr(function, "_counts", False):

                def counted(source: Any) -> Any:
                    result = function(source)
                    batches.append(None)
                    return result

                counted._counts = True  # type: ignore[attr-defined]
                setattr(self, attribute, counted)
            return out

        setattr(trainer, name, make)

    for kind in ("train", "test", "predict"):
        wrap(f"make_{kind}_function", f"{kind}_function")
    return batches


def _comparable(value: Any) -> dict[str, Any]:
    history = getattr(value, "history", None)
    if isinstance(history, dict):
        return {key: float(np.ravel(series)[-1]) for key, series in history.items() if np.size(series)}
    if hasattr(value, "shape") and hasattr(value, "__array__"):
        array = np.asarray(value)
        return {"shape": list(array.shape), "values": np.ravel(array)[:64].astype("float64").tolist()}
    return {}


if __name__ == "__main__":
    _serve()
