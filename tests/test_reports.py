"""Problems as other programs read them: JSON, GitHub's annotations, SARIF."""

import json
from pathlib import Path
from typing import Any

import pytest
from support import Settings, chapter, write_book
from test_bad_input import lay_out, status

from octavo import __version__, reports
from octavo.problems import Problem, Severity, Span
from octavo.reports import github, sarif
from octavo.reports import json as as_json
from octavo.rules import RULES

ONE = Path("content/chapters/a b, 100%.md")

PROBLEMS = (
    Problem("header-is-yaml", "no: YAML", Span(Path("content/x.md")), "mend\nit"),
    Problem("spaces-are-single", "two spaces", Span(ONE, 3, 7, 2), "", Severity.WARNING),
    Problem("spaces-are-single", "two spaces", Span(ONE, 9, 1, 2), "", Severity.WARNING),
    Problem("lines-are-tight", "loose, 50% more", Span(ONE, 4, 5), "", Severity.NOTE),
    Problem("link-answers", "gone", Span(ONE, 4), "", Severity.WARNING),
    Problem("search-is-indexed", "no room", Span(Path())),
)


def test_json_says_all_that_is_known() -> None:
    found = json.loads(as_json.report(PROBLEMS))
    assert (found["tool"], found["version"]) == ("octavo", __version__)
    assert found["counts"] == {"error": 2, "warning": 3, "note": 1}
    assert found["problems"][0] == {
        "rule": "header-is-yaml",
        "severity": "error",
        "message": "no: YAML",
        "hint": "mend\nit",
        "path": "content/x.md",
        "line": None,
        "column": None,
        "endColumn": None,
    }
    columns = [(p["line"], p["column"], p["endColumn"]) for p in found["problems"]]
    assert columns[1:5] == [(3, 7, 9), (9, 1, 3), (4, 5, None), (4, None, None)]


def test_githubs_commands_are_escaped() -> None:
    assert github.report(PROBLEMS, "b c/").splitlines() == [
        "::error title=octavo%3A header-is-yaml,file=b c/content/x.md::no: YAML%0Ahint: mend%0Ait",
        "::warning title=octavo%3A spaces-are-single,file=b c/content/chapters/a b%2C 100%25.md,"
        "line=3,col=7,endColumn=9::two spaces",
        "::warning title=octavo%3A spaces-are-single,file=b c/content/chapters/a b%2C 100%25.md,"
        "line=9,col=1,endColumn=3::two spaces",
        "::notice title=octavo%3A lines-are-tight,file=b c/content/chapters/a b%2C 100%25.md,"
        "line=4,col=5::loose, 50%25 more",
        "::warning title=octavo%3A link-answers,file=b c/content/chapters/a b%2C 100%25.md,"
        "line=4::gone",
        "::error title=octavo%3A search-is-indexed::no room",
    ]


def run_of(problems: tuple[Problem, ...]) -> dict[str, Any]:
    log = json.loads(sarif.report(problems, "my book/"))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("/sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def test_sarif_has_the_rules_of_its_results() -> None:
    run = run_of(PROBLEMS)
    assert run["columnKind"] == "unicodeCodePoints"
    driver = run["tool"]["driver"]
    assert driver["name"] == "Octavo"
    assert [rule["id"] for rule in driver["rules"]] == sorted({p.rule for p in PROBLEMS})
    for rule in driver["rules"]:
        known = RULES[rule["id"]]
        assert rule["name"].isalpha()
        assert rule["shortDescription"]["text"] == known.meaning
        assert rule["help"]["text"].startswith(known.meaning)
        assert rule["defaultConfiguration"]["level"] == known.severity
    for result, problem in zip(run["results"], PROBLEMS, strict=True):
        assert result["ruleId"] == problem.rule
        assert driver["rules"][result["ruleIndex"]]["id"] == problem.rule
        assert result["level"] == problem.severity
        assert problem.message in result["message"]["text"]


def test_sarif_counts_columns_from_one_to_the_one_behind_the_last() -> None:
    places = [result["locations"] for result in run_of(PROBLEMS)["results"]]
    regions = [place[0]["physicalLocation"].get("region") if place else None for place in places]
    assert regions == [
        None,
        {"startLine": 3, "startColumn": 7, "endColumn": 9},
        {"startLine": 9, "startColumn": 1, "endColumn": 3},
        {"startLine": 4, "startColumn": 5},
        {"startLine": 4},
        None,
    ]
    assert places[1][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "my%20book/content/chapters/a%20b%2C%20100%25.md",
        "uriBaseId": "%SRCROOT%",
    }
    assert places[-1] == []


def test_a_fingerprint_stays_while_lines_move() -> None:
    def prints(problems: tuple[Problem, ...]) -> list[str]:
        results = run_of(problems)["results"]
        return [result["partialFingerprints"]["octavo/v1"] for result in results]

    before = prints(PROBLEMS[1:3])
    assert len(set(before)) == 2
    moved = tuple(
        Problem(p.rule, p.message, Span(ONE, p.span.line + 40, 1), "", p.severity)
        for p in PROBLEMS[1:3]
    )
    assert prints(moved) == before


def test_a_book_in_a_repository_is_named_from_its_root(tmp_path: Path) -> None:
    book = tmp_path / "books" / "one"
    (book / "content").mkdir(parents=True)
    assert reports.prefix(book) == ""
    (tmp_path / ".git").mkdir()
    assert reports.prefix(book) == "books/one/"
    assert reports.prefix(tmp_path) == ""


@pytest.mark.parametrize("form", ["json", "github", "sarif"])
def test_the_command_gives_each_form_and_nothing_else(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = write_book(tmp_path / "sound", {"one": chapter("One", "Đi the the đi.")}, Settings())
    bad = lay_out("citation-key", tmp_path / "bad")
    for root, ended, rule in (
        (sound, 0, "words-are-not-repeated"),
        (bad, 1, "citation-key-exists"),
    ):
        assert status("check", "--book", root, "--format", form) == ended
        said = capsys.readouterr()
        assert rule in said.out
        assert said.err == ""
        if form != "github":
            json.loads(said.out)
    assert status("check", "--book", sound, "--format", form, "--strict") == 1
    capsys.readouterr()
