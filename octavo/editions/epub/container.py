"""Files → the ZIP archive that an EPUB is (OCF, EPUB 3.3 §4)."""

import io
import zipfile
from collections.abc import Mapping

MIMETYPE = "application/epub+zip"

_EPOCH = (1980, 1, 1, 0, 0, 0)  # The first moment that ZIP knows: the same on every run.
_UNIX = 3
_READABLE = 0o100644 << 16


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Pack files, by their path in the archive, in the order of their paths.

    ``mimetype`` comes before them, not compressed, as OCF asks (EPUB 3.3 §4.2).
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry("mimetype", zipfile.ZIP_STORED), MIMETYPE)
        for path, data in sorted(files.items()):
            archive.writestr(entry(path, zipfile.ZIP_DEFLATED), data, compresslevel=9)
    return out.getvalue()


def entry(path: str, compression: int) -> zipfile.ZipInfo:
    """Give an archive's entry that says nothing of when and where it was made."""
    entry = zipfile.ZipInfo(path, _EPOCH)
    entry.compress_type = compression
    entry.create_system = _UNIX
    entry.external_attr = _READABLE
    return entry
