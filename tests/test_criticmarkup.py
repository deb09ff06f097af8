"""Marks of editing: what they say of a text, and files in which they are settled."""

import re
from pathlib import Path

import pytest
from lxml import etree
from support import FIXTURES, Case, cases, chapter, write_book

from octavo import criticmarkup, manuscript, markdown, resolving
from octavo.criticmarkup import Mode
from octavo.headers import Header
from octavo.manuscript import Source
from octavo.markdown.keeping import remembered
from octavo.markdown.tree import Element, Section
from octavo.problems import BookError, Severity, Span
from octavo.store import Store

HOME = Path("content/chapters/one.md")
CASES = [case for case in cases(FIXTURES / "markdown" / "editorial.md") if "{+" in case.given]
PAIRS = [
    ("a {++b++} c", "a b c", "a  c"),
    ("a {--b --}c", "a c", "a b c"),
    ("a {~~b~>c~~}d", "a cd", "a bd"),
    ("a {~~~>c~~}", "a c", "a "),
    ("a{>>b<<} c {>>d<<} e", "a c e", "a c e"),
    ("{==a {++b++}==}{>>c<<}", "a b", "a "),
    ("a\n{--b--}\nc", "a\nc", "a\nb\nc"),
    ("a\n\n{--b\n\nc--}\n\nd", "a\n\n\nd", "a\n\nb\n\nc\n\nd"),
    ("a\n\n{++\nb\n\nc\n++}\n\nd", "a\n\nb\n\nc\n\nd", "a\n\n\nd"),
    ("- a\n{++- b\n++}- c\n", "- a\n- b\n- c\n", "- a\n- c\n"),
    ("> {--a--}\n> b\n", "> b\n", "> a\n> b\n"),
    ("a{++\n\n++}b", "a\n\nb", "ab"),
    ("a\n{--b--}", "a", "a\nb"),
    ("`{++a++}` \\{++b++\\} <!-- {++c++} -->", None, None),
    ("```\n{++a++}\n```\n", None, None),
    ("a {++++}b{----}", "a b", "a b"),
]


def read(text: str, marks: Mode) -> Section:
    source = Source("one", "body", HOME, Header(title="T"), text, 1, marks)
    return markdown.parse(source, "en", lambda path: (FIXTURES / path).read_bytes())


@pytest.mark.parametrize(("text", "accepted", "rejected"), PAIRS)
def test_changes_are_settled(text: str, accepted: str | None, rejected: str | None) -> None:
    assert criticmarkup.settled(text, accept=True).text == (text if accepted is None else accepted)
    assert criticmarkup.settled(text, accept=False).text == (text if rejected is None else rejected)


def test_every_sign_that_stays_is_known_by_its_place() -> None:
    for text, *_ in PAIRS:
        for accept in (True, False):
            done = criticmarkup.settled(text, accept=accept)
            stood = [text[done.origin(at)] for at in range(len(done.text))]
            assert "".join(stood) == done.text, text


def test_a_comment_says_who_made_it_and_when() -> None:
    said = {
        "@anna 2026-11-20: why: so<<}": ("why: so", "anna", "2026-11-20"),
        "@Anna Berg, 2026-11-20T10:11:12Z: x<<}": ("x", "Anna Berg", "2026-11-20T10:11:12Z"),
        "@anna: x<<}": ("x", "anna", ""),
        "anna: x\n y<<}": ("anna: x y", "", ""),
    }
    for written, expected in said.items():
        (mark,) = criticmarkup.find("{>>" + written).marks
        assert (mark.text, mark.author, mark.date) == expected


def bare(tree: Element) -> str:
    """Write a tree without places in the source, and without white space that says nothing."""
    copied = etree.fromstring(etree.tostring(tree))
    for element in copied.iter():
        for name in ("data-line", "data-column", "data-mark"):
            element.attrib.pop(name, None)
    text = re.sub(r"\s+", " ", etree.tostring(copied, encoding="unicode"))
    return re.sub(r" (?=</(?:p|h2|li|td|figcaption)>)", "", text)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_build_reads_what_resolve_writes(case: Case) -> None:
    modes: tuple[Mode, ...] = ("accept", "reject")
    for marks in modes:
        settled = criticmarkup.settled(case.given, accept=marks == "accept").text
        one, other = read(case.given, marks), read(settled, marks)
        trees = zip(one.notes, other.notes, strict=True)
        assert bare(one.body) == bare(other.body)
        assert all(bare(a.body) == bare(b.body) for a, b in trees)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_proof_is_the_accepted_text_with_what_was_taken_out_beside_it(case: Case) -> None:
    accepted, proof = read(case.given, "accept"), read(case.given, "show")
    if any(problem.severity is Severity.ERROR for problem in accepted.problems):
        return
    kept = etree.fromstring(etree.tostring(proof.body))
    for element in list(kept.iter("del", "ins", "span")):
        if element.tag == "del" or element.get("class") in {"comment", "paragraph-end"}:
            element.tag = "gone"
    etree.strip_elements(kept, "gone", with_tail=False)
    etree.strip_tags(kept, "ins", "mark")
    expected = bare(accepted.body)
    if "paragraph-end" in etree.tostring(proof.body, encoding="unicode"):
        expected = "".join(expected.split())
        assert "".join(etree.fromstring(bare(kept)).itertext()).replace(" ", "") == "".join(
            etree.fromstring(bare(accepted.body)).itertext()
        ).replace(" ", "")
    else:
        assert bare(kept) == expected
    assert len(proof.notes) == len(accepted.notes)
    assert len(proof.citations) == len(accepted.citations)


def shown_words(section: Section) -> str:
    """Give all words of a proof, those taken out where they stood."""

    def said(element: Element) -> str:
        index = element.get("data-removed")
        inner = said(section.removed[int(index)].content) if index is not None else ""
        pieces = [element.text or "", inner]
        for child in element:
            pieces += [said(child), child.tail or ""]
        return "".join(pieces)

    return "".join("".join([said(section.body), *(said(n.body) for n in section.notes)]).split())


def test_no_word_of_either_text_is_lost_in_a_proof() -> None:
    text = (
        "One {++two++} three {--four--} *five {~~six~>seven~~}* eight.^[Nine {--ten--}.]\n\n"
        "{--Eleven.\n\nTwelve.--}\n\n{++Thirteen.++}\n\n- a\n{--- b--}\n\n{==Fourteen==}{>>no<<}."
    )
    assert shown_words(read(text, "show")) == (
        "Onetwothreefourfivesixseveneight.Eleven.Twelve.Thirteen.abFourteen.Nineten."
    )


def test_what_stands_behind_marks_is_found_at_its_place() -> None:
    section = read("{--old--}\n{>>x<<}\nA {++b++} {~~c~>d~~} [@gras].\n\n{++- e++} [@b]", "accept")
    assert [one.span for one in section.citations] == [Span(HOME, 3, 22), Span(HOME, 5, 11)]


def test_what_becomes_of_marks_belongs_to_a_section_s_key(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    modes: tuple[Mode, ...] = ("accept", "reject", "show")
    for _ in range(2):
        found = [_kept(marks, kept) for marks in modes]
        assert [bool(section.removed) for section in found] == [False, False, True]
        assert ["new" in "".join(one.body.itertext()) for one in found] == [True, False, True]


def _kept(marks: Mode, kept: Store) -> Section:
    source = Source("one", "body", HOME, Header(title="T"), "A {~~old~>new~~} b.", 1, marks)
    return remembered(lambda *given: read(given[0].body, given[0].marks), source, "en", _none, kept)


def _none(path: str) -> bytes:
    raise FileNotFoundError(path)


# Files


def write(tmp_path: Path, text: str | bytes, name: str = "content/chapters/one.md") -> Path:
    root = write_book(tmp_path / "b", {"one": chapter("One", "Text.")})
    data = text if isinstance(text, bytes) else text.encode()
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_bytes(data)
    return root


def resolved(root: Path, *files: str, accept: bool = True, keep: bool = False) -> list[str]:
    paths = [Path(file) for file in files]
    found, _ = resolving.resolve(root, paths, accept=accept, keep_comments=keep)
    return [one.path.as_posix() for one in found]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_nothing_else_changes_in_a_file(tmp_path: Path, end: str, mark: bytes) -> None:
    lines = ["---", 'title: "A {++new ++}title"', "---", "", "A\t{--b --}c  ", "{--gone--}", "d"]
    wanted = ["---", 'title: "A new title"', "---", "", "A\tc  ", "d"]
    root = write(tmp_path, mark + end.join(lines).encode())
    assert resolved(root) == ["content/chapters/one.md"]
    assert (root / HOME).read_bytes() == mark + end.join(wanted).encode()


def test_rejecting_gives_the_text_as_it_was(tmp_path: Path) -> None:
    root = write(tmp_path, "A {~~new~>old~~}{++ more++}.")
    resolved(root, "content/chapters/one.md", accept=False)
    assert (root / HOME).read_text() == "A new."


def test_comments_and_highlights_can_stay(tmp_path: Path) -> None:
    root = write(tmp_path, "A {++b++} {==c==}{>>d<<}.")
    assert resolved(root, keep=True) == ["content/chapters/one.md"]
    assert (root / HOME).read_text() == "A b {==c==}{>>d<<}."
    assert resolved(root, keep=True) == []
    assert resolved(root) == ["content/chapters/one.md"]
    assert (root / HOME).read_text() == "A b c."


def test_a_file_keeps_its_rights_and_others_are_not_touched(tmp_path: Path) -> None:
    root = write(tmp_path, "A {++b++}.")
    (root / HOME).chmod(0o600)
    other = root / "content" / "book.toml"
    before = other.stat().st_mtime_ns
    resolved(root)
    assert (root / HOME).stat().st_mode & 0o777 == 0o600
    assert other.stat().st_mtime_ns == before
    assert not list(root.rglob(".octavo-*"))


def test_tables_of_data_are_settled_too(tmp_path: Path) -> None:
    root = write(tmp_path, "a,b\n1,{~~2~>3~~}\n", "content/data/x.csv")
    assert resolved(root) == ["content/data/x.csv"]
    assert (root / "content/data/x.csv").read_text() == "a,b\n1,3\n"


def test_files_outside_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    root = write(tmp_path, "A {++b++}.")
    outside = tmp_path / "outside.md"
    outside.write_text("{++x++}")
    (root / "content" / "link.md").symlink_to(outside)
    for file in (str(outside), "content/link.md", "content/../../outside.md", "content/none.md"):
        with pytest.raises(BookError) as raised:
            resolved(root, "content/chapters/one.md", file)
        assert len(raised.value.problems) == 1
    assert (root / HOME).read_text() == "A {++b++}."
    assert outside.read_text() == "{++x++}"


@pytest.mark.parametrize("name", ["one", "one.md", "chapters/on.md"])
def test_a_file_that_is_not_there_is_named_with_the_one_that_may_be_meant(
    tmp_path: Path, name: str
) -> None:
    root = write(tmp_path, "A {++b++}.")
    with pytest.raises(BookError) as raised:
        resolved(root, name)
    (problem,) = raised.value.problems
    assert (problem.rule, problem.span.path) == ("file-is-readable", Path(name))
    assert problem.hint == f'did you mean "{HOME}"?'


def test_an_unsound_mark_in_one_file_stops_all(tmp_path: Path) -> None:
    root = write(tmp_path, "A {++b++}.")
    (root / "content" / "chapters" / "two.md").write_text("---\ntitle: T\n---\n\nA {++b.\n")
    with pytest.raises(BookError) as raised:
        resolved(root)
    (problem,) = raised.value.problems
    assert str(problem.span) == "content/chapters/two.md:5:3"
    assert (root / HOME).read_text() == "A {++b++}."


def test_titles_for_running_heads_have_no_marks(tmp_path: Path) -> None:
    root = write(tmp_path, '---\ntitle: T\nshort-title: "A {~~b~>c~~}"\n---\nText.\n')
    modes: tuple[Mode, ...] = ("accept", "reject", "show")
    shorts = [manuscript.load(root, m).sources[0].header.short_title for m in modes]
    assert shorts == ["A c", "A b", "A c"]


DATA = "Year,Tons\n1950,{~~1200~>1300~~}\n1951,1500\n"


def test_numbers_of_tables_and_charts_are_those_of_the_settled_data(tmp_path: Path) -> None:
    table = '![T](data/x.csv){#tbl-x .table plain="Year"}'
    chart = '![C](data/x.csv){#fig-x .bar x=Year y=Tons alt="C"}'
    for marks, number in (("accept", "1,300"), ("reject", "1,200")):
        found = data_read(f"{table}\n\n{chart}", "accept" if marks == "accept" else "reject")
        cells = [cell.text for cell in found.body.iter("td")]
        assert cells.count(number) == 2
        assert len(found.marks) == 2
        assert not found.problems
    proof = data_read(f"{table}\n\n{chart}", "show")
    assert proof.body.find(".//td/ins").text == "1300"
    (problem,) = proof.problems
    assert problem.rule == "editorial-mark-can-be-shown"
    assert str(problem.span) == "content/data/x.csv:2:6"


def data_read(text: str, marks: Mode) -> Section:
    source = Source("one", "body", HOME, Header(title="T"), text, 1, marks)
    return markdown.parse(source, "en", lambda path: DATA.encode())
