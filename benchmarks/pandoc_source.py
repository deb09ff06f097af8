"""A benchmark's book in pandoc's own Markdown, for XeLaTeX and Typst: one file with all chapters.

What is Octavo's own is said in pandoc's way: tables from data become pipe tables, references get
words. Languages of spans are left out, as the engines would ask for more packages.
"""

import csv
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from benchmarks.books import SETTINGS

_CHAPTER = re.compile(r'---\ntitle: "(?P<title>.*)"\nid: (?P<id>\S+)\n---\n(?P<body>.*)', re.DOTALL)
_REFERENCE = re.compile(r"\[\]\((?P<target>#[\w-]+)\)")
_TABLE = re.compile(
    r"!\[(?P<caption>.*)\]\((?P<path>data/[\w-]+\.csv)\)\{(?P<id>#[\w-]+)[^}]*\}", re.MULTILINE
)
_LANGUAGE = re.compile(r"\{lang=[\w-]+\}")


def make(root: Path) -> str:
    """Give the chapters of the benchmark's book in the folder ``root`` as one text."""
    content = root / "content"
    names = tomllib.loads((root / SETTINGS).read_text("utf-8"))["sections"]["body"]
    return "\n".join(_chapter(content, content / "chapters" / f"{name}.md") for name in names)


def _chapter(content: Path, path: Path) -> str:
    found = _CHAPTER.fullmatch(path.read_text("utf-8"))
    if found is None:
        raise ValueError(f"{path} is no chapter of a benchmark's book")
    body = _TABLE.sub(lambda table: _table(content, table), found["body"])
    body = _REFERENCE.sub(r"[the passage](\g<target>)", body)
    body = _LANGUAGE.sub("{}", body)
    return f"# {found['title']} {{#{found['id']}}}\n\n{body}"


def _table(content: Path, found: re.Match[str]) -> str:
    with (content / found["path"]).open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    lines = [_row(head), _row(["---"] * len(head)), *map(_row, rows)]
    return "\n".join((*lines, "", f": {found['caption']} {{{found['id']}}}"))


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
