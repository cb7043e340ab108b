"""``python -m typedlayers`` is the command ``typedlayers``."""

from __future__ import annotations

from typedlayers.cli import main

if __name__ == "__main__":
    main()
