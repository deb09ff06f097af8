"""What a preflight reports."""

from dataclasses import dataclass

FINE = 300
FINE_LINES = 600
"""The resolution of pictures, and of those with one bit a pixel, in pixels per inch."""


@dataclass(frozen=True, order=True)
class Finding:
    """A rule that does not hold on a page, counted from 1, or with 0 in the whole document."""

    page: int
    rule: str
    message: str
