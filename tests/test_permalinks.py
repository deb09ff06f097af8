"""Permalinks: ids made of words, and the file that carries old ones over to edited passages."""

import random
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from lxml import etree
from support import Settings, octavo, write_book

from benchmarks import books
from octavo import build
from octavo.markdown.tree import Element
from octavo.permalinks import carrying, ledger, passages, recording, words
from octavo.permalinks.carrying import Carried
from octavo.permalinks.ledger import FILE, Ledger
from octavo.permalinks.passages import Kind, Passage

NONSENSE = '\n[checks]\nwords-are-spelled = "off"\n'
VOCABULARY = [
    f"{opening}{middle}{end}"
    for opening in ("sal", "bar", "ter", "mon", "vel", "cor", "din", "pra")
    for middle in ("i", "o", "a", "e")
    for end in ("t", "ra", "nes", "mur", "lock", "ding", "s")
]


def prose(seed: str, count: int = 60) -> str:
    """Make up a paragraph: rare words between the small ones that all paragraphs share."""
    chance = random.Random(seed)
    small = ("the", "of", "in the", "and", "to the", "was", "for")
    return " ".join(
        f"{chance.choice(small)} {chance.choice(VOCABULARY)}" for _ in range(count // 2)
    )


Text = Mapping[str, Sequence[str]]
"""A book for these tests: the paragraphs of each document; ``# …`` is a heading."""


def living(text: Text) -> tuple[Passage, ...]:
    found: list[Passage] = []
    for document, blocks in text.items():
        found.append(Passage(f"ch-{document}", "section", document, f"ch-{document}", "",
                             words.bare(document), is_own=True))  # fmt: skip
        for number, block in enumerate(blocks):
            said = words.bare(block)
            kind: Kind = "heading" if block.startswith("#") else "text"
            name = f"{document}--{'-'.join(said.split())}" if kind == "heading" else ""
            identifier, place = name or words.identifier(said), f"b{number}"
            home = f"ch-{document}"
            found.append(Passage(identifier, kind, document, home, place, said, is_own=bool(name)))
    return tuple(found)


def name_of(block: str) -> str:
    return words.identifier(words.bare(block))


class Editions:
    """A book's editions one after another, each recorded in the file of the one before."""

    def __init__(self, root: Path, text: Text) -> None:
        self.root = root
        (root / "content").mkdir(parents=True, exist_ok=True)
        self.ledger = Ledger()
        self.published: set[tuple[str, str]] = set()
        self.publish(text)

    def look(self, text: Text) -> Carried:
        return carrying.carry(self.ledger, living(text), ())

    def publish(self, text: Text) -> Carried:
        carried = self.look(text)
        data = recording.record(self.ledger, living(text), carried).data
        (self.root / FILE).write_bytes(data)
        self.ledger = ledger.load(self.root)
        assert self.ledger.problems == ()
        again = recording.record(self.ledger, living(text), self.look(text))
        assert again.data == data
        assert (again.new, again.carried, again.gone) == (0, 0, 0)
        self.published |= {(one.document, one.id) for one in living(text)}
        return carried

    def place(self, text: Text, document: str, name: str) -> tuple[str, str]:
        """Follow a link as a browser would: give the document and the id of the passage reached."""
        links, today = self.look(text).permalinks, living(text)
        documents = {one.section: one.document for one in today}
        moved = {one.id: one.section for one in links.moved.get(document, ())}
        if name in moved:
            document = documents[moved[name]]
        assert document in documents.values(), "the document has gone, and the id leads nowhere"
        here = [one for one in today if one.document == document]
        for one in here:
            if name == one.id or name in links.formers.get(one.section, {}).get(one.block, ()):
                return document, one.id
        raise AssertionError(f"{name} is nowhere in {document}")

    def all_links_hold(self, text: Text) -> None:
        for document, name in sorted(self.published):
            self.place(text, document, name)


A, B, C, D, E, F = (prose(letter) for letter in "abcdef")
BOOK = {"one": ["# Salt", A, B, C], "two": ["# Silk", D, E, F]}


def edited(text: str, changes: int = 5) -> str:
    """Change every so many words of a text."""
    found = text.split()
    step = len(found) // changes
    return " ".join("emended" if n % step == 0 else word for n, word in enumerate(found))


def halves(text: str) -> tuple[str, str]:
    found = text.split()
    middle = len(found) * 2 // 5
    return " ".join(found[:middle]), " ".join(found[middle:])


FIRST, SECOND = halves(B)
NEW = prose("new")

CHANGES: dict[str, tuple[Text, dict[str, tuple[str, str]]]] = {
    "edited": ({**BOOK, "one": ["# Salt", A, edited(B), C]}, {B: ("one", edited(B))}),
    "edited beyond a third": (
        {**BOOK, "one": ["# Salt", A, edited(B, 20), C]},
        {B: ("one", edited(B, 20))},
    ),
    "inserted": ({**BOOK, "one": ["# Salt", NEW, A, NEW + " too", B, C]}, {B: ("one", B)}),
    "divided": ({**BOOK, "one": ["# Salt", A, FIRST, SECOND, C]}, {B: ("one", FIRST)}),
    "joined": (
        {**BOOK, "one": ["# Salt", A, f"{B} {C}"]},
        {B: ("one", f"{B} {C}"), C: ("one", f"{B} {C}")},
    ),
    "moved": ({"one": ["# Salt", A, C], "two": ["# Silk", D, B, E, F]}, {B: ("two", B)}),
    "moved and edited": (
        {"one": ["# Salt", A, C], "two": ["# Silk", D, edited(B), E, F]},
        {B: ("two", edited(B))},
    ),
    "moved and joined": (
        {"one": ["# Salt", A, C], "two": ["# Silk", D, f"{E} {B}", F]},
        {B: ("two", f"{E} {B}"), E: ("two", f"{E} {B}")},
    ),
    "taken out": ({**BOOK, "one": ["# Salt", A, C]}, {B: ("one", A)}),
    "another in its place": ({**BOOK, "one": ["# Salt", A, NEW, C]}, {B: ("one", A)}),
    "turned round": ({**BOOK, "one": ["# Salt", C, B, A]}, {A: ("one", A), B: ("one", B)}),
    "two edited beyond a third": (
        {**BOOK, "one": ["# Salt", edited(A, 15), edited(B, 15), C]},
        {A: ("one", edited(A, 15)), B: ("one", edited(B, 15))},
    ),
    "chapter renamed": ({"first": BOOK["one"], "two": BOOK["two"]}, {B: ("first", B)}),
    "chapter taken out": ({"two": BOOK["two"]}, {}),
    "chapters joined": ({"two": [*BOOK["one"], *BOOK["two"]]}, {B: ("two", B)}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_links_to_the_last_edition_lead_to_their_places(change: str, tmp_path: Path) -> None:
    after, expected = CHANGES[change]
    editions = Editions(tmp_path, BOOK)
    for old, (document, new) in expected.items():
        home = "one" if old in BOOK["one"] else "two"
        assert editions.place(after, home, name_of(old)) == (document, name_of(new)), old
    editions.all_links_hold(after)
    editions.publish(after)
    for old, (document, new) in expected.items():
        home = "one" if old in BOOK["one"] else "two"
        assert editions.place(after, home, name_of(old)) == (document, name_of(new)), old
    editions.all_links_hold(after)


def test_links_hold_through_many_editions(tmp_path: Path) -> None:
    chance = random.Random(7)
    text = {f"d{n}": [prose(f"{n} {m}") for m in range(6)] for n in range(4)}
    editions = Editions(tmp_path, text)
    for turn in range(12):
        text = {name: list(blocks) for name, blocks in text.items()}
        name, other = chance.sample(sorted(text), 2)
        blocks = text[name]
        place = chance.randrange(len(blocks)) if blocks else 0
        match chance.choice(["edit", "divide", "join", "move", "delete", "insert"]):
            case "edit" if blocks:
                blocks[place] = edited(blocks[place]) + f" turn {turn}"
            case "divide" if blocks:
                blocks[place : place + 1] = halves(blocks[place])
            case "join" if len(blocks) > 1:
                blocks[:2] = [" ".join(blocks[:2])]
            case "move" if blocks:
                text[other].insert(0, blocks.pop(place))
            case "delete" if blocks:
                blocks.pop(place)
            case _:
                blocks.append(prose(f"inserted {turn}"))
        editions.all_links_hold(text)
        editions.publish(text)
        editions.all_links_hold(text)


def test_a_heading_that_is_written_anew_is_known_by_its_place(tmp_path: Path) -> None:
    editions = Editions(tmp_path, BOOK)
    after = {**BOOK, "one": ["# Of White Gold", *BOOK["one"][1:]]}
    assert editions.place(after, "one", "one--salt") == ("one", "one--of-white-gold")


def test_a_passage_without_successor_is_reported_until_it_is_recorded(tmp_path: Path) -> None:
    editions = Editions(tmp_path, BOOK)
    after = {**BOOK, "one": ["# Salt", A, C]}
    (problem,) = editions.look(after).problems()
    assert re.fullmatch(
        rf"content/permalinks\.txt:\d+: warning: nothing has come of the published passage .*"
        rf"{name_of(B)}\) \[passage-has-successor\]\n  hint: links to it lead to .*",
        str(problem),
    )
    lines = (tmp_path / FILE).read_text().split("\n")
    assert name_of(B) in lines[problem.span.line - 1]
    editions.publish(after)
    assert list(editions.look(after).problems()) == []


def test_the_editor_may_say_where_an_old_id_leads(tmp_path: Path) -> None:
    editions = Editions(tmp_path, BOOK)
    after = {**BOOK, "one": ["# Salt", A, C]}
    editions.publish(after)
    line = f"= {name_of(B)} one\n"
    text = (tmp_path / FILE).read_text()
    assert text.count(line) == 1
    text = re.sub(rf"(text {name_of(C)} .*\n)", rf"\1{line}", text.replace(line, ""))
    (tmp_path / FILE).write_text(text)
    editions.ledger = ledger.load(tmp_path)
    assert editions.place(after, "one", name_of(B)) == ("one", name_of(C))
    editions.publish(after)
    assert editions.place(after, "one", name_of(B)) == ("one", name_of(C))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Salt, and Silk!", "salt and  silk"),
        ("“Salt”—and\u00a0silk", '"Salt" - and silk'),
        ("Le\u0302 Duc", "L\u00ea  Duc"),
        ("sa\u00adlt and silk", "Salt and silk"),
    ],
)
def test_setting_changes_no_id(one: str, other: str) -> None:
    assert name_of(one) == name_of(other)


def test_words_change_the_id() -> None:
    names = {name_of(text) for text in ("Salt and silk", "Silk and salt", "Salt", "Sält", "Sạlt")}
    assert len(names) == 5


@pytest.mark.parametrize("text", [A, "Salt", "越南與中國的關係很早就有", prose("long", 900)])
def test_a_fingerprint_is_short_and_reads_as_written(text: str) -> None:
    made = words.fingerprint(words.bare(text))
    assert 1 <= len(made.hashes) <= 32
    assert words.read(str(made)) == made


def test_chinese_passages_are_known_again(tmp_path: Path) -> None:
    old = "一九五〇年一月中華人民共和國與越南民主共和國建立外交關係此後援助不斷增加"
    new = "一九五〇年一月中華人民共和國同越南民主共和國正式建立外交關係此後援助逐年增加"
    editions = Editions(tmp_path, {"one": [old], "two": []})
    assert editions.place({"one": [A], "two": [new]}, "one", name_of(old)) == ("two", name_of(new))


FAULTS = {
    "<<<<<<< ours\ndocument one\nsection ch-one 0aaa one\n": (
        "1: error: two versions of this file have not been merged [permalinks-are-merged]"
    ),
    "document one\nsection ch-one 0aaa one\nsentence x 0aaa y\n": (
        "3: error: this line says nothing [permalinks-are-readable]"
    ),
    "document one\ntext p--a zz9 y\n": (
        "2: error: this line has no fingerprint of its passage [permalinks-are-readable]"
    ),
    "document one\ntext p--a\n": (
        "2: error: this line has no fingerprint of its passage [permalinks-are-readable]"
    ),
    "text p--a 0aaa y\n": "1: error: this line says nothing [permalinks-are-readable]",
    "document one\ntext p--a 0aaa y\ntext p--a 0aaa y\n": (
        '3: error: "p--a" stands here twice [permalink-is-unique]'
    ),
    "document one\ntext p--a 0aaa y\n= p--b one\n= p--b two\n": (
        '4: error: "p--b" stands here twice [permalink-is-unique]'
    ),
    "document one\ndocument one\n": '2: error: "one" stands here twice [permalink-is-unique]',
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_file_that_was_spoiled_by_hand_is_reported_and_left(
    text: str, small_book: Path, tmp_path: Path
) -> None:
    root = shutil.copytree(small_book, tmp_path / "book")
    (root / FILE).write_text(text)
    done = octavo("permalinks", "--book", root)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert f"content/permalinks.txt:{FAULTS[text]}" in done.stderr
    assert "hint:" in done.stderr
    assert (root / FILE).read_text() == text


def test_a_file_that_is_not_text_is_reported(small_book: Path, tmp_path: Path) -> None:
    root = shutil.copytree(small_book, tmp_path / "book")
    (root / FILE).write_bytes(b"document one\n\xff\xfe")
    done = octavo("check", "--book", root)
    assert done.returncode == 1
    assert "content/permalinks.txt:2: error: this is not UTF-8 text [file-is-utf-8]" in done.stderr


def test_passages_of_a_book(tmp_path: Path) -> None:
    root = write_book(
        tmp_path / "book",
        {
            "salt": "---\ntitle: Salt\n---\nSalt came *early*.[@gras, 12]^[A note.]\n\n"
            "## Weights\n\n- A pound.\n- An ounce.\n\n> Quoted words.\n\nTwice.\n\nTwice.\n\n"
            "Twice.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nTable: Weights of salt. {#tbl-weights}\n",
            "silk": "---\ntitle: Silk\n---\nTwice.\n\nNamed.\n{: #par-named}\n",
        },
        Settings(back=("bibliography",)),
    )
    found = build.check(root).book
    made = passages.find(found.sections)
    by_words = {one.words: one for one in made}
    assert by_words["salt came early"].id == name_of("Salt came early")
    assert [by_words[said].kind for said in ("a pound", "quoted words", "weights")] == [
        "text",
        "text",
        "heading",
    ]
    twice = [one.id for one in made if one.words == "twice"]
    assert twice == [
        name_of("twice"),
        words.identifier("twice", "salt"),
        f"{words.identifier('twice', 'salt')}-2",
        words.identifier("twice", "silk"),
    ]
    assert len({one.id for one in made}) == len(made)


def anchors_of(document: Path) -> Mapping[str, str]:
    """Give the words at each id of a document."""
    root = etree.fromstring(document.read_bytes())
    found = {}
    for element in root.iterfind(".//*[@id]"):
        block: Element = element if element.get("class") != "anchor" else element.getparent()
        found[str(element.get("id"))] = words.bare("".join(block.itertext()))
    return found


@pytest.fixture
def two_editions(tmp_path: Path) -> Callable[[], Path]:
    root = write_book(
        tmp_path / "book",
        {
            "salt": f"---\ntitle: Salt\n---\n{A}\n\n{B}\n\n{C}\n",
            "silk": f"---\ntitle: Silk\n---\n{D}\n\n{E}\n",
            "tea": f"---\ntitle: Tea\n---\n{F}\n",
        },
        Settings(more=NONSENSE),
    )
    assert octavo("permalinks", "--book", root).stdout == "9 passages new, 0 carried over, 0 gone\n"

    def revise() -> Path:
        chapters = root / "content" / "chapters"
        salt, silk = f"{A}\n\n{edited(B)}\n", f"{C}\n\n{D}\n\n{E}\n"
        (chapters / "salt.md").write_text(f"---\ntitle: Salt\n---\n{salt}")
        (chapters / "silk.md").write_text(f"---\ntitle: Silk\n---\n{silk}")
        (chapters / "tea.md").rename(chapters / "leaves.md")
        toml = root / "content" / "book.toml"
        toml.write_text(toml.read_text().replace('"tea"', '"leaves"'))
        done = octavo("--edition", "web,epub", "--book", root)
        assert (done.returncode, done.stderr) == (0, "")
        return root / "dist" / "web"

    return revise


def test_documents_have_the_old_ids(two_editions: Callable[[], Path]) -> None:
    web = two_editions()
    salt, silk = anchors_of(web / "salt.html"), anchors_of(web / "silk.html")
    assert salt[name_of(A)] == A
    assert salt[name_of(B)] == salt[name_of(edited(B))] == edited(B)
    assert silk[name_of(C)] == C
    assert anchors_of(web / "book.html")[name_of(B)] == edited(B)


def test_the_command_writes_what_the_build_found(
    two_editions: Callable[[], Path], tmp_path: Path
) -> None:
    two_editions()
    root = tmp_path / "book"
    done = octavo("permalinks", "--book", root)
    assert done.stdout == "2 passages new, 2 carried over, 0 gone\n"
    first = (root / FILE).read_text()
    assert "document leaves\n= tea\n" in first
    assert f"= {name_of(B)} salt\n" in first
    assert f"= {name_of(C)} salt\n" in first
    assert octavo("permalinks", "--book", root).stdout == "0 passages new, 0 carried over, 0 gone\n"
    assert (root / FILE).read_text() == first


def test_the_books_of_the_benchmark_have_no_passage_twice(tmp_path: Path) -> None:
    books.make(Path(__file__).parent.parent, tmp_path / "book", books.chapters_for(60))
    made = passages.find(build.check(tmp_path / "book").book.sections)
    assert len({one.id for one in made}) == len(made)


@pytest.mark.parametrize("text", ["हिन्दी में लिखा", "नमक और रेशम", "मलमल"])
def test_marks_belong_to_their_words(text: str) -> None:
    assert words.bare(text) == text
