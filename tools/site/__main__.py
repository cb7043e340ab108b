"""``python -m tools.site [FOLDER]`` gathers the pages that ``zensical build --strict`` reads."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.site.gathering import PAGES, gather

if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    print(f"{len(gather(folder))} pages in {folder}")
