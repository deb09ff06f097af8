"""pandoc, then Typst from PyPI: ``python -m benchmarks.typst_alone PDF FONTS PANDOC …``."""

import importlib
import subprocess
import sys
import tempfile
from pathlib import Path


def main(target: str, fonts: str, *pandoc: str) -> None:
    """Have the command ``pandoc`` write Typst, and set that, with fonts of a folder, into a PDF."""
    with tempfile.TemporaryDirectory(prefix="octavo-bench-") as folder:
        source = Path(folder) / "book.typ"
        subprocess.run([*pandoc, "--output", source], check=True)
        typst = importlib.import_module("typst")  # not one of the project's own packages
        typst.compile(str(source), output=target, font_paths=[fonts])


if __name__ == "__main__":
    main(*sys.argv[1:])
