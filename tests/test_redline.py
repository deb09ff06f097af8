"""Redlines: what has changed between two revisions, word by word, and nothing else."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree
from support import Settings, chapter, write_book

from octavo.book import Section
from octavo.markdown.tree import Element
from octavo.redline import books, sides
from octavo.redline.books import Merged
from octavo.redline.homes import Home, Side
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
    assert compared("the salt letters", "the <em>salt</em> letters") == "the [-salt-][+salt+] letters"
    marked = 'the <span class="index-mark" data-index="place">salt le</span>tters'
    assert compared("the salt letters", marked) == "the salt letters"


def test_lines_broken_otherwise_and_letters_composed_otherwise_are_no_change() -> None:
    assert compared("Quân  ủy\ncame", "Qu\u0061\u0302n ủy came") == "Qu\u0061\u0302n ủy came"


VOCABULARY = "salt letters aid army north , . the of and Quân ủy 越 南 “ ” (1950) 12,5 – tons".split()


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
    kept = {mark: "".join(p.token.text for p in pieces if p.mark != mark) for mark in ("del", "ins")}
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
        return self._blocks(parts(block), section)

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


def noted(child: Element, section: Section, say: Callable[[Element, Section], str]) -> str:
    """Give an inline element's words; those of a note in brackets, where it is called."""
    call = {"note-call": "note", "citation": "citation"}.get(child.get("class", ""))
    if call is None:
        return say(child, section)
    index = int(child.get(f"data-{call}"))
    note = section.note_of_call.get((call, index))  # type: ignore[call-overload]
    if note is None:
        return say(section.citations[index].text, section)
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
    ("Yves Gras, Histoire de la guerre d’Indochine (Plon, 1979)", "Gras, Histoire de la guerre d’Indochine"),
    ("Changes of Mao Zedong [Wilson Center, 2002]", "Changes"),
    ("and Kosal Path, ‘Aid and Its Price’, Journal of Aid 4, no. 2 (2011): ", "and Path, ‘Aid and Its Price’, "),
]


def sides_of(tmp_path: Path, old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Side, Side]:
    roots = [write_book(tmp_path / "old", old, BOOK), write_book(tmp_path / "new", new, BOOK)]
    kept = Store(tmp_path / "store")
    later = Revision(roots[1])
    draft = sides.read(later, kept)
    return sides.old(Revision(roots[0], "v1", "abc"), draft, kept), sides.new(draft, later, kept)


BOOK = Settings(back=("bibliography",))


def merged(tmp_path: Path, old: Mapping[str, str], new: Mapping[str, str]) -> Merged:
    return books.merge(*sides_of(tmp_path, old, new))


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


@pytest.mark.parametrize("seed", range(30))
def test_a_merged_book_holds_both_states(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    chapters = random_book(chance)
    old, new = sides_of(tmp_path, written(chapters), written(edit(chapters, chance)))
    found = books.merge(old, new)
    assert Told(found, takes=True).lines() == plain_lines(new)
    assert Told(found, takes=False).lines() == plain_lines(old)
