"""Nobody runs ahead of the embedded broker."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from schemas import Article
from services.cli.running.backlog import IN_HAND, LARGEST_BYTES, Backlog, refuse_large
from services.cli.running.positions import DEAD, READERS, Positions
from services.producer.bad_input import BadInput
from services.shared.topics import ALERTS, ARTICLES, DELIVERIES, INCIDENTS, REPORTS


def positions(articles: int = 0, unread: int = 0, dead: int = 0) -> Positions:
    written = dict.fromkeys((REPORTS, INCIDENTS, ALERTS, DELIVERIES, *DEAD), 0) | {ARTICLES: articles}
    written[DEAD[0]] = dead
    return Positions(written, dict.fromkeys(READERS, 0) | {ARTICLES: unread})


class Reader:
    """Gives the positions that the test says."""

    def __init__(self, now: Positions) -> None:
        self.now = now

    async def read(self) -> Positions:
        return self.now


async def test_articles_are_let_in_until_so_many_are_on_their_way_and_again_when_they_are_through() -> None:
    reader = Reader(positions())
    backlog = Backlog(reader, reader.now)  # type: ignore[arg-type]
    watching = asyncio.create_task(backlog.watch())
    for _ in range(IN_HAND):
        await backlog.room()
    waiting = asyncio.create_task(backlog.room())
    await asyncio.sleep(0.3)
    assert not waiting.done()
    reader.now = positions(articles=IN_HAND, unread=IN_HAND)
    await asyncio.sleep(0.3)
    assert not waiting.done()
    reader.now = positions(articles=IN_HAND, unread=IN_HAND - 1)
    await asyncio.wait_for(waiting, 5)
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching


async def test_what_was_there_before_does_not_count() -> None:
    reader = Reader(positions(articles=500, dead=3))
    backlog = Backlog(reader, reader.now)  # type: ignore[arg-type]
    backlog.now = positions(articles=510, dead=4)
    assert (backlog.written(ARTICLES), backlog.dead_letters) == (10, 1)


def test_an_article_that_the_embedded_broker_cannot_hold_is_refused_with_a_reason() -> None:
    small = Article(article_id="small", body="x")
    large = Article(article_id="large", body="x" * (LARGEST_BYTES + 1))
    kept, refused = list(refuse_large([small, large]))
    assert kept is small
    assert isinstance(refused, BadInput)
    assert "KAFKA_BOOTSTRAP_SERVERS" in refused.reason
