"""What a preflight reports."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """A rule that does not hold on a page, counted from 1, or with 0 in the whole document."""

    page: int
    rule: str
    message: str
