"""The ZIP archive that a DOCX is (ECMA-376 part 2): opened with care, and packed.

What is opened came by mail.  Nothing in it is fetched, run or written to a file by its own name;
it may not unpack to more than ``MOST``, and its XML may not declare entities.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from lxml import etree

from octavo.editions.epub.container import entry
from octavo.markdown.tree import Element
from octavo.word.ooxml import RELATIONS, STRICT

MOST = 400_000_000
"""How many bytes a DOCX may unpack to; its pictures are most of that."""

_MOST_PARTS = 10_000
_MOST_XML = 100_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class DocxError(Exception):
    """A file cannot be used; the message says what it is, ``hint`` what may help."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep both."""
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True)
class Relation:
    """What one part has to do with another, or with an address outside (``external``)."""

    id: str
    kind: str
    target: str
    external: bool


@dataclass(frozen=True)
class Package:
    """The parts of a DOCX, unpacked, by their names."""

    parts: Mapping[str, bytes]

    def xml(self, name: str) -> Element:
        """Read a part.  Raises ``DocxError`` where it is no XML, or not harmless."""
        return _parsed(self.parts[name], name)

    def relations(self, name: str) -> Mapping[str, Relation]:
        """Give the relations of a part, by their ids; of the package itself for ``""``."""
        if name not in self._read:
            self._read[name] = self._relations(name)
        return self._read[name]

    @cached_property
    def _read(self) -> dict[str, Mapping[str, Relation]]:
        """Remember relations that have been read: each link and picture asks for them."""
        return {}

    def _relations(self, name: str) -> Mapping[str, Relation]:
        folder, base = posixpath.split(name)
        rels = posixpath.join(folder, "_rels", f"{base}.rels")
        if rels not in self.parts:
            return {}
        found = {}
        for element in self.xml(rels).iter(f"{{{RELATIONS}}}Relationship"):
            external = element.get("TargetMode") == "External"
            target = element.get("Target") or ""
            if not external:
                joined = posixpath.join(folder, unquote(target))
                target = posixpath.normpath(joined).lstrip("/")
            kind = (element.get("Type") or "").rsplit("/", maxsplit=1)[-1]
            found[element.get("Id") or ""] = Relation(
                element.get("Id") or "", kind, target, external
            )
        return found

    def related(self, name: str, kind: str) -> str | None:
        """Give the name of the part to which ``name`` has a relation of this kind, if any."""
        for relation in self.relations(name).values():
            if relation.kind == kind and relation.target in self.parts:
                return relation.target
        return None

    @cached_property
    def document(self) -> str:
        """Give the name of the part with the text.  Raises ``DocxError`` where there is none."""
        name = self.related("", "officeDocument")
        if name is None or not name.endswith(".xml") or "word" not in name.split("/")[0]:
            raise DocxError("this is an archive, and no Word document", "save it as .docx in Word")
        return name

    def all_relations(self) -> Iterator[tuple[str, Relation]]:
        """Give the relations of all parts, each with the name of its part."""
        for name in sorted(self.parts):
            if name.endswith(".rels"):
                folder, base = posixpath.split(name)
                part = posixpath.join(posixpath.dirname(folder), base.removesuffix(".rels"))
                for relation in self.relations(part).values():
                    yield part, relation


def unpacked(data: bytes) -> Package:
    """Unpack a DOCX.  Raises ``DocxError`` where it is none, or is not to be trusted."""
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            hint = "open it in Word, take the password off, and save it again"
            raise DocxError("this document is encrypted", hint)
        raise DocxError("this is a document of Word 97–2003 (.doc)", "save it as .docx in Word")
    if data.startswith(b"{\\rtf"):
        raise DocxError("this is rich text (.rtf)", "save it as .docx in Word")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _parts(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError,
            ValueError) as error:  # fmt: skip
        hint = "if it is one, open it in Word and save it again"
        raise DocxError("this is no DOCX, or a damaged one", hint) from error
    return Package(parts)


def _parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [info for info in archive.infolist() if not info.is_dir()]
    if len(entries) > _MOST_PARTS:
        raise DocxError(
            f"this archive has {len(entries)} files, and no document of Word has so many"
        )
    if any(info.flag_bits & 1 for info in entries):
        raise DocxError("this archive is encrypted", "save it without a password")
    parts: dict[str, bytes] = {}
    room = MOST
    for info in entries:
        with archive.open(info) as file:
            data = file.read(room + 1)  # What the archive says of its sizes need not be true.
        room -= len(data)
        if room < 0:
            hint = "if its pictures are that large, have Word compress them"
            raise DocxError(f"this archive unpacks to more than {MOST // 1_000_000} MB", hint)
        parts.setdefault(posixpath.normpath(info.filename.replace("\\", "/")).lstrip("/"), data)
    return parts


def _parsed(data: bytes, name: str) -> Element:
    if len(data) > _MOST_XML:
        raise DocxError(f"its part {name} is larger than {_MOST_XML // 1_000_000} MB")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        tree = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DocxError(f"its part {name} is damaged: {error}") from error
    if tree.getroottree().docinfo.doctype:
        raise DocxError(f"its part {name} declares entities, which no program of Word's writes")
    if (tree.nsmap.get("w") or "").startswith(STRICT):
        hint = "save it as Word Document (.docx), not as Strict Open XML Document"
        raise DocxError("this is a document in the strict form of Open XML", hint)
    return tree


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Pack a DOCX: the same parts give the same bytes."""
    out = io.BytesIO()
    first = "[Content_Types].xml"
    with zipfile.ZipFile(out, "w") as archive:
        for name in [first, *sorted(parts.keys() - {first})]:
            archive.writestr(entry(name, zipfile.ZIP_DEFLATED), parts[name], compresslevel=9)
    return out.getvalue()
