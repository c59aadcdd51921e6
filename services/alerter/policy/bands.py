"""Bands of a toll: how much a number must grow before it is news again.

The bounds are the 1-2-5 series that scales and currencies use: each step about doubles, so a toll that climbs from 60
to 63 rings once and not three times, and one that climbs from 60 to 600 rings three more times. The falling side has
no bands where people were said to have died: that more was told than is known must never stand.
"""

from __future__ import annotations

from bisect import bisect_right

_LARGEST_POWER = 9
BOUNDS: tuple[int, ...] = tuple(step * 10**power for power in range(_LARGEST_POWER + 1) for step in (1, 2, 5))
"""The least number of people of each band: 1, 2, 5, 10, 20, 50, 100 and so on; below the first lies band 0."""


def band_of(people: int) -> int:
    """The number of the band that holds `people`."""
    return bisect_right(BOUNDS, people)
