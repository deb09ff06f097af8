"""Sections of a few words on a tiny page, laid out by WeasyPrint: what it does wrong by itself.

The page has ten lines of 10 pt; a note's lines are 10 pt high too.  Tests whose names end in
``_by_itself`` show a fault of WeasyPrint's that the code works around: when a new release lets one
of them fail, the workaround may go.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from support import ROOT, Sign, lines, signs
from weasyprint.layout import LayoutContext

from octavo import fonts
from octavo.fonts import Face
from octavo.templating import Templates
from octavo.typeset import cutting, layout
from octavo.typeset.facts import Job, Laid, MadeUp

CSS = """
@page { size: 150pt 120pt; margin: 10pt; @footnote { margin-top: 10pt } }
html { font: 10pt "EB Garamond", "Noto Serif TC"; line-height: 10pt }
body { margin: 0; orphans: 2; widows: 2; hyphens: manual }
p, figure, ul, blockquote, table, h2 { margin: 0; font-size: 10pt }
.note-call { line-height: 0; vertical-align: super; font-size: 6pt }
.footnote { float: footnote; font-size: 8pt; line-height: 10pt; margin: 0 }
.footnote::footnote-call, .footnote::footnote-marker {
  content: none; font-size: inherit; line-height: 0; vertical-align: baseline }
.note-block { display: block }
table { border-collapse: collapse; width: 100% }
thead { display: table-header-group }
td, th { padding: 0; text-align: left; font-weight: 400 }
h2 { break-after: avoid; font-weight: 400 }
.keep { break-inside: avoid }
"""


@pytest.fixture(scope="module")
def styles(set_faces: tuple[Face, ...]) -> tuple[str, ...]:
    rules = "".join(
        f'@font-face {{ font-family: "{rule.family}"; font-style: {rule.style};'
        f' font-weight: {rule.weight}; src: url("{rule.url}") }}\n'
        for rule in fonts.print_rules(set_faces)
    )
    return (rules + CSS,)


def job(styles: tuple[str, ...], body: str, numbers: str = "") -> Job:
    html = f'<html lang="en"><head><title>T</title></head><body id="s">{body}</body></html>'
    return Job("s", html, styles, numbers, 150, 100, 10)


def laid(styles: tuple[str, ...], body: str) -> Laid:
    asked = job(styles, body)
    found = layout.lay_out(asked, layout.make_up(asked))
    assert found.pages == found.planned
    assert not found.log
    assert not found.overflows
    return found


def words(count: int, name: str = "w") -> str:
    """``w1 w2 …``: each can be found again; four or five fill a line."""
    return " ".join(f"{name}word{number}" for number in range(1, count + 1))


def note(number: int, text: str) -> str:
    return (
        f'<a class="note-call" id="c{number}" href="#n{number}">\u2060{number}</a>'
        f'<span class="footnote" id="n{number}"><span>{text}</span></span>'
    )


def pages(found: Laid) -> list[list[str]]:
    return [lines(page) for page in signs(found.pdf)]


def order(pdf: bytes, name: str) -> list[int]:
    """Give the numbers of the words so named, page by page, each from its top."""
    text = " ".join(" ".join(lines(page)) for page in signs(pdf))
    return [int(number) for number in re.findall(rf"{name}word(\d+)", text)]


def baselines(page: Sequence[Sign], size: float) -> list[float]:
    return sorted({round(s.y, 1) for s in page if abs(s.size - size) < 0.1}, reverse=True)


# Notes


@pytest.mark.parametrize("before", range(1, 36, 8))
@pytest.mark.parametrize("length", [1, 12, 50, 120])
def test_notes_begin_with_their_calls_and_no_word_is_lost(
    styles: tuple[str, ...], before: int, length: int
) -> None:
    body = f"<p>{words(before, 'a')} call{note(1, words(length, 'n'))} {words(30, 'b')}</p>"
    found = laid(styles, body)
    assert [fact.begins_with_call for fact in found.notes] == [True]
    assert found.notes[0].pages == tuple(
        range(found.notes[0].pages[0], found.notes[0].pages[-1] + 1)
    )
    for name, count in (("a", before), ("n", length), ("b", 30)):
        assert order(found.pdf, name) == list(range(1, count + 1)), name


def test_a_note_does_not_split_by_itself(styles: tuple[str, ...]) -> None:
    """Kozea/WeasyPrint#1833: what does not fit moves whole to the next page, or is lost."""
    body = f"<p>{words(20, 'a')} call{note(1, words(30, 'n'))}</p>"
    asked = job(styles, body)
    uncut = MadeUp("s", asked.html, 1, ())
    fact = layout.lay_out(asked, uncut).notes[0]
    assert not fact.begins_with_call
    assert laid(styles, body).notes[0].begins_with_call


def test_a_note_carried_over_goes_on_at_the_next_foot(styles: tuple[str, ...]) -> None:
    found = laid(styles, f"<p>call{note(1, words(60, 'n'))}</p><p>{words(40, 'b')}</p>")
    first, second, *_ = pages(found)
    assert "nword1" in " ".join(first)
    assert second[0].startswith("bword")
    assert "nword" in second[-1]
    assert found.notes[0].pages[:2] == (0, 1)


def test_a_note_behind_the_last_word_is_finished(styles: tuple[str, ...]) -> None:
    found = laid(styles, f"<p>end{note(1, words(150, 'n'))}</p>")
    assert found.pages > 3
    assert order(found.pdf, "n") == list(range(1, 151))


def test_several_notes_in_a_line_stand_in_order(styles: tuple[str, ...]) -> None:
    calls = "".join(note(number, words(9, f"n{number}")) for number in range(1, 7))
    found = laid(styles, f"<p>{words(6, 'a')}{calls} {words(20, 'b')}</p>")
    # Not all can begin on the page; those that do not are told.
    assert [fact.begins_with_call for fact in found.notes] == [True] * 2 + [False] * 4
    text = " ".join(" ".join(page) for page in pages(found))
    begins = [text.index(f"n{number}word1 ") for number in range(1, 7)]
    assert begins == sorted(begins)


def test_a_note_that_fits_exactly_moves_by_itself(
    styles: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """WeasyPrint compares sums of floats without slack; see ``layout._never_overflowing``."""
    look = CSS.replace("120pt", "524pt").replace("line-height: 10pt }", "line-height: 14pt }")
    look = look.replace("margin-top: 10pt", "margin-top: 7pt; padding-top: 6pt")
    look = look.replace("line-height: 10pt; margin", "line-height: 11.2pt; margin")
    dice = random.Random(1)
    body = "".join(
        f"<p>{words(dice.randint(3, 14), 'a')} call{note(n, words(dice.randint(1, 14), 'n'))}"
        f" {words(dice.randint(1, 14), 'b')}</p>"
        for n in range(60)
    )
    asked = replace(job((styles[0].replace(CSS, look),), body), height=504, leading=14)
    made = layout.make_up(asked)
    found = layout.lay_out(asked, made)
    assert found.pages == made.pages
    assert all(fact.begins_with_call for fact in found.notes)
    monkeypatch.setattr(LayoutContext, "_update_footnote_area", layout._update_footnote_area)
    by_itself = layout.lay_out(asked, made)
    assert by_itself.pages > made.pages
    assert not all(fact.begins_with_call for fact in by_itself.notes)


def test_paragraphs_in_notes(styles: tuple[str, ...]) -> None:
    blocks = "".join(f'<span class="note-block">{words(12, n)}</span>' for n in "nm")
    found = laid(styles, f"<p>{words(22, 'a')} call{note(1, blocks)} {words(9, 'b')}</p>")
    assert order(found.pdf, "n") == order(found.pdf, "m") == list(range(1, 13))


def test_notes_in_captions_and_cells(styles: tuple[str, ...]) -> None:
    """At the foot of a page, where rows go over with their notes."""
    rows = "".join(
        f"<tr><td>row{n}</td><td>cell{note(n, words(8, f'n{n}'))}</td></tr>" for n in range(2, 8)
    )
    found = laid(
        styles,
        f"<p>{words(12, 'a')}</p><figure><figcaption>cap{note(1, words(8, 'n1'))}</figcaption>"
        f"<table><thead><tr><th>head</th><th>tail</th></tr></thead><tbody>{rows}</tbody></table>"
        "</figure>",
    )
    assert len(found.notes) == 7
    assert all(fact.begins_with_call for fact in found.notes)
    for number in range(1, 8):
        assert order(found.pdf, f"n{number}") == list(range(1, 9))


def test_notes_in_lists_and_quotations(styles: tuple[str, ...]) -> None:
    items = "".join(f"<li>{words(9, f'i{n}')}{note(n, words(20, f'n{n}'))}</li>" for n in (1, 2, 3))
    found = laid(
        styles, f"<ul>{items}</ul><blockquote><p>q{note(4, words(30, 'n4'))}</p></blockquote>"
    )
    assert all(fact.begins_with_call for fact in found.notes)
    for name, count in (("i1", 9), ("i3", 9), ("n1", 20), ("n3", 20), ("n4", 30)):
        assert order(found.pdf, name) == list(range(1, count + 1)), name
    assert "".join("".join(page) for page in pages(found)).count("•") == 3


# Lines and pages


def test_calls_and_carried_notes_do_not_raise_their_lines(styles: tuple[str, ...]) -> None:
    """Every line stands on the grid of 10 pt, on the pages to which notes are carried too."""
    body = "".join(
        f"<p>{words(20, f'p{n}')} call{note(n, words(25, f'n{n}'))} {words(9, f'q{n}')}</p>"
        for n in range(1, 6)
    )
    found = laid(styles, body)
    assert found.pages > 4
    for page in signs(found.pdf):
        at = baselines(page, 10)
        assert at
        assert all(abs((a - b) % 10) < 0.15 or (a - b) % 10 > 9.85 for a, b in pairwise(at))
        assert abs(at[0] - baselines(signs(found.pdf)[0], 10)[0]) < 0.15


def test_the_empty_call_raises_its_line_by_itself(styles: tuple[str, ...]) -> None:
    """A footnote's own call, though its content is none, is higher than the line."""
    raised = (re.sub(r"content: none;.*?}", "content: none }", styles[0], flags=re.S),)
    body = f"<p>call{note(1, words(40, 'n'))}</p><p>{words(40, 'b')}</p>"
    firsts = []
    for look in (styles, raised):
        asked = job(look, body)
        page = signs(layout.lay_out(asked, layout.make_up(asked)).pdf)[1]
        firsts.append(baselines(page, 10)[0])
    assert firsts[1] < firsts[0] - 1


def test_the_books_stylesheet_keeps_the_grid(styles: tuple[str, ...]) -> None:
    look = Templates(ROOT).source("print/book.css").replace("font-weight: 400;", "")
    body = f"<p>{words(9, 'a')} call{note(1, words(30, 'n'))} {words(60, 'b')}</p>"
    found = laid((styles[0].split("@page")[0], CSS_PAGE, look), body)
    for page in signs(found.pdf):
        at = baselines(page, 11)
        assert all(abs(a - b - 14) < 0.1 for a, b in pairwise(at))


CSS_PAGE = "@page { size: 150pt 120pt; margin: 10pt } html { font-size: 11pt; line-height: 14pt }"


def test_widows_and_orphans(styles: tuple[str, ...]) -> None:
    """A paragraph of three lines is never cut, one of four in the middle only."""
    for before in range(1, 12):
        paragraph = f"<p>{words(11, 'x')}</p>"
        body = "<p>line</p>" * before + paragraph + f"<p>{words(14, 'y')}</p>"
        for page in pages(laid(styles, body)):
            for name in "xy":
                count = sum(f"{name}word" in line for line in page)
                assert count != 1, (before, name, page)


def test_a_heading_does_not_end_a_page(styles: tuple[str, ...]) -> None:
    for before in range(6, 11):
        body = "<p>line</p>" * before + f"<h2>Heading</h2><p>{words(12, 'x')}</p>"
        assert all(page[-1] != "Heading" for page in pages(laid(styles, body)))


def test_what_is_kept_together_moves_whole(styles: tuple[str, ...]) -> None:
    kept = '<div class="keep"><p>k1</p><p>k2</p></div>'
    for before in range(6, 11):
        for page in pages(laid(styles, "<p>line</p>" * before + kept + "<p>end</p>")):
            assert sum(line.startswith("k") for line in page) in {0, 2}


def test_a_table_is_broken_between_rows_and_its_head_stands_again(styles: tuple[str, ...]) -> None:
    rows = "".join(f"<tr><td>row{n}</td><td>{words(3, f'r{n}')}</td></tr>" for n in range(1, 31))
    found = laid(
        styles,
        "<p>before</p><table><thead><tr><th>head</th><th>tail</th></tr></thead>"
        f"<tbody>{rows}</tbody></table><p>after</p>",
    )
    made = pages(found)
    assert len(made) > 2
    assert made[0][:2] == ["before", "headtail"]
    assert all(page[0] == "headtail" for page in made[1:])
    text = [re.split(r"(?=r\d+word)", line)[0] for page in made for line in page if "row" in line]
    assert text == [f"row{n}" for n in range(1, 31)]
    assert made[-1][-1] == "after"


def test_a_broken_word_has_its_hyphen_and_stays_one(styles: tuple[str, ...]) -> None:
    """A paragraph that is cut within a word has its hyphen once, and no letter is lost."""
    css = (styles[0] + "body { hyphens: auto; orphans: 1; widows: 1 }",)
    text = " ".join(["incomprehensibilities", "extraordinarily", "international"] * 12)
    found = laid(css, f"<p>{text}</p>")
    assert found.pages > 1
    printed = [line for page in pages(found) for line in page]
    rejoined = "".join(re.sub(r"[\u2010-]$", "", line) for line in printed).replace(" ", "")
    assert rejoined == text.replace(" ", "")


def test_no_three_lines_in_a_row_end_in_a_hyphen(styles: tuple[str, ...]) -> None:
    css = (styles[0] + "body { hyphens: auto; text-align: justify }",)
    found = laid(css, f"<p>{' '.join(['incomprehensibilities'] * 40)}</p>")
    ends = [line[-1] in "\u2010-" for page in pages(found) for line in page]
    assert any(ends)
    assert not any(all(ends[at : at + 3]) for at in range(len(ends) - 2))


def test_the_last_line_of_a_page_is_full_in_a_paragraph_that_goes_on(
    styles: tuple[str, ...],
) -> None:
    css = (styles[0] + "body { text-align: justify }",)
    page = signs(laid(css, f"<p>{words(60, 'a')}</p>").pdf)[0]
    last = [sign for sign in page if abs(sign.y - min(s.y for s in page)) < 1]
    assert max(sign.right for sign in last) == pytest.approx(140, abs=1)


# Facts


def test_places_are_pages_and_points(styles: tuple[str, ...]) -> None:
    found = laid(styles, f'<p>{words(44, "a")} <span id="here">x</span> {words(9, "b")}</p>')
    assert found.places["s"].page == 0
    here = found.places["here"]
    assert here.page == 1
    x = next(sign for page in signs(found.pdf)[1:] for sign in page if sign.text == "x")
    assert here.x == pytest.approx(x.x, abs=0.5)
    assert here.y < 120 - x.y < here.y + 10


def test_a_note_in_pieces_is_one_note_and_has_one_place(styles: tuple[str, ...]) -> None:
    found = laid(styles, f"<p>call{note(1, words(90, 'n'))}</p>")
    assert [fact.id for fact in found.notes] == ["n1"]
    assert found.notes[0].pages == tuple(range(found.pages))
    assert found.places["n1"].page == 0
    assert f"n1{cutting.PIECE}2" in found.places


def test_what_stands_outside_the_sheet_is_told(styles: tuple[str, ...]) -> None:
    asked = job(styles, '<p>a</p><p style="position: relative; top: -60pt">b</p>')
    assert layout.lay_out(asked, layout.make_up(asked)).overflows == (0,)


def test_what_weasyprint_complains_of_is_told_once(styles: tuple[str, ...]) -> None:
    asked = job((*styles, "p { colour: red }"), "<p>a</p>")
    log = layout.lay_out(asked, layout.make_up(asked)).log
    assert len(log) == 1
    assert "colour" in log[0]


def test_the_same_job_gives_the_same_bytes(styles: tuple[str, ...]) -> None:
    body = f"<p>{words(20, 'a')} call{note(1, words(30, 'n'))} {words(30, 'b')}</p>"
    assert laid(styles, body) == laid(styles, body)


def test_folios_change_no_page(styles: tuple[str, ...]) -> None:
    """A section is made up once; its folios come when it is laid out."""
    numbers = (
        "@page { @top-left { content: counter(page) } } @page :first { counter-reset: page 45 }"
    )
    asked = job(styles, f"<p>{words(80, 'a')}</p>", numbers)
    made = layout.make_up(asked)
    assert made == layout.make_up(job(styles, f"<p>{words(80, 'a')}</p>"))
    found = layout.lay_out(asked, made)
    assert [page[0] for page in pages(found)] == [str(45 + n) for n in range(found.pages)]
