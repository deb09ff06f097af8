"""Whether what links lead to is there: asked of the network, and only where somebody wants it."""

import ssl
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urldefrag
from urllib.request import Request, urlopen

from octavo import __version__
from octavo.problems import Problem, Span
from octavo.rules import RULES

RULE = "link-answers"

TIMEOUT = 10.0
"""How long an answer may take, in seconds."""

_AT_ONCE = 8
_GONE = {404, 410}
_NOT_HEAD = {400, 403, 405, 406, 429, 500, 501, 503}
"""What servers say that answer GET and not HEAD."""


def check(addresses: Iterable[tuple[str, Span]]) -> Iterator[Problem]:
    """Report the addresses on the web that do not answer; each is asked once.

    HEAD is asked first, then GET of those that refuse it.  A server that only refuses robots
    (status 401, 403, 429) is there.
    """
    given = list(addresses)
    wanted = list(dict.fromkeys(urldefrag(address).url for address, _ in given))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        faults = dict(zip(wanted, pool.map(_fault, wanted), strict=True))
    for address, span in given:
        if fault := faults[urldefrag(address).url]:
            is_gone = fault.startswith("is not there")
            hint = "is there a newer address?" if is_gone else "ask again: networks fail too"
            yield Problem(RULE, f"{address} {fault}", span, hint, RULES[RULE].severity)


def _fault(address: str) -> str:
    """Say what is wrong with the answer; nothing if the address is there."""
    for method in ("HEAD", "GET"):
        try:
            _ask(address, method)
        except HTTPError as error:
            if method == "HEAD" and error.code in _NOT_HEAD:
                continue
            if error.code in _GONE:
                return f"is not there (status {error.code})"
            return f"has a server in trouble (status {error.code})" if error.code >= 500 else ""  # noqa: PLR2004
        except (URLError, HTTPException, OSError, ValueError) as error:
            return f"does not answer: {_reason(error)}"
        else:
            return ""
    return ""


def _ask(address: str, method: str) -> None:
    headers = {"User-Agent": f"Octavo/{__version__} (link check)", "Accept": "*/*"}
    with urlopen(Request(address, method=method, headers=headers), timeout=TIMEOUT):
        pass


def _reason(error: Exception) -> str:
    inner = error.reason if isinstance(error, URLError) else error
    match inner:
        case TimeoutError():
            return f"nothing came in {TIMEOUT:.0f} seconds"
        case ssl.SSLCertVerificationError():
            return "its certificate is not valid"
        case OSError():
            return (inner.strerror or str(inner)).lower()
    return str(inner)
