"""Marks of editing settled in the files themselves: nothing else in a file changes, byte for byte.

Line ends, a byte order mark, a missing last line end stay as they are.  Nothing is written where
any mark of any file is unsound, and each file is replaced whole.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from octavo import criticmarkup, headers, output
from octavo.criticmarkup import Edit, Mark
from octavo.problems import BookError, Problem, Severity, Span, in_order, nearest, reason

_BOM = b"\xef\xbb\xbf"
_SUFFIXES = frozenset({".md", ".csv"})


@dataclass(frozen=True)
class Resolved:
    """A file whose marks have been settled: its path below the book's folder, and the marks."""

    path: Path
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class _Rewritten:
    """A file that is to be replaced: its contents."""

    resolved: Resolved
    place: Path
    data: bytes


def resolve(
    root: Path, files: Sequence[Path], *, accept: bool, keep_comments: bool
) -> tuple[tuple[Resolved, ...], tuple[Problem, ...]]:
    """Accept or reject the changes in files of the book in ``root``; tell what was settled where.

    Without ``files``, those of the whole of ``content/`` are meant.  Comments are taken out, and
    highlighted words stay without their marks; ``keep_comments`` leaves both as they are.
    Raises ``BookError`` where a file is none of the book's, or a mark is unsound; ``OSError`` where
    one cannot be written.
    """
    problems: list[Problem] = []
    found: list[_Rewritten] = []
    for place in _places(root, files, problems):
        path = place.relative_to(root.resolve())
        try:
            data = place.read_bytes()
            rewritten = _rewritten(path, data, problems, accept=accept, keep=keep_comments)
        except OSError as error:
            message = f"this file cannot be read: {reason(error)}"
            problems.append(Problem("file-is-readable", message, Span(path)))
            continue
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            hint = "save the file as UTF-8 in your editor"
            problems.append(
                Problem("file-is-utf-8", "this is not UTF-8 text", Span(path, line), hint)
            )
            continue
        if rewritten is not None:
            found.append(_Rewritten(Resolved(path, rewritten[0]), place, rewritten[1]))
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise BookError(problems)
    modes = {one.place: one.place.stat().st_mode for one in found}
    output.replace_all({one.place: one.data for one in found})
    for place, mode in modes.items():
        place.chmod(mode)
    return tuple(one.resolved for one in found), in_order(problems)


def _places(root: Path, files: Sequence[Path], problems: list[Problem]) -> Iterator[Path]:
    """Give the files that are meant, each once; report those that are none of the book's."""
    content = (root / "content").resolve()
    if not files:
        found = (path for path in content.rglob("*") if path.suffix in _SUFFIXES)
        files = sorted(path for path in found if path.is_file())
    given = dict.fromkeys((file if file.exists() else root / file) for file in files)
    for file in given:
        place = file.resolve()
        if not place.exists():
            message = "this file cannot be read: there is no such file"
            span = Span(file.relative_to(root) if file.is_relative_to(root) else file)
            known = (path.relative_to(content.parent).as_posix() for path in content.rglob("*.md"))
            hint = nearest(f"content/chapters/{file.stem}.md", known)
            problems.append(Problem("file-is-readable", message, span, hint))
        elif not place.is_relative_to(content):
            message = "this file stands outside the book's folder content"
            hint = "only the manuscript's own files are rewritten"
            problems.append(Problem("file-is-of-the-book", message, Span(file), hint))
        elif place.suffix not in _SUFFIXES:
            message = "marks of editing stand in .md and .csv files"
            problems.append(Problem("file-is-of-the-book", message, Span(file)))
        else:
            yield place


def _rewritten(
    path: Path, data: bytes, problems: list[Problem], *, accept: bool, keep: bool
) -> tuple[tuple[Mark, ...], bytes] | None:
    """Give the marks that are settled in a file, and its new contents; None where there are none.

    Raises ``UnicodeDecodeError``.
    """
    bom = _BOM if data.startswith(_BOM) else b""
    written = data.removeprefix(_BOM).decode()
    text, origins = _with_plain_ends(written)
    marks: list[Mark] = []
    edits: list[Edit] = []
    for start, end in _parts(path, text):
        part = text[start:end]
        found = criticmarkup.find(part)
        for fault in found.faults:
            severity = Severity.ERROR if fault.is_error else Severity.WARNING
            span = _span(path, text, start + fault.at)
            problems.append(Problem(fault.rule, fault.message, span, fault.hint, severity))
        settled = [mark for mark in found.marks if mark.is_change or not keep]
        marks += settled
        edits += [
            Edit(origins[start + edit.start], origins[start + edit.end])
            for edit in criticmarkup.settlement(part, settled, accept=accept)
        ]
    if not marks:
        return None
    return tuple(marks), bom + criticmarkup.edited(written, edits).text.encode()


def _parts(path: Path, text: str) -> Iterable[tuple[int, int]]:
    """Divide a chapter into its header and its text: a mark never runs over both."""
    if path.suffix != ".md":
        return ((0, len(text)),)
    _, body, _ = headers.split(text)
    return ((0, len(text) - len(body)), (len(text) - len(body), len(text)))


def _with_plain_ends(written: str) -> tuple[str, list[int]]:
    """Give a text with each of its line ends as one character, and where each sign stood."""
    signs: list[str] = []
    origins: list[int] = []
    for at, sign in enumerate(written):
        if sign == "\n" and signs and written[at - 1] == "\r":
            continue
        signs.append("\n" if sign == "\r" else sign)
        origins.append(at)
    origins.append(len(written))
    return "".join(signs), origins


def _span(path: Path, text: str, at: int) -> Span:
    line = text.count("\n", 0, at) + 1
    return Span(path, line, at - (text.rfind("\n", 0, at) + 1) + 1)
