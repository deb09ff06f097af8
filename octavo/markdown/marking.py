"""Marks of editing in a section's tree: how they are named."""


def mark_id(section: str, index: int) -> str:
    """Give the id of a section's mark; ``index`` counts from 0 in ``Section.marks``."""
    return f"{section}.mark-{index + 1}"
