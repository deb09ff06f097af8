"""What the press PDF is made for: the printing condition, with its ICC output profile."""

from importlib.resources import files
from io import BytesIO
from pathlib import Path

from octavo.manuscript import Manuscript
from octavo.problems import Problem, reason
from octavo.typeset.condition import PrintingCondition

_DEFAULT = "fogra39.icc"
"""The tool's own profile, made from the characterisation data FOGRA39L (coated paper, offset)."""


def condition(manuscript: Manuscript, root: Path) -> tuple[PrintingCondition | None, list[Problem]]:
    """Give the printing condition that ``book.toml`` names, or the tool's own; or what is wrong."""
    settings = manuscript.config.print.press
    if not settings.profile:
        data = (files("octavo") / "data" / _DEFAULT).read_bytes()
        return PrintingCondition(data, settings.condition), []
    span = manuscript.span_of_setting("print", "press", "profile")
    try:
        data = (root / settings.profile).read_bytes()
    except OSError as error:
        message = f"the profile {settings.profile} cannot be read: {reason(error)}"
        hint = "its path begins at the book's folder: profiles/uncoated.icc"
        return None, [Problem("press-profile-is-readable", message, span, hint)]
    from PIL import ImageCms  # noqa: PLC0415 - it takes a while to load, and few books have a profile

    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(data)).profile
        found = (profile.device_class.strip(), profile.xcolor_space.strip())
    except (OSError, ImageCms.PyCMSError):
        found = ("", "")
    if found != ("prtr", "CMYK"):
        message = f"{settings.profile} is no ICC output profile for CMYK"
        hint = "ask the printer for the profile of the press and the paper"
        return None, [Problem("press-profile-is-for-cmyk", message, span, hint)]
    return PrintingCondition(data, settings.condition), []
