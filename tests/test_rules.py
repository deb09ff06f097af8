"""The register of rules: whole, and in step with everything that can be reported."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_bad_input import status

import octavo
from octavo.checks import words
from octavo.rules import LENIENT, RULES, Rule, Severity

CODE = Path(octavo.__file__).parent
BOOKS = Path(__file__).parent / "books"

EMITTERS = {"Problem": 0, "Fault": 0, "Look": 0, "Finding": 1, "error": 0, "warn": 0, "_warning": 0,
            "_report": 0, "fault": 0, "_look": 0, "_problem": 0}  # fmt: skip
"""What makes a problem, or what becomes one, and which of its arguments is the rule."""

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
VERB = re.compile(
    r"(^|-)(is|are|has|have|exists|differ|settle|runs|fills|stands|begins|ends|follows|leads|refers"
    r"|names|answers|can)(-|$)"
)
NO_RULES = {"data-in-text"}


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(CODE.rglob("*.py")):
        if path != CODE / "rules.py":
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def called(node: ast.Call) -> str:
    func = node.func
    return func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")


def rule_arguments(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in EMITTERS:
            at = EMITTERS[called(node)]
            given = [keyword.value for keyword in node.keywords if keyword.arg == "rule"]
            yield from given or node.args[at : at + 1]


def test_every_rule_that_the_code_names_is_registered() -> None:
    named = {
        argument.value: path
        for path, tree in modules()
        for argument in rule_arguments(tree)
        if isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and NAME.fullmatch(argument.value)
    }
    assert len(named) > 120
    assert not {name: path for name, path in named.items() if name not in RULES}


def test_what_reads_like_a_rule_is_one() -> None:
    """Rules reach a problem through variables too: so all that look like one are looked at."""
    found = {
        node.value: path
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if NAME.fullmatch(node.value) and VERB.search(node.value)
    }
    assert not {name: path for name, path in found.items() if name not in {*RULES, *NO_RULES}}


def test_every_registered_rule_is_named_in_the_code_as_it_is_in_the_register() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path, _ in modules())
    assert not [name for name in RULES if f'"{name}"' not in text]


def test_what_has_been_reported_of_bad_books_is_registered() -> None:
    said = "".join(path.read_text(encoding="utf-8") for path in BOOKS.glob("*/expected.txt"))
    codes = set(re.findall(r" \[([a-z0-9-]+)\]$", said, re.M))
    assert len(codes) > 60
    assert codes <= RULES.keys()


def test_checks_of_words_are_rules_that_a_book_can_set() -> None:
    assert all(RULES[name].can_be_lowered for name in words.CHECKS)
    assert all(RULES[name].severity is Severity.ERROR for name in LENIENT)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_rule_is_a_truth_in_one_sentence(rule: Rule) -> None:
    assert NAME.fullmatch(rule.name)
    assert rule.meaning[0].isupper() or rule.meaning.startswith("content/")
    assert rule.meaning.endswith(".")


def test_the_command_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert status("check", "--rules") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == sorted(RULES)
    assert any(re.match(r"citation-key-exists +error \(firm\): A work", line) for line in lines)
    assert any(re.match(r"spaces-are-single +warning: One space", line) for line in lines)
