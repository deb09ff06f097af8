"""Redlines: what has changed between two revisions, word by word, and nothing else."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from lxml import etree
from support import WORKS, Settings, chapter, write_book

from octavo.book import Section
from octavo.markdown.tree import Element
from octavo.redline import books, proofs, sides
from octavo.redline.books import Merged
from octavo.redline.homes import Side
from octavo.redline.matching import Matched
from octavo.redline.revisions import Revision
from octavo.redline.tokens import Token, of_block
from octavo.redline.trees import is_leaf, parts
from octavo.redline.words import Piece, compare
from octavo.store import Store


class NoHome:
    """A home for texts without notes."""

    def key(self, atom: Element) -> str:
        return str(atom.tag)

    def said(self, atom: Element) -> str:
        return ""


def tokens(markup: str) -> tuple[Token, ...]:
    return of_block(etree.fromstring(f"<p>{markup}</p>"), NoHome())


def shown(pieces: Sequence[Piece]) -> str:
    """Give pieces as CriticMarkup has them."""
    signs = {"": ("", ""), "del": ("[-", "-]"), "ins": ("[+", "+]")}
    out, last = "", ""
    for piece in [*pieces, None]:
        mark = piece.mark if piece else ""
        if mark != last:
            out += signs[last][1] + signs[mark][0]
            last = mark
        out += piece.token.text if piece else ""
    return out


def compared(old: str, new: str) -> str:
    return shown(compare(tokens(old), tokens(new)))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("The salt came late.", "The salt came early.", "The salt came [-late-][+early+]."),
        ("The salt came.", "The sea salt came.", "The [+sea +]salt came."),
        ("One. Three.", "One. Two. Three.", "One. [+Two. +]Three."),
        ("Salt came. It was dear.", "Salt came. It was white. It was dear.",
         "Salt came. [+It was white. +]It was dear."),
        ("50 tons, by sea", "1,250 tons, by sea", "[-50-][+1,250+] tons, by sea"),
        ("Vietnam’s aid", "China’s aid", "[-Vietnam’s-][+China’s+] aid"),
        ("the Sino-French war", "the Sino-Soviet war", "the [-Sino-French-][+Sino-Soviet+] war"),
        ("Quân ủy Trung ương", "Quân ủy trung ương", "Quân ủy [-Trung-][+trung+] ương"),
        ("在越南的中國人", "在越南的法國人", "在越南的[-中-][+法+]國人"),
        ("a word (or two)", "a word, or two", "a word[- (-][+, +]or two[-)-]"),
    ],
)  # fmt: skip
def test_words_are_marked_whole(old: str, new: str, expected: str) -> None:
    assert compared(old, new) == expected


def test_a_rewritten_sentence_is_no_salad_of_old_and_new_words() -> None:
    old = "The army of the north marched on the city in the spring of that year."
    new = "A division from that region moved against its capital by the autumn of 1950."
    assert compared(old, new).count("[-") <= 2


def test_emphasis_that_comes_is_a_change_and_marks_of_the_index_are_none() -> None:
    assert (
        compared("the salt letters", "the <em>salt</em> letters") == "the [-salt-][+salt+] letters"
    )
    marked = 'the <span class="index-mark" data-index="place">salt le</span>tters'
    assert compared("the salt letters", marked) == "the salt letters"


def test_lines_broken_otherwise_and_letters_composed_otherwise_are_no_change() -> None:
    assert compared("Quân  ủy\ncame", "Qu\u0061\u0302n ủy came") == "Qu\u0061\u0302n ủy came"


VOCABULARY = (
    "salt letters aid army north , . the of and Quân ủy 越 南 “ ” (1950) 12,5 – tons".split()
)


def edited(words: Sequence[str], chance: random.Random) -> list[str]:
    out = list(words)
    for _ in range(chance.randrange(1, 6)):
        at, count = chance.randrange(len(out) + 1), chance.randrange(4)
        fresh = [chance.choice(VOCABULARY) for _ in range(chance.randrange(4))]
        out[at : at + count] = fresh
    return out


def spaced(words: Sequence[str], chance: random.Random) -> str:
    return "".join(word + chance.choice(["", " ", " "]) for word in words)


@pytest.mark.parametrize("seed", range(200))
def test_taking_all_changes_gives_the_new_words_and_none_the_old_ones(seed: int) -> None:
    chance = random.Random(seed)
    words = [chance.choice(VOCABULARY) for _ in range(chance.randrange(40))]
    old, new = spaced(words, chance), spaced(edited(words, chance), chance)
    pieces = compare(tokens(old), tokens(new))
    kept = {
        mark: "".join(p.token.text for p in pieces if p.mark != mark) for mark in ("del", "ins")
    }
    assert kept["del"] == new.strip()
    assert kept["ins"] == old.strip()


@dataclass(frozen=True)
class Told:
    """The lines of a merged book with all its changes taken, or with none of them."""

    merged: Merged
    takes: bool

    def lines(self) -> dict[str, list[str]]:
        """Give the lines of every section that has any, its title first."""
        found = {section.id: self._section(section) for section in self.merged.book.sections}
        return {name: lines for name, lines in found.items() if lines}

    def _section(self, section: Section) -> list[str]:
        lines = [*self._blocks([section.title], section), *self._blocks(section.body, section)]
        text = re.sub(r" *\x00 *\n? *", " ", "\n".join(line for line in lines if line))
        return [briefly(line.strip()) for line in text.split("\n")] if text else []

    def _blocks(self, blocks: Sequence[Element], section: Section) -> list[str]:
        return [line for block in blocks for line in self._block(block, section)]

    def _block(self, block: Element, section: Section) -> list[str]:
        if block.get("data-removed"):
            return [] if self.takes else self._removed(block, section)
        if block.get("data-mark") and not self.takes:
            return []
        return self._told(block, section)

    def _told(self, block: Element, section: Section) -> list[str]:
        if is_leaf(block):
            return re.sub(r"\s+", " ", self._words(block, section)).strip().split("\x01")
        return self._blocks(children(block), section)

    def _removed(self, place: Element, section: Section) -> list[str]:
        removed = section.removed[int(place.get("data-removed"))]
        other = section.marks[removed.mark].other
        if not other:
            return self._told(removed.content, section)
        home, number = other.split(".mark-")
        section = self.merged.book.section(home)
        block = section.body.find(f".//*[@data-mark='{int(number) - 1}']")
        return self._told(block, section)

    def _words(self, element: Element, section: Section) -> str:
        said = element.text or ""
        for child in element:
            said += self._inline(child, section) + (child.tail or "")
        return said

    def _inline(self, child: Element, section: Section) -> str:
        if child.get("data-removed"):
            content = section.removed[int(child.get("data-removed"))].content
            return "" if self.takes else self._inline(content, section)
        if child.tag == "ins" and "paragraph-end" in child.get("class", ""):
            return "" if self.takes else "\x00"
        if child.get("class") == "paragraph-end":
            return "\x01"
        if child.tag == "ins" and child.get("data-mark") and not self.takes:
            return ""
        if child.get("class") == "removed-note":
            return f"[{self._words(child, section)}]"
        return noted(child, section, self._words)


def children(block: Element) -> list[Element]:
    """Give what is in a block of blocks, places of what has gone among them."""
    if block.tag == "li" or not any(child.tag == "del" for child in block):
        return list(parts(block))
    return list(block)


def noted(child: Element, section: Section, say: Callable[[Element, Section], str]) -> str:
    """Give an inline element's words; those of a note in brackets, where it is called."""
    match child.get("class"):
        case "note-call":
            note = section.note_of_call.get(("note", int(child.get("data-note"))))
        case "citation":
            index = int(child.get("data-citation"))
            note = section.note_of_call.get(("citation", index))
            if note is None:
                return say(section.citations[index].text, section)
        case _:
            return say(child, section)
    assert note is not None
    blocks = note.body.iter("p", "li") if note.body.tag == "div" else [note.body]
    found = [" ".join(say(block, section).split()) for block in blocks]
    return f"[{' '.join(one for one in found if one)}]"


def plain_lines(side: Side) -> dict[str, list[str]]:
    """Give the lines of a state of the book as they are."""

    def say(element: Element, section: Section) -> str:
        said = element.text or ""
        for child in element:
            said += noted(child, section, say) + (child.tail or "")
        return said

    def lines(block: Element, section: Section) -> list[str]:
        if is_leaf(block):
            return [" ".join(say(block, section).split())]
        return [line for part in parts(block) for line in lines(part, section)]

    found = {
        section.id: [
            line for block in (section.title, *section.body) for line in lines(block, section)
        ]
        for section in side.book.sections
    }
    return {
        name: [briefly(line) for line in own if line] for name, own in found.items() if any(own)
    }


def briefly(line: str) -> str:
    """Give a line with all citations in their short form, which follows from what stands before."""
    for whole, short in BRIEF:
        line = line.replace(whole, short)
    return line


BRIEF = [
    (
        "Yves Gras, Histoire de la guerre d’Indochine (Plon, 1979)",
        "Gras, Histoire de la guerre d’Indochine",
    ),
    ("Changes of Mao Zedong [Wilson Center, 2002]", "Changes"),
    (
        "and Kosal Path, ‘Aid and Its Price’, Journal of Aid 4, no. 2 (2011): ",
        "and Path, ‘Aid and Its Price’, ",
    ),
]


BOOK = Settings(back=("bibliography",))


def matched(
    tmp_path: Path, old: Mapping[str, str], new: Mapping[str, str], *settings: Settings
) -> Matched:
    """Match two states of a book; ``settings`` are those of each, where they are others."""
    given = settings or (BOOK, BOOK)
    before = write_book(tmp_path / "old", old, given[0])
    later = Revision(write_book(tmp_path / "new", new, given[1]))
    kept = Store(tmp_path / "store")
    draft = sides.read(later, later.root, kept)
    was = sides.old(Revision(before, "v1", "abc"), draft, kept)
    return proofs.comparison(was, sides.new(draft, later, kept), draft, kept)


def merged(tmp_path: Path, old: Mapping[str, str], new: Mapping[str, str]) -> Merged:
    return books.merge(matched(tmp_path, old, new))


SENTENCES = [
    "Salt came late in the year.", "The letters of *1946* say so.[@gras, 12]",
    "An army needs salt and rice.^[So **all** of them say; see [@yang, 4].]",
    "Nobody counted the *tons* that were sent.", "The sea was far[^n], and roads were few.",
    "越南 asked for more.", "It was, they wrote, “very enormous”.", "Nothing came of it.",
    "In March the border was crossed near Jingxi by two regiments.[@hoa, 20]",
    "Võ Nguyên Giáp gave the order himself.",
]  # fmt: skip


def random_book(chance: random.Random) -> dict[str, list[str]]:
    """Give chapters as lists of blocks."""
    return {name: [random_block(chance) for _ in range(chance.randrange(2, 9))] for name in "abc"}


def random_block(chance: random.Random) -> str:
    def sentences(most: int) -> str:
        return " ".join(chance.choice(SENTENCES) for _ in range(chance.randrange(1, most)))

    match chance.randrange(10):
        case 0:
            return f"## {chance.choice(VOCABULARY[:5])} {chance.choice(VOCABULARY[:5])}"
        case 1:
            rows = [f"| {chance.choice('abcdef')} | {chance.randrange(99)} |" for _ in range(3)]
            return "\n".join(["| Who | Tons |", "|---|---:|", *rows, "", f"Table: {sentences(2)}"])
        case 2:
            return "\n".join(f"- {sentences(3)}" for _ in range(3))
        case 3:
            return f"> {sentences(3)}\n> --- The letters"
    return sentences(6)


def edit(chapters: dict[str, list[str]], chance: random.Random) -> dict[str, list[str]]:
    found = {name: list(blocks) for name, blocks in chapters.items()}
    for _ in range(chance.randrange(1, 7)):
        name = chance.choice(sorted(found))
        blocks = found[name]
        at = chance.randrange(len(blocks))
        match chance.randrange(6):
            case 0:
                blocks.insert(at, random_block(chance))
            case 1 if len(blocks) > 1:
                blocks.pop(at)
            case 2 if len(blocks) > 1:
                found[chance.choice(sorted(found))].append(blocks.pop(at))
            case 3 if ". " in blocks[at] and blocks[at][0] not in "|#->":
                blocks[at] = blocks[at].replace(". ", ".\n\n", 1)
            case 4 if at and all(block[0] not in "|#->" for block in blocks[at - 1 : at + 1]):
                blocks[at - 1 : at + 1] = [" ".join(blocks[at - 1 : at + 1])]
            case _:
                words = blocks[at].split(" ")
                place = chance.randrange(len(words))
                if words[place][:1].isalpha() and "[" not in words[place]:
                    words[place] = chance.choice(["rice", "silk and tea", "Nanning"])
                blocks[at] = " ".join(words)
    return found


def written(chapters: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {
        name: chapter(f"Chapter {name}", "\n\n".join([*blocks, "Last.[^n]", "[^n]: Far and wide."]))
        .replace("far[^n]", "far")
        for name, blocks in chapters.items()
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_a_merged_book_holds_both_states(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    chapters = random_book(chance)
    both = matched(tmp_path, written(chapters), written(edit(chapters, chance)))
    found = books.merge(both)
    assert Told(found, takes=True).lines() == plain_lines(both.new)
    assert Told(found, takes=False).lines() == plain_lines(both.old)


LETTERS = "The salt letters came in the spring of 1946, and nobody at the time counted the tons."
ARMY = "An army needs salt and rice, and the roads from the sea to the mountains were few and bad."
BORDER = "In March the border was crossed near Jingxi by two regiments, as the orders had foreseen."


def one(tmp_path: Path, old: str, new: str) -> tuple[list[tuple[str, str, str]], Merged]:
    """Give the kinds and words of the changes of a chapter, and the merged book."""
    found = merged(tmp_path, {"a": chapter("A", old)}, {"a": chapter("A", new)})
    changes = [change for section in found.changes for change in section.changes]
    return [(change.kind, change.old, change.new) for change in changes], found


def test_a_paragraph_that_moved_is_known_again_and_its_edits_are_marked(tmp_path: Path) -> None:
    old = f"{LETTERS}[@gras, 1]\n\n{ARMY}^[So they say.]\n\n{BORDER}"
    new = f"{ARMY}^[So they say.]\n\n{BORDER}\n\n{LETTERS.replace('spring', 'autumn')}[@gras, 1]"
    changes, found = one(tmp_path, old, new)
    assert [kind for kind, *_ in changes] == ["moved-from", "moved-to", "substitution"]
    assert changes[2] == ("substitution", "spring", "autumn")
    section = found.book.section("a")
    away, here = section.marks[0], section.marks[1]
    assert (away.other, here.other) == ("a.mark-2", "a.mark-1")
    assert section.removed[0].content.find("a").get("href") == "#a.mark-2"


def test_a_paragraph_that_was_divided_is_no_new_one(tmp_path: Path) -> None:
    changes, found = one(tmp_path, f"{LETTERS} {ARMY}", f"{LETTERS}\n\n{ARMY}")
    assert changes == [("addition", "", " ¶ ")]
    assert found.book.section("a").body.find("p/ins").get("class") == "paragraph-end"


def test_paragraphs_that_were_joined_are_not_rewritten(tmp_path: Path) -> None:
    changes, _ = one(tmp_path, f"{LETTERS}\n\n{ARMY}", f"{LETTERS} {ARMY}")
    assert changes == [("deletion", " ¶ ", "")]


def test_numbers_that_follow_from_others_are_no_change(tmp_path: Path) -> None:
    table = "| Who | Tons |\n|---|---:|\n| a | 1 |\n\nTable: Salt. {#tbl-salt}"
    old = f"{LETTERS}^[A note.]\n\nSee [](#tbl-salt).\n\n{table}"
    new = f"{ARMY}^[Another.]\n\n{table.replace('salt', 'rice')}\n\n{old}"
    changes, found = one(tmp_path, old, new)
    assert [kind for kind, *_ in changes] == ["addition", "addition"]
    assert found.book.targets["tbl-salt"].number == "1.2"


def test_a_note_is_compared_where_it_is_called(tmp_path: Path) -> None:
    old = f"{LETTERS}^[They say so.] {ARMY}[@gras, 12] {BORDER}[@yang, 3]"
    new = f"{LETTERS}^[They all say so.] {ARMY}[@gras, 14] {BORDER}"
    changes, found = one(tmp_path, old, new)
    assert changes[0] == ("addition", "", "all ")
    assert changes[1] == ("substitution", "12", "14")
    assert changes[2][0] == "deletion" and "Changes" in changes[2][1]
    assert [change.note for change in found.changes[0].changes] == [1, 2, 0]
    assert len(found.book.section("a").notes) == 2


def test_a_note_that_was_rewritten_stays_the_note_of_its_place(tmp_path: Path) -> None:
    old = f"- {LETTERS}^[It is said.] More.\n- {ARMY}\n\n    Another paragraph of the item."
    changes, _ = one(tmp_path, old, old.replace("It is said.", "Nobody knows who told them."))
    assert changes == [("substitution", "It is said", "Nobody knows who told them")]


def test_a_citation_is_compared_in_the_form_that_it_has_now(tmp_path: Path) -> None:
    old = f"{LETTERS}[@gras, 1] {ARMY}[@gras, 12] {BORDER}^[See [@gras, 20].]"
    new = f"{ARMY}[@gras, 14] {BORDER}^[See [@gras, 22].]"
    changes, _ = one(tmp_path, old, new)
    assert ("substitution", "12", "14") in changes
    assert ("substitution", "20", "22") in changes
    assert len(changes) == 3


def test_tables_are_compared_cell_by_cell(tmp_path: Path) -> None:
    old = "| Who | Tons |\n|---|---:|\n| Hanoi | 12 |\n| Huế | 7 |\n\nTable: Salt."
    rows = "| Hanoi | 1946 | 13 |\n| Vinh | 1947 | 5 |"
    new = f"| Who | Year | Tons |\n|---|---|---:|\n{rows}\n\nTable: Salt."
    changes, found = one(tmp_path, old, new)
    assert ("substitution", "12", "13") in changes
    assert ("addition", "", "Year") in changes
    assert ("deletion", "Huế 7", "") in changes
    assert ("addition", "", "Vinh 1947 5") in changes
    rows = found.book.section("a").body.findall(".//tr")
    assert {len(row) for row in rows} == {3}


def test_the_bibliography_shows_its_changes(tmp_path: Path) -> None:
    other = WORKS.replace("title = {Histoire", "title = {Une histoire").replace("{hoa,", "{path,")
    other = other.replace("date = {1979}", "date = {1979}, annotation = {Seen in Paris.}")
    old = {"a": chapter("A", "One.[@gras] Two.[@hoa] Three.[@yang]")}
    new = {"a": chapter("A", "One.[@gras] Two.[@path]")}
    given = (replace(BOOK, works=WORKS, nocite=("yang",)), replace(BOOK, works=other))
    found = books.merge(matched(tmp_path, old, new, *given))
    changes = {one.section.id: one.changes for one in found.changes}["bibliography"]
    assert [(one.old, one.new) for one in changes if one.kind == "substitution"] == [
        ("Histoire", "Une histoire")
    ]
    assert [one.new for one in changes if one.kind == "addition"] == [" Seen in Paris."]
    gone = [one.old for one in changes if one.kind == "deletion"]
    assert len(gone) == 1 and gone[0].startswith("Yang Kuisong")
    assert len(changes) == 3, "a work of another key and the same words has not changed"


def test_chapters_are_known_again_by_name_by_id_and_by_what_they_say(tmp_path: Path) -> None:
    text = f"{LETTERS}\n\n{ARMY}\n\n{BORDER}"
    old = {"a": chapter("A", text), "b": chapter("B", ARMY, id="ch-b"), "c": chapter("C", BORDER)}
    new = {
        "salt": chapter("A", text),
        "bee": chapter("B", ARMY, id="ch-b"),
        "d": chapter("D", "New."),
    }
    found = merged(tmp_path, old, new)
    assert {(one.section.id, one.fate) for one in found.changes} == {("d", "new"), ("c", "gone")}


def test_chapters_in_another_order_are_said_to_have_moved(tmp_path: Path) -> None:
    own = {"a": chapter("A", LETTERS), "b": chapter("B", ARMY), "c": chapter("C", BORDER)}
    found = merged(tmp_path, own, {name: own[name] for name in "cab"})
    assert [(one.section.id, one.fate, one.changes) for one in found.changes] == [
        ("c", "moved", ())
    ]
