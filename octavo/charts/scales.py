"""Scales: where numbers stand, which of them are marked, how they are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10


@dataclass(frozen=True)
class Scale:
    """Puts the numbers ``low`` to ``high`` on the way from ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, number: float) -> float:
        """Give a number's place."""
        if self.high == self.low:
            return self.start
        return self.start + (number - self.low) / (self.high - self.low) * (self.end - self.start)


def ticks(low: float, high: float, most: int, whole: bool = False) -> list[float]:
    """Give round numbers around ``low`` to ``high``: steps of 1, 2 or 5 times a power of ten.

    There are at most ``most`` of them, and at least two.  With ``whole`` no step is less than 1.
    """
    if high <= low:
        high = low + 1.0
    power = floor(log10((high - low) / max(most, 2)))
    steps = [
        factor * 10.0**exponent for exponent in range(power, power + 3) for factor in (1, 2, 5)
    ]
    for step in steps:
        first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
        if last - first + 1 <= max(most, 2) and not (whole and step < 1):
            break
    return [round(number * step, 10) for number in range(first, last + 1)]


def inside(low: float, high: float, most: int) -> list[float]:
    """Give round numbers between ``low`` and ``high``, none beyond them, for years."""
    for count in range(most + 2, 1, -1):
        found = [tick for tick in ticks(low, high, count, whole=True) if low <= tick <= high]
        if len(found) <= most:
            return found
    return [low]


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move places apart until ``gap`` is between any two, as little as can be, in their order.

    They stay between ``low`` and ``high`` as long as there is room.
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    groups: list[tuple[float, int]] = []  # the middle of each group, and how many it holds
    for index in order:
        middle, count = min(max(wanted[index], low), high), 1
        while groups and middle - groups[-1][0] < gap * (count + groups[-1][1]) / 2:
            before, many = groups.pop()
            middle = (before * many + middle * count) / (many + count)
            count += many
            half = gap * (count - 1) / 2
            middle = max(min(middle, high - half), low + half)
        groups.append((middle, count))
    places = [
        middle + (number - (count - 1) / 2) * gap
        for middle, count in groups
        for number in range(count)
    ]
    out = [0.0] * len(wanted)
    for index, place in zip(order, places, strict=True):
        out[index] = place
    return out
