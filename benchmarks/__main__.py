"""All benchmarks, one after the other, each in a process of its own.

    python benchmarks [--rounds N]

Each prints one comparable line for each thing it measures: the median time of plain Keras, the ratio of plain Keras to
itself (A/A), and the ratios of typedlayers to plain Keras. Without ``--rounds`` each takes its own number of rounds:
about ten minutes in all. With ``--rounds 5`` it is three, and the intervals are wide.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

SCRIPTS: Final = (
    "eager_call",
    "entry",
    "build",
    "fit_start",
    "throughput",
    "first_batch",
    "message",
    "repair",
    "import_time",
)


def main() -> int:
    """Runs every script; returns how many failed."""
    here = Path(__file__).parent
    paths = [str(here.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "TF_CPP_MIN_LOG_LEVEL": "3"}
    failed = 0
    for name in SCRIPTS:
        print(f"## {name}", flush=True)
        script = [sys.executable, "-W", "ignore", str(here / f"{name}.py"), *sys.argv[1:]]
        done = subprocess.run(script, env=environment, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            failed += 1
            print(done.stderr, file=sys.stderr)
        print(flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
