"""Figures → a plain table and the bars, on standard output and as JSON."""

import json
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.scenarios import NAMES, Figure, Results
from octavo import pandoc

_MB = 1e6


@dataclass(frozen=True)
class Bar:
    """What is asked for: a measured value, in its own terms, and the most that it may be.

    ``value`` is None where something that it takes was not measured.
    """

    words: str
    value: float | None
    most: float

    @property
    def verdict(self) -> str:
        """Give ``ok``, ``MISSED`` or ``not measured``."""
        if self.value is None:
            return "not measured"
        return "ok" if self.value <= self.most else "MISSED"


def processors() -> int:
    """Give how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def bars(results: Results) -> tuple[Bar, ...]:
    """Give the bars with what was measured."""
    find = results.find
    cold, alone = find("cold"), find("weasyprint")
    return (
        Bar("cold print ÷ WeasyPrint alone", _times(find("print"), alone), 0.75),
        Bar("cold print ÷ pandoc with XeLaTeX", _times(find("print"), find("xelatex")), 1.0),
        Bar("cold, all editions ÷ WeasyPrint alone", _times(cold, alone), 1.0),
        Bar("one word changed ÷ cold, all editions", _times(find("word"), cold), 0.25),
        Bar("the same, in a process that stays ÷ cold", _times(find("resident"), cold), 0.15),
        Bar("nothing changed, seconds", _seconds(find("unchanged")), 0.5),
        Bar("2,000 pages ÷ 570 pages", _times(find("cold", 2000), find("cold", 570)), 3.8),
        Bar("largest process ÷ WeasyPrint alone", _memories(cold, alone), 1.0),
        Bar("reading PDF's bytes ÷ WeasyPrint's tagged", _sizes(cold, find("tagged")), 1.15),
    )


def _seconds(figure: Figure | None) -> float | None:
    return figure.middle.seconds if figure else None


def _times(one: Figure | None, other: Figure | None) -> float | None:
    return one.middle.seconds / other.middle.seconds if one and other else None


def _memories(one: Figure | None, other: Figure | None) -> float | None:
    if one is None or other is None:
        return None
    ours, theirs = one.middle.process, other.middle.process
    return ours / theirs if ours and theirs else None


def _sizes(one: Figure | None, other: Figure | None) -> float | None:
    return one.size / other.size if one and other else None


def text(results: Results) -> str:
    """Give the report as plain text."""
    made = bars(results)
    return "\n".join((*_conditions(), "", *_table(results), "", *_bars(made)))


def _conditions() -> Iterator[str]:
    yield f"{processors()} processors; {platform.system()}, Python {platform.python_version()}"
    yield f"WeasyPrint {version('weasyprint')}, pandoc {pandoc.version()}"
    yield "medians; cold: no cache and no outputs in the book's folder, the user's cut fonts there"
    yield "MB: resident memory at its peak, of the largest process, and of all together (what they"
    yield "share counts for each)"


def _table(results: Results) -> Iterator[str]:
    row = "{:42} {:>5} {:>4} {:>8} {:>16} {:>7} {:>7} {:>7}"
    yield row.format("", "pages", "runs", "seconds", "from–to", "MB", "MB all", "PDF MB").rstrip()
    for figure in results.figures:
        middle, seconds = figure.middle, [run.seconds for run in figure.runs]
        yield row.format(
            NAMES[figure.name],
            figure.made or "",
            len(figure.runs),
            f"{middle.seconds:.2f}",
            f"{min(seconds):.2f}–{max(seconds):.2f}",
            f"{middle.process:.0f}" if middle.process else "",
            f"{middle.tree:.0f}" if middle.tree else "",
            f"{figure.size / _MB:.2f}" if figure.size else "",
        ).rstrip()
    for name, reason in results.absent.items():
        yield f"{NAMES[name]}: left out, as {reason}"


def _bars(made: tuple[Bar, ...]) -> Iterator[str]:
    row = "{:42} {:>8} {:>8}  {}"
    yield row.format("bars, meant for 570 pages, two processors", "measured", "at most", "")
    for bar in made:
        value = "" if bar.value is None else f"{bar.value:.2f}"
        yield row.format(bar.words, value, f"{bar.most:.2f}", bar.verdict)


def write_json(results: Results, path: Path) -> None:
    """Write every run, in seconds, MB and bytes, and the bars, to a file."""
    data = {
        "processors": processors(),
        "main size": results.main,
        "figures": [
            {"name": one.name, "pages": one.pages, "made": one.made, "size": one.size,
             "runs": [{"seconds": run.seconds, "process": run.process, "tree": run.tree}
                      for run in one.runs]}
            for one in results.figures
        ],
        "absent": dict(results.absent),
        "bars": [{**asdict(bar), "verdict": bar.verdict} for bar in bars(results)],
    }  # fmt: skip
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", "utf-8")
