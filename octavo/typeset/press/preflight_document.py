"""Checks what a PDF says of itself: its metadata, and the printing that it is meant for."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream
from pikepdf.models.metadata import decode_pdf_date
from PIL import ImageCms

from octavo.typeset.press.preflight_facts import Finding

_NEWEST = (1, 7)
_CHANNELS = {"GRAY": 1, "RGB": 3, "CMYK": 4}
_IDENTITY = ("xmpMM:DocumentID", "xmpMM:VersionID", "xmpMM:RenditionClass")
_DATES = (("/CreationDate", "xmp:CreateDate"), ("/ModDate", "xmp:ModifyDate"))
_FORBIDDEN_FILTERS = (Name.LZWDecode, Name.Crypt)


def check_document(pdf: Pdf) -> Iterator[Finding]:
    """Find what is wrong with the document as a whole."""
    for rule, message in (
        *_file(pdf),
        *_interaction(pdf),
        *_output_intent(pdf),
        *_metadata(pdf),
    ):
        yield Finding(0, rule, message)


def output_space(pdf: Pdf) -> str:
    """Name the colours of the output intent's profile as ICC does, or give ``""``."""
    for intent in _intents(pdf):
        profile = intent.get("/DestOutputProfile")
        if isinstance(profile, Stream):
            return _profile_kind(profile)[1]
    return ""


def _file(pdf: Pdf) -> Iterator[tuple[str, str]]:
    if pdf.is_encrypted:
        yield "file-is-not-encrypted", "the file is encrypted"
    later = str(pdf.Root.get("/Version", "")).removeprefix("/")
    for version in {pdf.pdf_version, later or pdf.pdf_version}:
        if tuple(int(part) for part in version.split(".")) > _NEWEST:
            yield "pdf-version-is-known", f"the file is PDF {version}, newer than 1.7"
    if len(pdf.pages) % 2:
        yield "pages-are-even", f"there are {len(pdf.pages)} pages; a leaf has two"
    found = {
        str(name).removeprefix("/")
        for thing in pdf.objects
        if isinstance(thing, Stream)
        for name in _filters(thing)
        if name in _FORBIDDEN_FILTERS
    }
    for name in sorted(found):
        yield "filters-are-allowed", f"streams are packed with {name}"


def _filters(stream: Stream) -> list[Object]:
    found = stream.get("/Filter", Array())
    return list(found) if isinstance(found, Array) else [found]


def _interaction(pdf: Pdf) -> Iterator[tuple[str, str]]:
    """Find what does something in a viewer (ISO 32000-2 §7.11.4, §12.6, §12.7)."""
    root = pdf.Root
    for key in ("/OpenAction", "/AA"):
        if key in root:
            yield "actions-are-absent", f"the document has {key}"
    names = root.get("/Names", Dictionary())
    if "/JavaScript" in names:
        yield "actions-are-absent", "the document has JavaScript"
    if any("/A" in item for item in _outline_items(root)):
        yield "actions-are-absent", "lines of the outline have actions; they may have destinations"
    if "/EmbeddedFiles" in names or "/AF" in root:
        yield "files-are-not-embedded", "files are embedded in the document"
    if "/AcroForm" in root:
        yield "forms-are-absent", "the document has a form to fill in"


def _outline_items(root: Object) -> Iterator[Object]:
    waiting = [root.get("/Outlines", Dictionary()).get("/First")]
    while waiting:
        item = waiting.pop()
        if item is not None:
            yield item
            waiting += (item.get("/Next"), item.get("/First"))


def _intents(pdf: Pdf) -> list[Object]:
    found = pdf.Root.get("/OutputIntents", Array())
    return [intent for intent in found if intent.get("/S") == Name.GTS_PDFX]


def _output_intent(pdf: Pdf) -> Iterator[tuple[str, str]]:
    """Check the output intent (ISO 32000-2 §14.11.5), of which PDF/X allows one."""
    intents = _intents(pdf)
    if len(intents) != 1:
        yield "output-intent-is-set", f"there are {len(intents)} output intents for PDF/X, not one"
    for intent in intents:
        if not str(intent.get("/OutputConditionIdentifier", "")):
            yield "output-intent-is-set", "the output intent does not name its printing condition"
        profile = intent.get("/DestOutputProfile")
        if not isinstance(profile, Stream):
            yield "output-profile-is-sound", "the output intent has no profile in it"
            continue
        kind, space = _profile_kind(profile)
        if kind != "prtr":
            yield "output-profile-is-sound", "the output profile is no ICC profile of a printer"
        elif int(profile.get("/N", 0)) != _CHANNELS.get(space):
            yield "output-profile-is-sound", f"/N of the output profile does not fit {space}"


def _profile_kind(profile: Stream) -> tuple[str, str]:
    """Give the class of an ICC profile and its colours, or nothing if it cannot be read."""
    try:
        found = ImageCms.getOpenProfile(io.BytesIO(profile.read_bytes())).profile
    except (ImageCms.PyCMSError, OSError):
        return "", ""
    return found.device_class.strip(), found.xcolor_space.strip()


def _metadata(pdf: Pdf) -> Iterator[tuple[str, str]]:
    """Compare the XMP with the document information dictionary (ISO 32000-2 §14.3)."""
    if "/Metadata" not in pdf.Root:
        yield "metadata-is-complete", "the document has no XMP"
        return
    xmp = pdf.open_metadata()
    info: Object = pdf.trailer.get("/Info", Dictionary())
    if xmp.get("pdfxid:GTS_PDFXVersion") != "PDF/X-4":
        yield "file-is-identified", "pdfxid:GTS_PDFXVersion in the XMP is not PDF/X-4"
    for name in _IDENTITY:
        if not xmp.get(name):
            yield "file-is-identified", f"the XMP has no {name}"
    trapped = str(info.get("/Trapped", "")).removeprefix("/")
    if trapped not in ("True", "False"):
        yield "trapping-is-known", "/Trapped is neither true nor false"
    elif str(xmp.get("pdf:Trapped", "")) != trapped:
        yield "metadata-agrees", "pdf:Trapped in the XMP is not what /Trapped says"
    title = str(info.get("/Title", ""))
    if not title:
        yield "metadata-is-complete", "the document has no title"
    if title != str(xmp.get("dc:title") or ""):
        yield "metadata-agrees", "dc:title in the XMP is not what /Title says"
    for key, name in _DATES:
        if key not in info:
            yield "metadata-is-complete", f"the document has no {key}"
        elif _moment(str(info[key])) != _moment(str(xmp.get(name, ""))):
            yield "metadata-agrees", f"{name} in the XMP is not what {key} says"


def _moment(date: str) -> datetime | str:
    """Read a date as PDF or as XMP writes it; one that is neither stays as it is."""
    try:
        found = decode_pdf_date(date) if date.startswith("D:") else datetime.fromisoformat(date)
    except ValueError:
        return date
    return found if found.tzinfo else found.replace(tzinfo=UTC)
