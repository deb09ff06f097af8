"""The texts of the files that were sent, inside the DOCX: a custom XML part, which Word keeps."""

import base64
import binascii
import re

from octavo.config import LANGUAGE
from octavo.word.ooxml import MANUSCRIPT
from octavo.word.outline import Sources
from octavo.word.package import DocxError, Package

_FORM = "1"
_PATH = re.compile(r"content/(?:[^/\\\0]+/)*[^/\\\0]+\.(?:md|csv)")


def sources(package: Package) -> Sources | None:
    """Give the texts that are enclosed in a DOCX; None where it was not made by Octavo.

    Raises ``DocxError`` where they cannot be used.
    """
    for name in sorted(package.parts):
        if name.startswith("customXml/") and MANUSCRIPT.encode() in package.parts[name]:
            tree = package.xml(name)
            if tree.tag == f"{{{MANUSCRIPT}}}manuscript":
                return _read(tree)
    return None


def _read(tree: object) -> Sources:
    assert hasattr(tree, "get") and hasattr(tree, "iter")
    if tree.get("form") != _FORM:
        hint = "import it with that version, or export the chapter again"
        raise DocxError("it was exported by another version of Octavo", hint)
    texts: dict[str, str] = {}
    chapters = []
    for file in tree.iter(f"{{{MANUSCRIPT}}}file"):
        path = file.get("path") or ""
        if not _PATH.fullmatch(path) or ".." in path.split("/"):
            raise DocxError(f'it names the file "{path}", which cannot be one of a manuscript')
        try:
            texts[path] = base64.b64decode(file.text or "", validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise DocxError("the text that was exported with it is damaged") from error
        if file.get("chapter"):
            chapters.append(path)
    language = tree.get("language") or ""
    if not chapters or not re.fullmatch(LANGUAGE, language):
        raise DocxError("the text that was exported with it is damaged")
    cites = "in-text" if tree.get("cites") == "in-text" else "note"
    return Sources(language, cites, tuple(chapters), texts)


def encoded(text: str) -> str:
    """Give a text so that no program that writes XML changes a sign of it."""
    return base64.b64encode(text.encode()).decode("ascii")
