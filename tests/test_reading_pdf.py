"""The reading PDF of the real book: what a screen reader is told, and what the standards ask."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import page as validator
import pikepdf
import pypdfium2 as pdfium
import pytest
from conftest import RealBook
from lxml import etree
from support import SOFT_HYPHEN, Sign, plain_dialect, signs
from tagged import Element, Tagged

from octavo.book import Note, Section
from octavo.editions import text
from octavo.markdown import tree


def bare(words: str) -> str:
    """Give visible characters alone, without soft hyphens and joiners."""
    return re.sub(rf"[\s{SOFT_HYPHEN}\u2060]", "", words)


def text_of(element: tree.Element) -> str:
    return bare("".join(element.itertext()))


@pytest.fixture(scope="module")
def tagged(real_book: RealBook) -> Iterator[Tagged]:
    with pikepdf.open(io.BytesIO(real_book.pdf)) as pdf:
        yield Tagged(pdf)


@pytest.fixture(scope="module")
def printed(real_book: RealBook) -> list[list[Sign]]:
    return signs(real_book.pdf)


def parts(real: RealBook, tagged: Tagged) -> Iterator[tuple[Section, Element]]:
    """Give the sections of text, each with its element of structure."""
    for section, element in zip(real.book.sections, tagged.root.children, strict=True):
        if section.kind == "text":
            yield section, element


# Marks


def test_whatever_is_drawn_is_marked_or_an_artifact(tagged: Tagged) -> None:
    assert tagged.unmarked == []
    assert sum(map(len, tagged.marks)) > 1000


def test_every_mark_is_in_the_tree_exactly_once(tagged: Tagged) -> None:
    held = Counter(place for element in tagged.root for place in element.content)
    marked = {(page, mcid) for page, marks in enumerate(tagged.marks) for mcid in marks}
    assert set(held) == marked
    assert set(held.values()) == {1}


def test_the_parent_tree_agrees_with_the_tree(tagged: Tagged) -> None:
    numbers = list(tagged.pdf.Root.StructTreeRoot.ParentTree.Nums)
    keys = [int(key) for key in numbers[::2]]
    assert keys == sorted(set(keys))
    assert max(keys) < int(tagged.pdf.Root.StructTreeRoot.ParentTreeNextKey)
    parents = dict(zip(keys, numbers[1::2], strict=True))
    owners = {place: one.own.objgen for one in tagged.root for place in one.content}
    annotated = {
        annotation.objgen: one.own.objgen for one in tagged.root for annotation in one.annotations
    }
    used = set()
    for number, page in enumerate(tagged.pdf.pages):
        if not tagged.marks[number]:
            continue
        key = int(page.StructParents)
        used.add(key)
        assert [one.objgen for one in parents[key]] == [
            owners[number, mcid] for mcid in sorted(tagged.marks[number])
        ]
        for annotation in page.get("/Annots", pikepdf.Array()):
            key = int(annotation.StructParent)
            used.add(key)
            assert parents[key].objgen == annotated.pop(annotation.objgen)
    assert not annotated
    assert used == set(keys)


def test_every_element_knows_the_one_around_it(tagged: Tagged) -> None:
    for element in tagged.root:
        if element.parent is not None:
            assert element.own.P.objgen == element.parent.own.objgen
    assert tagged.root.own.P.objgen == tagged.pdf.Root.StructTreeRoot.objgen


def test_running_heads_and_folios_are_artifacts(real_book: RealBook, tagged: Tagged) -> None:
    title = real_book.book.config.title
    found = 0
    for section, place in zip(real_book.book.sections, real_book.pagination.sections, strict=True):
        for page in range(place.first, place.first + place.count):
            head = section.short_title if page % 2 == 0 else title
            label = str(tagged.pdf.pages[page].label)
            drawn = bare(tagged.artifacts[page])
            if section.kind in {"half-title", "title", "copyright"}:
                assert label not in drawn
                continue
            assert label in drawn
            if page != place.first:
                assert bare(head) in drawn
                found += 1
    assert found > 30


def test_only_furniture_leaders_and_repeated_heads_are_artifacts(
    real_book: RealBook, tagged: Tagged
) -> None:
    """Nothing of the text is."""
    book = real_book.book
    heads = {text_of(head) for section in book.sections for head in section.body.iter("thead")}
    heads.add("DateEventPage")  # that of the chronology, which is no table in its tree
    seen = 0
    for section, place in zip(book.sections, real_book.pagination.sections, strict=True):
        furniture = {bare(book.config.title), bare(section.short_title)}
        for page in range(place.first, place.first + place.count):
            drawn = bare(tagged.artifacts[page]).replace(".", "")
            for piece in sorted(furniture, key=len, reverse=True):
                drawn = drawn.removeprefix(piece)
            label = str(tagged.pdf.pages[page].label)
            rest = drawn.replace(label, "", 1)
            for piece in sorted(furniture, key=len, reverse=True):
                rest = rest.removeprefix(piece)
            if rest:
                assert any(rest.startswith(head.replace(".", "")) for head in heads), (page, rest)
            seen += 1
    assert seen > 50


# Reading order


def reading_order(section: Section, real: RealBook) -> str:
    """Give the words of a section as they are to be read.

    A note comes behind the paragraph, cell or caption that calls it; a table's caption comes
    before its cells.
    """
    dialect = plain_dialect(real.pagination.folios)
    notes = {note.id: note for note in section.notes}
    body = text.body(section, real.book, dialect)
    for call in list(body.iter("a")):
        if call.get("class") != "note-call":
            continue
        call.text = (call.text or "").strip("[]")
        note = notes[call.get("href")[1:]]
        caller = next(one for one in call.iterancestors() if one.tag in CALLERS)
        caller.append(_printed(note, section, real))
    for figure in body.iter("figure"):
        for caption in figure.findall("figcaption"):
            if figure.find(".//table") is not None:
                figure.remove(caption)
                figure.insert(0, caption)
    opening = section.number + section.title_text + section.author
    return bare(opening) + text_of(body)


CALLERS = {"p", "td", "th", "figcaption", "li", "pre", *(f"h{level}" for level in range(1, 7))}


def _printed(note: Note, section: Section, real: RealBook) -> tree.Element:
    printed = etree.Element("span")
    printed.text = f"{note.number}."
    printed.append(text.note(note, section, real.book, plain_dialect(real.pagination.folios)))
    return printed


def test_the_words_are_read_in_the_manuscripts_order(real_book: RealBook, tagged: Tagged) -> None:
    count = 0
    for section, element in parts(real_book, tagged):
        read = bare("".join(_without_list_labels(tagged, element)))
        assert read == reading_order(section, real_book), section.id
        count += len(read)
    assert count > 80_000


def _without_list_labels(tagged: Tagged, element: Element) -> Iterator[str]:
    for kid in element.kids:
        if isinstance(kid, tuple):
            yield tagged.marks[kid[0]][kid[1]]
        elif isinstance(kid, Element) and not (kid.kind == "Lbl" and element.kind == "LI"):
            yield from _without_list_labels(tagged, kid)


def test_words_are_parted_by_white_space_or_by_elements(
    real_book: RealBook, tagged: Tagged
) -> None:
    """What is read aloud is words, not a long one."""
    for section, element in parts(real_book, tagged):
        known = set(re.findall(r"[^\W\d]+", " ".join(_texts(section, real_book))))
        for paragraph in element.all("P"):
            read = tagged.text(paragraph, "Note").replace(SOFT_HYPHEN, "")
            run_together = set(re.findall(r"[^\W\d]+", read)) - known
            assert not run_together, section.id


def _texts(section: Section, real: RealBook) -> Iterator[str]:
    dialect = plain_dialect(real.pagination.folios)
    trees = [text.body(section, real.book, dialect)]
    trees += [text.note(note, section, real.book, dialect) for note in section.notes]
    for one in trees:
        yield from one.itertext()


def test_a_note_comes_right_behind_what_calls_it(real_book: RealBook, tagged: Tagged) -> None:
    count = 0
    for note in tagged.root.all("Note"):
        caller = note.parent
        assert caller is not None
        assert caller.kind in {"P", "TD", "TH", "Caption", "LBody", "H2", "H3", "Sect"}
        (after,) = [index for index, kid in enumerate(caller.kids) if kid is note]
        rest = caller.kids[after:]
        assert all(isinstance(kid, Element) and kid.kind == "Note" for kid in rest)
        calls = [
            link.annotations[0].Dest
            for link in caller.all("Link")
            if link.annotations and not any(one.kind == "Note" for one in link.around)
        ]
        assert str(note.own.ID) in map(str, calls)
        count += 1
    assert count == sum(len(section.notes) for section in real_book.book.sections)


def test_lists_number_their_items(real_book: RealBook, tagged: Tagged) -> None:
    labels = []
    for section, element in parts(real_book, tagged):
        wanted = []
        for found in section.body.iter("ol", "ul"):
            items = found.findall("li")
            numbers = [f"{n}." for n in range(int(found.get("start", 1)), len(items) + 1)]
            wanted.append(numbers if found.tag == "ol" else ["•"] * len(items))
        lists = [one for one in element.all("L") if not any(up.kind == "Note" for up in one.around)]
        found = [
            [bare(tagged.text(label)) for item in one.children for label in item.children[:1]]
            for one in lists
        ]
        assert found == wanted
        labels += found
        for one in lists:
            assert {item.kind for item in one.children} == {"LI"}
            assert {tuple(kid.kind for kid in item.children) for item in one.children} == {
                ("Lbl", "LBody")
            }
    assert sum(map(len, labels)) > 5


# Notes and links


def is_chronology(element: Element) -> bool:
    """Tell whether an element is the chronology, whose table its section's tree does not have."""
    return element.kind == "Sect" and str(element.own.get("/ID", "")) == "chronology"


def test_a_call_is_a_reference_whose_link_leads_to_the_note(
    real_book: RealBook, tagged: Tagged
) -> None:
    notes = {str(note.own.ID): note for note in tagged.root.all("Note")}
    wanted = [note for section in real_book.book.sections for note in section.notes]
    assert len(notes) == len(tagged.root.all("Note")) == len(wanted) > 100
    calls = {}
    for link in tagged.root.all("Link"):
        inside = [one for one in link.around if one.kind == "Note" or is_chronology(one)]
        target = str(link.annotations[0].get("/Dest", ""))
        if target in notes and not inside:
            assert link.parent is not None
            assert link.parent.kind == "Reference"
            calls[target] = link
    assert set(calls) == set(notes) == {note.id for note in wanted}
    for note in wanted:
        (annotation,) = calls[note.id].annotations
        assert bare(tagged.text(calls[note.id])) == str(note.number)
        assert str(annotation.Contents) == f"Note {note.number}"


def test_a_note_has_a_label_that_leads_back(real_book: RealBook, tagged: Tagged) -> None:
    wanted = {note.id: note for section in real_book.book.sections for note in section.notes}
    for element in tagged.root.all("Note"):
        note = wanted[str(element.own.ID)]
        label, *_ = element.children
        assert label.kind == "Lbl"
        assert bare(tagged.text(label)) == f"{note.number}."
        (link,) = label.children
        (annotation,) = link.annotations
        assert link.kind == "Link"
        assert str(annotation.Dest) == note.call_id
        assert str(annotation.Contents).startswith(f"Note {note.number}. ")


def test_the_id_tree_names_every_note(tagged: Tagged) -> None:
    names = list(tagged.pdf.Root.StructTreeRoot.IDTree.Names)
    keys = [bytes(name) for name in names[::2]]
    assert keys == sorted(keys)
    assert len(keys) == len(set(keys))
    found = {bytes(name): one.objgen for name, one in zip(names[::2], names[1::2], strict=True)}
    with_ids = {bytes(one.own.ID): one.own.objgen for one in tagged.root if "/ID" in one.own}
    assert found == with_ids
    assert {bytes(one.own.ID) for one in tagged.root.all("Note")} <= set(keys)


def test_every_link_says_in_words_where_it_leads(tagged: Tagged) -> None:
    names = {str(name) for name in list(tagged.pdf.Root.Names.Dests.Names)[::2]}
    count = 0
    for page in tagged.pdf.pages:
        for annotation in page.get("/Annots", pikepdf.Array()):
            assert str(annotation.Contents).strip()
            if "/Dest" in annotation:
                assert str(annotation.Dest) in names
            else:
                assert str(annotation.A.URI).startswith(("https://", "http://"))
            count += 1
    assert count > 500
    links = [annotation for link in tagged.root.all("Link") for annotation in link.annotations]
    assert len(links) == count


def test_links_lie_on_their_words(tagged: Tagged, printed: list[list[Sign]]) -> None:
    """Each rectangle holds the characters that are marked as the link's, and no others."""
    where = {page.obj.objgen: number for number, page in enumerate(tagged.pdf.pages)}
    of_page = {
        annotation.objgen: where[page.obj.objgen]
        for page in tagged.pdf.pages
        for annotation in page.get("/Annots", pikepdf.Array())
    }
    for link in tagged.root.all("Link"):
        inside = ""
        for annotation in link.annotations:
            left, bottom, right, top = map(float, annotation.Rect)
            inside += "".join(
                sign.text
                for sign in printed[of_page[annotation.objgen]]
                if left - 0.1 <= (sign.left + sign.right) / 2 <= right + 0.1
                and bottom - 0.5 <= sign.y <= top + 0.5
            )
        # A table of contents has leaders between the words, which are artifacts.
        read = bare(tagged.text(link))
        assert Counter(bare(inside).replace(".", "")) == Counter(read.replace(".", "")), read


# What elements say


def test_passages_in_other_languages_say_so(real_book: RealBook, tagged: Tagged) -> None:
    found: Counter[tuple[str, str]] = Counter()
    wanted: Counter[tuple[str, str]] = Counter()
    for section, element in parts(real_book, tagged):
        for one in element:
            if one.language:
                found[one.language, bare(tagged.text(one, "Note"))] += 1
        dialect = plain_dialect(real_book.pagination.folios)
        trees = [text.body(section, real_book.book, dialect)]
        trees += [text.note(note, section, real_book.book, dialect) for note in section.notes]
        for passage in (p for whole in trees for p in whole.iter() if p.get("lang")):
            around = next((up.get("lang") for up in passage.iterancestors() if up.get("lang")), "")
            if passage.get("lang") != (around or real_book.book.config.language):
                words = re.sub(r"\[(\d+)\]", r"\1", text_of(passage))
                if words:
                    wanted[passage.get("lang"), words] += 1
    assert found == wanted
    assert sum(found.values()) > 50
    languages = {one.language.split("-")[0] for one in tagged.root}
    assert languages >= {"vi", "zh"}
    assert str(tagged.pdf.Root.Lang) == real_book.book.config.language


def test_tables_are_regular_and_their_heads_say_what_they_head(
    real_book: RealBook, tagged: Tagged
) -> None:
    tables = [
        table for table in tagged.root.all("Table") if not any(map(is_chronology, table.around))
    ]
    tables_ = (one for section in real_book.book.sections for one in section.body.iter("table"))
    wanted = [one for one in tables_ if one.get("class") != "data noindex"]
    assert len(tables) == len(wanted) > 3
    for table, source in zip(tables, wanted, strict=True):
        assert table.children[0].kind == "Caption"
        assert {one.kind for one in table.children[1:]} == {"THead", "TBody"}
        rows = table.all("TR")
        assert len(rows) == len(list(source.iter("tr")))
        widths = {
            sum(int(cell.attribute("/ColSpan") or 1) for cell in row.children) for row in rows
        }
        assert len(widths) == 1
        for head in table.all("TH"):
            up = next(one.kind for one in head.around if one.kind in {"THead", "TBody"})
            scope = str(head.attribute("/Scope"))
            assert scope == ("/Column" if up == "THead" else "/Row")
        for row in table.children[1].all("TR"):
            assert {cell.kind for cell in row.children} == {"TH"}
        assert [len(row.children) for row in rows] == [
            len([cell for cell in row if cell.tag in {"td", "th"}]) for row in source.iter("tr")
        ]


def test_the_contents_are_a_table_of_contents(real_book: RealBook, tagged: Tagged) -> None:
    (number,) = [n for n, s in enumerate(real_book.book.sections) if s.kind == "contents"]
    contents = tagged.root.children[number]
    assert len(contents.all("TOC")) == 1
    items = contents.all("TOCI")
    assert len(items) > 20
    for item in items:
        assert item.parent is not None
        assert item.parent.kind == "TOC"
        (reference,) = [one for one in item.children if one.kind == "Reference"]
        (link,) = reference.children
        assert link.kind == "Link"
        assert {str(one.Dest) for one in link.annotations} <= set(real_book.pagination.folios)
        folio = real_book.pagination.folios[str(link.annotations[0].Dest)]
        assert bare(tagged.text(reference)).endswith(folio)


def test_headings_go_down_step_by_step(real_book: RealBook, tagged: Tagged) -> None:
    for section, element in parts(real_book, tagged):
        levels = [int(one.kind[1:]) for one in element if re.fullmatch(r"H\d", one.kind)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(later - before <= 1 for before, later in pairwise(levels))
        titles = [bare(tagged.text(one, "Note")) for one in element.all("H2", "H3", "H4")]
        assert titles == [
            re.sub(r"\[(\d+)\]", r"\1", text_of(heading))
            for heading in text.body(section, real_book.book, plain_dialect()).iter(
                "h2", "h3", "h4"
            )
        ]


def test_a_paragraph_that_runs_over_a_page_is_one(real_book: RealBook, tagged: Tagged) -> None:
    known = set()
    for section in real_book.book.sections:
        body = text.body(section, real_book.book, plain_dialect(real_book.pagination.folios))
        known |= {re.sub(r"\[(\d+)\]", r"\1", text_of(paragraph)) for paragraph in body.iter("p")}
    count = 0
    for _, element in parts(real_book, tagged):
        for paragraph in element.all("P"):
            inner = [one for one in paragraph if not _is_in_note(one, paragraph)]
            pages = {page for one in inner for page, _ in one.content}
            if len(pages) > 1 and not any(one.kind == "Note" for one in paragraph.around):
                assert max(pages) - min(pages) == len(pages) - 1
                assert bare(tagged.text(paragraph, "Note")) in known
                count += 1
    assert count > 20


def _is_in_note(element: Element, below: Element) -> bool:
    while element is not below:
        if element.kind == "Note":
            return True
        assert element.parent is not None
        element = element.parent
    return False


# Search, fonts, standards


def test_broken_words_are_found_whole(real_book: RealBook, printed: list[list[Sign]]) -> None:
    """In PDFium's text, as a browser searches it; a word that runs over a page is not.

    PDFium gives U+FFFE for a hyphen that it takes to break a word; browsers leave that out.
    """
    found = 0
    with pdfium.PdfDocument(real_book.pdf) as pdf:
        for number, page in enumerate(printed):
            read = pdf[number].get_textpage()
            searched = read.get_text_range().replace("\ufffe", "")
            for word in broken_words(page):
                assert word in searched, (number, word)
                found += 1
            read.close()
    assert found > 100


def broken_words(page: list[Sign]) -> Iterator[str]:
    for index, sign in enumerate(page):
        if sign.text != SOFT_HYPHEN or index + 1 == len(page):
            continue
        behind = page[index + 1]
        goes_on = behind.size == sign.size and 0 < sign.y - behind.y < 1.5 * sign.size
        if not goes_on:
            continue
        before = re.search(r"[^\W\d]+$", "".join(one.text for one in page[:index]))
        rest = re.match(r"[^\W\d]+", "".join(one.text for one in page[index + 1 :]))
        assert before
        assert rest
        yield before[0] + rest[0]


def test_nothing_but_hyphens_stands_for_another_text(tagged: Tagged) -> None:
    found = Counter(
        bytes(step.operands[1].ActualText)
        for page in tagged.pdf.pages
        for step in pikepdf.parse_content_stream(page)
        if str(step.operator) == "BDC" and "/ActualText" in step.operands[1]
    )
    assert set(found) == {b"\xfe\xff" + SOFT_HYPHEN.encode("utf-16-be")}
    assert found.total() > 100


def test_each_face_is_embedded_once(tagged: Tagged) -> None:
    fonts = [
        one
        for one in tagged.pdf.objects
        if isinstance(one, pikepdf.Dictionary) and one.get("/Subtype") == pikepdf.Name.Type0
    ]
    names = [str(font.BaseFont).split("+")[1] for font in fonts]
    assert len(names) == len(set(names)) > 3
    descriptors = [font.DescendantFonts[0].FontDescriptor for font in fonts]
    files = [one["/FontFile2" if "/FontFile2" in one else "/FontFile3"] for one in descriptors]
    assert len({file.objgen for file in files}) == len(files)
    assert all(re.match(r"/[A-Z]{6}\+", str(font.BaseFont)) for font in fonts)


def test_the_document_says_what_it_keeps_to(real_book: RealBook, tagged: Tagged) -> None:
    config = real_book.book.config
    with tagged.pdf.open_metadata() as xmp:
        assert xmp["dc:title"] == config.full_title
        assert xmp["dc:creator"] == [one.name for one in config.creators()]
        assert xmp["dc:subject"] == set(config.subjects)
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("2", "A")
        assert xmp["pdfuaid:part"] == "1"
    assert bool(tagged.pdf.Root.MarkInfo.Marked)
    assert bool(tagged.pdf.Root.ViewerPreferences.DisplayDocTitle)


@pytest.mark.parametrize(
    "profile", [validator.ValidationProfile.PDF_A_2A, validator.ValidationProfile.PDF_UA_1]
)
def test_the_standards_are_kept(real_book: RealBook, profile: validator.ValidationProfile) -> None:
    report = validator.validate_pdf_bytes(real_book.pdf, profile=profile)
    assert [(one.rule_id, one.message) for one in report.failures] == []
    assert report.is_compliant
    assert report.rules.total > 50
