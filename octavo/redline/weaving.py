"""Tokens → a block's inline content: their wrappers opened and closed around them again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from octavo.markdown.tree import Element
from octavo.redline.tokens import Token, Wrapper


@dataclass(frozen=True)
class Thread:
    """A token, or an ``element`` in its place, and the marks that stand around its wrappers."""

    marks: tuple[Wrapper, ...]
    token: Token
    element: Element | None = None


class Hand(Protocol):
    """Writes what stands around words and between them."""

    def wrapper(self, element: Element, *, again: bool) -> Element | None:
        """Give the element for a wrapper, None for none; ``again`` where it was closed before."""

    def atom(self, token: Token) -> Sequence[Element | str]:
        """Give what stands in an atom's place."""


def weave(parent: Element, threads: Iterable[Thread], hand: Hand) -> None:
    """Put tokens into ``parent``."""
    opened: list[tuple[Wrapper, Element | None]] = []
    seen: set[Wrapper] = set()
    for thread in threads:
        path = _path(thread, [wrapper for wrapper, _ in opened])
        common = 0
        while common < min(len(path), len(opened)) and path[common] is opened[common][0]:
            common += 1
        del opened[common:]
        for wrapper in path[common:]:
            made = hand.wrapper(wrapper.element, again=wrapper in seen)
            seen.add(wrapper)
            if made is not None:
                _innermost(parent, opened).append(made)
            opened.append((wrapper, made))
        place = _innermost(parent, opened)
        if thread.element is not None:
            add(place, thread.element)
        elif thread.token.kind in {"atom", "hidden"}:
            for part in hand.atom(thread.token):
                add(place, part)
        else:
            add(place, thread.token.text)


def _path(thread: Thread, opened: Sequence[Wrapper]) -> list[Wrapper]:
    """Give the wrappers of a token, the outermost first.

    A mark stands around all but those that nobody sees and that are open already.
    """
    wrappers = list(thread.token.wrappers)
    if not thread.marks and thread.element is None:
        return wrappers
    outer = 0
    while (
        outer < min(len(wrappers), len(opened))
        and wrappers[outer] is opened[outer]
        and not wrappers[outer].look
    ):
        outer += 1
    inner = wrappers[outer:] if thread.element is None else []
    return [*wrappers[:outer], *thread.marks, *inner]


def _innermost(parent: Element, opened: Sequence[tuple[Wrapper, Element | None]]) -> Element:
    return next((made for _, made in reversed(opened) if made is not None), parent)


def add(parent: Element, part: Element | str) -> None:
    """Put an element, or words, at the end of an element's contents."""
    if not isinstance(part, str):
        parent.append(part)
    elif len(parent):
        parent[-1].tail = (parent[-1].tail or "") + part
    else:
        parent.text = (parent.text or "") + part
