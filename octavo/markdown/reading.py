"""What the extensions share while one section is read: marks, files, and what they collect."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

from markdown.extensions import attr_list

from octavo.config import LANGUAGE
from octavo.markdown.drafts import ChartDraft
from octavo.markdown.positions import Marks
from octavo.markdown.tree import Citation
from octavo.problems import Problem, Severity, Span

ReadFile = Callable[[str], bytes]
"""Gives the bytes of a file named relative to ``content/``; raises ``OSError``."""


@dataclass
class Reading:
    """The section that is being read: its place, and the tables that its syntaxes fill.

    ``citations`` and ``charts`` are numbered as they are met, and ``problems`` takes everything
    that is wrong.
    """

    path: Path
    language: str
    read_file: ReadFile
    marks: Marks = field(default_factory=Marks)
    citations: list[Citation] = field(default_factory=list)
    charts: list[ChartDraft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def span(self, digits: str | None) -> Span:
        """Give the span of a mark's digits, or the whole file where there is no mark."""
        return self.marks.span(digits) if digits else Span(self.path)

    def error(self, rule: str, message: str, span: Span, hint: str = "") -> None:
        """Note an error."""
        self.problems.append(Problem(rule, message, span, hint))

    def warn(self, rule: str, message: str, span: Span, hint: str = "") -> None:
        """Note a warning."""
        self.problems.append(Problem(rule, message, span, hint, Severity.WARNING))

    def check_language(self, tag: str | None, span: Span) -> None:
        """Report a language that is no tag of BCP 47."""
        if tag is not None and not re.fullmatch(LANGUAGE, tag):
            hint = "such as vi, zh-Hant, en-GB: [越南]{lang=zh-Hant}"
            self.error("language-is-tag", f'"{tag}" is no language tag', span, hint)


def closing(text: str, start: int, opener: str = "[", closer: str = "]") -> int:
    """Give the index of the bracket that closes the one before ``start``; -1 if there is none."""
    return _pairs(text, opener, closer).get(start - 1, -1)


@lru_cache(maxsize=4)
def _pairs(text: str, opener: str, closer: str) -> dict[int, int]:
    """Give for each bracket that is closed the index of the one that closes it."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for found in re.finditer(f"[{re.escape(opener + closer)}]", text):
        if found[0] == opener:
            opened.append(found.start())
        elif opened:
            pairs[opened.pop()] = found.start()
    return pairs


NAME = re.compile(r"[A-Za-z_][\w:.-]*")
"""What can be an attribute's name in XML; others are as good as unknown ones."""

ATTRIBUTES = re.compile(r"\{(?P<list>[^{}\n]*)\}")


def set_attributes(element: ElementTree.Element, text: str) -> None:
    """Give ``element`` the attributes of a list such as ``#id .class key="value"``."""
    for name, value in attr_list.get_attrs_and_remainder(" ".join(text.split("\n")))[0]:
        if name == ".":
            element.set("class", " ".join(filter(None, [element.get("class"), value])))
        else:
            known = name.replace(":", "_") if NAME.fullmatch(name) else "_"
            element.set(known, value if value is not None else "")


def say_where(element: ElementTree.Element, span: Span, home: Path) -> None:
    """Write a span to the element: ``data-line``, ``data-column``, and another file's path."""
    element.set("data-line", str(span.line))
    element.set("data-column", str(span.column))
    if span.path != home:
        element.set("data-path", span.path.as_posix())
