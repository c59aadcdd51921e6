"""How much is on its way, so that nobody runs ahead of a broker that drops what it cannot hold."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator

from schemas import Article
from services.cli.running.positions import PositionReader, Positions
from services.producer.bad_input import BadInput
from services.shared.topics import ARTICLES

IN_HAND = 60
"""Messages on their way through the whole stream while the broker is the embedded one. An incident with many claims
takes some 50 kB, so that 60 messages stay well below the 5 MB that a partition holds."""
LARGEST_BYTES = 2_000_000
"""Article text, UTF-8, that the embedded broker is given; a larger one could push others out of its partition."""
POLL_SECONDS = 0.1


class Backlog:
    """Keeps the stream's positions up to date, and says when there is room for another article."""

    def __init__(self, reader: PositionReader, start: Positions) -> None:
        self._reader = reader
        self._start = start
        self.now = start
        """Where the stream stands, as last read."""
        self.reads = 0
        """How often it was read."""
        self._changed = asyncio.Condition()
        self._given = 0

    def written(self, topic: str) -> int:
        """Messages written to `topic` since this began."""
        return self.now.written[topic] - self._start.written[topic]

    @property
    def dead_letters(self) -> int:
        """Dead letters since this began."""
        return self.now.dead_letters - self._start.dead_letters

    async def watch(self) -> None:
        """Read the positions again and again, until cancelled."""
        while True:
            self.now = await self._reader.read()
            self.reads += 1
            async with self._changed:
                self._changed.notify_all()
            await asyncio.sleep(POLL_SECONDS)

    async def room(self) -> None:
        """Return when one more article may be sent."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._on_their_way() < IN_HAND)
        self._given += 1

    def _on_their_way(self) -> int:
        return self._given - self.written(ARTICLES) + self.now.in_hand


def refuse_large(articles: Iterable[Article | BadInput]) -> Iterator[Article | BadInput]:
    """`articles` with those that the embedded broker cannot hold refused."""
    for item in articles:
        if isinstance(item, Article) and len(item.body.encode()) > LARGEST_BYTES:
            yield BadInput(
                item.article_id,
                None,
                f"the article's text has {len(item.body.encode())} bytes, and the embedded broker takes at most "
                f"{LARGEST_BYTES}: set KAFKA_BOOTSTRAP_SERVERS to a real broker for larger ones",
            )
        else:
            yield item
