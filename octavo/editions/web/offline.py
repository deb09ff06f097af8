"""The service worker, by which the book is read without a network after the first visit."""

import base64
import hashlib
from collections.abc import Mapping
from urllib.parse import quote

from octavo.templating import Templates

WORKER = "sw.js"
"""The worker's file: at the root, for a worker sees to what is beside and below it."""

LARGEST = 2**20
"""The size (bytes) of the largest file that is fetched beforehand; others are kept once used."""


def worker(files: Mapping[str, bytes], templates: Templates) -> bytes:
    """Give the service worker that keeps ``files``, the whole edition.

    Each file comes with its digest, as Subresource Integrity 1 writes it: the worker takes a build
    as a whole or not at all, whatever a host or a cache on the way has still of the last one.
    """
    digests = {
        name: hashlib.sha256(data).digest()
        for name, data in sorted(files.items())
        if len(data) <= LARGEST
    }
    version = hashlib.sha256(repr(digests).encode()).hexdigest()[:12]
    at_once = {
        quote(name): f"sha256-{base64.b64encode(digest).decode()}"
        for name, digest in digests.items()
    }
    return templates.render(f"web/{WORKER}", {"version": version, "at_once": at_once}).encode()
