"""The comments of a DOCX, with their threads (ECMA-376 part 1, 17.13.4; MS-DOCX 2.5)."""

from collections.abc import Iterator, Mapping

from octavo.markdown.tree import Element
from octavo.word.ooxml import w
from octavo.word.package import Package
from octavo.word.pieces import Comment

_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
_PARA_ID = f"{{{_W14}}}paraId"


def read(package: Package, document: str) -> dict[str, Comment]:
    """Give the comments to the part ``document``, by their ids."""
    part = package.related(document, "comments")
    if part is None:
        return {}
    threads = _threads(package, document)
    elements = list(package.xml(part).iter(w("comment")))
    by_paragraph = {
        _paragraph_id(paragraph): comment.get(w("id")) or ""
        for comment in elements
        for paragraph in comment.iter(w("p"))
    }
    found = [_comment(element, threads, by_paragraph) for element in elements]
    return {comment.id: comment for comment in found}


def _threads(package: Package, document: str) -> dict[str, tuple[str, bool]]:
    """Give, by a comment's last paragraph, the one that it answers, and whether it is done."""
    more = package.related(document, "commentsExtended")
    if more is None:
        return {}
    return {
        one.get(f"{{{_W15}}}paraId") or "": (
            one.get(f"{{{_W15}}}paraIdParent") or "",
            one.get(f"{{{_W15}}}done") == "1",
        )
        for one in package.xml(more).iter(f"{{{_W15}}}commentEx")
    }


def _comment(
    element: Element,
    threads: Mapping[str, tuple[str, bool]],
    by_paragraph: Mapping[str, str],
) -> Comment:
    paragraphs = list(element.iter(w("p")))
    texts = ["".join(_plain(paragraph)) for paragraph in paragraphs]
    last = _paragraph_id(paragraphs[-1]) if paragraphs else ""
    parent, done = threads.get(last, ("", False))
    return Comment(
        element.get(w("id")) or "",
        element.get(w("author")) or "",
        element.get(w("date")) or "",
        "\n".join(text for text in texts if text.strip()).strip(),
        by_paragraph.get(parent, "") if parent else "",
        done,
    )


def _paragraph_id(paragraph: Element) -> str:
    return paragraph.get(_PARA_ID) or ""


def _plain(paragraph: Element) -> Iterator[str]:
    for element in paragraph.iter(w("t"), w("tab"), w("br")):
        yield (element.text or "") if element.tag == w("t") else " "
