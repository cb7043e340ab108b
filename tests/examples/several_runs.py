"""Runs scripts one after the other in one process, each as ``python SCRIPT ARGUMENTS`` would.

TensorFlow starts once instead of every time. Reads a list of command lines as JSON, each a script, its arguments and
the mode in which it runs; prints a JSON list of what each run gave: ``status``, ``stdout``, ``stderr``.
"""

from __future__ import annotations

import contextlib
import io
import json
import runpy
import sys
from typing import Any


def one_run(script: str, arguments: list[str], mode: str) -> dict[str, Any]:
    """Runs a script; exit status and output are those that a process of its own would have."""
    import keras

    import typedlayers as tl

    keras.utils.clear_session()  # automatic names begin anew
    out, err, status = io.StringIO(), io.StringIO(), 0
    sys.argv = [script, *arguments]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), tl.mode(mode):
        try:
            runpy.run_path(script, run_name="__main__")
        except SystemExit as end:  # as the interpreter treats it: a text goes to standard error, with status 1
            status = end.code if isinstance(end.code, int) else 1
            err.write(f"{end.code}\n" if isinstance(end.code, str) else "")
    return {"status": status, "stdout": out.getvalue(), "stderr": err.getvalue()}


if __name__ == "__main__":
    from typedlayers.errors import raise_faults

    raise_faults()
    print(json.dumps([one_run(*row) for row in json.loads(sys.argv[1])]))
