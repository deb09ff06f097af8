"""Lets no stream of a PDF end in a sign that could be taken for the end of a line.

Readers that measure a stream (ISO 19005-2 §6.1.7.1) cannot tell it from the line's end before
``endstream``.  One compressed stream in some hundred ends so by chance.
"""

import re
import zlib
from collections.abc import Iterator
from functools import lru_cache

from pikepdf import Name, Stream

AMBIGUOUS = b"\r\nendstream"
"""What stands at the end of a stream that cannot be measured."""

_LINE_ENDS = (b"", b"\r", b"\n")

_LEVELS = (6, 9)
"""How thoroughly streams are compressed: as qpdf does it, and as well as can be."""

_DATA = re.compile(rb"stream\r?\n")
_NUMBERS = re.compile(rb"[\d ]+")


def pack(stream: Stream) -> None:
    """Compress a stream to its smallest.

    White space behind what is compressed has no meaning in any stream of ours.
    """
    raw = stream.read_raw_bytes()
    filters = stream.get("/Filter")
    if filters is not None and (filters != Name.FlateDecode or raw[-1:] not in _LINE_ENDS):
        return
    stream.write(_packed(stream.read_bytes() if raw else b""), filter=Name.FlateDecode)


@lru_cache(maxsize=64)
def _packed(data: bytes) -> bytes:
    """Compress; profiles and faces are the same from build to build."""
    packed = zlib.compress(data, _LEVELS[-1])
    while packed[-1:] in _LINE_ENDS:
        data += b" "
        packed = zlib.compress(data, _LEVELS[-1])
    return packed


def mend(written: bytes) -> bytes:
    """Give a PDF whose streams of objects can be measured; nothing in it moves.

    Such streams (ISO 32000-1 §7.5.7) are made when the file is written.  They open with numbers
    that spaces part; with another white space among them a stream has another checksum at its
    end, and often the same length.  A stream for which nothing is found stays as it is.
    """
    pieces: list[bytes] = []
    done = 0
    for found in re.finditer(re.escape(AMBIGUOUS), written):
        end = found.start() + 1
        start = written.rfind(b"stream", 0, found.start())
        opening = _DATA.match(written, start)
        if opening is not None:
            data = written[opening.end() : end]
            pieces += (written[done : opening.end()], _otherwise(data))
            done = end
    return b"".join((*pieces, written[done:]))


def _otherwise(data: bytes) -> bytes:
    """Give a stream of objects in other bytes, as many, if there are such."""
    try:
        plain = zlib.decompress(data)
    except zlib.error:
        return data
    for variant in _variants(plain):
        for level in _LEVELS:
            packed = zlib.compress(variant, level)
            if len(packed) == len(data) and packed[-1:] not in _LINE_ENDS:
                return packed
    return data


def _variants(plain: bytes) -> Iterator[bytes]:
    """Give a stream of objects with a line's end for one of the spaces between its numbers."""
    numbers = _NUMBERS.match(plain)
    for index, sign in enumerate(numbers[0] if numbers else b""):
        if sign == ord(" "):
            yield plain[:index] + b"\n" + plain[index + 1 :]
