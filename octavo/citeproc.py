"""What citeproc makes of citations: pandoc's JSON in and out, remembered in the store."""

import json
import pickle
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from octavo import digest, pandoc, store, tools
from octavo.markdown.tree import Citation, CitedWork
from octavo.store import Store

Inlines = list[dict[str, Any]]
"""Inline elements of pandoc's tree."""

Place = Literal["note", "written note", "text"]
"""Where citations stand: in a note of their own, in one with other words, or in the text."""

_TOOLS = ("pypandoc_binary",)

_LABELLED = re.compile(r"^(?P<first>[A-Za-z]+\.? [\w.–-]+), (?P<rest>.+)$")
_RESET = "reset-citation-positions"


@dataclass(frozen=True)
class Request:
    """Citations that citeproc meets together: those of one note, or one in the text.

    ``starts_afresh``: what has been cited before this is forgotten (first, subsequent, ibid.).
    """

    citations: tuple[Citation, ...]
    place: Place
    starts_afresh: bool


@dataclass(frozen=True)
class Answer:
    """What citeproc has made, as JSON of ``Inlines``.

    ``cites`` are the citations of all requests in their order, ``entries`` those of the
    bibliography with their works' keys.
    """

    cites: tuple[str, ...]
    entries: tuple[tuple[str, str], ...]


def ask(
    requests: Sequence[Request],
    works: Sequence[Mapping[str, Any]],
    style: Path,
    language: str,
    kept: Store | None,
    uncited: Sequence[str] = (),
    meanwhile: Iterable[None] = (),
) -> Answer:
    """Format citations of works that are CSL data by the style in a file.

    The bibliography has the works with the keys ``uncited`` beside those that are cited.  ``kept``
    remembers what has been asked before; where it does not, the steps of ``meanwhile`` are taken
    while pandoc works.  Raises ``PandocError`` when the style cannot be used.
    """
    made_by = tools.named(_TOOLS, tools.OURS)
    name = digest.of([made_by, requests, works, style.read_bytes(), language, uncited])

    def make() -> bytes:
        with ThreadPoolExecutor(1) as aside:
            blocks = list(_blocks(requests))
            asked = aside.submit(pandoc.cite, blocks, works, style, language, uncited)
            for _ in meanwhile:
                if asked.done():
                    break
            made = asked.result()
        entries = tuple((key, json.dumps(inlines)) for key, inlines in _entries(made))
        return pickle.dumps(Answer(tuple(map(json.dumps, _cites(made))), entries))

    answer: Answer = pickle.loads(store.once(kept, name, make))
    return answer


def _blocks(requests: Iterable[Request]) -> Iterator[dict[str, Any]]:
    """Give the requests as paragraphs, numbered in their order."""
    for number, request in enumerate(requests):
        if request.starts_afresh:
            yield {"t": "Header", "c": [1, ["", [_RESET], []], [_string("Section")]]}
        yield _block(request, number)


def _block(request: Request, note: int) -> dict[str, Any]:
    """Give a request as a paragraph; ``note`` tells the book's notes apart, and their order."""
    cites = [_cite(citation, note) for citation in request.citations]
    if request.place == "text":
        return _para([_string("Text"), {"t": "Space"}, *cites])
    if request.place == "note":
        return _para([{"t": "Note", "c": [_para(cites)]}])
    words: Inlines = []
    for cite in cites:
        words += [_string("Text"), {"t": "Space"}, cite, {"t": "Space"}]
    return _para([{"t": "Note", "c": [_para([*words, _string("text.")])]}])


def _para(inlines: Inlines) -> dict[str, Any]:
    return {"t": "Para", "c": inlines}


def _string(text: str) -> dict[str, Any]:
    return {"t": "Str", "c": text}


def _words(text: str) -> Inlines:
    """Give plain text, with ``*emphasis*``, as pandoc's inlines."""
    out: Inlines = []
    for piece in re.split(r"(\*[^*]+\*)", text):
        if piece.startswith("*") and piece.endswith("*") and len(piece) > 2:  # noqa: PLR2004
            out.append({"t": "Emph", "c": _words(piece[1:-1])})
            continue
        for word in re.split(r"(\s+)", piece):
            if word:
                out.append({"t": "Space"} if word.isspace() else _string(_smart(word)))
    return out


def _smart(word: str) -> str:
    word = re.sub(r"(?<=\d)-(?=\d)", "–", word.replace("---", "—").replace("--", "–"))
    return word.replace("'", "’")


def _cite(citation: Citation, note: int) -> dict[str, Any]:
    items = [_item(work, note, in_text=citation.in_text) for work in citation.works]
    return {"t": "Cite", "c": [items, [_string("?")]]}


def _item(work: CitedWork, note: int, *, in_text: bool) -> dict[str, Any]:
    mode = "AuthorInText" if in_text else "NormalCitation" if work.author else "SuppressAuthor"
    return {
        "citationId": work.key,
        "citationPrefix": _words(work.prefix),
        "citationSuffix": _words(_suffix(work.suffix)),
        "citationMode": {"t": mode},
        "citationNoteNum": note,
        "citationHash": 0,
    }


def _suffix(suffix: str) -> str:
    """Make ``vol. 1, 265`` a locator followed by text, not a list of volumes."""
    if not suffix:
        return ""
    labelled = _LABELLED.match(suffix)
    return f", {{{labelled['first']}}}, {labelled['rest']}" if labelled else f", {suffix}"


def _cites(node: Any) -> Iterator[Inlines]:
    """Give the contents of every citation below ``node``, in reading order."""
    if isinstance(node, dict):
        if node.get("t") == "Cite":
            yield node["c"][1]
        else:
            yield from _cites(list(node.values()))
    elif isinstance(node, list):
        for child in node:
            yield from _cites(child)


def _entries(blocks: Iterable[dict[str, Any]]) -> Iterator[tuple[str, Inlines]]:
    """Give the entries of the bibliography, by their works' keys."""
    for block in blocks:
        if block["t"] != "Div":
            continue
        identifier = block["c"][0][0]
        if identifier.startswith("ref-"):
            inlines = [inline for inner in block["c"][1] for inline in _inlines(inner)]
            yield identifier.removeprefix("ref-"), inlines
        else:
            yield from _entries(block["c"][1])


def _inlines(block: dict[str, Any]) -> Inlines:
    if block["t"] in {"Para", "Plain"}:
        return list(block["c"])
    return [inline for inner in block["c"][-1] for inline in _inlines(inner)]
