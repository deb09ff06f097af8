"""How bad problems are in this book: its settings, ``[checks]``, and comments that silence.

What keeps the book from being built stays an error whatever they say.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from octavo.checks import silences
from octavo.checks.silences import Silence
from octavo.config import CheckSetting
from octavo.manuscript import Manuscript
from octavo.problems import Problem, Severity, in_order, nearest
from octavo.prose.book import Prose
from octavo.rules import LENIENT, RULES, Stage

_ORDER = (Severity.NOTE, Severity.WARNING, Severity.ERROR)


@dataclass(frozen=True)
class Judge:
    """Judges the problems of one book.

    ``problems`` are those of the settings and comments themselves.
    """

    settings: Mapping[str, CheckSetting]
    silences: tuple[Silence, ...]
    problems: tuple[Problem, ...]

    def tolerated(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Make warnings of those errors that the book lets pass, so that it can be composed."""
        return tuple(
            replace(problem, severity=Severity.WARNING) if self._lets_pass(problem) else problem
            for problem in problems
        )

    def _lets_pass(self, problem: Problem) -> bool:
        is_lower = self.settings.get(problem.rule, "error") != "error"
        return problem.rule in LENIENT and (is_lower or bool(self._silencing(problem)))

    def _silencing(self, problem: Problem) -> tuple[Silence, ...]:
        return tuple(silence for silence in self.silences if silence.covers(problem))

    def judge(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Give the problems as bad as the book has them, in order, without those silenced."""
        given = [*problems, *self.problems]
        kept = [problem for problem in given if not self._is_silenced(problem)]
        return in_order(judged for problem in kept for judged in self._judged(problem))

    def without_effect(
        self, problems: Iterable[Problem], stages: Collection[Stage]
    ) -> Iterator[Problem]:
        """Report comments that silence nothing, of rules of the ``stages`` that have been gone
        through; ``problems`` are all that were met in them, before they were judged.
        """  # noqa: D205 - one sentence
        met = tuple(problems)
        for silence in self.silences:
            covered = {problem.rule for problem in met if silence.covers(problem)}
            for rule in silence.rules:
                if RULES[rule].stage in stages and rule not in covered:
                    message = f'there is nothing here that "{rule}" would report'
                    hint = "take the comment out"
                    yield Problem(
                        "silence-has-effect", message, silence.span, hint, Severity.WARNING
                    )

    def _is_silenced(self, problem: Problem) -> bool:
        return _can_be_lowered(problem) and bool(self._silencing(problem))

    def _judged(self, problem: Problem) -> Iterator[Problem]:
        setting = self.settings.get(problem.rule)
        if setting is None or problem.rule not in RULES:
            yield problem
        elif setting == "error" or not _can_be_lowered(problem):
            yield replace(problem, severity=Severity.ERROR)
        elif setting != "off":
            yield replace(problem, severity=Severity(setting))


def _can_be_lowered(problem: Problem) -> bool:
    """Tell whether a problem may be less than it is: the graver form of a rule may not."""
    rule = RULES.get(problem.rule)
    if rule is None or not rule.can_be_lowered:
        return False
    return _ORDER.index(problem.severity) <= _ORDER.index(rule.severity)


def judge_of(manuscript: Manuscript, prose: Prose) -> Judge:
    """Give the judge of a book."""
    found, wrong = silences.read(prose.texts)
    settings = manuscript.config.checks
    return Judge(settings, found, (*wrong, *_wrong(manuscript)))


def _wrong(manuscript: Manuscript) -> Iterator[Problem]:
    """Report settings of rules that there are not, or that cannot be lowered."""
    for name, setting in manuscript.config.checks.items():
        span = manuscript.span_of_setting("checks", name)
        if name not in RULES:
            hint = nearest(name, RULES) or "check --rules lists them"
            yield Problem("rule-is-known", f'there is no rule "{name}"', span, hint)
        elif setting != "error" and not RULES[name].can_be_lowered:
            message = f'"{name}" keeps the book from being built: it cannot be less than an error'
            yield Problem("rule-can-be-lowered", message, span, "take the setting out")
