"""Whose turn it is to write, where only one can at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """Turns are taken in the order of asking, but who is urgent goes before who is not: never twice in a row while one
    who is not urgent waits, so that nobody waits for ever."""

    def __init__(self) -> None:
        self._taken = False
        self._last_urgent = False
        self._waiting: dict[bool, deque[asyncio.Future[None]]] = {True: deque(), False: deque()}

    @asynccontextmanager
    async def turn(self, *, urgent: bool, seconds: float) -> AsyncIterator[None]:
        """Holds the turn. Raises TimeoutError where it does not come within `seconds`."""
        if self._taken:
            await self._wait(urgent, seconds)
        self._taken, self._last_urgent = True, urgent
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, urgent: bool, seconds: float) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[urgent].append(mine)
        try:
            async with asyncio.timeout(seconds):
                await mine
        except BaseException:
            if mine.done() and not mine.cancelled():
                # It came in the same moment.
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        for urgent in (not self._last_urgent, self._last_urgent):
            queue = self._waiting[urgent]
            while queue:
                following = queue.popleft()
                if not following.done():
                    following.set_result(None)
                    return
        self._taken = False
