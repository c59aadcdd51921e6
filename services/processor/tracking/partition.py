"""Which reports of a story belong together, as a function of all of them: the order in which they came does not matter.

Every two reports speak for or against being of one incident. Starting with each report by itself, the two groups whose
reports speak most for each other on average are put together, as long as there are any that on the whole do: greedy
additive edge contraction (Keuper and others, ICCV 2015), with the average in place of the sum to choose by, so that a
large group does not draw reports away from a small one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def partition(items: Sequence[T], weight: Callable[[T, T], float]) -> list[list[T]]:
    """`items` in groups. `weight` is symmetric: above 0 for one group, below 0 against.

    The same set gives the same groups however `items` are sorted, if they are always sorted by the same key: of equal
    choices the one with the earliest items is taken. Takes time by the cube of their number.
    """
    groups: list[list[int]] = [[at] for at in range(len(items))]
    sums = {
        (one, other): value
        for one in range(len(items))
        for other in range(one + 1, len(items))
        if (value := weight(items[one], items[other]))
    }
    while True:
        best: tuple[float, int, int] | None = None
        for (one, other), value in sums.items():
            if value <= 0:
                continue
            key = (-value / (len(groups[one]) * len(groups[other])), one, other)
            if best is None or key < best:
                best = key
        if best is None:
            return [[items[at] for at in sorted(group)] for group in groups if group]
        _, one, other = best
        groups[one] += groups[other]
        groups[other] = []
        merged: dict[tuple[int, int], float] = {}
        for (a, b), value in sums.items():
            a, b = (one if a == other else a), (one if b == other else b)
            if a != b:
                pair = (a, b) if a < b else (b, a)
                merged[pair] = merged.get(pair, 0.0) + value
        sums = merged
