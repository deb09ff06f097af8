"""What makes a proof of a book: room for bars and comments in the outer margin, no address.

The text keeps its measure, so that it can be read beside the final pages.
"""

from dataclasses import replace

from octavo.config import points
from octavo.manuscript import Manuscript

MARGIN = 130.0
"""How much wider a proof's outer margin is, in points: a column for comments."""


def proof_of(given: Manuscript) -> Manuscript:
    """Give a manuscript whose settings are those of a proof."""
    config = given.config
    printed, margins = config.print, config.print.margins
    width, height = printed.trim
    outside = f"{points(margins.outside) + MARGIN:g}pt"
    wider = printed.model_copy(
        update={
            "trim": (f"{points(width) + MARGIN:g}pt", height),
            "margins": margins.model_copy(update={"outside": outside}),
        }
    )
    web = config.web.model_copy(update={"base_url": ""})
    return replace(given, config=config.model_copy(update={"print": wider, "web": web}))
