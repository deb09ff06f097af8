"""Contributors' names, divided as catalogues and citation styles want them.

What is divided is what ``sort-as`` divides: "Doe, Jane" has a family name and a given one, with a
third part for "Jr.".  Without a comma, as "Nguyen Manh Ha", the family name stands first in the
text too, as Vietnamese and Chinese names do, and such a name is never turned round.  A name without
``sort-as``, and that of a corporate body, is printed as it stands.
"""

from dataclasses import dataclass
from typing import Any

from octavo.config import Contributor

NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Name:
    """A name as it is printed, and its parts; these are ``""`` where they are not known."""

    full: str
    family: str = ""
    given: str = ""
    suffix: str = ""
    is_family_first: bool = False
    is_corporate: bool = False

    @property
    def inverted(self) -> str:
        """Give the name with its family name, a comma, and the rest; or as it is printed."""
        return ", ".join(filter(None, (self.family, self.given, self.suffix))) or self.full

    @property
    def tagged(self) -> str:
        """Give the name as Highwire Press's tags have it, so that Zotero divides it as we do.

        Zotero's translator "Embedded Metadata" (2024) takes a comma for the end of the family name,
        spaces on both sides of it for two persons, and what has none for given and family name.
        """
        if self.is_corporate:
            return f"{self.full},"
        if not self.family:
            return self.full
        given = " ".join(filter(None, (self.given, self.suffix)))
        return f"{self.family.replace(' ', NO_BREAK)}, {given}"

    @property
    def bibtex(self) -> str:
        """Give a divided name in BibTeX's order: family name, "Jr.", given name."""
        return ", ".join(filter(None, (self.family, self.suffix, self.given)))

    def csl(self) -> dict[str, Any]:
        """Give the name as CSL data; what may not be turned round is a literal."""
        if not self.family or self.is_family_first:
            return {"literal": self.full}
        parts = {"family": self.family, "given": self.given, "suffix": self.suffix}
        return {key: value for key, value in parts.items() if value}


def of(contributor: Contributor) -> Name:
    """Divide a contributor's name."""
    full, filed = contributor.name, contributor.sort_as
    if contributor.kind == "corporate":
        return Name(full, is_corporate=True)
    if "," in filed:
        family, given, suffix = (part.strip() for part in f"{filed},".split(",", 2))
        return Name(full, family, given, suffix.rstrip(", "))
    family, _, given = filed.partition(" ")
    return Name(full, family, given, is_family_first=True) if given else Name(full)
