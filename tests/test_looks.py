"""How pages look: each case on a tiny page, and a small book with its folios and lines."""

import io
import shutil
from pathlib import Path

import pytest
from PIL import Image
from support import Settings, chapter, lines, signs, write_book

from octavo import build
from octavo.problems import Problem, Severity
from octavo.typeset import layout
from octavo.typeset.facts import Job, Look

CSS = """
@page { size: 150pt 120pt; margin: 10pt; @footnote { margin-top: 10pt } }
html { font: 10pt "EB Garamond"; line-height: 10pt }
body { margin: 0; orphans: 1; widows: 1; hyphens: manual; text-align: justify }
p, figure, h2 { margin: 0; font-size: 10pt }
h2 { break-after: avoid; font-weight: 400 }
figure { break-inside: avoid; line-height: 0 }
.note-call { line-height: 0; font-size: 6pt }
.footnote { float: footnote; font-size: 8pt; line-height: 10pt }
.footnote::footnote-call, .footnote::footnote-marker { content: none; line-height: 0 }
"""


def looks(face_rules: str, body: str) -> tuple[Look, ...]:
    html = f'<html lang="en"><head><title>T</title></head><body id="s">{body}</body></html>'
    return layout.lay_out(Job("s", html, (face_rules + CSS,), 150, 100, 10, "en")).looks


def paragraph(text: str, line: int = 7) -> str:
    return f'<p data-line="{line}" data-block="b1">{text}</p>'


def seen(face_rules: str, body: str, rule: str) -> list[tuple[int, int, str]]:
    """Give page, line and words of what one rule sees."""
    found = looks(face_rules, body)
    return [(one.page, one.line, "".join(one.words)) for one in found if one.rule == rule]


def test_a_line_with_wide_gaps_is_loose(face_rules: str) -> None:
    loose = paragraph("a bb unbreakablylongerwordthatfitsnot cc dd ee ff gg hh ii jj kk")
    assert seen(face_rules, loose, "lines-are-tight") == [(0, 7, "a bb")]
    ragged = loose.replace("<p ", '<p style="text-align: left" ')
    assert seen(face_rules, ragged, "lines-are-tight") == []


@pytest.mark.parametrize(("count", "found"), [(2, 0), (3, 1), (4, 2)])
def test_a_stack_of_hyphens_is_one_of_three_and_more(
    count: int, found: int, face_rules: str
) -> None:
    line = "abcdefghijklmnopqrst-<br/>"
    body = paragraph(line * count + "end of it.")
    assert len(seen(face_rules, body, "hyphens-are-few")) == found


def test_a_last_line_of_a_few_letters_is_short(face_rules: str) -> None:
    rule = "last-line-has-words"
    assert seen(face_rules, paragraph("one two three<br/>is."), rule) == [(0, 7, "is.")]
    assert seen(face_rules, paragraph("one two three<br/>is it."), rule) == []
    assert seen(face_rules, paragraph("is."), rule) == []
    broken = paragraph("one two three four five undevel\u00adoped")
    assert seen(face_rules, broken, rule) == [(0, 7, "oped")]
    heading = '<h2 data-line="3">one<br/>two</h2>' + paragraph("three")
    assert seen(face_rules, heading, rule) == []


def test_what_no_editor_wrote_is_left_alone(face_rules: str) -> None:
    body = paragraph("one two<br/>is.").replace(' data-line="7"', "")
    assert looks(face_rules, body) == ()


def test_a_page_is_short_where_what_follows_moves_whole(face_rules: str) -> None:
    style = "line-height: 10pt; height: 30pt"
    picture = f'<figure data-line="9" style="{style}">x<br/>y<br/>z</figure>'
    body = paragraph("<br/>".join(["text"] * 8)) + picture
    (look,) = (one for one in looks(face_rules, body) if one.rule == "page-is-filled")
    assert (look.page, look.line) == (0, 7)
    assert look.message == "this page is 2 lines short: what follows moves whole"
    full = paragraph("<br/>".join(["text"] * 9)) + picture
    assert seen(face_rules, full, "page-is-filled") == []


def test_the_last_page_of_a_section_may_have_too_little(face_rules: str) -> None:
    rule = "last-page-has-lines"
    assert seen(face_rules, paragraph("<br/>".join(["text"] * 12)), rule) == [(1, 7, "")]
    assert seen(face_rules, paragraph("<br/>".join(["text"] * 14)), rule) == []
    assert seen(face_rules, paragraph("text"), rule) == []


def png(width: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, 40), "white").save(out, "PNG")
    return out.getvalue()


TEXT = """\
A paragraph with a picture behind it, and with a note in it.[^n]

![Few](figures/few.png){#fig-few alt="few"}

![Many](figures/many.png){#fig-many alt="many"}

[^n]: This is a note, and its number is
    1234567890123456789012345678901234567890123456789012345678901234567890 or so.
"""


def deep(root: Path) -> list[Problem]:
    return list(build.review_pages(root, 1, lambda words: None).problems)


def test_what_is_seen_has_its_folio_and_its_place(tmp_path: Path) -> None:
    files = {"content/figures/few.png": png(300), "content/figures/many.png": png(2000)}
    more = '[checks]\nlast-line-has-words = "off"\n'
    root = write_book(tmp_path, {"one": chapter("One", TEXT)}, Settings(more=more, files=files))
    everything = deep(root)
    found = [problem for problem in everything if problem.rule == "images-are-fine-enough"]
    assert [(str(problem.span), problem.message) for problem in found] == [
        (
            "content/chapters/one.md:6",
            "this picture has 96 pixels per inch: it is 300 pixels wide, and printed 3.1 inches "
            "wide (page 1)",
        )
    ]
    assert found[0].severity is Severity.WARNING
    loose = [problem for problem in everything if problem.rule == "lines-are-tight"]
    assert loose
    rows = (root / "content/chapters/one.md").read_text().split("\n")
    for problem in loose:
        row = rows[problem.span.line - 1]
        assert row[problem.span.column - 1 :].startswith("This is a note, and")
        assert problem.message.endswith("em (page 1)")
    silenced = TEXT.replace("![Few]", "<!-- octavo: allow images-are-fine-enough: old -->\n![Few]")
    (root / "content/chapters/one.md").write_text(chapter("One", silenced))
    assert "images-are-fine-enough" not in {problem.rule for problem in deep(root)}


def test_a_notes_lines_end_where_the_page_has_it_and_not_where_its_source_does(
    tmp_path: Path,
) -> None:
    text = "A note.[^n]\n\n[^n]: One two\n    three  four *five\n    six* seven.\n"
    root = write_book(tmp_path, {"one": chapter("One", text)})
    build.build(root, root / "dist", ("print",), 1, lambda words: None)
    page = lines(signs((root / "dist/salt.pdf").read_bytes())[0])
    assert "1. One two three four five six seven." in page


def test_a_note_that_is_carried_over_is_named_where_it_is_written(tmp_path: Path) -> None:
    words = " ".join(f"word{n}" for n in range(900))
    text = f"A note.[^n]\n\n[^n]: {words}\n"
    root = write_book(tmp_path, {"one": chapter("One", text)})
    found = [problem for problem in deep(root) if problem.rule == "note-ends-on-its-page"]
    assert [(str(problem.span), problem.message) for problem in found] == [
        ("content/chapters/one.md:6:1", "this note ends on page 3 (page 1)")
    ]
    assert not (root / "dist").exists()
    shutil.rmtree(root / ".cache")
