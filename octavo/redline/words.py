"""Two sequences of tokens → what stays, what goes, what comes, as an editor would mark it.

Words are compared, never letters.  A few short words that happen to stay within a rewritten
passage are not left standing alone there (semantic cleanup; N. Fraser, "Diff Strategies", §3.1.1),
and what could be marked at several places is marked where a sentence begins.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Literal

from octavo.redline.tokens import Token

Mark = Literal["", "del", "ins"]

_STRAY = 2
"""How many words in a row may be strays."""


@dataclass(frozen=True)
class Piece:
    """A token, and what became of it; ``was`` is the old token of one that stays."""

    mark: Mark
    token: Token
    was: Token | None = None


@dataclass(frozen=True)
class _Word:
    """A token that is compared, with what stands before it: a space, hidden tokens."""

    token: Token
    space: Token | None
    hidden: tuple[Token, ...]


@dataclass(frozen=True)
class _Run:
    """Words that stay (``old`` and ``new`` alike), or that are changed."""

    old: tuple[_Word, ...]
    new: tuple[_Word, ...]
    is_equal: bool = field(default=False)


def compare(old: Sequence[Token], new: Sequence[Token]) -> tuple[Piece, ...]:
    """Give the pieces of the merged text: without what comes it is the old one, as to its words
    and spaces, and without what goes the new one.
    """  # noqa: D205 - one sentence
    olds, _ = _grouped(old)
    news, trailing = _grouped(new)
    runs = _at_sentences(_without_strays(_runs(olds, news)))
    return (*_pieces(runs), *(Piece("", token) for token in trailing))


def _grouped(tokens: Iterable[Token]) -> tuple[list[_Word], list[Token]]:
    """Give the words with what stands before each, and the hidden tokens behind the last."""
    words: list[_Word] = []
    space: Token | None = None
    hidden: list[Token] = []
    for token in tokens:
        if token.kind == "space":
            space = space or token
        elif token.kind == "hidden":
            hidden.append(token)
        else:
            words.append(_Word(token, space, tuple(hidden)))
            space, hidden = None, []
    return words, hidden


def _runs(old: Sequence[_Word], new: Sequence[_Word]) -> list[_Run]:
    keys, new_keys = [w.token.key for w in old], [w.token.key for w in new]
    if keys == new_keys:
        return [_Run(tuple(old), tuple(new), is_equal=True)]
    matcher = SequenceMatcher(None, keys, new_keys, autojunk=False)
    return [
        _Run(tuple(old[i:i_end]), tuple(new[j:j_end]), is_equal=tag == "equal")
        for tag, i, i_end, j, j_end in matcher.get_opcodes()
    ]


def _without_strays(runs: Sequence[_Run]) -> list[_Run]:
    """Let changes take in the few words between them that stay by chance."""
    found = list(runs)
    at = 1
    while at < len(found) - 1:
        before, run, after = found[at - 1 : at + 2]
        if run.is_equal and _is_stray(run, before, after):
            found[at - 1 : at + 2] = [
                _Run((*before.old, *run.old, *after.old), (*before.new, *run.new, *after.new))
            ]
            at = max(at - 2, 1)
        else:
            at += 1
    return found


def _is_stray(run: _Run, before: _Run, after: _Run) -> bool:
    """Tell whether words that stay are fewer and shorter than what changes on either side."""
    if any(word.token.kind in {"atom", "break"} for word in run.new):
        return False
    words = [word for word in run.new if word.token.kind == "word"]
    if len(words) > _STRAY:
        return False
    length = sum(len(word.token.text) for word in words)
    return length < min(_length(before), _length(after)) if words else _is_busy(before, after)


def _length(run: _Run) -> int:
    sides = (sum(len(w.token.text) for w in side) for side in (run.old, run.new))
    return max(sides)


def _is_busy(before: _Run, after: _Run) -> bool:
    """Tell whether two changes are replacements of several words: signs between them are lost."""
    return all(len(run.old) > 1 and len(run.new) > 1 for run in (before, after))


def _at_sentences(runs: Sequence[_Run]) -> list[_Run]:
    """Move what only comes, or only goes, to where a sentence or a clause begins, if it can be."""
    found = list(runs)
    for at in range(1, len(found) - 1):
        before, run, after = found[at - 1 : at + 2]
        if run.is_equal or (run.old and run.new):
            continue
        words, is_new = (run.new, True) if run.new else (run.old, False)
        shift = _best_shift(before.new, words, after.new)
        if shift:
            found[at - 1 : at + 2] = _shifted(before, words, after, shift, is_new=is_new)
    return [run for run in found if run.old or run.new]


def _best_shift(before: Sequence[_Word], words: Sequence[_Word], after: Sequence[_Word]) -> int:
    """Give by how many words the change begins earlier (below 0) or later at its best."""
    whole = [*before, *words, *after]
    start, length = len(before), len(words)
    keys = [word.token.key for word in whole]
    shifts = [0]
    for back in range(1, min(length, start) + 1):
        if keys[start - back] != keys[start - back + length]:
            break
        shifts.append(-back)
    for on in range(min(length, len(after))):
        if keys[start + on] != keys[start + on + length]:
            break
        shifts.append(on + 1)
    return max(shifts, key=lambda shift: (_fitness(whole, start + shift), -abs(shift), shift))


def _fitness(words: Sequence[_Word], at: int) -> int:
    """Tell how well a change may begin at a word: at a sentence best."""
    if not at or words[at - 1].token.kind == "break":
        return 4
    behind = [word.token for word in words[max(at - 3, 0) : at]]
    while behind and (behind[-1].kind == "atom" or behind[-1].text in "”’»)]"):
        behind.pop()
    last = behind[-1].text if behind else ""
    if words[at].space is None:
        return 0
    return 3 if last in {".", "!", "?", "…"} else 2 if last in {",", ";", ":", "—"} else 1


def _shifted(
    before: _Run, words: Sequence[_Word], after: _Run, shift: int, *, is_new: bool
) -> list[_Run]:
    """Give the three runs with the change in another place; the keys stay what they were."""
    if shift < 0:
        moving_new, moving_old = before.new[shift:], before.old[shift:]
        first = _Run(before.old[:shift], before.new[:shift], is_equal=True)
        own = moving_new if is_new else moving_old
        changed = (*own, *words[:shift])
        other = words[shift:]
        last_new = (*(other if is_new else moving_new), *after.new)
        last_old = (*(moving_old if is_new else other), *after.old)
        third = _Run(last_old, last_new, is_equal=True)
    else:
        moving_new, moving_old = after.new[:shift], after.old[:shift]
        third = _Run(after.old[shift:], after.new[shift:], is_equal=True)
        own = moving_new if is_new else moving_old
        changed = (*words[shift:], *own)
        other = words[:shift]
        first = _Run(
            (*before.old, *(moving_old if is_new else other)),
            (*before.new, *(other if is_new else moving_new)),
            is_equal=True,
        )
    middle = _Run((), changed) if is_new else _Run(changed, ())
    return [first, middle, third]


def _pieces(runs: Sequence[_Run]) -> Iterator[Piece]:
    """Give the pieces; a space is marked only where it is not the end of a paragraph, or one."""
    is_spaced: Mark = ""
    is_broken = False
    for number, run in enumerate(runs):
        if run.is_equal:
            for was, word in zip(run.old, run.new, strict=True):
                if is_broken:
                    yield from (Piece("", space) for space in (word.space,) if space)
                elif is_spaced:
                    after = word.space if is_spaced == "ins" else was.space
                    yield from (Piece(is_spaced, space) for space in (after,) if space)
                else:
                    yield from _spaces(was.space, word.space)
                is_spaced, is_broken = "", False
                yield from (Piece("", token) for token in word.hidden)
                yield Piece("", word.token, was.token)
        else:
            following = runs[number + 1] if number + 1 < len(runs) else _NO_RUN
            is_spaced = _borrows(run, following)
            is_broken = any(side and side[-1].token.kind == "break" for side in (run.old, run.new))
            yield from _changed(run, is_spaced=bool(is_spaced))


_NO_RUN = _Run((), ())


def _borrows(run: _Run, following: _Run) -> Mark:
    """Tell how the space behind a change is marked if the one before it stays, else give ``""``.

    Where words come between two others, it is the first of their two spaces that was there.
    """
    if not following.old or (run.old and run.new):
        return ""
    other = following.old[0] if run.new else following.new[0]
    changed = run.new or run.old
    if not (changed[0].space and other.space):
        return ""
    return "ins" if run.new else "del"


def _spaces(old: Token | None, new: Token | None) -> Iterator[Piece]:
    if old and new:
        yield Piece("", new, old)
    elif old:
        yield Piece("del", old)
    elif new:
        yield Piece("ins", new)


def _changed(run: _Run, *, is_spaced: bool) -> Iterator[Piece]:
    """Give what goes, then what comes; the space before it stays where both sides have one."""
    first = (run.new or run.old)[0].space
    stays = is_spaced or (run.old and run.new and run.old[0].space and run.new[0].space)
    if stays and first:
        yield Piece("", first)
    for number, word in enumerate(run.old):
        if word.space and not (stays and not number):
            yield Piece("del", word.space)
        yield Piece("del", word.token)
    for number, word in enumerate(run.new):
        if word.space and not (stays and not number):
            yield Piece("ins", word.space)
        yield from (Piece("ins", token) for token in word.hidden)
        yield Piece("ins", word.token)
