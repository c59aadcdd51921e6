"""How much of a busy process may go to receivers that fail, so that they cost those that are well little.

An alerter is one thread. While it keeps up, what fails is tried again whenever that is due. While it is behind, an
attempt at a receiver that fails would be made at the cost of one at a receiver that is well, which is likelier to end
in somebody being told: then only a few a second begin, and the others wait for the rush to end.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

SAMPLE_SECONDS = 0.05
BEHIND_SECONDS = 0.04
"""Mean delay of the event loop from which on it counts as behind. A transaction of a few dozen alerts holds it up for
as long now and then; on the average that happens only where little of the core is left."""
REMEMBERS = 0.95
"""What each sample leaves of the mean before it: a mean over about the last second."""
PER_SECOND = 5.0
"""Attempts at failing receivers that begin in a second while the process is behind: a fiftieth of a core."""


@dataclass(slots=True)
class LoopLag:
    """How late the event loop comes to what is due, as a mean over about a second."""

    seconds: float = 0.0

    @property
    def behind(self) -> bool:
        """It has more to do than it can."""
        return self.seconds > BEHIND_SECONDS

    async def run(self) -> None:
        """Measure until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + SAMPLE_SECONDS
            await asyncio.sleep(SAMPLE_SECONDS)
            self.add(max(0.0, loop.time() - due))

    def add(self, seconds: float) -> None:
        """Take in one delay. One that is long counts as all the samples that could not be taken meanwhile."""
        weight = REMEMBERS ** (1 + seconds / SAMPLE_SECONDS)
        self.seconds = weight * self.seconds + (1 - weight) * seconds


@dataclass(slots=True)
class RetryBudget:
    """Counts attempts at failing receivers while the process is behind: a token bucket of one second."""

    per_second: float = PER_SECOND
    _left: float = 0.0
    _at: float | None = None
    """When `_left` was right; None while the process keeps up."""

    def left(self, now: float, *, behind: bool) -> int | None:
        """How many may begin at `now`, seconds of a clock that only goes on; None for any number."""
        if not behind:
            self._at = None
            return None
        if self._at is None:
            self._left = 1.0
        else:
            self._left = min(self.per_second, self._left + max(0.0, now - self._at) * self.per_second)
        self._at = now
        return int(self._left)

    def spend(self, attempts: int) -> None:
        """So many have begun."""
        if self._at is not None:
            self._left = max(0.0, self._left - attempts)
