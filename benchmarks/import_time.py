"""How long an import takes, and an answer of the command line: each in a fresh interpreter.

    python benchmarks/import_time.py [--rounds 5]

One line for each statement, as a ratio to ``import keras``; A/A is ``import keras`` again. ``import typedlayers`` alone
loads nothing (its names are lazy), and ``typedlayers explain Conv2D`` answers without Keras or TensorFlow.
"""

from __future__ import annotations

import resource
import subprocess
import sys

from ratio import Times, ratio_of, rounds_from_command_line, si

STATEMENTS = {
    "plain": ("-c", "import keras"),
    "again": ("-c", "import keras"),
    "import typedlayers": ("-c", "import typedlayers"),
    "import typedlayers.layers": ("-c", "import typedlayers.layers"),
    "import typedlayers.catalogue": ("-c", "import typedlayers.catalogue"),
    "typedlayers explain Conv2D": ("-m", "typedlayers", "explain", "Conv2D"),
    "typedlayers explain TL201": ("-m", "typedlayers", "explain", "TL201"),
}


def seconds_of(arguments: tuple[str, ...]) -> float | None:
    """Processor time of a fresh interpreter; None if it failed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, *arguments], capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        return None
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Prints the table."""
    rounds = rounds_from_command_line(__doc__, 5)
    works = {name: arguments for name, arguments in STATEMENTS.items() if seconds_of(arguments) is not None}
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, arguments in works.items():
            taken[name].append(seconds_of(arguments) or float("nan"))
    times = Times(taken)
    width = max(map(len, STATEMENTS))
    print(f"{'import keras':{width}}  {si(times.median('plain')):>9}  A/A {ratio_of(times, 'again')}")
    for name in list(STATEMENTS)[2:]:
        if name in works:
            print(f"{name:{width}}  {si(times.median(name)):>9}  to import keras {ratio_of(times, name)}")
        else:
            print(f"{name:{width}}  failed: not there yet, or broken")


if __name__ == "__main__":
    main()
