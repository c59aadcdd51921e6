"""The articles of a replay are read in the order in which they are given."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from schemas import Article
from services.cli.running.stream_run import _InOrder
from services.producer.publish import publish


class Producer:
    """Keeps the partition and key of what is sent, and acknowledges at once."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, bytes]] = []

    async def send(self, topic: str, *, key: bytes, partition: int, **_: Any) -> Awaitable[None]:
        self.sent.append((partition, key))
        return acknowledged()


async def acknowledged() -> None:
    return None


async def test_every_article_of_a_run_goes_to_one_partition_in_the_order_given() -> None:
    producer = Producer()
    articles = [Article(article_id=f"a{number}", body="x") for number in range(50)]
    summary = await publish(articles, _InOrder(producer))  # type: ignore[arg-type]
    assert summary.sent == 50
    assert producer.sent == [(0, article.article_id.encode()) for article in articles]
