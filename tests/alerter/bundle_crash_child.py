"""An alerter that kills itself with SIGKILL at the n-th step after it began to send a message about several incidents:
python -m tests.alerter.bundle_crash_child FOLDER STEP.

On each of two days every incident gets a revision, all wait for the evening, and are told as one message. A step is as
in crash_child. Exits 0 once everything is told and published.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from aiokafka import ConsumerRecord
from sqlalchemy import event

from schemas import QuietHours
from services.alerter.channels.contract import ChannelAnswer, OutgoingMessage
from services.alerter.deciding import Audience
from services.alerter.delivering import Deliverer
from services.alerter.outbox.claiming import release_all
from services.alerter.outbox.engine import Store, open_store
from services.alerter.outbox.publishing import Outstanding
from services.alerter.policy.matching import compile_subscription
from services.alerter.publishing import Publisher
from services.alerter.reading import Reader
from services.alerter.releasing import Releaser
from tests.alerter.crash_child import Channel, Steps, Topics
from tests.alerter.fakes import TOPIC, Clock, FakeConsumer, record_of
from tests.alerter.incidents import NOON, incident, subscription

INCIDENTS, DAYS = 6, 2
QUIET = subscription(name="by-night", channel="a", quiet_hours=(QuietHours(start="08:00", end="18:00"),))


def record(day: int, number: int) -> ConsumerRecord[bytes, bytes]:
    """The revision of incident `number` that is appended at noon of `day`, both from 0."""
    told = incident(10 ** (day + 1), day + 1, incident_id=f"inc-{number}", independent_sources=2)
    at = NOON + timedelta(days=day)
    return replace(record_of(told, day * INCIDENTS + number), timestamp=int(at.timestamp() * 1000))


class Armed(Steps):
    """Counts from the first message that is sent."""

    def __init__(self, last: int) -> None:
        super().__init__(last)
        self.armed = False

    def __call__(self, *_: object) -> None:
        if self.armed:
            super().__call__()


class Arming(Channel):
    """A channel with whose first message the count begins."""

    def __init__(self, path: Path, step: Armed) -> None:
        super().__init__(path, step)
        self._armed = step

    async def send(self, message: OutgoingMessage) -> ChannelAnswer:
        self._armed.armed = True
        return await super().send(message)


async def evening(store: Store, day: int, channel: Channel, topics: Topics) -> None:
    """Read all up to noon of `day`, then tell in the evening what is due, until everything is told and published."""
    clock, stop, released = Clock(NOON + timedelta(days=day, hours=6)), asyncio.Event(), asyncio.Event()
    consumer = FakeConsumer(record(past, number) for past in range(day + 1) for number in range(INCIDENTS))
    audience = Audience([compile_subscription(QUIET)])

    def finished(found: Outstanding) -> None:
        if released.is_set() and found.pending == 0:
            stop.set()

    publisher = Publisher(store, topics, "", clock, refreshed=finished)
    deliverer = Deliverer(store, {"a": channel}, clock, attempted=lambda attempt: publisher.wake())
    reader = Reader(store, consumer, topics, audience, clock, 4, taking=deliverer.taking)

    async def release() -> None:
        await consumer.drained.wait()
        while (await Releaser(store, audience, clock, taking=deliverer.taking).release()).incidents:
            pass
        # What was counted before these were released does not say that all is published.
        publisher.wake()
        released.set()

    await asyncio.gather(reader.run(TOPIC, stop), deliverer.run(stop), publisher.run(stop), release())
    await deliverer.finish(5)


async def main(folder: Path, last_step: int) -> None:
    step = Armed(last_step)
    store = await open_store(f"sqlite:///{folder}/alerter.db")
    async with store.transaction() as connection:
        await release_all(connection, Clock()())
    event.listen(store.engine.sync_engine, "before_cursor_execute", step)
    event.listen(store.engine.sync_engine, "commit", step)
    channel, topics = Arming(folder / "channel-a.jsonl", step), Topics(folder, step)
    for day in range(DAYS):
        await evening(store, day, channel, topics)
    await channel.close()
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
