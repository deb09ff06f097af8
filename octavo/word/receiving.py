"""``import``: a DOCX → changed files of the manuscript, or a new chapter; all or nothing."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from octavo import citations, criticmarkup, manuscript, spelling
from octavo.manuscript import FOLDERS, SETTINGS, Manuscript
from octavo.output import replace_all
from octavo.problems import BookError, Problem, Severity, Span, errors, in_order, nearest, reason
from octavo.word import enclosed, foreign, reading
from octavo.word.merging import merge
from octavo.word.outline import Sources
from octavo.word.package import DocxError, Package, unpacked
from octavo.word.pieces import Document
from octavo.word.returning import Returned, returned
from octavo.word.signs import Mark

_LARGEST = 200_000_000
_ACTIVE = {
    "vbaProject": "macros",
    "oleObject": "embedded objects (OLE)",
    "package": "embedded files",
    "control": "ActiveX controls",
    "aFChunk": "documents embedded as a whole",
}
_CHANGES = ("insertion", "deletion", "substitution", "comment")


@dataclass(frozen=True)
class Wanted:
    """What the caller asks for.

    ``name`` is that of a new chapter, ``against`` that of a chapter to compare with; ``replaces``
    lets a chapter's file be written over, ``partly`` lets what is in conflict be left out.
    """

    name: str = ""
    against: str = ""
    replaces: bool = False
    partly: bool = False


@dataclass(frozen=True)
class Received:
    """The files that were written, each with what can be said of it; the warnings."""

    written: tuple[tuple[Path, str], ...]
    problems: tuple[Problem, ...]


def receive(root: Path, docx: Path, wanted: Wanted) -> Received:
    """Import a DOCX into the book in ``root``.

    Raises ``BookError`` where it cannot be used, or is in conflict with the manuscript of today;
    then nothing has been written.
    """
    shown = Path(docx.name)
    given = manuscript.load(root)
    try:
        package = unpacked(_bytes(root, docx))
        sources = enclosed.sources(package)
        document = reading.read(package)
    except DocxError as error:
        problem = Problem("docx-is-readable", str(error), Span(shown), error.hint)
        raise BookError([problem]) from None
    problems = [*_harmful(package, shown)]
    if wanted.against:
        sources = _sources_of_today(given, wanted.against, sources)
    if sources is not None and not wanted.name:
        outputs, remarks, found = _changed(root, given, shown, sources, document, wanted)
    else:
        outputs, remarks, found = _new(root, given, shown, package, document, wanted)
    problems += found
    if errors(problems):
        raise BookError(problems)
    replace_all({root / path: data for path, data in outputs.items()})
    return Received(tuple((root / path, remarks[path]) for path in outputs), in_order(problems))


def _bytes(root: Path, docx: Path) -> bytes:
    """Read a DOCX; where there is none, one of its name that was exported may be meant."""
    try:
        if docx.stat().st_size > _LARGEST:
            raise DocxError(f"this file is larger than {_LARGEST // 1_000_000} MB")
        return docx.read_bytes()
    except OSError as error:
        exported = Path("dist", "docx", docx.name)
        hint = f'did you mean "{exported.as_posix()}"?' if (root / exported).exists() else ""
        raise DocxError(f"this file cannot be read: {reason(error)}", hint) from error


def _harmful(package: Package, shown: Path) -> Iterator[Problem]:
    """Report what is in the file besides the text, and is left alone."""
    active: Counter[str] = Counter()
    outside: Counter[str] = Counter()
    for _, relation in package.all_relations():
        if relation.kind in _ACTIVE:
            active[_ACTIVE[relation.kind]] += 1
        elif relation.external and relation.kind != "hyperlink":
            outside[_OUTSIDE.get(relation.kind, relation.kind)] += 1
    for what in sorted(active):
        yield _warning("docx-is-text", f"it holds {what}, which are left out", Span(shown))
    for what in sorted(outside):
        message = f"it refers to {what} outside the file: nothing is fetched"
        yield _warning("docx-is-text", message, Span(shown))


_OUTSIDE = {
    "attachedTemplate": "a template",
    "image": "a picture",
    "frame": "a frame",
    "subDocument": "a subdocument",
    "mailMergeSource": "a source of data",
}


def _warning(rule: str, message: str, span: Span, hint: str = "") -> Problem:
    return Problem(rule, message, span, hint, Severity.WARNING)


def _lost(lost: Mapping[str, int], shown: Path) -> Iterator[Problem]:
    for what, count in sorted(lost.items()):
        times = f" ({count} times)" if count > 1 else ""
        yield _warning("word-part-is-carried", f"not carried: {what}{times}", Span(shown))


# What was sent, and has come back


def _sources_of_today(given: Manuscript, name: str, known: Sources | None) -> Sources:
    """Take the text of a chapter as it stands for what was sent."""
    source = next((one for one in given.sources if one.name == name), None)
    if source is None or source.path.suffix != ".md":
        hint = nearest(name, [one.name for one in given.sources])
        raise BookError(
            [Problem("section-file-exists", f'no section is called "{name}"', Span(SETTINGS), hint)]
        )
    path = source.path.as_posix()
    text, _ = _text(given.root / source.path)
    style, _ = citations.find_style(given.config.citations.style, given.root, Span(SETTINGS))
    cites = style.kind if style else "note"
    texts = {path: text}
    for file in sorted((given.root / "content").rglob("*.csv")):
        relative = file.relative_to(given.root).as_posix()
        if f"({relative.removeprefix('content/')})" in text:
            texts[relative] = _text(file)[0]
    return Sources(known.language if known else given.config.language, cites, (path,), texts)


def _changed(
    root: Path, given: Manuscript, shown: Path, sources: Sources, document: Document, wanted: Wanted
) -> tuple[dict[Path, bytes], dict[Path, str], list[Problem]]:
    back = returned(sources, document)
    outputs: dict[Path, bytes] = {}
    remarks: dict[Path, str] = {}
    problems = [*_lost(back.lost, shown), *_uncarried(sources, back)]
    listed = {source.path.as_posix() for source in given.sources}
    for path, sent in sources.texts.items():
        marks = [mark for mark in back.marks if mark.path == path]
        where = Path(path)
        if not (root / where).is_file() or (path in sources.chapters and path not in listed):
            if marks:
                message = f"{path}, from which it was exported, is no longer in the book"
                hint = "put it back, or name the chapter that has its text now: --against NAME"
                problems.append(Problem("section-file-exists", message, Span(shown), hint))
            continue
        today, encode = _text(root / where)
        merged = merge(sent, today, marks)
        problems += _conflicts(merged.conflicts, today, where, wanted.partly)
        if marks and sent not in {today, criticmarkup.settled(today, accept=True).text}:
            message = "this file has changed since the DOCX was exported"
            note = "changes were put in where their words still stand"
            problems.append(_warning("file-is-as-sent", message, Span(where), note))
        if merged.text != today:
            outputs[where] = encode(merged.text)
            remarks[where] = _counted(marks)
    return outputs, remarks, problems


def _uncarried(sources: Sources, back: Returned) -> Iterator[Problem]:
    for one in back.uncarried:
        text = sources.texts[one.path]
        line = text.count("\n", 0, one.at) + 1
        hint = "make this change in the text by hand"
        yield _warning("word-change-is-carried", one.message, Span(Path(one.path), line), hint)


def _conflicts(
    conflicts: Sequence[tuple[Mark, int]], today: str, where: Path, partly: bool
) -> Iterator[Problem]:
    for mark, at in conflicts:
        line = today.count("\n", 0, at) + 1
        message = f"this was changed here and in the DOCX, which has: {mark.words}"
        hint = "make the change by hand, and leave what is in conflict out: --partly"
        severity = Severity.WARNING if partly else Severity.ERROR
        yield Problem("word-change-fits", message, Span(where, line), hint, severity)


def _counted(marks: Sequence[Mark]) -> str:
    counts = Counter(kind for mark in marks for kind in mark.kinds)
    said = [f"{counts[kind]} {kind}{'s' * (counts[kind] > 1)}" for kind in _CHANGES if counts[kind]]
    return ", ".join(said)


def _text(path: Path) -> tuple[str, "_Encode"]:
    """Read a file's text; give with it what writes a text with the same line ends and mark."""
    data = path.read_bytes()
    text = data.decode("utf-8-sig")
    is_marked = data.startswith(b"\xef\xbb\xbf")
    ends = "\r\n" if "\r\n" in text else "\n"
    return text.replace("\r\n", "\n"), _Encode(is_marked, ends)


@dataclass(frozen=True)
class _Encode:
    is_marked: bool
    ends: str

    def __call__(self, text: str) -> bytes:
        """Write a text as the file was written."""
        return text.replace("\n", self.ends).encode("utf-8-sig" if self.is_marked else "utf-8")


# A document from elsewhere


def _new(
    root: Path, given: Manuscript, shown: Path, package: Package, document: Document, wanted: Wanted
) -> tuple[dict[Path, bytes], dict[Path, str], list[Problem]]:
    name = wanted.name or spelling.slug(shown.stem) or "chapter"
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        hint = "small letters from a to z, digits and hyphens make a name"
        raise BookError([Problem("name-is-plain", f'"{name}" is no name', Span(shown), hint)])
    source = next((one for one in given.sources if one.name == name), None)
    where = source.path if source else Path("content") / FOLDERS["body"] / f"{name}.md"
    made = foreign.chapter(package, document, name, given.config.language)
    outputs = {where: made.text.encode(), **made.files}
    problems = list(_lost(made.lost, shown))
    for path in outputs:
        if (root / path).exists() and not wanted.replaces:
            message = f"{path.as_posix()} is there already"
            hint = "give the chapter another name, --as NAME, or write over it: --replace"
            problems.append(Problem("file-is-kept", message, Span(shown), hint))
    if source is None:
        listed = given.span_of_setting("sections", "body")
        message = f"{where.as_posix()} is not listed yet"
        problems.append(_warning("section-is-listed", message, listed, f'add "{name}" to the list'))
    remarks = dict.fromkeys(outputs, "")
    remarks[where] = made.remark
    return outputs, remarks, problems
