"""What the extensions share while one section is read: marks, files, and what they collect."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from markdown.extensions import attr_list

from octavo.markdown.positions import Marks
from octavo.markdown.tree import Citation
from octavo.problems import Problem, Severity, Span

ReadFile = Callable[[str], bytes]
"""Gives the bytes of a file named relative to ``content/``; raises ``OSError``."""


@dataclass
class Reading:
    """The section that is being read: its place, and the tables that its syntaxes fill.

    ``defined`` holds the written notes by label, ``numerals`` tells how figures in tables are
    grouped, and ``problems`` takes everything that is wrong.
    """

    path: Path
    language: str
    read_file: ReadFile
    marks: Marks = field(default_factory=Marks)
    citations: list[Citation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    images: list[tuple[str, Span]] = field(default_factory=list)

    def span(self, digits: str | None) -> Span:
        """Give the span of a mark's digits, or the whole file where there is no mark."""
        return self.marks.span(digits) if digits else Span(self.path)

    def error(self, rule: str, message: str, span: Span, hint: str = "") -> None:
        """Note an error."""
        self.problems.append(Problem(rule, message, span, hint))

    def warn(self, rule: str, message: str, span: Span, hint: str = "") -> None:
        """Note a warning."""
        self.problems.append(Problem(rule, message, span, hint, Severity.WARNING))


def closing(text: str, start: int, opener: str = "[", closer: str = "]") -> int:
    """Give the index of the bracket that closes the one before ``start``; -1 if there is none."""
    depth = 1
    for index in range(start, len(text)):
        if text[index] == opener:
            depth += 1
        elif text[index] == closer:
            depth -= 1
            if not depth:
                return index
    return -1


ATTRIBUTES = re.compile(r"\{(?P<list>[^{}\n]*)\}")


def set_attributes(element: ElementTree.Element, text: str) -> None:
    """Give ``element`` the attributes of a list such as ``#id .class key="value"``."""
    for name, value in attr_list.get_attrs_and_remainder(text)[0]:
        if name == ".":
            element.set("class", " ".join(filter(None, [element.get("class"), value])))
        else:
            element.set(name, value if value is not None else "")


def say_where(element: ElementTree.Element, span: Span, home: Path) -> None:
    """Write a span to the element: ``data-line``, ``data-column``, and another file's path."""
    element.set("data-line", str(span.line))
    element.set("data-column", str(span.column))
    if span.path != home:
        element.set("data-path", span.path.as_posix())
