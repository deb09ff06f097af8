"""Markdown → the section's tree, by fixture files that anyone can edit.

Each file in ``fixtures/markdown`` holds the cases of one syntax: a title, the input, what is
expected, each closed by a line of one dot.  Expected are the tree, a block a line; below it the
notes, the citations and the problems, each as text.  A title that begins with ``[vi]`` sets the
language, one that begins with ``title:`` is the section's title; in one that begins with ``proof:``
marks of editing are shown, with ``rejected:`` they are rejected.  ``OCTAVO_ACCEPT=1`` writes what
the cases give now into the files: look at the difference before you keep it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from support import FIXTURES, Case, accept, cases, inner

from octavo import criticmarkup, markdown
from octavo.criticmarkup import Mode
from octavo.headers import Header
from octavo.manuscript import Source
from octavo.markdown.positions import Marks
from octavo.markdown.tree import Citation, Element, Section
from octavo.numerals import group_digits
from octavo.problems import Span

SYNTAXES = sorted((FIXTURES / "markdown").glob("*.md"))
CASES = [case for path in SYNTAXES for case in cases(path)]
HOME = Path("a.md")
MODES: dict[str, Mode] = {"proof": "show", "rejected": "reject"}


def read(
    text: str, language: str = "en-GB", title: str = "A title", marks: Mode = "accept"
) -> Section:
    source = Source("a", "body", HOME, Header(title=title), text, 1, marks)
    return markdown.parse(source, language, lambda path: (FIXTURES / path).read_bytes())


def shown(section: Section, title: str) -> str:
    lines = []
    if title != "A title":
        lines.append(f"title: {inner(section.title)}")
    lines += _blocks(section.body, 0)
    for number, note in enumerate(section.notes):
        label = f" {note.label}" if note.label else ""
        lines += [f"note {number}{label} at {_place(note.span)}:", *_blocks(note.body, 1)]
    lines += [f"citation {n}: {_citation(c)}" for n, c in enumerate(section.citations)]
    for number, removed in enumerate(section.removed):
        content = etree.tostring(removed.content, encoding="unicode")
        lines.append(f"removed {number} by mark {removed.mark}: {content}")
        lines += [f"  citation {n}: {_citation(c)}" for n, c in enumerate(removed.citations)]
    lines += [str(problem).removeprefix("a.md") for problem in section.problems]
    return "".join(f"{line}\n" for line in lines)


def _place(span: Span) -> str:
    return str(span).removeprefix("a.md:")


_OPENED = {"blockquote", "ul", "ol", "table", "thead", "tbody", "tr", "figure", "div"}


def _blocks(tree: Element, depth: int) -> Iterator[str]:
    for block in tree:
        if block.tag in _OPENED or any(child.tag in _OPENED | {"p"} for child in block):
            attributes = "".join(f' {name}="{value}"' for name, value in block.attrib.items())
            head = " ".join((block.text or "").split())
            yield f"{'  ' * depth}<{block.tag}{attributes}>{head}"
            yield from _blocks(block, depth + 1)
        else:
            tail, block.tail = block.tail, None
            yield "  " * depth + etree.tostring(block, encoding="unicode")
            block.tail = tail
        if (block.tail or "").strip():
            yield "  " * depth + f"text: {block.tail.strip()}"


def _citation(citation: Citation) -> str:
    works = [
        " ".join(filter(None, [work.prefix, f"{'' if work.author else '-'}@{work.key}"]))
        + (f" | {work.suffix}" if work.suffix else "")
        for work in citation.works
    ]
    return f"{'in text, ' * citation.in_text}at {_place(citation.span)}: {'; '.join(works)}"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_fixture(case: Case) -> None:
    language, title, given = "en-GB", "A title", case.given
    marks = MODES.get(case.title.partition(":")[0], "accept")
    if case.title.startswith("["):
        language = case.title[1:].partition("]")[0]
    if case.title.startswith("title:"):
        title = case.title.removeprefix("title:").strip()
    actual = shown(read(given, language, title, marks), title)
    if os.environ.get("OCTAVO_ACCEPT") == "1":
        accept(case, actual)
    else:
        assert actual == case.expected, f"{case}: {case.title}"


def test_fixture_files_are_read_to_their_ends() -> None:
    """A missing dot would make the cases behind it part of another's."""
    assert len(SYNTAXES) == 13
    for path in SYNTAXES:
        dots = path.read_text(encoding="utf-8").split("\n").count(".")
        assert dots == 3 * sum(case.path == path for case in CASES) > 0, path


def test_no_case_prints_what_only_the_tool_needs() -> None:
    """No mark, no placeholder of Python-Markdown's, no protected sign is left in any tree."""
    for case in CASES:
        section = read(case.given, marks=MODES.get(case.title.partition(":")[0], "accept"))
        trees = [section.title, section.body, *(note.body for note in section.notes)]
        trees += [removed.content for removed in section.removed]
        for tree in trees:
            left = {s for s in etree.tostring(tree, encoding="unicode") if _is_internal(s)}
            assert not left, f"{case}: {case.title}"


def _is_internal(sign: str) -> bool:
    return sign < "\t" or "\ue000" <= sign <= "\uf8ff"


def test_notes_and_citations_are_numbered_as_they_are_read() -> None:
    for case in CASES:
        section = read(case.given)
        calls: list[int] = []
        cites: list[int] = []

        def visit(tree: Element, calls: list[int] = calls, cites: list[int] = cites) -> None:
            for element in tree.iter("a", "span"):
                if element.get("class") == "note-call":
                    calls.append(int(element.get("data-note")))
                    visit(section.notes[calls[-1]].body)  # noqa: B023 - called in this round
                elif element.get("class") == "citation":
                    cites.append(int(element.get("data-citation")))

        visit(section.title)
        visit(section.body)
        assert calls == list(range(len(section.notes))), case
        assert cites == list(range(len(section.citations))), case


@pytest.mark.parametrize(
    ("number", "grouped"),
    [
        ("", ""),
        ("999", "999"),
        ("1000", "1,000"),
        ("1234567.891", "1,234,567.891"),
        ("-12", "−12"),
        ("-1200.5", "−1,200.5"),
        ("+3000", "+3,000"),
        ("0", "0"),
        ("0.12345", "0.12345"),
    ],
)
def test_digits_are_grouped(number: str, grouped: str) -> None:
    assert group_digits(number) == grouped


def test_marks_name_lines_and_columns_of_the_file() -> None:
    """The body of a file with a header begins on a later line."""
    source = Source("a", "body", HOME, Header(title="T"), "One [@b].\n\nTwo [@c].", 5)
    section = markdown.parse(source, "en", lambda path: b"")
    assert [citation.span for citation in section.citations] == [
        Span(HOME, 5, 5),
        Span(HOME, 7, 5),
    ]
    assert [p.get("data-line") for p in section.body] == ["5", "7"]


def test_marks_come_out_again() -> None:
    for case in CASES:
        marks = Marks()
        marked = marks.put(case.given, HOME)
        if "<!--" not in case.given:
            settled = criticmarkup.settled(case.given, accept=True).text
            assert marks.remove(marked) == settled


def test_characters_of_ours_cannot_be_smuggled_in() -> None:
    section = read("A \ue000\ue010\ue001 [@b] C \ue034.")
    assert [str(problem) for problem in section.problems][:1] == [
        "a.md:1:3: error: the private character U+E000 cannot be printed [character-is-printable]"
    ]
    assert section.citations[0].span == Span(HOME, 1, 7)


def test_a_long_section_is_read_in_good_order() -> None:
    """A thousand paragraphs, each with its line."""
    text = "\n\n".join(f"Paragraph {n} with a note.[@key{n}, {n}]" for n in range(1000))
    section = read(text)
    assert [int(p.get("data-line")) for p in section.body] == list(range(1, 2001, 2))
    assert [c.works[0].key for c in section.citations] == [f"key{n}" for n in range(1000)]
