"""Tokens → a block's inline content: their wrappers opened and closed around them again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from octavo.markdown.tree import Element
from octavo.redline.tokens import Token, Wrapper, Wrappers


@dataclass(frozen=True)
class Thread:
    """A token, or an ``element`` in its place, and the marks that stand around its wrappers."""

    marks: tuple[Wrapper, ...]
    token: Token
    element: Element | None = None


class Hand(Protocol):
    """Writes what stands around words and between them."""

    def wrapper(self, wrapper: Wrapper, *, again: bool) -> Element | None:
        """Give the element for a wrapper, None for none; ``again`` where it was closed before."""

    def atom(self, token: Token) -> Sequence[Element | str]:
        """Give what stands in an atom's place."""


def weave(parent: Element, threads: Iterable[Thread], hand: Hand) -> None:
    """Put tokens into ``parent``."""
    loom = _Loom(parent, hand)
    for thread in threads:
        token = thread.token
        if thread.element is not None:
            add(loom.place(thread, token.wrappers), thread.element)
        elif token.kind in {"atom", "hidden", "break"}:
            place = loom.place(thread, token.wrappers)
            for part in hand.atom(token):
                add(place, part)
        else:
            for text, wrappers in token.fragments:
                add(loom.place(thread, wrappers), text)


class _Loom:
    """Keeps the wrappers that are open, and opens and closes them as the next token needs."""

    def __init__(self, parent: Element, hand: Hand) -> None:
        self._parent, self._hand = parent, hand
        self._opened: list[tuple[Wrapper, Element | None]] = []
        self._seen: set[Wrapper] = set()

    def place(self, thread: Thread, wrappers: Wrappers) -> Element:
        """Give the element that the next piece goes into."""
        opened = self._opened
        path = _path(thread, wrappers, [wrapper for wrapper, _ in opened])
        common = 0
        while common < min(len(path), len(opened)) and path[common] is opened[common][0]:
            common += 1
        del opened[common:]
        for wrapper in path[common:]:
            made = self._hand.wrapper(wrapper, again=wrapper in self._seen)
            self._seen.add(wrapper)
            if made is not None:
                self._innermost().append(made)
            opened.append((wrapper, made))
        return self._innermost()

    def _innermost(self) -> Element:
        found = (made for _, made in reversed(self._opened) if made is not None)
        return next(found, self._parent)


def _path(thread: Thread, wrappers: Wrappers, opened: Sequence[Wrapper]) -> list[Wrapper]:
    """Give the wrappers of a piece, the outermost first.

    A mark stands around all but those that nobody sees and that are open already.
    """
    if not thread.marks and thread.element is None:
        return list(wrappers)
    outer = 0
    while (
        outer < min(len(wrappers), len(opened))
        and wrappers[outer] is opened[outer]
        and not wrappers[outer].look
    ):
        outer += 1
    inner = wrappers[outer:] if thread.element is None else ()
    return [*wrappers[:outer], *thread.marks, *inner]


def add(parent: Element, part: Element | str) -> None:
    """Put an element, or words, at the end of an element's contents."""
    if not isinstance(part, str):
        parent.append(part)
    elif len(parent):
        parent[-1].tail = (parent[-1].tail or "") + part
    else:
        parent.text = (parent.text or "") + part
