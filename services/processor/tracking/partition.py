"""Which reports of a story belong together, as a function of all of them: the order in which they came does not matter.

Every two reports speak for or against being of one incident. Starting with each report by itself, the two groups whose
reports speak most for each other on average are put together, as long as there are any that on the whole do: greedy
additive edge contraction (Keuper and others, ICCV 2015), with the average in place of the sum to choose by, so that a
large group does not draw reports away from a small one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heapify, heappop, heappush
from typing import TypeVar

T = TypeVar("T")


def partition(items: Sequence[T], weight: Callable[[T, T], float]) -> list[list[T]]:
    """`items` in groups. `weight` is symmetric: above 0 for one group, below 0 against.

    The same set gives the same groups however `items` are sorted, if they are always sorted by the same key: of equal
    choices the one with the earliest items is taken. Takes time by the square of their number, times its logarithm.
    """
    groups: list[list[int]] = [[at] for at in range(len(items))]
    sums: list[dict[int, float]] = [{} for _ in items]
    heap: list[tuple[float, int, int]] = []
    for one, item in enumerate(items):
        for other in range(one + 1, len(items)):
            value = weight(item, items[other])
            if value:
                sums[one][other] = sums[other][one] = value
                if value > 0:
                    heap.append((-value, one, other))
    heapify(heap)
    while heap:
        average, one, other = heappop(heap)
        value = sums[one].get(other, 0.0)
        if value <= 0 or average != -value / (len(groups[one]) * len(groups[other])):
            continue  # What stood here before one of the two groups grew.
        groups[one] += groups[other]
        groups[other] = []
        for third, more in sums[other].items():
            del sums[third][other]
            if third != one:
                sums[one][third] = sums[third][one] = sums[one].get(third, 0.0) + more
        sums[other] = {}
        size = len(groups[one])
        for third, value in sums[one].items():
            if value > 0:
                a, b = (one, third) if one < third else (third, one)
                heappush(heap, (-value / (size * len(groups[third])), a, b))
    return [[items[at] for at in sorted(group)] for group in groups if group]
