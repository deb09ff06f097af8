"""The printing that a press PDF is meant for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PrintingCondition:
    """What the press PDF is made for: an ICC output profile, its registered identifier."""

    profile: bytes
    identifier: str
