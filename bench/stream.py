"""How fast the processor's loop is against stock Faust, on real Apache Kafka, in one run.

    python -m bench.stream [--messages 30000] [--bytes 3000] [--rounds 3]

Each round writes a backlog for each worker, starts the worker on it, and takes the rate from the first output that
appears on the output topic to the last. Extraction is replaced by a copy with one output per message, so that the loop
and its delivery are all that is timed. The workers take turns, and the ratio is taken pair by pair.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from rich.console import Console
from rich.table import Table

from services.shared.settings import load_settings
from services.shared.topic_admin import apply_topics
from services.shared.topics import ARTICLES, DELIVERIES, Topic, changelog_of, declared_topics
from tools.kafka_server.broker import start_broker, stop_broker

PARTITIONS = 4
TIMEOUT_SECONDS = 300.0
console = Console()


async def backlog(servers: str, prefix: str, messages: int, size: int) -> None:
    """Fresh topics, and `messages` messages of `size` bytes on the one that is read."""
    settings = load_settings(kafka_bootstrap_servers=servers, topic_prefix=prefix)
    await apply_topics(settings, [_narrow(topic, prefix) for topic in declared_topics(prefix)])
    producer = AIOKafkaProducer(bootstrap_servers=servers, linger_ms=20, max_batch_size=1 << 20)
    await producer.start()
    value = b"x" * size
    for start in range(0, messages, 2000):
        sends = [
            await producer.send(prefix + ARTICLES, value, key=str(number).encode())
            for number in range(start, min(start + 2000, messages))
        ]
        await asyncio.gather(*sends)
    await producer.stop()


def _narrow(topic: Topic, prefix: str) -> Topic:
    partitions = 1 if topic.name == changelog_of(prefix) else min(topic.partitions, PARTITIONS)
    return Topic(topic.name, partitions, topic.retention_ms, topic.max_message_bytes)


async def rate(servers: str, prefix: str, worker: str, messages: int) -> float:
    """Messages a second of `worker` on the backlog of `prefix`, from its first output to its last."""
    environment = os.environ | {
        "KAFKA_BOOTSTRAP_SERVERS": servers, "TOCSIN_TOPIC_PREFIX": prefix, "TOCSIN_LOG_LEVEL": "error",
    }  # fmt: skip
    consumer = AIOKafkaConsumer(bootstrap_servers=servers)
    await consumer.start()
    partitions = [TopicPartition(prefix + DELIVERIES, number) for number in range(PARTITIONS)]
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(  # noqa: ASYNC220 - a moment, once
            [sys.executable, "-m", "bench.workers", worker],
            env=environment | {"PYTHONPATH": str(Path.cwd())},
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL if worker == "stock" else None,
        )
        try:
            first: tuple[float, int] | None = None
            limit = time.monotonic() + TIMEOUT_SECONDS
            while time.monotonic() < limit:
                written = sum((await consumer.end_offsets(partitions)).values())
                now = time.monotonic()
                if written and first is None:
                    first = (now, written)
                if first is not None and written >= messages:
                    return (written - first[1]) / (now - first[0])
                if process.poll() is not None:
                    sys.exit(f"the worker {worker} ended with exit code {process.returncode}")
                await asyncio.sleep(0.02)
            sys.exit(f"the worker {worker} has not finished within {TIMEOUT_SECONDS:.0f} s")
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            await consumer.stop()


async def measure(servers: str, messages: int, size: int, rounds: int) -> float:
    """Print the rates and return the median of the ratios."""
    table = Table("round", "stock Faust, messages/s", "Tocsin, messages/s", "ratio", title=f"{messages} x {size} bytes")
    ratios = []
    for number in range(1, rounds + 1):
        rates = {}
        for worker in ("stock", "ours") if number % 2 else ("ours", "stock"):
            prefix = f"bench-{uuid.uuid4().hex[:8]}-"
            await backlog(servers, prefix, messages, size)
            rates[worker] = await rate(servers, prefix, worker, messages)
            console.print(f"round {number}: {worker} {rates[worker]:.0f}/s")
        ratios.append(rates["ours"] / rates["stock"])
        table.add_row(str(number), f"{rates['stock']:.0f}", f"{rates['ours']:.0f}", f"{ratios[-1]:.2f}")
    console.print(table)
    console.print(f"median ratio {statistics.median(ratios):.2f}, range {min(ratios):.2f} to {max(ratios):.2f}")
    return statistics.median(ratios)


def main() -> None:
    """Run on the Kafka that KAFKA_BOOTSTRAP_SERVERS names, or on one of our own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=30_000)
    parser.add_argument("--bytes", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    servers = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    broker = None if servers else start_broker(Path(tempfile.mkdtemp(prefix="tocsin-bench-")))
    try:
        asyncio.run(measure(servers or broker.bootstrap, options.messages, options.bytes, options.rounds))
    finally:
        if broker:
            stop_broker(broker)


if __name__ == "__main__":
    main()
