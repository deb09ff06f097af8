"""What a page that shows one state has to be told to show the next."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from octavo.preview.state import State


@dataclass(frozen=True)
class Message:
    """An event for the page, as Server-Sent Events have it (HTML §9.2): its name, and JSON."""

    name: str
    data: Any

    def written(self) -> bytes:
        """Write it for the stream of events."""
        data = json.dumps(self.data, ensure_ascii=False, separators=(",", ":"))
        return f"event: {self.name}\ndata: {data}\n\n".encode()


def messages(before: State, after: State) -> Iterator[Message]:
    """Give what has to be told between two states, the text first."""
    for name in ("frame", "style"):
        if getattr(after, name) != getattr(before, name):
            yield Message(name, getattr(after, name))
    if after.text != before.text:
        yield Message("text", {"number": after.text, "sources": dict(after.sources)})
    if after.notices != before.notices or after.text != before.text:
        yield Message("problems", [asdict(notice) for notice in after.notices])
    if (after.sheets, after.trim) != (before.sheets, before.trim):
        yield Message(
            "pages", {"trim": after.trim, "sheets": [asdict(one) for one in after.sheets]}
        )
    if after.is_behind != before.is_behind:
        yield Message("behind", after.is_behind)
