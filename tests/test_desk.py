"""What text editors are given: schemas, tasks and snippets; and the counts of ``octavo stats``."""

import json
import re
import shlex
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from support import ROOT, Settings, chapter, octavo, write_book

from octavo import config, headers, manuscript, names
from octavo.config import Config
from octavo.desk import equipping, schemas
from octavo.headers import Header
from octavo.indexing import settings as index_settings
from octavo.problems import BookError, Problem, Severity, Span

BOOK = ROOT / "content"


def faults(schema: str, values: object) -> list[str]:
    """Give what a schema finds wrong with values; dates of TOML are text in JSON."""
    known = json.loads(schemas.files()[Path("schema") / schema])
    jsonschema.Draft7Validator.check_schema(known)
    plain = json.loads(json.dumps(values, default=str))
    return [fault.message for fault in jsonschema.Draft7Validator(known).iter_errors(plain)]


def toml(path: Path) -> dict[str, Any]:
    """Read a file of TOML."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


# Schemas


def test_the_schemas_in_the_repository_are_those_of_the_settings() -> None:
    for path, text in schemas.files().items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, "run: python3 build.py editor"


@pytest.mark.parametrize("name", ["book", "names", "index"])
def test_the_books_files_are_sound_by_their_schemas_and_name_them(name: str) -> None:
    path = BOOK / f"{name}.toml"
    assert faults(f"{name}.json", toml(path)) == []
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert (path.parent / first.removeprefix("#:schema ")).resolve().is_file()


def test_every_header_of_the_book_is_sound_by_its_schema() -> None:
    found = {
        path: headers.split(path.read_text(encoding="utf-8"))[0] for path in BOOK.rglob("*.md")
    }
    assert len(found) > 6
    for path, header in found.items():
        assert faults("header.json", yaml.safe_load(header)) == [], path


def test_a_header_may_name_its_schema(tmp_path: Path) -> None:
    line = "# yaml-language-server: $schema=../../schema/header.json"
    text = chapter("One", "Salt.").replace("---\n", f"---\n{line}\n", 1)
    source = manuscript.load(write_book(tmp_path, {"one": text})).sources[0]
    assert (source.header.title, source.body.strip(), source.first_line) == ("One", "Salt.", 5)


@pytest.mark.parametrize("schema", [path.name for path in schemas.files()])
def test_every_setting_is_described_or_is_a_table_that_is(schema: str) -> None:
    known = json.loads(schemas.files()[Path("schema") / schema])
    tables = [known, *known["definitions"].values()]
    plain = {"top", "bottom"}  # margins
    for table in tables:
        assert table["description"]
        for name, setting in table["properties"].items():
            assert "description" in setting or "$ref" in str(setting) or name in plain, name


SOUND = """\
title = "A"
slug = "a"
date = 2026-01-01
contributors = [{ name = "B" }]
rights = { holder = "B", year = 2026 }
sections = { body = ["c"] }
"""

REFUSED = [
    'titel = "A"',
    "edition = 1",
    'language = "english"',
    "abbreviations = 3",
    'abbreviations = { spell-out = "often" }',
    'classification = { thema = [{ code = "x", label = "X" }] }',
    'classification = { bisac = [{ code = "HIS003000" }] }',
    'citations = { sections = [{ title = " " }] }',
    'print = { trim = ["6in"] }',
    'print = { trim = ["6in", "9in", "1in"] }',
    'print = { trim = "6in" }',
    'print = { size = "11" }',
    "print = { size = 11 }",
    'print = { margins = { top = "-4pt" } }',
    'print = { cited-in = "yes" }',
    'print = { continued-notes = "none" }',
    'print = { identifiers = { isbn = "978" } }',
    'web = { base-url = "example.org" }',
    'web = { base-url = "https://example.org/a book/" }',
    'epub = { identifiers = { doi = "https://doi.org/10.1000/182" } }',
    'epub = { accessibility = { certifier-report = "report.html" } }',
    'epub = { accessibility = { conforms-to = "WCAG 2.2 AA" } }',
    'distribution = { to = ["amazn"] }',
    "targets = { book = 0 }",
    "targets = { sections = { C = 100 } }",
    'targets = { sections = { c = "many" } }',
    'checks = { spaces-are-single = "of" }',
]


def test_a_small_book_toml_is_sound_to_the_reader_and_to_the_schema() -> None:
    assert config.validated(Config, SOUND, Path("book.toml")).title == "A"
    assert faults("book.json", tomllib.loads(SOUND)) == []


@pytest.mark.parametrize("line", REFUSED)
def test_what_the_reader_refuses_the_schema_refuses(line: str) -> None:
    with pytest.raises(BookError):
        config.validated(Config, f"{line}\n{SOUND}", Path("book.toml"))
    assert faults("book.json", tomllib.loads(f"{line}\n{SOUND}"))


@pytest.mark.parametrize(
    "line",
    [
        'checks = { spaces-are-singel = "off" }',
        'checks = { citation-key-exists = "warning" }',
    ],
)
def test_rules_that_are_not_or_are_firm_are_refused_by_the_schema_too(line: str) -> None:
    assert faults("book.json", tomllib.loads(f"{line}\n{SOUND}"))
    assert not faults(
        "book.json", tomllib.loads(f'checks = {{ spaces-are-single = "off" }}\n{SOUND}')
    )


@pytest.mark.parametrize("key", ["title", "slug", "date", "contributors", "rights", "sections"])
def test_what_must_be_there_is_asked_for_by_both(key: str) -> None:
    rest = "\n".join(line for line in SOUND.splitlines() if not line.startswith(key))
    with pytest.raises(BookError):
        config.validated(Config, rest, Path("book.toml"))
    assert faults("book.json", tomllib.loads(rest)) == [f"{key!r} is a required property"]


@pytest.mark.parametrize(
    ("schema", "model", "values"),
    [
        ("header.json", Header, {"titel": "A"}),
        ("header.json", Header, {"title": 1945}),
        ("header.json", Header, {"number": "no"}),
        ("names.json", names.Table, {"names": [{"headword": "A", "kind": "ship"}]}),
        ("names.json", names.Table, {"names": [{"kind": "person"}]}),
        ("names.json", names.Table, {"names": [{"headword": "A", "kind": "event", "id": "A b"}]}),
        ("index.json", index_settings.Table, {"order": "line"}),
        ("index.json", index_settings.Table, {"headings": [{"term": "A", "see": ["B", ""]}]}),
    ],
)
def test_bad_headers_names_and_headings_are_refused_by_both(
    schema: str, model: Any, values: Mapping[str, object]
) -> None:
    with pytest.raises(ValueError, match="validation error"):
        model.model_validate(values)
    assert faults(schema, values)


# Files for text editors


def test_a_new_book_can_be_edited_at_once(tmp_path: Path) -> None:
    made = octavo("new", tmp_path / "book", OCTAVO_PROG="build.py", OCTAVO_BOOK=str(ROOT))
    assert made.returncode == 0, made.stderr
    root = tmp_path / "book"
    assert faults("book.json", toml(root / "content" / "book.toml")) == []
    first = (root / "content" / "book.toml").read_text(encoding="utf-8").splitlines()[0]
    schema = root / "content" / first.removeprefix("#:schema ")
    assert schema.read_text(encoding="utf-8") == schemas.files()[Path("schema/book.json")]
    settings = json.loads((root / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    assert shlex.split(settings["octavo.program"]) == ["python3", str(ROOT / "build.py")]
    assert (root / ".editorconfig").is_file()


def test_what_is_the_editors_own_is_left_alone_and_schemas_are_made_anew(tmp_path: Path) -> None:
    first = equipping.equip(tmp_path, "octavo")
    assert Path(".vscode/tasks.json") in first
    assert Path("schema/names.json") in first
    (tmp_path / ".vscode" / "tasks.json").write_text("{}", encoding="utf-8")
    (tmp_path / "schema" / "names.json").write_text("{}", encoding="utf-8")
    assert equipping.equip(tmp_path, "octavo") == (Path("schema/names.json"),)
    assert (tmp_path / ".vscode" / "tasks.json").read_text(encoding="utf-8") == "{}"


def test_the_repository_has_the_files_that_it_gives_to_books(tmp_path: Path) -> None:
    for path in equipping.equip(tmp_path, "python3 build.py"):
        given, own = (tmp_path / path).read_bytes(), (ROOT / path).read_bytes()
        assert own == given or (path.name == ".editorconfig" and own.startswith(given)), path


@pytest.mark.parametrize("command", [("editor",), ("words", "--add", "salt"), ("stats",)])
def test_a_folder_without_a_book_is_left_as_it_is(command: Sequence[str], tmp_path: Path) -> None:
    ended = octavo(*command, "--book", tmp_path)
    assert ended.returncode == 1
    assert ended.stderr.startswith("content/book.toml: error: there is no such file")
    assert list(tmp_path.iterdir()) == []


def matched(line: str) -> dict[str, str | None]:
    """Give what VS Code's matchers of problems find in a line of output."""
    tasks = json.loads((ROOT / ".vscode" / "tasks.json").read_text(encoding="utf-8"))["tasks"]
    check = next(task for task in tasks if task["label"] == "Octavo: check")
    found: list[dict[str, str | None]] = []
    for pattern in (matcher["pattern"] for matcher in check["problemMatcher"]):
        if hit := re.search(pattern["regexp"], line):
            groups = {name: group for name, group in pattern.items() if isinstance(group, int)}
            found.append({name: hit[group] for name, group in groups.items()})
    assert len(found) == 1, line
    return found[0]


@pytest.mark.parametrize("severity", list(Severity))
def test_vs_code_finds_problems_with_their_places(severity: Severity) -> None:
    span = Span(Path("content/chapters/a b.md"), 14, 61)
    problem = Problem("a-rule", 'no work has the key "x: y" [sic]', span, "", severity)
    assert matched(str(problem)) == {
        "file": "content/chapters/a b.md",
        "line": "14",
        "column": "61",
        "severity": severity.value,
        "message": 'no work has the key "x: y" [sic]',
        "code": "a-rule",
    }
    without_column = matched(str(Problem("a-rule", "m", Span(span.path, 14), "", severity)))
    assert (without_column["line"], without_column["column"]) == ("14", None)
    of_file = matched(str(Problem("a-rule", "at 3:4: m", Span(span.path), "", severity)))
    assert of_file["file"] == "content/chapters/a b.md"
    assert of_file["message"] == "at 3:4: m"


UNFILLED = {
    "citation-key-exists",
    "cross-reference-has-target",
    "data-file-is-readable",
    "image-is-readable",
    "target-id-is-unique",
}
"""What may be wrong with a snippet that nobody has filled in."""


def test_every_snippet_is_what_octavo_reads(tmp_path: Path) -> None:
    path = ROOT / ".vscode" / "octavo.code-snippets"
    snippets = json.loads(path.read_text(encoding="utf-8"))
    assert len(snippets) > 20
    header = snippets.pop("Header")["body"]
    marks = {name for name in snippets if name.startswith("Editorial")}
    chapters = {}
    for number, name in enumerate(sorted(set(snippets) - marks)):
        body = snippets[name]["body"]
        text = filled("\n".join(body) if isinstance(body, list) else body)
        chapters[f"c{number}"] = chapter(name, f"Words before.\n\n{text}\n")
    chapters["header"] = filled("\n".join(header)) + "Words.\n"
    root = write_book(tmp_path, chapters)
    said = octavo("check", "--book", root).stderr
    rules = set(re.findall(r": error: .* \[([\w-]+)\]$", said, re.M))
    assert rules <= UNFILLED, said


def filled(snippet: str) -> str:
    """Give the text that a snippet leaves when its fields are skipped."""
    text = re.sub(r"\$\{(\d+)\|([^,|]*)[^}]*\|\}", r"${\1:\2}", snippet)
    given = dict(re.findall(r"\$\{(\d+):([^{}]*)\}", text))
    text = re.sub(r"\$\{\d+:([^{}]*)\}", r"\1", text)
    text = re.sub(r"\$(\d+)", lambda field: given.get(field[1], ""), text)
    return text.replace("$TM_SELECTED_TEXT", "selected")


# Counts


def stats(root: Path) -> dict[str, Any]:
    """Give the counts of a book as programs read them."""
    ended = octavo("stats", "--book", root, "--json")
    assert ended.returncode == 0, ended.stderr
    counts: dict[str, Any] = json.loads(ended.stdout)
    return counts


ITEMS = "- An item[@yang]\n- [越南]{lang=zh-Hant} – 1950\n"
FIGURE = "![Two words here.](data/a.csv){#tbl-a .table}"


def test_words_notes_works_and_figures_are_counted_by_section(tmp_path: Path) -> None:
    one = "## A heading\n\nFive words: 1,234 well-known things.[@gras, 4]^[Three more words.]\n\n"
    root = write_book(
        tmp_path,
        {
            "one": chapter("One title", f"{one}{FIGURE}\n\n> Quoted.\n> — Him\n"),
            "two": chapter(
                "Two",
                "Salt—and silk.[@gras, 5]\n\n- An item[@yang]\n- [越南]{lang=zh-Hant} – 1950\n",
            ),
        },
        Settings(files={"content/data/a.csv": "a,b\nx,y\n"}),
    )
    counts = stats(root)
    first, second = counts["sections"]
    # Title and heading 4, the sentence 5, the quotation 2.
    assert (first["name"], first["words"]) == ("one", 11)
    assert (first["notes"], first["works"], first["tables"]) == (2, 1, 1)
    # Salt, and, silk; the title; an, item; two characters and a year.
    assert (second["words"], second["notes"], second["works"]) == (9, 2, 2)
    assert counts["total"]["words"] == 20
    assert (counts["total"]["works"], counts["total"]["notes"]) == (2, 4)
    # "Three more words." and the whole citation of Gras, which alone has more than five words.
    assert first["noteWords"] > 8


def test_targets_are_set_beside_the_words(tmp_path: Path) -> None:
    targets = "[targets]\nbook = 8\nsections = { one = 4 }"
    root = write_book(
        tmp_path,
        {"one": chapter("One", "Two words.^[And three more.]"), "two": chapter("Two", "Words.")},
        Settings(printing=targets),
    )
    table = octavo("stats", "--book", root).stdout.splitlines()
    assert table[0].split()[-2:] == ["target", "reached"]
    assert table[2].split()[-2:] == ["4", "75%"]
    assert table[3].split()[-1] == "min", "a section without a target has none"
    assert table[-1].split()[-2:] == ["8", "62%"]
    toml_path = root / "content" / "book.toml"
    with_notes = toml_path.read_text(encoding="utf-8").replace(
        "book = 8", "book = 8\nwith-notes = true"
    )
    toml_path.write_text(with_notes, encoding="utf-8")
    assert octavo("stats", "--book", root).stdout.splitlines()[2].split()[-1] == "150%"


def test_a_target_for_no_section_is_reported_with_its_line(tmp_path: Path) -> None:
    targets = "[targets.sections]\nonne = 400"
    root = write_book(tmp_path, {"one": chapter("One", "Words.")}, Settings(printing=targets))
    said = octavo("check", "--book", root)
    assert said.returncode == 0
    lines = (root / "content" / "book.toml").read_text(encoding="utf-8").splitlines()
    place = f"content/book.toml:{lines.index('onne = 400') + 1}"
    assert f'{place}: warning: the book has no section "onne"' in said.stderr
    assert 'did you mean "one"?' in said.stderr
