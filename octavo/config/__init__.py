"""``content/book.toml`` as typed, frozen values, every fault of the file named with its line.

``book`` and ``editions`` declare the settings, ``values`` the kinds of value that they take;
``loading`` reads the file.  What any file of TOML needs is in ``toml`` (text → a model), ``faults``
(the wording) and ``places`` (the lines).  The models are pydantic's, which refuses unknown keys and
wrong types; each setting is declared once, with its description.
"""

from octavo.config.book import (
    GENERATED,
    BibliographySection,
    CheckSetting,
    Citations,
    Config,
    Contributor,
    Distributor,
    Rights,
    Sections,
)
from octavo.config.editions import PrintSettings
from octavo.config.loading import load
from octavo.config.places import line_of
from octavo.config.toml import read, validated
from octavo.config.values import LANGUAGE, DashedTable, Text, points

__all__ = [
    "GENERATED",
    "LANGUAGE",
    "BibliographySection",
    "CheckSetting",
    "Citations",
    "Config",
    "Contributor",
    "DashedTable",
    "Distributor",
    "PrintSettings",
    "Rights",
    "Sections",
    "Text",
    "line_of",
    "load",
    "points",
    "read",
    "validated",
]
