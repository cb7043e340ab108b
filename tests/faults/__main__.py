"""The table of faults.

    python -m tests.faults [--each 4] [--only NAME ...] [--verbose]

prints for each operator how many faults there were, how many were caught, at how many the right place was named, and
what became of the first fix. A program is drawn from its number alone.
"""

from __future__ import annotations

import argparse
import collections

from tests.faults.injection import Outcome, outcomes
from tests.faults.operators import OPERATORS

COLUMNS = ("inverse", "as good", "other", "complains", "breaks", "told", "none")


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=4, help="programs for each operator")
    parser.add_argument("--only", nargs="*", default=(), help="operators")
    parser.add_argument("--verbose", action="store_true", help="print every fault")
    asked = parser.parse_args()
    chosen = [one for one in OPERATORS if not asked.only or one.__name__ in asked.only]
    by_operator: dict[str, list[Outcome]] = {}
    for operator in chosen:
        by_operator[operator.__name__] = found = outcomes([operator], each=asked.each)
        for one in found if asked.verbose else ():
            print(f"  {one.operator} {one.seed} [{one.codes}] {one.fix or 'not caught'}: {one.detail}", flush=True)
    print(f"{'fault':24} {'all':>4} {'caught':>7} {'named':>6} " + " ".join(f"{name:>9}" for name in COLUMNS))
    for name, found in by_operator.items():
        print(_row(name, found))
    print(_row("all", [one for found in by_operator.values() for one in found]))


def _row(name: str, found: list[Outcome]) -> str:
    fixes = collections.Counter(one.fix for one in found)
    caught, named = sum(one.caught for one in found), sum(one.named for one in found)
    return f"{name:24} {len(found):4} {caught:7} {named:6} " + " ".join(f"{fixes[column]:9}" for column in COLUMNS)


if __name__ == "__main__":
    main()
