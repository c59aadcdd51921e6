"""What the first reports of an incident have between them, so that a new one is held against all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from operator import is_

from services.processor.tracking.telling import LONG_TEXT, Spot, Telling

MOST_COMPARED = 8
"""Reports of one incident that a new one is compared with, the first told: those that come later repeat them."""


class FirstReports:
    """The reports of an incident that others are compared with, and what any of them has."""

    __slots__ = (
        "actors", "kinds", "least_norm", "least_sketch", "long", "most_dead", "names_bits", "numbers", "seldom",
        "sketch_bits", "sought", "spots", "tellings", "timeless", "times", "undated", "words_bits",
    )  # fmt: skip

    def __init__(self, tellings: Sequence[Telling]) -> None:
        """`tellings` are in order, one at least."""
        self.tellings = tuple(tellings[:MOST_COMPARED])
        self.kinds = tuple({telling.type: None for telling in self.tellings})
        self.spots: tuple[Spot | None, ...] = tuple({telling.spot: None for telling in self.tellings})
        self.numbers = frozenset[tuple[str, int]]().union(*[telling.numbers for telling in self.tellings])
        self.actors = any(telling.actors for telling in self.tellings)
        self.seldom = any(telling.revises is not None or telling.outdated for telling in self.tellings)
        """Some say something of earlier figures."""
        self.most_dead = max([telling.dead for telling in self.tellings])
        self.sought = frozenset([telling.sought for telling in self.tellings if telling.sought is not None])
        self.long = all(len(telling.names) + len(telling.words) >= LONG_TEXT for telling in self.tellings)
        """All texts are long enough to be expected to share words with another on their incident."""
        self.names_bits = self.words_bits = self.sketch_bits = 0
        for telling in self.tellings:
            self.names_bits |= telling.names_bits
            self.words_bits |= telling.words_bits
            self.sketch_bits |= telling.sketch_bits
        self.least_norm = min([telling.norm for telling in self.tellings])
        self.least_sketch = min([len(telling.sketch) for telling in self.tellings if telling.sketch], default=0)
        """Of those that have a sketch."""
        self.times = tuple({telling.when: None for telling in self.tellings if telling.when is not None})
        others = [telling for telling in self.tellings if telling.when is None]
        days = [telling.published for telling in others if telling.published is not None and telling.starts is None]
        self.undated = (min(days), max(days)) if days else None
        """Those that do not say when it happened: the first and the last day of their publication."""
        self.timeless = len(days) < len(others)
        """Some say neither when it happened nor when they were published, or only when it began."""

    def is_of(self, tellings: Sequence[Telling]) -> bool:
        """Whether these are the first of `tellings`."""
        mine = self.tellings
        return len(mine) == min(len(tellings), MOST_COMPARED) and all(map(is_, mine, tellings))
