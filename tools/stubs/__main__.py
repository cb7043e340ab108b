"""``python -m tools.stubs`` writes the stubs."""

from __future__ import annotations

from tools.stubs.writing import ROOT, write

if __name__ == "__main__":
    for path in write():
        print(path.relative_to(ROOT))
