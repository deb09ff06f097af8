"""Builds in a process that stays: ``python -m benchmarks.resident BOOK CHAPTERS RUNS``.

It builds the book once, then changes a word and builds it again, RUNS times;
the seconds of these are written as JSON to standard output.
"""

import json
import os
import sys
from pathlib import Path
from time import perf_counter

from benchmarks.edits import Edits
from octavo.build import build_with, crew
from octavo.outcome import EDITIONS


def main(book: Path, chapters: int, runs: int) -> None:
    """Build, change and time."""
    edits = Edits(book, chapters)
    with crew(os.cpu_count() or 1) as workers:

        def once() -> float:
            start = perf_counter()
            build_with(workers, book, book / "dist", EDITIONS, lambda words: None)
            return perf_counter() - start

        once()
        seconds = []
        for number in range(runs):
            edits.change_word(number)
            seconds.append(once())
    print(json.dumps(seconds))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
