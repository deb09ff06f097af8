"""Characters that cannot be printed, as no text of a book may have them."""

import re
from collections.abc import Iterator
from pathlib import Path

from octavo.problems import Problem, Span

RESERVED = re.compile("[\ue000-\ue0ff\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Private characters that the tool itself uses, and those that XML 1.0 (§2.2) does not allow."""

_RULE = "character-is-printable"


def described(sign: str) -> str:
    """Name a character of ``RESERVED`` in words: most of them cannot be seen."""
    kind = "private" if sign in "\ue000\ue0ff" or "\ue000" < sign < "\ue0ff" else "control"
    return f"the {kind} character U+{ord(sign):04X}"


def replaced(text: str) -> str:
    """Give a text with a sign of replacement for each character that cannot be printed."""
    return RESERVED.sub("\ufffd", text)


def check(text: str, path: Path, first_line: int = 1) -> Iterator[Problem]:
    """Report the characters of a text that cannot be printed; it begins on ``first_line``."""
    for number, line in enumerate(text.split("\n"), start=first_line):
        for found in RESERVED.finditer(line):
            span = Span(path, number, found.start() + 1)
            yield Problem(_RULE, f"{described(found[0])} cannot be printed", span)


def check_title(name: str, text: str, path: Path) -> Iterator[Problem]:
    """Report that a title, called ``name``, has such a character; it stands in a header."""
    if found := RESERVED.search(text):
        message = f"{described(found[0])} in the {name} cannot be printed"
        yield Problem(_RULE, message, Span(path, 1))
