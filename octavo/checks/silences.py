"""Comments that silence a rule at a place, with the reason: ``octavo: allow RULE: the reason``.

In Markdown, and in cells of Markdown, they are comments of HTML; in headers, TOML and BibTeX what
is a comment there.  One that shares its line with text holds for that line; one that stands alone
holds for what follows: in Markdown the block, up to an empty line, elsewhere the line.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from octavo import headers
from octavo.problems import Problem, Span, nearest
from octavo.prose.blocks import without_code
from octavo.prose.passages import Lines
from octavo.rules import RULES, Severity

_FORM = "write octavo: allow RULE: the reason"
_HTML = re.compile(r"<!--\s*octavo:(?P<says>.*?)(?:-->|\Z)", re.S)
_HASH = re.compile(r"(?<!\S)#\s*octavo:(?P<says>[^\n]*)")
_PERCENT = re.compile(r"(?<!\S)%\s*octavo:(?P<says>[^\n]*)")
_SAYS = re.compile(
    r"\s*allow\s+(?P<rules>[\w-]+(?:\s*,\s*[\w-]+)*)\s*(?::\s*(?P<reason>.*?))?\s*$", re.S
)


@dataclass(frozen=True)
class Silence:
    """A comment: where it stands, the rules that it silences, from which line to which."""

    span: Span
    rules: tuple[str, ...]
    first: int
    last: int

    def covers(self, problem: Problem) -> bool:
        """Tell whether a problem is one that the comment silences."""
        span = problem.span
        is_here = span.path == self.span.path and self.first <= span.line <= self.last
        return is_here and problem.rule in self.rules


def read(texts: Mapping[Path, str]) -> tuple[tuple[Silence, ...], tuple[Problem, ...]]:
    """Give the comments in the texts of a book's files, and what is wrong with them."""
    silences: list[Silence] = []
    problems: list[Problem] = []
    for path, text in texts.items():
        for found, lines, runs_to_block in _comments(path, text):
            span = lines.span(*found.span())
            says = _SAYS.match(found["says"])
            if says is None:
                message = "this comment to Octavo says nothing that it knows"
                problems.append(Problem("rule-is-known", message, span, _FORM, Severity.WARNING))
                continue
            rules = tuple(rule.strip() for rule in says["rules"].split(","))
            wrong = list(_wrong(rules, span))
            if not says["reason"]:
                message = "this comment silences a rule and gives no reason"
                wrong.append(Problem("silence-has-reason", message, span, _FORM, Severity.WARNING))
            problems += wrong
            known = tuple(rule for rule in rules if rule in RULES and RULES[rule].can_be_lowered)
            first, last = _lines(lines, found, runs_to_block=runs_to_block)
            silences.append(Silence(span, known, first, last))
    return tuple(silences), tuple(problems)


def _comments(path: Path, text: str) -> Iterator[tuple[re.Match[str], Lines, bool]]:
    """Give the comments to Octavo in a file, in what text, and whether they hold for a block."""
    match path.suffix:
        case ".md":
            header, body, first_line = headers.split(text)
            opening, rest = Lines(path, header, 2), Lines(path, without_code(body), first_line)
            yield from ((found, opening, False) for found in _HASH.finditer(header))
            yield from ((found, rest, True) for found in _HTML.finditer(rest.text))
        case ".csv":
            yield from ((found, Lines(path, text), False) for found in _HTML.finditer(text))
        case ".bib":
            yield from ((found, Lines(path, text), False) for found in _PERCENT.finditer(text))
        case _:
            yield from ((found, Lines(path, text), False) for found in _HASH.finditer(text))


def _wrong(rules: tuple[str, ...], span: Span) -> Iterator[Problem]:
    for rule in rules:
        if rule not in RULES:
            hint = nearest(rule, RULES) or "check --rules lists them"
            message = f'there is no rule "{rule}"'
            yield Problem("rule-is-known", message, span, hint, Severity.WARNING)
        elif not RULES[rule].can_be_lowered:
            message = f'"{rule}" keeps the book from being built, and cannot be silenced'
            hint = "mend what it is about"
            yield Problem("rule-can-be-lowered", message, span, hint, Severity.WARNING)


def _lines(lines: Lines, found: re.Match[str], *, runs_to_block: bool) -> tuple[int, int]:
    """Give the first and the last line of the file that a comment holds for."""
    text = lines.text
    start = text.rfind("\n", 0, found.start()) + 1
    end = text.find("\n", found.end())
    end = len(text) if end < 0 else end
    own = lines.span(found.start(), found.start()).line
    if text[start : found.start()].strip() or text[found.end() : end].strip():
        return own, lines.span(max(found.end() - 1, 0), found.end()).line
    following = re.compile(r"\s*").match(text, end)
    first = lines.span(following.end() if following else end, end).line
    if not runs_to_block:
        return own, first
    after = re.compile(r"\n[ \t]*(?:\n|\Z)|\Z").search(text, following.end() if following else end)
    return own, lines.span(after.start() if after else len(text), len(text)).line
