"""Checks of the book's words, and how one is written.

A check of words is a function: all passages of the book → what it has found in them, each with the
characters of its passage.  To add one: the function, in a module of this folder; its line in
``CHECKS``, or in ``octavo/checking.py`` if it has to know more of the book than its passages; its
rule, with what it means, in ``octavo/rules.py``.  How bad it is, where it is
silenced, and its place in the source are not the check's business.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from octavo.checks import quotation, typography
from octavo.checks.finding import Finding
from octavo.problems import Problem
from octavo.prose.passages import Passage
from octavo.rules import RULES

Check = Callable[[Sequence[Passage]], Iterable[Finding]]

CHECKS: Mapping[str, Check] = {
    "dashes-are-long-enough": typography.short_dashes,
    "note-call-is-close": typography.loose_calls,
    "quotation-marks-are-paired": quotation.unpaired,
    "quotes-are-typographic": typography.straight_quotes,
    "ranges-have-dashes": typography.hyphens_in_ranges,
    "spaces-are-single": typography.double_spaces,
    "words-are-not-repeated": typography.repeated_words,
}


def check(passages: Sequence[Passage], checks: Mapping[str, Check] = CHECKS) -> Iterator[Problem]:
    """Report what checks of words find, each at its characters."""
    for rule, find in checks.items():
        for found in find(passages):
            yield Problem(rule, found.message, found.span, found.hint, RULES[rule].severity)
