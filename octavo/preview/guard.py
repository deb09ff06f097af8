"""Who is answered: pages of the preview itself, and a person who types its address.

The preview listens on this machine alone, but any page that is open in a browser here can send it
requests.  So the name that it is called by is looked at, since another's may have been pointed
here ("DNS rebinding"), and so is what browsers say of who asks (Fetch standard, ``Origin``; Fetch
Metadata).
"""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS = ("127.0.0.1", "localhost")
"""The names of this machine that are answered to."""

_OWN = frozenset({"same-origin", "none"})
"""What ``Sec-Fetch-Site`` says of our own pages, and of addresses that were typed."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""What every answer says: nothing of another host is loaded, nobody else may show it in a frame."""


def refusal(method: str, headers: Mapping[str, str], port: int) -> tuple[int, str] | None:
    """Give the status and the words with which a request is refused; None if it is answered.

    ``headers`` are by lower-case names; ``port`` is the one that is listened on.
    """
    if method not in {"GET", "HEAD"}:
        return 405, "The preview can only be looked at."
    own = [f"{host}:{port}" for host in HOSTS]
    if headers.get("host", "") not in own:
        return 421, f"The preview answers to {own[0]} only."
    origin = headers.get("origin")
    if origin is not None and origin not in {f"http://{host}" for host in own}:
        return 403, "The preview answers its own pages only."
    if headers.get("sec-fetch-site", "none") not in _OWN:
        return 403, "The preview answers its own pages only."
    return None


class Guard:
    """Answers for the application where it had better not, and adds headers to what it answers."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        """Stand before ``app``, which listens on ``port``."""
        self._app, self._port = app, port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                message = {**message, "headers": [*message["headers"], *given]}
            await send(message)

        refused = refusal(scope["method"], Headers(scope=scope), self._port)
        if refused is None:
            await self._app(scope, receive, send_with_headers)
        else:
            status, words = refused
            await PlainTextResponse(words, status)(scope, receive, send_with_headers)
