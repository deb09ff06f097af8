"""Names values by what they are, so that what was made of them can be kept in the store.

Equal values have the same name in every process, whatever they have in memory besides: what is
computed on demand, or where two of them are one object.
"""

import hashlib
import io
import pickle
from collections.abc import Iterable
from dataclasses import is_dataclass
from typing import Any

from lxml import etree

from octavo.problems import Span


class _Writer(pickle.Pickler):
    """Writes a tree as its XML, a dataclass as its fields, and no place in a source file."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, protocol=5)
        self.fast = True  # Without it, what is one object twice is written otherwise than copies.

    def reducer_override(self, value: Any) -> Any:
        """Say how a value is written that is of no plain type."""
        if isinstance(value, etree._Element):
            return bytes, (etree.tostring(value),)
        if isinstance(value, Span):
            return tuple, ()
        if is_dataclass(value) and not isinstance(value, type):
            return type(value), tuple(getattr(value, name) for name in value.__dataclass_fields__)
        return NotImplemented


def of(parts: Iterable[object]) -> str:
    """Name values: dataclasses, trees, mappings and what else can be pickled.

    Places in source files (``Span``) do not count: what is printed is the same where the text has
    moved.  A mapping's order counts.
    """
    file = io.BytesIO()
    _Writer(file).dump(tuple(parts))
    return hashlib.sha256(file.getbuffer()).hexdigest()
