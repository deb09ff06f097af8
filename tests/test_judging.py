"""How bad a problem is: by default, by book.toml, by a comment at its place."""

from pathlib import Path

import pytest
from support import Settings, chapter, octavo, write_book

from octavo import build, checking
from octavo.problems import BookError, Problem, Severity

ALLOW = "<!-- octavo: allow {} -->"


def said(problems: tuple[Problem, ...]) -> list[str]:
    return [f"{p.span.line} {p.severity} {p.rule}" for p in problems]


def checked(root: Path, text: str, more: str = "", **given: object) -> list[str]:
    """Check a book of one chapter: line, severity and rule of each problem."""
    header = given.pop("header", {})
    assert isinstance(header, dict)
    write_book(root, {"one": chapter("One", text, **header)}, Settings(more=more, files=given))  # type: ignore[arg-type]
    try:
        return said(checking.review(root).problems)
    except BookError as error:
        return said(error.problems)


TWICE = "words-are-not-repeated"


def test_a_book_says_how_bad_a_rule_is(tmp_path: Path) -> None:
    text = "A the the b."
    for setting in ("error", "warning", "note"):
        more = f'[checks]\n{TWICE} = "{setting}"\n'
        assert checked(tmp_path, text, more) == [f"4 {setting} {TWICE}"]
    assert checked(tmp_path, text, f'[checks]\n{TWICE} = "off"\n') == []
    assert checked(tmp_path, text) == [f"4 warning {TWICE}"]


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ('words-are-not-repeatd = "off"', [("rule-is-known", f'did you mean "{TWICE}"?')]),
        ('citation-key-exists = "warning"', [("rule-can-be-lowered", "take the setting out")]),
        ('citation-key-exists = "error"', []),
        (f'{TWICE} = "loud"', [("settings-are-valid", "")]),
    ],
)
def test_settings_that_cannot_be_are_named_with_their_line(
    setting: str, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    more = f"[checks]\n{setting}\n"
    write_book(tmp_path, {"one": chapter("One", "Text.")}, Settings(more=more))
    toml = (tmp_path / "content/book.toml").read_text()
    line = next(n for n, row in enumerate(toml.split("\n"), 1) if row == setting)
    try:
        found = checking.review(tmp_path).problems
    except BookError as error:
        found = error.problems
    assert [(p.rule, p.hint) for p in found] == expected
    assert all(p.span.line == line and p.severity is Severity.ERROR for p in found)


def test_what_keeps_the_book_from_being_built_stays_an_error(tmp_path: Path) -> None:
    text = ALLOW.format("citation-key-exists: a joke") + "\nA[@nobody]."
    assert checked(tmp_path, text) == [
        "4 warning rule-can-be-lowered",
        "5 error citation-key-exists",
    ]


def test_an_error_by_choice_can_be_lowered_and_silenced(tmp_path: Path) -> None:
    rule = "value-is-the-same-everywhere"
    text = "It is [5]{value=a} or\n[6]{value=a}."
    assert checked(tmp_path, text) == [f"5 error {rule}"]
    assert checked(tmp_path, text, f'[checks]\n{rule} = "note"\n') == [f"5 note {rule}"]
    assert checked(tmp_path, f"{text} {ALLOW.format(f'{rule}: two sources')}") == []


def test_the_graver_form_of_a_rule_is_not_lowered(tmp_path: Path) -> None:
    rule = "figure-has-alternative-text"
    text = "![C](data/a.csv){#fig-a .bar x=A y=B}"
    data = {"content/data/a.csv": "A,B\nx,1\ny,2\n"}
    assert checked(tmp_path, text, f'[checks]\n{rule} = "off"\n', **data) == [f"4 error {rule}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"The the x. {ALLOW.format(TWICE + ': a poem')}", []),
        (f"{ALLOW.format(TWICE + ': a poem')}\nThe the x,\nthe the y.", []),
        (f"{ALLOW.format(TWICE + ': a poem')}\n\nThe the x.\n\nThe the y.", [f"8 warning {TWICE}"]),
        (f"The the x. {ALLOW.format(TWICE + ': a poem')}\nthe the y.", [f"5 warning {TWICE}"]),
        ("The the  x. " + ALLOW.format(f"{TWICE}, spaces-are-single: a poem"), []),
        (f"[^n]: The the x. {ALLOW.format(TWICE + ': quoted')}\n\nA.[^n]", []),
        (
            f"| the the |\n|--|\n| x | {ALLOW.format(TWICE + ': y')}",
            [f"4 warning {TWICE}", "6 warning silence-has-effect"],
        ),
        (f"The the x. {ALLOW.format(TWICE)}", ["4 warning silence-has-reason"]),
        (f"The the x. {ALLOW.format(TWICE + ':')}", ["4 warning silence-has-reason"]),
        (f"One x. {ALLOW.format(TWICE + ': a poem')}", ["4 warning silence-has-effect"]),
        ("A. " + ALLOW.format("lines-are-tight: only --deep can tell"), []),
        ("A. " + ALLOW.format("link-answers: only --online can tell"), []),
        ("A. <!-- octavo: silence it -->", ["4 warning rule-is-known"]),
        ("A. <!-- octavo: allow nothing-at-all: x -->", ["4 warning rule-is-known"]),
        ("A. <!-- an octavo: allow x: y -->", []),
        (f"A. `{ALLOW.format(TWICE + ': shown')}`", []),
    ],
)  # fmt: skip
def test_a_comment_silences_a_rule_at_its_place(
    text: str, expected: list[str], tmp_path: Path
) -> None:
    assert checked(tmp_path, text) == expected


def test_other_files_have_comments_of_their_own(tmp_path: Path) -> None:
    rule = "quotes-are-typographic"
    text = "A[@gras] ![C](data/a.csv){#tbl-a .table}".replace(" !", "\n\n!")
    files = {
        "content/index.toml": f"[[headings]]\n# octavo: allow {rule}: as in the archive\n"
        'term = "King\'s"\n',
        "content/data/a.csv": f"A,B\nthe the,{ALLOW.format(TWICE + ': a name')}\n",
        "bib/works.bib": "@book{gras, author = {Gras}, title = {A}, date = {1979},\n"
        "  % octavo: allow link-is-sound: the archive's own form\n  url = {nowhere},\n}\n",
    }
    header = {"short-title": f"A King's  # octavo: allow {rule}: as in the archive"}
    assert checked(tmp_path, text, header=header, **files) == []
    files = {name: words.replace("octavo: allow", "see:") for name, words in files.items()}
    header = {"short-title": "A King's"}
    assert checked(tmp_path, text, header=header, **files) == [
        "3 warning link-is-sound",
        f"3 warning {rule}",
        f"2 warning {TWICE}",
        f"3 warning {rule}",
    ]


def test_a_build_ends_at_what_the_book_calls_an_error(tmp_path: Path) -> None:
    write_book(tmp_path, {"one": chapter("One", "The the x.")},
               Settings(more=f'[checks]\n{TWICE} = "error"\n'))  # fmt: skip
    with pytest.raises(BookError) as raised:
        build.build(tmp_path, tmp_path / "dist", ("web",), 1, lambda words: None)
    assert said(raised.value.problems) == [f"4 error {TWICE}"]
    assert not (tmp_path / "dist").exists()


def test_a_build_tells_warnings_and_keeps_notes_to_itself(tmp_path: Path) -> None:
    write_book(tmp_path, {"one": chapter("One", "The the x  y.")},
               Settings(more='[checks]\nspaces-are-single = "note"\n'))  # fmt: skip
    for strict, status in (((), 0), (("--strict",), 1)):
        done = octavo("build", "--book", tmp_path, "--edition", "web", *strict)
        assert (done.returncode, done.stderr.count("warning: "), done.stderr.count("note: ")) == (
            status, 1, 0,
        )  # fmt: skip
        assert TWICE in done.stderr
    done = octavo("check", "--book", tmp_path)
    assert "no errors, 1 warning, 1 note\n" in done.stdout
    assert (done.stderr.count("warning: "), done.stderr.count("note: ")) == (1, 1)
