"""A replay puts its articles on their topic in the order in which they are given."""

from __future__ import annotations

import asyncio
from typing import Any

from services.cli.running.stream_run import _InOrder


class SlowToKnow:
    """A producer that does not know the topic at first: who asks meanwhile waits longer than who asks later."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def send(self, topic: str, *, value: bytes, **_: Any) -> asyncio.Future[None]:
        if not self.taken and value == b"first":
            await asyncio.sleep(0.01)
        self.taken.append(value)
        return asyncio.get_running_loop().create_future()


async def test_an_article_that_waits_for_the_topic_is_not_overtaken() -> None:
    producer = SlowToKnow()
    in_order = _InOrder(producer)  # type: ignore[arg-type]
    await asyncio.gather(
        *(in_order.send("articles", value, b"", headers=[]) for value in (b"first", b"second", b"third"))
    )
    assert producer.taken == [b"first", b"second", b"third"]
