"""The service worker, by which the book is read without a network after the first visit."""

import base64
import hashlib
from collections.abc import Mapping
from itertools import accumulate
from urllib.parse import quote

from octavo.templating import Templates

WORKER = "sw.js"
"""The worker's file: at the root, for a worker sees to what is beside and below it."""

ROOM = 2**23
"""How much (bytes, unpacked) is fetched beforehand at most; the rest is kept once it is used."""


def worker(files: Mapping[str, bytes], templates: Templates) -> bytes:
    """Give the service worker that keeps ``files``, the whole edition.

    The smallest files come first, as far as there is :data:`ROOM`.  Each comes with its digest, as
    Subresource Integrity 1 writes it: the worker takes a build as a whole or not at all, whatever
    a host or a cache on the way has still of the last one.
    """
    digests = {name: hashlib.sha256(files[name]).digest() for name in sorted(files)}
    version = hashlib.sha256(repr(digests).encode()).hexdigest()[:12]
    by_size = sorted(files, key=lambda name: (len(files[name]), name))
    filled = accumulate(len(files[name]) for name in by_size)
    chosen = {name for name, size in zip(by_size, filled, strict=True) if size <= ROOM}
    at_once = {
        quote(name): f"sha256-{base64.b64encode(digest).decode()}"
        for name, digest in digests.items()
        if name in chosen
    }
    return templates.render(f"web/{WORKER}", {"version": version, "at_once": at_once}).encode()
