"""``typedlayers run``: what Python does with a script, byte for byte, and contracts."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import typedlayers
from typedlayers import modes
from typedlayers.cli.run import run_script

ROOT = Path(typedlayers.__file__).parents[1]
ENV = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
ENV.pop("TYPEDLAYERS_MODE", None)

NATIVE_LOG = re.compile(r"^(WARNING: All log messages before absl|[IWE]\d{4} ).*\n", re.MULTILINE)
"""What TensorFlow's C++ writes at its start, with times and process ids."""

Done = subprocess.CompletedProcess


def start(*command: str, cwd: Path, stdin: str = "", **environment: str) -> Done[str]:
    env = {**ENV, **environment}
    done = subprocess.run([sys.executable, *command], cwd=cwd, env=env, input=stdin, capture_output=True, text=True)
    done.stderr = NATIVE_LOG.sub("", done.stderr)
    return done


def typed(*command: str, cwd: Path, stdin: str = "", **environment: str) -> Done[str]:
    return start("-m", "typedlayers", "run", *command, cwd=cwd, stdin=stdin, **environment)


def same(plain: Done[str], ours: Done[str]) -> None:
    assert (ours.stdout, ours.stderr, ours.returncode) == (plain.stdout, plain.stderr, plain.returncode)


# -------------------------------------------------------------------------------- as Python runs a script
SCRIPTS = {
    "its names": """
        "the docstring"
        import sys
        number: int = 3
        names = {k: v for k, v in sorted(globals().items()) if k not in ("sys", "__loader__", "names")}
        print(names, type(__loader__).__name__, sys.argv, sys.path[0])
        print(sys.modules["__main__"].__dict__ is globals(), (lambda: 0).__code__.co_filename)
        """,
    "pickles of its classes": """
        import pickle
        class A: pass
        print(pickle.dumps(A()), pickle.loads(pickle.dumps(A())).__class__ is A)
        """,
    "no future statement of ours": """
        def f(x: int): pass
        print(f.__annotations__)
        """,
    "ends well": "print('done')",
    "a number for sys.exit": "import sys; print('a'); sys.exit(3)",
    "a text for sys.exit": "import sys; sys.exit('enough')",
    "an empty text for sys.exit": "import sys; sys.exit('')",
    "nothing for sys.exit": "import sys; sys.exit()",
    "os._exit": "import os; print('x', flush=True); os._exit(5)",
    "an error": "def f():\n    return {}['key']\nf()",
    "an error with a cause": """
        def f():
            try:
                1 / 0
            except ZeroDivisionError as error:
                raise ValueError("of mine") from error
        try:
            f()
        except ValueError:
            [][0]
        """,
    "a group of errors": "raise ExceptionGroup('two', [ValueError('a'), KeyError('b')])",
    "a note": "e = ValueError('a')\ne.add_note('look here')\nraise e",
    "a syntax error": "x = 1\ndef f(:\n    pass\n",
    "a module that is not there": "import no_such_module",
    "the end of what it reads": "print(input()); print(input()); input()",
    "a warning": "import warnings\nwarnings.warn('mind', DeprecationWarning)\nwarnings.warn('this')",
    "handlers at its end": """
        import atexit, pickle
        class A: pass
        atexit.register(lambda: print("last", pickle.loads(pickle.dumps(A())).__class__ is A))
        raise RuntimeError("first")
        """,
    "a thread that outlives it": """
        import threading, time
        class A: pass
        def late():
            time.sleep(0.2)
            import __main__
            print(__main__.A is A)
        threading.Thread(target=late).start()
        """,
    "a hook of its own": """
        import sys, traceback
        def hook(kind, error, tb):
            print("mine:", kind.__name__, error, traceback.extract_tb(tb), error.__traceback__ is tb)
        sys.excepthook = hook
        raise ValueError("a")
        """,
    "what its streams cannot encode": """
        import sys
        print(sys.stdout.errors, sys.stderr.errors, sys.excepthook is sys.__excepthook__)
        """,
    "a spawned process": """
        import multiprocessing as mp
        def square(x):
            return x * x
        if __name__ == "__main__":
            with mp.get_context("spawn").Pool(1) as pool:
                print(pool.map(square, [2, 3]))
        """,
    "a neighbour's error": "import neighbour\nneighbour.fails()",
    "a neighbour's syntax error": "import broken_neighbour",
}


def written(folder: Path, source: str, name: str = "script.py") -> Path:
    import textwrap

    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(textwrap.dedent(source))
    return file


@pytest.mark.parametrize("source", SCRIPTS.values(), ids=list(SCRIPTS))
def test_a_script_runs_as_python_runs_it(source: str, tmp_path: Path) -> None:
    written(tmp_path, source, "sub/script.py")
    written(tmp_path, "def fails():\n    raise OSError('of the neighbour')", "sub/neighbour.py")
    written(tmp_path, "def f(:", "sub/broken_neighbour.py")
    arguments = ("./sub/script.py", "--mode", "-x", "--", "--help")
    same(start(*arguments, cwd=tmp_path, stdin="1\n2\n"), typed(*arguments, cwd=tmp_path, stdin="1\n2\n"))


def test_a_linked_script_finds_its_neighbours(tmp_path: Path) -> None:
    written(tmp_path, "import neighbour, sys\nprint(__file__, sys.path[0])", "sub/script.py")
    written(tmp_path, "", "sub/neighbour.py")
    (tmp_path / "link.py").symlink_to("sub/script.py")
    same(start("link.py", cwd=tmp_path), typed("link.py", cwd=tmp_path))


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_ends_it_as_it_ends_python(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    # a suite that a shell started in the background ignores the signal, and its children would too
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    script = written(tmp_path, "import time\nprint('ready', flush=True)\ntime.sleep(60)")
    ended = []
    for command in ([], ["-m", "typedlayers", "run"]):
        process = subprocess.Popen(
            [sys.executable, *command, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENV, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        ended.append((*process.communicate(), process.returncode))
    assert ended[0] == ended[1]
    assert ended[0][-1] == -signal.SIGINT


# ------------------------------------------------------------------------------------------------ modules
def test_a_module_is_run_by_its_name(tmp_path: Path) -> None:
    source = "import sys\nprint(__name__, __package__, __file__, __spec__.name, sys.argv, sys.path[0])"
    for name in ("package/__init__.py", "package/__main__.py", "package/part.py"):
        written(tmp_path, source, name)
    for module in ("package", "package.part"):
        same(start("-m", module, "-x", cwd=tmp_path), typed("-m", module, "-x", cwd=tmp_path))


def test_a_module_s_error_is_its_own(tmp_path: Path) -> None:
    written(tmp_path, "import no_such_module", "package/__init__.py")
    written(tmp_path, "raise KeyError('mine')", "other/part.py")
    missing, own = typed("-m", "package.part", cwd=tmp_path), typed("-m", "other.part", cwd=tmp_path)
    assert (missing.returncode, own.returncode) == (1, 1)
    assert missing.stderr.endswith("ModuleNotFoundError: No module named 'no_such_module'\n")
    file = tmp_path / "other" / "part.py"
    assert own.stderr.splitlines()[:2] == [
        "Traceback (most recent call last):",
        f'  File "{file}", line 1, in <module>',
    ]


# ---------------------------------------------------------------------------------------- what cannot run
COULD_NOT = {
    "no such file": (["nope.py"], "typedlayers run: there is no file 'nope.py' in '{cwd}'\n"),
    "a folder": (["."], "typedlayers run: '.' is a folder; a script is needed, or a module with -m\n"),
    "no such module": (["-m", "nope.part"], "typedlayers run: there is no module 'nope.part'\n"),
    "a path for a module": (
        ["-m", "a/b.py"],
        "typedlayers run: there is no module 'a/b.py'; for a path, leave out -m\n",
    ),
    "no such rule": (
        ["--allow", "qqqq", "a.py"],
        "typedlayers run: --allow: there is no code or rule 'qqqq'. `typedlayers rules` lists them all\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "said"), COULD_NOT.values(), ids=list(COULD_NOT))
def test_what_cannot_run(arguments: list[str], said: str, tmp_path: Path) -> None:
    done = typed(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == said.format(cwd=tmp_path)


def test_a_mode_that_is_none_is_said_before_anything_runs(tmp_path: Path) -> None:
    written(tmp_path, "print('ran')")
    done = typed("--mode", "strickt", "script.py", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    for mode in ("strickt", *modes.NAMED):
        assert mode in done.stderr


# ---------------------------------------------------------------------------------------------- contracts
WRONG = """import keras
from keras.layers import Conv2D, Dense, MaxPooling2D


def network():
    return keras.Sequential([
        keras.Input((28, 28)),
        Conv2D(8, 3, name="conv"),
        MaxPooling2D(name="pool"),
        Dense(10, name="out"),
    ])


network()
"""
RIGHT = """import keras, numpy as np

keras.utils.set_random_seed(0)


class Own(keras.layers.Layer):
    def call(self, x, fail=False):
        return {}["of the layer"] if fail else x


model = keras.Sequential([keras.Input((4,)), Own(), keras.layers.Dense(1, name="out")])
model.compile("sgd", "mse")
history = model.fit(np.ones((8, 4)), np.ones((8, 1)), epochs=2, verbose=0)
print(history.history, model.predict(np.ones((2, 4)), verbose=0).tolist(), model.count_params())
print(vars(keras.__spec__.loader), vars(keras.__loader__))
"""


def test_broken_contracts_are_a_report_and_no_traceback(tmp_path: Path) -> None:
    written(tmp_path, WRONG)
    done = typed("script.py", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith('error[TL201] Conv2D "conv" needs 4 dimensions but gets 3\n  where  script.py:8, ')
    assert done.stderr.endswith("\n\nstopped at script.py:6, in network: return keras.Sequential([\n")
    assert "Traceback" not in done.stderr


def test_figures_and_an_error_that_passes_through_keras_are_plain_python_s(tmp_path: Path) -> None:
    written(tmp_path, RIGHT + "model.layers[0](np.ones((2, 4)), fail=True)\n")
    same(start("script.py", cwd=tmp_path), typed("script.py", cwd=tmp_path))


def test_what_a_script_sets_before_it_imports_keras_holds(tmp_path: Path) -> None:
    written(tmp_path, "import os\nos.environ['KERAS_BACKEND'] = 'nonsense'\nimport keras\n")
    same(start("script.py", cwd=tmp_path), typed("script.py", cwd=tmp_path))


def test_a_script_without_keras_loads_none(tmp_path: Path) -> None:
    written(tmp_path, "import sys\nprint({'keras', 'tensorflow'} & set(sys.modules))")
    assert typed("script.py", cwd=tmp_path).stdout == "set()\n"


def test_contracts_are_there_if_tensorflow_imports_keras(tmp_path: Path) -> None:
    written(tmp_path, "import tensorflow as tf\ntf.keras.layers.Conv2D(8, 3)(tf.keras.Input((28, 28)))\n")
    done = typed("script.py", cwd=tmp_path)
    assert (done.returncode, done.stderr[:12]) == (1, "error[TL201]")


# ------------------------------------------------------------------------------------- in this process
FLOAT64 = """
import sys
import keras, tensorflow as tf
keras.layers.Dense(2, name="out")(tf.zeros((3, 4), "float64"))
sys.argv.append("more")
"""


@pytest.mark.parametrize(
    ("mode", "status"), [(None, 1), ("strict", 1), ("lenient", 0), ("off", 0)], ids=["None", "strict", "lenient", "off"]
)
def test_the_mode(mode: str | None, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = written(tmp_path, FLOAT64)
    before = (sys.argv, [*sys.argv], [*sys.path], sys.modules["__main__"], sys.excepthook, modes.current())
    assert run_script(str(script), ["a"], mode) == status
    assert ("error[TL301]" in capsys.readouterr().err) is bool(status)
    assert (sys.argv, [*sys.argv], [*sys.path], sys.modules["__main__"], sys.excepthook, modes.current()) == before


def test_contracts_are_gone_afterwards(tmp_path: Path) -> None:
    import keras

    run_script(str(written(tmp_path, "import keras")))
    layer = keras.layers.Conv2D(8, 3)
    with pytest.raises(ValueError, match="min_ndim=4"):
        layer(keras.Input((28, 28)))


def test_contracts_of_the_caller_stay(tmp_path: Path) -> None:
    import keras

    typedlayers.install()
    try:
        run_script(str(written(tmp_path, "import keras")))
        with pytest.raises(typedlayers.ContractError):
            keras.layers.Conv2D(8, 3)(keras.Input((28, 28)))
    finally:
        typedlayers.uninstall()


@pytest.mark.parametrize(("source", "status"), [("import sys; sys.exit(3)", 3), ("1 / 0", 1), ("", 0)])
def test_the_status(source: str, status: int, tmp_path: Path) -> None:
    assert run_script(str(written(tmp_path, source))) == status


def test_no_such_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_script(str(tmp_path / "nope.py")) == 2
    assert "there is no file" in capsys.readouterr().err


def test_no_such_mode(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'strickt'; valid are"):
        run_script(str(written(tmp_path, "")), mode="strickt")


# ------------------------------------------------------------------------------------------------ allow
def test_a_rule_is_silenced_in_every_thread(tmp_path: Path) -> None:
    source = """import threading, keras, tensorflow as tf
layer = keras.layers.Dense(2)
def work():
    print(layer(tf.zeros((3, 4), "float64")).shape)
work()
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""
    written(tmp_path, source)
    same(start("script.py", cwd=tmp_path), typed("--allow", "float64-tensor", "script.py", cwd=tmp_path))


def test_a_rule_that_silenced_nothing_is_said(tmp_path: Path) -> None:
    written(tmp_path, "print('done')")
    done = typed("--allow", "TL301", "--allow", "raw-bytes", "script.py", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "done\n")
    assert done.stderr.splitlines()[0] == ("warning[TL106] --allow float64-tensor, --allow raw-bytes silenced nothing")


def test_what_did_not_come_to_its_end_says_nothing_of_unused_rules(tmp_path: Path) -> None:
    written(tmp_path, "1 / 0")
    same(start("script.py", cwd=tmp_path), typed("--allow", "TL301", "script.py", cwd=tmp_path))
