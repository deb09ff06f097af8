"""What workers do: each task imports what it needs when it is called, in the worker's process."""

# ruff: noqa: PLC0415 - WeasyPrint is to be imported after fontconfig has been pointed at the fonts

from octavo.typeset import reading_pdf
from octavo.typeset.facts import Furniture, FurnitureJob, Glimpse, GlimpseJob, Job, Laid
from octavo.typeset.joined import Joined
from octavo.typeset.press import pdf as press_pdf
from octavo.typeset.press.pdf import PressPdf


def lay_out(job: Job) -> Laid:
    """Lay out a section."""
    from octavo.typeset import layout

    return layout.lay_out(job)


def glimpse(job: GlimpseJob) -> Glimpse:
    """Set a section, and draw some of its pages only."""
    from octavo.typeset import layout

    return layout.glimpse(job)


def set_furniture(job: FurnitureJob) -> Furniture:
    """Set a section's running heads and folios."""
    from octavo.typeset import layout

    return layout.set_furniture(job)


def assemble_reading(joined: Joined) -> bytes:
    """Make the reading PDF."""
    return reading_pdf.make(joined)


def assemble_press(joined: Joined) -> PressPdf:
    """Make the press PDF."""
    return press_pdf.make(joined)
