"""An alerter that kills itself with SIGKILL at the n-th step it takes: python -m tests.alerter.crash_child FOLDER STEP.

Its broker is a folder: incidents come from a list that is always the same, and what is published is appended to a file
for each topic. A step is a statement or commit of the store, a line written to a channel, or a message published.
Exits 0 once everything is told and published.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from aiokafka.structs import RecordMetadata
from sqlalchemy import event

from schemas import Alert
from services.alerter.channels.contract import ChannelAnswer, OutgoingMessage
from services.alerter.channels.file import FileSender
from services.alerter.deciding import Audience
from services.alerter.delivering import Deliverer
from services.alerter.outbox.claiming import release_all
from services.alerter.outbox.engine import open_store
from services.alerter.outbox.publishing import Outstanding
from services.alerter.policy.matching import compile_subscription
from services.alerter.publishing import Publisher
from services.alerter.reading import Reader
from services.shared.topic_writer import Outgoing
from tests.alerter.fakes import TOPIC, Clock, FakeConsumer, FakeTopics, record_of
from tests.alerter.incidents import incident, subscription

INCIDENTS, REVISIONS = 6, 3
CHANNELS = ("a", "b")
RECORDS = [
    record_of(incident(10**revision, revision, incident_id=f"inc-{number}"), revision * INCIDENTS + number)
    for revision in range(1, REVISIONS + 1)
    for number in range(INCIDENTS)
]


class Steps:
    """Counts steps, and ends this process at the last of its life."""

    def __init__(self, last: int) -> None:
        self._left = last

    def __call__(self, *_: object) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class Channel(FileSender):
    """A file channel that takes a step before and after it writes."""

    def __init__(self, path: Path, step: Steps) -> None:
        super().__init__(path)
        self._step = step

    async def send(self, message: OutgoingMessage) -> ChannelAnswer:
        self._step()
        answer = await super().send(message)
        self._step()
        return answer


class Topics(FakeTopics):
    """A broker whose topics are files."""

    def __init__(self, folder: Path, step: Steps) -> None:
        super().__init__()
        self._folder, self._step = folder, step

    async def write_all(self, messages: Sequence[Outgoing]) -> list[RecordMetadata | Exception]:
        answers: list[RecordMetadata | Exception] = []
        for message in messages:
            self._step()
            with (self._folder / f"{message.topic}.jsonl").open("ab") as topic:
                topic.write((message.value or b"") + b"\n")
            answers += await super().write_all([message])
            self._step()
        return answers


async def main(folder: Path, last_step: int) -> None:
    step = Steps(last_step)
    store = await open_store(f"sqlite:///{folder}/alerter.db")
    async with store.transaction() as connection:
        await release_all(connection, Clock()())
    event.listen(store.engine.sync_engine, "before_cursor_execute", step)
    event.listen(store.engine.sync_engine, "commit", step)
    topics, clock, stop = Topics(folder, step), Clock(), asyncio.Event()
    channels = {name: Channel(folder / f"channel-{name}.jsonl", step) for name in CHANNELS}
    subscriptions = [compile_subscription(subscription(name=f"all-{name}", channel=name)) for name in CHANNELS]
    consumer = FakeConsumer(RECORDS)

    def finished(found: Outstanding) -> None:
        if consumer.drained.is_set() and found.pending == 0:
            stop.set()

    publisher = Publisher(store, topics, "", clock, refreshed=finished)
    deliverer = Deliverer(store, channels, clock, attempted=lambda attempt: publisher.wake())
    reader = Reader(store, consumer, topics, Audience(subscriptions), clock, 5, taking=deliverer.taking)
    await asyncio.gather(reader.run(TOPIC, stop), deliverer.run(stop), publisher.run(stop))
    await deliverer.finish(5)
    for channel in channels.values():
        await channel.close()
    await store.close()


def told(path: Path) -> list[Alert]:
    """The alerts in a channel's file or a topic's, without a line that was cut short."""
    alerts = []
    for line in path.read_bytes().splitlines():
        try:
            alerts.append(Alert.model_validate_json(line))
        except ValueError:
            continue
    return alerts


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
