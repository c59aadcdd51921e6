"""A broker with the topics of one test, and workers on it."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aiokafka import AIOKafkaConsumer

from services.shared.kafka import new_consumer, new_producer, partitions_of
from services.shared.settings import Settings, environment_of
from services.shared.topics import ARTICLES

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60.0


@dataclass
class Cluster:
    """Everything a test of the running processor needs; `close` ends its workers."""

    settings: Settings
    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def begun(self) -> Path:
        """Exists once a worker has begun a slow record."""
        return self.folder / "begun"

    @property
    def held(self) -> Path:
        """While it exists, a slow record is not finished."""
        return self.folder / "held"

    def start_worker(self, *command: str) -> subprocess.Popen[bytes]:
        """The copying worker, or `python -m <command>`."""
        environment = environment_of(self.settings) | {
            "BEGUN": str(self.begun), "HELD": str(self.held), "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        log = (self.folder / f"worker-{len(self.workers)}.log").open("wb")
        worker = subprocess.Popen(
            [sys.executable, "-m", *(command or ("tests.processor.copying_worker",))],
            env=environment,
            stdout=log,
            stderr=log,
            cwd=ROOT,
        )
        log.close()
        self.workers.append(worker)
        return worker

    def close(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
            worker.wait()

    def logs(self) -> str:
        """What the workers said, for a failing test to show."""
        return "\n".join(path.read_text()[-3000:] for path in sorted(self.folder.glob("worker-*.log")))

    async def publish(self, values: Sequence[bytes], topic: str = ARTICLES, partition: int | None = None) -> None:
        producer = new_producer(self.settings, "test")
        await producer.start()
        name = self.settings.topic_prefix + topic
        sends = [await producer.send(name, value, key=b"%d" % n, partition=partition) for n, value in enumerate(values)]
        await asyncio.gather(*sends)
        await producer.stop()

    async def read(self, topic: str, at_least: int, *, repeats: bool = False) -> list[bytes]:
        """Values on `topic`, once there are so many (where `repeats`, the same one counts each time); fails when they
        do not come."""
        consumer: AIOKafkaConsumer = new_consumer(self.settings, group_id=None)
        await consumer.start()
        consumer.assign(partitions_of(self.settings, [topic]))
        await consumer.seek_to_beginning()
        values: list[bytes] = []
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while len(values if repeats else set(values)) < at_least:
                    batches = await consumer.getmany(timeout_ms=200)
                    values += [record.value for batch in batches.values() for record in batch]
        except TimeoutError:
            raise AssertionError(f"{len(set(values))} of {at_least} on {topic}\n{self.logs()}") from None
        finally:
            await consumer.stop()
        return values


async def until_exists(path: Path) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not path.exists():
            await asyncio.sleep(0.02)


async def ended(worker: subprocess.Popen[bytes], signal_number: signal.Signals | None = None) -> int:
    """Send `signal_number`, wait until the worker has ended, and give its exit code."""
    if signal_number is not None:
        worker.send_signal(signal_number)
    return await asyncio.to_thread(worker.wait, PATIENCE_SECONDS)
